// SPDX-License-Identifier: Apache-2.0
#include "core/formula/scalar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/formula/root.h"

namespace isoflop {

using Op = Program::Op;

double apply_scalar(Op op, double a, double b, double c) {
  switch (op) {
    case Op::kConstant:
    case Op::kVariable:
    case Op::kParameter:
    case Op::kUnknown:
    case Op::kSolve:
      break;
    case Op::kValue:
      return a;
    case Op::kAdd:
      return a + b;
    case Op::kSubtract:
      return a - b;
    case Op::kMultiply:
      return a * b;
    case Op::kDivide:
      return a / b;
    case Op::kPower:
      return std::pow(a, b);
    case Op::kMin:
      return a < b ? a : b <= a ? b : a + b;
    case Op::kMax:
      return a > b ? a : b >= a ? b : a + b;
    case Op::kLess:
      return a < b;
    case Op::kLessEqual:
      return a <= b;
    case Op::kEqual:
      return a == b;
    case Op::kSelect:
      return a != 0 ? b : c;
    case Op::kNegate:
      return -a;
    case Op::kExp:
      return std::exp(a);
    case Op::kExpm1:
      return std::expm1(a);
    case Op::kLog:
      return std::log(a);
    case Op::kLog1p:
      return std::log1p(a);
    case Op::kSqrt:
      return std::sqrt(a);
    case Op::kAbs:
      return std::abs(a);
    case Op::kSin:
      return std::sin(a);
    case Op::kCos:
      return std::cos(a);
    case Op::kTan:
      return std::tan(a);
    case Op::kAtan:
      return std::atan(a);
    case Op::kTanh:
      return std::tanh(a);
    case Op::kSigmoid:
      return 1 / (1 + std::exp(-a));
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double solve_scalar(const Program& program, std::size_t step, std::span<const double> values) {
  const Program::Step& solve = program.steps()[step];
  const Program::Equation& equation = program.equations()[static_cast<std::size_t>(solve.index)];
  std::vector<Operand> operands;
  operands.reserve(step);
  for (const double value : values.first(step)) operands.push_back({nullptr, value});
  std::vector<double> scratch(root_scratch(equation, 1));
  double root = 0;
  find_roots(kernels(), equation, operands, operands[static_cast<std::size_t>(solve.a)],
             operands[static_cast<std::size_t>(solve.b)], &root, scratch, 1);
  return root;
}

ScalarSlopes slopes_scalar(Op op, double a, double b, double c, double y) {
  (void)c;
  switch (op) {
    case Op::kConstant:
    case Op::kVariable:
    case Op::kParameter:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kEqual:
    case Op::kUnknown:
    case Op::kSolve:
    case Op::kValue:
      break;
    case Op::kAdd:
      return {1, 1, 0};
    case Op::kSubtract:
      return {1, -1, 0};
    case Op::kMultiply:
      return {b, a, 0};
    case Op::kDivide:
      return {1 / b, -y / b, 0};
    case Op::kPower:
      return {b == 0 ? 0 : b * std::pow(a, b - 1), y == 0 ? 0 : y * std::log(a), 0};
    case Op::kMin:
      return a <= b ? ScalarSlopes{1, 0, 0} : ScalarSlopes{0, 1, 0};
    case Op::kMax:
      return a >= b ? ScalarSlopes{1, 0, 0} : ScalarSlopes{0, 1, 0};
    case Op::kSelect:
      return a != 0 ? ScalarSlopes{0, 1, 0} : ScalarSlopes{0, 0, 1};
    case Op::kNegate:
      return {-1, 0, 0};
    case Op::kExp:
      return {y, 0, 0};
    case Op::kExpm1:
      return {y + 1, 0, 0};
    case Op::kLog:
      return {1 / a, 0, 0};
    case Op::kLog1p:
      return {1 / (1 + a), 0, 0};
    case Op::kSqrt:
      return {0.5 / y, 0, 0};
    case Op::kAbs:
      return {a < 0 ? -1.0 : 1.0, 0, 0};
    case Op::kSin:
      return {std::cos(a), 0, 0};
    case Op::kCos:
      return {-std::sin(a), 0, 0};
    case Op::kTan:
      return {1 + y * y, 0, 0};
    case Op::kAtan:
      return {1 / (1 + a * a), 0, 0};
    case Op::kTanh:
      return {1 - y * y, 0, 0};
    case Op::kSigmoid:
      return {y * (1 - y), 0, 0};
  }
  return {0, 0, 0};
}

double evaluate_scalar(const Program& program, std::span<const double> theta, std::span<double> gradient) {
  const auto& steps = program.steps();
  // Small formulas, which are nearly all of them, need no allocation.
  constexpr std::size_t kSmall = 64;
  std::array<double, 2 * kSmall> small;
  std::vector<double> large;
  double* values = small.data();
  if (steps.size() > kSmall) values = (large.resize(2 * steps.size()), large.data());
  double* adjoints = values + steps.size();

  const auto operand = [&](int i) { return i < 0 ? 0.0 : values[i]; };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (step.op == Op::kConstant)
      values[i] = step.constant;
    else if (step.op == Op::kParameter)
      values[i] = theta[static_cast<std::size_t>(step.index)];
    else if (step.op == Op::kSolve)
      values[i] = solve_scalar(program, i, {values, i});
    else
      values[i] = apply_scalar(step.op, operand(step.a), operand(step.b), operand(step.c));
  }
  if (gradient.empty()) return values[steps.size() - 1];

  std::fill(gradient.begin(), gradient.end(), 0.0);
  std::fill(adjoints, adjoints + steps.size(), 0.0);
  adjoints[steps.size() - 1] = 1;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const auto& step = steps[i];
    const double adjoint = adjoints[i];
    if (adjoint == 0) continue;
    if (step.op == Op::kParameter) {
      gradient[static_cast<std::size_t>(step.index)] += adjoint;
      continue;
    }
    const ScalarSlopes slopes = slopes_scalar(step.op, operand(step.a), operand(step.b), operand(step.c), values[i]);
    // A slope of zero stays zero even where the operand's own derivative is infinite.
    if (step.a >= 0 && slopes.a != 0) adjoints[step.a] += adjoint * slopes.a;
    if (step.b >= 0 && slopes.b != 0) adjoints[step.b] += adjoint * slopes.b;
    if (step.c >= 0 && slopes.c != 0) adjoints[step.c] += adjoint * slopes.c;
  }
  return values[steps.size() - 1];
}

}  // namespace isoflop
