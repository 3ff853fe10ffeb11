// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/fit.h"

namespace isoflop {

// The optima of a fit without its report (no standard errors, no second solver, no findings): for fits by the hundred.
// Best first. Without `starts` (parameters of the law) the global optimum is searched; with them each is polished, so
// that the answer is the best of their basins. Errors as fit_law.
Result<std::vector<LocalOptimum>> refit(const Law& law, const Observations& observations, const FitOptions& options,
                                        const std::vector<std::vector<double>>& starts = {},
                                        const Control& control = {});

}  // namespace isoflop
