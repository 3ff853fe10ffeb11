// SPDX-License-Identifier: Apache-2.0
#include "core/theory/solvable.h"

#include <algorithm>
#include <cmath>

namespace isoflop {

Result<double> solvable_loss(std::span<const double> spectrum, double features, double samples) {
  const double n = std::min(features, samples), m = std::max(features, samples);
  if (!(n > 0 && std::isfinite(n))) return invalid_argument("features and samples must be positive", "features");
  if (n == m)
    return invalid_argument("without a ridge the loss diverges where there are as many samples as features", "samples");
  if (!(n < static_cast<double>(spectrum.size())))
    return invalid_argument("there must be more latents than features or samples, whichever are fewer", "latents");
  const double largest = *std::ranges::max_element(spectrum), smallest = *std::ranges::min_element(spectrum);
  // The sum falls from the number of latents to 0 as kappa grows: Newton's method for its logarithm in log kappa, which
  // is nearly a straight line for power laws, kept within a bracket.
  double low = std::log(smallest) - 40, high = std::log(largest) + std::log(static_cast<double>(spectrum.size())) + 1;
  double log_kappa = std::log(spectrum[static_cast<std::size_t>(n)]);
  for (int i = 0; i < 100; ++i) {
    const double kappa = std::exp(log_kappa);
    double sum = 0, slope = 0;
    for (const double lambda : spectrum) {
      const double share = lambda / (lambda + kappa);
      sum += share;
      slope -= share * (1 - share);
    }
    (sum > n ? low : high) = log_kappa;
    double next = log_kappa - std::log(sum / n) * sum / slope;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double moved = std::abs(next - log_kappa);
    log_kappa = next;
    if (moved < 1e-13) break;
  }
  return n * std::exp(log_kappa) / (1 - n / m);
}

}  // namespace isoflop
