// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/base/error.h"
#include "core/base/result.h"
#include "core/fit/bootstrap.h"
#include "core/fit/fit.h"
#include "core/fit/hold_out.h"
#include "core/runs/observations.h"

namespace isoflop {

// Which law predicts best: every law is fitted to the same runs, and judged on runs that its fit has not seen.

struct ComparedLaw {
  const Law* law = nullptr;  // must outlive the comparison
  FitOptions options;
  std::string label;  // how it is called in findings; the law's title where empty
};

struct ComparisonOptions {
  HoldOut hold_out;
  ObserveOptions observe;  // weights and clusters of the runs
  int folds = 10;          // of cross-validation; 0 for none. No more than there are runs (or clusters).
  int resamples = 2000;    // of the differences between laws; 0 for none
  std::uint64_t seed = 0;
  int threads = 0;  // 0: all cores. Results do not depend on it.
};

// Errors of predictions in log(predicted / observed). NaN, and no runs, where there are none.
struct PredictionError {
  std::size_t runs = 0;
  double mean_absolute = 0, root_mean_square = 0;
  double bias = 0;  // their mean: above 0 where the law predicts too high a response
};
PredictionError prediction_error(const std::vector<double>& log_ratios);  // entries that are NaN are left out

// Of a model with `parameters` estimated numbers, the noise scale among them: Akaike's criterion corrected for few runs
// (Hurvich and Tsai 1989; infinite with fewer than parameters + 2 runs) and Schwarz's.
struct InformationCriteria {
  double aicc = 0, bic = 0;
};
InformationCriteria information_criteria(double log_likelihood, int parameters, std::size_t runs);

inline constexpr double kMaterialShare = 0.001;

// How much worse than the best law: mean over runs of |log ratio| minus that of the best law, on the same runs, with
// the 95% interval over resampled runs (or clusters).
struct Excess {
  double difference = 0;
  std::optional<Interval> ci95;
  // The interval excludes 0, so that the difference is more than the luck of which runs were held out, and the
  // difference is at least kMaterialShare of the best law's error, so that it is more than rounding.
  bool distinct = false;
};

struct ComparedFit {
  std::string law_id, label;
  std::optional<Error> failure;  // why this law has no results; then only the above holds
  std::optional<Fit> fit;        // to all runs
  int parameters = 0;            // estimated ones, the noise scale not counted
  double log_likelihood = 0, aicc = 0, bic = 0;
  double aicc_excess = 0, bic_excess = 0;  // over the least among the laws

  PredictionError in_sample;        // of the fit to all runs
  PredictionError held_out;         // of the fit to the runs that were not left out
  PredictionError cross_validated;  // of the fits without each fold
  Excess excess;                    // over the best law, by the errors that rank the laws
  double weight = 0;                // in the stacked prediction, from the out-of-fold errors

  // log(predicted / observed), one entry per run of the comparison, NaN where it does not apply.
  std::vector<double> residuals, held_out_residuals, out_of_fold_residuals;
};

// By what the laws are ranked: the first of these that was asked for.
enum class Ranking { kHeldOut, kCrossValidated, kAicc };

struct Comparison {
  std::string response, size_name;
  std::vector<std::size_t> rows;  // of the table: the runs that every law can be fitted to
  std::vector<double> observed;   // response
  std::vector<double> size;       // by what runs were held out
  std::vector<char> left_out;     // which ones those are
  std::vector<int> fold;          // of each run; empty without cross-validation
  std::size_t n_held_out = 0;
  std::size_t dropped = 0;  // used rows that lack one of the values
  double threshold = 0;     // the smallest size left out
  double decades = 0;       // from the largest size kept to the largest left out, log10
  Ranking ranking = Ranking::kHeldOut;

  std::vector<ComparedFit> laws;  // the best first; those that failed last
  // The stacked prediction exp(sum_j w_j log f_j). `stacked_held_out` has weights from folds within the runs that were
  // not left out, and `stacked_cross_validated`, for each fold, weights from the other folds: neither has seen the runs
  // that it is judged on.
  PredictionError stacked_held_out, stacked_cross_validated;
  std::vector<Finding> findings;
};

// Fits all laws to the used rows where the variables of every law, and the response of the first, have values. A law
// whose variables the runs do not have, which predicts another response, or which cannot be fitted has its reason in
// its row and does not take part. Cross-validation refits from the optima of the fit to all runs; the fit without the
// largest runs is searched anew. Folds keep clusters together and are stratified by size.
// Errors: kInvalidArgument for options out of range, no laws, or a hold-out that leaves nothing on one side; kNotFound
// for an unknown column to hold out by; kCancelled; where every law fails, the failure of the first.
Result<Comparison> compare_laws(const RunTable& table, const std::vector<ComparedLaw>& laws,
                                const ComparisonOptions& options = {}, const Control& control = {});

}  // namespace isoflop
