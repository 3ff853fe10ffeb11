// SPDX-License-Identifier: Apache-2.0
#include "core/fit/polish.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/fit/projection.h"

namespace isoflop {
namespace {

// Below this the damping is switched off, above the other the search is stuck.
constexpr double kSmallestDamping = 1e-9, kLargestDamping = 1e12;
// Longest step in a search coordinate: a factor of e^4 in a logarithmic one.
constexpr double kLongestStep = 4;
// With heavier damping than this a short step says little about convergence.
constexpr double kFreeStep = 1e-3;
constexpr int kMostAttempts = 60;
// Where the Hessian is not positive, shares of the metric's diagonal are added. The metric itself would not do: a
// direction that the predictions do not depend on has none, but can have a negative curvature.
constexpr double kSmallestShift = 1e-8, kLargestShift = 1e8;

// Parameters at a bound with the descent direction pointing out of the box.
void find_active(const FitProblem& problem, const SmallVector& u, const SmallVector& gradient,
                 std::vector<char>& active) {
  for (int j = 0; j < u.size(); ++j)
    active[static_cast<std::size_t>(j)] =
        (u[j] <= problem.lower[j] && gradient[j] > 0) || (u[j] >= problem.upper[j] && gradient[j] < 0);
}

// Takes row and column of active parameters out of the system, so that they do not move.
void hold(const std::vector<char>& active, SmallMatrix& matrix) {
  for (int j = 0; j < matrix.rows(); ++j) {
    if (!active[static_cast<std::size_t>(j)]) continue;
    matrix.row(j).setZero();
    matrix.col(j).setZero();
    matrix(j, j) = 1;
  }
}

// By how much a step goes beyond what one step may do. Parameters of unknown scale are curbed by the damping alone.
double excess(const FitProblem& problem, const SmallVector& step) {
  double longest = 0;
  for (int j = 0; j < step.size(); ++j)
    if (!problem.natural[static_cast<std::size_t>(j)]) longest = std::max(longest, std::abs(step[j]));
  return longest / kLongestStep;
}

// Parameters that the predictions hardly depend on still need some resistance.
void add_floor(const FitProblem& problem, const SmallVector& u, SmallMatrix& metric) {
  SmallVector typical(u.size());
  for (int j = 0; j < u.size(); ++j) typical[j] = problem.typical(j, u[j]);
  const double mean = metric.diagonal().dot(typical.cwiseAbs2()) / static_cast<double>(u.size());
  metric.diagonal() += 1e-12 * std::max(mean, 1e-300) * typical.cwiseAbs2().cwiseInverse();
}

// matrix^-1 right, by unit diagonal; nullopt where it is singular.
std::optional<SmallVector> solve_scaled(const SmallMatrix& matrix, const SmallVector& right) {
  const SmallVector unit = matrix.diagonal().cwiseAbs().cwiseSqrt();
  if (!(unit.minCoeff() > 0) || !unit.allFinite()) return std::nullopt;
  const SmallMatrix scaled = unit.cwiseInverse().asDiagonal() * matrix * unit.cwiseInverse().asDiagonal();
  const Eigen::LDLT<SmallMatrix> factor(scaled);
  if (factor.info() != Eigen::Success || !factor.isPositive()) return std::nullopt;
  const SmallVector solved = factor.solve(right.cwiseQuotient(unit)).cwiseQuotient(unit);
  if (!solved.allFinite()) return std::nullopt;
  return solved;
}

}  // namespace

Polished polish(FitEvaluator& evaluator, const SmallVector& start, std::span<const double> weights,
                const PolishOptions& options) {
  const FitProblem& problem = evaluator.problem();
  const int p = problem.size();
  Polished result{.u = start};
  Linearisation here;
  const bool newton = options.method == Method::kNewton;
  SmallMatrix residual_curvature, hessian, metric, system;
  SmallVector largest = SmallVector::Zero(p);
  SmallVector gradient, step, next;
  std::vector<char> active(static_cast<std::size_t>(p));
  Eigen::LLT<SmallMatrix> factor(p);
  double damping = options.damping, shift = 0;

  evaluator.linearise(result.u, weights, options.delta, here);
  result.value = here.value;
  if (!std::isfinite(here.value)) return result;
  bool renew = options.curvature == nullptr;
  if (!renew) residual_curvature = *options.curvature;

  for (; result.iterations < options.iterations; ++result.iterations) {
    find_active(problem, result.u, here.gradient, active);
    hessian = here.gauss;
    metric = here.metric;
    if (newton) {
      if (renew) evaluator.curvature_of_residuals(result.u, residual_curvature);
      hessian += residual_curvature;
    } else {
      largest = largest.cwiseMax(here.metric.diagonal());
      metric = largest.asDiagonal();
    }
    gradient = here.gradient;
    add_floor(problem, result.u, metric);
    if (!hessian.allFinite() || !metric.allFinite() || !gradient.allFinite()) return result;
    hold(active, hessian);
    hold(active, metric);
    for (int j = 0; j < p; ++j)
      if (active[static_cast<std::size_t>(j)]) gradient[j] = 0;

    bool moved = false, faithful = true;
    for (int attempt = 0; !moved; ++attempt) {
      if (attempt == kMostAttempts) return result;
      system = hessian + damping * metric;
      system.diagonal() += shift * metric.diagonal();
      factor.compute(system);
      if (factor.info() != Eigen::Success) {
        faithful = false;
        if (!renew) break;
        shift = std::max(8 * shift, kSmallestShift);
        if (shift > kLargestShift) return result;
        continue;
      }
      step = -factor.solve(gradient);
      if (const double times = excess(problem, step); times > 1) step /= times;
      next = (result.u + step).cwiseMax(problem.lower).cwiseMin(problem.upper);
      step = next - result.u;
      const double promised = -(gradient.dot(step) + 0.5 * step.dot(hessian * step));
      if (!(promised > options.tolerance * result.value)) {
        if (damping <= kFreeStep) {
          result.converged = true;
          return result;
        }
        damping *= promised > 0 ? 0.1 : 8;
        continue;
      }
      if (options.projection) (void)options.projection->solve(next);
      const double value = evaluator.value(next, weights, options.delta);
      const double ratio = (result.value - value) / promised;
      if (!(ratio > 0.7 && ratio < 1.4)) faithful = false;
      if (ratio <= 1e-4 && !renew) break;
      if (ratio > 1e-4) {
        moved = true;
        result.u = next;
        shift = shift * 0.1 < kSmallestShift ? 0 : shift * 0.1;
        if (ratio > 0.75)
          damping = damping * 0.1 < kSmallestDamping ? 0 : damping * 0.1;
        else if (ratio < 0.25)
          damping = std::max(4 * damping, 1e-6);
      } else {
        damping = std::max(8 * damping, 1e-6);
        if (damping > kLargestDamping) {
          result.converged = promised < 1e-9 * result.value;
          return result;
        }
      }
    }
    renew = !options.reuse_curvature || !faithful;
    if (!moved) continue;  // with a new curvature from the same point
    evaluator.linearise(result.u, weights, options.delta, here);
    result.value = here.value;
  }
  return result;
}

SmallVector refine(FitEvaluator& evaluator, const SmallVector& start, std::span<const double> weights, double delta) {
  constexpr int kSteps = 12;
  constexpr double kRounding = 1e-11;  // of the objective
  const FitProblem& problem = evaluator.problem();
  const auto p = static_cast<std::size_t>(problem.size());
  SmallVector u = start;
  Linearisation here, there;
  SmallMatrix curvature;
  std::vector<char> active(p);
  const auto length = [&](const SmallVector& at, const Linearisation& point) {
    SmallVector gradient = point.gradient;
    SmallMatrix metric = point.metric;
    find_active(problem, at, gradient, active);
    hold(active, metric);
    for (std::size_t j = 0; j < p; ++j)
      if (active[j]) gradient[static_cast<Eigen::Index>(j)] = 0;
    const auto step = solve_scaled(metric, gradient);
    return step ? gradient.dot(*step) : std::numeric_limits<double>::infinity();
  };
  evaluator.linearise(u, weights, delta, here);
  double squared = length(u, here);
  for (int i = 0; i < kSteps && std::isfinite(squared) && squared > 0; ++i) {
    evaluator.curvature_of_residuals(u, curvature);
    bool shorter = false;
    for (const bool newton : {true, false}) {
      SmallMatrix hessian = here.gauss;
      if (newton) hessian += curvature;
      SmallVector gradient = here.gradient;
      find_active(problem, u, gradient, active);
      hold(active, hessian);
      for (std::size_t j = 0; j < p; ++j)
        if (active[j]) gradient[static_cast<Eigen::Index>(j)] = 0;
      const auto step = solve_scaled(hessian, gradient);
      if (!step) continue;
      const SmallVector next = (u - *step).cwiseMax(problem.lower).cwiseMin(problem.upper);
      evaluator.linearise(next, weights, delta, there);
      if (!(there.value <= here.value * (1 + kRounding))) continue;
      const double now = length(next, there);
      if (!(now < squared)) continue;
      u = next;
      squared = now;
      shorter = true;
      break;
    }
    if (!shorter) break;
    evaluator.linearise(u, weights, delta, here);
  }
  return u;
}

}  // namespace isoflop
