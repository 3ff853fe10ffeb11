// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "core/base/random.h"
#include "core/laws/law.h"

namespace isoflop::test {

// The span over which runs for a law would be spread: evenly, or evenly in the logarithm.
struct RoleRange {
  double lower = 0, upper = 0;
  bool linear = false;

  double draw(Philox& random) const {
    const double share = random.uniform();
    return linear ? lower + share * (upper - lower) : lower * std::pow(upper / lower, share);
  }
};

inline RoleRange role_range(const Law& law, const std::string& role) {
  // Where the law's own parameters ask for another span than usual.
  static const std::map<std::pair<std::string, std::string>, RoleRange> particular{
      {{"jones-elo", "flops"}, {1e9, 1e17}},
      {{"densing-params", "tokens"}, {1e11, 1e13}},
  };
  static const std::map<std::string, RoleRange> usual{
      {"params", {3e7, 3e10}},
      {"tokens", {1e9, 3e12}},
      {"flops", {1e18, 1e24}},
      {"loss", {1.8, 4}},
      {"task_loss", {0.4, 2}},
      {"accuracy", {0.2, 0.7, true}},
      {"batch", {16, 1e6}},
      {"batch_tokens", {1e5, 1e7}},
      {"examples", {5e7, 1e11}},
      {"learning_rate", {1e-5, 1e-2}},
      {"width", {128, 8192}},
      {"ema_decay", {0.99, 0.9999, true}},
      {"batch_ratio", {0.25, 64}},
      {"gradient_variance", {1e-3, 1e2}},
      {"gradient_norm_squared", {1e-6, 1}},
      {"reference_batch", {64, 2048}},
      {"reference_tokens", {1e9, 1e11}},
      {"reference_flops", {1e17, 1e20}},
      {"reference_steps", {1e3, 1e5}},
      {"reference_learning_rate", {1e-4, 1e-2}},
      {"reference_width", {128, 512}},
      {"reference_density", {0.1, 2}},
      {"reference_days", {0, 300, true}},
      {"days", {0, 1000, true}},
      {"attempts", {1, 1e4}},
      {"size_multiplier", {1.5, 30}},
      {"inference_tokens", {1e9, 3e13}},
      {"documents", {0, 200, true}},
      {"shots", {0, 100, true}},
      {"iterations", {1, 8, true}},
      {"document_gain", {0.01, 0.4, true}},
      {"shot_gain", {0.01, 0.3, true}},
      {"board_size", {3, 9, true}},
      {"elo", {-1500, -50, true}},
      {"kl", {0.1, 100}},
      {"rl_compute", {10, 1e6}},
      {"updates_to_data", {0.25, 32}},
      {"capability_1", {-3, 3, true}},
      {"capability_2", {-2, 2, true}},
      {"capability_3", {-1, 1, true}},
      {"chance", {0.1, 0.5, true}},
      {"answer_tokens", {1, 10, true}},
      {"steps", {1e3, 1e6}},
      {"reference_params", {1e7, 1e10}},
      {"trainable_fraction", {1e-3, 1}},
      {"unique_samples", {1e4, 1e9}},
      {"epochs", {1, 12, true}},
      {"diversity", {0.1, 0.9, true}},
      {"syntheticity", {1, 8, true}},
  };
  if (role.starts_with("mix_")) return {0.01, 0.6, true};
  if (const auto found = particular.find({law.id, role}); found != particular.end()) return found->second;
  if (const auto found = usual.find(role); found != usual.end()) return found->second;
  ADD_FAILURE() << "say over which values of the role \"" << role << "\" runs are spread";
  return {1, 2};
}

}  // namespace isoflop::test
