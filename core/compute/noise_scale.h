// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// The gradient noise scale B_simple = tr(Sigma) / |G|^2, with Sigma the covariance of one example's gradient and G the
// true one, from squared norms of gradients averaged over two batch sizes at each of some steps (McCandlish et al.
// 2018, arXiv:1812.06162, appendix A.1). Examples and tokens will do as units, as long as both batches count the same.
struct GradientNorms {
  double small_batch = 0, big_batch = 0;           // 0 < small < big
  std::vector<double> small_squared, big_squared;  // |G_small|^2 and |G_big|^2, one entry per step
};

struct GradientNoiseOptions {
  double decay = 0;      // of exponential moving averages over the steps, in [0, 1); 0: plain averages
  int resamples = 1000;  // of steps, for the interval
  int block = 1;         // successive steps drawn together, as their norms are correlated
  double level = 0.95;
  std::uint64_t seed = 0;
};

struct GradientNoise {
  double trace = 0;             // S, estimates tr(Sigma)
  double squared_gradient = 0;  // estimates |G|^2
  double simple = 0;  // their quotient: numerator and denominator are averaged apart, as the quotient is biased
  double lower = 0, upper = 0;  // percentile interval of the quotient; upper is infinite where |G|^2 may be nought
};

// |G|^2 ~ (B_big |G_big|^2 - B_small |G_small|^2) / (B_big - B_small),
// S ~ (|G_small|^2 - |G_big|^2) / (1 / B_small - 1 / B_big), each unbiased.
// With decay, the averages are weighted towards the last steps by decay^(steps ago). Errors: kInvalidArgument for
// unequal lengths, no steps, batches out of order, options out of range; kNumerical where the estimate of |G|^2 is not
// positive.
Result<GradientNoise> estimate_noise_scale(const GradientNorms& norms, const GradientNoiseOptions& options = {});

// What a batch costs against the two ideals, (S / S_min - 1) (E / E_min - 1) = 1 with critical batch B = E_min / S_min.
struct BatchTradeOff {
  double steps_ratio = 0;          // S / S_min = 1 + B_crit / B
  double examples_ratio = 0;       // E / E_min = 1 + B / B_crit
  double learning_rate_ratio = 0;  // eps_opt / eps_max = 1 / (1 + B_crit / B)
};
BatchTradeOff batch_trade_off(double critical_batch, double batch);

}  // namespace isoflop
