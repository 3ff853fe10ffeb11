// SPDX-License-Identifier: Apache-2.0
#include "core/fit/power_law.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"

namespace isoflop {
namespace {

TEST(PowerLaw, RecoversAnExactLaw) {
  std::vector<double> x, y;
  for (const double c : {1e18, 1e19, 5e20, 1e22}) {
    x.push_back(std::log(c));
    y.push_back(std::log(.11 * std::pow(c, .49)));
  }
  for (const std::vector<double>& weight : {std::vector<double>{}, std::vector<double>{1, 9, 2, 4}}) {
    const PowerLaw law = fit_power_law(x, y, weight);
    EXPECT_NEAR(law.exponent, .49, 1e-13);
    EXPECT_NEAR(law.scale / .11, 1, 1e-11);
    EXPECT_NEAR(law.at(3e20) / (.11 * std::pow(3e20, .49)), 1, 1e-12);
    EXPECT_NEAR(law.standard_error, 0, 1e-12);
  }
}

TEST(PowerLaw, AWeightCountsAPointThatManyTimes) {
  const std::vector<double> x{0, 1, 2, 4}, y{.1, .7, .6, 2.3};
  const PowerLaw weighted = fit_power_law(x, y, std::vector<double>{1, 3, 2, 1});
  const PowerLaw repeated =
      fit_power_law(std::vector<double>{0, 1, 1, 1, 2, 2, 4}, std::vector<double>{.1, .7, .7, .7, .6, .6, 2.3});
  EXPECT_NEAR(weighted.exponent, repeated.exponent, 1e-14);
  EXPECT_NEAR(weighted.scale, repeated.scale, 1e-14);
}

TEST(PowerLaw, StandardErrorIsTheSpreadOfEstimatesUnderNoise) {
  const std::vector<double> weight{1, 4, 1, 16, 4};
  double sum = 0, squares = 0, variance = 0;
  const int trials = 4000;
  for (int trial = 0; trial < trials; ++trial) {
    Philox random(7, static_cast<std::uint64_t>(trial));
    std::vector<double> x, y;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      x.push_back(static_cast<double>(i));
      y.push_back(.5 * x.back() + .1 / std::sqrt(weight[i]) * random.normal());
    }
    const PowerLaw law = fit_power_law(x, y, weight);
    sum += law.exponent;
    squares += law.exponent * law.exponent;
    variance += law.standard_error * law.standard_error;
  }
  const double spread = squares / trials - sum * sum / trials / trials;
  EXPECT_NEAR(variance / trials / spread, 1, .08);
}

TEST(PowerLaw, TwoPointsLeaveNoResidual) {
  EXPECT_TRUE(std::isnan(fit_power_law(std::vector<double>{0, 1}, std::vector<double>{0, 1}).standard_error));
}

TEST(PowerLaw, IntervalsLeaveOutResamplesWithoutALaw) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  PowerLaw law{.scale = 1, .exponent = .5};
  add_intervals(law, {{.scale = nan, .exponent = nan}});
  EXPECT_FALSE(law.exponent_ci95.has_value());
  std::vector<PowerLaw> samples(101, PowerLaw{.scale = nan, .exponent = nan});
  for (int i = 0; i <= 40; ++i) samples.push_back({.scale = 1. + i, .exponent = i / 40.});
  add_intervals(law, samples);
  EXPECT_NEAR(law.exponent_ci95->lower, .025, 1e-12);
  EXPECT_NEAR(law.exponent_ci95->upper, .975, 1e-12);
  EXPECT_NEAR(law.scale_ci95->upper, 40, 1e-12);
}

}  // namespace
}  // namespace isoflop
