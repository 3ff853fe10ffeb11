// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"

namespace isoflop {

// Which samples to draw from which configuration (model, temperature, prompt ...) so that the most problems are solved
// by at least one of them (OSCA, Zhang et al. 2024, arXiv:2410.22480): maximise
//   mean over problems i of 1 - prod_j (1 - p_ij)^n_j   subject to   sum_j cost_j n_j <= budget,  n_j whole.
struct SamplingProblem {
  std::size_t problems = 0, configurations = 0;
  std::vector<double> success;  // p_ij, row-major by problem; in [0, 1]
  std::vector<double> costs;    // of one sample of each configuration; > 0
  double budget = 0;
};

struct SampleAllocation {
  std::vector<std::int64_t> samples;  // n_j
  double solved = 0;                  // the mean above
  double cost = 0;
};

// That mean for given n_j.
double solved_share(const SamplingProblem& problem, std::span<const std::int64_t> samples);

// Greedy by gain per cost, then hill climbing: samples of one configuration are exchanged for those of another while
// that helps. With equal costs the greedy part alone reaches a share of 1 - 1/e of the optimum, as the objective is
// submodular. A second climb starts from the best configuration alone. Errors: kInvalidArgument for shapes, chances or
// costs that make no sense or a budget of more than 1e6 samples; kCancelled.
Result<SampleAllocation> allocate_samples(const SamplingProblem& problem, const Control& control = {});

// The optimum, by looking at every allocation that fits. Errors: as above, and kInvalidArgument beyond 1e7 of them.
Result<SampleAllocation> allocate_samples_exactly(const SamplingProblem& problem, const Control& control = {});

// The most that one configuration alone solves within the budget.
Result<SampleAllocation> best_single_configuration(const SamplingProblem& problem);

}  // namespace isoflop
