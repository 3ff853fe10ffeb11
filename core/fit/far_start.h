// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fit/natural_scale.h"
#include "core/fit/polish.h"
#include "core/fit/projection.h"

namespace isoflop {

// Where nothing is known of a parameter's size (FitProblem::natural), a start can be off by decades. These take care.

bool any_natural(const FitProblem& problem);

// A start for a parameter of unknown size, from a share in [0, 1): either sign; decades from what the columns suggest
// by a logistic distribution, half of them within one, few out to four; where it is a place on a column, half of the
// starts lie among the data.
double natural_start(const NaturalScale& scale, double share);

// Polishes a start that may be far off, with the linear parameters projected out.
Polished polish_afar(FitEvaluator& evaluator, Projection& projection, const SmallVector& start, Method method,
                     int iterations);

// Polishes a start that somebody gave, by several methods and in the logarithms of what it has above 0. Where a formula
// says the same with parameters of other signs or in another order, the signs of the start are kept.
Polished polish_given(FitEvaluator& evaluator, const SmallVector& start);

}  // namespace isoflop
