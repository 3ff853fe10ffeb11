// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/fit/comparison.h"

namespace isoflop {

// Fewer runs left out than this say little.
inline constexpr std::size_t kFewHeldOut = 8;
// A bias is systematic when it is this share of the mean absolute error and this many standard errors.
inline constexpr double kSystematicShare = 0.5, kSystematicErrors = 3;
// Differences in AICc below this are no preference (Burnham and Anderson 2002, section 2.6).
inline constexpr double kAiccMargin = 2;

// What a comparison, sorted with the best law first, says about how far to trust its order.
std::vector<Finding> comparison_findings(const Comparison& comparison);

}  // namespace isoflop
