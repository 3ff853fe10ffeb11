// SPDX-License-Identifier: Apache-2.0
#include "core/fit/delta_method.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/statistics.h"

namespace isoflop {
namespace {

// Of the central differences, in standard errors of the parameter.
constexpr double kStep = 1e-3;

}  // namespace

double degrees_of_freedom(const Fit& fit) {
  const auto free = static_cast<double>(std::count(fit.free.begin(), fit.free.end(), 1));
  const auto runs = static_cast<double>(fit.n_runs), clusters = static_cast<double>(fit.n_clusters);
  const double left = runs - free;
  return std::max(1.0, fit.n_clusters > 0 && clusters < runs ? std::min(left, clusters - 1) : left);
}

Scatter scatter_of(const Fit& fit) {
  return {.theta = fit.theta, .covariance = fit.full_covariance, .freedom = degrees_of_freedom(fit)};
}

FirstOrder delta_method(const Quantity& quantity, const Scatter& scatter, double level) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const std::size_t p = scatter.theta.size();
  FirstOrder result{
      .value = quantity.value(scatter.theta), .standard_error = kUnknown, .interval = {kUnknown, kUnknown}};
  if (scatter.covariance.size() != p * p) return result;
  std::vector<double> moved = scatter.theta, gradient(p, 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    const double error = std::sqrt(scatter.covariance[j * p + j]);
    if (error == 0) continue;
    const double step = kStep * error;
    moved[j] = scatter.theta[j] + step;
    const double up = quantity.value(moved);
    moved[j] = scatter.theta[j] - step;
    gradient[j] = (up - quantity.value(moved)) / (2 * step);
    moved[j] = scatter.theta[j];
  }
  double variance = 0;
  for (std::size_t j = 0; j < p; ++j)
    for (std::size_t k = 0; k < p; ++k) variance += gradient[j] * scatter.covariance[j * p + k] * gradient[k];
  if (!std::isfinite(variance)) return result;
  result.standard_error = std::sqrt(std::max(variance, 0.0));
  const double reach = student_quantile(0.5 + level / 2, scatter.freedom) * result.standard_error;
  if (quantity.positive && result.value > 0) {
    const double factor = std::exp(reach / result.value);
    result.interval = {result.value / factor, result.value * factor};
  } else {
    result.interval = {result.value - reach, result.value + reach};
  }
  return result;
}

}  // namespace isoflop
