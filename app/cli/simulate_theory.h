// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace isoflop::cli {

// `simulate --model`: runs of a model of learning instead of a law's.
struct TheoryOptions {
  std::string model, flops, spread, noise, output;
  std::vector<std::string> params, at;
  int sizes = 12, checkpoints = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

// Writes the table and, beside it, what it is. Throws UsageError.
Status simulate_theory_runs(const TheoryOptions& options);

// "plrf, dynamical ...", for the help.
std::string theory_model_names();

}  // namespace isoflop::cli
