// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "core/fit/bootstrap.h"
#include "core/fit/quantity.h"

namespace isoflop {

// What the delta method needs of a fit: an estimate and how it scatters.
struct Scatter {
  std::vector<double> theta;       // all parameters of the law
  std::vector<double> covariance;  // of them, row-major; empty where unknown
  double freedom = 0;              // degrees of freedom behind the covariance
};
Scatter scatter_of(const Fit& fit);

// Degrees of freedom of a fit's intervals: runs less free parameters, clusters less one where there are any; at
// least 1.
double degrees_of_freedom(const Fit& fit);

// A quantity to first order: its gradient g by central differences, standard error sqrt(g^T V g), and the interval of
// Student's t about the estimate, or about its logarithm for a positive quantity. NaN where the covariance is unknown.
struct FirstOrder {
  double value = 0, standard_error = 0;
  Interval interval;
};
FirstOrder delta_method(const Quantity& quantity, const Scatter& scatter, double level = 0.95);

}  // namespace isoflop
