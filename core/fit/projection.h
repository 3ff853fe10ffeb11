// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "core/fit/fit_problem.h"
#include "core/formula/evaluator.h"

namespace isoflop {

// Variable projection: the parameters in which the formula is linear are not searched but solved for, given the others.
// The least squares are weighted by 1 / response^2 under a log objective, since log f - log y is about (f - y) / y, and
// then reweighted towards least absolute residuals, so that outliers do not decide where the search begins.
class Projection {
 public:
  explicit Projection(const FitProblem& problem);

  // Positions among the free parameters: those solved for, and those left to search.
  const std::vector<int>& linear() const { return linear_; }
  const std::vector<int>& nonlinear() const { return nonlinear_; }

  // Replaces the linear parameters of u by their optimum given the rest. One that would leave its bounds is put at the
  // near end of its start range instead. False if the predictions are not finite.
  bool solve(SmallVector& u);

 private:
  const FitProblem* problem_;
  Evaluator evaluator_;
  std::vector<int> linear_, nonlinear_;  // of the linear ones those with bounds come first
  std::size_t bounded_ = 0;
  std::vector<double> theta_, fitted_, jacobian_, offset_, weights_;
};

}  // namespace isoflop
