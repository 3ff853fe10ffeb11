// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/closed_form.h"

#include <algorithm>
#include <limits>

namespace isoflop {
namespace {

// The roles of the frontier's compute and parameters exchanged: parameters are columns, compute is the scalar.
Evaluator bind(const Expression& formula, const LawFrontier& frontier, std::span<const std::span<const double>> theta,
               std::size_t rows) {
  return Evaluator(Program::compile(formula, frontier.parameters, {"C"}).value(), theta, rows);
}

}  // namespace

std::optional<std::vector<double>> frontier_parameters(const LawInstance& instance) {
  if (instance.has_stated_frontier()) {
    std::vector<double> values;
    for (const std::string& name : instance.law->frontier->parameters)
      values.push_back(instance.set->frontier.at(name));
    return values;
  }
  if (instance.law->frontier && instance.law->frontier->kind != LawFrontier::Kind::kStated) return instance.theta;
  return std::nullopt;
}

FrontierFormulas::FrontierFormulas(const LawFrontier& frontier, std::span<const std::span<const double>> theta,
                                   std::size_t rows)
    : params_(bind(frontier.params_expression, frontier, theta, rows)),
      tokens_(bind(frontier.tokens_expression, frontier, theta, rows)) {
  if (frontier.loss_expression.root) loss_ = bind(frontier.loss_expression, frontier, theta, rows);
}

void FrontierFormulas::evaluate(double flops, std::span<double> params, std::span<double> tokens,
                                std::span<double> loss) {
  params_.predict({&flops, 1}, params);
  tokens_.predict({&flops, 1}, tokens);
  if (loss_)
    loss_->predict({&flops, 1}, loss);
  else
    std::ranges::fill(loss, std::numeric_limits<double>::quiet_NaN());
}

}  // namespace isoflop
