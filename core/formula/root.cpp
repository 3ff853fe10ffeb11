// SPDX-License-Identifier: Apache-2.0
#include "core/formula/root.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/formula/step_kernels.h"

namespace isoflop {
namespace {

using Op = Program::Op;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr int kArrays = 9;  // of n numbers, beside the steps
// Rows that are iterated together: as long as the slowest of them takes.
constexpr std::size_t kChunk = 32;
constexpr int kMostSteps = 400;  // of bisection from 1e-60 to 1e60 and then some
constexpr double kFirstCut = 0x1p-27;
constexpr double kInside = 0x1p-48;  // of the bracket's width: just inside a bound

// Where to cut a bracket within the first one, [first, last], when Newton's step is of no use. By ratio where both ends
// have one sign and are far apart, so that powers of ten do not take a halving each; and by the ratio of the distances
// to the nearer bound, where the roots of laws that saturate lie.
double cut(double low, double high, double first, double last) {
  if (low > 0 && high > 4 * low) return std::sqrt(low) * std::sqrt(high);
  if (high < 0 && low < 4 * high) return -std::sqrt(-low) * std::sqrt(-high);
  const double centre = first + (last - first) / 2;
  const auto between = [](double near, double far) { return near > 0 ? std::sqrt(near * far) : far * kFirstCut; };
  if (high <= centre) return first + between(low - first, high - first);
  if (low >= centre) return last - between(last - high, last - low);
  return centre;
}

Operand from(Operand operand, std::size_t begin) {
  return {operand.values ? operand.values + begin : nullptr, operand.number};
}

class Search {
 public:
  // Rows from `begin` on, n of them.
  Search(const Kernels& k, const Program::Equation& equation, std::span<const Operand> steps, std::span<double> scratch,
         std::size_t begin, std::size_t n)
      : k_(k), equation_(equation), steps_(steps), begin_(begin), n_(n), blocks_(scratch.data()) {
    double* arrays = blocks_ + equation.steps.size() * n;
    for (double** array : {&low_, &high_, &sign_, &g_, &slope_, &stride_, &newton_, &first_, &last_}) {
      *array = arrays;
      arrays += n;
    }
  }

  void run(Operand low, Operand high, double* x) {
    const auto number = [](Operand o, std::size_t i) { return o.values ? o.values[i] : o.number; };
    for (std::size_t i = 0; i < n_; ++i) {
      low_[i] = number(low, i);
      high_[i] = number(high, i);
    }
    at_bound(low_, high_, x);
    std::copy(g_, g_ + n_, sign_);
    at_bound(high_, low_, x);
    std::copy(low_, low_ + n_, first_);
    std::copy(high_, high_ + n_, last_);
    std::size_t left = n_;
    for (std::size_t i = 0; i < n_; ++i) {
      const bool bracket = std::isfinite(low_[i]) && std::isfinite(high_[i]) && low_[i] <= high_[i];
      stride_[i] = -1;  // arrived
      newton_[i] = 0;
      if (bracket && sign_[i] == 0)
        x[i] = low_[i];
      else if (bracket && g_[i] == 0)
        x[i] = high_[i];
      else if (!bracket || !((sign_[i] < 0 && g_[i] > 0) || (sign_[i] > 0 && g_[i] < 0)))
        x[i] = kNaN;
      else
        stride_[i] = high_[i] - low_[i];
      if (stride_[i] < 0)
        --left;
      else
        x[i] = cut(low_[i], high_[i], first_[i], last_[i]);
    }
    for (int step = 0; left > 0 && step < kMostSteps; ++step) {
      evaluate(x);
      for (std::size_t i = 0; i < n_; ++i)
        if (stride_[i] >= 0 && !move(i, x[i])) {
          stride_[i] = -1;
          --left;
        }
    }
  }

 private:
  // One step from x; false where it has arrived. Newton's steps shrink as their squares: where two of them in a row say
  // that the next would be below rounding, it is not taken. Nor is one that is rounding itself, lest a bracket that is
  // still wide on one side be halved all the way.
  bool move(std::size_t i, double& x) {
    const double g = g_[i];
    if (g == 0) return false;
    if (std::isnan(g)) {
      x = kNaN;
      return false;
    }
    ((g < 0) == (sign_[i] < 0) ? low_[i] : high_[i]) = x;
    const double newton = x - g / slope_[i];
    const double step = std::abs(newton - x);
    if (step <= 8 * kEpsilon * std::abs(x)) return false;
    const bool good = newton > low_[i] && newton < high_[i] && step <= stride_[i] / 2;
    const double next = good ? newton : cut(low_[i], high_[i], first_[i], last_[i]);
    const double ratio = step / stride_[i];
    const bool arrived = next == low_[i] || next == high_[i] ||
                         (good && newton_[i] != 0 && step * ratio * ratio <= kEpsilon * std::abs(next));
    newton_[i] = good ? 1 : 0;
    stride_[i] = std::abs(next - x);
    x = next;
    return !arrived;
  }

  // g at one end of the brackets; just inside where it is NaN at the end itself.
  void at_bound(double* bound, const double* other, double* x) {
    std::copy(bound, bound + n_, x);
    evaluate(x);
    if (std::none_of(g_, g_ + n_, [](double g) { return std::isnan(g); })) return;
    double* before = newton_;  // not in use yet
    std::copy(g_, g_ + n_, before);
    for (std::size_t i = 0; i < n_; ++i)
      if (std::isnan(g_[i])) x[i] = bound[i] + (other[i] - bound[i]) * kInside;
    evaluate(x);
    for (std::size_t i = 0; i < n_; ++i) {
      if (std::isnan(before[i]))
        bound[i] = x[i];
      else
        g_[i] = before[i];
    }
  }

  Operand operand(int step) const {
    if (step >= 0) return {blocks_ + static_cast<std::size_t>(step) * n_, 0};
    if (step == -1) return {nullptr, 0};
    return from(steps_[static_cast<std::size_t>(Program::Equation::outer(step))], begin_);
  }

  // g and its slope at x.
  void evaluate(const double* x) {
    for (std::size_t s = 0; s < equation_.steps.size(); ++s) {
      const Program::Step& step = equation_.steps[s];
      double* out = blocks_ + s * n_;
      if (step.op == Op::kUnknown)
        std::copy(x, x + n_, out);
      else
        apply_step(k_, step.op, operand(step.a), operand(step.b), operand(step.c), out, slope_, n_);
    }
    for (const auto& [step, out] : {std::pair(equation_.value, g_), std::pair(equation_.slope, slope_)}) {
      const Operand result = operand(step);
      if (result.values)
        std::copy(result.values, result.values + n_, out);
      else
        std::fill(out, out + n_, result.number);
    }
  }

  const Kernels& k_;
  const Program::Equation& equation_;
  std::span<const Operand> steps_;
  std::size_t begin_, n_;
  double* blocks_;
  // Of a row: the bracket, g at its lower end, g and its slope at x, the last step taken (negative: arrived), whether
  // it was one of Newton's.
  double *low_, *high_, *sign_, *g_, *slope_, *stride_, *newton_, *first_, *last_;
};

}  // namespace

std::size_t root_scratch(const Program::Equation& equation, std::size_t n) {
  return (equation.steps.size() + kArrays) * std::min(n, kChunk);
}

void find_roots(const Kernels& k, const Program::Equation& equation, std::span<const Operand> steps, Operand low,
                Operand high, double* out, std::span<double> scratch, std::size_t n) {
  for (std::size_t begin = 0; begin < n; begin += kChunk)
    Search(k, equation, steps, scratch, begin, std::min(kChunk, n - begin))
        .run(from(low, begin), from(high, begin), out + begin);
}

}  // namespace isoflop
