// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
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
  // Not empty: the symbol stands for every column of a table that one of these patterns ("mix_*") fits, and the law is
  // a template (see instantiate).
  std::vector<std::string> columns = {};
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
  std::string per = {};  // of a template: the group of columns that it has a value each for
};

// A number that the formulas call by name.
struct LawConstant {
  std::string name;
  double value = 0;
  std::string meaning;
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
  Program formula;             // of the law's parameters; no variables
  Expression expression = {};  // what it was compiled from
};

// The compute-optimal frontier as formulas of C.
//   kClosedForm  follows from the surface, so it holds for any parameters: a function of C and the law's parameters.
//   kStated      was published by itself, with parameters of its own, and is NOT the optimum of the surface (Kaplan).
//                Only coefficient sets that give its parameters have it; a fit to runs never does.
//   kFormula     the law is itself of the best parameters or tokens of a budget (category "allocation"); what it does
//                not say follows from C = 6 N D. It holds for any parameters, fitted ones too; there is no surface.
struct LawFrontier {
  enum class Kind { kClosedForm, kStated, kFormula };
  Kind kind = Kind::kClosedForm;
  std::vector<std::string> parameters;  // the law's, or its own (kStated)
  // Each of the one variable C (FLOP). `loss` has no steps where the frontier does not say it.
  Program params, tokens, loss;
  Expression params_expression, tokens_expression, loss_expression;  // what they were compiled from
  std::string note;
};

struct Law {
  std::string id;     // file name without .toml
  std::string title;  // "Chinchilla"
  std::string summary;
  std::string citation, url;
  int year = 0;
  std::string category = "loss";   // one of law_categories()
  std::vector<std::string> notes;  // pitfalls a user should know, one sentence each

  std::vector<LawVariable> variables;
  std::vector<LawParameter> parameters;
  std::vector<LawConstant> constants;
  std::string response = "loss";
  // Name of the objective that a fit takes where nobody says ("mse" for what can be zero or negative: an Elo, an
  // accuracy); empty: log-huber.
  std::string objective = {};
  std::string formula_text;
  Expression expression;
  Program formula;  // of the symbols of `variables` and the names of `parameters`; no steps in a template
  // Training compute of the variables, proportional to tokens; 6 * N * D unless the file says otherwise. No steps where
  // the law lacks params or tokens, or predicts something that has no minimum to look for: a law of another category
  // than "loss" has it only where its file gives it.
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
  // Whether a variable stands for as many columns as a table has of them, so that the law cannot be used before
  // instantiate() has been told which.
  bool is_template() const;
};

// "loss": of models over scale. "allocation": of the best size or tokens for a budget. "hyperparameters". "inference":
// economics, and compute at test time. "task": downstream. "curve": over the steps of a run.
std::span<const std::string_view> law_categories();

// The ordinary law that a template is for these columns: r with columns = ["mix_*"] becomes the variables r[mix_web],
// r[mix_code] ... with the columns as roles, a parameter t per r becomes t[mix_web], t[mix_code] ..., and sum(t * r) is
// written out. Columns keep their order. A law that is no template is returned as it is. Errors: kNotFound where no
// column fits a pattern.
Result<Law> instantiate(const Law& law, const std::vector<std::string>& columns);

// A law from a formula alone: `--formula 'E + A/N^a + B/D^b'`. Names N, D, C, U (and params, tokens, flops,
// unique_tokens) and the names in `columns` are variables; every other name is a parameter. In a formula of N, D, C and
// U alone, parameters that multiply or add get a log transform and wide bounds, those that appear in an exponent (0,
// 10) with starts in [0.05, 2], others the whole line. With other columns nothing is known of units and signs: all get
// the whole line and natural_start. A parameter to which `values` gives a value outside such bounds gets the whole line
// too. id and title are "formula".
Result<Law> law_from_formula(std::string_view formula, const std::vector<std::string>& columns = {},
                             const std::map<std::string, double>& values = {});

}  // namespace isoflop
