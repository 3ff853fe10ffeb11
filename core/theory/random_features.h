// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/control.h"
#include "core/theory/sgd_dynamics.h"

namespace isoflop {

// A linear target over M Gaussian latents: variances nu_j and weights b_j, so that its own variance is sum nu_j b_j^2.
struct LatentTarget {
  std::vector<double> variance, weight;

  // nu_j = j^-spectrum, nu_j b_j^2 = j^-signal for j = 1..latents.
  static LatentTarget power_laws(int latents, double spectrum, double signal);
  double power() const;
};

// Regression of the target on `features` random projections of the latents, phi = W^T x with independent
// W_ji ~ N(0, 1 / features): the eigenvalues of their covariance W^T diag(nu) W, the distances of weights 0 from the
// best ones, and as floor the variance that the projections miss. One draw of W: row j from stream features * 2^32 + j
// of the seed. Work M features^2. `rate` and `batch` are left to the caller.
SgdProblem random_features(const LatentTarget& target, int features, std::uint64_t seed, int threads = 0);

// The first `features` latents themselves; the others are floor.
SgdProblem leading_features(const LatentTarget& target, int features);

}  // namespace isoflop
