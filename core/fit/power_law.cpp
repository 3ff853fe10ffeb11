// SPDX-License-Identifier: Apache-2.0
#include "core/fit/power_law.h"

#include <cmath>
#include <limits>

namespace isoflop {

double PowerLaw::at(double x) const {
  return scale * std::pow(x, exponent);
}

PowerLaw fit_power_law(std::span<const double> log_x, std::span<const double> log_y, std::span<const double> weight) {
  const std::size_t n = log_x.size();
  const auto w = [&](std::size_t i) { return weight.empty() ? 1.0 : weight[i]; };
  double total = 0, mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < n; ++i) {
    total += w(i);
    mean_x += w(i) * log_x[i];
    mean_y += w(i) * log_y[i];
  }
  mean_x /= total;
  mean_y /= total;
  double xx = 0, xy = 0, residual = 0;
  for (std::size_t i = 0; i < n; ++i) {
    xx += w(i) * (log_x[i] - mean_x) * (log_x[i] - mean_x);
    xy += w(i) * (log_x[i] - mean_x) * (log_y[i] - mean_y);
  }
  PowerLaw law;
  law.exponent = xy / xx;
  law.scale = std::exp(mean_y - law.exponent * mean_x);
  for (std::size_t i = 0; i < n; ++i) {
    const double r = log_y[i] - mean_y - law.exponent * (log_x[i] - mean_x);
    residual += w(i) * r * r;
  }
  law.standard_error =
      n > 2 ? std::sqrt(residual / static_cast<double>(n - 2) / xx) : std::numeric_limits<double>::quiet_NaN();
  return law;
}

void add_intervals(PowerLaw& law, const std::vector<PowerLaw>& resamples) {
  std::vector<double> exponents, scales;
  for (const PowerLaw& sample : resamples) {
    if (!std::isfinite(sample.exponent)) continue;
    exponents.push_back(sample.exponent);
    scales.push_back(sample.scale);
  }
  if (exponents.empty()) return;
  law.exponent_ci95 = percentile_interval(std::move(exponents));
  law.scale_ci95 = percentile_interval(std::move(scales));
}

}  // namespace isoflop
