// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include "core/formula/functions.h"
#include "core/formula/typeset.h"
#include "core/laws/law.h"

namespace isoflop {
namespace {

std::string member(const std::string& name, const std::string& column) {
  return name + "[" + column + "]";
}

// One "*" stands for any text.
bool fits(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  const std::string_view before = pattern.substr(0, star), after = pattern.substr(star + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
}

using Groups = std::map<std::string, std::vector<std::string>>;  // columns by the symbol of the variable

// Writes sums over groups out. Nodes that are shared stay shared.
class Expansion {
 public:
  Expansion(const Law& law, const Groups& groups) : groups_(&groups) {
    for (const auto& [symbol, columns] : groups) group_of_[symbol] = symbol;
    for (const LawParameter& parameter : law.parameters)
      if (!parameter.per.empty()) group_of_[parameter.name] = parameter.per;
  }

  NodePtr outside(const NodePtr& node) {
    if (const auto found = done_.find(node.get()); found != done_.end()) return found->second;
    NodePtr result = node;
    if (node->kind == NodeKind::kName && group_of_.count(node->text) != 0)
      fail("\"" + node->text + "\" stands for several columns: use it inside sum()", *node);
    if (node->kind == NodeKind::kCall && node->function == Function::kSum) {
      result = sum(*node);
    } else if (node->kind == NodeKind::kCall) {
      auto copy = std::make_shared<Node>(*node);
      for (NodePtr& argument : copy->arguments) argument = outside(argument);
      result = std::move(copy);
    }
    done_.emplace(node.get(), result);
    return result;
  }

 private:
  [[noreturn]] static void fail(std::string message, const Node& at) {
    throw Error{ErrorCode::kInvalidArgument, std::move(message), Where{.line = at.line, .column = at.column}};
  }

  // The group that the names below belong to; empty where there is none.
  std::string group_below(const Node& node) {
    if (node.kind == NodeKind::kName) {
      const auto found = group_of_.find(node.text);
      return found == group_of_.end() ? "" : found->second;
    }
    if (const auto found = below_.find(&node); found != below_.end()) return found->second;
    std::string group;
    for (const NodePtr& argument : node.arguments) {
      const std::string below = group_below(*argument);
      if (!group.empty() && !below.empty() && below != group)
        fail("a sum goes over one group of columns: \"" + group + "\" and \"" + below + "\" are two", *argument);
      if (!below.empty()) group = below;
    }
    below_.emplace(&node, group);
    return group;
  }

  NodePtr sum(const Node& node) {
    const std::string group = group_below(node);
    if (group.empty()) fail("sum() in a law goes over a variable with several \"columns\": none is in it", node);
    NodePtr total;
    for (const std::string& column : groups_->at(group)) {
      std::map<const Node*, NodePtr> done;
      NodePtr term = inside(node.arguments[0], column, done);
      if (!total) {
        total = std::move(term);
        continue;
      }
      auto add = std::make_shared<Node>(node);
      add->function = Function::kAdd;
      add->arguments = {std::move(total), std::move(term)};
      total = std::move(add);
    }
    return total;
  }

  NodePtr inside(const NodePtr& node, const std::string& column, std::map<const Node*, NodePtr>& done) const {
    if (const auto found = done.find(node.get()); found != done.end()) return found->second;
    NodePtr result = node;
    if (node->kind == NodeKind::kName && group_of_.count(node->text) != 0) {
      auto copy = std::make_shared<Node>(*node);
      copy->text = member(node->text, column);
      result = std::move(copy);
    } else if (node->kind == NodeKind::kCall) {
      if (node->function == Function::kSum) fail("a sum inside a sum over the same columns", *node);
      auto copy = std::make_shared<Node>(*node);
      for (NodePtr& argument : copy->arguments) argument = inside(argument, column, done);
      result = std::move(copy);
    }
    done.emplace(node.get(), result);
    return result;
  }

  const Groups* groups_;
  std::map<std::string, std::string> group_of_;
  std::map<const Node*, NodePtr> done_;
  std::map<const Node*, std::string> below_;
};

Groups groups_of(const Law& law, const std::vector<std::string>& columns) {
  Groups groups;
  for (const LawVariable& variable : law.variables) {
    if (variable.columns.empty()) continue;
    std::vector<std::string>& group = groups[variable.symbol];
    for (const std::string& column : columns) {
      if (column == law.response || law.find_role(column) != nullptr) continue;
      if (std::ranges::any_of(variable.columns, [&](const std::string& pattern) { return fits(pattern, column); }))
        group.push_back(column);
    }
    // Names that are written out are all needed; a table without one of them says so when its columns are read.
    for (const std::string& name : variable.columns)
      if (name.find('*') == std::string::npos && std::ranges::find(group, name) == group.end()) group.push_back(name);
    if (group.empty())
      throw Error{ErrorCode::kNotFound,
                  "the law \"" + law.id + "\" needs columns that fit \"" + variable.role + "\", and there is none",
                  Where{}};
  }
  return groups;
}

void expand_variables(const Groups& groups, Law& law) {
  std::vector<LawVariable> variables;
  for (const LawVariable& variable : law.variables) {
    if (variable.columns.empty()) {
      variables.push_back(variable);
      continue;
    }
    for (const std::string& column : groups.at(variable.symbol)) {
      LawVariable one = variable;
      one.symbol = member(variable.symbol, column);
      one.role = column;
      one.label = variable.label + ", " + column;
      one.columns.clear();
      variables.push_back(std::move(one));
    }
  }
  law.variables = std::move(variables);
}

void expand_parameters(const Groups& groups, Law& law) {
  std::vector<LawParameter> parameters;
  for (const LawParameter& parameter : law.parameters) {
    if (parameter.per.empty()) {
      parameters.push_back(parameter);
      continue;
    }
    for (const std::string& column : groups.at(parameter.per)) {
      LawParameter one = parameter;
      one.name = member(parameter.name, column);
      one.symbol = member(parameter.symbol, column);
      one.meaning = parameter.meaning + ", " + column;
      one.per.clear();
      parameters.push_back(std::move(one));
    }
  }
  law.parameters = std::move(parameters);
}

}  // namespace

Result<Law> instantiate(const Law& law, const std::vector<std::string>& columns) {
  if (!law.is_template()) return law;
  Law made = law;
  try {
    const Groups groups = groups_of(law, columns);
    made.expression.root = Expansion(law, groups).outside(law.expression.root);
    expand_variables(groups, made);
    expand_parameters(groups, made);
  } catch (const Error& error) {
    return error;
  }
  std::vector<std::string> symbols, names;
  for (const LawVariable& variable : made.variables) symbols.push_back(variable.symbol);
  for (const LawParameter& parameter : made.parameters) names.push_back(parameter.name);
  auto program = Program::compile(made.expression, symbols, names);
  if (!program) return program.error();
  made.formula = *std::move(program);
  // These hold numbers of places in the lists of names, which have changed.
  if (made.flops_expression.root) made.flops = Program::compile(made.flops_expression, symbols, {}).value();
  for (DerivedQuantity& derived : made.derived)
    derived.formula = Program::compile(derived.expression, {}, names).value();
  return made;
}

}  // namespace isoflop
