// SPDX-License-Identifier: Apache-2.0
#include "core/fit/likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace isoflop {
namespace {

// Of log tau: far below what any use of it can tell.
constexpr double kTolerance = 1e-13;

// The scale at which sum_i w_i rho_i / tau + log Z(tau / w_i) is least. Its derivative in log tau is zero where
// sum / tau = sum_i slope(tau / w_i); the left side falls, the right rises from n / 2 to n, so that the root is the
// only one and lies between sum / n and 2 sum / n.
double likeliest_scale(double sum, double delta, std::span<const double> weights, std::size_t count) {
  const auto n = static_cast<double>(count);
  if (std::isinf(delta)) return 2 * sum / n;
  const auto excess = [&](double tau) {
    double slopes = 0;
    if (weights.empty())
      slopes = n * huber_normaliser(tau, delta).slope;
    else
      for (const double w : weights) slopes += huber_normaliser(tau / w, delta).slope;
    return sum / tau - slopes;
  };
  double low = std::log(sum / n), high = std::log(2 * sum / n);
  while (high - low > kTolerance * std::max(1.0, std::abs(high))) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (excess(std::exp(middle)) > 0 ? low : high) = middle;
  }
  return std::exp(0.5 * (low + high));
}

}  // namespace

LogNormaliser huber_normaliser(double s, double delta) {
  const double normal = std::sqrt(2 * std::numbers::pi * s);
  if (std::isinf(delta)) return {std::log(normal), 0.5};
  const double x = delta / std::sqrt(2 * s);
  const double inside = normal * std::erf(x), outside = 2 * (s / delta) * std::exp(-x * x);
  return {std::log(inside + outside), (0.5 * inside + outside) / (inside + outside)};
}

NoiseScale noise_scale(Objective objective, double delta, std::span<const double> residuals,
                       std::span<const double> response, std::span<const double> weights) {
  const bool absolute = objective == Objective::kLogMae || objective == Objective::kMae;
  const bool squared = objective == Objective::kLogMse || objective == Objective::kMse;
  if (squared) delta = std::numeric_limits<double>::infinity();
  double sum = 0, jacobian = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double r = residuals[i];
    const double rho = absolute ? std::abs(r) : squared ? 0.5 * r * r : rho_huber(r, delta).value;
    sum += (weights.empty() ? 1 : weights[i]) * rho;
    if (uses_log(objective)) jacobian -= std::log(response[i]);
  }
  const auto n = static_cast<double>(residuals.size());
  if (!std::isfinite(sum)) return {sum - sum, sum - sum};
  if (!(sum > 0)) return {0, std::numeric_limits<double>::infinity()};
  NoiseScale scale;
  scale.tau = absolute ? sum / n : likeliest_scale(sum, delta, weights, residuals.size());
  scale.log_likelihood = jacobian - sum / scale.tau;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const double s = weights.empty() ? scale.tau : scale.tau / weights[i];
    scale.log_likelihood -= absolute ? std::log(2 * s) : huber_normaliser(s, delta).value;
  }
  return scale;
}

}  // namespace isoflop
