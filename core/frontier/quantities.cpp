// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/quantities.h"

#include <limits>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "core/formula/scalar.h"

namespace isoflop {
namespace {

// NaN where the frontier does not say it: the loss, of a law of the best size.
Quantity closed_form(const char* name, const Expression& formula, const LawFrontier& frontier, double flops) {
  if (!formula.root)
    return {.name = name,
            .value = [](std::span<const double>) { return std::numeric_limits<double>::quiet_NaN(); },
            .positive = true};
  return {.name = name,
          .value = [program = Program::compile(formula, {}, frontier.parameters, {{"C", flops}}).value()](
                       std::span<const double> theta) { return evaluate_scalar(program, theta); },
          .positive = true};
}

Quantity searched(const char* name, const std::shared_ptr<const LawInstance>& instance, double flops,
                  double Allocation::*member) {
  return {.name = name,
          .value =
              [instance, flops, member](std::span<const double> theta) {
                LawInstance moved = *instance;
                moved.theta.assign(theta.begin(), theta.end());
                const auto point = allocate(moved, flops, true);
                return point ? (*point).*member : std::numeric_limits<double>::quiet_NaN();
              },
          .positive = true};
}

}  // namespace

AllocationQuantities allocation_quantities(const LawInstance& instance, double flops) {
  const auto& frontier = instance.law->frontier;
  if (frontier && frontier->kind != LawFrontier::Kind::kStated)
    return {.params = closed_form("params", frontier->params_expression, *frontier, flops),
            .tokens = closed_form("tokens", frontier->tokens_expression, *frontier, flops),
            .loss = closed_form("loss", frontier->loss_expression, *frontier, flops)};
  const auto own = std::make_shared<const LawInstance>(
      LawInstance{.law = instance.law, .theta = instance.theta, .context = instance.context});
  return {.params = searched("params", own, flops, &Allocation::params),
          .tokens = searched("tokens", own, flops, &Allocation::tokens),
          .loss = searched("loss", own, flops, &Allocation::loss)};
}

Quantity prediction_quantity(const Law& law, const std::vector<double>& point) {
  std::map<std::string, double> constants;
  for (std::size_t i = 0; i < law.variables.size(); ++i) constants[law.variables[i].symbol] = point[i];
  std::vector<std::string> names;
  for (const LawParameter& parameter : law.parameters) names.push_back(parameter.name);
  return {.name = law.response,
          .value = [program = Program::compile(law.expression, {}, names, constants).value()](
                       std::span<const double> theta) { return evaluate_scalar(program, theta); },
          .positive = true};
}

}  // namespace isoflop
