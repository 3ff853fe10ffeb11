// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "core/base/result.h"
#include "core/formula/expression.h"
#include "core/laws/law.h"

namespace isoflop {

// Ties of a fit, resolved: what each tied parameter is in terms of parameters that are not tied.
using ResolvedTies = std::map<std::string, Expression>;

// `ties` as FitOptions holds them. A tie may name other tied parameters, but not itself by any detour. Errors: kParse
// for text that is no formula, kInvalidArgument for names that are no parameters of the law and for circles.
Result<ResolvedTies> resolve_ties(const Law& law, const std::map<std::string, std::string>& ties);

// The expression with the names of the ties replaced by what they stand for.
Expression substitute(const Expression& expression, const ResolvedTies& ties);

}  // namespace isoflop
