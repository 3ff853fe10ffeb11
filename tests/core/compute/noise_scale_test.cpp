// SPDX-License-Identifier: Apache-2.0
#include "core/compute/noise_scale.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"

namespace isoflop {
namespace {

constexpr int kDimensions = 12;
// Known to the tests alone: G with |G|^2 = 12 * 0.1^2, and a covariance with unequal variances.
double true_gradient(int j) {
  return j % 2 == 0 ? 0.1 : -0.1;
}
double variance(int j) {
  return 0.5 + j;
}
constexpr double kSquaredGradient = kDimensions * 0.01;
constexpr double kTrace = kDimensions * 0.5 + kDimensions * (kDimensions - 1) / 2.0;

// The norm of a gradient averaged over a batch: its mean is G and its covariance Sigma / batch.
double squared_norm(double batch, Philox& random) {
  double sum = 0;
  for (int j = 0; j < kDimensions; ++j) {
    const double g = true_gradient(j) + std::sqrt(variance(j) / batch) * random.normal();
    sum += g * g;
  }
  return sum;
}

GradientNorms simulated(double small, double big, int steps, std::uint64_t seed) {
  GradientNorms norms{.small_batch = small, .big_batch = big};
  for (int i = 0; i < steps; ++i) {
    Philox random(seed, static_cast<std::uint64_t>(i));
    norms.small_squared.push_back(squared_norm(small, random));
    norms.big_squared.push_back(squared_norm(big, random));
  }
  return norms;
}

TEST(NoiseScale, EstimatesKnownTraceAndGradient) {
  const auto scale = estimate_noise_scale(simulated(64, 4096, 20'000, 1));
  ASSERT_TRUE(scale.ok());
  EXPECT_NEAR(scale->trace / kTrace, 1, 0.02);
  EXPECT_NEAR(scale->squared_gradient / kSquaredGradient, 1, 0.02);
  EXPECT_NEAR(scale->simple / (kTrace / kSquaredGradient), 1, 0.03);
}

TEST(NoiseScale, NumeratorAndDenominatorAreUnbiasedFromOneStepOn) {
  double trace = 0, gradient = 0, trace_square = 0, gradient_square = 0;
  constexpr int kRepeats = 4000;
  for (int i = 0; i < kRepeats; ++i) {
    // A step alone may put |G|^2 below nought, which is refused: twenty do not.
    const auto scale =
        estimate_noise_scale(simulated(256, 8192, 20, 100 + static_cast<std::uint64_t>(i)), {.resamples = 0});
    ASSERT_TRUE(scale.ok());
    trace += scale->trace / kRepeats;
    trace_square += scale->trace * scale->trace / kRepeats;
    gradient += scale->squared_gradient / kRepeats;
    gradient_square += scale->squared_gradient * scale->squared_gradient / kRepeats;
  }
  EXPECT_NEAR(trace, kTrace, 4 * std::sqrt((trace_square - trace * trace) / kRepeats));
  EXPECT_NEAR(gradient, kSquaredGradient, 4 * std::sqrt((gradient_square - gradient * gradient) / kRepeats));
}

TEST(NoiseScale, IntervalHoldsTheTruthAboutAsOftenAsItSays) {
  int held = 0;
  constexpr int kRepeats = 200;
  for (std::uint64_t seed = 1; seed <= kRepeats; ++seed) {
    const auto scale = estimate_noise_scale(simulated(64, 4096, 120, 7000 + seed), {.resamples = 400, .seed = seed});
    ASSERT_TRUE(scale.ok());
    held += scale->lower <= kTrace / kSquaredGradient && kTrace / kSquaredGradient <= scale->upper ? 1 : 0;
  }
  // Nominal 95%; four standard errors of 200 trials, and one more per cent for the percentile method.
  EXPECT_GT(held, 200 * 0.94 - 4 * std::sqrt(200 * 0.95 * 0.05));
}

TEST(NoiseScale, DecayFollowsADrift) {
  // The noise quadruples half-way: the average lies between, the moving one at the end.
  GradientNorms norms = simulated(64, 4096, 4000, 3);
  const GradientNorms later = simulated(16, 1024, 4000, 4);
  norms.small_squared.insert(norms.small_squared.end(), later.small_squared.begin(), later.small_squared.end());
  norms.big_squared.insert(norms.big_squared.end(), later.big_squared.begin(), later.big_squared.end());
  const auto mean = estimate_noise_scale(norms, {.resamples = 0}),
             end = estimate_noise_scale(norms, {.decay = 0.998, .resamples = 0});
  ASSERT_TRUE(mean.ok() && end.ok());
  EXPECT_NEAR(mean->trace / kTrace, 2.5, 0.1);
  EXPECT_NEAR(end->trace / kTrace, 4, 0.35);
}

TEST(NoiseScale, TradeOffIsTheHyperbola) {
  // S_min 1e4, E_min 1e7, so B_crit = 1000: at B = 1000 twice of either.
  const BatchTradeOff at = batch_trade_off(1e7 / 1e4, 1000);
  EXPECT_DOUBLE_EQ(at.steps_ratio * 1e4, 2e4);
  EXPECT_DOUBLE_EQ(at.examples_ratio * 1e7, 2e7);
  EXPECT_DOUBLE_EQ(at.learning_rate_ratio, 0.5);
  for (const double batch : {1.0, 77.0, 1e5}) {
    const BatchTradeOff point = batch_trade_off(1234, batch);
    EXPECT_NEAR((point.steps_ratio - 1) * (point.examples_ratio - 1), 1, 1e-12);
    EXPECT_NEAR(point.examples_ratio * 1234 / point.steps_ratio, batch, 1e-9 * batch);  // E / S = B
  }
}

TEST(NoiseScale, SaysWhatIsWrong) {
  GradientNorms norms{.small_batch = 8, .big_batch = 8, .small_squared = {1}, .big_squared = {1}};
  EXPECT_EQ(estimate_noise_scale(norms).error().where.parameter, "batch");
  norms.big_batch = 64;
  norms.big_squared = {1, 2};
  EXPECT_EQ(estimate_noise_scale(norms).error().where.parameter, "norms");
  norms.big_squared = {0.1};
  EXPECT_EQ(estimate_noise_scale(norms).error().code, ErrorCode::kNumerical);
  norms.big_squared = {0.9};
  EXPECT_EQ(estimate_noise_scale(norms, {.decay = 1}).error().where.parameter, "decay");
}

}  // namespace
}  // namespace isoflop
