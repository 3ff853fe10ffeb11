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
  std::vector<double> target;        // padded; empty unless residuals are drawn
  std::vector<double> prior_shifts;  // one per prior
};

// Draws resamples of the runs of a problem: number i from stream i of the seed.
//
// A fit takes part of the noise of its runs into its parameters. Resamples of what is left of it scatter too little
// where residuals count squared, and too much where they count absolutely, since such fits jump from run to run. With s
// the share of the scores' variance that comes from the quadratic part of the objective (1 for least squares, near 0
// for a small delta), h_i the leverage of run i and t, z the 97.5% quantiles of Student's t and of the normal
// distribution:
//   kRuns      run i has weights of variance s (t / z)^2 / (1 - h_i)^2 + (1 - s) (1 - h_i)^2, so that the scores of
//              least squares vary as those of the jackknife do (HC3; Davidson and MacKinnon 1993).
//              Of G clusters each has the variance (t / z)^2 G / (G - 1) (s / (1 - h) + 1 - s), with t of G - 1 degrees
//              of freedom and h summed over the cluster
//   kResidual  residuals are divided by 1 - h_i, centred where the objective's location of them is 0, and multiplied by
//              t / z; noise of (1 - s) times the bandwidth 0.75 scale n^(-1/5) is added, because the residuals that an
//              absolute fit brings to nearly zero would else hold the resamples there
// That these keep the level of intervals is shown by simulation: tests/bench/coverage_bench.cpp.
class Resampler {
 public:
  // u: the estimate.
  Resampler(const FitProblem& problem, const SmallVector& u, BootstrapKind kind, std::uint64_t seed);

  void draw(std::uint64_t i, Resample& out) const;

 private:
  void prepare_weights(double quadratic_share, const std::vector<double>& leverage);
  void prepare_residuals(double quadratic_share, const std::vector<double>& leverage,
                         const std::vector<double>& residuals);

  const FitProblem* problem_;
  BootstrapKind kind_;
  std::uint64_t seed_;
  std::vector<double> variances_;  // of the weights, per run or cluster
  std::vector<double> fitted_;     // padded
  std::vector<double> residuals_;  // of weight 1
  double smoothing_ = 0;           // width of the uniform noise added to residuals
};

}  // namespace isoflop
