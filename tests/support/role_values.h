// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <map>
#include <string>

namespace isoflop::test {

// A small, a usual and a large value of what a law's variable stands for.
inline std::array<double, 3> role_values(const std::string& role) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  static const std::map<std::string, std::array<double, 3>> values{
      {"params", {1.3e6, 7.1e8, 3.3e12}},
      {"tokens", {2.9e7, 4.1e9, 1.7e12}},
      {"flops", {1.1e17, 2.3e21, 4.7e26}},
      {"unique_tokens", {1.1e8, 3.7e11, kInfinity}},
      {"loss", {1.8, 2.6, 4.1}},
      {"active_params", {1.1e6, 3.1e8, 2.1e10}},
      {"total_params", {1.7e7, 7.3e9, 1.3e12}},
      {"non_embedding_params", {1.1e6, 9.1e8, 2.3e12}},
      {"vocabulary_params", {2.1e6, 5.3e7, 2.1e9}},
      {"vocabulary", {4096, 32000, 256000}},
      {"experts", {1, 8, 256}},
      {"granularity", {1, 4, 32}},
      {"shared_fraction", {0, 0.2, 0.5}},
      {"sparsity", {0, 0.5, 0.95}},
      {"weight_bits", {3, 8, kInfinity}},
      {"activation_bits", {4, 6, kInfinity}},
      {"cache_bits", {5, 4, kInfinity}},
      {"post_training_bits", {2, 3, kInfinity}},
      {"characters", {1.8e8, 1.3e11, 4.1e13}},
      {"finetuning_characters", {1.1e5, 1.3e7, 1.7e9}},
      {"dense_tokens", {1.1e9, 2.3e10, 1.7e12}},
      {"samples", {200, 1.3e4, 1.6e6}},
      {"steps", {1.1e3, 2.3e4, 1.7e6}},
      {"members", {1, 4, 64}},
      {"year", {2012, 2021, 2025.5}},
      {"context_length", {512, 8192, 1e6}},
      {"teacher_loss", {1.8, 2.3, 3.1}},
      {"supervised_loss", {2.1, 2.2, 3.7}},
      {"loss_i", {1.9, 2.5, 3.3}},
      {"loss_j", {2.1, 2.4, 3.9}},
      {"tokens_i", {1.3e8, 2.1e10, 3.1e12}},
      {"tokens_j", {2.3e8, 1.1e10, 1.9e12}},
      {"reference_params", {1.1e7, 4.3e8, 2.9e10}},
      {"trainable_fraction", {0.002, 0.3, 1}},
      {"unique_samples", {1.3e4, 2.7e7, 1.9e10}},
      {"epochs", {0.5, 3.4, 30}},
      {"diversity", {0.1, 0.4, 0.8}},
      {"syntheticity", {1.2, 2.5, 6}},
      {"task_loss", {0.5, 0.9, 1.7}},
      {"accuracy", {0.31, 0.52, 0.68}},
      {"batch", {16, 2048, 4.1e6}},
      {"batch_tokens", {3.3e4, 1.1e6, 6.3e7}},
      {"examples", {4.1e7, 2.3e9, 1.7e12}},
      {"learning_rate", {3e-5, 1.1e-3, 0.02}},
      {"width", {128, 2048, 16384}},
      {"ema_decay", {0.9, 0.999, 0.99999}},
      {"batch_ratio", {0.25, 3, 64}},
      {"gradient_variance", {1e-3, 0.7, 300}},
      {"gradient_norm_squared", {1e-5, 0.02, 3}},
      {"reference_batch", {64, 512, 3.1e5}},
      {"reference_tokens", {1.3e8, 2.1e9, 7.7e10}},
      {"reference_flops", {1.1e15, 2.3e18, 7.1e20}},
      {"reference_steps", {800, 1.3e4, 2.1e5}},
      {"reference_learning_rate", {3e-4, 2e-3, 0.01}},
      {"reference_width", {64, 256, 1024}},
      {"reference_density", {0.2, 1, 7}},
      {"reference_days", {10, 200, 365}},
      {"days", {0, 400, 1100}},
      {"attempts", {1, 30, 1e4}},
      {"size_multiplier", {1.5, 4, 30}},
      {"inference_tokens", {1.1e8, 3.1e11, 2.3e14}},
      {"documents", {0, 10, 1000}},
      {"shots", {0, 8, 256}},
      {"iterations", {1, 3, 8}},
      {"document_gain", {0.02, 0.1, 0.4}},
      {"shot_gain", {0.01, 0.05, 0.3}},
      {"board_size", {3, 5, 9}},
      {"elo", {-1700, -600, -40}},
      {"kl", {0.1, 4, 90}},
      {"rl_compute", {20, 3e3, 7e6}},
      {"updates_to_data", {0.25, 2, 32}},
      {"capability_1", {-3, 0.5, 2}},
      {"capability_2", {-1, 0.3, 2}},
      {"capability_3", {-0.5, 0.1, 1}},
      {"chance", {0.1, 0.25, 0.5}},
      {"answer_tokens", {1, 3, 10}},
  };
  if (role.starts_with("mix_")) return {0.05, 0.3, 0.9};
  const auto found = values.find(role);
  if (found != values.end()) return found->second;
  ADD_FAILURE() << "say which values the role \"" << role << "\" takes";
  return {1, 1, 1};
}

}  // namespace isoflop::test
