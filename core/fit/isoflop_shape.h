// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "core/fit/isoflop_curve.h"

namespace isoflop {

// Exponents beyond this would turn a curve within a factor of two in N.
inline constexpr double kLargestIsoflopExponent = 2;

// The exponents in [0, kLargestIsoflopExponent]^2 for which the curves of IsoflopMethod::kLaw through all budgets
// together leave the smallest sum of squares: the three terms of each budget are projected out, so that the search has
// two dimensions however many budgets there are. Budgets with fewer than four different sizes say nothing of a shape
// and are passed over.
// With `start` the search is local from there, to within `precision` of the exponents.
IsoflopShape fit_isoflop_shape(std::span<const IsoflopPoints> budgets);
IsoflopShape fit_isoflop_shape(std::span<const IsoflopPoints> budgets, const IsoflopShape& start, double precision);

}  // namespace isoflop
