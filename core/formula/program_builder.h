// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "core/formula/program.h"

namespace isoflop {

// Builds steps bottom-up, each distinct one once, with constants folded and the few rewrites that save work:
//   x^p          -> exp(p log x), so that log x is shared and, for a variable, computed when bound
//   a / exp(x)   -> a exp(-x), and -(s x) -> (-s) x, which moves the sign to a scalar
class ProgramBuilder {
 public:
  using Step = Program::Step;
  using Equation = Program::Equation;
  using Op = Program::Op;
  using Stage = Program::Stage;

  ProgramBuilder() = default;
  ProgramBuilder(std::vector<Step> steps, std::vector<Equation> equations)
      : steps_(std::move(steps)), equations_(std::move(equations)) {}

  // Keeps what the result needs, in order, with the result last.
  std::pair<std::vector<Step>, std::vector<Equation>> finish(int root) &&;

  int constant(double value) { return intern(Step{.op = Op::kConstant, .constant = value}); }
  int variable(int index) { return intern(Step{.op = Op::kVariable, .stage = Stage::kColumn, .index = index}); }
  int parameter(int index) { return intern(Step{.op = Op::kParameter, .stage = Stage::kScalar, .index = index}); }

  int unary(Op op, int a);
  int binary(Op op, int a, int b);
  int select(int condition, int yes, int no);

  // What stands for the root while an equation is built: of both parameters and columns, as far as anybody knows.
  int unknown();

  // The u in [low, high] where g(u) = 0. The root r itself comes without a derivative; r - g(r) / g'(r), with g' taken
  // as a number, has the same value and, with -(dg/dtheta) / g', the derivative of the implicit function. Nothing where
  // g does not depend on u, or needs the unknown of another equation.
  std::optional<int> solve(int u, int low, int high, int g);

 private:
  // Every step that this one needs, those of its equation too.
  std::vector<int> operands(const Step& step) const;

  // With the places that the program's steps have moved to.
  static Equation moved(Equation equation, const std::vector<int>& place);

  // Steps so far that depend on u.
  std::vector<char> dependent(int u) const;

  // Whether a step depends on any unknown.
  bool open(int step) const;

  // A step once more, with what `again` says in place of its operands.
  int repeated(const Step& step, const std::vector<int>& again);

  // dg/du as steps, forwards through those that depend on u.
  int derivative(int u, int g);

  // dy/du of one step, from those of its operands; -1 is zero.
  int slope_of(int y, const std::vector<int>& slopes);

  const Step& at(int i) const { return steps_[static_cast<std::size_t>(i)]; }
  bool is_constant(int i) const { return at(i).op == Op::kConstant; }
  bool is_constant(int i, double value) const { return is_constant(i) && number(i) == value; }
  bool is_scalar(int i) const { return at(i).stage == Stage::kScalar || at(i).stage == Stage::kConstant; }
  double number(int i) const { return at(i).constant; }

  int power(int base, int exponent);
  int whole_power(int base, int p);
  int intern(const Step& step);

  std::vector<Step> steps_;
  std::vector<Equation> equations_;
  std::map<std::tuple<Op, int, int, int, std::uint64_t, int>, int> index_;
};

}  // namespace isoflop
