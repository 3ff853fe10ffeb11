// SPDX-License-Identifier: Apache-2.0
#include "core/fit/fit_evaluator.h"

#include <cmath>
#include <limits>

#include "core/fit/fit_kernels.h"
#include "core/fit/prior.h"

namespace isoflop {
namespace {

// Step of the forward differences, in typical changes of the search coordinates: the truncation then matches the
// rounding of a first derivative.
constexpr double kDifferenceStep = 1e-6;
// Of the central differences of a pull's quantity.
constexpr double kPullStep = 1e-5;

Evaluator bind(const FitProblem& problem) {
  std::vector<std::span<const double>> columns(problem.columns.begin(), problem.columns.end());
  return Evaluator(problem.residual, columns, problem.rows());
}

}  // namespace

FitEvaluator::FitEvaluator(const FitProblem& problem)
    : problem_(&problem),
      evaluator_(bind(problem)),
      free_theta_(static_cast<std::size_t>(problem.size())),
      chain_(free_theta_.size()),
      fitted_(problem.padded()),
      jacobian_(problem.padded() * free_theta_.size()),
      trial_(problem.padded()),
      trial_jacobian_(jacobian_.size()),
      slopes_(problem.padded()),
      curvatures_(problem.padded()),
      scratch_(problem.padded()),
      gram_(free_theta_.size() * free_theta_.size()) {}

void FitEvaluator::set_parameters(const SmallVector& u) {
  for (std::size_t j = 0; j < free_theta_.size(); ++j) {
    const double x = u[static_cast<Eigen::Index>(j)];
    free_theta_[j] = problem_->logarithmic[j] ? std::exp(x) : x;
    chain_[j] = problem_->logarithmic[j] ? free_theta_[j] : 1;
  }
}

double FitEvaluator::value(const SmallVector& u, std::span<const double> weights, double delta) {
  set_parameters(u);
  evaluator_.predict(free_theta_, trial_);
  const double value =
      fit_kernels().huber(trial_.data(), target(), weights.data(), delta, problem_->padded(), nullptr, nullptr) +
      extra_value(u);
  return std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
}

double FitEvaluator::extra_value(const SmallVector& u) const {
  double sum = 0;
  for (std::size_t k = 0; k < problem_->priors.size(); ++k) {
    const PriorTerm& term = problem_->priors[k];
    const double q = prior_deviation(term.prior, problem_->logarithmic[static_cast<std::size_t>(term.position)] != 0,
                                     u[term.position])
                         .value -
                     shift(k);
    sum += 0.5 * problem_->prior_scale * q * q;
  }
  if (pull_) sum += 0.5 * pull_->strength * std::pow(pull_->quantity(u) - pull_->target, 2);
  return sum;
}

void FitEvaluator::add_extra_slopes(const SmallVector& u, Linearisation& out) const {
  for (std::size_t k = 0; k < problem_->priors.size(); ++k) {
    const PriorTerm& term = problem_->priors[k];
    const int j = term.position;
    const PriorDeviation q = prior_deviation(term.prior, problem_->logarithmic[static_cast<std::size_t>(j)] != 0, u[j]);
    out.gradient[j] += problem_->prior_scale * (q.value - shift(k)) * q.slope;
    out.gauss(j, j) += problem_->prior_scale * q.slope * q.slope;
    out.metric(j, j) += problem_->prior_scale * q.slope * q.slope;
  }
  if (!pull_) return;
  SmallVector moved = u, slope(u.size());
  for (int j = 0; j < u.size(); ++j) {
    const double step = kPullStep * problem_->typical(j, u[j]);
    moved[j] = u[j] + step;
    const double up = pull_->quantity(moved);
    moved[j] = u[j] - step;
    slope[j] = (up - pull_->quantity(moved)) / (2 * step);
    moved[j] = u[j];
  }
  out.gradient += pull_->strength * (pull_->quantity(u) - pull_->target) * slope;
  out.gauss += pull_->strength * slope * slope.transpose();
}

void FitEvaluator::add_extra_curvature(const SmallVector& u, SmallMatrix& out) const {
  for (std::size_t k = 0; k < problem_->priors.size(); ++k) {
    const PriorTerm& term = problem_->priors[k];
    const int j = term.position;
    const PriorDeviation q = prior_deviation(term.prior, problem_->logarithmic[static_cast<std::size_t>(j)] != 0, u[j]);
    out(j, j) += problem_->prior_scale * (q.value - shift(k)) * q.curvature;
  }
}

void FitEvaluator::project_slopes(std::span<double> jacobian, SmallVector& out) {
  out.resize(problem_->size());
  const std::size_t stride = problem_->padded();
  for (std::size_t j = 0; j < free_theta_.size(); ++j)
    out[static_cast<Eigen::Index>(j)] =
        chain_[j] * fit_kernels().dot(jacobian.data() + j * stride, slopes_.data(), stride);
}

void FitEvaluator::linearise(const SmallVector& u, std::span<const double> weights, double delta, Linearisation& out) {
  const int p = problem_->size();
  const std::size_t stride = problem_->padded();
  set_parameters(u);
  evaluator_.predict(free_theta_, fitted_, jacobian_, stride);
  const double value =
      fit_kernels().huber(fitted_.data(), target(), weights.data(), delta, stride, slopes_.data(), curvatures_.data()) +
      extra_value(u);
  out.value = std::isfinite(value) ? value : std::numeric_limits<double>::infinity();
  project_slopes(jacobian_, out.gradient);
  base_ = out.gradient;
  const auto scaled_gram = [&](const double* weight, SmallMatrix& matrix) {
    fit_kernels().gram(jacobian_.data(), stride, p, weight, stride, scratch_.data(), gram_.data());
    matrix.resize(p, p);
    for (int j = 0; j < p; ++j)
      for (int k = 0; k < p; ++k)
        matrix(j, k) = gram_[static_cast<std::size_t>(j * p + k)] * chain_[static_cast<std::size_t>(j)] *
                       chain_[static_cast<std::size_t>(k)];
  };
  scaled_gram(curvatures_.data(), out.gauss);
  scaled_gram(weights.data(), out.metric);
  add_extra_slopes(u, out);
}

void FitEvaluator::curvature_of_residuals(const SmallVector& u, SmallMatrix& out) {
  const int p = problem_->size();
  out.resize(p, p);
  for (int j = 0; j < p; ++j) {
    moved_ = u;
    const double step = kDifferenceStep * problem_->typical(j, u[j]);
    moved_[j] += step;
    set_parameters(moved_);
    evaluator_.predict(free_theta_, trial_, trial_jacobian_, problem_->padded());
    project_slopes(trial_jacobian_, shifted_);
    out.col(j) = (shifted_ - base_) / step;
  }
  out = (0.5 * (out + out.transpose())).eval();
  add_extra_curvature(u, out);
}

}  // namespace isoflop
