// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fitting.h"

namespace isoflop::test {

// A table of used rows from columns by role.
inline RunTable table_of(const std::vector<std::pair<std::string, std::vector<double>>>& columns) {
  RunTable table;
  table.source = "made up";
  table.content_hash = "made up";
  for (const auto& [role, values] : columns)
    table.columns.push_back(Column{.name = role, .role = role, .values = values, .derived = {}});
  const std::size_t rows = columns.front().second.size();
  for (std::size_t i = 0; i < rows; ++i) table.lines.push_back(static_cast<long>(i) + 2);
  table.state.assign(rows, RowState::kUsed);
  table.reason.assign(rows, "");
  return table;
}

// params, tokens, flops and loss of runs that follow a law of params and tokens.
inline RunTable isoflop_table(const Law& law, const std::vector<double>& theta, int budgets, int sizes, double noise,
                              std::uint64_t seed) {
  const Observations runs = simulate(law, theta, isoflop_grid(budgets, sizes), noise, seed);
  std::vector<double> flops;
  for (std::size_t i = 0; i < runs.size(); ++i) flops.push_back(6 * runs.columns[0][i] * runs.columns[1][i]);
  return table_of(
      {{"params", runs.columns[0]}, {"tokens", runs.columns[1]}, {"flops", flops}, {"loss", runs.response}});
}

inline Law formula_law(const std::string& formula, const std::vector<std::string>& columns = {}) {
  auto law = law_from_formula(formula, columns);
  EXPECT_TRUE(law) << (law ? "" : law.error().to_string());
  return *std::move(law);
}

}  // namespace isoflop::test
