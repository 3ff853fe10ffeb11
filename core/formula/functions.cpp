// SPDX-License-Identifier: Apache-2.0
#include "core/formula/functions.h"

#include <array>
#include <cassert>
#include <limits>

namespace isoflop {
namespace {

constexpr int kMany = std::numeric_limits<int>::max();

// In the order of the enumeration, so that info() is an index.
constexpr std::array kFunctions = {
    FunctionInfo{Function::kNegate, "-", 1, 1},
    FunctionInfo{Function::kNot, "not", 1, 1},
    FunctionInfo{Function::kAdd, "+", 2, 2},
    FunctionInfo{Function::kSubtract, "-", 2, 2},
    FunctionInfo{Function::kMultiply, "*", 2, 2},
    FunctionInfo{Function::kDivide, "/", 2, 2},
    FunctionInfo{Function::kPower, "pow", 2, 2},
    FunctionInfo{Function::kLess, "<", 2, 2},
    FunctionInfo{Function::kLessEqual, "<=", 2, 2},
    FunctionInfo{Function::kGreater, ">", 2, 2},
    FunctionInfo{Function::kGreaterEqual, ">=", 2, 2},
    FunctionInfo{Function::kEqual, "==", 2, 2},
    FunctionInfo{Function::kNotEqual, "!=", 2, 2},
    FunctionInfo{Function::kAnd, "and", 2, 2},
    FunctionInfo{Function::kOr, "or", 2, 2},
    FunctionInfo{Function::kIf, "if", 3, 3},
    FunctionInfo{Function::kExp, "exp", 1, 1},
    FunctionInfo{Function::kExpm1, "expm1", 1, 1},
    FunctionInfo{Function::kLog, "log", 1, 1},
    FunctionInfo{Function::kLog1p, "log1p", 1, 1},
    FunctionInfo{Function::kLog2, "log2", 1, 1},
    FunctionInfo{Function::kLog10, "log10", 1, 1},
    FunctionInfo{Function::kSqrt, "sqrt", 1, 1},
    FunctionInfo{Function::kAbs, "abs", 1, 1},
    FunctionInfo{Function::kSin, "sin", 1, 1},
    FunctionInfo{Function::kCos, "cos", 1, 1},
    FunctionInfo{Function::kTan, "tan", 1, 1},
    FunctionInfo{Function::kAtan, "atan", 1, 1},
    FunctionInfo{Function::kTanh, "tanh", 1, 1},
    FunctionInfo{Function::kSigmoid, "sigmoid", 1, 1},
    FunctionInfo{Function::kMin, "min", 2, kMany},
    FunctionInfo{Function::kMax, "max", 2, kMany},
    FunctionInfo{Function::kClamp, "clamp", 3, 3},
    FunctionInfo{Function::kMean, "mean", 1, 1, true},
    FunctionInfo{Function::kMedian, "median", 1, 1, true},
    FunctionInfo{Function::kSum, "sum", 1, 1, true},
    FunctionInfo{Function::kCount, "count", 1, 1, true},
    FunctionInfo{Function::kStd, "std", 1, 1, true},
    FunctionInfo{Function::kQuantile, "quantile", 2, 2, true},
    FunctionInfo{Function::kRank, "rank", 1, 2, true},
    FunctionInfo{Function::kSolve, "solve", 4, 4},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kFunctions.size(); ++i)
    if (static_cast<std::size_t>(kFunctions[i].function) != i) return false;
  return true;
}
static_assert(in_order());

constexpr bool is_operator(Function function) {
  return function <= Function::kOr && function != Function::kPower;
}

}  // namespace

const FunctionInfo& info(Function function) {
  return kFunctions[static_cast<std::size_t>(function)];
}

const FunctionInfo* find_function(std::string_view name) {
  if (name == "ln") name = "log";
  for (const FunctionInfo& candidate : kFunctions)
    if (candidate.name == name && !is_operator(candidate.function)) return &candidate;
  return nullptr;
}

}  // namespace isoflop
