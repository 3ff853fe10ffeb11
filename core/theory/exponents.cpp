// SPDX-License-Identifier: Apache-2.0
#include "core/theory/exponents.h"

#include <algorithm>

namespace isoflop {

Result<OptimalExponents> plrf_exponents(double alpha, double beta) {
  if (!(alpha > 0.5 && beta > 0))
    return invalid_argument("the exponents are known here for alpha above 1/2 and beta above 0 (phases Ia, II and III)",
                            "alpha");
  if (2 * beta < 1)
    return OptimalExponents{
        .params = 1 / (2 * alpha + 1), .loss = (2 * alpha + 2 * beta - 1) / (2 * alpha + 1), .phase = "Ia"};
  if (beta < alpha)
    return OptimalExponents{
        .params = beta / (alpha + beta), .loss = (2 * alpha + 2 * beta - 1) / (2 * (alpha + beta)), .phase = "II"};
  return OptimalExponents{.params = 0.5, .loss = (4 * alpha - 1) / (4 * alpha), .phase = "III"};
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
