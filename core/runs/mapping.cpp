// SPDX-License-Identifier: Apache-2.0
#include "core/runs/mapping.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>

#include "core/base/quantity.h"
#include "core/runs/read_table.h"
#include "core/runs/roles.h"
#include "core/runs/table_edit.h"
#include "core/runs/table_text.h"

namespace isoflop {
namespace {

constexpr std::size_t kMostProblems = 1000;

std::vector<char> rows_in_use(const RunTable& table) {
  std::vector<char> used(table.rows());
  for (std::size_t row = 0; row < used.size(); ++row) used[row] = table.state[row] == RowState::kUsed;
  return used;
}

Result<std::vector<double>> evaluate(const RunTable& table, const Expression& expression) {
  return evaluate_columns(expression, table.rows(), table.column_source(), rows_in_use(table));
}

Error in_text(Error error, std::string_view text, std::string parameter) {
  error.message = "in \"" + std::string(text) + "\": " + error.message;
  error.where.parameter = std::move(parameter);
  return error;
}

Status assign_roles(RunTable& table, const Mapping& mapping) {
  std::set<std::string_view> given;
  for (const auto& [role, header] : mapping.roles) {
    if (!is_role(role)) {
      return not_found("there is no role \"" + role + "\"; the roles are params, tokens, flops, loss and unique_tokens",
                       role);
    }
    if (!given.insert(role).second)
      return invalid_argument("the role " + role + " is given to more than one column", role);
    Column* column = column_of_name(table, header);
    if (column == nullptr)
      return not_found("there is no column \"" + header + "\"; the file has " + column_list(table.columns), header);
    if (!column->numeric())
      return invalid_argument("column \"" + header + "\" holds text, so it cannot be " + role, header);
    if (!column->role.empty())
      return invalid_argument("column \"" + header + "\" is both " + column->role + " and " + role, header);
    column->role = role;
  }
  return Done{};
}

// Gives `role` to the column whose header suggests it most; says which others might have had it.
void assign_by_alias(RunTable& table, std::string_view role, bool derived_later) {
  if (column_of_role(table, role) != nullptr) return;
  Column* best = nullptr;
  int best_rank = 0;
  std::vector<Column> others;
  for (Column& column : table.columns) {
    if (!column.numeric() || !column.role.empty()) continue;
    const RoleGuess guess = guess_role(column.name);
    if (guess.role != role) continue;
    if (guess.scale != 1) {
      if (!derived_later)
        note(table,
             "column \"" + column.name + "\" looks like " + std::string(role) + " in units of " +
                 format_exact(guess.scale) + "; to use it derive \"" + std::string(role) + " = " +
                 format_exact(guess.scale) + " * `" + column.name + "`\"",
             column.name);
      continue;
    }
    if (best != nullptr) others.push_back({.name = guess.rank < best_rank ? best->name : column.name});
    if (best == nullptr || guess.rank < best_rank) {
      best = &column;
      best_rank = guess.rank;
    }
  }
  if (best == nullptr) return;
  best->role = role;
  if (others.empty()) return;
  note(table, "column \"" + best->name + "\" is taken as " + std::string(role) + "; so might be " + column_list(others),
       best->name);
}

// "name = expression" -> "expression", for text that parse_assignment took.
std::string right_side(std::string_view text) {
  std::size_t from = text.find_first_not_of(" \t\r\n");
  if (text[from] == '`') from = text.find('`', from + 1);
  text.remove_prefix(text.find('=', from) + 1);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Status derive(RunTable& table, const std::string& text) {
  const Result<Assignment> assignment = parse_assignment(text);
  if (!assignment.ok()) return in_text(assignment.error(), text, "derive");
  Result<std::vector<double>> values = evaluate(table, assignment->value);
  if (!values.ok()) return in_text(values.error(), text, "derive");
  put_derived(table, assignment->name, *std::move(values), right_side(text));
  return Done{};
}

// C = 6 N D (Kaplan et al. 2020, section 2.1) gives the third where two are there.
void derive_third(RunTable& table) {
  const std::span<const double> n = table.numbers("params"), d = table.numbers("tokens"), c = table.numbers("flops");
  const bool has_n = column_of_role(table, "params"), has_d = column_of_role(table, "tokens"),
             has_c = column_of_role(table, "flops");
  if (has_n + has_d + has_c != 2) return;
  const std::string name = !has_c ? "flops" : !has_d ? "tokens" : "params";
  const std::string expression = !has_c   ? "6 * params * tokens"
                                 : !has_d ? "flops / (6 * params)"
                                          : "flops / (6 * tokens)";
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < values.size(); ++row)
    values[row] = !has_c ? 6 * n[row] * d[row] : c[row] / (6 * (has_n ? n[row] : d[row]));
  note(table, name + " is derived: " + name + " = " + expression, name);
  put_derived(table, name, std::move(values), expression);
}

void mark_unusable(RunTable& table) {
  for (const std::string_view role : {"params", "tokens", "loss"}) {
    const Column* column = column_of_role(table, role);
    if (column == nullptr) continue;
    const auto& values = std::get<std::vector<double>>(column->values);
    std::unordered_map<long, std::size_t> told;  // line -> problem that says already why the value is missing
    for (std::size_t p = 0; p < table.problems.size(); ++p) {
      const Problem& problem = table.problems[p];
      if (problem.row < 0 && problem.where.line > 0 && problem.where.parameter == column->name)
        told.emplace(problem.where.line, p);
    }
    std::size_t more = 0, kept = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
      const double value = values[row];
      if (table.state[row] != RowState::kUsed || (std::isfinite(value) && value > 0)) continue;
      table.state[row] = RowState::kUnusable;
      if (const auto found = told.find(table.lines[row]); std::isnan(value) && found != told.end()) {
        table.problems[found->second].row = static_cast<std::ptrdiff_t>(row);
        table.reason[row] = table.problems[found->second].message;
        continue;
      }
      table.reason[row] = std::string(role) + (std::isnan(value)   ? " is missing"
                                               : std::isinf(value) ? " is infinite"
                                                                   : " is " + format_exact(value) + ", not positive");
      if (++kept > kMostProblems) {
        ++more;
        continue;
      }
      table.problems.push_back({Where{.file = table.source, .line = table.lines[row], .parameter = column->name},
                                "the row is not used: " + table.reason[row], static_cast<std::ptrdiff_t>(row)});
    }
    if (more > 0)
      note(table, std::to_string(more) + " more rows are not used for want of " + std::string(role), column->name);
  }
  std::stable_sort(table.problems.begin(), table.problems.end(), [](const Problem& a, const Problem& b) {
    return a.where.line != 0 && (b.where.line == 0 || a.where.line < b.where.line);
  });
}

// A condition, or a name that may stand for a column of flags; "loss + 1" would exclude every row.
bool may_be_condition(const Node& node) {
  if (node.kind != NodeKind::kCall) return node.kind == NodeKind::kName;
  switch (node.function) {
    case Function::kNot:
    case Function::kLess:
    case Function::kLessEqual:
    case Function::kGreater:
    case Function::kGreaterEqual:
    case Function::kEqual:
    case Function::kNotEqual:
    case Function::kAnd:
    case Function::kOr:
    case Function::kIf:
      return true;
    default:
      return false;
  }
}

}  // namespace

Status apply_mapping(RunTable& table, const Mapping& mapping) {
  if (Status roles = assign_roles(table, mapping); !roles.ok()) return roles;
  std::set<std::string, std::less<>> derived;
  for (const std::string& text : mapping.derive) {
    const Result<Assignment> assignment = parse_assignment(text);
    if (!assignment.ok()) return in_text(assignment.error(), text, "derive");
    derived.insert(assignment->name);
  }
  for (const std::string_view role : kRoles) assign_by_alias(table, role, derived.contains(role));
  for (const std::string& text : mapping.derive) {
    if (Status done = derive(table, text); !done.ok()) return done;
  }
  if (const Status counted = recount(table, mapping.recount); !counted.ok()) return counted;
  derive_third(table);
  mark_unusable(table);
  for (const auto& [condition, reason] : mapping.exclude) {
    const Result<std::size_t> count = exclude_where(table, condition, reason);
    if (!count.ok()) return count.error();
    if (*count == 0) note(table, "the condition \"" + condition + "\" excludes no row");
  }
  return Done{};
}

Result<std::size_t> exclude_where(RunTable& table, std::string_view condition, std::string_view reason) {
  const Result<Expression> expression = parse_expression(condition);
  if (!expression.ok()) return in_text(expression.error(), condition, "exclude");
  if (!may_be_condition(*expression->root)) {
    return in_text(invalid_argument("this is a value, not a condition; compare it with something"), condition,
                   "exclude");
  }
  const Result<std::vector<double>> holds = evaluate(table, *expression);
  if (!holds.ok()) return in_text(holds.error(), condition, "exclude");
  std::size_t count = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.state[row] != RowState::kUsed || std::isnan((*holds)[row]) || (*holds)[row] == 0) continue;
    table.state[row] = RowState::kExcluded;
    table.reason[row] = reason.empty() ? condition : reason;
    ++count;
  }
  return count;
}

void exclude_rows(RunTable& table, std::span<const std::size_t> rows, std::string_view reason) {
  for (const std::size_t row : rows) {
    if (row >= table.rows() || table.state[row] != RowState::kUsed) continue;
    table.state[row] = RowState::kExcluded;
    table.reason[row] = reason;
  }
}

void include_rows(RunTable& table, std::span<const std::size_t> rows) {
  for (const std::size_t row : rows) {
    if (row >= table.rows() || table.state[row] != RowState::kExcluded) continue;
    table.state[row] = RowState::kUsed;
    table.reason[row].clear();
  }
}

Result<RunTable> load_runs(const std::filesystem::path& path, const Mapping& mapping) {
  Result<RunTable> table = read_table(path);
  if (!table.ok()) return table;
  if (const Status mapped = apply_mapping(*table, mapping); !mapped.ok()) return mapped.error();
  return table;
}

}  // namespace isoflop
