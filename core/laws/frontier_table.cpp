// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/formula/nodes.h"
#include "core/laws/law_tables.h"

namespace isoflop {
namespace {

// Tokens from parameters, or the other way round, where C = 6 N D.
Expression other_of_six(const Expression& one) {
  return {call_node(Function::kDivide, {name_node("C"), call_node(Function::kMultiply, {number_node(6), one.root})}),
          "C / (6 * (" + one.source + "))"};
}

bool of_compute_alone(const Law& law) {
  return law.variables.size() == 1 && law.variables[0].role == "flops";
}

void require_free_c(const TomlTable& table, const LawFrontier& frontier) {
  if (std::find(frontier.parameters.begin(), frontier.parameters.end(), "C") != frontier.parameters.end())
    table.file().fail(table.position(), "in a frontier C is the compute: no parameter can have that name");
}

void complete(LawFrontier& frontier) {
  const auto fill = [&](const Expression& from, Expression& expression, Program& program) {
    if (expression.root) return;
    expression = other_of_six(from);
    program = Program::compile(expression, {"C"}, frontier.parameters).value();
  };
  if (frontier.params_expression.root)
    fill(frontier.params_expression, frontier.tokens_expression, frontier.tokens);
  else
    fill(frontier.tokens_expression, frontier.params_expression, frontier.params);
}

}  // namespace

LawFrontier read_frontier(TomlTable& table, FormulaReader& formulas, const Law& law,
                          const std::vector<std::string>& names) {
  LawFrontier frontier;
  const std::string kind = table.text("kind");
  if (kind != "closed-form" && kind != "stated")
    table.fail("kind", "\"kind\" is \"closed-form\" or \"stated\", not \"" + kind + "\"");
  const bool stated = kind == "stated";
  if (law.is_template())
    table.file().fail(table.position(), "a law of columns that only a table names has no formulas for its frontier");
  if (law.category == "allocation")
    table.file().fail(table.position(), "a law of the category \"allocation\" is its own frontier");
  if (law.flops.steps().empty() && !(stated && of_compute_alone(law)))
    table.file().fail(table.position(), "a frontier needs variables with the roles params and tokens");
  frontier.kind = stated ? LawFrontier::Kind::kStated : LawFrontier::Kind::kClosedForm;
  frontier.parameters = names;
  if (stated) {
    table.need("parameters");
    frontier.parameters = table.texts("parameters");
    for (const std::string& name : frontier.parameters)
      if (!is_formula_name(name)) table.fail("parameters", "\"" + name + "\" is not a name that a formula can use");
  }
  require_free_c(table, frontier);

  std::vector<std::string> used;
  const auto read = [&](std::string_view key, Program& program, Expression& expression) {
    FormulaReader::Formula formula = formulas.formula(table, key, {"C"}, frontier.parameters);
    for (const std::string& name : formula.expression.names()) used.push_back(name);
    program = std::move(formula.program);
    expression = std::move(formula.expression);
  };
  // A stated frontier may leave out the loss, and what follows from C = 6 N D.
  const bool has_params = table.find("params") != nullptr, has_tokens = table.find("tokens") != nullptr;
  if (has_params || !stated || !has_tokens) read("params", frontier.params, frontier.params_expression);
  if (has_tokens || !stated) read("tokens", frontier.tokens, frontier.tokens_expression);
  if (table.find("loss") != nullptr || !stated) read("loss", frontier.loss, frontier.loss_expression);
  complete(frontier);
  for (const std::string& name : frontier.parameters) {
    if (stated && std::find(used.begin(), used.end(), name) == used.end())
      table.fail("parameters", "the parameter \"" + name + "\" does not appear in the frontier's formulas");
  }
  frontier.note = table.text_or("note", "");
  table.finish();
  return frontier;
}

std::optional<LawFrontier> own_frontier(const TomlTable& root, const Law& law, const std::vector<std::string>& names) {
  if (law.category != "allocation" || !of_compute_alone(law)) return std::nullopt;
  if (law.variables[0].symbol != "C")
    root.fail("category", "in a law of the category \"allocation\" the symbol of the compute is C");
  LawFrontier frontier{.kind = LawFrontier::Kind::kFormula, .parameters = names};
  (law.response == "params" ? frontier.params : frontier.tokens) = law.formula;
  (law.response == "params" ? frontier.params_expression : frontier.tokens_expression) = law.expression;
  complete(frontier);
  return frontier;
}

}  // namespace isoflop
