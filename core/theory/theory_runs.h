// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/runs/run_table.h"
#include "core/theory/theory_model.h"

namespace isoflop {

struct TheoryPlan {
  TheoryModel model = TheoryModel::kPlrf;
  std::map<std::string, double> parameters;  // over the defaults
  std::vector<double> flops;                 // budgets
  int sizes = 12;                            // models per budget, equally spaced in log N about the best
  double spread = 5;                         // from N* / spread to N* spread
  int checkpoints = 1;                       // rows per run, from a thousandth of its tokens on in equal ratios
  double noise = 0;                          // standard deviation of log loss
  std::uint64_t seed = 1;
  int threads = 0;  // 0: all cores. Results do not depend on it.
  // Pruning alone: samples per dimension before it, and shares kept; every one of them hard, easy and random.
  std::vector<double> pools, kept;
};

// A table with the roles params, tokens, flops and loss, flops being 6 * params * tokens as everywhere here (theory
// counts params * tokens; exponents are the same), and `run` where there are checkpoints. For pruning: params the
// dimensions, tokens the samples kept, and columns pool, kept and keep. Row i has noise from stream i of the seed.
// Errors: kNotFound for an unknown parameter, kInvalidArgument; kCancelled.
Result<RunTable> simulate_theory(const TheoryPlan& plan, const Control& control = {});

// What is known of the table's exponents: N* ~ C^params, L* ~ C^-loss ("optimal_params", "optimal_loss"), and for some
// models L ~ t^-time ("time") and L ~ N^-width ("width"). Empty where nothing is known.
std::map<std::string, double> known_exponents(const TheoryPlan& plan);

}  // namespace isoflop
