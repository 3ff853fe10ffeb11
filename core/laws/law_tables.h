// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/laws/formula_reader.h"
#include "core/laws/law.h"

namespace isoflop {

// Parts of a law file that build on the rest of the law, which has been read. Mistakes are thrown as Error.

// [frontier]. `names`: the law's parameters.
LawFrontier read_frontier(TomlTable& table, FormulaReader& formulas, const Law& law,
                          const std::vector<std::string>& names);

// The frontier that a law of the best params or tokens of a budget is itself; none for other laws. `root` is for
// messages.
std::optional<LawFrontier> own_frontier(const TomlTable& root, const Law& law, const std::vector<std::string>& names);

// [[coefficients]].
CoefficientSet read_coefficients(TomlTable& table, FormulaReader& formulas, const Law& law);

}  // namespace isoflop
