// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/fit/fit_problem.h"
#include "core/formula/evaluator.h"

namespace isoflop {

// The objective near a point: value, gradient and second-order pieces, all in search coordinates.
struct Linearisation {
  double value = 0;
  SmallVector gradient;  // sum_i w_i rho'(r_i) grad r_i
  SmallMatrix gauss;     // sum_i w_i rho''(r_i) grad r_i grad r_i^T
  SmallMatrix
      metric;  // sum_i w_i grad r_i grad r_i^T: distances in units of predicted loss, whatever the parameters' scale
};

// A term 1/2 strength (g(u) - target)^2 beside the objective, which draws the optimum along the level sets of g: where
// it comes to rest, the objective alone has its minimum among the points with the same g.
struct Pull {
  std::function<double(const SmallVector& u)> quantity;
  double target = 0, strength = 0;
};

// Evaluates one FitProblem; has scratch space of its own, so make one copy per thread. `weights` has problem.padded()
// entries, zeros in the padding. Values that are not finite make the objective infinite. Values include the priors'
// penalty, and the pull where there is one.
class FitEvaluator {
 public:
  explicit FitEvaluator(const FitProblem& problem);

  const FitProblem& problem() const { return *problem_; }
  const std::vector<double>& weights() const { return problem_->weights; }  // of the runs

  // What resamples change: the targets in place of the problem's (padded() of them, empty: the problem's), and how far
  // the centre of each prior is moved, in units of its spread (empty: not at all). The spans must outlive their use.
  void set_target(std::span<const double> target) { target_ = target; }
  void set_prior_shifts(std::span<const double> shifts) { prior_shifts_ = shifts; }
  void set_pull(const Pull* pull) { pull_ = pull; }  // null: none; must outlive its use

  double value(const SmallVector& u, std::span<const double> weights, double delta);
  // After this call, slopes() and residual_jacobian() belong to u.
  void linearise(const SmallVector& u, std::span<const double> weights, double delta, Linearisation& out);
  // sum_i w_i rho'(r_i) hess r_i at the point of the last linearise(), by forward differences of sum_i slope_i grad r_i
  // with the slopes held.
  void curvature_of_residuals(const SmallVector& u, SmallMatrix& out);

  // Residuals, and their derivatives (column j at j * problem.padded()), of the last linearise().
  std::span<const double> fitted() const { return fitted_; }
  std::span<const double> residual_jacobian() const { return jacobian_; }

 private:
  void set_parameters(const SmallVector& u);
  // sum_i slope_i grad r_i at the point set.
  void project_slopes(std::span<double> jacobian, SmallVector& out);

  const double* target() const { return target_.empty() ? problem_->target.data() : target_.data(); }
  double shift(std::size_t prior) const { return prior_shifts_.empty() ? 0 : prior_shifts_[prior]; }
  // Terms beside the sum over runs.
  double extra_value(const SmallVector& u) const;
  void add_extra_slopes(const SmallVector& u, Linearisation& out) const;
  void add_extra_curvature(const SmallVector& u, SmallMatrix& out) const;

  const FitProblem* problem_;
  Evaluator evaluator_;
  std::span<const double> target_, prior_shifts_;
  const Pull* pull_ = nullptr;
  std::vector<double> free_theta_, chain_;
  std::vector<double> fitted_, jacobian_, trial_, trial_jacobian_, slopes_, curvatures_, scratch_;
  std::vector<double> gram_;
  SmallVector base_, moved_, shifted_;
};

}  // namespace isoflop
