// SPDX-License-Identifier: Apache-2.0
#include "core/formula/evaluator.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/formula/root.h"
#include "core/formula/scalar.h"
#include "core/formula/step_kernels.h"

namespace isoflop {
namespace {

using Op = Program::Op;
using Stage = Program::Stage;

Operand number(double x) {
  return {nullptr, x};
}

}  // namespace

Evaluator::Evaluator(Program program, std::span<const std::span<const double>> columns, std::size_t rows,
                     CpuLevel level)
    : rows_(rows) {
  auto bound = std::make_shared<Bound>();
  bound->program = std::move(program);
  bound->kernels = &isoflop::kernels(level);
  const auto& steps = bound->program.steps();
  assert(columns.size() == bound->program.variables().size());
  const bool branches = std::any_of(steps.begin(), steps.end(), [](const Program::Step& step) {
    return step.op == Op::kSelect || step.op == Op::kMin || step.op == Op::kMax;
  });
  bound->multiply = branches ? bound->kernels->multiply_taken : bound->kernels->multiply;
  bound->multiply_add = branches ? bound->kernels->multiply_add_taken : bound->kernels->multiply_add;
  scalars_.assign(steps.size(), 0);
  slope_.resize(kBlock);
  other_.resize(kBlock);

  for (const Program::Equation& equation : bound->program.equations())
    root_scratch_.resize(std::max(root_scratch_.size(), root_scratch(equation, kBlock)));
  if (!bound->program.equations().empty()) operands_.resize(steps.size());
  blocks_.resize(steps.size() * kBlock);
  bound_ = bound;

  bound->columns.resize(steps.size());
  bound->needs_adjoint.assign(steps.size(), 0);
  std::vector<char> leaf(steps.size(), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    bound->needs_adjoint[i] = step.stage == Stage::kScalar || step.stage == Stage::kMixed;
    if (step.op == Op::kConstant) scalars_[i] = step.constant;
    if (step.stage == Stage::kMixed)
      for (const int operand : {step.a, step.b, step.c})
        if (operand >= 0 && steps[static_cast<std::size_t>(operand)].stage == Stage::kScalar)
          leaf[static_cast<std::size_t>(operand)] = 1;
    if (step.stage != Stage::kColumn) continue;
    auto& column = bound->columns[i];
    if (step.op == Op::kVariable) {
      const auto source = columns[static_cast<std::size_t>(step.index)];
      assert(source.size() == rows);
      column.assign(source.begin(), source.end());
      continue;
    }
    column.resize(rows);
    if (step.op == Op::kSolve) {
      for (std::size_t begin = 0; begin < rows; begin += kBlock)
        solve_block(i, begin, column.data() + begin, std::min(kBlock, rows - begin));
      continue;
    }
    const auto operand = [&](int o, std::size_t begin) {
      if (o < 0 || steps[static_cast<std::size_t>(o)].stage != Stage::kColumn)
        return number(o < 0 ? 0 : scalars_[static_cast<std::size_t>(o)]);
      return Operand{bound->columns[static_cast<std::size_t>(o)].data() + begin, 0};
    };
    for (std::size_t begin = 0; begin < rows; begin += kBlock)
      apply_step(*bound->kernels, step.op, operand(step.a, begin), operand(step.b, begin), operand(step.c, begin),
                 column.data() + begin, other_.data(), std::min(kBlock, rows - begin));
  }
  if (steps.back().stage == Stage::kScalar) leaf.back() = 1;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (leaf[i]) bound->scalar_leaves.push_back(static_cast<int>(i));

  // A parameter that mixed steps use as it is, and no other scalar leaf depends on, collects its adjoint in the
  // Jacobian itself.
  bound->own_column.assign(steps.size(), -1);
  for (const int i : bound->scalar_leaves) {
    const auto& step = steps[static_cast<std::size_t>(i)];
    if (step.op != Op::kParameter) continue;
    std::vector<char> depends(steps.size(), 0);
    int dependents = 0;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      if (steps[k].stage != Stage::kScalar) continue;
      depends[k] = static_cast<int>(k) == i;
      for (const int operand : {steps[k].a, steps[k].b, steps[k].c})
        if (operand >= 0 && depends[static_cast<std::size_t>(operand)]) depends[k] = 1;
      dependents += depends[k] && leaf[k];
    }
    if (dependents == 1) bound->own_column[static_cast<std::size_t>(i)] = step.index;
  }

  adjoints_.resize(steps.size() * kBlock);
  kinds_.resize(steps.size());
  places_.resize(steps.size());
  scalar_gradients_.resize(steps.size() * bound->program.parameters().size());
}

Operand Evaluator::value(int step, std::size_t begin) const {
  if (step < 0) return number(0);
  const auto i = static_cast<std::size_t>(step);
  switch (bound_->program.steps()[i].stage) {
    case Stage::kColumn:
      return {bound_->columns[i].data() + begin, 0};
    case Stage::kMixed:
      return {block(step), 0};
    default:
      return number(scalars_[i]);
  }
}

void Evaluator::evaluate_scalars(std::span<const double> theta) {
  const auto& steps = bound_->program.steps();
  const auto operand = [&](int i) { return i < 0 ? 0.0 : scalars_[static_cast<std::size_t>(i)]; };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (step.stage != Stage::kScalar) continue;
    if (step.op == Op::kSolve)
      scalars_[i] = solve_scalar(bound_->program, i, scalars_);
    else
      scalars_[i] = step.op == Op::kParameter
                        ? theta[static_cast<std::size_t>(step.index)]
                        : apply_scalar(step.op, operand(step.a), operand(step.b), operand(step.c));
  }
}

// Gradients of every scalar step with respect to the parameters, forwards: there are few of either.
void Evaluator::differentiate_scalars() {
  const auto& steps = bound_->program.steps();
  const std::size_t p = bound_->program.parameters().size();
  const auto operand = [&](int i) { return i < 0 ? 0.0 : scalars_[static_cast<std::size_t>(i)]; };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (step.stage != Stage::kScalar) continue;
    double* gradient = scalar_gradients_.data() + i * p;
    std::fill(gradient, gradient + p, 0.0);
    if (step.op == Op::kParameter) {
      gradient[step.index] = 1;
      continue;
    }
    const auto slopes = slopes_scalar(step.op, operand(step.a), operand(step.b), operand(step.c), scalars_[i]);
    for (const auto& [o, slope] :
         {std::pair(step.a, slopes.a), std::pair(step.b, slopes.b), std::pair(step.c, slopes.c)}) {
      if (o < 0 || slope == 0 || steps[static_cast<std::size_t>(o)].stage != Stage::kScalar) continue;
      const double* inner = scalar_gradients_.data() + static_cast<std::size_t>(o) * p;
      for (std::size_t j = 0; j < p; ++j)
        if (inner[j] != 0) gradient[j] += slope * inner[j];
    }
  }
}

void Evaluator::forward_block(std::size_t begin, std::size_t n) {
  const auto& steps = bound_->program.steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (step.stage != Stage::kMixed) continue;
    if (step.op == Op::kSolve) {
      solve_block(i, begin, block(static_cast<int>(i)), n);
      continue;
    }
    apply_step(*bound_->kernels, step.op, value(step.a, begin), value(step.b, begin), value(step.c, begin),
               block(static_cast<int>(i)), other_.data(), n);
  }
}

void Evaluator::solve_block(std::size_t step, std::size_t begin, double* out, std::size_t n) {
  const auto& solve = bound_->program.steps()[step];
  for (std::size_t i = 0; i < step; ++i) operands_[i] = value(static_cast<int>(i), begin);
  find_roots(*bound_->kernels, bound_->program.equations()[static_cast<std::size_t>(solve.index)], operands_,
             operands_[static_cast<std::size_t>(solve.a)], operands_[static_cast<std::size_t>(solve.b)], out,
             root_scratch_, n);
}

Operand Evaluator::adjoint(int step) const {
  const Adjoint& kind = kinds_[static_cast<std::size_t>(step)];
  if (kind.kind == Adjoint::Kind::kBlock) return {places_[static_cast<std::size_t>(step)], 0};
  return number(kind.number);
}

// adjoint of target += factor * other
void Evaluator::accumulate(int target, Operand factor, Operand other, std::size_t n) {
  if (target < 0 || !bound_->needs_adjoint[static_cast<std::size_t>(target)]) return;
  Adjoint& kind = kinds_[static_cast<std::size_t>(target)];
  double* out = places_[static_cast<std::size_t>(target)];
  if (!factor.values && !other.values && kind.kind != Adjoint::Kind::kBlock) {
    kind = {Adjoint::Kind::kNumber, kind.number + factor.number * other.number};
    return;
  }
  if (kind.kind == Adjoint::Kind::kNone) {
    bound_->multiply(factor, other, out, n);
  } else {
    if (kind.kind == Adjoint::Kind::kNumber) std::fill(out, out + n, kind.number);
    bound_->multiply_add(factor, other, out, n);
  }
  kind = {Adjoint::Kind::kBlock, 0};
}

void Evaluator::accumulate(int target, Operand term, double sign, std::size_t n) {
  accumulate(target, term, number(sign), n);
}

// Reverse sweep over the mixed steps of a block: afterwards the adjoints of the scalar leaves hold, row by row, the
// derivative of the result with respect to them.
void Evaluator::backward_block(std::size_t begin, std::size_t n) {
  const auto& steps = bound_->program.steps();
  const Kernels& k = *bound_->kernels;
  std::fill(kinds_.begin(), kinds_.end(), Adjoint{});
  kinds_.back() = {Adjoint::Kind::kNumber, 1};
  for (std::size_t i = steps.size(); i-- > 0;) {
    const auto& step = steps[i];
    const int self = static_cast<int>(i);
    if (step.stage != Stage::kMixed || kinds_[i].kind == Adjoint::Kind::kNone) continue;
    const Operand up = adjoint(self), a = value(step.a, begin), b = value(step.b, begin);
    const double* y = block(self);
    switch (step.op) {
      case Op::kAdd:
        accumulate(step.a, up, 1, n);
        accumulate(step.b, up, 1, n);
        break;
      case Op::kSubtract:
        accumulate(step.a, up, 1, n);
        accumulate(step.b, up, -1, n);
        break;
      case Op::kNegate:
        accumulate(step.a, up, -1, n);
        break;
      case Op::kMultiply:
        accumulate(step.a, up, b, n);
        accumulate(step.b, up, a, n);
        break;
      case Op::kDivide:  // d(a/b) = da / b - (a/b) db / b
        k.divide(up, b, slope_.data(), n);
        accumulate(step.a, {slope_.data(), 0}, 1, n);
        k.negate(slope_.data(), other_.data(), n);
        accumulate(step.b, {other_.data(), 0}, {y, 0}, n);
        break;
      case Op::kMin:
      case Op::kMax:
        // The operand that gave the result takes the whole derivative; the first does on a tie.
        step.op == Op::kMin ? k.less_equal(a, b, slope_.data(), n) : k.less_equal(b, a, slope_.data(), n);
        accumulate(step.a, up, {slope_.data(), 0}, n);
        k.subtract(number(1), {slope_.data(), 0}, other_.data(), n);
        accumulate(step.b, up, {other_.data(), 0}, n);
        break;
      case Op::kSelect: {
        if (!a.values) std::fill(other_.data(), other_.data() + n, a.number);
        const double* condition = a.values ? a.values : other_.data();
        // Selected, not multiplied by 0 and 1, so that a branch not taken contributes nothing even if it is infinite.
        k.select(condition, up, number(0), slope_.data(), n);
        accumulate(step.b, {slope_.data(), 0}, 1, n);
        k.select(condition, number(0), up, slope_.data(), n);
        accumulate(step.c, {slope_.data(), 0}, 1, n);
        break;
      }
      case Op::kExp:
        accumulate(step.a, up, {y, 0}, n);
        break;
      default:
        if (const auto slope = slope_kernel(k, step.op)) {
          slope(a.values, y, slope_.data(), n);
          accumulate(step.a, up, {slope_.data(), 0}, n);
        }
    }
  }
}

void Evaluator::place_adjoints(std::size_t begin, std::span<double> jacobian, std::size_t stride) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const int column = bound_->own_column[i];
    places_[i] = column < 0 ? adjoints_.data() + i * kBlock
                            : jacobian.data() + static_cast<std::size_t>(column) * stride + begin;
  }
}

void Evaluator::emit_gradient(std::size_t begin, std::size_t n, std::span<double> jacobian, std::size_t stride) {
  const std::size_t p = bound_->program.parameters().size();
  for (std::size_t j = 0; j < p; ++j) {
    double* out = jacobian.data() + j * stride + begin;
    bool touched = false;
    for (const int leaf : bound_->scalar_leaves) {
      const double slope = scalar_gradients_[static_cast<std::size_t>(leaf) * p + j];
      const Adjoint::Kind kind = kinds_[static_cast<std::size_t>(leaf)].kind;
      if (slope == 0 || kind == Adjoint::Kind::kNone) continue;
      if (bound_->own_column[static_cast<std::size_t>(leaf)] >= 0 && kind == Adjoint::Kind::kBlock) {
        touched = true;  // it is there already
        continue;
      }
      const auto write = touched ? bound_->kernels->multiply_add : bound_->kernels->multiply;
      write(adjoint(leaf), number(slope), out, n);
      touched = true;
    }
    if (!touched) std::fill(out, out + n, 0.0);
  }
}

void Evaluator::predict(std::span<const double> theta, std::span<double> out) {
  predict(theta, out, {}, 0);
}

void Evaluator::predict(std::span<const double> theta, std::span<double> out, std::span<double> jacobian,
                        std::size_t stride) {
  const auto& steps = bound_->program.steps();
  const int last = static_cast<int>(steps.size()) - 1;
  evaluate_scalars(theta);
  if (!jacobian.empty()) differentiate_scalars();
  for (std::size_t begin = 0; begin < rows_; begin += kBlock) {
    const std::size_t n = std::min(kBlock, rows_ - begin);
    forward_block(begin, n);
    const Operand result = value(last, begin);
    if (result.values)
      std::copy(result.values, result.values + n, out.data() + begin);
    else
      std::fill(out.data() + begin, out.data() + begin + n, result.number);
    if (jacobian.empty()) continue;
    place_adjoints(begin, jacobian, stride);
    backward_block(begin, n);
    emit_gradient(begin, n, jacobian, stride);
  }
}

}  // namespace isoflop
