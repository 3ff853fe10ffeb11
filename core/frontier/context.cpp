// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/context.h"

#include <limits>

#include "core/formula/evaluator.h"

namespace isoflop {

Result<std::map<std::string, double>> context_values(const LawInstance& instance) {
  const Law& law = *instance.law;
  if (law.flops.steps().empty()) {
    const bool lacks = law.find_role("params") == nullptr || law.find_role("tokens") == nullptr;
    return invalid_argument("the law \"" + law.id + "\" has no loss to find a minimum of: " +
                            (lacks ? "its formula lacks parameters N or tokens D" : "it predicts " + law.response));
  }
  std::map<std::string, double> values;
  for (const LawVariable& variable : law.variables) {
    if (variable.role == "params" || variable.role == "tokens" || variable.role == "flops") continue;
    const auto given = instance.context.find(variable.role);
    if (given != instance.context.end())
      values[variable.symbol] = given->second;
    else if (variable.default_value)
      values[variable.symbol] = *variable.default_value;
    else
      return invalid_argument("the law \"" + law.id + "\" needs a value for " + variable.label, variable.role);
  }
  return values;
}

std::vector<double> flops_of(const Law& law, const std::map<std::string, double>& context,
                             std::span<const double> params, std::span<const double> tokens) {
  std::vector<double> out(params.size());
  const SurfaceColumns columns(law, context, params, tokens, {});
  Evaluator(law.flops, columns.spans(), params.size()).predict({}, out);
  return out;
}

std::vector<double> tokens_for(const Law& law, const std::map<std::string, double>& context, double flops,
                               std::span<const double> params) {
  std::vector<double> tokens = flops_of(law, context, params, std::vector<double>(params.size(), 1));
  for (double& value : tokens) value = flops / value;
  return tokens;
}

SurfaceColumns::SurfaceColumns(const Law& law, const std::map<std::string, double>& context,
                               std::span<const double> params, std::span<const double> tokens,
                               std::span<const double> flops) {
  constant_.reserve(law.variables.size());
  for (const LawVariable& variable : law.variables) {
    if (variable.role == "params") {
      spans_.push_back(params);
    } else if (variable.role == "tokens") {
      spans_.push_back(tokens);
    } else if (variable.role == "flops" && !flops.empty()) {
      spans_.push_back(flops);
    } else {
      const auto value = context.find(variable.symbol);
      const double number = value == context.end() ? std::numeric_limits<double>::quiet_NaN() : value->second;
      spans_.emplace_back(constant_.emplace_back(params.size(), number));
    }
  }
}

}  // namespace isoflop
