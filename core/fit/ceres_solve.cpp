// SPDX-License-Identifier: Apache-2.0
#include "core/fit/ceres_solve.h"

#include <ceres/ceres.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "core/fit/fit_evaluator.h"
#include "core/fit/prior.h"

namespace isoflop {
namespace {

// Evaluates all residuals at once, by columns, when Ceres announces a point; the residual blocks then read their
// entries.
class Columns : public ceres::EvaluationCallback {
 public:
  Columns(const FitProblem& problem, const SmallVector& u) : evaluator_(problem), u_(u) {}

  void PrepareForEvaluation(bool jacobians, bool new_point) override {
    if (!new_point && (!jacobians || has_jacobian_)) return;
    evaluator_.linearise(u_, evaluator_.weights(), evaluator_.problem().delta, here_);
    has_jacobian_ = true;
  }

  double* parameters() { return u_.data(); }
  const SmallVector& u() const { return u_; }
  FitEvaluator& evaluator() { return evaluator_; }

  bool read(std::size_t row, double* residual, double* jacobian) const {
    const FitProblem& problem = evaluator_.problem();
    *residual = evaluator_.fitted()[row] - problem.target[row];
    if (jacobian)
      for (int j = 0; j < problem.size(); ++j) {
        const double chain = problem.logarithmic[static_cast<std::size_t>(j)] ? std::exp(u_[j]) : 1;
        jacobian[j] = chain * evaluator_.residual_jacobian()[static_cast<std::size_t>(j) * problem.padded() + row];
      }
    return std::isfinite(*residual);
  }

 private:
  FitEvaluator evaluator_;
  SmallVector u_;
  Linearisation here_;
  bool has_jacobian_ = false;
};

class Residual : public ceres::CostFunction {
 public:
  Residual(const Columns& columns, std::size_t row, int parameters, double scale)
      : columns_(columns), row_(row), scale_(scale) {
    set_num_residuals(1);
    mutable_parameter_block_sizes()->push_back(parameters);
  }
  bool Evaluate(double const* const*, double* residuals, double** jacobians) const override {
    double* slopes = jacobians ? jacobians[0] : nullptr;
    if (!columns_.read(row_, residuals, slopes)) return false;
    *residuals *= scale_;
    if (slopes)
      for (int j = 0; j < parameter_block_sizes()[0]; ++j) slopes[j] *= scale_;
    return true;
  }

 private:
  const Columns& columns_;
  std::size_t row_;
  double scale_;
};

// sqrt(tau) q of a prior.
class PriorResidual : public ceres::CostFunction {
 public:
  PriorResidual(const FitProblem& problem, const PriorTerm& term) : problem_(problem), term_(term) {
    set_num_residuals(1);
    mutable_parameter_block_sizes()->push_back(problem.size());
  }
  bool Evaluate(double const* const* u, double* residuals, double** jacobians) const override {
    const int j = term_.position;
    const PriorDeviation q =
        prior_deviation(term_.prior, problem_.logarithmic[static_cast<std::size_t>(j)] != 0, u[0][j]);
    const double scale = std::sqrt(problem_.prior_scale);
    *residuals = scale * q.value;
    if (jacobians && jacobians[0]) {
      std::fill_n(jacobians[0], problem_.size(), 0.0);
      jacobians[0][j] = scale * q.slope;
    }
    return std::isfinite(*residuals);
  }

 private:
  const FitProblem& problem_;
  const PriorTerm& term_;
};

// The sum over runs of weight * loss(residual), or where there is no loss the sum of squares with the weights inside.
struct CeresProblem {
  explicit CeresProblem(Columns& columns, ceres::LossFunction* loss) {
    const FitProblem& fit = columns.evaluator().problem();
    ceres::Problem::Options options;
    options.evaluation_callback = &columns;
    options.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    problem = std::make_unique<ceres::Problem>(options);
    for (std::size_t row = 0; row < fit.rows(); ++row) {
      ceres::LossFunction* own = loss;
      if (loss && fit.weights[row] != 1) {
        scaled.push_back(std::make_unique<ceres::ScaledLoss>(loss, fit.weights[row], ceres::DO_NOT_TAKE_OWNERSHIP));
        own = scaled.back().get();
      }
      const double scale = loss ? 1 : std::sqrt(fit.weights[row]);
      problem->AddResidualBlock(new Residual(columns, row, fit.size(), scale), own, columns.parameters());
    }
    for (const PriorTerm& term : fit.priors)
      problem->AddResidualBlock(new PriorResidual(fit, term), nullptr, columns.parameters());
  }

  std::vector<std::unique_ptr<ceres::LossFunction>> scaled;  // outlive the problem
  std::unique_ptr<ceres::Problem> problem;
};

}  // namespace

std::optional<CeresSolution> ceres_solve(const FitProblem& problem, const SmallVector& u) {
  if (problem.rows() > kMostCeresRows) return std::nullopt;
  Columns columns(problem, u);
  std::unique_ptr<ceres::LossFunction> loss;
  if (std::isfinite(problem.delta)) loss = std::make_unique<ceres::HuberLoss>(problem.delta);
  const CeresProblem made(columns, loss.get());
  ceres::Problem* built = made.problem.get();
  for (int j = 0; j < problem.size(); ++j) {
    if (std::isfinite(problem.lower[j])) built->SetParameterLowerBound(columns.parameters(), j, problem.lower[j]);
    if (std::isfinite(problem.upper[j])) built->SetParameterUpperBound(columns.parameters(), j, problem.upper[j]);
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 50;
  options.function_tolerance = 1e-12;
  options.gradient_tolerance = 1e-16;
  options.parameter_tolerance = 1e-12;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, built, &summary);
  if (!summary.IsSolutionUsable()) return std::nullopt;
  CeresSolution solution{.u = columns.u()};
  solution.value = columns.evaluator().value(solution.u, columns.evaluator().weights(), problem.delta);
  return solution;
}

std::optional<SmallMatrix> ceres_inverse_gram(const FitProblem& problem, const SmallVector& u) {
  if (problem.rows() > kMostCeresRows) return std::nullopt;
  Columns columns(problem, u);
  const CeresProblem made(columns, nullptr);
  ceres::Covariance::Options options;
  options.algorithm_type = ceres::DENSE_SVD;
  options.min_reciprocal_condition_number = 1e-14;
  options.apply_loss_function = false;
  options.num_threads = 1;
  ceres::Covariance covariance(options);
  const std::vector<const double*> blocks = {columns.parameters()};
  if (!covariance.Compute(blocks, made.problem.get())) return std::nullopt;
  const int p = problem.size();
  std::vector<double> entries(static_cast<std::size_t>(p * p));
  if (!covariance.GetCovarianceBlock(columns.parameters(), columns.parameters(), entries.data())) return std::nullopt;
  SmallMatrix inverse(p, p);
  for (int j = 0; j < p; ++j)
    for (int k = 0; k < p; ++k) inverse(j, k) = entries[static_cast<std::size_t>(j * p + k)];
  if (!inverse.allFinite()) return std::nullopt;
  return inverse;
}

}  // namespace isoflop
