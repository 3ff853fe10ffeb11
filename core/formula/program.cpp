// SPDX-License-Identifier: Apache-2.0
#include "core/formula/program.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <optional>
#include <tuple>
#include <utility>

#include "core/formula/functions.h"
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

// Builds steps bottom-up, each distinct one once, with constants folded and the few rewrites that save work:
//   x^p          -> exp(p log x), so that log x is shared and, for a variable, computed when bound
//   a / exp(x)   -> a exp(-x), and -(s x) -> (-s) x, which moves the sign to a scalar
class Builder {
 public:
  Builder() = default;
  Builder(std::vector<Step> steps, std::vector<Equation> equations)
      : steps_(std::move(steps)), equations_(std::move(equations)) {}

  // Keeps what the result needs, in order, with the result last.
  std::pair<std::vector<Step>, std::vector<Equation>> finish(int root) && {
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

  int constant(double value) { return intern(Step{.op = Op::kConstant, .constant = value}); }
  int variable(int index) { return intern(Step{.op = Op::kVariable, .stage = Stage::kColumn, .index = index}); }
  int parameter(int index) { return intern(Step{.op = Op::kParameter, .stage = Stage::kScalar, .index = index}); }

  int unary(Op op, int a) {
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

  int binary(Op op, int a, int b) {
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

  int select(int condition, int yes, int no) {
    if (is_constant(condition)) return number(condition) != 0 ? yes : no;
    const Stage stage = join(at(condition).stage, join(at(yes).stage, at(no).stage));
    return intern(Step{.op = Op::kSelect, .stage = stage, .a = condition, .b = yes, .c = no});
  }

  // What stands for the root while an equation is built: of both parameters and columns, as far as anybody knows.
  int unknown() {
    steps_.push_back(Step{.op = Op::kUnknown, .stage = Stage::kMixed});
    return static_cast<int>(steps_.size()) - 1;
  }

  // The u in [low, high] where g(u) = 0. The root r itself comes without a derivative; r - g(r) / g'(r), with g' taken
  // as a number, has the same value and, with -(dg/dtheta) / g', the derivative of the implicit function. Nothing where
  // g does not depend on u, or needs the unknown of another equation.
  std::optional<int> solve(int u, int low, int high, int g) {
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

 private:
  // Every step that this one needs, those of its equation too.
  std::vector<int> operands(const Step& step) const {
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

  static Equation moved(Equation equation, const std::vector<int>& place) {
    const auto move = [&](int& operand) {
      if (operand < -1) operand = Equation::outer(place[static_cast<std::size_t>(Equation::outer(operand))]);
    };
    for (Step& step : equation.steps)
      for (int* operand : {&step.a, &step.b, &step.c}) move(*operand);
    move(equation.slope);
    return equation;
  }

  // Steps so far that depend on u.
  std::vector<char> dependent(int u) const {
    std::vector<char> result(steps_.size(), 0);
    result[static_cast<std::size_t>(u)] = 1;
    for (std::size_t i = static_cast<std::size_t>(u) + 1; i < steps_.size(); ++i)
      for (const int operand : {steps_[i].a, steps_[i].b, steps_[i].c})
        if (operand >= 0 && result[static_cast<std::size_t>(operand)]) result[i] = 1;
    return result;
  }

  // Whether a step depends on any unknown.
  bool open(int step) const {
    std::vector<char> result(static_cast<std::size_t>(step) + 1, 0);
    for (std::size_t i = 0; i < result.size(); ++i) {
      result[i] = steps_[i].op == Op::kUnknown;
      for (const int operand : {steps_[i].a, steps_[i].b, steps_[i].c})
        if (operand >= 0 && result[static_cast<std::size_t>(operand)]) result[i] = 1;
    }
    return result.back() != 0;
  }

  // A step once more, with what `again` says in place of its operands.
  int repeated(const Step& step, const std::vector<int>& again) {
    const auto now = [&](int operand) {
      return operand >= 0 && again[static_cast<std::size_t>(operand)] >= 0 ? again[static_cast<std::size_t>(operand)]
                                                                           : operand;
    };
    if (step.op == Op::kSelect) return select(now(step.a), now(step.b), now(step.c));
    return step.b < 0 ? unary(step.op, now(step.a)) : binary(step.op, now(step.a), now(step.b));
  }

  // dg/du as steps, forwards through those that depend on u.
  int derivative(int u, int g) {
    const std::vector<char> inside = dependent(u);
    std::vector<int> slopes(inside.size(), -1);  // -1: zero
    slopes[static_cast<std::size_t>(u)] = constant(1);
    for (std::size_t i = static_cast<std::size_t>(u) + 1; i <= static_cast<std::size_t>(g); ++i)
      if (inside[i]) slopes[i] = slope_of(static_cast<int>(i), slopes);
    const int result = slopes[static_cast<std::size_t>(g)];
    return result < 0 ? constant(0) : result;
  }

  int slope_of(int y, const std::vector<int>& slopes) {
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

  const Step& at(int i) const { return steps_[static_cast<std::size_t>(i)]; }
  bool is_constant(int i) const { return at(i).op == Op::kConstant; }
  bool is_constant(int i, double value) const { return is_constant(i) && number(i) == value; }
  bool is_scalar(int i) const { return at(i).stage == Stage::kScalar || at(i).stage == Stage::kConstant; }
  double number(int i) const { return at(i).constant; }

  int power(int base, int exponent) {
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

  int whole_power(int base, int p) {
    if (p == 0) return constant(1);
    if (p == 1) return base;
    const int half = whole_power(base, p / 2);
    const int square = binary(Op::kMultiply, half, half);
    return p % 2 ? binary(Op::kMultiply, square, base) : square;
  }

  int intern(const Step& step) {
    const auto key =
        std::tuple(step.op, step.a, step.b, step.c, std::bit_cast<std::uint64_t>(step.constant), step.index);
    const auto [entry, fresh] = index_.emplace(key, static_cast<int>(steps_.size()));
    if (fresh) steps_.push_back(step);
    return entry->second;
  }

  std::vector<Step> steps_;
  std::vector<Equation> equations_;
  std::map<std::tuple<Op, int, int, int, std::uint64_t, int>, int> index_;
};

std::optional<int> index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

class Compiler {
 public:
  Compiler(const std::vector<std::string>& variables, const std::vector<std::string>& parameters,
           const std::map<std::string, double>& constants)
      : variables_(variables), parameters_(parameters), constants_(constants) {}

  std::pair<std::vector<Step>, std::vector<Equation>> compile(const NodePtr& root) {
    const int result = node(root);
    return std::move(builder_).finish(result);
  }

 private:
  [[noreturn]] static void fail(ErrorCode code, std::string message, const Node& at) {
    throw Error{code, std::move(message), Where{.line = at.line, .column = at.column}};
  }

  int node(const NodePtr& pointer) {
    if (const auto found = done_.find(pointer.get()); found != done_.end()) return found->second;
    const int step = compute(*pointer);
    done_.emplace(pointer.get(), step);
    return step;
  }

  int compute(const Node& n) {
    switch (n.kind) {
      case NodeKind::kNumber:
        return builder_.constant(n.number);
      case NodeKind::kText:
        fail(ErrorCode::kInvalidArgument, "text has no place in a law's formula", n);
      case NodeKind::kName:
        return name(n);
      case NodeKind::kUnknown:
        return builder_.unknown();
      case NodeKind::kCall:
        break;
    }
    if (n.function == Function::kSolve) return solve(n);
    if (n.function == Function::kSum)
      fail(ErrorCode::kInvalidArgument,
           "sum() in a law goes over a variable that stands for several columns; elsewhere it needs a whole column: "
           "it can be used in filters and derived columns only",
           n);
    if (info(n.function).aggregate)
      fail(ErrorCode::kInvalidArgument,
           std::string(info(n.function).name) +
               "() needs a whole column: it can be used in filters and derived columns only",
           n);
    std::vector<int> arguments;
    for (const NodePtr& argument : n.arguments) arguments.push_back(node(argument));
    return call(n.function, arguments);
  }

  int solve(const Node& n) {
    const int low = node(n.arguments[1]), high = node(n.arguments[2]);
    const int unknown = node(n.arguments[0]), g = node(n.arguments[3]);
    if (const auto root = builder_.solve(unknown, low, high, g)) return *root;
    fail(ErrorCode::kInvalidArgument,
         "the equation must depend on \"" + n.arguments[0]->text + "\", and on the unknown of no other solve()", n);
  }

  int name(const Node& n) {
    if (const auto constant = constants_.find(n.text); constant != constants_.end())
      return builder_.constant(constant->second);
    if (const auto parameter = index_of(parameters_, n.text)) return builder_.parameter(*parameter);
    if (const auto variable = index_of(variables_, n.text)) return builder_.variable(*variable);
    fail(ErrorCode::kNotFound, "\"" + n.text + "\" is neither a variable nor a parameter of this formula", n);
  }

  int call(Function function, const std::vector<int>& arguments) {
    const int a = arguments[0], b = arguments.size() > 1 ? arguments[1] : -1;
    Builder& build = builder_;
    const auto fold = [&](Op op) {
      int result = a;
      for (std::size_t i = 1; i < arguments.size(); ++i) result = build.binary(op, result, arguments[i]);
      return result;
    };
    const auto truth = [&](int x) {  // any number but 0 is true
      return build.binary(Op::kSubtract, build.constant(1), build.binary(Op::kEqual, x, build.constant(0)));
    };
    switch (function) {
      case Function::kNegate:
        return build.unary(Op::kNegate, a);
      case Function::kNot:
        return build.binary(Op::kEqual, a, build.constant(0));
      case Function::kAdd:
        return build.binary(Op::kAdd, a, b);
      case Function::kSubtract:
        return build.binary(Op::kSubtract, a, b);
      case Function::kMultiply:
        return build.binary(Op::kMultiply, a, b);
      case Function::kDivide:
        return build.binary(Op::kDivide, a, b);
      case Function::kPower:
        return build.binary(Op::kPower, a, b);
      case Function::kLess:
        return build.binary(Op::kLess, a, b);
      case Function::kLessEqual:
        return build.binary(Op::kLessEqual, a, b);
      case Function::kGreater:
        return build.binary(Op::kLess, b, a);
      case Function::kGreaterEqual:
        return build.binary(Op::kLessEqual, b, a);
      case Function::kEqual:
        return build.binary(Op::kEqual, a, b);
      case Function::kNotEqual:
        return build.binary(Op::kSubtract, build.constant(1), build.binary(Op::kEqual, a, b));
      case Function::kAnd:
        return build.binary(Op::kMultiply, truth(a), truth(b));
      case Function::kOr:
        return build.binary(Op::kMax, truth(a), truth(b));
      case Function::kIf:
        return build.select(a, b, arguments[2]);
      case Function::kExp:
        return build.unary(Op::kExp, a);
      case Function::kExpm1:
        return build.unary(Op::kExpm1, a);
      case Function::kLog:
        return build.unary(Op::kLog, a);
      case Function::kLog1p:
        return build.unary(Op::kLog1p, a);
      case Function::kLog2:
        return build.binary(Op::kMultiply, build.constant(std::numbers::log2e), build.unary(Op::kLog, a));
      case Function::kLog10:
        return build.binary(Op::kMultiply, build.constant(std::numbers::log10e), build.unary(Op::kLog, a));
      case Function::kSqrt:
        return build.unary(Op::kSqrt, a);
      case Function::kAbs:
        return build.unary(Op::kAbs, a);
      case Function::kSin:
        return build.unary(Op::kSin, a);
      case Function::kCos:
        return build.unary(Op::kCos, a);
      case Function::kTan:
        return build.unary(Op::kTan, a);
      case Function::kAtan:
        return build.unary(Op::kAtan, a);
      case Function::kTanh:
        return build.unary(Op::kTanh, a);
      case Function::kSigmoid:
        return build.unary(Op::kSigmoid, a);
      case Function::kMin:
        return fold(Op::kMin);
      case Function::kMax:
        return fold(Op::kMax);
      default:
        return -1;  // kClamp is min and max by now, kSolve has its own way; aggregates were refused
    }
  }

  const std::vector<std::string>& variables_;
  const std::vector<std::string>& parameters_;
  const std::map<std::string, double>& constants_;
  Builder builder_;
  std::map<const Node*, int> done_;
};

// Whether the last step is affine in the parameters marked: each step is free of them (0), affine (1) or neither (2).
bool affine(const std::vector<Step>& steps, const std::vector<Equation>& equations, const std::vector<bool>& marked) {
  std::vector<int> degree(steps.size(), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const auto of = [&](int operand) { return operand < 0 ? 0 : degree[static_cast<std::size_t>(operand)]; };
    const int a = of(step.a), b = of(step.b), c = of(step.c);
    switch (step.op) {
      case Op::kConstant:
      case Op::kVariable:
        break;
      case Op::kParameter:
        degree[i] = marked[static_cast<std::size_t>(step.index)] ? 1 : 0;
        break;
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kNegate:
        degree[i] = std::max(a, b);
        break;
      case Op::kMultiply:
        degree[i] = a == 0 ? b : b == 0 ? a : 2;
        break;
      case Op::kDivide:
        degree[i] = b == 0 ? a : 2;
        break;
      case Op::kSelect:
        degree[i] = a == 0 ? std::max(b, c) : 2;
        break;
      case Op::kSolve:
        degree[i] = a == 0 && b == 0 ? 0 : 2;
        for (const Step& inner : equations[static_cast<std::size_t>(step.index)].steps)
          for (const int operand : {inner.a, inner.b, inner.c})
            if (operand < -1 && of(Equation::outer(operand)) != 0) degree[i] = 2;
        break;
      default:
        degree[i] = a == 0 && b == 0 && c == 0 ? 0 : 2;
    }
  }
  return degree.back() <= 1;
}

}  // namespace

Result<Program> Program::compile(const Expression& expression, std::vector<std::string> variables,
                                 std::vector<std::string> parameters, const std::map<std::string, double>& constants) {
  Program program;
  program.variables_ = std::move(variables);
  program.parameters_ = std::move(parameters);
  try {
    std::tie(program.steps_, program.equations_) =
        Compiler(program.variables_, program.parameters_, constants).compile(expression.root);
  } catch (const Error& error) {
    return error;
  }
  return program;
}

Program Program::logarithm() const {
  Program program = *this;
  Builder builder(steps_, equations_);
  const int root = builder.unary(Op::kLog, static_cast<int>(steps_.size()) - 1);
  std::tie(program.steps_, program.equations_) = std::move(builder).finish(root);
  return program;
}

std::vector<bool> Program::linear_parameters() const {
  std::vector<bool> marked(parameters_.size(), false);
  for (std::size_t j = 0; j < parameters_.size(); ++j) {
    marked[j] = true;
    marked[j] = affine(steps_, equations_, marked);
  }
  return marked;
}

}  // namespace isoflop
