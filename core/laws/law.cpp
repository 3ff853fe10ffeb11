// SPDX-License-Identifier: Apache-2.0
#include "core/laws/law.h"

#include <algorithm>
#include <array>

namespace isoflop {

int Law::parameter_index(std::string_view name) const {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == name) return static_cast<int>(i);
  return -1;
}

const CoefficientSet* Law::find_set(std::string_view set_id) const {
  for (const CoefficientSet& set : sets)
    if (set.id == set_id) return &set;
  return nullptr;
}

const LawVariable* Law::find_role(std::string_view role) const {
  for (const LawVariable& variable : variables)
    if (variable.role == role) return &variable;
  return nullptr;
}

std::vector<std::string> Law::roles() const {
  std::vector<std::string> result;
  for (const LawVariable& variable : variables) result.push_back(variable.role);
  return result;
}

bool Law::is_template() const {
  return std::any_of(variables.begin(), variables.end(), [](const LawVariable& v) { return !v.columns.empty(); });
}

std::span<const std::string_view> law_categories() {
  static constexpr std::array<std::string_view, 6> kCategories{"loss",      "allocation", "hyperparameters",
                                                               "inference", "task",       "curve"};
  return kCategories;
}

}  // namespace isoflop
