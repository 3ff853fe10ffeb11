// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace isoflop {

double mean(std::span<const double> sample);                // NaN when empty
double standard_deviation(std::span<const double> sample);  // divides by n - 1; NaN for fewer than two

// Quantiles of the standard normal distribution and of Student's t with `freedom` degrees of freedom > 0 (need not be
// whole; infinite gives the normal one), for p in (0, 1), to 1e-12 of their size.
double normal_quantile(double p);
double student_quantile(double p, double freedom);

// Quantile at p in [0, 1] by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the default
// of R and NumPy). No NaN allowed in the sample. NaN when it is empty.
double quantile(std::vector<double> sample, double p);

}  // namespace isoflop
