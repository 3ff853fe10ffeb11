// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/formula/expression.h"

namespace isoflop {

// A formula compiled for fitting: f(x; theta) with named variables x (whole columns) and named parameters theta
// (scalars). Every step belongs to one of three stages, so that nothing is computed more often than needed:
//   kColumn  depends on variables only: computed once when columns are bound (log N, for N^-alpha = exp(-alpha log N));
//   kScalar  depends on parameters only: one number per call;
//   kMixed   depends on both: a block of rows at a time, by the kernels that suit this machine.
// Immutable and safe to share between threads.
class Program {
 public:
  enum class Stage : std::uint8_t { kConstant, kColumn, kScalar, kMixed };
  enum class Op : std::uint8_t {
    kConstant,
    kVariable,
    kParameter,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kPower,
    kMin,
    kMax,
    kLess,
    kLessEqual,
    kEqual,
    kSelect,
    kNegate,
    kExp,
    kExpm1,
    kLog,
    kLog1p,
    kSqrt,
    kAbs,
    kSin,
    kCos,
    kTan,
    kAtan,
    kTanh,
    kSigmoid,
    kUnknown,  // of an equation; in equations only
    kSolve,    // the root of an equation in [a, b]; its derivative is not known to this step
    kValue,    // a, of which no derivative is taken
  };
  struct Step {
    Op op = Op::kConstant;
    Stage stage = Stage::kConstant;
    int a = -1, b = -1, c = -1;  // operands: earlier steps
    double constant = 0;         // kConstant
    int index = -1;              // kVariable, kParameter, kSolve: which one
  };

  // g(u) = 0 of a kSolve step, as steps of their own. An operand of at least 0 is another of these steps; below -1 it
  // is step -2 - operand of the program, whose value does not depend on u.
  struct Equation {
    std::vector<Step> steps;
    int value = 0, slope = 0;  // the steps that are g and dg/du

    static int outer(int step) { return -2 - step; }  // and back
  };

  // `constants` gives numbers to further names: parameters that are held fixed cost nothing afterwards. A name found in
  // more than one list is taken from constants, then parameters, then variables. Names found in none, aggregates and
  // text are errors with line and column.
  static Result<Program> compile(const Expression& expression, std::vector<std::string> variables,
                                 std::vector<std::string> parameters,
                                 const std::map<std::string, double>& constants = {});

  // A program that yields log(f) for this one's f.
  Program logarithm() const;

  const std::vector<std::string>& variables() const { return variables_; }
  const std::vector<std::string>& parameters() const { return parameters_; }
  const std::vector<Step>& steps() const { return steps_; }  // operands before users; the last step is the result
  const std::vector<Equation>& equations() const { return equations_; }

  // Whether the formula is c0(x) + sum_j theta_j c_j(x) jointly in the parameters marked, with the others held: those
  // that variable projection may solve for directly. Chosen greedily in the order of the parameters.
  std::vector<bool> linear_parameters() const;

 private:
  std::vector<std::string> variables_, parameters_;
  std::vector<Step> steps_;
  std::vector<Equation> equations_;
};

}  // namespace isoflop
