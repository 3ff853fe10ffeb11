// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/hash.h"
#include "core/formula/typeset.h"
#include "core/laws/law.h"

namespace isoflop {
namespace {

struct KnownVariable {
  std::string_view symbol, role, unit;
};
constexpr std::array<KnownVariable, 4> kKnownVariables{{{"N", "params", "parameters"},
                                                        {"D", "tokens", "tokens"},
                                                        {"C", "flops", "FLOP"},
                                                        {"U", "unique_tokens", "tokens"}}};

// Where a parameter stands, as far as it bears on how to search for it.
struct Uses {
  bool factor = false;    // multiplies or divides something
  bool base = false;      // scales what is raised to a power: (N / Nc)^a
  bool exponent = false;  // in an exponent
  bool other = false;     // inside exp, log, tanh ...
};

enum class Place { kSum, kBase, kExponent, kOther };

// `seen` keeps the walk over shared `let` nodes as short as the formula.
using Seen = std::set<std::tuple<const Node*, Place, bool>>;

void note_uses(const Node& node, const std::string& name, Place place, bool factor, Uses& uses, Seen& seen) {
  if (!seen.emplace(&node, place, factor).second) return;
  if (node.kind == NodeKind::kName && node.text == name) {
    uses.factor |= factor && place == Place::kSum;
    uses.base |= place == Place::kBase;
    uses.exponent |= place == Place::kExponent;
    uses.other |= place == Place::kOther;
  }
  if (node.kind != NodeKind::kCall) return;
  for (std::size_t i = 0; i < node.arguments.size(); ++i) {
    Place below = Place::kOther;
    bool multiplied = factor;
    switch (node.function) {
      case Function::kAdd:
      case Function::kSubtract:
      case Function::kNegate:
      case Function::kMin:
      case Function::kMax:
        below = place;
        break;
      case Function::kIf:
        below = i == 0 ? Place::kOther : place;
        break;
      case Function::kMultiply:
      case Function::kDivide:
        below = place;
        multiplied = true;
        break;
      case Function::kPower:
        below = i == 1 ? Place::kExponent : place == Place::kSum ? Place::kBase : place;
        break;
      default:
        break;
    }
    if (place == Place::kExponent) below = Place::kExponent;
    note_uses(*node.arguments[i], name, below, multiplied, uses, seen);
  }
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

LawParameter parameter_for(const std::string& name, const Uses& uses) {
  LawParameter parameter{.name = name, .symbol = unicode_symbol(name)};
  const auto set = [&](Transform transform, double lower, double upper, double start_lower, double start_upper) {
    parameter.transform = transform;
    parameter.lower = lower;
    parameter.upper = upper;
    parameter.start_lower = start_lower;
    parameter.start_upper = start_upper;
  };
  if (uses.exponent) {
    set(Transform::kIdentity, 0, 10, 0.05, 2);
    parameter.meaning = "exponent";
  } else if (uses.other) {
    set(Transform::kIdentity, -kInfinity, kInfinity, -10, 10);
    parameter.meaning = "parameter";
  } else if (uses.base) {
    set(Transform::kLog, 1e-12, 1e30, 1, 1e16);
    parameter.meaning = "scale";
  } else if (uses.factor) {
    set(Transform::kLog, 1e-12, 1e30, 1, 7e10);
    parameter.meaning = "coefficient";
  } else {
    set(Transform::kLog, 1e-12, 1e30, 0.1, 10);
    parameter.meaning = "constant term";
  }
  return parameter;
}

LawParameter free_parameter(const std::string& name, const std::string& meaning) {
  return LawParameter{.name = name,
                      .symbol = unicode_symbol(name),
                      .meaning = meaning,
                      .transform = Transform::kIdentity,
                      .lower = -kInfinity,
                      .upper = kInfinity,
                      .start_lower = -1,
                      .start_upper = 1,
                      .natural_start = true};
}

bool admits(const LawParameter& parameter, double value) {
  return value >= parameter.lower && value <= parameter.upper;
}

}  // namespace

Result<Law> law_from_formula(std::string_view formula, const std::vector<std::string>& columns,
                             const std::map<std::string, double>& values) {
  auto expression = parse_expression(formula);
  if (!expression) return expression.error();

  Law law;
  law.id = law.title = "formula";
  law.summary = "A formula given by hand.";
  law.formula_text = expression->source;
  std::vector<std::string> symbols, names;
  for (const std::string& name : expression->names()) {
    const auto known = std::find_if(kKnownVariables.begin(), kKnownVariables.end(),
                                    [&](const KnownVariable& v) { return v.symbol == name || v.role == name; });
    const bool column = std::find(columns.begin(), columns.end(), name) != columns.end();
    if (known == kKnownVariables.end() && !column) {
      names.push_back(name);
      continue;
    }
    // A column of its own name wins over the short names of the roles.
    LawVariable variable{.symbol = name, .role = name, .unit = name, .label = name};
    if (known != kKnownVariables.end() && !(column && known->role != name)) {
      variable.role = known->role;
      variable.unit = known->unit;
      variable.label = variable.unit + " " + variable.symbol;
    }
    if (const LawVariable* same = law.find_role(variable.role))
      return invalid_argument("\"" + same->symbol + "\" and \"" + name + "\" are the same column: use one of them",
                              name);
    symbols.push_back(name);
    law.variables.push_back(std::move(variable));
  }
  if (symbols.empty())
    return invalid_argument(
        "the formula has no variable: use N (parameters), D (tokens), C (FLOP), U (unique tokens) or a column");
  if (names.empty()) return invalid_argument("the formula has no parameter to fit: every name in it is a column");

  auto program = Program::compile(*expression, symbols, names);
  if (!program) return program.error();
  const bool known_units = std::all_of(law.variables.begin(), law.variables.end(), [](const LawVariable& variable) {
    return std::any_of(kKnownVariables.begin(), kKnownVariables.end(),
                       [&](const KnownVariable& known) { return known.role == variable.role; });
  });
  for (const std::string& name : names) {
    Uses uses;
    Seen seen;
    note_uses(*expression->root, name, Place::kSum, false, uses, seen);
    LawParameter guess = parameter_for(name, uses);
    const auto value = values.find(name);
    if (!known_units || (value != values.end() && !admits(guess, value->second)))
      guess = free_parameter(name, guess.meaning);
    law.parameters.push_back(std::move(guess));
  }
  const LawVariable* params = law.find_role("params");
  const LawVariable* tokens = law.find_role("tokens");
  if (params != nullptr && tokens != nullptr) {
    law.flops_expression = parse_expression("6 * " + params->symbol + " * " + tokens->symbol).value();
    law.flops = Program::compile(law.flops_expression, symbols, {}).value();
  }
  law.expression = *std::move(expression);
  law.formula = *std::move(program);
  law.hash = content_hash(law.formula_text);
  return law;
}

}  // namespace isoflop
