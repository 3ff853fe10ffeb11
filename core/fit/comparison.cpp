// SPDX-License-Identifier: Apache-2.0
#include "core/fit/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/parallel.h"
#include "core/base/part_of.h"
#include "core/fit/comparison_findings.h"
#include "core/fit/comparison_judgement.h"
#include "core/fit/refit.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Optima of the fit to all runs from which the folds are fitted.
constexpr std::size_t kMostStarts = 6;

Error cancelled() {
  return Error{ErrorCode::kCancelled, "the comparison was cancelled", {}};
}

// A law that takes part, and what was fitted.
struct Candidate {
  const Law* law = nullptr;
  FitOptions options;
  Observations runs;                      // all
  std::vector<std::vector<double>> all;   // optima of the fit to all runs, the best first
  std::vector<std::vector<double>> kept;  // and of the fit without those left out
  std::vector<double> kept_out_of_fold;   // log ratios of the folds within the runs kept, one per kept run
  ComparedFit result;
};

std::vector<double> log_ratios(const Law& law, const Observations& runs, const std::vector<double>& theta) {
  std::vector<double> ratios = predict(law, runs.columns, theta);
  for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i] = std::log(ratios[i] / runs.response[i]);
  return ratios;
}

std::vector<std::vector<double>> places(const std::vector<LocalOptimum>& optima) {
  std::vector<std::vector<double>> thetas;
  for (const LocalOptimum& optimum : optima)
    if (thetas.size() < kMostStarts) thetas.push_back(optimum.theta);
  return thetas;
}

void fail(Candidate& candidate, const Error& error) {
  if (!candidate.result.failure) candidate.result.failure = error;
}

// Entries where chosen[i] == value.
template <class T>
std::vector<std::size_t> entries_where(const std::vector<T>& chosen, T value) {
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i] == value) entries.push_back(i);
  return entries;
}

std::vector<double> pick(const std::vector<double>& values, const std::vector<std::size_t>& entries) {
  std::vector<double> picked;
  for (const std::size_t i : entries) picked.push_back(values[i]);
  return picked;
}

class Comparing {
 public:
  Comparing(const ComparisonOptions& options, const Control& control) : options_(options), control_(control) {}

  Result<Comparison> run(const RunTable& table, const std::vector<ComparedLaw>& laws) {
    if (laws.empty()) return invalid_argument("there is no law to compare");
    if (options_.folds < 0 || options_.folds == 1)
      return invalid_argument("cross-validation takes two folds or more, or 0 for none", "folds");
    if (options_.resamples < 0) return invalid_argument("the number of resamples must not be negative", "resamples");
    if (auto status = gather(table, laws); !status) return status.error();
    if (!fit_all() || !cross_validate()) return cancelled();
    for (Candidate& candidate : candidates_) check(candidate);
    if (std::all_of(candidates_.begin(), candidates_.end(), [](const auto& c) { return c.result.failure.has_value(); }))
      return *candidates_.front().result.failure;
    for (Candidate& candidate : candidates_) {
      comparison_.laws.push_back(std::move(candidate.result));
      evidence_.kept_out_of_fold.push_back(std::move(candidate.kept_out_of_fold));
    }
    if (!judge(comparison_, evidence_, options_, part_of(control_, 0.95, 1))) return cancelled();
    comparison_.findings = comparison_findings(comparison_);
    return std::move(comparison_);
  }

 private:
  // The runs that all laws share, and who takes part.
  Status gather(const RunTable& table, const std::vector<ComparedLaw>& laws) {
    comparison_.response = laws.front().law->response;
    std::vector<std::string> names;
    for (const ComparedLaw& entry : laws) {
      Candidate& candidate = candidates_.emplace_back();
      candidate.law = entry.law;
      candidate.options = entry.options;
      candidate.options.threads = 1;  // the laws and folds run side by side
      candidate.result.law_id = entry.law->id;
      candidate.result.label = entry.label.empty() ? entry.law->title : entry.label;
      if (entry.law->response != comparison_.response) {
        fail(candidate,
             invalid_argument("it predicts " + entry.law->response + ", the others " + comparison_.response));
        continue;
      }
      const std::vector<std::string> roles = entry.law->roles();
      if (const auto own = observe(table, roles, comparison_.response, options_.observe); !own) {
        fail(candidate, own.error());
        continue;
      }
      names.insert(names.end(), roles.begin(), roles.end());
    }
    if (std::all_of(candidates_.begin(), candidates_.end(), [](const auto& c) { return c.result.failure.has_value(); }))
      return *candidates_.front().result.failure;

    comparison_.size_name = options_.hold_out.by;
    for (const char* role : {"flops", "tokens", "params"})
      if (comparison_.size_name.empty() && !table.numbers(role).empty()) comparison_.size_name = role;
    if (comparison_.size_name.empty()) comparison_.size_name = names.front();
    names.push_back(comparison_.size_name);
    std::vector<std::string> distinct;
    for (const std::string& name : names)
      if (std::find(distinct.begin(), distinct.end(), name) == distinct.end()) distinct.push_back(name);
    const auto observed = observe(table, distinct, comparison_.response, options_.observe);
    if (!observed) return observed.error();
    const auto column_of = [&](const std::string& name) {
      const auto at = std::find(distinct.begin(), distinct.end(), name) - distinct.begin();
      return observed->columns[static_cast<std::size_t>(at)];
    };
    for (const double y : observed->response)
      if (!(y > 0))
        return invalid_argument("a run has the " + comparison_.response +
                                " 0 or less: laws are compared by the logarithm of predicted over observed");

    comparison_.rows = observed->rows;
    comparison_.observed = observed->response;
    comparison_.size = column_of(comparison_.size_name);
    comparison_.dropped = observed->dropped;
    evidence_.clusters = observed->clusters;
    for (Candidate& candidate : candidates_) {
      if (candidate.result.failure) continue;
      candidate.runs = *observed;
      candidate.runs.names = candidate.law->roles();
      candidate.runs.columns.clear();
      for (const std::string& name : candidate.runs.names) candidate.runs.columns.push_back(column_of(name));
    }

    auto left_out = choose_held_out(comparison_.size, options_.hold_out);
    if (!left_out) return left_out.error();
    comparison_.left_out = *std::move(left_out);
    kept_ = entries_where(comparison_.left_out, char{0});
    held_out_ = entries_where(comparison_.left_out, char{1});
    comparison_.n_held_out = held_out_.size();
    if (!held_out_.empty()) {
      const auto out = pick(comparison_.size, held_out_), in = pick(comparison_.size, kept_);
      comparison_.threshold = *std::min_element(out.begin(), out.end());
      comparison_.decades =
          std::log10(*std::max_element(out.begin(), out.end()) / *std::max_element(in.begin(), in.end()));
    }
    if (options_.folds > 0) {
      auto fold = assign_folds(comparison_.size, evidence_.clusters, options_.folds, options_.seed);
      if (!fold) return fold.error();
      comparison_.fold = *std::move(fold);
      if (!held_out_.empty() && candidates_.size() > 1) {
        std::vector<std::size_t> clusters;
        for (const std::size_t i : kept_)
          if (!evidence_.clusters.empty()) clusters.push_back(evidence_.clusters[i]);
        if (auto inner = assign_folds(pick(comparison_.size, kept_), clusters, options_.folds, options_.seed); inner)
          evidence_.kept_fold = *std::move(inner);
      }
    }
    return Done{};
  }

  // Every law on all runs, and on those that are kept.
  bool fit_all() {
    const std::size_t jobs = held_out_.empty() ? 1 : 2;
    std::vector<std::optional<Error>> failed(candidates_.size() * jobs);
    const Control quiet{.progress = {}, .stop = control_.stop};
    const bool finished =
        parallel_for(failed.size(), options_.threads, 1, part_of(control_, 0, 0.5), [&](int, std::size_t task) {
          Candidate& candidate = candidates_[task / jobs];
          if (candidate.result.failure) return;
          if (task % jobs == 1) {
            auto found = refit(*candidate.law, subset(candidate.runs, kept_), candidate.options, {}, quiet);
            if (found)
              candidate.kept = places(*found);
            else
              failed[task] =
                  Error{found.error().code, "without the largest runs: " + found.error().message, found.error().where};
            return;
          }
          auto fit = fit_law(*candidate.law, candidate.runs, candidate.options, quiet);
          if (fit) {
            candidate.all = places(fit->optima);
            candidate.result.fit = *std::move(fit);
          } else {
            failed[task] = fit.error();
          }
        });
    for (std::size_t task = 0; task < failed.size(); ++task)
      if (failed[task]) fail(candidates_[task / jobs], *failed[task]);
    return finished && !control_.cancelled();
  }

  // Refits without each fold, of all runs and of the runs kept.
  bool cross_validate() {
    for (Candidate& candidate : candidates_) {
      if (candidate.result.failure) continue;
      candidate.result.residuals = log_ratios(*candidate.law, candidate.runs, candidate.all.front());
      candidate.result.held_out_residuals.assign(candidate.runs.size(), kNaN);
      if (!held_out_.empty()) {
        const auto ratios = log_ratios(*candidate.law, candidate.runs, candidate.kept.front());
        for (const std::size_t i : held_out_) candidate.result.held_out_residuals[i] = ratios[i];
      }
      candidate.result.out_of_fold_residuals.assign(candidate.runs.size(), kNaN);
      candidate.kept_out_of_fold.assign(kept_.size(), kNaN);
    }
    if (comparison_.fold.empty()) return true;
    const auto count = [](const std::vector<int>& fold) {
      return fold.empty() ? std::size_t{0} : static_cast<std::size_t>(*std::max_element(fold.begin(), fold.end())) + 1;
    };
    const std::size_t outer = count(comparison_.fold), inner = count(evidence_.kept_fold), tasks = outer + inner;
    return parallel_for(candidates_.size() * tasks, options_.threads, 1, part_of(control_, 0.5, 0.95),
                        [&](int, std::size_t task) {
                          Candidate& candidate = candidates_[task / tasks];
                          if (candidate.result.failure) return;
                          const std::size_t fold = task % tasks;
                          if (fold < outer)
                            predict_fold(candidate, candidate.runs, comparison_.fold, static_cast<int>(fold),
                                         candidate.all, candidate.result.out_of_fold_residuals);
                          else
                            predict_fold(candidate, subset(candidate.runs, kept_), evidence_.kept_fold,
                                         static_cast<int>(fold - outer), candidate.kept, candidate.kept_out_of_fold);
                        });
  }

  // Writes the entries of the fold alone, so that folds may run side by side.
  void predict_fold(const Candidate& candidate, const Observations& runs, const std::vector<int>& folds, int fold,
                    const std::vector<std::vector<double>>& starts, std::vector<double>& ratios) const {
    std::vector<std::size_t> rest, own;
    for (std::size_t i = 0; i < folds.size(); ++i) (folds[i] == fold ? own : rest).push_back(i);
    const Control quiet{.progress = {}, .stop = control_.stop};
    const auto found = refit(*candidate.law, subset(runs, rest), candidate.options, starts, quiet);
    if (!found) return;
    const Observations seen = subset(runs, own);
    const auto predicted = log_ratios(*candidate.law, seen, found->front().theta);
    for (std::size_t i = 0; i < own.size(); ++i) ratios[own[i]] = predicted[i];
  }

  // A law without a finite prediction for every run that it is judged on does not take part.
  void check(Candidate& candidate) {
    if (candidate.result.failure) return;
    const auto missing = [](const std::vector<double>& ratios, const std::vector<std::size_t>& entries) {
      return std::count_if(entries.begin(), entries.end(), [&](std::size_t i) { return !std::isfinite(ratios[i]); });
    };
    std::vector<std::size_t> every(comparison_.rows.size());
    std::iota(every.begin(), every.end(), std::size_t{0});
    const auto refuse = [&](std::ptrdiff_t count, const char* which) {
      if (count > 0)
        fail(candidate,
             Error{ErrorCode::kNumerical,
                   "it has no positive, finite prediction for " + std::to_string(count) + " of the runs" + which,
                   {}});
    };
    refuse(missing(candidate.result.residuals, every), "");
    refuse(missing(candidate.result.held_out_residuals, held_out_), " left out");
    if (!comparison_.fold.empty()) refuse(missing(candidate.result.out_of_fold_residuals, every), " of its folds");
  }

  const ComparisonOptions& options_;
  const Control& control_;
  Comparison comparison_;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> kept_, held_out_;
  ComparisonEvidence evidence_;
};

}  // namespace

Result<Comparison> compare_laws(const RunTable& table, const std::vector<ComparedLaw>& laws,
                                const ComparisonOptions& options, const Control& control) {
  return Comparing(options, control).run(table, laws);
}

}  // namespace isoflop
