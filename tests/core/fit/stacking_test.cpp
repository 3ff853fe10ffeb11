// SPDX-License-Identifier: Apache-2.0
#include "core/fit/stacking.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace isoflop {
namespace {

double mean_square(const std::vector<std::vector<double>>& errors, const std::vector<double>& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < errors.front().size(); ++i) {
    double e = 0;
    for (std::size_t j = 0; j < errors.size(); ++j) e += weights[j] * errors[j][i];
    sum += e * e;
  }
  return sum / static_cast<double>(errors.front().size());
}

// Every set of models with weights, each by its own normal equations with sum 1; the best that has none negative.
double least_by_enumeration(const std::vector<std::vector<double>>& errors) {
  const auto k = errors.size();
  double best = std::numeric_limits<double>::infinity();
  for (unsigned set = 1; set < 1u << k; ++set) {
    std::vector<std::size_t> members;
    for (std::size_t j = 0; j < k; ++j)
      if (set >> j & 1u) members.push_back(j);
    const auto m = static_cast<Eigen::Index>(members.size());
    Eigen::MatrixXd system = Eigen::MatrixXd::Ones(m + 1, m + 1);
    system(m, m) = 0;
    for (Eigen::Index a = 0; a < m; ++a)
      for (Eigen::Index b = 0; b < m; ++b) {
        system(a, b) = 0;
        for (std::size_t i = 0; i < errors.front().size(); ++i)
          system(a, b) +=
              errors[members[static_cast<std::size_t>(a)]][i] * errors[members[static_cast<std::size_t>(b)]][i];
      }
    Eigen::VectorXd right = Eigen::VectorXd::Zero(m + 1);
    right[m] = 1;
    const Eigen::VectorXd solved = system.fullPivLu().solve(right);
    if (solved.head(m).minCoeff() < 0) continue;
    std::vector<double> weights(k, 0.0);
    for (Eigen::Index a = 0; a < m; ++a) weights[members[static_cast<std::size_t>(a)]] = solved[a];
    best = std::min(best, mean_square(errors, weights));
  }
  return best;
}

TEST(SimplexWeights, AreTheBestOfAllSetsOfModels) {
  for (std::uint64_t problem = 0; problem < 200; ++problem) {
    Philox random(11, problem);
    const std::size_t models = 1 + random.below(6), runs = 8 + random.below(20);
    std::vector<std::vector<double>> errors(models, std::vector<double>(runs));
    std::vector<double> shared(runs);
    for (double& e : shared) e = random.normal();
    for (auto& model : errors) {
      const double scale = std::exp(random.normal()), bias = 0.5 * random.normal();
      for (std::size_t i = 0; i < runs; ++i) model[i] = scale * (shared[i] + 0.5 * random.normal()) + bias;
    }
    const std::vector<double> weights = simplex_weights(errors);
    double sum = 0;
    for (const double w : weights) {
      EXPECT_GE(w, 0);
      sum += w;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(mean_square(errors, weights), least_by_enumeration(errors), 1e-10) << problem;
  }
}

TEST(SimplexWeights, RecoverAMixture) {
  // log y = .2 f + .5 g + .3 h
  Philox random(5, 0);
  std::vector<std::vector<double>> errors(3, std::vector<double>(40));
  for (std::size_t i = 0; i < 40; ++i) {
    const double f = random.normal(), g = random.normal(), h = random.normal();
    const double y = 0.2 * f + 0.5 * g + 0.3 * h;
    errors[0][i] = f - y;
    errors[1][i] = g - y;
    errors[2][i] = h - y;
  }
  const std::vector<double> weights = simplex_weights(errors);
  EXPECT_NEAR(weights[0], 0.2, 1e-9);
  EXPECT_NEAR(weights[1], 0.5, 1e-9);
  EXPECT_NEAR(weights[2], 0.3, 1e-9);
}

TEST(SimplexWeights, CopeWithModelsThatAgreeAndLeaveOutThoseWithoutPredictions) {
  const std::vector<double> one = {1, -2, 0.5, 1}, other = {-1, 1, -0.5, -2};
  const std::vector<double> none(4, std::numeric_limits<double>::quiet_NaN());
  const std::vector<double> twice = simplex_weights({one, one, other, none}), once = simplex_weights({one, other});
  EXPECT_EQ(twice[3], 0);
  EXPECT_NEAR(twice[0] + twice[1], once[0], 1e-12);
  EXPECT_NEAR(twice[2], once[1], 1e-12);
  EXPECT_TRUE(simplex_weights({none}).empty());
  EXPECT_EQ(simplex_weights({one}), std::vector<double>{1});
}

TEST(SimplexWeights, GiveAllToAModelThatBeatsEveryMixture) {
  const std::vector<double> weights = simplex_weights({{0.1, -0.1, 0.1}, {1, -1, 1}, {2, -1, 3}});
  EXPECT_EQ(weights[0], 1);
  EXPECT_EQ(weights[1] + weights[2], 0);
}

}  // namespace
}  // namespace isoflop
