// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/fit/chain.h"

namespace isoflop {

// Parameters with which the chain reaches `score` at the other values of `at` (tokens: a trillion for Xiao et al. 2024,
// arXiv:2412.04315), by bisection over their logarithm between 1 and 1e30. NaN where the score lies outside what the
// chain gives there: below chance, above its ceiling, or beyond what the tokens allow. Errors: kInvalidArgument where
// the first law has no variable in the role params, or a role has no value.
Result<double> effective_params(const Chain& chain, const ChainTheta& theta, double score,
                                std::map<std::string, double> at);

// How many times its own parameters a reference model would need for a model's score.
struct Density {
  double effective_params = 0, density = 0;  // NaN where effective_params has none
  std::vector<double> sample;                // densities by resample; NaN where there is none
};
Result<Density> density_of(const ChainFit& fit, double params, double score, const std::map<std::string, double>& at);

// ln rho_max = A t + B over the models that are denser than all before them, by least squares.
struct DensityTrend {
  double rate = 0, offset = 0;       // A per day, B
  double rate_error = 0;             // standard error of A; NaN with two models
  double doubling_days = 0;          // ln 2 / A; negative where density falls
  std::vector<std::size_t> records;  // entries used, by day
};
// Entries with a density that is no positive number are passed over; of one day the densest counts. Errors:
// kInvalidArgument where fewer than two records are left.
Result<DensityTrend> density_trend(std::span<const double> days, std::span<const double> densities);

}  // namespace isoflop
