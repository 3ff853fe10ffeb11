// SPDX-License-Identifier: Apache-2.0
#include "core/inference/sampling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"

namespace isoflop {
namespace {

SamplingProblem random_problem(std::uint64_t seed, std::size_t problems, std::size_t configurations, double budget) {
  SamplingProblem problem{.problems = problems, .configurations = configurations, .budget = budget};
  Philox random(seed, 0);
  // Skills that differ by problem: powers of uniform numbers are mostly small, some large.
  for (std::size_t i = 0; i < problems * configurations; ++i) problem.success.push_back(std::pow(random.uniform(), 4));
  for (std::size_t j = 0; j < configurations; ++j) problem.costs.push_back(j == 0 ? 1 : 0.5 + 2 * random.uniform());
  return problem;
}

TEST(Sampling, HillClimbingComesWithinOnePerCentOfTheOptimumOfSmallCases) {
  int exact = 0;
  double worst = 0;
  constexpr int kCases = 60;
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    const SamplingProblem problem = random_problem(seed, 5, 3, 12);
    const auto climbed = allocate_samples(problem);
    const auto optimum = allocate_samples_exactly(problem);
    ASSERT_TRUE(climbed.ok() && optimum.ok());
    EXPECT_LE(climbed->solved, optimum->solved + 1e-12);
    EXPECT_LE(climbed->cost, problem.budget * (1 + 1e-9));
    EXPECT_NEAR(solved_share(problem, climbed->samples), climbed->solved, 1e-12);
    worst = std::max(worst, 1 - climbed->solved / optimum->solved);
    exact += climbed->solved > optimum->solved - 1e-12 ? 1 : 0;
  }
  EXPECT_LT(worst, 0.01);
  EXPECT_GE(exact, kCases / 2);
}

TEST(Sampling, WithEqualCostsNearlyAllAreExact) {
  int exact = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SamplingProblem problem = random_problem(seed, 6, 3, 10);
    problem.costs.assign(3, 1.0);
    const auto climbed = allocate_samples(problem);
    const auto optimum = allocate_samples_exactly(problem);
    ASSERT_TRUE(climbed.ok() && optimum.ok());
    exact += climbed->solved > optimum->solved - 1e-12 ? 1 : 0;
  }
  EXPECT_GE(exact, 38);
}

TEST(Sampling, MixesConfigurationsThatSolveDifferentProblems) {
  // Each solves half of the problems; the best alone leaves the others unsolved.
  const SamplingProblem problem{
      .problems = 2, .configurations = 2, .success = {0.5, 0, 0, 0.5}, .costs = {1, 1}, .budget = 10};
  const auto mixed = allocate_samples(problem);
  ASSERT_TRUE(mixed.ok());
  EXPECT_EQ(mixed->samples, (std::vector<std::int64_t>{5, 5}));
  EXPECT_NEAR(mixed->solved, 1 - std::pow(0.5, 5), 1e-15);
  EXPECT_NEAR(best_single_configuration(problem)->solved, 0.5 * (1 - std::pow(0.5, 10)), 1e-15);
}

TEST(Sampling, TheShareSolvedIsThatOfSimulatedSampling) {
  const SamplingProblem problem = random_problem(8, 4, 2, 0);
  const std::vector<std::int64_t> samples{3, 2};
  constexpr int kPlays = 40'000;
  double solved = 0;
  for (int play = 0; play < kPlays; ++play) {
    Philox random(21, static_cast<std::uint64_t>(play));
    for (std::size_t i = 0; i < problem.problems; ++i) {
      bool any = false;
      for (std::size_t j = 0; j < 2; ++j)
        for (std::int64_t s = 0; s < samples[j]; ++s) any |= random.uniform() < problem.success[i * 2 + j];
      solved += any ? 1.0 / 4 : 0;
    }
  }
  EXPECT_NEAR(solved / kPlays, solved_share(problem, samples), 4 * 0.25 / std::sqrt(kPlays));
}

TEST(Sampling, SureAndImpossibleProblemsDoNoHarm) {
  const SamplingProblem problem{
      .problems = 3, .configurations = 2, .success = {1, 0, 0, 0, 0.2, 0.3}, .costs = {1, 1}, .budget = 6};
  const auto climbed = allocate_samples(problem);
  const auto optimum = allocate_samples_exactly(problem);
  ASSERT_TRUE(climbed.ok() && optimum.ok());
  EXPECT_NEAR(climbed->solved, optimum->solved, 1e-15);
  EXPECT_EQ(optimum->samples, (std::vector<std::int64_t>{1, 5}));
}

TEST(Sampling, SaysWhatIsWrong) {
  SamplingProblem problem = random_problem(1, 2, 2, 4);
  problem.costs[1] = 0;
  EXPECT_EQ(allocate_samples(problem).error().where.parameter, "cost");
  problem = random_problem(1, 2, 2, 4);
  problem.success[0] = 1.5;
  EXPECT_EQ(allocate_samples(problem).error().where.parameter, "success");
  EXPECT_EQ(allocate_samples(random_problem(1, 2, 2, 1e9)).error().where.parameter, "budget");
  EXPECT_EQ(allocate_samples_exactly(random_problem(1, 2, 8, 100)).error().where.parameter, "budget");
}

}  // namespace
}  // namespace isoflop
