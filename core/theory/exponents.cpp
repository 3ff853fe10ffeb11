// SPDX-License-Identifier: Apache-2.0
#include "core/theory/exponents.h"

#include <algorithm>
#include <numbers>

namespace isoflop {

Result<OptimalExponents> plrf_exponents(double alpha, double beta) {
  const double excess = 2 * (alpha + beta) - 1;
  if (!(alpha > 0 && beta >= 0 && excess > 0))
    return invalid_argument("there is no power law unless alpha + beta is above 1/2", "alpha");
  if (2 * beta < 1) {
    if (alpha > 0.5)
      return OptimalExponents{.params = 1 / (2 * alpha + 1), .loss = excess / (2 * alpha + 1), .phase = "Ia"};
    return OptimalExponents{.params = 0.5, .loss = excess / 2, .phase = "Ib"};
  }
  if (alpha > 0.5) {
    if (beta < alpha)
      return OptimalExponents{.params = beta / (alpha + beta), .loss = excess / (2 * (alpha + beta)), .phase = "II"};
    return OptimalExponents{.params = 0.5, .loss = (4 * alpha - 1) / (4 * alpha), .phase = "III"};
  }
  if (alpha < 0.25) {
    const double q = alpha * (2 * beta - 3) - 2 * beta + 1;
    return OptimalExponents{.params = -excess / (2 * q), .loss = -alpha * excess / q, .phase = "Ic"};
  }
  if (alpha > 1 - 1 / std::numbers::sqrt2) return OptimalExponents{.params = 0.5, .loss = alpha, .phase = "IVa"};
  const double q = 2 * alpha * beta + alpha - 2 * beta;
  return OptimalExponents{.params = (alpha - beta) / q, .loss = -(1 - 2 * alpha) * excess / (2 * q), .phase = "IVb"};
}

DynamicalExponents dynamical_exponents(double a, double b) {
  DynamicalExponents exponents{.time = (a - 1) / b, .params = std::min(a - 1, b), .optimal = {}};
  if (a - 1 <= b)
    exponents.optimal = {.params = 1 / (1 + b), .loss = (a - 1) / (1 + b), .phase = "Ia"};
  else
    exponents.optimal = {.params = (a - b) / a, .loss = (a - 1) / a, .phase = "II"};
  return exponents;
}

double solvable_optimal_ratio(double alpha) {
  return alpha / (2 + alpha);
}

}  // namespace isoflop
