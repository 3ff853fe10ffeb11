// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/fit/objective.h"

namespace isoflop {

// The noise model behind an objective: that a residual r of weight w has the density exp(-w rho(r) / tau) / Z(tau / w),
// with rho of objective.h. For least squares it is the normal one with variance tau / w, for absolute errors Laplace's,
// for Huber's loss normal within delta and Laplace's beyond. With s = tau / w and x = delta / sqrt(2 s),
//   Z(s) = sqrt(2 pi s) erf(x) + (2 s / delta) exp(-x^2).
struct NoiseScale {
  double tau = 0;             // the maximum-likelihood scale, in units of the objective
  double log_likelihood = 0;  // of the response at that scale, in the response's own unit
};

// `residuals` as the objective takes them: log(prediction) - log(response) for the log objectives, prediction -
// response otherwise. The likelihood is that of the response in either case: a log objective brings the Jacobian -sum
// log(y), so that fits with log and plain objectives compare. `weights` may be empty (all 1); `delta` is Huber's.
// Residuals that are all zero give tau 0 and an infinite likelihood, one that is not finite gives NaN.
NoiseScale noise_scale(Objective objective, double delta, std::span<const double> residuals,
                       std::span<const double> response, std::span<const double> weights = {});

// log Z(s) of Huber's rho, s > 0; delta may be infinite (least squares). `slope` is d log Z / d log s, from 1/2
// (normal) to 1 (Laplace).
struct LogNormaliser {
  double value = 0, slope = 0;
};
LogNormaliser huber_normaliser(double s, double delta);

}  // namespace isoflop
