// SPDX-License-Identifier: Apache-2.0
#include "core/fit/resample.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.h"
#include "core/fit/fit_evaluator.h"

namespace isoflop {
namespace {

// A run that the fit passes through whatever its loss says nothing about the noise.
constexpr double kLargestLeverage = 0.99;

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

}  // namespace

Resampler::Resampler(const FitProblem& problem, const SmallVector& u, BootstrapKind kind, std::uint64_t seed)
    : problem_(&problem), kind_(kind), seed_(seed) {
  if (kind == BootstrapKind::kRuns) return;
  FitEvaluator evaluator(problem);
  Linearisation here;
  evaluator.linearise(u, evaluator.weights(), problem.delta, here);
  fitted_.assign(evaluator.fitted().begin(), evaluator.fitted().end());
  const std::vector<double> leverage = leverages(evaluator, u, here.metric);
  for (std::size_t i = 0; i < problem.rows(); ++i)
    residuals_.push_back((problem.target[i] - fitted_[i]) * std::sqrt(problem.weights[i] / (1 - leverage[i])));
  const double centre = location(residuals_, problem.delta);
  for (double& r : residuals_) r -= centre;
}

void Resampler::draw(std::uint64_t i, Resample& out) const {
  Philox random(seed_, i);
  const FitProblem& problem = *problem_;
  if (kind_ == BootstrapKind::kRuns) {
    out.weights.assign(problem.padded(), 0);
    if (problem.clusters.empty()) {
      const auto rows = static_cast<std::uint32_t>(problem.rows());
      for (std::uint32_t k = 0; k < rows; ++k) out.weights[random.below(rows)] += 1;
    } else {
      std::vector<double> times(problem.cluster_count, 0);
      const auto clusters = static_cast<std::uint32_t>(problem.cluster_count);
      for (std::uint32_t k = 0; k < clusters; ++k) times[random.below(clusters)] += 1;
      for (std::size_t row = 0; row < problem.rows(); ++row) out.weights[row] = times[problem.clusters[row]];
    }
    for (std::size_t row = 0; row < problem.rows(); ++row) out.weights[row] *= problem.weights[row];
  } else {
    out.weights = problem.weights;
    out.target.assign(problem.padded(), 0);
    const auto rows = static_cast<std::uint32_t>(problem.rows());
    for (std::size_t row = 0; row < problem.rows(); ++row)
      out.target[row] = fitted_[row] + residuals_[random.below(rows)] / std::sqrt(problem.weights[row]);
  }
  out.prior_shifts.resize(problem.priors.size());
  for (double& shift : out.prior_shifts) shift = random.normal();
}

}  // namespace isoflop
