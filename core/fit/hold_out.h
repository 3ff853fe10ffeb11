// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// The runs that are left out to see how far a law extrapolates: always the largest ones.
struct HoldOut {
  enum class Kind {
    kNone,
    kBudgets,    // the runs of the `budgets` largest compute budgets, and what lies between and above them
    kShare,      // the `share` of the runs of largest size; runs of one size stay together
    kThreshold,  // the runs of size `above` or more
  };
  Kind kind = Kind::kBudgets;
  int budgets = 2;
  double share = 0.2;
  double above = 0;
  // What "large" means: a role or column. Empty: the first of flops, tokens and params that the runs have.
  std::string by = {};
};

// 1 for each run that is left out. Sizes must be positive. Errors: kInvalidArgument for options out of range, and where
// no run would be left on one side; the sentence says how many budgets there are.
Result<std::vector<char>> choose_held_out(std::span<const double> size, const HoldOut& hold_out);

// A fold in [0, folds) for each run, seeded. Runs of one cluster (equal entries of `clusters`, which may be empty) are
// in one fold; folds differ by at most one cluster, and each has its share of small and of large runs: of every `folds`
// clusters that follow each other by size, each fold has one. Fewer folds than asked for where there are fewer
// clusters. Errors: kInvalidArgument for fewer than two folds or clusters.
Result<std::vector<int>> assign_folds(std::span<const double> size, std::span<const std::size_t> clusters, int folds,
                                      std::uint64_t seed);

}  // namespace isoflop
