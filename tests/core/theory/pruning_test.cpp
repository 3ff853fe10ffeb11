// SPDX-License-Identifier: Apache-2.0
#include "core/theory/pruning.h"

#include <gtest/gtest.h>

#include <cmath>

namespace isoflop {
namespace {

double mean_error(PruningPlan plan, int draws) {
  double sum = 0;
  for (int i = 0; i < draws; ++i) {
    plan.stream = static_cast<std::uint64_t>(i);
    sum += pruned_error(plan);
  }
  return sum / draws;
}

TEST(Pruning, HardSamplesAreWorthKeepingWhereThereArePlentyAndEasyOnesWhereThereAreFew) {
  PruningPlan plenty{.dimensions = 60, .pool = 24, .kept = 0.2};
  PruningPlan few{.dimensions = 60, .pool = 1.5, .kept = 0.4};
  const auto with = [](PruningPlan plan, Selection selection, int draws) {
    plan.selection = selection;
    return mean_error(plan, draws);
  };
  const double hard = with(plenty, Selection::kHard, 6), random = with(plenty, Selection::kRandom, 6),
               easy = with(plenty, Selection::kEasy, 6);
  EXPECT_LT(hard, 0.85 * random);
  EXPECT_LT(hard, 0.7 * easy);
  EXPECT_LT(with(few, Selection::kEasy, 30), 0.9 * with(few, Selection::kRandom, 30));
  EXPECT_LT(with(few, Selection::kRandom, 30), 0.9 * with(few, Selection::kHard, 30));
}

TEST(Pruning, ErrorFallsFasterWithTheKeptSamplesWhereTheyAreHard) {
  // Twice the samples kept, chosen from a pool of eight times as many: hard ones beat the 1 / P of random ones.
  const auto error = [](double kept_per_dimension, Selection selection) {
    return mean_error({.dimensions = 50, .pool = 8 * kept_per_dimension, .kept = 0.125, .selection = selection}, 6);
  };
  const double random = error(2, Selection::kRandom) / error(6, Selection::kRandom);
  const double hard = error(2, Selection::kHard) / error(6, Selection::kHard);
  EXPECT_GT(hard, 1.2 * random);
  // The largest margin from random samples errs as about .5 N / P.
  EXPECT_NEAR(error(6, Selection::kRandom) * 6, 0.5, 0.1);
}

TEST(Pruning, AProbeThatKnowsNothingChoosesAtRandom) {
  PruningPlan plan{.dimensions = 60, .pool = 10, .kept = 0.3, .probe_angle = std::acos(0.0)};
  const double blind = mean_error(plan, 20);
  plan.selection = Selection::kRandom;
  EXPECT_NEAR(blind / mean_error(plan, 20), 1, 0.12);
}

TEST(Pruning, SaysWhatIsWrong) {
  EXPECT_EQ(validate({.dimensions = 1}).error().where.parameter, "dimensions");
  EXPECT_EQ(validate({.pool = 0}).error().where.parameter, "pool");
  EXPECT_EQ(validate({.kept = 1.5}).error().where.parameter, "kept");
  EXPECT_EQ(validate({.probe_angle = 3}).error().where.parameter, "probe");
  EXPECT_FALSE(selection_from_name("soft").ok());
}

}  // namespace
}  // namespace isoflop
