// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/fit/bootstrap.h"

namespace isoflop {

// y = scale * x^exponent, by weighted least squares of ln y on ln x.
struct PowerLaw {
  double scale = 0, exponent = 0;
  double standard_error = 0;  // of the exponent, from the residuals of the regression; NaN for two points
  std::optional<Interval> exponent_ci95, scale_ci95;

  double at(double x) const;
};

// `weight` has one positive entry per point, proportional to the inverse variance of ln y; empty for equal weights. At
// least two points with different x; otherwise the result is not finite.
PowerLaw fit_power_law(std::span<const double> log_x, std::span<const double> log_y,
                       std::span<const double> weight = {});

// Percentile intervals of the exponent and the scale from power laws of resamples; NaN exponents are left out, and
// where all are, there are no intervals.
void add_intervals(PowerLaw& law, const std::vector<PowerLaw>& resamples);

}  // namespace isoflop
