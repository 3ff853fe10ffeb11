// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/formula/kernels.h"
#include "core/formula/program.h"

namespace isoflop {

// A Program bound to columns. Binding computes everything that does not depend on parameters; a call then needs no
// allocation. Copies share the program and the bound columns and have scratch space of their own: make one copy per
// thread.
class Evaluator {
 public:
  // One span per variable of the program, all of length `rows`. The values are copied where they are needed later.
  Evaluator(Program program, std::span<const std::span<const double>> columns, std::size_t rows,
            CpuLevel level = cpu_level());

  std::size_t rows() const { return rows_; }
  int parameters() const { return static_cast<int>(bound_->program.parameters().size()); }

  // f(x_i; theta) for every row i. theta has parameters() values, out rows(). Values outside a function's domain give
  // NaN.
  void predict(std::span<const double> theta, std::span<double> out);

  // Also the derivatives: jacobian[j * stride + i] = d f(x_i) / d theta_j, with stride >= rows(), by one reverse sweep.
  void predict(std::span<const double> theta, std::span<double> out, std::span<double> jacobian, std::size_t stride);

 private:
  // What a step's adjoint is in the current block: nothing yet, the same number for all rows, or a block of values.
  struct Adjoint {
    enum class Kind : char { kNone, kNumber, kBlock } kind = Kind::kNone;
    double number = 0;
  };
  struct Bound {
    Program program;
    const Kernels* kernels;
    std::vector<std::vector<double>> columns;  // per step; filled for column steps
    std::vector<char> needs_adjoint;           // per step: a parameter lies below it
    Kernels::Binary multiply, multiply_add;    // of adjoints; the careful ones where the program branches
    std::vector<int> own_column;               // per step: the parameter it alone stands for in mixed steps, or -1
    std::vector<int> scalar_leaves;            // scalar steps that mixed steps use, or the result if scalar
  };

  void evaluate_scalars(std::span<const double> theta);
  void differentiate_scalars();
  void forward_block(std::size_t begin, std::size_t n);
  void solve_block(std::size_t step, std::size_t begin, double* out, std::size_t n);
  void backward_block(std::size_t begin, std::size_t n);
  void place_adjoints(std::size_t begin, std::span<double> jacobian, std::size_t stride);
  void emit_gradient(std::size_t begin, std::size_t n, std::span<double> jacobian, std::size_t stride);
  Operand value(int step, std::size_t begin) const;
  double* block(int step) { return blocks_.data() + static_cast<std::size_t>(step) * kBlock; }
  const double* block(int step) const { return blocks_.data() + static_cast<std::size_t>(step) * kBlock; }
  Operand adjoint(int step) const;
  void accumulate(int target, Operand factor, Operand other, std::size_t n);
  void accumulate(int target, Operand term, double sign, std::size_t n);

  // Rows that are worked on at a time: the blocks of a whole law stay in the first-level cache.
  static constexpr std::size_t kBlock = 256;

  std::size_t rows_ = 0;
  std::shared_ptr<const Bound> bound_;
  std::vector<double> scalars_;           // per step
  std::vector<double> scalar_gradients_;  // per scalar leaf, per parameter
  std::vector<double> blocks_, adjoints_;
  std::vector<Adjoint> kinds_;
  std::vector<double*> places_;        // where each step's adjoint block lies
  std::vector<double> slope_, other_;  // scratch for local derivatives
  std::vector<Operand> operands_;      // of all steps, and scratch, where there are equations to solve
  std::vector<double> root_scratch_;
};

}  // namespace isoflop
