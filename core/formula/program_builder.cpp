// SPDX-License-Identifier: Apache-2.0
#include "core/formula/program_builder.h"

#include <bit>
#include <cmath>

#include "core/formula/scalar.h"

namespace isoflop {
namespace {

using Step = Program::Step;
using Equation = Program::Equation;
using Op = Program::Op;
using Stage = Program::Stage;

// Powers with a whole exponent up to this one become products, which also hold for negative bases.
constexpr int kLargestUnrolledPower = 8;

Stage join(Stage a, Stage b) {
  if (a == Stage::kConstant) return b;
  if (b == Stage::kConstant || a == b) return a;
  return Stage::kMixed;
}

}  // namespace

std::pair<std::vector<Step>, std::vector<Equation>> ProgramBuilder::finish(int root) && {
  std::vector<char> needed(steps_.size(), 0);
  needed[static_cast<std::size_t>(root)] = 1;
  for (int i = root; i >= 0; --i)
    if (needed[static_cast<std::size_t>(i)])
      for (const int operand : operands(at(i))) needed[static_cast<std::size_t>(operand)] = 1;
  std::vector<int> place(steps_.size(), -1);
  std::vector<Step> kept;
  std::vector<Equation> equations;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(root); ++i) {
    if (!needed[i]) continue;
    Step step = steps_[i];
    for (int* operand : {&step.a, &step.b, &step.c})
      if (*operand >= 0) *operand = place[static_cast<std::size_t>(*operand)];
    if (step.op == Op::kSolve) {
      equations.push_back(moved(equations_[static_cast<std::size_t>(step.index)], place));
      step.index = static_cast<int>(equations.size()) - 1;
    }
    place[i] = static_cast<int>(kept.size());
    kept.push_back(step);
  }
  return {std::move(kept), std::move(equations)};
}

int ProgramBuilder::unary(Op op, int a) {
  if (is_constant(a)) return constant(apply_scalar(op, number(a), 0, 0));
  if (op == Op::kNegate) {
    const Step inner = at(a);
    if (inner.op == Op::kNegate) return inner.a;
    if (inner.op == Op::kMultiply && is_scalar(inner.a))
      return binary(Op::kMultiply, unary(Op::kNegate, inner.a), inner.b);
    if (inner.op == Op::kMultiply && is_scalar(inner.b))
      return binary(Op::kMultiply, unary(Op::kNegate, inner.b), inner.a);
  }
  return intern(Step{.op = op, .stage = at(a).stage, .a = a});
}

int ProgramBuilder::binary(Op op, int a, int b) {
  if (is_constant(a) && is_constant(b)) return constant(apply_scalar(op, number(a), number(b), 0));
  if ((op == Op::kAdd && is_constant(a, 0)) || (op == Op::kMultiply && is_constant(a, 1))) return b;
  if (((op == Op::kAdd || op == Op::kSubtract) && is_constant(b, 0)) ||
      ((op == Op::kMultiply || op == Op::kDivide) && is_constant(b, 1)))
    return a;
  if (op == Op::kMultiply && is_constant(a, -1)) return unary(Op::kNegate, b);
  if (op == Op::kDivide && at(b).op == Op::kExp)
    return binary(Op::kMultiply, a, unary(Op::kExp, unary(Op::kNegate, at(b).a)));
  if (op == Op::kPower) return power(a, b);
  return intern(Step{.op = op, .stage = join(at(a).stage, at(b).stage), .a = a, .b = b});
}

int ProgramBuilder::select(int condition, int yes, int no) {
  if (is_constant(condition)) return number(condition) != 0 ? yes : no;
  const Stage stage = join(at(condition).stage, join(at(yes).stage, at(no).stage));
  return intern(Step{.op = Op::kSelect, .stage = stage, .a = condition, .b = yes, .c = no});
}

int ProgramBuilder::unknown() {
  steps_.push_back(Step{.op = Op::kUnknown, .stage = Stage::kMixed});
  return static_cast<int>(steps_.size()) - 1;
}

std::optional<int> ProgramBuilder::solve(int u, int low, int high, int g) {
  const std::vector<char> inside = dependent(u);
  if (!inside[static_cast<std::size_t>(g)] || open(low) || open(high)) return std::nullopt;
  const int slope = derivative(u, g);
  const std::vector<char> tail = dependent(u);
  Equation equation;
  std::vector<int> place(tail.size(), -1);
  const auto in_equation = [&](int step) {
    if (step < 0) return -1;
    const int there = place[static_cast<std::size_t>(step)];
    return there >= 0 ? there : Equation::outer(step);
  };
  Stage stage = join(at(low).stage, at(high).stage);
  for (std::size_t i = static_cast<std::size_t>(u); i < tail.size(); ++i) {
    if (!tail[i]) continue;
    for (const int operand : {steps_[i].a, steps_[i].b, steps_[i].c}) {
      if (operand < 0 || tail[static_cast<std::size_t>(operand)]) continue;
      if (open(operand)) return std::nullopt;
      stage = join(stage, at(operand).stage);
    }
    Step step = steps_[i];
    for (int* operand : {&step.a, &step.b, &step.c}) *operand = in_equation(*operand);
    place[i] = static_cast<int>(equation.steps.size());
    equation.steps.push_back(step);
  }
  equation.value = in_equation(g);
  equation.slope = in_equation(slope);
  if (stage == Stage::kConstant) stage = Stage::kScalar;  // computed with the parameters, not folded
  equations_.push_back(std::move(equation));
  steps_.push_back(
      Step{.op = Op::kSolve, .stage = stage, .a = low, .b = high, .index = static_cast<int>(equations_.size()) - 1});
  const int root = static_cast<int>(steps_.size()) - 1;

  std::vector<int> again(tail.size(), -1);
  again[static_cast<std::size_t>(u)] = root;
  for (std::size_t i = static_cast<std::size_t>(u) + 1; i < tail.size(); ++i)
    if (tail[i]) again[i] = repeated(steps_[i], again);
  const auto now = [&](int step) {
    return tail[static_cast<std::size_t>(step)] ? again[static_cast<std::size_t>(step)] : step;
  };
  return binary(Op::kSubtract, root, binary(Op::kDivide, now(g), unary(Op::kValue, now(slope))));
}

std::vector<int> ProgramBuilder::operands(const Step& step) const {
  std::vector<int> result;
  const auto add = [&](int operand) {
    if (operand >= 0) result.push_back(operand);
  };
  for (const int operand : {step.a, step.b, step.c}) add(operand);
  if (step.op != Op::kSolve) return result;
  const Equation& equation = equations_[static_cast<std::size_t>(step.index)];
  const auto add_outer = [&](int operand) {
    if (operand < -1) add(Equation::outer(operand));
  };
  for (const Step& inner : equation.steps)
    for (const int operand : {inner.a, inner.b, inner.c}) add_outer(operand);
  add_outer(equation.slope);
  return result;
}

Equation ProgramBuilder::moved(Equation equation, const std::vector<int>& place) {
  const auto move = [&](int& operand) {
    if (operand < -1) operand = Equation::outer(place[static_cast<std::size_t>(Equation::outer(operand))]);
  };
  for (Step& step : equation.steps)
    for (int* operand : {&step.a, &step.b, &step.c}) move(*operand);
  move(equation.slope);
  return equation;
}

std::vector<char> ProgramBuilder::dependent(int u) const {
  std::vector<char> result(steps_.size(), 0);
  result[static_cast<std::size_t>(u)] = 1;
  for (std::size_t i = static_cast<std::size_t>(u) + 1; i < steps_.size(); ++i)
    for (const int operand : {steps_[i].a, steps_[i].b, steps_[i].c})
      if (operand >= 0 && result[static_cast<std::size_t>(operand)]) result[i] = 1;
  return result;
}

bool ProgramBuilder::open(int step) const {
  std::vector<char> result(static_cast<std::size_t>(step) + 1, 0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = steps_[i].op == Op::kUnknown;
    for (const int operand : {steps_[i].a, steps_[i].b, steps_[i].c})
      if (operand >= 0 && result[static_cast<std::size_t>(operand)]) result[i] = 1;
  }
  return result.back() != 0;
}

int ProgramBuilder::repeated(const Step& step, const std::vector<int>& again) {
  const auto now = [&](int operand) {
    return operand >= 0 && again[static_cast<std::size_t>(operand)] >= 0 ? again[static_cast<std::size_t>(operand)]
                                                                         : operand;
  };
  if (step.op == Op::kSelect) return select(now(step.a), now(step.b), now(step.c));
  return step.b < 0 ? unary(step.op, now(step.a)) : binary(step.op, now(step.a), now(step.b));
}

int ProgramBuilder::derivative(int u, int g) {
  const std::vector<char> inside = dependent(u);
  std::vector<int> slopes(inside.size(), -1);  // -1: zero
  slopes[static_cast<std::size_t>(u)] = constant(1);
  for (std::size_t i = static_cast<std::size_t>(u) + 1; i <= static_cast<std::size_t>(g); ++i)
    if (inside[i]) slopes[i] = slope_of(static_cast<int>(i), slopes);
  const int result = slopes[static_cast<std::size_t>(g)];
  return result < 0 ? constant(0) : result;
}

int ProgramBuilder::slope_of(int y, const std::vector<int>& slopes) {
  const Step step = at(y);
  const auto of = [&](int operand) { return operand < 0 ? -1 : slopes[static_cast<std::size_t>(operand)]; };
  const int a = step.a, b = step.b, da = of(a), db = of(b), dc = of(step.c);
  const auto times = [&](int x, int dx) { return dx < 0 ? -1 : binary(Op::kMultiply, x, dx); };
  const auto over = [&](int dx, int x) { return dx < 0 ? -1 : binary(Op::kDivide, dx, x); };
  const auto negative = [&](int dx) { return dx < 0 ? -1 : unary(Op::kNegate, dx); };
  const auto plus = [&](int x, int z) { return x < 0 ? z : z < 0 ? x : binary(Op::kAdd, x, z); };
  const auto choose = [&](int condition, int yes, int no) {
    if (yes < 0 && no < 0) return -1;
    return select(condition, yes < 0 ? constant(0) : yes, no < 0 ? constant(0) : no);
  };
  const auto one_with = [&](Op op, int x) { return binary(op, constant(1), x); };
  const auto square = [&](int x) { return binary(Op::kMultiply, x, x); };
  switch (step.op) {
    case Op::kAdd:
      return plus(da, db);
    case Op::kSubtract:
      return plus(da, negative(db));
    case Op::kNegate:
      return negative(da);
    case Op::kMultiply:
      return plus(times(b, da), times(a, db));
    case Op::kDivide:
      return over(plus(da, negative(times(y, db))), b);
    case Op::kMin:
      return choose(binary(Op::kLessEqual, a, b), da, db);
    case Op::kMax:
      return choose(binary(Op::kLessEqual, b, a), da, db);
    case Op::kSelect:
      return choose(a, db, dc);
    case Op::kExp:
      return times(y, da);
    case Op::kExpm1:
      return times(one_with(Op::kAdd, y), da);
    case Op::kLog:
      return over(da, a);
    case Op::kLog1p:
      return over(da, one_with(Op::kAdd, a));
    case Op::kSqrt:
      return over(times(constant(0.5), da), y);
    case Op::kAbs:
      return choose(binary(Op::kLess, a, constant(0)), negative(da), da);
    case Op::kSin:
      return times(unary(Op::kCos, a), da);
    case Op::kCos:
      return negative(times(unary(Op::kSin, a), da));
    case Op::kTan:
      return times(one_with(Op::kAdd, square(y)), da);
    case Op::kAtan:
      return over(da, one_with(Op::kAdd, square(a)));
    case Op::kTanh:
      return times(one_with(Op::kSubtract, square(y)), da);
    case Op::kSigmoid:
      return times(binary(Op::kMultiply, y, one_with(Op::kSubtract, y)), da);
    default:
      return -1;  // comparisons are flat; powers are products, exponentials and roots by now
  }
}

int ProgramBuilder::power(int base, int exponent) {
  if (is_constant(exponent)) {
    const double p = number(exponent);
    if (p == 0.5) return unary(Op::kSqrt, base);
    if (p == std::trunc(p) && std::abs(p) <= kLargestUnrolledPower) {
      const int whole = whole_power(base, static_cast<int>(std::abs(p)));
      return p < 0 ? binary(Op::kDivide, constant(1), whole) : whole;
    }
  }
  // Of parameters alone: once per call, by the C library.
  const Stage stage = join(at(base).stage, at(exponent).stage);
  if (stage == Stage::kScalar) return intern(Step{.op = Op::kPower, .stage = stage, .a = base, .b = exponent});
  return unary(Op::kExp, binary(Op::kMultiply, exponent, unary(Op::kLog, base)));
}

int ProgramBuilder::whole_power(int base, int p) {
  if (p == 0) return constant(1);
  if (p == 1) return base;
  const int half = whole_power(base, p / 2);
  const int square = binary(Op::kMultiply, half, half);
  return p % 2 ? binary(Op::kMultiply, square, base) : square;
}

int ProgramBuilder::intern(const Step& step) {
  const auto key = std::tuple(step.op, step.a, step.b, step.c, std::bit_cast<std::uint64_t>(step.constant), step.index);
  const auto [entry, fresh] = index_.emplace(key, static_cast<int>(steps_.size()));
  if (fresh) steps_.push_back(step);
  return entry->second;
}
}  // namespace isoflop
