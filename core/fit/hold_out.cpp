// SPDX-License-Identifier: Apache-2.0
#include "core/fit/hold_out.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/fit/budgets.h"

namespace isoflop {
namespace {

constexpr double kBudgetTolerance = 0.1;     // decades
constexpr std::size_t kRunsOfABudget = 4;    // where runs lie scattered about the budgets
constexpr std::uint64_t kFoldStream = 1000;  // of the random numbers

// The smallest size of the n-th largest budget.
Result<double> budget_threshold(std::span<const double> size, int budgets) {
  if (budgets < 1) return invalid_argument("at least one budget is to be left out", "hold_out");
  auto groups = group_budgets(size, kBudgetTolerance, kRunsOfABudget).runs;
  std::erase_if(groups, [](const auto& runs) { return runs.size() < kRunsOfABudget; });
  if (groups.size() < 2) groups = group_budgets(size, kBudgetTolerance, 1).runs;
  const auto count = static_cast<std::size_t>(budgets);
  if (count >= groups.size())
    return invalid_argument("the runs have " + std::to_string(groups.size()) +
                                (groups.size() == 1 ? " budget" : " budgets") + ": leaving out the " +
                                std::to_string(budgets) + " largest leaves nothing to fit. Leave out fewer, or a share",
                            "hold_out");
  const auto& first = groups[groups.size() - count];
  double threshold = size[first.front()];
  for (const std::size_t i : first) threshold = std::min(threshold, size[i]);
  return threshold;
}

Result<double> share_threshold(std::span<const double> size, double share) {
  if (!(share > 0 && share < 1))
    return invalid_argument("the share of runs left out is " + format_number(share) + "; it must lie between 0 and 1",
                            "hold_out");
  std::vector<double> sorted(size.begin(), size.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const auto count = static_cast<std::size_t>(std::llround(share * static_cast<double>(sorted.size())));
  return sorted[std::clamp<std::size_t>(count, 1, sorted.size()) - 1];
}

}  // namespace

Result<std::vector<char>> choose_held_out(std::span<const double> size, const HoldOut& hold_out) {
  std::vector<char> left_out(size.size(), 0);
  if (hold_out.kind == HoldOut::Kind::kNone) return left_out;
  for (const double x : size)
    if (!(x > 0) || !std::isfinite(x))
      return invalid_argument("a run has the size " + format_number(x) +
                                  "; to leave out the largest runs, sizes must " + "be positive numbers",
                              "hold_out");
  double threshold = hold_out.above;
  if (hold_out.kind == HoldOut::Kind::kThreshold) {
    if (!(threshold > 0))
      return invalid_argument("the size above which runs are left out must be positive", "hold_out");
  } else {
    const auto found = hold_out.kind == HoldOut::Kind::kBudgets ? budget_threshold(size, hold_out.budgets)
                                                                : share_threshold(size, hold_out.share);
    if (!found) return found.error();
    threshold = *found;
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < size.size(); ++i) count += left_out[i] = size[i] >= threshold;
  if (count == 0 || count == size.size())
    return invalid_argument("leaving out the runs of size " + format_number(threshold) + " or more leaves out " +
                                (count == 0 ? "none" : "all") + " of the " + std::to_string(size.size()) + " runs",
                            "hold_out");
  return left_out;
}

Result<std::vector<int>> assign_folds(std::span<const double> size, std::span<const std::size_t> clusters, int folds,
                                      std::uint64_t seed) {
  if (folds < 2) return invalid_argument("cross-validation needs at least two folds", "folds");
  // Clusters by size of their largest run.
  std::map<std::size_t, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < size.size(); ++i) members[clusters.empty() ? i : clusters[i]].push_back(i);
  std::vector<std::pair<double, const std::vector<std::size_t>*>> order;
  for (const auto& [cluster, runs] : members) {
    double largest = size[runs.front()];
    for (const std::size_t i : runs) largest = std::max(largest, size[i]);
    order.emplace_back(largest, &runs);
  }
  if (order.size() < 2)
    return invalid_argument(
        "cross-validation needs at least two " + std::string(clusters.empty() ? "runs" : "clusters"), "folds");
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  const auto k = std::min(static_cast<std::size_t>(folds), order.size());
  std::vector<int> deck(k), fold(size.size(), 0);
  Philox random(seed, kFoldStream);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % k == 0) {
      std::iota(deck.begin(), deck.end(), 0);
      for (std::size_t j = k; j > 1; --j) std::swap(deck[j - 1], deck[random.below(static_cast<std::uint32_t>(j))]);
    }
    for (const std::size_t run : *order[i].second) fold[run] = deck[i % k];
  }
  return fold;
}

}  // namespace isoflop
