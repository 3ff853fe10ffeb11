// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/findings.h"
#include "core/fit/likelihood.h"
#include "core/fit/objective.h"
#include "core/laws/law.h"
#include "core/runs/observations.h"

namespace isoflop {

// What is known of a parameter before the runs are seen.
//   kNormal     parameter ~ normal(mean, standard deviation)
//   kLognormal  log(parameter) ~ normal(log(median), sigma)
struct Prior {
  enum class Kind { kNormal, kLognormal };
  Kind kind = Kind::kNormal;
  double centre = 0;  // mean or median
  double spread = 1;  // standard deviation or sigma, > 0
};

struct ParameterBounds {
  double lower = 0, upper = 0;  // may be infinite
};

struct FitOptions {
  Objective objective = Objective::kLogHuber;
  double delta = 1e-3;  // Huber's; > 0
  // Values of parameters that are held: --fix, or those of a coefficient set that are not --free.
  std::map<std::string, double> fixed;
  // Parameters that are formulas of others: {"beta", "alpha"}, {"B", "2 * A"}. They are substituted in the law, so that
  // gradients stay exact; their own bounds are not enforced.
  std::map<std::string, std::string> ties = {};
  // A prior adds tau q^2 / 2 to the objective, q the deviation in units of the spread and tau the noise scale
  // (likelihood.h) at the optimum, as the likelihood says. Of free parameters only.
  std::map<std::string, Prior> priors = {};
  // In place of the law's own bounds, within or beyond them. A parameter that may be negative is searched for itself
  // even where the law searches for its logarithm.
  std::map<std::string, ParameterBounds> bounds = {};
  // A start for every free parameter: the search then runs from there alone, and finds the optimum of that basin.
  // Empty: the global optimum is searched without one. A start for only some of them is added to the search's own.
  std::map<std::string, double> start;
  int starts = 0;  // points of the space-filling search; 0 chooses by the number of free parameters
  std::uint64_t seed = 0;
  int threads = 0;  // 0: all cores. Results do not depend on it.
};

// A point where the search came to rest, from one or more starts.
struct LocalOptimum {
  std::vector<double> theta;  // one value per parameter of the law
  double objective = 0;       // sum over runs
  int starts = 0;             // how many polished starts ended here
  double penalty = 0;         // of the priors; optima are compared by objective + penalty
};

// An estimate, or the failure to find one (then the Result holds the Error).
struct Fit {
  std::string law_id, law_hash, data_hash;
  Objective objective_kind = Objective::kLogHuber;
  double delta = 1e-3;
  std::uint64_t seed = 0;
  std::vector<std::string> names;  // parameters of the law
  std::vector<double> theta;       // their estimates; held ones included
  std::vector<char> free;          // which were estimated; neither held nor tied ones
  double objective = 0;            // sum over runs
  std::size_t n_runs = 0;
  double rmse_log = 0;               // root mean square of log(prediction) - log(response)
  std::vector<LocalOptimum> optima;  // distinct ones by objective; the first is theta
  int starts_tried = 0, starts_polished = 0;
  // Standard errors to first order (core/fit/covariance.h); NaN for held parameters and where singular.
  std::vector<double> standard_errors;
  std::vector<double> covariance;  // row-major over the free parameters in order; empty where singular
  double condition = 0;            // of J^T J with unit columns; large means parameters trade off against each other
  std::vector<Finding> findings;
  FitOptions options = {};      // what was asked for: resamples, profiles and reports follow it
  std::vector<char> tied = {};  // which follow a tie; their standard errors are by the delta method
  double penalty = 0;           // of the priors at theta
  NoiseScale noise = {};        // of the runs about the law, weights included
  std::size_t n_clusters = 0;   // n_runs without clusters
  // Twice a rise of the objective over this is about chi-squared with one degree of freedom (core/fit/covariance.h).
  double deviance_scale = 0;
  // Row-major over all parameters of the law: zero for held ones, by the delta method for tied ones. Empty where
  // singular.
  std::vector<double> full_covariance = {};
};

// Estimates the free parameters of `law` on `observations`, whose names are the roles of the law's variables, in that
// order. Errors: kInvalidArgument for unknown or out-of-bound parameters, ties and priors that make no sense, fewer
// runs than free parameters, a response that a log objective cannot take; kParse for a tie that is no formula;
// kNumerical when no start gives a finite objective; kCancelled.
Result<Fit> fit_law(const Law& law, const Observations& observations, const FitOptions& options = {},
                    const Control& control = {});

// Options that ask for the fit again: its own, with what was held held where it was.
FitOptions refit_options(const Fit& fit);

// The objective of given parameters, without fitting and without priors. NaN where a prediction is not finite (or not
// positive, with a log).
double evaluate_objective(const Law& law, const Observations& observations, const std::vector<double>& theta,
                          Objective objective = Objective::kLogHuber, double delta = 1e-3);

// Predictions for rows of observations (or any columns shaped like the law's variables).
std::vector<double> predict(const Law& law, const std::vector<std::vector<double>>& columns,
                            const std::vector<double>& theta);

}  // namespace isoflop
