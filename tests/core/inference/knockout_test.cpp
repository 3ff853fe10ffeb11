// SPDX-License-Identifier: Apache-2.0
#include "core/inference/knockout.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/random.h"

namespace isoflop {
namespace {

// Plays the tournament: adjacent pairs, round by round, a last one without a partner going on as it is.
bool winner_is_right(const Knockout& knockout, Philox& random) {
  std::vector<char> field;
  for (std::int64_t i = 0; i < knockout.candidates; ++i) field.push_back(random.uniform() < knockout.p_generate);
  while (field.size() > 1) {
    std::vector<char> next;
    for (std::size_t i = 0; i + 1 < field.size(); i += 2) {
      std::int64_t for_right = 0;
      for (std::int64_t k = 0; k < knockout.comparisons; ++k) for_right += random.uniform() < knockout.p_compare;
      const bool drawn = 2 * for_right == knockout.comparisons;
      const bool right_wins = drawn ? random.uniform() < 0.5 : 2 * for_right > knockout.comparisons;
      next.push_back(field[i] == field[i + 1] ? field[i] : static_cast<char>(right_wins));
    }
    if (field.size() % 2 == 1) next.push_back(field.back());
    field = std::move(next);
  }
  return field.front() != 0;
}

TEST(Knockout, BoundOfTheReference) {
  EXPECT_NEAR(failure_bound({0.1, 0.7, 64, 32}), 0.4650, 5e-5);
}

TEST(Knockout, ProbabilityIsThatOfPlayedTournaments) {
  for (const Knockout& knockout : {Knockout{0.3, 0.6, 8, 3}, Knockout{0.1, 0.7, 16, 4}, Knockout{0.5, 0.55, 4, 1},
                                   Knockout{0.2, 0.4, 8, 5}, Knockout{0.25, 0.8, 2, 2}}) {
    constexpr int kPlays = 20'000;
    int failed = 0;
    for (int i = 0; i < kPlays; ++i) {
      Philox random(3, static_cast<std::uint64_t>(i));
      failed += winner_is_right(knockout, random) ? 0 : 1;
    }
    const double p = failure_probability(knockout);
    EXPECT_NEAR(static_cast<double>(failed) / kPlays, p, 4 * std::sqrt(p * (1 - p) / kPlays)) << knockout.candidates;
  }
}

TEST(Knockout, BoundHolds) {
  for (const double p_generate : {0.05, 0.2, 0.6})
    for (const double p_compare : {0.4, 0.5, 0.55, 0.7, 0.95})
      for (const std::int64_t candidates : {1, 2, 3, 5, 8, 13, 64, 1000})
        for (const std::int64_t comparisons : {1, 2, 5, 32, 200}) {
          const Knockout knockout{p_generate, p_compare, candidates, comparisons};
          EXPECT_LE(failure_probability(knockout), failure_bound(knockout) + 1e-12)
              << p_generate << " " << p_compare << " " << candidates << " " << comparisons;
        }
}

TEST(Knockout, OneCandidateIsRightAsOftenAsItIsGenerated) {
  EXPECT_DOUBLE_EQ(failure_probability({0.3, 0.9, 1, 7}), 0.7);
  EXPECT_DOUBLE_EQ(failure_bound({0.3, 0.9, 1, 7}), 0.7);
  EXPECT_EQ(calls({0.3, 0.9, 1, 7}), 1);
  EXPECT_EQ(calls({0.1, 0.7, 64, 32}), 64 + 63 * 32);
}

TEST(Knockout, NoOtherTournamentOfTheBudgetHasALowerBound) {
  for (const std::int64_t budget : {1, 5, 40, 300, 2112}) {
    const Knockout best = best_knockout(0.1, 0.7, budget);
    EXPECT_LE(best.candidates == 1 ? 1 : best.candidates * (best.comparisons + 1), budget);
    double least = 1;
    for (std::int64_t n = 1; n <= budget; ++n)
      for (std::int64_t k = 1; n == 1 ? k <= 1 : n * (k + 1) <= budget; ++k)
        least = std::min(least, failure_bound({0.1, 0.7, n, k}));
    EXPECT_DOUBLE_EQ(failure_bound(best), least) << budget;
  }
}

TEST(Knockout, SaysWhatIsWrong) {
  EXPECT_EQ(validate({1.1, 0.7, 2, 2}).error().where.parameter, "p_gen");
  EXPECT_EQ(validate({0.1, -0.7, 2, 2}).error().where.parameter, "p_comp");
  EXPECT_EQ(validate({0.1, 0.7, 0, 2}).error().where.parameter, "candidates");
  EXPECT_EQ(validate({0.1, 0.7, 2, 0}).error().where.parameter, "comparisons");
}

}  // namespace
}  // namespace isoflop
