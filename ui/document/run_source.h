// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/runs/mapping.h"
#include "core/runs/run_table.h"

namespace isoflop::ui {

// One step in the list that decides which runs are used. Steps apply in order, after the mapping.
struct RowRule {
  enum class Kind { kExcludeWhere, kExcludeRows, kIncludeRows };
  Kind kind = Kind::kExcludeRows;
  std::string condition;          // kExcludeWhere
  std::vector<std::size_t> rows;  // the other kinds, increasing
  std::string reason;             // what the user gave; may be empty for kExcludeWhere
  // Filled in by rebuild():
  std::size_t changed = 0;  // how many runs the step took out or brought back
  std::string error;  // why it could not be applied, e.g. a column that the mapping no longer gives; then it is skipped
  bool operator==(const RowRule&) const = default;
};

// A run table that is open: the file as read, and what the user made of it.
struct RunSource {
  std::filesystem::path path;
  std::string title;                     // shown; the file's name, or what the description beside it says
  std::string origin;                    // what that description says of how the runs came about; may be empty
  std::shared_ptr<const RunTable> file;  // as read, without mapping
  Mapping mapping;                       // `exclude` stays empty: those are rules
  std::vector<RowRule> rules;
  std::shared_ptr<const RunTable> runs;  // mapped, rules applied; null where `error` says why
  std::optional<Error> error;
};

// Reads a file and applies mapping and rules; the mapping's exclusions become rules. A mapping that cannot be applied
// is not an error here: it stands in RunSource::error, and the file can be mapped otherwise. Errors: those of
// read_table.
Result<RunSource> read_source(const std::filesystem::path& path, const Mapping& mapping = {});

// Applies `source.mapping` and `source.rules` to `source.file` again, filling in runs or error and the rules' counts.
void rebuild(RunSource& source);

// What a table still lacks before laws can be fitted to it: roles among params, tokens, flops and loss. With two of
// params, tokens and flops the third follows, so then it is not lacking.
std::vector<std::string> missing_roles(const RunTable& table);

// Rules that take `rows` out of or into use, for the reason given, on top of those there are: rows listed by hand in an
// earlier rule move, and a rule with no rows left goes.
std::vector<RowRule> with_excluded(const RunSource& source, std::span<const std::size_t> rows, std::string_view reason);
std::vector<RowRule> with_included(const RunSource& source, std::span<const std::size_t> rows);

}  // namespace isoflop::ui
