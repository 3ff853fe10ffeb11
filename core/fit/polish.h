// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/fit/fit_evaluator.h"

namespace isoflop {

class Projection;

// How a polish finds its way. Newton's method in the metric of the predictions follows narrow valleys whatever the
// parameters' scales, but shortens a step without turning it; Levenberg and Marquardt's damping of each parameter by
// itself turns it away from directions that the data do not determine. Far from an optimum neither is the better one.
enum class Method { kNewton, kLevenbergMarquardt };

struct PolishOptions {
  double delta = 0;  // Huber's, of this stage
  int iterations = 200;
  double tolerance = 1e-13;  // stop when a step promises less than this share of the objective
  double damping = 1e-2;     // initial; small near an optimum
  Method method = Method::kNewton;
  // Not null: the linear parameters are solved for after every step, which is a step of the projected problem (Kaufman
  // 1975). For least squares, where the projection has the same objective.
  Projection* projection = nullptr;
  // The curvature of the residuals costs more than everything else. Whether that of an earlier point will do for as
  // long as steps do what they promise; and, if not null, the one to begin with.
  bool reuse_curvature = false;
  const SmallMatrix* curvature = nullptr;
};

struct Polished {
  SmallVector u;
  double value = 0;
  int iterations = 0;
  bool converged = false;
};

// Damped steps from u within the box of the problem: each solves (H + lambda M) s = -g.
//   kNewton              H the exact Hessian (curvature_of_residuals), M = sum w grad r grad r^T
//   kLevenbergMarquardt  H = sum w rho'' grad r grad r^T, M the largest diagonal of sum w grad r grad r^T so far
// Bounds are held by an active set.
Polished polish(FitEvaluator& evaluator, const SmallVector& u, std::span<const double> weights,
                const PolishOptions& options);

// Undamped Newton (else Gauss-Newton) steps from near an optimum for as long as they shorten the gradient in the metric
// of the predictions. The objective itself stops to tell points apart at half of the digits that the parameters can
// have. Returns u where nothing is to be gained.
SmallVector refine(FitEvaluator& evaluator, const SmallVector& u, std::span<const double> weights, double delta);

}  // namespace isoflop
