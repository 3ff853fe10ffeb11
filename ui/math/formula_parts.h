// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/formula/expression.h"

namespace isoflop::ui {

// A formula as it was written: its `let` names, each with what it stands for, and what is made of them. In an
// Expression they are resolved, and a law with six of them would fill a page.
struct FormulaParts {
  struct Definition {
    std::string name;
    Expression value;
  };
  std::vector<Definition> definitions;
  Expression body;
};

// Falls back to the whole expression, without definitions, where its source cannot be taken apart.
FormulaParts split_formula(const Expression& expression);

}  // namespace isoflop::ui
