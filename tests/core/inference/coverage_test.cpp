// SPDX-License-Identifier: Apache-2.0
#include "core/inference/coverage.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "core/base/random.h"

namespace isoflop {
namespace {

// The share of the subsets of k among n samples that hold none of the c correct ones, by counting them all.
double pass_by_counting(int n, int c, int k) {
  int subsets = 0, with_one = 0;
  for (unsigned mask = 0; mask < (1u << n); ++mask) {
    if (std::popcount(mask) != k) continue;
    ++subsets;
    if ((mask & ((1u << c) - 1)) != 0) ++with_one;
  }
  return static_cast<double>(with_one) / subsets;
}

TEST(PassAtK, IsTheShareOfSubsetsThatHoldASuccess) {
  for (int n = 1; n <= 9; ++n)
    for (int c = 0; c <= n; ++c)
      for (int k = 1; k <= n; ++k)
        EXPECT_NEAR(pass_at_k({n, c}, k), pass_by_counting(n, c, k), 1e-14) << n << " " << c << " " << k;
}

TEST(PassAtK, KeepsItsDigitsForManySamples) {
  // One success: exactly k / n.
  EXPECT_NEAR(pass_at_k({1'000'000'000, 1}, 7) * 1e9 / 7, 1, 1e-14);
  EXPECT_NEAR(pass_at_k({1'000'000, 1}, 999'999), 0.999999, 1e-15);
  // Two: 1 - (n-k)(n-k-1) / (n (n-1)).
  const double n = 3e6, k = 1e4;
  EXPECT_NEAR(pass_at_k({3'000'000, 2}, 10'000) / (1 - (n - k) * (n - k - 1) / (n * (n - 1))), 1, 1e-12);
  EXPECT_EQ(pass_at_k({10, 0}, 10), 0);
  EXPECT_EQ(pass_at_k({10, 4}, 7), 1);
}

TEST(PassAtK, IsUnbiased) {
  // The mean over many draws of c from a binomial is 1 - (1-p)^k; the plug-in 1 - (1 - c/n)^k is not.
  const double p = 0.02;
  const int n = 40, k = 20, draws = 40'000;
  double mean = 0, square = 0, plug_in = 0;
  for (int i = 0; i < draws; ++i) {
    Philox random(11, static_cast<std::uint64_t>(i));
    int c = 0;
    for (int j = 0; j < n; ++j) c += random.uniform() < p ? 1 : 0;
    const double pass = pass_at_k({n, c}, k);
    mean += pass / draws;
    square += pass * pass / draws;
    plug_in += (1 - std::pow(1 - static_cast<double>(c) / n, k)) / draws;
  }
  const double truth = 1 - std::pow(1 - p, k), error = std::sqrt((square - mean * mean) / draws);
  EXPECT_NEAR(mean, truth, 4 * error);
  EXPECT_GT(std::abs(plug_in - truth), 6 * error);
}

TEST(Coverage, RecoversTheLawItWasMadeFrom) {
  std::vector<double> k, c;
  for (double x = 1; x < 20'000; x *= 2) {
    k.push_back(x);
    c.push_back(std::exp(-2.3 * std::pow(x, -0.41)));
  }
  const auto law = fit_coverage(k, c);
  ASSERT_TRUE(law.ok());
  EXPECT_NEAR(law->a, -2.3, 1e-7);
  EXPECT_NEAR(law->b, -0.41, 1e-7);
  EXPECT_LT(law->rmse_log, 1e-8);
}

// Chances of success with a tail x^(shape - 1) at 0 (a beta distribution with second parameter 1), for which the mean
// of (1-p)^k falls as k^-shape (Schaeffer et al. 2025, arXiv:2502.17578).
std::vector<ProblemCount> heavy_tailed(double shape, int problems, int samples, std::uint64_t seed) {
  std::vector<ProblemCount> counts;
  for (int i = 0; i < problems; ++i) {
    Philox random(seed, static_cast<std::uint64_t>(i));
    const double p = std::pow(random.uniform(), 1 / shape);
    int c = 0;
    for (int j = 0; j < samples; ++j) c += random.uniform() < p ? 1 : 0;
    counts.push_back({samples, c});
  }
  return counts;
}

TEST(Coverage, IntervalsFromResampledProblemsHoldTheTruth) {
  const double shape = 0.4;
  // E[(1-p)^k] for p ~ Beta(shape, 1): Gamma(shape+1) Gamma(k+1) / Gamma(shape+k+1).
  const auto truth = [&](double k) {
    return 1 - std::exp(std::lgamma(shape + 1) + std::lgamma(k + 1) - std::lgamma(shape + k + 1));
  };
  int held = 0, seen = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto problems = heavy_tailed(shape, 150, 64, seed);
    const auto analysis = analyse_coverage(problems, {.ks = {1, 8, 32}, .resamples = 300, .seed = seed});
    ASSERT_TRUE(analysis.ok());
    for (const CoveragePoint& point : analysis->measured) {
      held += point.interval.lower <= truth(point.k) && truth(point.k) <= point.interval.upper ? 1 : 0;
      ++seen;
    }
  }
  // 95% nominal; 180 correlated trials leave a standard error of about .025.
  EXPECT_GT(static_cast<double>(held) / seen, 0.87);
  EXPECT_LT(static_cast<double>(held) / seen, 0.995);
}

TEST(Coverage, ExponentIsThatOfTheTailOfDifficulty) {
  // -log c(k) ~ k^-shape once c is near to 1, so only large k are asked; what is left of the bend is below .01, and the
  // 4,000 problems give b a standard error of about .015.
  const auto analysis = analyse_coverage(heavy_tailed(0.4, 4000, 2000, 5),
                                         {.ks = {64, 128, 256, 512, 1024, 2000}, .predict = {1e5}, .resamples = 200});
  ASSERT_TRUE(analysis.ok());
  EXPECT_NEAR(analysis->law.b, -0.4, 0.05);
  EXPECT_LT(analysis->b.lower, analysis->law.b);
  EXPECT_GT(analysis->b.upper, analysis->law.b);
  EXPECT_EQ(analysis->predicted.front().coverage, coverage_at(analysis->law, 1e5));
  EXPECT_GT(analysis->predicted.front().coverage, analysis->measured.back().coverage);
}

TEST(Coverage, IsTheSameForAnyNumberOfThreads) {
  const auto problems = heavy_tailed(0.5, 100, 100, 3);
  const auto one = analyse_coverage(problems, {.resamples = 64, .seed = 9, .threads = 1});
  const auto four = analyse_coverage(problems, {.resamples = 64, .seed = 9, .threads = 4});
  ASSERT_TRUE(one.ok() && four.ok());
  EXPECT_EQ(one->a.lower, four->a.lower);
  EXPECT_EQ(one->measured[3].interval.upper, four->measured[3].interval.upper);
}

TEST(Coverage, SaysWhatIsWrong) {
  EXPECT_EQ(analyse_coverage({}).error().where.parameter, "problems");
  const ProblemCount impossible[] = {{10, 11}};
  EXPECT_EQ(analyse_coverage(impossible).error().where.parameter, "correct");
  const ProblemCount few[] = {{10, 2}, {5, 1}};
  EXPECT_EQ(analyse_coverage(few, {.ks = {6}}).error().where.parameter, "k");
  const ProblemCount never[] = {{10, 0}, {5, 0}};
  EXPECT_EQ(analyse_coverage(never).error().where.parameter, "coverage");
}

}  // namespace
}  // namespace isoflop
