// SPDX-License-Identifier: Apache-2.0
#include "core/fit/projection.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

constexpr int kReweightings = 3;
// With more linear parameters than this, subsets at their bounds are not enumerated.
constexpr std::size_t kMostSubsets = 6;

std::vector<std::span<const double>> spans(const std::vector<std::vector<double>>& columns) {
  return {columns.begin(), columns.end()};
}

// Bounds of a free parameter itself, not of its search coordinate.
double itself(const FitProblem& problem, int j, double coordinate) {
  return problem.logarithmic[static_cast<std::size_t>(j)] ? std::exp(coordinate) : coordinate;
}

}  // namespace

Projection::Projection(const FitProblem& problem)
    : problem_(&problem),
      evaluator_(problem.formula, spans(problem.columns), problem.rows()),
      theta_(static_cast<std::size_t>(problem.size())),
      fitted_(problem.rows()),
      jacobian_(problem.rows() * theta_.size()),
      offset_(problem.rows()),
      weights_(problem.rows()) {
  const std::vector<bool> is_linear = problem.formula.linear_parameters();
  for (int j = 0; j < problem.size(); ++j) (is_linear[static_cast<std::size_t>(j)] ? linear_ : nonlinear_).push_back(j);
  // Each linear parameter with bounds doubles the subsets to try at them: those beyond the limit are searched.
  const auto bounded = [&](int j) {
    return problem.logarithmic[static_cast<std::size_t>(j)] || std::isfinite(problem.lower[j]) ||
           std::isfinite(problem.upper[j]);
  };
  std::stable_partition(linear_.begin(), linear_.end(), bounded);
  bounded_ = static_cast<std::size_t>(std::count_if(linear_.begin(), linear_.end(), bounded));
  if (bounded_ > kMostSubsets) {
    const auto from = linear_.begin() + static_cast<std::ptrdiff_t>(kMostSubsets);
    const auto to = linear_.begin() + static_cast<std::ptrdiff_t>(bounded_);
    nonlinear_.insert(nonlinear_.end(), from, to);
    std::sort(nonlinear_.begin(), nonlinear_.end());
    linear_.erase(from, to);
    bounded_ = kMostSubsets;
  }
}

bool Projection::solve(SmallVector& u) {
  const std::size_t n = problem_->rows(), q = linear_.size();
  if (q == 0) return true;
  for (int j = 0; j < problem_->size(); ++j) theta_[static_cast<std::size_t>(j)] = itself(*problem_, j, u[j]);
  // Any values do for the linear ones: 1 for those that may have to be positive, else 0, at which the offset
  // f - sum_j theta_j c_j loses nothing.
  for (std::size_t k = 0; k < q; ++k) theta_[static_cast<std::size_t>(linear_[k])] = k < bounded_ ? 1 : 0;
  evaluator_.predict(theta_, fitted_, jacobian_, n);

  const bool log = uses_log(problem_->objective);
  SmallMatrix coefficients(static_cast<Eigen::Index>(q), static_cast<Eigen::Index>(q));
  SmallVector right(static_cast<Eigen::Index>(q)), solution(static_cast<Eigen::Index>(q));
  for (std::size_t i = 0; i < n; ++i) {
    double offset = fitted_[i];
    for (std::size_t k = 0; k < bounded_; ++k) offset -= jacobian_[static_cast<std::size_t>(linear_[k]) * n + i];
    offset_[i] = problem_->response[i] - offset;
    weights_[i] = problem_->weights[i] * (log ? 1 / (problem_->response[i] * problem_->response[i]) : 1);
  }
  const auto column = [&](std::size_t k) { return jacobian_.data() + static_cast<std::size_t>(linear_[k]) * n; };

  // Least squares over the parameters of `subset`; the others are held at `solution`. False if singular.
  const auto least_squares = [&](unsigned subset, SmallVector& values) {
    std::vector<std::size_t> members;
    for (std::size_t k = 0; k < q; ++k)
      if (subset >> k & 1u) members.push_back(k);
    const auto m = static_cast<Eigen::Index>(members.size());
    if (m == 0) return true;
    SmallMatrix normal = SmallMatrix::Zero(m, m);
    SmallVector side = SmallVector::Zero(m);
    for (std::size_t i = 0; i < n; ++i) {
      double rest = offset_[i];
      for (std::size_t k = 0; k < q; ++k)
        if (!(subset >> k & 1u)) rest -= values[static_cast<Eigen::Index>(k)] * column(k)[i];
      for (Eigen::Index a = 0; a < m; ++a) {
        const double ca = weights_[i] * column(members[static_cast<std::size_t>(a)])[i];
        side[a] += ca * rest;
        for (Eigen::Index b = 0; b <= a; ++b) normal(a, b) += ca * column(members[static_cast<std::size_t>(b)])[i];
      }
    }
    // Unit columns first: the terms of a law differ by many orders of magnitude.
    SmallVector scale = normal.diagonal().cwiseSqrt();
    if (!(scale.minCoeff() > 0) || !scale.allFinite()) return false;
    for (Eigen::Index a = 0; a < m; ++a)
      for (Eigen::Index b = 0; b <= a; ++b) normal(a, b) = normal(b, a) = normal(a, b) / (scale[a] * scale[b]);
    const Eigen::LDLT<SmallMatrix> factor(normal);
    if (factor.info() != Eigen::Success) return false;
    const SmallVector solved = factor.solve(side.cwiseQuotient(scale)).cwiseQuotient(scale);
    if (!solved.allFinite()) return false;
    for (Eigen::Index a = 0; a < m; ++a)
      values[static_cast<Eigen::Index>(members[static_cast<std::size_t>(a)])] = solved[a];
    return true;
  };
  const auto within = [&](const SmallVector& values, unsigned subset) {
    for (std::size_t k = 0; k < q; ++k) {
      if (!(subset >> k & 1u)) continue;
      const double value = values[static_cast<Eigen::Index>(k)];
      const double low = itself(*problem_, linear_[k], problem_->lower[linear_[k]]);
      const double high = itself(*problem_, linear_[k], problem_->upper[linear_[k]]);
      if (!(value > low || (value == low && !problem_->logarithmic[static_cast<std::size_t>(linear_[k])])) ||
          value > high)
        return false;
    }
    return true;
  };
  const auto cost = [&](const SmallVector& values) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double r = offset_[i];
      for (std::size_t k = 0; k < q; ++k) r -= values[static_cast<Eigen::Index>(k)] * column(k)[i];
      sum += weights_[i] * r * r;
    }
    return sum;
  };

  const unsigned all = (1u << q) - 1, clampable = (1u << bounded_) - 1;
  const auto clamped = [&] {
    SmallVector values(static_cast<Eigen::Index>(q));
    for (std::size_t k = 0; k < q; ++k)
      values[static_cast<Eigen::Index>(k)] = itself(*problem_, linear_[k], problem_->start_lower[linear_[k]]);
    return values;
  };
  for (int pass = 0; pass <= kReweightings; ++pass) {
    SmallVector best;
    double best_cost = std::numeric_limits<double>::infinity();
    // The unconstrained solution when it is inside the bounds, else the best of those with some parameters clamped.
    for (unsigned inside = clampable;; --inside) {
      const unsigned subset = inside | (all & ~clampable);
      SmallVector values = clamped();
      if (least_squares(subset, values) && within(values, subset)) {
        const double value = cost(values);
        if (value < best_cost) {
          best_cost = value;
          best = values;
        }
        if (subset == all) break;
      }
      if (inside == 0) break;
    }
    if (!std::isfinite(best_cost)) return false;
    solution = best;
    if (pass == kReweightings || !std::isfinite(problem_->delta)) break;
    for (std::size_t i = 0; i < n; ++i) {
      double r = offset_[i];
      for (std::size_t k = 0; k < q; ++k) r -= solution[static_cast<Eigen::Index>(k)] * column(k)[i];
      const double unit = log ? problem_->response[i] : 1;
      const double a = std::abs(r) / unit;
      if (a > problem_->delta)
        weights_[i] = problem_->weights[i] * std::max(problem_->delta, 1e-4) / std::max(a, 1e-4) / (unit * unit);
      else
        weights_[i] = problem_->weights[i] / (unit * unit);
    }
  }
  for (std::size_t k = 0; k < q; ++k) {
    const double value = solution[static_cast<Eigen::Index>(k)];
    u[linear_[k]] = problem_->logarithmic[static_cast<std::size_t>(linear_[k])] ? std::log(value) : value;
  }
  u = u.cwiseMax(problem_->lower).cwiseMin(problem_->upper);
  return u.allFinite();
}

}  // namespace isoflop
