// SPDX-License-Identifier: Apache-2.0
#include "core/fit/likelihood.h"

#include <limits>
#include <numbers>

#include "fitting.h"

namespace isoflop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Simpson's rule over the quadratic part and over the tails apart, where the density has its kinks.
double integral_of_density(double s, double delta) {
  const auto density = [&](double r) { return std::exp(-rho_huber(r, delta).value / s); };
  const auto simpson = [&](double from, double to) {
    constexpr int kPanels = 20000;
    double sum = density(from) + density(to);
    for (int i = 1; i < kPanels; ++i) sum += (i % 2 ? 4 : 2) * density(from + (to - from) * i / kPanels);
    return sum * (to - from) / (3 * kPanels);
  };
  return 2 * (simpson(0, delta) + simpson(delta, delta + 60 * s / delta));
}

TEST(HuberNormaliser, IsTheIntegralOfTheDensity) {
  for (const auto& [s, delta] : {std::pair{1.0, 1.0}, {1e-6, 1e-3}, {4e-6, 1e-3}, {1e-5, 1e-3}, {0.2, 1.0}})
    EXPECT_NEAR(huber_normaliser(s, delta).value, std::log(integral_of_density(s, delta)), 1e-8) << s << " " << delta;
}

TEST(HuberNormaliser, HasTheSlopeOfItsDifferencesFromHalfToOne) {
  for (const double s : {1e-12, 1e-7, 1e-6, 3e-6, 1e-5, 1e-3, 1.0}) {
    const double h = 1e-5;
    const double difference =
        (huber_normaliser(s * std::exp(h), 1e-3).value - huber_normaliser(s * std::exp(-h), 1e-3).value) / (2 * h);
    EXPECT_NEAR(huber_normaliser(s, 1e-3).slope, difference, 1e-8) << s;
  }
  EXPECT_NEAR(huber_normaliser(1e-12, 1e-3).slope, 0.5, 1e-9);
  EXPECT_NEAR(huber_normaliser(1.0, 1e-3).slope, 1, 2e-6);
}

class Noise : public testing::Test {
 protected:
  void SetUp() override {
    Philox random(4, 0);
    for (int i = 0; i < 200; ++i) {
      residuals_.push_back(0.01 * random.normal());
      response_.push_back(2 + random.uniform());
      weights_.push_back(0.5 + random.uniform());
    }
  }
  std::vector<double> residuals_, response_, weights_;
};

TEST_F(Noise, OfLeastSquaresIsNormal) {
  double squares = 0, log_response = 0;
  for (std::size_t i = 0; i < residuals_.size(); ++i) {
    squares += residuals_[i] * residuals_[i];
    log_response += std::log(response_[i]);
  }
  const double n = 200, variance = squares / n;
  const double expected = -0.5 * n * (std::log(2 * std::numbers::pi * variance) + 1);
  const NoiseScale plain = noise_scale(Objective::kMse, 1e-3, residuals_, response_);
  EXPECT_NEAR(plain.tau, variance, 1e-15);
  EXPECT_NEAR(plain.log_likelihood, expected, 1e-9);
  // Lognormal: the density of y, not of log y.
  EXPECT_NEAR(noise_scale(Objective::kLogMse, 1e-3, residuals_, response_).log_likelihood, expected - log_response,
              1e-9);
}

TEST_F(Noise, OfAbsoluteErrorsIsLaplaces) {
  double sum = 0;
  for (const double r : residuals_) sum += std::abs(r);
  const double b = sum / 200;
  const NoiseScale scale = noise_scale(Objective::kMae, 1e-3, residuals_, response_);
  EXPECT_NEAR(scale.tau, b, 1e-15);
  EXPECT_NEAR(scale.log_likelihood, -200 * (std::log(2 * b) + 1), 1e-9);
}

TEST_F(Noise, OfHuberIsTheLikeliestScaleWithAndWithoutWeights) {
  for (const bool weighted : {false, true})
    for (const double delta : {1e-3, 1e-2, 1.0}) {
      const std::vector<double> weights = weighted ? weights_ : std::vector<double>(200, 1.0);
      const auto log_likelihood = [&](double tau) {
        double sum = 0;
        for (std::size_t i = 0; i < 200; ++i)
          sum -= weights[i] * rho_huber(residuals_[i], delta).value / tau +
                 huber_normaliser(tau / weights[i], delta).value;
        return sum;
      };
      const NoiseScale scale =
          noise_scale(Objective::kHuber, delta, residuals_, response_, weighted ? weights_ : std::vector<double>{});
      EXPECT_NEAR(scale.log_likelihood, log_likelihood(scale.tau), 1e-8);
      EXPECT_GT(scale.log_likelihood, log_likelihood(1.01 * scale.tau));
      EXPECT_GT(scale.log_likelihood, log_likelihood(0.99 * scale.tau));
    }
}

TEST_F(Noise, OfHuberWithAWideDeltaIsNormalAndWithANarrowOneLaplaces) {
  const double normal = noise_scale(Objective::kMse, 1, residuals_, response_).log_likelihood;
  const double laplace = noise_scale(Objective::kMae, 1, residuals_, response_).log_likelihood;
  EXPECT_NEAR(noise_scale(Objective::kHuber, 10, residuals_, response_).log_likelihood, normal, 1e-6);
  EXPECT_NEAR(noise_scale(Objective::kHuber, 1e-7, residuals_, response_).log_likelihood, laplace, 1e-2);
}

TEST_F(Noise, OfAPerfectFitIsNoneAndOfABrokenOneUnknown) {
  const std::vector<double> zeros(200, 0.0), broken(200, kInfinity);
  EXPECT_EQ(noise_scale(Objective::kLogHuber, 1e-3, zeros, response_).tau, 0);
  EXPECT_EQ(noise_scale(Objective::kLogHuber, 1e-3, zeros, response_).log_likelihood, kInfinity);
  EXPECT_TRUE(std::isnan(noise_scale(Objective::kLogHuber, 1e-3, broken, response_).tau));
}

TEST(FitLaw, CarriesTheNoiseOfItsResiduals) {
  const Law law = test::shipped_law("chinchilla");
  const std::vector<double> truth = law.find_set("besiroglu2024")->values;
  const Observations runs = test::simulate(law, truth, test::isoflop_grid(8, 30), 0.01, 5);
  const auto squares = fit_law(law, runs, {.objective = Objective::kLogMse});
  const auto huber = fit_law(law, runs);
  ASSERT_TRUE(squares && huber);
  EXPECT_NEAR(std::sqrt(squares->noise.tau), 0.01, 0.0015);
  // The noise is normal, so that its likelihood beats that of Huber's model.
  EXPECT_GT(squares->noise.log_likelihood, huber->noise.log_likelihood);
}

}  // namespace
}  // namespace isoflop
