// SPDX-License-Identifier: Apache-2.0
#include "core/fit/quantity.h"

#include <vector>

#include "core/formula/scalar.h"
#include "core/laws/suggestion.h"

namespace isoflop {

Quantity parameter_quantity(const Law& law, std::size_t parameter) {
  return {.name = law.parameters[parameter].name,
          .value = [parameter](std::span<const double> theta) { return theta[parameter]; },
          .positive = law.parameters[parameter].transform == Transform::kLog};
}

Quantity derived_quantity(const DerivedQuantity& derived) {
  return {.name = derived.name, .value = [formula = derived.formula](std::span<const double> theta) {
            return evaluate_scalar(formula, theta);
          }};
}

Result<Quantity> find_quantity(const Law& law, const std::string& name) {
  if (const int index = law.parameter_index(name); index >= 0)
    return parameter_quantity(law, static_cast<std::size_t>(index));
  std::vector<std::string> names;
  for (const LawParameter& parameter : law.parameters) names.push_back(parameter.name);
  for (const DerivedQuantity& derived : law.derived) {
    if (derived.name == name) return derived_quantity(derived);
    names.push_back(derived.name);
  }
  return not_found(
      "the law \"" + law.id + "\" has no parameter or derived quantity \"" + name + "\"" + suggestion(name, names),
      name);
}

}  // namespace isoflop
