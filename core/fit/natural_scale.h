// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/formula/program.h"

namespace isoflop {

// What the columns say about the size of a parameter whose units nobody has told.
struct NaturalScale {
  double size = 1;  // typical magnitude; the sign is open
  // The parameter is a place on a column (c in (x - c)^2): where it then lies among the data.
  struct Place {
    double low, high;
  };
  std::optional<Place> place = {};
};

// Dimensional analysis of a formula: terms of a sum are alike in size, arguments of exp, sin, atan ... are of the order
// of 1, the result is like the response. Each such statement is linear in the logarithms of the parameters' sizes; the
// least squares solution is returned, one entry per parameter of the formula, 1 where nothing is said. So b in
// exp(-b x) is of the order of 1 / x, whatever the unit of x.
std::vector<NaturalScale> natural_scales(const Program& formula, std::span<const std::vector<double>> columns,
                                         std::span<const double> response);

}  // namespace isoflop
