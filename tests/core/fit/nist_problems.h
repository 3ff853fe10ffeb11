// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/laws/law.h"
#include "core/runs/csv.h"
#include "core/runs/mapping.h"
#include "core/runs/observations.h"

namespace isoflop::test {

// A problem of NIST's Statistical Reference Datasets, as nist/README.md describes its file.
struct NistProblem {
  std::string name, formula, response;
  double squares = 0;  // certified
  std::vector<std::string> parameters;
  std::map<std::string, double> start[2], certified;
  RunTable table;

  std::vector<std::string> columns() const {
    std::vector<std::string> names;
    for (const Column& column : table.columns) names.push_back(column.name);
    return names;
  }
  // The law that the formula is when a user types it, with these starts.
  Law law(const std::map<std::string, double>& values) const {
    Law made = law_from_formula(formula, columns(), values).value();
    made.response = response;
    return made;
  }
  Observations runs(const Law& of) const { return observe(table, of.roles(), of.response).value(); }
};

inline NistProblem read_nist_problem(const std::filesystem::path& path) {
  NistProblem problem;
  Mapping mapping;
  const std::string text = read_file(path).value();
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line) && line != "data") {
    const std::size_t blank = line.find(' ');
    const std::string key = line.substr(0, blank), value = line.substr(blank + 1);
    if (key == "problem") problem.name = value;
    if (key == "formula") problem.formula = value;
    if (key == "response") problem.response = value;
    if (key == "derive") mapping.derive.push_back(value);
    if (key == "squares") problem.squares = std::stod(value);
    if (key != "parameter") continue;
    std::istringstream fields(value);
    std::string name, first, second, certified;
    fields >> name >> first >> second >> certified;
    problem.parameters.push_back(name);
    problem.start[0][name] = std::stod(first);
    problem.start[1][name] = std::stod(second);
    problem.certified[name] = std::stod(certified);
  }
  problem.table = parse_csv(text.substr(static_cast<std::size_t>(lines.tellg()))).value();
  if (auto status = apply_mapping(problem.table, mapping); !status) throw status.error();
  return problem;
}

inline std::vector<NistProblem> read_nist_problems() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(ISOFLOP_SOURCE_DIR) / "tests/core/fit/nist"))
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<NistProblem> problems;
  for (const auto& path : paths) problems.push_back(read_nist_problem(path));
  return problems;
}

// Log relative error: the number of agreeing digits, from 0 to the 11 that NIST gives.
inline double log_relative_error(double value, double certified) {
  if (!std::isfinite(value)) return 0;
  const double error = std::abs(value - certified) / std::abs(certified);
  return error > 0 ? std::clamp(-std::log10(error), 0.0, 11.0) : 11.0;
}

}  // namespace isoflop::test
