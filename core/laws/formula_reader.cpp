// SPDX-License-Identifier: Apache-2.0
#include "core/laws/formula_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/formula/scalar.h"

namespace isoflop {
namespace {

void note_constants(const Node& node, std::set<const Node*>& seen, std::set<std::string, std::less<>>& used) {
  if (!seen.insert(&node).second) return;
  if (node.kind == NodeKind::kNumber && !node.text.empty()) used.insert(node.text);
  for (const NodePtr& argument : node.arguments) note_constants(*argument, seen, used);
}

}  // namespace

void fail_inside(TomlTable& table, std::string_view key, const Error& error) {
  Error placed = error;
  placed.where = table.file().inside(table.need(key), error.where.line, error.where.column);
  throw placed;
}

bool is_formula_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Expression FormulaReader::expression(TomlTable& table, std::string_view key) {
  auto expression = parse_expression(table.text(key), constants_);
  if (!expression) fail_inside(table, key, expression.error());
  std::set<const Node*> seen;
  note_constants(*expression->root, seen, used_);
  return *std::move(expression);
}

FormulaReader::Formula FormulaReader::formula(TomlTable& table, std::string_view key,
                                              const std::vector<std::string>& variables,
                                              const std::vector<std::string>& parameters) {
  Expression read = expression(table, key);
  auto program = Program::compile(read, variables, parameters);
  if (!program) fail_inside(table, key, program.error());
  return {std::move(read), *std::move(program)};
}

double FormulaReader::value(TomlTable& table, std::string_view key) {
  const double value =
      table.need(key).is_string() ? evaluate_scalar(formula(table, key, {}, {}).program, {}) : table.number(key);
  if (!std::isfinite(value)) table.fail(key, "the value of \"" + std::string(key) + "\" is not finite");
  return value;
}

}  // namespace isoflop
