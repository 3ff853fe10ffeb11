// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/formula/expression.h"
#include "ui/math/math_type.h"

namespace isoflop::ui {

struct MathLayoutOptions {
  // Point size of letters.
  double size = 15;
  // Names that are shown otherwise than they are written, as LawParameter::symbol has it.
  std::map<std::string, std::string> symbols;
  // What stands before "=": "L" with the names in brackets, "L(N, D)". Empty: nothing.
  std::string result;
  std::vector<std::string> arguments;
  // Sums wider than this are broken before their terms. Pixels; not positive: never.
  double width = 0;
};

// A formula set as mathematics: fractions, powers, roots, cases, sums. The parts that `let` names stand below, each on
// a line of its own. A formula beyond a few thousand symbols is cut short by an ellipsis.
MathBox layout_math(const Expression& expression, const MathLayoutOptions& options);

}  // namespace isoflop::ui
