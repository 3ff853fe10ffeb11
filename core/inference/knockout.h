// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/result.h"

namespace isoflop {

// A knockout among N candidate answers, each pair decided by the majority of K comparisons (Chen et al. 2024,
// arXiv:2411.19477, theorem 1). A candidate is right with probability p_gen; a comparison of a right one with a wrong
// one names the right one with probability p_comp, independently.
struct Knockout {
  double p_generate = 0;  // in [0, 1]
  double p_compare = 0;   // in [0, 1]; the bound says something above 1/2 only
  std::int64_t candidates = 1;
  std::int64_t comparisons = 1;
};
Status validate(const Knockout& knockout);

// Upper bound on the chance that the winner is wrong, at most 1:
//   (1 - p_gen)^N + ceil(log2 N) exp(-2 K (p_comp - 1/2)^2).
// 1 where p_comp <= 1/2 and there is more than one candidate.
double failure_bound(const Knockout& knockout);

// That chance itself under the same independence: the winner of a half is right with probability q, so that the winner
// of two halves is right with q1 q2 + (q1 (1 - q2) + q2 (1 - q1)) m, m the chance of a majority for the right one (a
// draw is decided by a coin). Halves differ by one candidate where N is odd.
double failure_probability(const Knockout& knockout);

// Calls of the model: N answers, and K comparisons for each of N - 1 matches. The paper counts N (K + 1).
double calls(const Knockout& knockout);

// N and K that make the bound least with at most `budget` >= 1 calls counted as N (K + 1), or 1 where N = 1.
Knockout best_knockout(double p_generate, double p_compare, std::int64_t budget);

}  // namespace isoflop
