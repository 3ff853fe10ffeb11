// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/fit.h"

namespace isoflop {

// How a resample is made. The first two assume nothing about the noise but that runs are independent, or clusters where
// there are any, which are then resampled whole.
//   kRuns      gives every run a random weight of mean 1 and variance about 1 (core/fit/resample.h), exponential as in
//              the Bayesian bootstrap (Rubin 1981). Every run takes part in every resample, which matters where budgets
//              hold few runs, and intervals keep their level in small samples
//   kDraws     draws as many runs as there are with replacement, as published intervals mostly do
//   kResidual  keeps the design and draws residuals about the law as fitted: assumes one noise distribution for all
//              runs of equal weight
enum class BootstrapKind { kRuns, kDraws, kResidual };

std::string_view bootstrap_kind_name(BootstrapKind kind);               // "runs", "draws", "residual"
Result<BootstrapKind> bootstrap_kind_from_name(std::string_view name);  // error lists the names

struct BootstrapOptions {
  int resamples = 4000;
  std::uint64_t seed = 0;
  int threads = 0;  // 0: all cores. Results do not depend on it.
  BootstrapKind kind = BootstrapKind::kRuns;
};

// Estimates from resampled runs: the sampling distribution of everything computed from them.
struct Bootstrap {
  int parameters = 0;
  std::uint64_t seed = 0;
  std::vector<double> theta;  // resamples() rows of `parameters` values, in the order of the resamples
  int failed = 0;             // resamples without a finite optimum, not among the rows
  BootstrapKind kind = BootstrapKind::kRuns;

  int resamples() const { return parameters == 0 ? 0 : static_cast<int>(theta.size()) / parameters; }
  std::span<const double> sample(int i) const {
    return {theta.data() + static_cast<std::size_t>(i) * parameters, static_cast<std::size_t>(parameters)};
  }
};

// Resamples the runs and refits as `fit` was made (ties, priors, bounds, weights), warm-started at every optimum of
// `fit` that is within reach of the best. A prior is resampled too, as the observation that it stands for. Errors:
// kInvalidArgument for no resamples, fewer than two clusters, or residuals drawn where runs have clusters; kNumerical
// where no resample has a finite optimum; kCancelled.
Result<Bootstrap> bootstrap(const Law& law, const Observations& observations, const Fit& fit,
                            const BootstrapOptions& options = {}, const Control& control = {});

// An interval of a sample: percentiles by linear interpolation (R's type 7), NaN ignored.
struct Interval {
  double lower = 0, upper = 0;
};
Interval percentile_interval(std::vector<double> sample, double level = 0.95);

}  // namespace isoflop
