// SPDX-License-Identifier: Apache-2.0
#include "core/fit/comparison_judgement.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/fit/stacking.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kResampleStream = 1;

// What decides between laws: smaller is better.
double merit(const ComparedFit& law, Ranking ranking) {
  switch (ranking) {
    case Ranking::kHeldOut:
      return law.held_out.mean_absolute;
    case Ranking::kCrossValidated:
      return law.cross_validated.mean_absolute;
    case Ranking::kAicc:
      break;
  }
  return law.aicc;
}

void measure(Comparison& comparison) {
  comparison.ranking = comparison.n_held_out > 0  ? Ranking::kHeldOut
                       : !comparison.fold.empty() ? Ranking::kCrossValidated
                                                  : Ranking::kAicc;
  double least_aicc = std::numeric_limits<double>::infinity(), least_bic = least_aicc;
  for (ComparedFit& law : comparison.laws) {
    if (law.failure) continue;
    law.parameters = static_cast<int>(std::count(law.fit->free.begin(), law.fit->free.end(), char{1}));
    law.log_likelihood = law.fit->noise.log_likelihood;
    const InformationCriteria criteria = information_criteria(law.log_likelihood, law.parameters + 1, law.fit->n_runs);
    law.aicc = criteria.aicc;
    law.bic = criteria.bic;
    least_aicc = std::min(least_aicc, law.aicc);
    least_bic = std::min(least_bic, law.bic);
    law.in_sample = prediction_error(law.residuals);
    law.held_out = prediction_error(law.held_out_residuals);
    law.cross_validated = prediction_error(law.out_of_fold_residuals);
  }
  for (ComparedFit& law : comparison.laws) {
    law.aicc_excess = law.aicc - least_aicc;
    law.bic_excess = law.bic - least_bic;
  }
}

// Runs that are judged, by cluster.
std::vector<std::vector<std::size_t>> judged_units(const Comparison& comparison,
                                                   const std::vector<std::size_t>& clusters) {
  std::vector<std::vector<std::size_t>> units;
  std::vector<std::ptrdiff_t> unit_of(comparison.rows.size(), -1);
  for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
    if (comparison.ranking == Ranking::kHeldOut && !comparison.left_out[i]) continue;
    std::ptrdiff_t& unit = unit_of[clusters.empty() ? i : clusters[i]];
    if (unit < 0) {
      unit = static_cast<std::ptrdiff_t>(units.size());
      units.emplace_back();
    }
    units[static_cast<std::size_t>(unit)].push_back(i);
  }
  return units;
}

// Paired: the same resampled runs, or clusters, for both laws.
bool measure_excess(Comparison& comparison, const std::vector<std::size_t>& clusters, const ComparisonOptions& options,
                    const Control& control) {
  if (comparison.ranking == Ranking::kAicc) return true;
  const auto ratios = [&](const ComparedFit& law) -> const std::vector<double>& {
    return comparison.ranking == Ranking::kHeldOut ? law.held_out_residuals : law.out_of_fold_residuals;
  };
  const ComparedFit* best = nullptr;
  for (const ComparedFit& law : comparison.laws)
    if (!law.failure && (best == nullptr || merit(law, comparison.ranking) < merit(*best, comparison.ranking)))
      best = &law;
  const auto units = judged_units(comparison, clusters);
  const auto drawn = static_cast<std::uint32_t>(units.size());
  return parallel_for(comparison.laws.size(), options.threads, 1, control, [&](int, std::size_t index) {
    ComparedFit& law = comparison.laws[index];
    if (law.failure || &law == best) return;
    std::vector<double> sums(units.size(), 0.0);
    double total = 0;
    std::size_t runs = 0;
    for (std::size_t u = 0; u < units.size(); ++u) {
      for (const std::size_t i : units[u]) sums[u] += std::abs(ratios(law)[i]) - std::abs(ratios(*best)[i]);
      total += sums[u];
      runs += units[u].size();
    }
    Excess& excess = law.excess;
    excess.difference = total / static_cast<double>(runs);
    if (options.resamples == 0 || units.size() < 2) return;
    std::vector<double> sample;
    sample.reserve(static_cast<std::size_t>(options.resamples));
    for (int r = 0; r < options.resamples; ++r) {
      Philox random(options.seed, kResampleStream << 32 | static_cast<std::uint64_t>(r));
      double sum = 0;
      std::size_t count = 0;
      for (std::uint32_t k = 0; k < drawn; ++k) {
        const std::size_t u = random.below(drawn);
        sum += sums[u];
        count += units[u].size();
      }
      sample.push_back(sum / static_cast<double>(count));
    }
    excess.ci95 = percentile_interval(std::move(sample));
    excess.distinct = (excess.ci95->lower > 0 || excess.ci95->upper < 0) &&
                      std::abs(excess.difference) >= kMaterialShare * merit(*best, comparison.ranking);
  });
}

double combine(const std::vector<double>& weights, const std::vector<const std::vector<double>*>& errors,
               std::size_t run) {
  double sum = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[j] * (*errors[j])[run];
  return sum;
}

std::vector<double> weights_of(const std::vector<const std::vector<double>*>& errors) {
  std::vector<std::vector<double>> copied;
  for (const std::vector<double>* one : errors) copied.push_back(*one);
  return simplex_weights(copied);
}

void stack(Comparison& comparison, const ComparisonEvidence& evidence) {
  comparison.stacked_held_out = comparison.stacked_cross_validated = prediction_error({});
  if (comparison.fold.empty()) return;
  std::vector<ComparedFit*> valid;
  std::vector<const std::vector<double>*> errors, kept, held;
  for (std::size_t j = 0; j < comparison.laws.size(); ++j) {
    ComparedFit& law = comparison.laws[j];
    if (law.failure) continue;
    valid.push_back(&law);
    errors.push_back(&law.out_of_fold_residuals);
    kept.push_back(&evidence.kept_out_of_fold[j]);
    held.push_back(&law.held_out_residuals);
  }
  const std::vector<double> weights = weights_of(errors);
  for (std::size_t j = 0; j < valid.size(); ++j) valid[j]->weight = weights[j];

  // Each fold by weights from the others.
  std::vector<double> stacked(comparison.rows.size(), kNaN);
  const int folds = *std::max_element(comparison.fold.begin(), comparison.fold.end()) + 1;
  for (int fold = 0; fold < folds; ++fold) {
    std::vector<std::vector<double>> others(valid.size());
    for (std::size_t i = 0; i < comparison.fold.size(); ++i)
      for (std::size_t j = 0; j < valid.size(); ++j)
        if (comparison.fold[i] != fold) others[j].push_back((*errors[j])[i]);
    const std::vector<double> unseen = simplex_weights(others);
    for (std::size_t i = 0; i < stacked.size(); ++i)
      if (comparison.fold[i] == fold) stacked[i] = combine(unseen, errors, i);
  }
  comparison.stacked_cross_validated = prediction_error(stacked);

  if (evidence.kept_fold.empty()) return;
  const std::vector<double> kept_weights = weights_of(kept);
  if (kept_weights.empty()) return;
  std::vector<double> unseen;
  for (std::size_t i = 0; i < comparison.rows.size(); ++i)
    if (comparison.left_out[i]) unseen.push_back(combine(kept_weights, held, i));
  comparison.stacked_held_out = prediction_error(unseen);
}

}  // namespace

PredictionError prediction_error(const std::vector<double>& log_ratios) {
  PredictionError error{.runs = 0, .mean_absolute = kNaN, .root_mean_square = kNaN, .bias = kNaN};
  double absolute = 0, square = 0, sum = 0;
  for (const double r : log_ratios) {
    if (std::isnan(r)) continue;
    ++error.runs;
    absolute += std::abs(r);
    square += r * r;
    sum += r;
  }
  if (error.runs == 0) return error;
  const auto n = static_cast<double>(error.runs);
  error.mean_absolute = absolute / n;
  error.root_mean_square = std::sqrt(square / n);
  error.bias = sum / n;
  return error;
}

InformationCriteria information_criteria(double log_likelihood, int parameters, std::size_t runs) {
  const double k = parameters, n = static_cast<double>(runs), room = n - k - 1;
  const double correction = room > 0 ? 2 * k * (k + 1) / room : std::numeric_limits<double>::infinity();
  return {.aicc = 2 * k - 2 * log_likelihood + correction, .bic = k * std::log(n) - 2 * log_likelihood};
}

bool judge(Comparison& comparison, const ComparisonEvidence& evidence, const ComparisonOptions& options,
           const Control& control) {
  measure(comparison);
  if (!measure_excess(comparison, evidence.clusters, options, control)) return false;
  stack(comparison, evidence);
  std::stable_sort(comparison.laws.begin(), comparison.laws.end(), [&](const ComparedFit& a, const ComparedFit& b) {
    if (a.failure || b.failure) return !a.failure && b.failure;
    return merit(a, comparison.ranking) < merit(b, comparison.ranking);
  });
  return true;
}

}  // namespace isoflop
