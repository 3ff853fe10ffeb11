// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/allocation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/quantity.h"
#include "core/formula/evaluator.h"
#include "core/frontier/closed_form.h"
#include "core/frontier/context.h"
#include "core/frontier/resampled.h"
#include "core/frontier/slice.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Error no_point(const std::string& law, double flops) {
  return Error{ErrorCode::kNumerical,
               "the law \"" + law + "\" has no finite compute-optimal point at " + format_number(flops) +
                   " FLOP with these coefficients",
               Where{}};
}

Result<Allocation> by_formulas(const LawInstance& instance, double flops, const std::vector<double>& theta) {
  std::vector<std::span<const double>> columns;
  for (const double& value : theta) columns.emplace_back(&value, 1);
  Allocation point{.flops = flops};
  FrontierFormulas(*instance.law->frontier, columns, 1)
      .evaluate(flops, {&point.params, 1}, {&point.tokens, 1}, {&point.loss, 1});
  const auto usable = [](double x) { return std::isfinite(x) && x > 0; };
  const bool has_loss = instance.law->frontier->loss_expression.root != nullptr;
  if (!usable(point.params) || !usable(point.tokens) || (has_loss && !std::isfinite(point.loss)))
    return no_point(instance.law->id, flops);
  return point;
}

Result<Allocation> by_search(const LawInstance& instance, double flops) {
  const auto slice = Slice::at(instance, flops);
  if (!slice) return slice.error();
  const auto minimum = minimise(*slice, instance.theta);
  if (!minimum) return no_point(instance.law->id, flops);
  Allocation point{
      .flops = flops, .params = std::exp(minimum->log_params), .loss = minimum->loss, .at_edge = minimum->at_edge};
  slice->tokens({&point.params, 1}, {&point.tokens, 1});
  return point;
}

}  // namespace

bool LawInstance::has_stated_frontier() const {
  return law != nullptr && law->frontier && law->frontier->kind == LawFrontier::Kind::kStated && set != nullptr &&
         !set->frontier.empty();
}

LawInstance instance_of(const Law& law, const CoefficientSet& set) {
  return LawInstance{.law = &law, .theta = set.values, .set = &set};
}

std::vector<double> surface_loss(const LawInstance& instance, std::span<const double> params,
                                 std::span<const double> tokens) {
  const Law& law = *instance.law;
  std::vector<double> loss(params.size(), kNaN);
  const auto context = context_values(instance);
  if (!context) return loss;
  const std::vector<double> flops = flops_of(law, *context, params, tokens);
  const SurfaceColumns columns(law, *context, params, tokens, flops);
  Evaluator(law.formula, columns.spans(), params.size()).predict(instance.theta, loss);
  return loss;
}

Result<Allocation> allocate(const LawInstance& instance, double flops, bool numerical) {
  if (!(flops > 0) || !std::isfinite(flops))
    return invalid_argument("a budget must be a positive number of FLOP, not " + format_number(flops), "flops");
  if (!numerical) {
    if (const auto theta = frontier_parameters(instance)) return by_formulas(instance, flops, *theta);
  }
  return by_search(instance, flops);
}

AllocationSample allocate_resamples(const LawInstance& instance, double flops, int limit) {
  AllocationSample sample;
  if (!instance.resamples || instance.has_stated_frontier() || !(flops > 0)) return sample;
  const auto columns = resample_columns(instance, limit);
  const std::size_t rows = columns.empty() ? 0 : columns[0].size();
  if (rows == 0) return sample;
  const std::vector<std::span<const double>> theta(columns.begin(), columns.end());
  for (auto* values : {&sample.params, &sample.tokens, &sample.loss}) values->assign(rows, kNaN);
  if (frontier_parameters(instance)) {
    FrontierFormulas(*instance.law->frontier, theta, rows).evaluate(flops, sample.params, sample.tokens, sample.loss);
    return sample;
  }
  const auto slice = Slice::at(instance, flops);
  if (!slice) return sample;
  const auto centre = minimise(*slice, instance.theta);
  if (!centre) return sample;
  FollowedOptima(theta, rows, centre->log_params).move_to(*slice, sample.params, sample.tokens, sample.loss);
  return sample;
}

Result<Interval> near_optimal_params(const LawInstance& instance, double flops, double share) {
  if (!(share > 0)) return invalid_argument("the share of the best loss must be positive", "share");
  const auto slice = Slice::at(instance, flops);
  if (!slice) return slice.error();
  const auto minimum = minimise(*slice, instance.theta);
  if (!minimum) return no_point(instance.law->id, flops);
  const double level = minimum->loss * (1 + share);
  return Interval{std::exp(level_crossing(*slice, instance.theta, minimum->log_params, level, false)),
                  std::exp(level_crossing(*slice, instance.theta, minimum->log_params, level, true))};
}

}  // namespace isoflop
