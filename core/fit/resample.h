// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/fit/bootstrap.h"
#include "core/fit/fit_problem.h"

namespace isoflop {

// What one resample puts in place of the problem's own: as FitEvaluator takes them.
struct Resample {
  std::vector<double> weights;       // padded
  std::vector<double> target;        // padded; empty where runs are drawn
  std::vector<double> prior_shifts;  // one per prior
};

// Draws resamples of the runs of a problem: number i from stream i of the seed.
class Resampler {
 public:
  // u: the estimate, about which residuals are drawn.
  Resampler(const FitProblem& problem, const SmallVector& u, BootstrapKind kind, std::uint64_t seed);

  void draw(std::uint64_t i, Resample& out) const;

 private:
  const FitProblem* problem_;
  BootstrapKind kind_;
  std::uint64_t seed_;
  std::vector<double> fitted_;
  // Residuals of weight 1, each divided by sqrt(1 - leverage) and all centred where the objective's location of them is
  // 0: the law as fitted is then the optimum of the resamples' population.
  std::vector<double> residuals_;
};

}  // namespace isoflop
