// SPDX-License-Identifier: Apache-2.0
#include "core/fit/natural_scale.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "core/formula/scalar.h"

namespace isoflop {
namespace {

using Op = Program::Op;
using Stage = Program::Stage;

// Rows that stand for a column.
constexpr std::size_t kSampledRows = 64;

double log_size(std::span<const double> values) {
  double square = 0, count = 0;
  for (const double x : values)
    if (std::isfinite(x)) square += x * x, ++count;
  return 0.5 * std::log(square / count);
}

// The logarithm of a step's magnitude: constant + sum_j powers_j log(size of parameter j).
struct Magnitude {
  bool known = false;
  bool fixed = true;  // no parameter in it
  double constant = 0;
  Eigen::VectorXd powers;
};

class Analysis {
 public:
  Analysis(const Program& formula, std::span<const std::vector<double>> columns, std::span<const double> response)
      : formula_(formula),
        parameters_(static_cast<Eigen::Index>(formula.parameters().size())),
        normal_(1e-6 * Eigen::MatrixXd::Identity(parameters_, parameters_)),
        right_(Eigen::VectorXd::Zero(parameters_)),
        result_(formula.parameters().size()) {
    const std::size_t rows = response.size(), step = std::max<std::size_t>(1, rows / kSampledRows);
    for (std::size_t i = 0; i < rows; i += step) sampled_.push_back(i);
    sample_columns(columns);
    for (std::size_t i = 0; i < formula.steps().size(); ++i) magnitudes_.push_back(magnitude(i));
    std::vector<double> of_response;
    for (const std::size_t row : sampled_) of_response.push_back(response[row]);
    alike(magnitudes_.back(), number(log_size(of_response)));
  }

  std::vector<NaturalScale> finish() && {
    const Eigen::VectorXd sizes = normal_.ldlt().solve(right_);
    for (Eigen::Index j = 0; j < parameters_; ++j)
      if (std::isfinite(sizes[j]))
        result_[static_cast<std::size_t>(j)].size = std::exp(std::clamp(sizes[j], -300.0, 300.0));
    return std::move(result_);
  }

 private:
  const Program::Step& step(int i) const { return formula_.steps()[static_cast<std::size_t>(i)]; }
  const std::vector<double>& values(int i) const { return values_[static_cast<std::size_t>(i)]; }
  const Magnitude& of(int i) const { return magnitudes_[static_cast<std::size_t>(i)]; }
  bool has_values(int i) const { return i >= 0 && !values(i).empty(); }

  // What steps without parameters are in the sampled rows.
  void sample_columns(std::span<const std::vector<double>> columns) {
    values_.resize(formula_.steps().size());
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const Program::Step& s = formula_.steps()[i];
      if (s.stage != Stage::kConstant && s.stage != Stage::kColumn) continue;
      for (std::size_t k = 0; k < sampled_.size(); ++k) {
        const auto operand = [&](int index) { return has_values(index) ? values(index)[k] : 0; };
        values_[i].push_back(s.op == Op::kConstant   ? s.constant
                             : s.op == Op::kVariable ? columns[static_cast<std::size_t>(s.index)][sampled_[k]]
                                                     : apply_scalar(s.op, operand(s.a), operand(s.b), operand(s.c)));
      }
    }
  }

  Magnitude number(double log) const {
    return {.known = std::isfinite(log), .constant = log, .powers = Eigen::VectorXd::Zero(parameters_)};
  }

  void alike(const Magnitude& a, const Magnitude& b) {
    if (!a.known || !b.known || (a.fixed && b.fixed)) return;
    const Eigen::VectorXd row = a.powers - b.powers;
    normal_ += row * row.transpose();
    right_ += (b.constant - a.constant) * row;
  }

  Magnitude scaled(const Magnitude& a, double power) const {
    Magnitude out = a;
    out.constant *= power;
    out.powers *= power;
    return out;
  }

  Magnitude product(const Magnitude& a, const Magnitude& b, double power_of_b) const {
    Magnitude out = number(a.constant + power_of_b * b.constant);
    out.known = a.known && b.known;
    out.fixed = a.fixed && b.fixed;
    out.powers = a.powers + power_of_b * b.powers;
    return out;
  }

  Magnitude sum(const Magnitude& a, const Magnitude& b) {
    alike(a, b);
    if (!a.known) return b;
    return b.known && b.fixed ? b : a;
  }

  // x^s, which the compiler writes as exp(s log x), has no size of its own: the exponent decides it.
  bool is_power(int argument) const {
    const Program::Step& s = step(argument);
    if (s.op != Op::kMultiply && s.op != Op::kDivide) return false;
    const auto is_log = [&](int i) { return step(i).op == Op::kLog; };
    return is_log(s.a) || (s.op == Op::kMultiply && is_log(s.b));
  }

  void note_place(const Program::Step& s) {
    const auto place = [&](int parameter, int column, double sign) {
      if (step(parameter).op != Op::kParameter || step(column).stage != Stage::kColumn) return;
      const auto [low, high] = std::minmax_element(values(column).begin(), values(column).end());
      if (!(*low < *high)) return;
      result_[static_cast<std::size_t>(step(parameter).index)].place =
          sign > 0 ? NaturalScale::Place{*low, *high} : NaturalScale::Place{-*high, -*low};
    };
    const double sign = s.op == Op::kSubtract ? 1 : -1;
    place(s.a, s.b, sign);
    place(s.b, s.a, sign);
  }

  Magnitude magnitude(std::size_t i) {
    const Program::Step& s = formula_.steps()[i];
    if (!values_[i].empty()) return number(log_size(values_[i]));
    switch (s.op) {
      case Op::kParameter: {
        Magnitude out = number(0);
        out.fixed = false;
        out.powers[s.index] = 1;
        return out;
      }
      case Op::kAdd:
      case Op::kSubtract:
        note_place(s);
        return sum(of(s.a), of(s.b));
      case Op::kMin:
      case Op::kMax:
        return sum(of(s.a), of(s.b));
      case Op::kSelect:
        return sum(of(s.b), of(s.c));
      case Op::kLess:
      case Op::kLessEqual:
      case Op::kEqual:
        alike(of(s.a), of(s.b));
        return number(0);
      case Op::kMultiply:
        return product(of(s.a), of(s.b), 1);
      case Op::kDivide:
        return product(of(s.a), of(s.b), -1);
      case Op::kNegate:
      case Op::kAbs:
        return of(s.a);
      case Op::kSqrt:
        return scaled(of(s.a), 0.5);
      case Op::kExp: {
        alike(of(s.a), number(0));
        Magnitude out = number(0);
        out.known = !is_power(s.a);
        return out;
      }
      case Op::kPower: {
        alike(of(s.b), number(0));
        Magnitude out = number(0);
        out.known = false;
        return out;
      }
      case Op::kLog:
        return number(0);
      default:  // sin, atan, tanh ...
        alike(of(s.a), number(0));
        return number(0);
    }
  }

  const Program& formula_;
  Eigen::Index parameters_;
  Eigen::MatrixXd normal_;
  Eigen::VectorXd right_;
  std::vector<NaturalScale> result_;
  std::vector<std::size_t> sampled_;
  std::vector<std::vector<double>> values_;
  std::vector<Magnitude> magnitudes_;
};

}  // namespace

std::vector<NaturalScale> natural_scales(const Program& formula, std::span<const std::vector<double>> columns,
                                         std::span<const double> response) {
  return Analysis(formula, columns, response).finish();
}

}  // namespace isoflop
