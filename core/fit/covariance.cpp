// SPDX-License-Identifier: Apache-2.0
#include "core/fit/covariance.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/statistics.h"
#include "core/fit/ceres_solve.h"
#include "core/fit/fit_evaluator.h"
#include "core/fit/prior.h"

namespace isoflop {
namespace {

// Eigenvalues of J^T J in a smaller ratio are rounding.
constexpr double kSingular = 1e-13;

std::optional<SmallMatrix> inverse(const SmallMatrix& matrix) {
  const SmallVector unit = matrix.diagonal().cwiseSqrt();
  if (!(unit.minCoeff() > 0) || !unit.allFinite()) return std::nullopt;
  const SmallMatrix scaled = unit.cwiseInverse().asDiagonal() * matrix * unit.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<SmallMatrix> eigen(scaled, Eigen::EigenvaluesOnly);
  if (!(eigen.eigenvalues()[0] > kSingular * eigen.eigenvalues().maxCoeff())) return std::nullopt;
  const SmallMatrix solved = scaled.ldlt().solve(SmallMatrix::Identity(matrix.rows(), matrix.cols()));
  return SmallMatrix(unit.cwiseInverse().asDiagonal() * solved * unit.cwiseInverse().asDiagonal());
}

double condition_number(const SmallMatrix& gram) {
  const SmallVector unit = gram.diagonal().cwiseSqrt();
  if (!(unit.minCoeff() > 0) || !unit.allFinite()) return std::numeric_limits<double>::infinity();
  const SmallMatrix scaled = unit.cwiseInverse().asDiagonal() * gram * unit.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<SmallMatrix> eigen(scaled, Eigen::EigenvaluesOnly);
  const double smallest = eigen.eigenvalues()[0];
  return smallest > 0 ? eigen.eigenvalues().maxCoeff() / smallest : std::numeric_limits<double>::infinity();
}

std::vector<double> residuals_of(const FitProblem& problem, std::span<const double> fitted) {
  std::vector<double> residuals(problem.rows());
  for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] = fitted[i] - problem.target[i];
  return residuals;
}

double degrees_of_freedom(const FitProblem& problem) {
  return std::max(1.0, static_cast<double>(problem.rows()) - problem.size());
}

// (J^T J)^-1 by Ceres where it can: it refuses, and complains on standard error, where J^T J is singular in its own
// units.
std::optional<SmallMatrix> inverse_gram(const FitProblem& problem, const SmallVector& u, const SmallMatrix& gram) {
  const Eigen::SelfAdjointEigenSolver<SmallMatrix> eigen(gram, Eigen::EigenvaluesOnly);
  const bool regular = eigen.eigenvalues()[0] > kSingular * eigen.eigenvalues().maxCoeff();
  if (regular && problem.rows() <= kMostCeresRows) return ceres_inverse_gram(problem, u);
  return inverse(gram);
}

double residual_variance(const FitProblem& problem, const std::vector<double>& residuals) {
  double squares = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) squares += problem.weights[i] * residuals[i] * residuals[i];
  return squares / degrees_of_freedom(problem);
}

std::optional<SmallMatrix> least_squares(const FitProblem& problem, const SmallVector& u, const SmallMatrix& gram,
                                         double variance) {
  auto covariance = inverse_gram(problem, u, gram);
  if (covariance) *covariance *= variance;
  return covariance;
}

// Gaussian rule of thumb for the window of a density at 0, from the median absolute residual of a run of scale 1.
double window_of(const std::vector<double>& residuals, const std::vector<double>& scales) {
  std::vector<double> magnitudes(residuals);
  for (std::size_t i = 0; i < magnitudes.size(); ++i) magnitudes[i] = std::abs(residuals[i]) / scales[i];
  const double scale = 1.4826 * quantile(std::move(magnitudes), 0.5);
  return 1.06 * scale * std::pow(static_cast<double>(residuals.size()), -0.2);
}

// Leverages beyond this are rounding, or runs that the fit passes through.
constexpr double kLargestLeverage = 0.9;

// Leverage of each run: its weight in its own least-squares prediction.
std::vector<double> leverages_of(const FitEvaluator& evaluator, const SmallVector& u,
                                 const SmallMatrix& inverse_of_gram) {
  const FitProblem& problem = evaluator.problem();
  const int p = problem.size();
  SmallVector gradient(p);
  std::vector<double> leverages(problem.rows());
  for (std::size_t i = 0; i < leverages.size(); ++i) {
    for (int j = 0; j < p; ++j)
      gradient[j] = (problem.logarithmic[static_cast<std::size_t>(j)] ? std::exp(u[j]) : 1) *
                    evaluator.residual_jacobian()[static_cast<std::size_t>(j) * problem.padded() + i];
    leverages[i] = std::min(kLargestLeverage, problem.weights[i] * gradient.dot(inverse_of_gram * gradient));
  }
  return leverages;
}

// Residuals this far below their window say no more of the noise: the fit passes through as many runs as it has
// parameters.
constexpr double kFloor = 0.01;

// Noise of each run relative to a typical one of weight 1: |r| sqrt(w) / (1 - h) proportional to h^c, h the leverage,
// by least squares in logarithms, c shrunk by what chance gives (James and Stein's factor for two standard errors, so
// that runs of one noise level keep it). Where the runs that decide the fit are the noisier ones, one density for all
// would promise too much.
std::vector<double> noise_scales(const FitProblem& problem, const std::vector<double>& residuals,
                                 const std::vector<double>& leverages) {
  const auto n = static_cast<double>(residuals.size());
  std::vector<double> scales(residuals.size());
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 1 / std::sqrt(problem.weights[i]);
  const double floor = kFloor * window_of(residuals, scales);
  std::vector<double> x(residuals.size()), y(residuals.size());
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = std::log(std::max(leverages[i], 1e-12));
    y[i] = std::log(std::abs(residuals[i]) / (scales[i] * (1 - leverages[i])) + floor);
    mean_x += x[i] / n;
    mean_y += y[i] / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  const double slope = xy / xx;
  const double variance = std::max(yy - slope * xy, 0.0) / std::max(n - 2, 1.0) / xx;
  const double kept = std::max(0.0, 1 - 4 * variance / (slope * slope)) * slope;
  if (!std::isfinite(kept) || !std::isfinite(mean_y)) return scales;
  for (std::size_t i = 0; i < x.size(); ++i) scales[i] *= std::exp(kept * (x[i] - mean_x));
  return scales;
}

// A fit by absolute values passes through as many runs as it has parameters. Their residuals crowd the window, in which
// about this share of them would not lie otherwise (by simulation: fits of five parameters to 60 and to 240 runs).
constexpr double kDrawnIn = 0.5;

// What the sandwich is made of, by runs.
struct Scores {
  std::vector<double> slope;      // w_i psi(r_i)
  std::vector<double> curvature;  // estimate of w_i E[psi'(r_i)]
};

Scores scores_of(const FitProblem& problem, const std::vector<double>& residuals,
                 const std::vector<double>& leverages) {
  Scores scores{.slope = std::vector<double>(residuals.size()), .curvature = std::vector<double>(residuals.size())};
  std::vector<double> scales;
  double window = 0;
  if (std::isfinite(problem.delta)) {
    scales = noise_scales(problem, residuals, leverages);
    window = window_of(residuals, scales);
  }
  double inside = 0, absorbed = 0;  // runs in the window, and those drawn in by the fit, summed over them
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double weight = problem.weights[i];
    if (std::isinf(problem.delta)) {
      scores.slope[i] = weight * residuals[i];
      scores.curvature[i] = weight;
      continue;
    }
    const double own = std::max(problem.delta, window * scales[i]);
    scores.slope[i] = weight * rho_huber(residuals[i], problem.delta).slope;
    scores.curvature[i] = weight * problem.delta / own;
    if (std::abs(residuals[i]) <= own) {
      ++inside;
      absorbed += problem.size() * std::min(kDrawnIn, 1 - problem.delta / own);
    }
  }
  if (std::isfinite(problem.delta)) {
    const double genuine = inside > 0 ? std::max(inside - absorbed / inside, 1.0) : 0;
    for (double& curvature : scores.curvature) curvature *= genuine / static_cast<double>(residuals.size());
  }
  return scores;
}

// Variance of the scores over their curvature. Weights divide out of both, as they should: the noise of a run of weight
// w has 1 / w of the variance.
double deviance_scale(const FitProblem& problem, const Scores& scores) {
  double squares = 0, curvature = 0;
  for (std::size_t i = 0; i < scores.slope.size(); ++i) {
    squares += scores.slope[i] * scores.slope[i] / problem.weights[i];
    curvature += scores.curvature[i] / problem.weights[i];
  }
  const auto n = static_cast<double>(scores.slope.size());
  return squares / degrees_of_freedom(problem) / (curvature / n);
}

std::optional<SmallMatrix> sandwich(const FitEvaluator& evaluator, const SmallVector& u, const Scores& scores,
                                    const std::vector<double>& leverages) {
  const FitProblem& problem = evaluator.problem();
  const int p = problem.size();
  const std::size_t rows = scores.slope.size();
  SmallVector chain(p), gradient(p);
  for (int j = 0; j < p; ++j) chain[j] = problem.logarithmic[static_cast<std::size_t>(j)] ? std::exp(u[j]) : 1;
  SmallMatrix bread = SmallMatrix::Zero(p, p), filling = SmallMatrix::Zero(p, p);
  const bool clustered = !problem.clusters.empty();
  std::vector<SmallVector> sums(clustered ? problem.cluster_count : 0, SmallVector::Zero(p));
  for (std::size_t i = 0; i < rows; ++i) {
    for (int j = 0; j < p; ++j)
      gradient[j] = chain[j] * evaluator.residual_jacobian()[static_cast<std::size_t>(j) * problem.padded() + i];
    if (clustered)
      sums[problem.clusters[i]] += scores.slope[i] * gradient;
    else
      filling += scores.slope[i] * scores.slope[i] / (1 - leverages[i]) * gradient * gradient.transpose();
    bread += scores.curvature[i] * gradient * gradient.transpose();
  }
  for (const SmallVector& sum : sums) filling += sum * sum.transpose();
  for (const PriorTerm& term : problem.priors) {
    const int j = term.position;
    const double slope = prior_deviation(term.prior, problem.logarithmic[static_cast<std::size_t>(j)] != 0, u[j]).slope;
    filling(j, j) += std::pow(problem.prior_scale * slope, 2);
    bread(j, j) += problem.prior_scale * slope * slope;
  }
  const auto outer = inverse(bread);
  if (!outer) return std::nullopt;
  const auto n = static_cast<double>(rows), groups = static_cast<double>(problem.cluster_count);
  double factor = n / degrees_of_freedom(problem);
  if (clustered) factor = groups < 2 ? factor : groups / (groups - 1) * (n - 1) / degrees_of_freedom(problem);
  return SmallMatrix(factor * *outer * filling * *outer);
}

}  // namespace

Spread find_spread(const FitProblem& problem, const SmallVector& u) {
  Spread spread{.errors = SmallVector::Constant(problem.size(), std::numeric_limits<double>::quiet_NaN()),
                .covariance = {}};
  FitEvaluator evaluator(problem);
  Linearisation here;
  evaluator.linearise(u, evaluator.weights(), problem.delta, here);
  if (!here.metric.allFinite()) return spread;
  spread.condition = condition_number(here.metric);
  const std::vector<double> residuals = residuals_of(problem, evaluator.fitted());
  const auto inverse_of_gram = inverse(here.metric);
  const std::vector<double> leverages =
      inverse_of_gram ? leverages_of(evaluator, u, *inverse_of_gram) : std::vector<double>(problem.rows(), 0.0);
  const Scores scores = scores_of(problem, residuals, leverages);
  spread.deviance_scale = deviance_scale(problem, scores);
  spread.covariance = std::isfinite(problem.delta) || !problem.clusters.empty()
                          ? sandwich(evaluator, u, scores, leverages)
                          : least_squares(problem, u, here.metric, residual_variance(problem, residuals));
  if (spread.covariance && !spread.covariance->allFinite()) spread.covariance.reset();
  if (spread.covariance) spread.errors = spread.covariance->diagonal().cwiseMax(0).cwiseSqrt();
  return spread;
}

}  // namespace isoflop
