// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/base/result.h"

namespace isoflop {

// Ridgeless regression of a random linear target (unit weights on every latent) on N random features from T samples,
// all Gaussian, in the limit of many of each (Maloney et al. 2022, arXiv:2210.16859). With n = min(N, T), m = max(N, T)
// and kappa from sum_I lambda_I / (lambda_I + kappa) = n,
//   L = n kappa / (1 - n / m):
// the smaller resource limits, plateaus in the other, and N = T is where the loss diverges. For lambda_I = I^-(1+alpha)
// and n well below the number of latents, n kappa ~ n^-alpha. Errors: kInvalidArgument for N = T, or n not below the
// number of latents.
Result<double> solvable_loss(std::span<const double> spectrum, double features, double samples);

}  // namespace isoflop
