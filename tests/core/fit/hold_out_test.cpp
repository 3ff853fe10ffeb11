// SPDX-License-Identifier: Apache-2.0
#include "core/fit/hold_out.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace isoflop {
namespace {

using ::testing::HasSubstr;

// Four budgets of five runs that spread by 2%.
std::vector<double> four_budgets() {
  std::vector<double> size;
  for (const double budget : {1e19, 3e18, 3e19, 1e20})
    for (int i = 0; i < 5; ++i) size.push_back(budget * (1 + 0.005 * i));
  return size;
}

std::size_t count(const std::vector<char>& chosen) {
  return static_cast<std::size_t>(std::count(chosen.begin(), chosen.end(), char{1}));
}

TEST(ChooseHeldOut, LeavesOutWholeBudgetsFromTheLargest) {
  const auto size = four_budgets();
  const auto chosen = choose_held_out(size, {.kind = HoldOut::Kind::kBudgets, .budgets = 2});
  ASSERT_TRUE(chosen) << chosen.error().to_string();
  for (std::size_t i = 0; i < size.size(); ++i) EXPECT_EQ((*chosen)[i] != 0, size[i] > 2e19) << size[i];
  const auto all = choose_held_out(size, {.kind = HoldOut::Kind::kBudgets, .budgets = 4});
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().message, HasSubstr("4 budgets"));
}

TEST(ChooseHeldOut, RunsScatteredAboveTheBudgetsAreNoBudgets) {
  auto size = four_budgets();
  size.push_back(4e20);
  size.push_back(9e20);
  const auto chosen = choose_held_out(size, {.kind = HoldOut::Kind::kBudgets, .budgets = 1});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(count(*chosen), 7u);  // the largest budget and what lies above it
}

TEST(ChooseHeldOut, LeavesOutAShareAndKeepsEqualSizesTogether) {
  const std::vector<double> size = {5, 5, 5, 1, 2, 3, 4, 5, 5, 6};
  EXPECT_EQ(count(*choose_held_out(size, {.kind = HoldOut::Kind::kShare, .share = 0.1})), 1u);
  EXPECT_EQ(count(*choose_held_out(size, {.kind = HoldOut::Kind::kShare, .share = 0.2})), 6u);
  EXPECT_EQ(count(*choose_held_out(size, {.kind = HoldOut::Kind::kThreshold, .above = 4})), 7u);
  EXPECT_EQ(count(*choose_held_out(size, {.kind = HoldOut::Kind::kNone})), 0u);
}

TEST(ChooseHeldOut, RefusesWhatLeavesNothingOnOneSide) {
  const std::vector<double> size = {1, 2, 3, 4};
  EXPECT_FALSE(choose_held_out(size, {.kind = HoldOut::Kind::kThreshold, .above = 5}));
  EXPECT_FALSE(choose_held_out(size, {.kind = HoldOut::Kind::kThreshold, .above = 1}));
  EXPECT_FALSE(choose_held_out(size, {.kind = HoldOut::Kind::kShare, .share = 1.5}));
  EXPECT_FALSE(choose_held_out(std::vector<double>{1, 0, 3}, {.kind = HoldOut::Kind::kShare}));
  EXPECT_FALSE(choose_held_out(std::vector<double>{2, 2, 2}, {.kind = HoldOut::Kind::kBudgets, .budgets = 1}));
}

TEST(AssignFolds, BalancesFoldsOverSizes) {
  const auto size = four_budgets();
  const auto fold = assign_folds(size, {}, 5, 3);
  ASSERT_TRUE(fold);
  // Every budget has five runs: each fold one of them.
  for (std::size_t b = 0; b < 4; ++b) {
    const std::set<int> seen(fold->begin() + static_cast<std::ptrdiff_t>(5 * b),
                             fold->begin() + static_cast<std::ptrdiff_t>(5 * b + 5));
    EXPECT_EQ(seen.size(), 5u);
  }
  EXPECT_EQ(*fold, *assign_folds(size, {}, 5, 3));
  EXPECT_NE(*fold, *assign_folds(size, {}, 5, 4));
}

TEST(AssignFolds, KeepsClustersTogether) {
  std::vector<double> size;
  std::vector<std::size_t> cluster;
  for (std::size_t i = 0; i < 60; ++i) {
    size.push_back(1.0 + static_cast<double>(i * 7 % 60));
    cluster.push_back(i % 12);
  }
  const auto fold = assign_folds(size, cluster, 4, 0);
  ASSERT_TRUE(fold);
  std::vector<int> of_cluster(12, -1), clusters_in(4, 0);
  for (std::size_t i = 0; i < 60; ++i) {
    int& known = of_cluster[cluster[i]];
    if (known < 0) ++clusters_in[static_cast<std::size_t>((*fold)[i])];
    known = known < 0 ? (*fold)[i] : known;
    EXPECT_EQ(known, (*fold)[i]);
  }
  EXPECT_THAT(clusters_in, testing::Each(3));
  // No more folds than clusters.
  const auto many = assign_folds(size, cluster, 50, 0);
  EXPECT_EQ(*std::max_element(many->begin(), many->end()), 11);
  EXPECT_FALSE(assign_folds(size, cluster, 1, 0));
  EXPECT_FALSE(assign_folds(std::vector<double>{1}, {}, 2, 0));
}

}  // namespace
}  // namespace isoflop
