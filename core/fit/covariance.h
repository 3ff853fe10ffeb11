// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>

#include "core/fit/fit_problem.h"

namespace isoflop {

// How well an optimum is determined, in search coordinates, to first order.
struct Spread {
  SmallVector errors;  // standard errors; NaN where there is no covariance
  std::optional<SmallMatrix> covariance;
  double condition = std::numeric_limits<double>::infinity();  // of J^T J with unit columns
  // Twice a rise of the objective over this is about chi-squared with one degree of freedom at the truth: the ratio of
  // the variance of the scores to the curvature, for least squares the residual variance (Koenker and Machado 1999).
  double deviance_scale = std::numeric_limits<double>::quiet_NaN();
};

// Least squares without clusters: s^2 (J^T W J)^-1, W the weights and s^2 the weighted residual variance over n - p.
// Huber and absolute errors: the sandwich n / (n - p) H^-1 V H^-1 with V = sum w_i^2 psi(r_i)^2 / (1 - h_i) g_i g_i^T,
// h_i the leverage of run i (HC2; MacKinnon and White 1985), and H an estimate of sum w_i E[psi'(r_i)] g_i g_i^T, g_i
// the gradient of the residual. psi' is 1 in a window of width delta about 0, which holds few runs where delta is far
// below the noise; the share of all runs in a window h widened to the scale of the residuals, times delta / h,
// estimates the same expectation (Powell 1991), once the runs are taken off that the fit itself draws into the window.
// Where residuals grow with leverage by more than chance, h grows with them. With clusters, in either case: the
// sandwich with the scores w psi g summed within each of the G clusters before they are squared, times G / (G - 1) (n -
// 1) / (n - p) (CR1; Cameron and Miller 2015, equations 11 and 12). A prior counts as one more run, with its own known
// noise.
Spread find_spread(const FitProblem& problem, const SmallVector& u);

}  // namespace isoflop
