// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/fit/bootstrap.h"
#include "core/fit/quantity.h"

namespace isoflop {

struct ProfileOptions {
  double level = 0.95;
  int threads = 0;  // 0: all cores. Results do not depend on it.
};

// The least objective for each value of a quantity, all parameters refitted, and the values that it does not rule out.
struct Profile {
  std::string name;
  double value = 0;   // at the estimate
  Interval interval;  // an open end is infinite
  // No value on this side is ruled out as far as the parameters can go, or as the search went: the data do not bound
  // the quantity there.
  bool open_lower = false, open_upper = false;
  // Points of the profile by increasing value: the quantity, and 2 (objective - least) / deviance scale.
  std::vector<double> at, deviance;
  double threshold = 0;  // the deviance at the ends of the interval
};

// Profiles of quantities of a fit. The deviance is 2 (objective + penalty - least) over Fit::deviance_scale, which is
// the residual variance for least squares and keeps the level for Huber and absolute errors, whose noise need not be of
// the likelihood that they belong to; it is compared with the square of Student's t, which chi-squared with one degree
// of freedom becomes in small samples. Each point is an optimum under a pull towards a value of the quantity
// (fit_evaluator.h), found from its neighbour on the way out from the estimate; the ends are found by regula falsi on
// the root of the deviance. A quantity that ties leave no room has its value for both ends. Errors: kInvalidArgument
// for clusters, among which the deviance does not follow that distribution; kNumerical where the noise scale is
// unknown; kCancelled.
Result<std::vector<Profile>> profile(const Law& law, const Observations& observations, const Fit& fit,
                                     std::span<const Quantity> quantities, const ProfileOptions& options = {},
                                     const Control& control = {});

}  // namespace isoflop
