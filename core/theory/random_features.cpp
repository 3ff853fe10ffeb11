// SPDX-License-Identifier: Apache-2.0
#include "core/theory/random_features.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "core/base/parallel.h"
#include "core/base/random.h"

namespace isoflop {

LatentTarget LatentTarget::power_laws(int latents, double spectrum, double signal) {
  LatentTarget target;
  for (int j = 1; j <= latents; ++j) {
    const double log_j = std::log(static_cast<double>(j));
    target.variance.push_back(std::exp(-spectrum * log_j));
    target.weight.push_back(std::exp((spectrum - signal) / 2 * log_j));
  }
  return target;
}

double LatentTarget::power() const {
  double sum = 0;
  for (std::size_t j = 0; j < variance.size(); ++j) sum += variance[j] * weight[j] * weight[j];
  return sum;
}

SgdProblem random_features(const LatentTarget& target, int features, std::uint64_t seed, int threads) {
  const auto latents = static_cast<Eigen::Index>(target.variance.size());
  // Rows scaled by the latents' standard deviations.
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> w(latents, features);
  const double scale = 1 / std::sqrt(static_cast<double>(features));
  parallel_for(static_cast<std::size_t>(latents), threads, 64, {}, [&](int, std::size_t j) {
    Philox random(seed, (static_cast<std::uint64_t>(features) << 32) + j);
    const double deviation = scale * std::sqrt(target.variance[j]);
    for (int i = 0; i < features; ++i) w(static_cast<Eigen::Index>(j), i) = deviation * random.normal();
  });
  Eigen::VectorXd signal(latents);
  for (Eigen::Index j = 0; j < latents; ++j) {
    const auto at = static_cast<std::size_t>(j);
    signal[j] = std::sqrt(target.variance[at]) * target.weight[at];
  }
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(features, features);
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(w.transpose());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(covariance);
  const Eigen::VectorXd along = eigen.eigenvectors().transpose() * (w.transpose() * signal);

  SgdProblem problem;
  double explained = 0;
  for (Eigen::Index i = features - 1; i >= 0; --i) {
    const double lambda = eigen.eigenvalues()[i];
    // Below this an eigenvalue is rounding: its direction explains nothing that can be told.
    if (!(lambda > 1e-14 * eigen.eigenvalues()[features - 1])) break;
    const double best = along[i] / lambda;
    problem.lambda.push_back(lambda);
    problem.distance.push_back(best * best);
    explained += lambda * best * best;
  }
  problem.floor = std::max(0.0, target.power() - explained);
  return problem;
}

SgdProblem leading_features(const LatentTarget& target, int features) {
  SgdProblem problem;
  for (std::size_t j = 0; j < target.variance.size(); ++j) {
    const double square = target.weight[j] * target.weight[j];
    if (j < static_cast<std::size_t>(features)) {
      problem.lambda.push_back(target.variance[j]);
      problem.distance.push_back(square);
    } else {
      problem.floor += target.variance[j] * square;
    }
  }
  return problem;
}

}  // namespace isoflop
