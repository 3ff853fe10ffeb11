// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/fit/fit.h"

namespace isoflop {

// Deviation of a parameter from its prior in units of the prior's spread, with its derivatives in the search coordinate
// u: the parameter is exp(u) where `logarithmic`, u otherwise. `value` is NaN where the prior has no support.
struct PriorDeviation {
  double value = 0, slope = 0, curvature = 0;
};
PriorDeviation prior_deviation(const Prior& prior, bool logarithmic, double u);

// "normal(0.35, 0.05)" or "lognormal(400, 0.5)". Errors: kParse with what was expected.
Result<Prior> parse_prior(std::string_view text);

}  // namespace isoflop
