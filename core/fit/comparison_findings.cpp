// SPDX-License-Identifier: Apache-2.0
#include "core/fit/comparison_findings.h"

#include <cmath>

#include "core/base/quantity.h"

namespace isoflop {
namespace {

std::string percent(double log_ratio) {
  return format_number(100 * log_ratio, 2) + "%";
}

void held_out_range(const Comparison& comparison, std::vector<Finding>& findings) {
  if (comparison.n_held_out == 0) return;
  const std::string runs =
      std::to_string(comparison.n_held_out) + (comparison.n_held_out == 1 ? " run" : " runs") + " left out";
  if (comparison.decades > 0)
    findings.push_back(Finding{.code = FindingCode::kExtrapolation,
                               .severity = Severity::kNote,
                               .message = "the " + runs + " reach " + format_number(comparison.decades, 2) +
                                          " decades of " + comparison.size_name +
                                          " beyond the largest one fitted: no law was tried further than that",
                               .subject = comparison.size_name,
                               .value = comparison.decades});
  if (comparison.n_held_out < kFewHeldOut)
    findings.push_back(Finding{.code = FindingCode::kTooFewRuns,
                               .message = "only " + runs + ": their errors say little about which law is better",
                               .subject = {},
                               .value = static_cast<double>(comparison.n_held_out)});
}

// Laws that the runs do not tell from the best.
void ties(const Comparison& comparison, std::vector<Finding>& findings) {
  if (comparison.ranking == Ranking::kAicc) return;
  const ComparedFit& best = comparison.laws.front();
  const char* which = comparison.ranking == Ranking::kHeldOut ? "runs left out" : "folds";
  for (const ComparedFit& law : comparison.laws) {
    if (&law == &best || law.failure || !law.excess.ci95 || law.excess.distinct) continue;
    findings.push_back(Finding{.code = FindingCode::kWithinNoise,
                               .severity = Severity::kNote,
                               .message = "the " + std::string(which) + " do not tell " + law.label + " from " +
                                          best.label + ": its mean error is " + percent(law.excess.difference) +
                                          " larger, 95% interval " + percent(law.excess.ci95->lower) + " to " +
                                          percent(law.excess.ci95->upper),
                               .subject = law.label,
                               .value = law.excess.difference});
  }
}

void bias(const Comparison& comparison, std::vector<Finding>& findings) {
  for (const ComparedFit& law : comparison.laws) {
    if (law.failure || law.held_out.runs < kFewHeldOut) continue;
    const PredictionError& error = law.held_out;
    const double square = error.root_mean_square, mean = error.bias;
    const double spread = std::sqrt(std::max(0.0, square * square - mean * mean) / static_cast<double>(error.runs));
    if (std::abs(mean) < kSystematicShare * error.mean_absolute || std::abs(mean) < kSystematicErrors * spread)
      continue;
    findings.push_back(Finding{.code = FindingCode::kSystematicError,
                               .message = law.label + " predicts the runs left out " + percent(std::abs(mean)) +
                                          (mean > 0 ? " too high" : " too low") +
                                          " on average, more than noise explains",
                               .subject = law.label,
                               .value = mean});
  }
}

void rankings(const Comparison& comparison, std::vector<Finding>& findings) {
  if (comparison.ranking == Ranking::kAicc) return;
  const ComparedFit& best = comparison.laws.front();
  if (best.aicc_excess <= kAiccMargin || !std::isfinite(best.aicc_excess)) return;
  for (const ComparedFit& law : comparison.laws) {
    if (law.failure || law.aicc_excess > 0) continue;
    findings.push_back(
        Finding{.code = FindingCode::kRankingsDisagree,
                .severity = Severity::kNote,
                .message = std::string(comparison.ranking == Ranking::kHeldOut ? "the runs left out" : "the folds") +
                           " prefer " + best.label + ", AICc on all runs prefers " + law.label + " by " +
                           format_number(best.aicc_excess, 3),
                .subject = law.label,
                .value = best.aicc_excess});
    return;
  }
}

}  // namespace

std::vector<Finding> comparison_findings(const Comparison& comparison) {
  std::vector<Finding> findings;
  held_out_range(comparison, findings);
  ties(comparison, findings);
  bias(comparison, findings);
  rankings(comparison, findings);
  return findings;
}

}  // namespace isoflop
