// SPDX-License-Identifier: Apache-2.0
#include "core/fit/resample.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/fit/fit_evaluator.h"

namespace isoflop {
namespace {

// Runs that decide more of their own fitted value than this count as deciding this much.
constexpr double kLargestLeverage = 0.6;
// Of weights: beyond it few runs decide a resample.
constexpr double kLargestVariance = 10;

// Share of its own fitted value that each run decides, in a least-squares fit; zeros where the design is singular.
std::vector<double> leverages(const FitEvaluator& evaluator, const SmallVector& u, const SmallMatrix& gram) {
  const FitProblem& problem = evaluator.problem();
  const int p = problem.size();
  std::vector<double> leverage(problem.rows(), 0);
  const Eigen::LLT<SmallMatrix> factor(gram);
  if (factor.info() != Eigen::Success) return leverage;
  SmallVector gradient(p);
  for (std::size_t i = 0; i < leverage.size(); ++i) {
    for (int j = 0; j < p; ++j)
      gradient[j] = (problem.logarithmic[static_cast<std::size_t>(j)] ? std::exp(u[j]) : 1) *
                    evaluator.residual_jacobian()[static_cast<std::size_t>(j) * problem.padded() + i];
    const double h = problem.weights[i] * gradient.dot(factor.solve(gradient));
    if (std::isfinite(h)) leverage[i] = std::clamp(h, 0.0, kLargestLeverage);
  }
  return leverage;
}

// Where sum psi(r - m) = 0: the mean for least squares, near the median for a small delta.
double location(const std::vector<double>& residuals, double delta) {
  if (std::isinf(delta))
    return std::accumulate(residuals.begin(), residuals.end(), 0.0) / static_cast<double>(residuals.size());
  const auto [least, most] = std::minmax_element(residuals.begin(), residuals.end());
  double low = *least, high = *most;
  for (int i = 0; i < 200 && high - low > 1e-15 * (1 + std::abs(low) + std::abs(high)); ++i) {
    const double middle = 0.5 * (low + high);
    double slope = 0;
    for (const double r : residuals) slope += rho_huber(r - middle, delta).slope;
    (slope > 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// Share of the scores' variance that comes from runs whose residuals count squared.
double quadratic_share(const FitProblem& problem, const std::vector<double>& residuals) {
  double inside = 0, all = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double slope = problem.weights[i] * rho_huber(residuals[i], problem.delta).slope;
    all += slope * slope;
    if (std::abs(residuals[i]) <= problem.delta) inside += slope * slope;
  }
  return all > 0 ? inside / all : 1;
}

// (t / z)^2
double heavier_tails(double freedom) {
  return std::pow(student_quantile(0.975, std::max(freedom, 1.0)) / normal_quantile(0.975), 2);
}

double uniform(Philox& random) {
  return (random.next_u32() + 0.5) * 0x1p-32;
}

// Mean 1 and the variance v, never negative: exponential for v = 1; a constant and the rest exponential below, zero
// with probability 1 - 2 / (1 + v) and else exponential above.
double random_weight(Philox& random, double variance) {
  const double u = uniform(random);
  if (variance <= 1) return 1 - std::sqrt(variance) * (1 + std::log(u));
  const double kept = 2 / (1 + variance);
  return u < kept ? -std::log(u / kept) / kept : 0;
}

}  // namespace

Resampler::Resampler(const FitProblem& problem, const SmallVector& u, BootstrapKind kind, std::uint64_t seed)
    : problem_(&problem), kind_(kind), seed_(seed) {
  if (kind == BootstrapKind::kDraws) return;
  FitEvaluator evaluator(problem);
  Linearisation here;
  evaluator.linearise(u, evaluator.weights(), problem.delta, here);
  fitted_.assign(evaluator.fitted().begin(), evaluator.fitted().end());
  const std::vector<double> leverage = leverages(evaluator, u, here.metric);
  std::vector<double> residuals(problem.rows());
  for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] = problem.target[i] - fitted_[i];
  const double share = quadratic_share(problem, residuals);
  if (kind == BootstrapKind::kRuns)
    prepare_weights(share, leverage);
  else
    prepare_residuals(share, leverage, residuals);
}

void Resampler::prepare_weights(double quadratic_share, const std::vector<double>& leverage) {
  const FitProblem& problem = *problem_;
  if (!problem.clusters.empty()) {
    const auto groups = static_cast<double>(problem.cluster_count);
    const double least = groups / (groups - 1) * heavier_tails(groups - 1);
    std::vector<double> decided(problem.cluster_count, 0);
    for (std::size_t row = 0; row < leverage.size(); ++row) decided[problem.clusters[row]] += leverage[row];
    for (const double h : decided) {
      const double left = 1 - std::min(h, kLargestLeverage);
      variances_.push_back(std::min(kLargestVariance, least * (quadratic_share / left + 1 - quadratic_share)));
    }
    return;
  }
  const double tails = heavier_tails(static_cast<double>(problem.rows()) - problem.size());
  for (const double h : leverage) {
    const double left = (1 - h) * (1 - h);
    variances_.push_back(std::min(kLargestVariance, quadratic_share * tails / left + (1 - quadratic_share) * left));
  }
}

void Resampler::prepare_residuals(double quadratic_share, const std::vector<double>& leverage,
                                  const std::vector<double>& residuals) {
  const FitProblem& problem = *problem_;
  std::vector<double> magnitudes;
  for (std::size_t i = 0; i < problem.rows(); ++i) {
    residuals_.push_back(residuals[i] * std::sqrt(problem.weights[i]) / (1 - leverage[i]));
    magnitudes.push_back(std::abs(residuals[i]) * std::sqrt(problem.weights[i]));
  }
  const auto n = static_cast<double>(problem.rows());
  const double centre = location(residuals_, problem.delta), tails = std::sqrt(heavier_tails(n - problem.size()));
  for (double& r : residuals_) r = tails * (r - centre);
  const double bandwidth = 0.75 * 1.4826 * quantile(std::move(magnitudes), 0.5) * std::pow(n, -0.2);
  smoothing_ = (1 - quadratic_share) * bandwidth * std::sqrt(12.0);
}

void Resampler::draw(std::uint64_t i, Resample& out) const {
  Philox random(seed_, i);
  const FitProblem& problem = *problem_;
  const auto rows = static_cast<std::uint32_t>(problem.rows());
  if (kind_ == BootstrapKind::kResidual) {
    out.weights = problem.weights;
    out.target.assign(problem.padded(), 0);
    for (std::uint32_t row = 0; row < rows; ++row) {
      double r = residuals_[random.below(rows)];
      if (smoothing_ > 0) r += smoothing_ * (uniform(random) - 0.5);
      out.target[row] = fitted_[row] + r / std::sqrt(problem.weights[row]);
    }
  } else {
    out.weights.assign(problem.padded(), 0);
    const bool clustered = !problem.clusters.empty();
    const auto count = static_cast<std::uint32_t>(problem.cluster_count);
    std::vector<double> of_clusters(clustered ? count : 0);
    std::vector<double>& times = clustered ? of_clusters : out.weights;
    if (kind_ == BootstrapKind::kDraws)
      for (std::uint32_t k = 0; k < count; ++k) times[random.below(count)] += 1;
    else
      for (std::uint32_t k = 0; k < count; ++k) times[k] = random_weight(random, variances_[k]);
    for (std::uint32_t row = 0; row < rows; ++row)
      out.weights[row] = problem.weights[row] * (clustered ? of_clusters[problem.clusters[row]] : out.weights[row]);
  }
  out.prior_shifts.resize(problem.priors.size());
  for (double& shift : out.prior_shifts) shift = random.normal();
}

}  // namespace isoflop
