// SPDX-License-Identifier: Apache-2.0
#include "core/fit/isoflop_shape.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace isoflop {
namespace {

constexpr int kSizesForAShape = 4;
constexpr double kFirstStep = 0.1;

double misfit(std::span<const IsoflopPoints> budgets, const IsoflopShape& shape) {
  double sum = 0;
  for (const IsoflopPoints& budget : budgets)
    sum += fit_isoflop_curve(budget, IsoflopMethod::kLaw, shape, kSizesForAShape).residual;
  return sum;
}

IsoflopShape moved(const IsoflopShape& shape, double alpha, double beta) {
  return {std::clamp(shape.alpha + alpha, 0.0, kLargestIsoflopExponent),
          std::clamp(shape.beta + beta, 0.0, kLargestIsoflopExponent)};
}

}  // namespace

IsoflopShape fit_isoflop_shape(std::span<const IsoflopPoints> budgets, const IsoflopShape& start, double precision) {
  // Compass search: it needs no derivative at the bounds, where the optimum often lies.
  IsoflopShape best = start;
  double lowest = misfit(budgets, best);
  static constexpr std::array<std::array<double, 2>, 8> kWays{
      {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}, {1, -1}, {-1, 1}}};
  for (double step = kFirstStep; step > precision;) {
    bool better = false;
    for (const auto& way : kWays) {
      const IsoflopShape tried = moved(best, step * way[0], step * way[1]);
      const double sum = misfit(budgets, tried);
      if (!(sum < lowest)) continue;
      best = tried;
      lowest = sum;
      better = true;
    }
    step *= better ? 1.5 : 0.4;
  }
  return best;
}

IsoflopShape fit_isoflop_shape(std::span<const IsoflopPoints> budgets) {
  static constexpr std::array<double, 8> kGrid{0, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2, 2};
  IsoflopShape best;
  double lowest = std::numeric_limits<double>::infinity();
  for (const double alpha : kGrid)
    for (const double beta : kGrid) {
      const double sum = misfit(budgets, {alpha, beta});
      if (!(sum < lowest)) continue;
      lowest = sum;
      best = {alpha, beta};
    }
  return fit_isoflop_shape(budgets, best, 1e-6);
}

}  // namespace isoflop
