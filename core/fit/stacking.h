// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace isoflop {

// Weights w >= 0 with sum 1 that minimise the mean square of sum_j w_j errors[j]: the stacked prediction of models
// whose errors on the same runs are given (Breiman 1996, "Stacked regressions", with the weights on the simplex). With
// errors of log predictions the stack is the weighted geometric mean of the predictions.
//
// errors[j] has one entry per run, all of the same number. A model with an entry that is not finite has weight 0.
// Exact up to rounding: the weights are the point of least norm in the convex hull of the error vectors, found by
// Wolfe's active set (Wolfe 1976, "Finding the nearest point in a polytope"), which also copes with models that agree.
// Empty where no model has finite errors.
std::vector<double> simplex_weights(const std::vector<std::vector<double>>& errors);

}  // namespace isoflop
