// SPDX-License-Identifier: Apache-2.0
#include "core/fit/far_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace isoflop {
namespace {

// Of the logistic distribution of decades; the tail keeps it finite.
constexpr double kMiddleDecade = -0.3, kDecades = 0.8, kTail = 0.005;
// Objectives that differ by less are one.
constexpr double kSameValue = 1e-8;

void keep_better(Polished& best, const Polished& other) {
  if (other.value < best.value || !std::isfinite(best.value)) best = other;
}

// The objective that Projection minimises too.
bool is_projected(const FitProblem& problem) {
  return problem.objective == Objective::kMse && problem.priors.empty();
}

// The same problem with logarithms of those parameters of unknown size that `u` has above 0: ranges over many decades
// are straighter there.
FitProblem in_logarithms(const FitProblem& problem, const SmallVector& u) {
  FitProblem other = problem;
  for (int j = 0; j < problem.size(); ++j) {
    const auto index = static_cast<std::size_t>(j);
    if (!problem.natural[index] || !(u[j] > 0)) continue;
    other.natural[index] = 0;
    other.logarithmic[index] = 1;
    other.lower[j] = -std::numeric_limits<double>::infinity();
    other.upper[j] = std::numeric_limits<double>::infinity();
  }
  return other;
}

int signs_changed(const SmallVector& from, const SmallVector& to) {
  int changed = 0;
  for (int j = 0; j < from.size(); ++j) changed += from[j] * to[j] < 0;
  return changed;
}

}  // namespace

bool any_natural(const FitProblem& problem) {
  return std::find(problem.natural.begin(), problem.natural.end(), 1) != problem.natural.end();
}

double natural_start(const NaturalScale& scale, double share) {
  if (scale.place) {
    share *= 2;
    if (share < 1) return scale.place->low + share * (scale.place->high - scale.place->low);
    share -= 1;
  }
  const double sign = share < 0.5 ? 1 : -1;
  share = share < 0.5 ? 2 * share : 2 * share - 1;
  return sign * scale.size * std::pow(10.0, kMiddleDecade + kDecades * std::log((share + kTail) / (1 - share + kTail)));
}

Polished polish_afar(FitEvaluator& evaluator, Projection& projection, const SmallVector& start, Method method,
                     int iterations) {
  const FitProblem& problem = evaluator.problem();
  const auto& weights = evaluator.weights();
  PolishOptions options{.delta = problem.delta, .iterations = iterations, .method = method};
  SmallVector projected = start;
  const bool solved = !projection.linear().empty() && projection.solve(projected);
  if (is_projected(problem) && solved) options.projection = &projection;
  Polished best = polish(evaluator, solved ? projected : start, weights, options);
  options.method = Method::kNewton;
  options.projection = nullptr;
  if (std::isfinite(best.value)) keep_better(best, polish(evaluator, best.u, weights, options));
  return best;
}

Polished polish_given(FitEvaluator& evaluator, const SmallVector& start) {
  constexpr int kIterations = 1000;
  const FitProblem& problem = evaluator.problem();
  const auto& weights = evaluator.weights();
  Polished best;
  const auto consider = [&](const Polished& other) {
    if (!std::isfinite(other.value)) return;
    const bool same = std::abs(other.value - best.value) <= kSameValue * best.value;
    if (best.u.size() > 0 && same ? signs_changed(start, other.u) < signs_changed(start, best.u)
                                  : best.u.size() == 0 || other.value < best.value)
      best = other;
  };
  for (const Method method : {Method::kNewton, Method::kLevenbergMarquardt})
    consider(polish(evaluator, start, weights, {.delta = problem.delta, .iterations = kIterations, .method = method}));
  Projection projection(problem);
  for (const Method method : {Method::kNewton, Method::kLevenbergMarquardt})
    consider(polish_afar(evaluator, projection, start, method, kIterations));
  const FitProblem logarithms = in_logarithms(problem, start);
  FitEvaluator other(logarithms);
  Projection other_projection(logarithms);
  const Polished found = polish_afar(other, other_projection, logarithms.coordinates(problem.theta_at(start)),
                                     Method::kLevenbergMarquardt, kIterations);
  if (std::isfinite(found.value))
    consider(polish(evaluator, problem.coordinates(logarithms.theta_at(found.u)), weights, {.delta = problem.delta}));
  if (best.u.size() == 0) best.value = std::numeric_limits<double>::infinity();
  return best;
}

}  // namespace isoflop
