// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/formula/program.h"

namespace isoflop {

// One step on numbers, by the C library. Operands that the step does not have are ignored. NaN for a kSolve step.
double apply_scalar(Program::Op op, double a, double b, double c);

// A kSolve step, from the values of the steps before it.
double solve_scalar(const Program& program, std::size_t step, std::span<const double> values);

// d step / d operand, for each operand, from the operands and the result y.
struct ScalarSlopes {
  double a, b, c;
};
ScalarSlopes slopes_scalar(Program::Op op, double a, double b, double c, double y);

// A formula of parameters alone (variables are treated as NaN): its value, and its gradient when `gradient` is not
// empty. theta and gradient have one entry per parameter.
double evaluate_scalar(const Program& program, std::span<const double> theta, std::span<double> gradient = {});

}  // namespace isoflop
