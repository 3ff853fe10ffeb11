// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/curve_search.h"

#include <ceres/ceres.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "core/base/parallel.h"

namespace isoflop {
namespace {

constexpr std::size_t kMostParameters = 7;
constexpr double kNoDecay = 1e-9;  // in place of B where the best one is negative

// Point i of the sequence in `dimensions` dimensions: frac(1/2 + (i+1) / phi^(j+1)), phi^(d+1) = phi + 1.
std::array<double, 4> spread_point(int i, int dimensions) {
  double phi = 2;
  for (int k = 0; k < 60; ++k) phi = std::pow(1 + phi, 1.0 / (dimensions + 1));
  std::array<double, 4> point{};
  double step = 1;
  for (int j = 0; j < dimensions; ++j) {
    step /= phi;
    const double x = 0.5 + (i + 1) * step;
    point[static_cast<std::size_t>(j)] = x - std::floor(x);
  }
  return point;
}

std::vector<double> start_at(CurveLaw law, const CurveScale& scale, int i) {
  std::vector<double> theta(curve_parameters(law).size(), 1.0);
  if (law == CurveLaw::kAnnealing) {
    theta[2] = 0.05 + 1.45 * spread_point(i, 1)[0];
    return theta;
  }
  const auto x = spread_point(i, 4);
  theta[2] = 0.05 + 1.15 * x[0];
  theta[5] = 0.1 + 1.4 * x[1];
  theta[6] = 0.05 + 1.25 * x[2];
  // A fall saturates once C eta^-gamma S passes 1: between the whole run and a millionth of it.
  theta[4] = std::pow(10.0, 6 * x[3]) / scale.area * std::pow(scale.rate, theta[6]);
  return theta;
}

// L0, A and B of least squares of L / loss - 1; without B, and then without A, where they come out negative.
bool project(CurveLaw law, const std::vector<CurveTarget>& targets, CurveCandidate& candidate) {
  const auto rows = static_cast<Eigen::Index>(targets.size());
  Eigen::MatrixXd basis(rows, 3);
  for (Eigen::Index i = 0; i < rows; ++i) {
    const CurveTarget& target = targets[static_cast<std::size_t>(i)];
    const CurveBasis at = curve_basis(law, target.point, candidate.theta);
    basis.row(i) << at.power / target.loss, -at.decay / target.loss, 1 / target.loss;
  }
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(rows);
  for (const bool with_decay : {true, false}) {
    Eigen::MatrixXd used = basis;
    if (!with_decay) used.col(1).setZero();
    const Eigen::VectorXd solution = used.colPivHouseholderQr().solve(ones);
    if (!solution.allFinite() || solution[0] <= 0 || solution[2] <= 0 || (with_decay && solution[1] <= 0)) continue;
    candidate.value = (used * solution - ones).squaredNorm();
    candidate.theta[0] = solution[2];
    candidate.theta[1] = solution[0];
    candidate.theta[3] = with_decay ? solution[1] : kNoDecay;
    return std::isfinite(candidate.value);
  }
  return false;
}

class PointResidual : public ceres::CostFunction {
 public:
  PointResidual(CurveLaw law, const CurveTarget& target) : law_(law), target_(&target) {
    set_num_residuals(1);
    mutable_parameter_block_sizes()->push_back(static_cast<int>(curve_parameters(law).size()));
  }

  bool Evaluate(const double* const* parameters, double* residuals, double** jacobians) const override {
    const std::size_t count = curve_parameters(law_).size();
    std::array<double, kMostParameters> theta{}, gradient{};
    for (std::size_t j = 0; j < count; ++j) theta[j] = std::exp(parameters[0][j]);
    const double loss = curve_loss(law_, target_->point, {theta.data(), count}, gradient.data());
    if (!(loss > 0) || !std::isfinite(loss)) return false;
    residuals[0] = std::log(loss / target_->loss);
    if (jacobians != nullptr && jacobians[0] != nullptr)
      for (std::size_t j = 0; j < count; ++j) jacobians[0][j] = gradient[j] * theta[j] / loss;
    return true;
  }

 private:
  CurveLaw law_;
  const CurveTarget* target_;
};

class StopWhenAsked : public ceres::IterationCallback {
 public:
  explicit StopWhenAsked(const Control& control) : control_(&control) {}
  ceres::CallbackReturnType operator()(const ceres::IterationSummary& /*summary*/) override {
    return control_->cancelled() ? ceres::SOLVER_ABORT : ceres::SOLVER_CONTINUE;
  }

 private:
  const Control* control_;
};

}  // namespace

std::vector<CurveCandidate> project_starts(CurveLaw law, const std::vector<CurveTarget>& targets,
                                           const CurveScale& scale, int count, int threads, const Control& control) {
  std::vector<CurveCandidate> candidates(static_cast<std::size_t>(count));
  const bool finished = parallel_for(candidates.size(), threads, 4, control, [&](int, std::size_t i) {
    candidates[i].theta = start_at(law, scale, static_cast<int>(i));
    if (!project(law, targets, candidates[i])) candidates[i].value = std::numeric_limits<double>::infinity();
  });
  if (!finished) return {};
  std::erase_if(candidates, [](const CurveCandidate& c) { return std::isinf(c.value); });
  std::ranges::stable_sort(candidates, {}, &CurveCandidate::value);
  return candidates;
}

CurveCandidate polish_curve(CurveLaw law, const std::vector<CurveTarget>& targets, const std::vector<double>& theta,
                            double delta, const Control& control) {
  const auto& names = curve_parameters(law);
  std::vector<double> logs;
  for (std::size_t j = 0; j < theta.size(); ++j) {
    const CurveBounds bounds = curve_bounds(names[j]);
    logs.push_back(std::log(std::clamp(theta[j], bounds.lower, bounds.upper)));
  }
  ceres::Problem problem;
  for (const CurveTarget& target : targets)
    problem.AddResidualBlock(new PointResidual(law, target),  // owned by the problem, as its loss function
                             std::isfinite(delta) ? new ceres::HuberLoss(delta) : nullptr, logs.data());
  for (std::size_t j = 0; j < names.size(); ++j) {
    const CurveBounds bounds = curve_bounds(names[j]);
    problem.SetParameterLowerBound(logs.data(), static_cast<int>(j), std::log(bounds.lower));
    problem.SetParameterUpperBound(logs.data(), static_cast<int>(j), std::log(bounds.upper));
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.logging_type = ceres::SILENT;
  options.max_num_iterations = 300;
  options.function_tolerance = 1e-12;
  options.gradient_tolerance = 1e-16;
  options.parameter_tolerance = 1e-12;
  StopWhenAsked stop(control);
  options.callbacks.push_back(&stop);
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  CurveCandidate candidate{.theta = {}, .value = summary.final_cost};
  for (const double value : logs) candidate.theta.push_back(std::exp(value));
  if (!summary.IsSolutionUsable()) candidate.value = std::numeric_limits<double>::infinity();
  return candidate;
}

}  // namespace isoflop
