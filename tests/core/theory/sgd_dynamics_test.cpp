// SPDX-License-Identifier: Apache-2.0
#include "core/theory/sgd_dynamics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"
#include "core/theory/random_features.h"

namespace isoflop {
namespace {

SgdProblem example(double rate, double batch) {
  SgdProblem problem = leading_features(LatentTarget::power_laws(12, 1.4, 1.9), 6);
  problem.floor += 0.05;
  problem.rate = rate;
  problem.batch = batch;
  return problem;
}

// SGD itself on Gaussian features: mean loss over repetitions, and its standard error.
struct Measured {
  double mean = 0, error = 0;
};
Measured by_training(const SgdProblem& problem, int steps, int repeats) {
  double sum = 0, squares = 0;
  const std::size_t d = problem.lambda.size();
  for (int r = 0; r < repeats; ++r) {
    Philox random(5, static_cast<std::uint64_t>(r));
    std::vector<double> off(d), features(d), gradient(d);  // weights minus the best ones
    for (std::size_t i = 0; i < d; ++i) off[i] = std::sqrt(problem.distance[i]);
    for (int step = 0; step < steps; ++step) {
      std::fill(gradient.begin(), gradient.end(), 0.0);
      for (int sample = 0; sample < static_cast<int>(problem.batch); ++sample) {
        double residual = -std::sqrt(problem.floor) * random.normal();
        for (std::size_t i = 0; i < d; ++i) {
          features[i] = std::sqrt(problem.lambda[i]) * random.normal();
          residual += features[i] * off[i];
        }
        for (std::size_t i = 0; i < d; ++i) gradient[i] += residual * features[i] / problem.batch;
      }
      for (std::size_t i = 0; i < d; ++i) off[i] -= problem.rate * gradient[i];
    }
    double loss = problem.floor;
    for (std::size_t i = 0; i < d; ++i) loss += problem.lambda[i] * off[i] * off[i];
    sum += loss;
    squares += loss * loss;
  }
  const double mean = sum / repeats;
  return {mean, std::sqrt((squares / repeats - mean * mean) / repeats)};
}

TEST(SgdDynamics, RecursionIsTheMeanOfSimulatedTraining) {
  for (const auto& [rate, batch] : {std::pair{0.1, 1.0}, {0.3, 4.0}, {0.9, 16.0}}) {
    const SgdProblem problem = example(rate, batch);
    for (const int steps : {1, 5, 40}) {
      const double at[] = {static_cast<double>(steps)};
      const auto exact = sgd_losses(problem, at, 0);
      ASSERT_TRUE(exact.ok()) << exact.error().message;
      const Measured measured = by_training(problem, steps, 1500);
      EXPECT_NEAR(exact->front(), measured.mean, 4 * measured.error) << rate << " " << steps;
      EXPECT_LT(measured.error / measured.mean, 0.08);
    }
  }
}

TEST(SgdDynamics, BlocksOfStepsAgreeWithEveryStepByItself) {
  SgdProblem problem = leading_features(LatentTarget::power_laws(400, 1.5, 2.1), 200);
  problem.rate = 0.2;
  problem.batch = 1;
  const std::vector<double> steps{0, 1, 2, 10, 57, 400, 3000, 20'000};
  const auto exact = sgd_losses(problem, steps, 0), blocks = sgd_losses(problem, steps);
  ASSERT_TRUE(exact.ok() && blocks.ok());
  for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_NEAR((*blocks)[i] / (*exact)[i], 1, 1e-4) << steps[i];
}

TEST(SgdDynamics, NoiseKeepsUpItsShareForEver) {
  const SgdProblem problem = example(0.3, 2);
  const double at[] = {1e9};
  const auto loss = sgd_losses(problem, at);
  ASSERT_TRUE(loss.ok());
  EXPECT_NEAR(loss->front() / (problem.floor / (1 - noise_gain(problem))), 1, 1e-6);
}

TEST(SgdDynamics, LargeBatchesAndSmallRatesFollowTheFlow) {
  SgdProblem problem = example(0.001, 1e9);
  const double steps[] = {100, 5000}, times[] = {0.1, 5};
  const auto sgd = sgd_losses(problem, steps, 0);
  const auto flow = flow_losses(problem, times);
  ASSERT_TRUE(sgd.ok());
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR((*sgd)[i] / flow[i], 1, 1e-3);
}

TEST(SgdDynamics, RefusesRatesThatDiverge) {
  const double steps[] = {10};
  EXPECT_EQ(sgd_losses(example(1.3, 1), steps).error().where.parameter, "rate");
  EXPECT_EQ(sgd_losses(example(-1, 1), steps).error().where.parameter, "rate");
  const double backwards[] = {10, 5};
  EXPECT_EQ(sgd_losses(example(0.1, 1), backwards).error().where.parameter, "steps");
}

TEST(RandomFeatures, BeginAtTheVarianceOfTheTarget) {
  const LatentTarget target = LatentTarget::power_laws(300, 1.6, 2.2);
  const SgdProblem problem = random_features(target, 40, 3);
  double loss = problem.floor;
  for (std::size_t i = 0; i < problem.lambda.size(); ++i) loss += problem.lambda[i] * problem.distance[i];
  EXPECT_NEAR(loss / target.power(), 1, 1e-12);
  EXPECT_EQ(problem.lambda.size(), 40u);
  EXPECT_GT(problem.floor, 0);
  // As many features as latents miss nothing.
  EXPECT_NEAR(random_features(LatentTarget::power_laws(30, 1.6, 2.2), 30, 3).floor, 0, 1e-9);
  // No thread leaves a trace.
  EXPECT_EQ(random_features(target, 40, 3, 1).floor, random_features(target, 40, 3, 4).floor);
}

}  // namespace
}  // namespace isoflop
