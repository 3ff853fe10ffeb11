// SPDX-License-Identifier: Apache-2.0
#include "core/fit/health.h"

#include <algorithm>
#include <cmath>

#include "core/base/quantity.h"
#include "core/fit/polish.h"
#include "core/fit/row_sample.h"
#include "core/formula/evaluator.h"

namespace isoflop {
namespace {

// A parameter whose logarithm is known better than this cannot span kFlatFactor, so its valley is not followed.
constexpr double kKnownWell = 0.25;
constexpr int kValleySteps = 24;
constexpr double kValleyGrowth = 1.5;

const LawParameter& parameter(const Law& law, const FitProblem& problem, int j) {
  return law.parameters[static_cast<std::size_t>(problem.free[static_cast<std::size_t>(j)])];
}

double natural(const FitProblem& problem, int j, double coordinate) {
  return problem.logarithmic[static_cast<std::size_t>(j)] ? std::exp(coordinate) : coordinate;
}

std::string percent(double share) {
  return format_number(100 * share, 2) + "%";
}

void starts_disagree(const Law& law, const FitProblem& problem, const SearchResult& found, const SmallVector& errors,
                     std::vector<Finding>& findings) {
  const auto& best = found.optima.front();
  int others = 0, subject = -1;
  const SearchResult::Optimum* nearest = nullptr;
  for (const auto& other : found.optima) {
    if (other.value > best.value * (1 + kNearlyAsGood)) break;
    for (int j = 0; j < problem.size(); ++j) {
      const double distance = std::abs(other.u[j] - best.u[j]);
      const bool differs = problem.logarithmic[static_cast<std::size_t>(j)]
                               ? distance > std::log(kDifferentFactor)
                               : std::isfinite(errors[j]) && distance > 2 * errors[j];
      if (!differs) continue;
      ++others;
      if (!nearest) {
        nearest = &other;
        subject = j;
      }
      break;
    }
  }
  if (!nearest) return;
  std::string values;
  for (int j = 0; j < problem.size(); ++j)
    values += (j ? ", " : "") + parameter(law, problem, j).symbol + " " +
              format_number(natural(problem, j, nearest->u[j]), 4);
  findings.push_back({FindingCode::kStartsDisagree, Severity::kWarning,
                      std::to_string(others) + (others == 1 ? " other optimum" : " other optima") + " within " +
                          percent(kNearlyAsGood) + " of the best objective; the nearest is " + values + ", " +
                          percent(nearest->value / best.value - 1) + " above",
                      parameter(law, problem, subject).name, static_cast<double>(others)});
}

// How far parameter j can be moved in one direction, the others refitted, before the objective has risen by kFlatShare.
double valley_end(FitProblem& held, FitEvaluator& evaluator, int j, SmallVector u, double best, double direction) {
  const double lower = held.lower[j], upper = held.upper[j];
  double reached = u[j], step = 0.1;
  for (int i = 0; i < kValleySteps; ++i) {
    const double next = std::clamp(reached + direction * step, lower, upper);
    if (next == reached) break;
    u[j] = held.lower[j] = held.upper[j] = next;
    const Polished point = polish(evaluator, u, evaluator.weights(),
                                  {.delta = held.delta, .iterations = 30, .tolerance = 1e-2 * kFlatShare});
    if (!(point.value <= best * (1 + kFlatShare))) break;
    u = point.u;
    reached = next;
    step *= kValleyGrowth;
  }
  held.lower[j] = lower;
  held.upper[j] = upper;
  return reached;
}

void flat_valleys(const Law& law, const FitProblem& problem, const SearchResult& found, const SmallVector& errors,
                  std::vector<Finding>& findings) {
  const auto& best = found.optima.front();
  const bool many = problem.rows() > kMostSearchedRows;
  FitProblem held = many ? sample_rows(problem, kSampledRows, 0) : problem;
  FitEvaluator evaluator(held);
  // Where the walk begins, and the objective that it is compared with: of the runs that it sees.
  const Polished middle = polish(evaluator, best.u, evaluator.weights(), {.delta = held.delta, .tolerance = 1e-8});
  for (int j = 0; j < problem.size(); ++j) {
    if (!problem.logarithmic[static_cast<std::size_t>(j)] || errors[j] < kKnownWell) continue;
    double low = valley_end(held, evaluator, j, middle.u, middle.value, -1);
    double high = valley_end(held, evaluator, j, middle.u, middle.value, +1);
    // A dent on the way can stop the walk early; other optima show how far the valley goes at least.
    for (const auto& other : found.optima)
      if (other.value <= best.value * (1 + kFlatShare)) {
        low = std::min(low, other.u[j]);
        high = std::max(high, other.u[j]);
      }
    if (high - low < std::log(kFlatFactor)) continue;
    const LawParameter& subject = parameter(law, problem, j);
    const auto end = [&](double u) { return format_number(std::exp(u), 3); };
    findings.push_back({FindingCode::kFlatValley, Severity::kWarning,
                        "flat valley: " + subject.symbol + " from " + end(low) + " to " + end(high) +
                            " moves the objective by less than " + percent(kFlatShare) + ", the others refitted",
                        subject.name, std::exp(high - low)});
  }
}

void at_bounds(const Law& law, const FitProblem& problem, const SmallVector& u, std::vector<Finding>& findings) {
  for (int j = 0; j < problem.size(); ++j) {
    const double room = 1e-9 * std::max(1.0, std::abs(u[j]));
    if (u[j] - problem.lower[j] > room && problem.upper[j] - u[j] > room) continue;
    const LawParameter& subject = parameter(law, problem, j);
    const double value = natural(problem, j, u[j]);
    findings.push_back(
        {FindingCode::kParameterAtBound, Severity::kWarning,
         subject.symbol + " lies on its bound " + format_number(value, 4) + ": the data do not hold it inside",
         subject.name, value});
  }
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mx += std::log(x[i]) / n, my += std::log(y[i]) / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = std::log(x[i]) - mx, dy = std::log(y[i]) - my;
    xx += dx * dx, yy += dy * dy, xy += dx * dy;
  }
  return xy / std::sqrt(xx * yy);
}

// Distinct values of log10 C, those closer than a tenth of a decade counted as one.
int count_budgets(std::vector<double> flops) {
  std::sort(flops.begin(), flops.end());
  int budgets = flops.empty() ? 0 : 1;
  for (std::size_t i = 1; i < flops.size(); ++i) budgets += std::log10(flops[i] / flops[i - 1]) > 0.1;
  return budgets;
}

void check_design(const Law& law, const Observations& observations, std::vector<Finding>& findings) {
  const auto column = [&](std::string_view role) -> const std::vector<double>* {
    for (std::size_t i = 0; i < law.variables.size(); ++i)
      if (law.variables[i].role == role) return &observations.columns[i];
    return nullptr;
  };
  const auto* params = column("params");
  const auto* tokens = column("tokens");
  if (!params || !tokens) return;
  const auto positive = [](double x) { return x > 0 && std::isfinite(x); };
  if (!std::all_of(params->begin(), params->end(), positive) || !std::all_of(tokens->begin(), tokens->end(), positive))
    return;
  const double r = correlation(*params, *tokens);
  if (std::abs(r) > kLargeCorrelation)
    findings.push_back({FindingCode::kCollinear, Severity::kWarning,
                        "log N and log D are nearly collinear over the runs (correlation " + format_number(r, 3) +
                            "): their effects cannot be told apart",
                        "", r});
  if (law.flops.steps().empty()) return;
  const std::vector<std::span<const double>> spans(observations.columns.begin(), observations.columns.end());
  std::vector<double> flops(observations.size());
  Evaluator(law.flops, spans, flops.size()).predict({}, flops);
  const int budgets = count_budgets(std::move(flops));
  if (budgets < kFewestBudgets)
    findings.push_back({FindingCode::kTooFewBudgets, Severity::kWarning,
                        "the runs have only " + std::to_string(budgets) +
                            (budgets == 1 ? " compute budget" : " compute budgets") +
                            ": a frontier over compute rests on the form of the law alone",
                        "", static_cast<double>(budgets)});
}

}  // namespace

std::vector<Finding> check_health(const Law& law, const Observations& observations, const FitProblem& problem,
                                  const SearchResult& found, const SmallVector& errors, double condition) {
  std::vector<Finding> findings;
  starts_disagree(law, problem, found, errors, findings);
  flat_valleys(law, problem, found, errors, findings);
  at_bounds(law, problem, found.optima.front().u, findings);
  if (condition > kLargeCondition)
    findings.push_back({FindingCode::kIllConditioned, Severity::kNote,
                        "parameters trade off against each other (condition number " + format_number(condition, 2) +
                            "): read the intervals, not the digits",
                        "", condition});
  check_design(law, observations, findings);
  return findings;
}

}  // namespace isoflop
