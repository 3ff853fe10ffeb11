// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/runs/mapping.h"

namespace isoflop::cli {

// RUNS and how to read them: --map, --derive, --exclude, --count, --dimension.
struct RunsOptions {
  std::string path;
  std::vector<std::string> map, derive, exclude, count, dimensions;

  void add_to(CLI::App& app);          // with the positional RUNS
  void add_mapping_to(CLI::App& app);  // without

  Mapping mapping() const;  // throws UsageError
  Result<RunTable> load() const;
};

// Where a table comes from and what was done to it: file, hash, rows, exclusions with reasons, mapping, derived
// columns.
nlohmann::ordered_json runs_provenance(const RunTable& table);

// One line for people: "240 of 245 runs of FILE (5 excluded: CONDITION)".
std::string describe_runs(const RunTable& table, std::size_t used);

// Says on stderr what the user should know about the file.
void report_problems(const RunTable& table);

}  // namespace isoflop::cli
