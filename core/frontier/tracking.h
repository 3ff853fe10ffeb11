// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/fit/sensitivity.h"

namespace isoflop {

// What a sensitivity analysis can watch of the compute-optimal frontier. The law must outlive the result; `context` is
// that of LawInstance. Values are NaN where a set of parameters has no optimum.

// N*(C), named "N*(1e24)".
Tracked track_params_at(const Law& law, const std::map<std::string, double>& context, double flops);

// d log N* / d log C at the budget, named "a(1e24)".
Tracked track_exponent_at(const Law& law, const std::map<std::string, double>& context, double flops);

// What to watch where nobody says: the derived quantity a, else the first one, else the exponent of N* at the budget
// where `theta` has one, else the first parameter.
Tracked suggest_tracked(const Law& law, const std::map<std::string, double>& context, double flops,
                        std::span<const double> theta);

}  // namespace isoflop
