// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/fit/fit_problem.h"

namespace isoflop {

// Problems with more runs than this are not handed to Ceres, which keeps an object per residual.
inline constexpr std::size_t kMostCeresRows = 20000;

// Solves the problem with Ceres (trust region, its own Huber loss) from u: a second opinion on the reported optimum.
// The result may be worse than u where the objective has kinks; compare values.
struct CeresSolution {
  SmallVector u;
  double value = 0;
};
std::optional<CeresSolution> ceres_solve(const FitProblem& problem, const SmallVector& u);

// (J^T W J)^-1 in search coordinates, J the derivatives of the residuals at u and W the weights; priors are rows of J.
// Nullopt where J has no full rank.
std::optional<SmallMatrix> ceres_inverse_gram(const FitProblem& problem, const SmallVector& u);

}  // namespace isoflop
