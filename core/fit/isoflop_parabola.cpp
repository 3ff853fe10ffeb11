// SPDX-License-Identifier: Apache-2.0
#include "core/fit/isoflop_parabola.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "core/base/parallel.h"
#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/fit/budgets.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// A resampled minimum that is refused in more than this share of the resamples has no interval worth the name.
constexpr double kLargestRefusedShare = 0.5;

struct Parabola {
  double c0 = 0, c1 = 0, c2 = 0;
  double minimum = kNaN;  // x of the lowest point, where accepted
  std::optional<FindingCode> refusal;
};

// Runs of one budget in the coordinates of its parabola.
struct Budget {
  std::vector<double> x, loss;  // x = ln N - ln center
};

// Least squares of loss on 1, x, x^2, each run counted weight[i] times.
Parabola fit_parabola(const Budget& budget, const std::vector<int>& weight, int smallest_sizes) {
  Parabola result;
  double reach = 0, lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  std::set<double> sizes;
  for (std::size_t i = 0; i < budget.x.size(); ++i) {
    if (weight[i] == 0) continue;
    reach = std::max(reach, std::abs(budget.x[i]));
    lowest = std::min(lowest, budget.x[i]);
    highest = std::max(highest, budget.x[i]);
    sizes.insert(budget.x[i]);
  }
  if (static_cast<int>(sizes.size()) < smallest_sizes) {
    result.refusal = FindingCode::kTooFewRuns;
    return result;
  }
  Eigen::MatrixX3d design(static_cast<Eigen::Index>(budget.x.size()), 3);
  Eigen::VectorXd response(design.rows());
  for (Eigen::Index i = 0; i < design.rows(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    const double root = std::sqrt(weight[k]), u = budget.x[k] / reach;
    design.row(i) << root, root * u, root * u * u;
    response(i) = root * budget.loss[k];
  }
  const Eigen::Vector3d c = design.colPivHouseholderQr().solve(response);
  result.c0 = c(0);
  result.c1 = c(1) / reach;
  result.c2 = c(2) / (reach * reach);
  const double minimum = -result.c1 / (2 * result.c2);
  if (!(result.c2 > 0))
    result.refusal = FindingCode::kParabolaOpensDown;
  else if (!(minimum > lowest && minimum < highest))
    result.refusal = FindingCode::kNoInteriorMinimum;
  else
    result.minimum = minimum;
  return result;
}

// Least squares of ln y on ln C.
PowerLaw fit_power_law(const std::vector<double>& log_flops, const std::vector<double>& log_y) {
  const auto n = static_cast<double>(log_flops.size());
  const double mean_x = std::accumulate(log_flops.begin(), log_flops.end(), 0.0) / n;
  const double mean_y = std::accumulate(log_y.begin(), log_y.end(), 0.0) / n;
  double xx = 0, xy = 0, residual = 0;
  for (std::size_t i = 0; i < log_flops.size(); ++i) {
    xx += (log_flops[i] - mean_x) * (log_flops[i] - mean_x);
    xy += (log_flops[i] - mean_x) * (log_y[i] - mean_y);
  }
  PowerLaw law;
  law.exponent = xy / xx;
  law.scale = std::exp(mean_y - law.exponent * mean_x);
  for (std::size_t i = 0; i < log_flops.size(); ++i) {
    const double r = log_y[i] - mean_y - law.exponent * (log_flops[i] - mean_x);
    residual += r * r;
  }
  law.standard_error = n > 2 ? std::sqrt(residual / (n - 2) / xx) : kNaN;
  return law;
}

double geometric_mean(std::span<const double> values, const std::vector<std::size_t>& which) {
  double sum = 0;
  for (const std::size_t i : which) sum += std::log(values[i]);
  return std::exp(sum / static_cast<double>(which.size()));
}

Status check(std::span<const double> params, std::span<const double> flops, std::span<const double> loss,
             const IsoflopOptions& options) {
  if (params.size() != flops.size() || params.size() != loss.size())
    return invalid_argument("parameters, FLOP and losses must be of equal number");
  if (params.empty()) return invalid_argument("there are no runs to analyse");
  if (!(options.budget_tolerance > 0))
    return invalid_argument("the budget tolerance must be positive", "budget_tolerance");
  if (options.resamples < 0) return invalid_argument("the number of resamples must not be negative", "resamples");
  const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
  for (std::size_t i = 0; i < params.size(); ++i) {
    const char* what = !positive(params[i])  ? "parameters"
                       : !positive(flops[i]) ? "FLOP"
                       : !positive(loss[i])  ? "loss"
                                             : nullptr;
    if (what != nullptr)
      return invalid_argument("the " + std::string(what) + " of run " + std::to_string(i + 1) +
                              " is not a positive number");
  }
  return Done{};
}

// Of a curve whose parabola is no use.
Finding refusal(const IsoflopCurve& curve) {
  const std::string budget = format_number(curve.flops, 3) + " FLOP";
  const char* why = *curve.refusal == FindingCode::kParabolaOpensDown ? "has no minimum: its parabola opens down"
                                                                      : "has its minimum outside the sizes trained";
  return Finding{.code = *curve.refusal,
                 .message = "the isoFLOP curve at " + budget + " " + why + ", left out of the power law",
                 .subject = budget,
                 .value = curve.flops};
}

// Minima of resampled runs: log_params[curve][resample], NaN where refused.
std::vector<std::vector<double>> resample_minima(const IsoflopAnalysis& analysis, const std::vector<Budget>& budgets,
                                                 const IsoflopOptions& options, int smallest_sizes) {
  std::vector<std::vector<double>> minima(budgets.size(),
                                          std::vector<double>(static_cast<std::size_t>(options.resamples), kNaN));
  parallel_for(static_cast<std::size_t>(options.resamples), options.threads, 8, {}, [&](int, std::size_t r) {
    Philox random(options.seed, r);
    for (std::size_t b = 0; b < budgets.size(); ++b) {
      const auto runs = static_cast<std::uint32_t>(budgets[b].x.size());
      std::vector<int> weight(runs, 0);
      for (std::uint32_t i = 0; i < runs; ++i) ++weight[random.below(runs)];
      if (analysis.curves[b].accepted)
        minima[b][r] =
            std::log(analysis.curves[b].center) + fit_parabola(budgets[b], weight, std::min(smallest_sizes, 3)).minimum;
    }
  });
  return minima;
}

void add_intervals(IsoflopAnalysis& analysis, const std::vector<Budget>& budgets, const IsoflopOptions& options,
                   int smallest_sizes) {
  const auto minima = resample_minima(analysis, budgets, options, smallest_sizes);
  for (std::size_t b = 0; b < budgets.size(); ++b) {
    IsoflopCurve& curve = analysis.curves[b];
    if (!curve.accepted) continue;
    const auto refused = std::count_if(minima[b].begin(), minima[b].end(), [](double x) { return std::isnan(x); });
    const double share = static_cast<double>(refused) / static_cast<double>(options.resamples);
    if (share > kLargestRefusedShare) {
      const std::string budget = format_number(curve.flops, 3) + " FLOP";
      analysis.findings.push_back(Finding{.code = FindingCode::kNotConverged,
                                          .message = "the minimum at " + budget +
                                                     " depends on single runs: " + format_number(100 * share, 2) +
                                                     "% of the resamples have none, so it carries no interval",
                                          .subject = budget,
                                          .value = share});
      continue;
    }
    const Interval log_interval = percentile_interval(minima[b]);
    curve.params_ci95 = Interval{std::exp(log_interval.lower), std::exp(log_interval.upper)};
  }
  if (!analysis.params) return;

  std::vector<double> exponents(static_cast<std::size_t>(options.resamples), kNaN);
  for (std::size_t r = 0; r < exponents.size(); ++r) {
    std::vector<double> x, y;
    for (std::size_t b = 0; b < budgets.size(); ++b) {
      if (std::isnan(minima[b][r])) continue;
      x.push_back(std::log(analysis.curves[b].flops));
      y.push_back(minima[b][r]);
    }
    if (x.size() >= 2) exponents[r] = fit_power_law(x, y).exponent;
  }
  const Interval interval = percentile_interval(exponents);
  if (std::isnan(interval.lower)) return;
  analysis.params->exponent_ci95 = interval;
  analysis.tokens->exponent_ci95 = Interval{1 - interval.upper, 1 - interval.lower};
}

}  // namespace

Result<IsoflopAnalysis> analyse_isoflops(std::span<const double> params, std::span<const double> flops,
                                         std::span<const double> loss, const IsoflopOptions& options) {
  if (auto status = check(params, flops, loss, options); !status) return status.error();
  const int smallest_sizes = std::max(options.minimum_runs, 3);

  IsoflopAnalysis analysis;
  std::vector<Budget> budgets;
  std::vector<double> log_flops, log_params;
  std::size_t too_few = 0;
  BudgetGroups found = group_budgets(flops, options.budget_tolerance, static_cast<std::size_t>(smallest_sizes));
  for (auto& runs : found.runs) {
    IsoflopCurve curve;
    curve.flops = geometric_mean(flops, runs);
    curve.center = geometric_mean(params, runs);
    Budget budget;
    for (const std::size_t i : runs) {
      budget.x.push_back(std::log(params[i] / curve.center));
      budget.loss.push_back(loss[i]);
    }
    const Parabola parabola = fit_parabola(budget, std::vector<int>(runs.size(), 1), smallest_sizes);
    curve.runs = std::move(runs);
    curve.c0 = parabola.c0;
    curve.c1 = parabola.c1;
    curve.c2 = parabola.c2;
    curve.refusal = parabola.refusal;
    curve.accepted = !parabola.refusal;
    if (curve.accepted) {
      curve.params = curve.center * std::exp(parabola.minimum);
      curve.tokens = curve.flops / (6 * curve.params);
      curve.loss = curve.c0 - curve.c1 * curve.c1 / (4 * curve.c2);
      log_flops.push_back(std::log(curve.flops));
      log_params.push_back(std::log(curve.params));
    } else if (curve.refusal == FindingCode::kTooFewRuns) {
      ++too_few;
    } else {
      analysis.findings.push_back(refusal(curve));
    }
    analysis.curves.push_back(std::move(curve));
    budgets.push_back(std::move(budget));
  }

  if (too_few > 0) {
    analysis.findings.push_back(
        Finding{.code = FindingCode::kTooFewRuns,
                .message = std::to_string(too_few) + (too_few == 1 ? " budget has" : " budgets have") + " fewer than " +
                           std::to_string(smallest_sizes) + " runs of different size, left out of the power law",
                .value = static_cast<double>(too_few)});
  }
  if (!found.between.empty()) {
    analysis.findings.push_back(
        Finding{.code = FindingCode::kTooFewRuns,
                .severity = Severity::kNote,
                .message = std::to_string(found.between.size()) + " runs lie between the budgets and are left out",
                .value = static_cast<double>(found.between.size())});
  }
  if (log_flops.size() >= 2) {
    analysis.params = fit_power_law(log_flops, log_params);
    // D* = C / (6 N*)
    analysis.tokens = PowerLaw{.scale = 1 / (6 * analysis.params->scale),
                               .exponent = 1 - analysis.params->exponent,
                               .standard_error = analysis.params->standard_error};
  }
  if (log_flops.size() < 3) {
    analysis.findings.push_back(Finding{.code = FindingCode::kTooFewBudgets,
                                        .message = std::to_string(log_flops.size()) + " isoFLOP " +
                                                   (log_flops.size() == 1 ? "curve" : "curves") +
                                                   " with a minimum: an exponent needs at least three budgets",
                                        .value = static_cast<double>(log_flops.size())});
  }
  if (options.resamples > 0) add_intervals(analysis, budgets, options, smallest_sizes);
  return analysis;
}

}  // namespace isoflop
