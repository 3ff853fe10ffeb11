// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "core/fit/fit.h"
#include "core/fit/natural_scale.h"
#include "core/formula/program.h"

namespace isoflop {

// More free parameters than this are refused; it bounds the small matrices, which then live without allocation.
inline constexpr int kMaximumFree = 24;
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, kMaximumFree, 1>;
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, kMaximumFree, kMaximumFree>;

// A parameter that follows others.
struct TiedParameter {
  int index = 0;    // in the law
  Program formula;  // of the free parameters
};

// A prior on free parameter `position`.
struct PriorTerm {
  int position = 0;
  Prior prior;
};

// A fit as a minimisation: the objective over the free parameters in search coordinates u (the logarithm of a parameter
// whose transform is kLog, the parameter itself otherwise), within the box [lower, upper]:
//   sum_i weights_i rho(r_i) + prior_scale / 2 sum_k q_k^2, q_k the deviations from the priors in units of their
//   spread.
struct FitProblem {
  std::vector<int> free;          // indices of the free parameters in the law
  std::vector<char> logarithmic;  // per free parameter
  SmallVector lower, upper;       // in search coordinates; may be infinite
  SmallVector start_lower, start_upper;
  std::vector<char> natural;         // per free parameter: nothing is known of its size but what the columns say,
  std::vector<NaturalScale> scales;  // namely this; not used for others
  std::vector<double> theta;         // all parameters; held ones at their values

  Program formula;                           // of the free parameters only; held ones are constants in it
  Program residual;                          // formula or its logarithm: r_i = residual(x_i) - target_i
  std::vector<std::vector<double>> columns;  // one per variable of the law
  std::vector<double> response;
  std::vector<double> target;  // response or its logarithm, padded with zeros (fit_kernels.h)
  Objective objective = Objective::kLogHuber;
  double delta = 0;                   // Huber's; infinite for MSE, for MAE the width at which |r| is smoothed
  std::vector<double> weights;        // of the runs, padded with zeros
  std::vector<std::size_t> clusters;  // as in Observations; may be empty
  std::size_t cluster_count = 0;      // rows() without clusters
  std::vector<TiedParameter> ties;
  std::vector<PriorTerm> priors;
  double prior_scale = 0;  // tau of the noise (likelihood.h), in units of `value` of the objective as minimised

  int size() const { return static_cast<int>(free.size()); }
  std::size_t rows() const { return response.size(); }
  std::size_t padded() const { return target.size(); }
  // What the objective as reported is multiplied by where it is minimised: delta for absolute errors, else 1.
  double unit() const;
  // prior_scale / 2 sum q^2 at u; infinite outside the support of a prior.
  double penalty(const SmallVector& u) const;

  // What counts as a moderate change of search coordinate j at u: 1, which is a factor of e in a logarithm and much in
  // an exponent, but where the size of a parameter is not known beforehand.
  double typical(int j, double u) const {
    const auto index = static_cast<std::size_t>(j);
    return natural[index] ? std::max(scales[index].size, std::abs(u)) : 1;
  }

  // Parameters of the law at u, and the search coordinates of a full parameter vector.
  std::vector<double> theta_at(const SmallVector& u) const;
  SmallVector coordinates(std::span<const double> all) const;
};

// Errors as fit_law.
Result<FitProblem> make_fit_problem(const Law& law, const Observations& observations, const FitOptions& options);

}  // namespace isoflop
