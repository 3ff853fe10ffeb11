// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// Attention heads of a model, and how its loss depends on its size with them (Chen et al. 2025, arXiv:2503.09579):
//   L(N; H) = (a / N)^b + E,   so that   N*(H) = a / (L* - E)^(1/b).
// Where `params` is given it is the size that reaches the loss, and the law is not asked.
struct HeadConfiguration {
  std::string name;
  double query_heads = 0, key_value_heads = 0, head_dim = 0, layers = 0;
  std::optional<double> params;
  double a = 0, b = 0, floor = 0;
};

// Z = lambda M^memory_exponent + (1 - lambda) C^compute_exponent.
struct AttentionWeights {
  double lambda = 0.9, memory_exponent = 1.0 / 2, compute_exponent = 1.0 / 3;
};

struct AttentionCost {
  double params = 0;  // N*(H)
  double flops = 0;   // C = 2 N + 4 T L d_h n_h for one more token after T
  double values = 0;  // M = N + 2 T L d_h n_kv kept in memory: weights and cached keys and values
  double z = 0;
};

// The size with which the configuration reaches the loss. Errors: kNumerical at or below its floor.
Result<double> params_for_loss(const HeadConfiguration& configuration, double loss);

// Errors: kInvalidArgument for counts that are not positive or more key-value heads than query heads; as
// params_for_loss.
Result<AttentionCost> attention_cost(const HeadConfiguration& configuration, double context, double loss,
                                     const AttentionWeights& weights = {});

// The configuration of least Z: its index. Those that cannot reach the loss are passed over. Errors: kNumerical where
// none can.
struct AttentionChoice {
  std::size_t index = 0;
  AttentionCost best;
  std::vector<std::optional<AttentionCost>> costs;  // one per configuration
};
Result<AttentionChoice> choose_attention(std::span<const HeadConfiguration> configurations, double context, double loss,
                                         const AttentionWeights& weights = {});

}  // namespace isoflop
