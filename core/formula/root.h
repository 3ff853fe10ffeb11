// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/formula/kernels.h"
#include "core/formula/program.h"

namespace isoflop {

// The root in [low, high] of an equation for each of n rows: Newton's method inside a bracket that shrinks, so that it
// always arrives; to the last digits. NaN where a bound is not finite, or the equation has the same sign at both or is
// NaN on the way. Where it is NaN at a bound itself, a point just inside stands for the bound. `steps` holds the values
// of the steps of the program that come before. `scratch` has root_scratch(equation, n) numbers.
void find_roots(const Kernels& k, const Program::Equation& equation, std::span<const Operand> steps, Operand low,
                Operand high, double* out, std::span<double> scratch, std::size_t n);
std::size_t root_scratch(const Program::Equation& equation, std::size_t n);

}  // namespace isoflop
