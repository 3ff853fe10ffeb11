// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/formula/expression.h"
#include "core/formula/program.h"

namespace isoflop {

// A variable of a law's formula: the symbol it has there, and the role or column of a run table that supplies it.
struct LawVariable {
  std::string symbol;  // "N"
  std::string role;    // "params"
  std::string unit;    // "parameters"
  std::string label;   // "parameters N"
  // What it is where nobody says: infinite unique tokens mean that none are repeated. A formula must be finite there.
  std::optional<double> default_value = {};
};

// kLog: the search runs over the logarithm, so that the parameter stays positive and scales do not matter.
enum class Transform { kIdentity, kLog };

struct LawParameter {
  std::string name;    // as in the formula: "alpha"
  std::string symbol;  // as shown: "α"
  std::string meaning;
  Transform transform = Transform::kIdentity;
  double lower = 0, upper = 0;              // hard bounds, lower < upper
  double start_lower = 0, start_upper = 0;  // where starts of the search are spread; within the bounds, finite
  // Nothing is known of its size: the search also spreads starts over the scales that the columns suggest
  // (core/fit/natural_scale.h). Where the formula is linear in it, its sign is free.
  bool natural_start = false;
};

// Coefficients as somebody published them. `status` is V1, VR, V2 (how far they were checked; M and none never carry
// values).
struct CoefficientSet {
  std::string id;     // author and year: "besiroglu2024"
  std::string label;  // "Besiroglu et al. 2024"
  std::string status;
  std::string source;  // where in the paper or repository
  std::string data;    // what they were fitted to
  std::string objective;
  std::string url;
  std::string note;
  std::vector<double> values;              // one per parameter of the law
  std::vector<double> standard_errors;     // the same, NaN where none was published; or empty
  std::map<std::string, double> frontier;  // values of a stated frontier's own parameters, where the set has them
};

// A number computed from the parameters, e.g. a = beta / (alpha + beta), the exponent of N*(C).
struct DerivedQuantity {
  std::string name, symbol, meaning;
  Program formula;  // of the law's parameters; no variables
};

// The compute-optimal frontier as formulas of C.
//   kClosedForm  follows from the surface, so it holds for any parameters: a function of C and the law's parameters.
//   kStated      was published by itself, with parameters of its own, and is NOT the optimum of the surface (Kaplan).
//   Only
//                coefficient sets that give its parameters have it; a fit to runs never does.
struct LawFrontier {
  enum class Kind { kClosedForm, kStated };
  Kind kind = Kind::kClosedForm;
  std::vector<std::string> parameters;                               // the law's (kClosedForm) or its own (kStated)
  Program params, tokens, loss;                                      // each of the one variable C (FLOP)
  Expression params_expression, tokens_expression, loss_expression;  // what they were compiled from
  std::string note;
};

struct Law {
  std::string id;     // file name without .toml
  std::string title;  // "Chinchilla"
  std::string summary;
  std::string citation, url;
  int year = 0;
  std::vector<std::string> notes;  // pitfalls a user should know, one sentence each

  std::vector<LawVariable> variables;
  std::vector<LawParameter> parameters;
  std::string response = "loss";
  std::string formula_text;
  Expression expression;
  Program formula;  // of the symbols of `variables` and the names of `parameters`
  // Training compute of the variables, proportional to tokens; 6 * N * D unless the file says otherwise. No steps where
  // the law lacks params or tokens.
  Program flops;
  Expression flops_expression;
  std::optional<LawFrontier> frontier;
  std::vector<DerivedQuantity> derived;
  std::vector<CoefficientSet> sets;

  std::string file;  // where it was read, for messages
  std::string hash;  // of the file's bytes

  int parameter_index(std::string_view name) const;               // -1 if none
  const CoefficientSet* find_set(std::string_view set_id) const;  // null if none
  const LawVariable* find_role(std::string_view role) const;      // null if none
  std::vector<std::string> roles() const;                         // of the variables, in order
};

// A law from a formula alone: `--formula 'E + A/N^a + B/D^b'`. Names N, D, C, U (and params, tokens, flops,
// unique_tokens) and the names in `columns` are variables; every other name is a parameter. In a formula of N, D, C and
// U alone, parameters that multiply or add get a log transform and wide bounds, those that appear in an exponent (0, 10)
// with starts in [0.05, 2], others the whole line. With other columns nothing is known of units and signs: all get the
// whole line and natural_start. A parameter to which `values` gives a value outside such bounds gets the whole line
// too. id and title are "formula".
Result<Law> law_from_formula(std::string_view formula, const std::vector<std::string>& columns = {},
                             const std::map<std::string, double>& values = {});

}  // namespace isoflop
