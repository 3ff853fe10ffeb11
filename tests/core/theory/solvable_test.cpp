// SPDX-License-Identifier: Apache-2.0
#include "core/theory/solvable.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "core/theory/exponents.h"

namespace isoflop {
namespace {

std::vector<double> spectrum(double alpha, int latents) {
  std::vector<double> values;
  for (int i = 1; i <= latents; ++i) values.push_back(std::pow(i, -(1 + alpha)));
  return values;
}

// Draws latents, features and a target, solves the least squares of least norm, and measures the loss.
double by_regression(const std::vector<double>& variances, int features, int samples, std::uint64_t draw) {
  Philox random(17, draw);
  const auto gaussian = [&](Eigen::Index rows, Eigen::Index columns) {
    Eigen::MatrixXd matrix(rows, columns);
    for (Eigen::Index j = 0; j < columns; ++j)
      for (Eigen::Index i = 0; i < rows; ++i) matrix(i, j) = random.normal();
    return matrix;
  };
  const auto latents = static_cast<Eigen::Index>(variances.size());
  const Eigen::VectorXd deviations = Eigen::Map<const Eigen::VectorXd>(variances.data(), latents).cwiseSqrt();
  const Eigen::MatrixXd x = gaussian(samples, latents) * deviations.asDiagonal();
  const Eigen::MatrixXd projection = gaussian(latents, features);
  const Eigen::VectorXd target = gaussian(latents, 1);
  const Eigen::MatrixXd phi = x * projection;
  const Eigen::VectorXd weights = phi.completeOrthogonalDecomposition().solve(x * target);
  return (deviations.asDiagonal() * (target - projection * weights)).squaredNorm();
}

TEST(Solvable, IsTheMeanLossOfRegressions) {
  const auto variances = spectrum(0.8, 300);
  struct Case {
    int features, samples;
  };
  for (const auto& [features, samples] : {Case{30, 120}, Case{120, 30}, Case{40, 60}, Case{60, 40}, Case{25, 200}}) {
    double sum = 0, squares = 0;
    constexpr int kDraws = 60;
    for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
      const double loss = by_regression(variances, features, samples, draw);
      sum += loss / kDraws;
      squares += loss * loss / kDraws;
    }
    const auto theory = solvable_loss(variances, features, samples);
    ASSERT_TRUE(theory.ok());
    // 60 draws scatter; the limit of many features is off by about 1 / (m - n).
    const double error = std::sqrt((squares - sum * sum) / kDraws);
    EXPECT_NEAR(*theory, sum, 4 * error + sum * 2.0 / std::abs(samples - features)) << features << " " << samples;
  }
}

TEST(Solvable, FallsAsAPowerOfTheScarcerResourceAndPlateausInTheOther) {
  for (const double alpha : {0.5, 1.0}) {
    const auto variances = spectrum(alpha, 200'000);
    const double few = *solvable_loss(variances, 100, 1e9), many = *solvable_loss(variances, 1000, 1e9);
    // The latents' end is felt by a few per cent of (n / M)^alpha.
    EXPECT_NEAR(std::log10(few / many), alpha, 0.04);
    EXPECT_NEAR(*solvable_loss(variances, 1e9, 100) / few, 1, 1e-12);
    EXPECT_NEAR(*solvable_loss(variances, 100, 1e7) / few, 1, 1e-4);
    EXPECT_GT(*solvable_loss(variances, 100, 101), 50 * few);
  }
}

TEST(Solvable, BestFeaturesKeepAFixedRatioToSamples) {
  const double alpha = 1;
  const auto variances = spectrum(alpha, 50'000);
  for (const double product : {1e5, 1e6}) {
    double best = 0, least = 1e9;
    for (double n = 10; n * n < product; n *= 1.01)
      if (const auto loss = solvable_loss(variances, n, product / n); loss && *loss < least) {
        least = *loss;
        best = n;
      }
    EXPECT_NEAR(best * best / product, solvable_optimal_ratio(alpha), 0.02) << product;
  }
}

TEST(Solvable, SaysWhatIsWrong) {
  const auto variances = spectrum(1, 100);
  EXPECT_EQ(solvable_loss(variances, 10, 10).error().where.parameter, "samples");
  EXPECT_EQ(solvable_loss(variances, 100, 200).error().where.parameter, "latents");
  EXPECT_EQ(solvable_loss(variances, 0, 10).error().where.parameter, "features");
}

}  // namespace
}  // namespace isoflop
