// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace isoflop {

// Runs by compute budget: indices of the runs of each, by increasing budget, and of those that belong to none.
struct BudgetGroups {
  std::vector<std::vector<std::size_t>> runs;
  std::vector<std::size_t> between;
};

// Groups runs whose log10 C differ by at most `tolerance` decades: a wider gap separates budgets, and where runs
// without such a gap spread over more than the tolerance, the fullest windows of that width are budgets if they hold
// `smallest` runs, and the runs between them belong to none. FLOP must be positive.
BudgetGroups group_budgets(std::span<const double> flops, double tolerance, std::size_t smallest);

}  // namespace isoflop
