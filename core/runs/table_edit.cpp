// SPDX-License-Identifier: Apache-2.0
#include "core/runs/table_edit.h"

#include <algorithm>

namespace isoflop {

bool is_role(std::string_view name) {
  return std::find(std::begin(kRoles), std::end(kRoles), name) != std::end(kRoles);
}

Column* column_of_role(RunTable& table, std::string_view role) {
  for (Column& column : table.columns) {
    if (column.role == role) return &column;
  }
  return nullptr;
}

Column* column_of_name(RunTable& table, std::string_view name) {
  for (Column& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

void note(RunTable& table, std::string message, std::string parameter) {
  table.problems.push_back({Where{.file = table.source, .parameter = std::move(parameter)}, std::move(message), -1});
}

void put_derived(RunTable& table, const std::string& name, std::vector<double> values, std::string expression) {
  const std::string role = is_role(name) ? name : std::string();
  if (!role.empty()) {
    if (Column* before = column_of_role(table, role)) {
      before->role.clear();
      if (before->name != name)
        note(table, role + " is derived, in the place of column \"" + before->name + "\"", name);
    }
  }
  if (Column* before = column_of_name(table, name)) {
    std::string moved = name + " (file)";
    for (int times = 2; column_of_name(table, moved) != nullptr; ++times)
      moved = name + " (file " + std::to_string(times) + ")";
    note(table, "\"" + name + "\" is derived; the column that had this name is now \"" + moved + "\"", name);
    before->name = std::move(moved);
  }
  table.columns.push_back({.name = name, .role = role, .values = std::move(values), .derived = std::move(expression)});
}

}  // namespace isoflop
