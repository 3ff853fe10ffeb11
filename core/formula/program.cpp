// SPDX-License-Identifier: Apache-2.0
#include "core/formula/program.h"

#include <algorithm>
#include <numbers>
#include <optional>
#include <tuple>
#include <utility>

#include "core/formula/functions.h"
#include "core/formula/program_builder.h"

namespace isoflop {
namespace {

using Step = Program::Step;
using Equation = Program::Equation;
using Op = Program::Op;

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
    ProgramBuilder& build = builder_;
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
  ProgramBuilder builder_;
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
  ProgramBuilder builder(steps_, equations_);
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
