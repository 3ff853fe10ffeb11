// SPDX-License-Identifier: Apache-2.0
#include "core/inference/attention.h"

#include <cmath>

#include "core/base/quantity.h"

namespace isoflop {
namespace {

Status check(const HeadConfiguration& h, double context, const AttentionWeights& weights) {
  for (const double count : {h.query_heads, h.key_value_heads, h.head_dim, h.layers})
    if (!(count > 0 && std::isfinite(count)))
      return invalid_argument("the configuration \"" + h.name + "\" needs positive heads, head dimension and layers",
                              h.name);
  if (h.key_value_heads > h.query_heads)
    return invalid_argument("the configuration \"" + h.name + "\" has more key-value heads than query heads", h.name);
  if (!(context >= 0 && std::isfinite(context)))
    return invalid_argument("the context must be 0 tokens or more", "context");
  if (!(weights.lambda >= 0 && weights.lambda <= 1)) return invalid_argument("lambda is a share from 0 to 1", "lambda");
  return Done{};
}

}  // namespace

Result<double> params_for_loss(const HeadConfiguration& h, double loss) {
  if (h.params) {
    if (!(*h.params > 0))
      return invalid_argument("\"" + h.name + "\" must have a positive number of parameters", h.name);
    return *h.params;
  }
  if (!(h.a > 0 && h.b > 0))
    return invalid_argument("the configuration \"" + h.name + "\" needs a size, or a law with positive a and b",
                            h.name);
  if (!(loss > h.floor))
    return Error{ErrorCode::kNumerical,
                 "no size of \"" + h.name + "\" reaches the loss " + format_number(loss, 5) + ": its floor is " +
                     format_number(h.floor, 5),
                 Where{.parameter = h.name}};
  return h.a / std::pow(loss - h.floor, 1 / h.b);
}

Result<AttentionCost> attention_cost(const HeadConfiguration& h, double context, double loss,
                                     const AttentionWeights& weights) {
  if (auto status = check(h, context, weights); !status) return status.error();
  const auto params = params_for_loss(h, loss);
  if (!params) return params.error();
  AttentionCost cost{.params = *params};
  const double width = context * h.layers * h.head_dim;
  cost.flops = 2 * cost.params + 4 * width * h.query_heads;
  cost.values = cost.params + 2 * width * h.key_value_heads;
  cost.z = weights.lambda * std::pow(cost.values, weights.memory_exponent) +
           (1 - weights.lambda) * std::pow(cost.flops, weights.compute_exponent);
  return cost;
}

Result<AttentionChoice> choose_attention(std::span<const HeadConfiguration> configurations, double context, double loss,
                                         const AttentionWeights& weights) {
  AttentionChoice choice;
  std::optional<double> least;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const auto cost = attention_cost(configurations[i], context, loss, weights);
    if (!cost && cost.error().code != ErrorCode::kNumerical) return cost.error();
    choice.costs.push_back(cost ? std::optional(*cost) : std::nullopt);
    if (cost && (!least || cost->z < *least)) {
      least = cost->z;
      choice.index = i;
      choice.best = *cost;
    }
  }
  if (!least)
    return Error{ErrorCode::kNumerical, "no configuration reaches the loss " + format_number(loss, 5) + " at any size",
                 Where{.parameter = "loss"}};
  return choice;
}

}  // namespace isoflop
