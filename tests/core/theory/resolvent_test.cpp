// SPDX-License-Identifier: Apache-2.0
#include "core/theory/resolvent.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/theory/exponents.h"
#include "core/theory/random_features.h"

namespace isoflop {
namespace {

// d log y / d log x between two places.
double slope(double y0, double y1, double ratio) {
  return std::log(y1 / y0) / std::log(ratio);
}

TEST(RandomFeatureLoss, IsTheMeanOverDrawnProjectionsOfTheExactRecursion) {
  constexpr int kFeatures = 160, kLatents = 2000, kDraws = 5;
  for (const auto& [alpha, beta] : {std::pair{1.0, 0.3}, {1.0, 0.7}, {0.8, 1.2}}) {
    const double gain = 0.05;
    const RandomFeatureLoss theory(
        {.spectrum = 2 * alpha, .signal = 2 * alpha + 2 * beta, .features = kFeatures, .latents = kLatents}, gain);
    const double rate = 2 * gain / theory.trace();
    const std::vector<double> steps{0, 1, 10, 100, 1000, 10'000, 100'000, 10'000'000};
    std::vector<double> mean(steps.size(), 0.0);
    for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
      SgdProblem problem =
          random_features(LatentTarget::power_laws(kLatents, 2 * alpha, 2 * alpha + 2 * beta), kFeatures, draw);
      problem.rate = rate;
      const auto losses = sgd_losses(problem, steps);
      ASSERT_TRUE(losses.ok());
      for (std::size_t i = 0; i < steps.size(); ++i) mean[i] += (*losses)[i] / kDraws;
    }
    // A draw of 160 features scatters by some per cent, and at this rate the first steps differ from the flow by as
    // much.
    for (std::size_t i = 0; i < steps.size(); ++i)
      EXPECT_NEAR(theory.at(2 * rate * steps[i]) / mean[i], 1, 0.08) << alpha << " " << beta << " " << steps[i];
    EXPECT_NEAR(theory.at_rest() / theory.at(1e12), 1, 1e-5);
  }
}

TEST(RandomFeatureLoss, WithFeaturesToSpareIsASumOverLatents) {
  // Many more features than what the time resolves: sum_k k^-a exp(-k^-b tau).
  const RandomFeatureLoss theory({.spectrum = 1.5, .signal = 2, .features = 1e7}, 0);
  for (const double tau : {0.1, 3.0, 100.0, 5000.0}) {
    double sum = 0, tail = 0;
    constexpr int kSummed = 200'000;
    for (int k = 1; k <= kSummed; ++k) sum += std::pow(k, -2.0) * std::exp(-std::pow(k, -1.5) * tau);
    tail = 1.0 / (kSummed + 0.5);  // exp is 1 there
    EXPECT_NEAR(theory.at(tau) / (sum + tail), 1, 3e-4) << tau;
  }
}

TEST(RandomFeatureLoss, TimeAndWidthHaveTheirExponents) {
  for (const auto& [a, b] : {std::pair{2.0, 1.5}, {1.6, 1.2}, {3.5, 2.0}}) {
    const DynamicalExponents known = dynamical_exponents(a, b);
    const RandomFeatureLoss wide({.spectrum = b, .signal = a, .features = 1e9}, 0);
    EXPECT_NEAR(-slope(wide.at(1e5), wide.at(1e7), 100), known.time, 0.01) << a << " " << b;
    const RandomFeatureLoss narrow({.spectrum = b, .signal = a, .features = 1e3}, 0),
        wider({.spectrum = b, .signal = a, .features = 1e5}, 0);
    EXPECT_NEAR(-slope(narrow.at_rest(), wider.at_rest(), 100), known.params, 0.02) << a << " " << b;
  }
}

}  // namespace
}  // namespace isoflop
