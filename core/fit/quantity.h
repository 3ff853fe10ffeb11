// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>

#include "core/fit/fit.h"

namespace isoflop {

// A number computed from the parameters of a law: what intervals are wanted of.
struct Quantity {
  std::string name;
  std::function<double(std::span<const double> theta)> value;  // of all parameters of the law; safe to share
  // Intervals to first order are taken of its logarithm, in which such numbers are nearer to normal: counts, losses,
  // and parameters that are searched in the logarithm.
  bool positive = false;
};

Quantity parameter_quantity(const Law& law, std::size_t parameter);
Quantity derived_quantity(const DerivedQuantity& derived);

// A parameter or derived quantity of the law by its name. Errors: kNotFound with the names there are.
Result<Quantity> find_quantity(const Law& law, const std::string& name);

}  // namespace isoflop
