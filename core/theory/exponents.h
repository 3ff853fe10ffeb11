// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.h"

namespace isoflop {

// N* ~ C^params and L* - L_inf ~ C^-loss along the compute-optimal frontier, C ~ N t with t the samples or steps.
struct OptimalExponents {
  double params = 0, loss = 0;
  std::string phase;
};

// Power-law random features under one-pass SGD, x_j ~ j^-alpha, b_j = j^-beta (Paquette et al. 2024, arXiv:2405.15074,
// table 2), with infinitely many latents for alpha > 1/2 and in a fixed ratio to the features below. Errors:
// kInvalidArgument where alpha + beta <= 1/2.
Result<OptimalExponents> plrf_exponents(double alpha, double beta);

// Random features under gradient flow with spectrum k^-b and signal k^-a (Bordelon et al. 2024, arXiv:2402.01092):
// L ~ t^-(a-1)/b with many features, and N^-min(a-1, b) after a long time: with a signal that falls faster than
// k^-(b+1), what the projections miss is all leakage from its head. The optimum is that of t^-(a-1)/b + N^-(a-1) below,
// and of the leakage at finite times beyond (phase II of table 2 of arXiv:2405.15074).
struct DynamicalExponents {
  double time = 0, params = 0;
  OptimalExponents optimal;
};
DynamicalExponents dynamical_exponents(double a, double b);

// N features and T samples with spectrum I^-(1+alpha) and no ridge (Maloney et al. 2022, arXiv:2210.16859): either
// alone gives exponent alpha, and along N T = C the best N and T keep a fixed ratio, x = alpha / (2 + alpha).
double solvable_optimal_ratio(double alpha);

}  // namespace isoflop
