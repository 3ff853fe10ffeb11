// SPDX-License-Identifier: Apache-2.0
#include "core/fit/isoflop_minima.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/parallel.h"
#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/fit/budgets.h"
#include "core/fit/isoflop_shape.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// A minimum that more than this share of the resamples lack has no interval worth the name.
constexpr double kLargestRefusedShare = 0.5;
// Of the mean distance between neighbouring sizes: a minimum is not known better than that, however it scatters.
constexpr double kLeastSpread = 0.33;
// Of the exponents of a resampled shape: far below what resampling moves them by.
constexpr double kResampledPrecision = 1e-3;

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
  if (!(options.noise >= 0 && std::isfinite(options.noise)))
    return invalid_argument("the noise of the loss must not be negative", "noise");
  if (options.resamples == 0 && (options.noise > 0 || options.weights == IsoflopWeights::kSpread))
    return invalid_argument("noise and weights by spread need resamples", "resamples");
  if (options.shape && !(options.shape->alpha >= 0 && options.shape->beta >= 0 && std::isfinite(options.shape->alpha) &&
                         std::isfinite(options.shape->beta)))
    return invalid_argument("the exponents of the shape must not be negative", "shape");
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

// The power law of ln N* over budgets, NaN left out.
PowerLaw law_of(const std::vector<double>& log_flops, const std::vector<double>& minima,
                const std::vector<double>& weight) {
  std::vector<double> x, y, w;
  for (std::size_t b = 0; b < minima.size(); ++b) {
    if (std::isnan(minima[b])) continue;
    x.push_back(log_flops[b]);
    y.push_back(minima[b]);
    w.push_back(weight[b]);
  }
  return x.size() >= 2 ? fit_power_law(x, y, w) : PowerLaw{.scale = kNaN, .exponent = kNaN};
}

// D* = C / (6 N*)
PowerLaw tokens_of(const PowerLaw& params) {
  return {.scale = 1 / (6 * params.scale),
          .exponent = 1 - params.exponent,
          .standard_error = params.standard_error,
          .exponent_ci95 = {},
          .scale_ci95 = {}};
}

class Analysis {
 public:
  Analysis(std::span<const double> params, std::span<const double> flops, std::span<const double> loss,
           const IsoflopOptions& options)
      : options_(options), smallest_sizes_(std::max(options.minimum_runs, 3)) {
    BudgetGroups groups = group_budgets(flops, options.budget_tolerance, static_cast<std::size_t>(smallest_sizes_));
    between_ = groups.between.size();
    for (auto& runs : groups.runs) {
      IsoflopCurve& curve = result_.curves.emplace_back();
      curve.flops = geometric_mean(flops, runs);
      curve.center = geometric_mean(params, runs);
      IsoflopPoints& points = points_.emplace_back();
      for (const std::size_t i : runs) {
        points.x.push_back(std::log(params[i] / curve.center));
        points.loss.push_back(loss[i]);
        points.weight.push_back(1);
      }
      curve.runs = std::move(runs);
      log_flops_.push_back(std::log(curve.flops));
    }
  }

  bool run(const Control& control) {
    find_curves();
    if (options_.resamples > 0 && !resample(control)) return false;
    weigh();
    find_power_laws();
    add_findings();
    return true;
  }

  IsoflopAnalysis take() { return std::move(result_); }

 private:
  void find_curves() {
    if (options_.method == IsoflopMethod::kLaw)
      result_.shape = options_.shape ? *options_.shape : fit_isoflop_shape(points_);
    const IsoflopShape shape = result_.shape.value_or(IsoflopShape{});
    for (std::size_t b = 0; b < points_.size(); ++b) {
      IsoflopCurve& curve = result_.curves[b];
      IsoflopFit fit = fit_isoflop_curve(points_[b], options_.method, shape, smallest_sizes_);
      curve.c0 = fit.c0;
      curve.c1 = fit.c1;
      curve.c2 = fit.c2;
      curve.shape = shape;
      curve.interpolant = std::move(fit.interpolant);
      curve.refusal = fit.refusal;
      curve.accepted = !fit.refusal;
      log_params_.push_back(curve.accepted ? std::log(curve.center) + fit.minimum : kNaN);
      bounded_by_one_ += fit.bounded_by_one;
    }
  }

  // Each resample is one draw of all budgets, from a stream of its own.
  bool resample(const Control& control) {
    const auto count = static_cast<std::size_t>(options_.resamples);
    minima_.assign(points_.size(), std::vector<double>(count, kNaN));
    return parallel_for(count, options_.threads, 8, control, [&](int, std::size_t r) {
      Philox random(options_.seed, r);
      std::vector<IsoflopPoints> drawn = points_;
      for (IsoflopPoints& points : drawn) {
        if (options_.noise > 0) {
          for (double& loss : points.loss) loss += options_.noise * random.normal();
        } else {
          const auto runs = static_cast<std::uint32_t>(points.size());
          std::fill(points.weight.begin(), points.weight.end(), 0.0);
          for (std::uint32_t i = 0; i < runs; ++i) ++points.weight[random.below(runs)];
        }
      }
      IsoflopShape shape = result_.shape.value_or(IsoflopShape{});
      if (result_.shape && !options_.shape) shape = fit_isoflop_shape(drawn, shape, kResampledPrecision);
      for (std::size_t b = 0; b < drawn.size(); ++b)
        if (result_.curves[b].accepted)
          minima_[b][r] = std::log(result_.curves[b].center) +
                          fit_isoflop_curve(drawn[b], options_.method, shape, std::min(smallest_sizes_, 3)).minimum;
    });
  }

  // What the resamples say of each minimum: spread, interval, and with noise the minimum itself.
  void weigh() {
    weight_.assign(points_.size(), 1);
    for (std::size_t b = 0; b < minima_.size(); ++b) {
      IsoflopCurve& curve = result_.curves[b];
      if (!curve.accepted) continue;
      std::vector<double> found;
      for (const double minimum : minima_[b])
        if (!std::isnan(minimum)) found.push_back(minimum);
      const double share = 1 - static_cast<double>(found.size()) / static_cast<double>(options_.resamples);
      if (share > kLargestRefusedShare) {
        distrust(b, share);
        continue;
      }
      const auto [low, high] = std::minmax_element(points_[b].x.begin(), points_[b].x.end());
      const double least = kLeastSpread * (*high - *low) / static_cast<double>(sizes(points_[b]) - 1);
      curve.params_spread = found.size() > 1 ? standard_deviation(found) : 0;
      const double spread = std::max(curve.params_spread, least) / (1 - share);
      if (options_.weights == IsoflopWeights::kSpread) weight_[b] = 1 / (spread * spread);
      if (options_.noise > 0) log_params_[b] = quantile(found, 0.5);
      const Interval interval = percentile_interval(std::move(found));
      curve.params_ci95 = Interval{std::exp(interval.lower), std::exp(interval.upper)};
    }
    for (std::size_t b = 0; b < points_.size(); ++b) {
      IsoflopCurve& curve = result_.curves[b];
      if (!curve.accepted) continue;
      curve.params = std::exp(log_params_[b]);
      curve.tokens = curve.flops / (6 * curve.params);
      curve.loss = loss_on(curve, curve.params);
    }
  }

  static std::size_t sizes(const IsoflopPoints& points) {
    std::vector<double> x = points.x;
    std::sort(x.begin(), x.end());
    return static_cast<std::size_t>(std::unique(x.begin(), x.end()) - x.begin());
  }

  // A minimum that comes and goes with the resamples: without an interval when runs were drawn; left out when it is the
  // noise of the loss that makes it go, and where resamples are to say how much it counts.
  void distrust(std::size_t b, double share) {
    IsoflopCurve& curve = result_.curves[b];
    const bool left_out = options_.noise > 0 || options_.weights == IsoflopWeights::kSpread;
    const std::string budget = format_number(curve.flops, 3) + " FLOP", lost = format_number(100 * share, 2) + "% of ";
    if (left_out) {
      curve.accepted = false;
      curve.refusal = FindingCode::kNotConverged;
      log_params_[b] = kNaN;
      std::fill(minima_[b].begin(), minima_[b].end(), kNaN);
    }
    result_.findings.push_back(Finding{.code = FindingCode::kNotConverged,
                                       .message = "the minimum at " + budget + " depends on " +
                                                  (options_.noise > 0 ? "the noise: " : "single runs: ") + lost +
                                                  "the resamples have none, so it " +
                                                  (left_out ? "is left out of the power law" : "carries no interval"),
                                       .subject = budget,
                                       .value = share});
  }

  void find_power_laws() {
    accepted_ = static_cast<std::size_t>(
        std::count_if(log_params_.begin(), log_params_.end(), [](double x) { return !std::isnan(x); }));
    if (accepted_ < 2) return;
    result_.params = law_of(log_flops_, log_params_, weight_);
    result_.tokens = tokens_of(*result_.params);
    if (minima_.empty()) return;
    std::vector<PowerLaw> params, tokens;
    for (std::size_t r = 0; r < static_cast<std::size_t>(options_.resamples); ++r) {
      std::vector<double> minima;
      for (const auto& of_budget : minima_) minima.push_back(of_budget[r]);
      params.push_back(law_of(log_flops_, minima, weight_));
      tokens.push_back(tokens_of(params.back()));
    }
    add_intervals(*result_.params, params);
    add_intervals(*result_.tokens, tokens);
  }

  void add(FindingCode code, std::string message, double value, std::string subject = {},
           Severity severity = Severity::kWarning) {
    result_.findings.push_back(Finding{.code = code,
                                       .severity = severity,
                                       .message = std::move(message),
                                       .subject = std::move(subject),
                                       .value = value});
  }

  void add_findings() {
    std::size_t too_few = 0;
    for (const IsoflopCurve& curve : result_.curves) {
      if (curve.refusal == FindingCode::kTooFewRuns) ++too_few;
      if (curve.refusal != FindingCode::kParabolaOpensDown && curve.refusal != FindingCode::kNoInteriorMinimum)
        continue;
      const std::string budget = format_number(curve.flops, 3) + " FLOP";
      const char* why = *curve.refusal == FindingCode::kNoInteriorMinimum ? "has its minimum outside the sizes trained"
                        : options_.method == IsoflopMethod::kParabola     ? "has no minimum: its parabola opens down"
                                                                          : "has no minimum: it opens down";
      add(*curve.refusal, "the isoFLOP curve at " + budget + " " + why + ", left out of the power law", curve.flops,
          budget);
    }
    if (too_few > 0)
      add(FindingCode::kTooFewRuns,
          std::to_string(too_few) + (too_few == 1 ? " budget has" : " budgets have") + " fewer than " +
              std::to_string(smallest_sizes_) + " runs of different size, left out of the power law",
          static_cast<double>(too_few));
    if (between_ > 0)
      add(FindingCode::kTooFewRuns, std::to_string(between_) + " runs lie between the budgets and are left out",
          static_cast<double>(between_), {}, Severity::kNote);
    if (bounded_by_one_ > 0)
      add(FindingCode::kOptimumAtEdge,
          std::to_string(bounded_by_one_) + (bounded_by_one_ == 1 ? " minimum has" : " minima have") +
              " a single size on one side: larger or smaller models would settle where " +
              (bounded_by_one_ == 1 ? "it lies" : "they lie"),
          bounded_by_one_, {}, Severity::kNote);
    if (result_.shape && !options_.shape) add_shape_finding();
    if (accepted_ < 3)
      add(FindingCode::kTooFewBudgets,
          std::to_string(accepted_) + " isoFLOP " + (accepted_ == 1 ? "curve" : "curves") +
              " with a minimum: an exponent needs at least three budgets",
          static_cast<double>(accepted_));
  }

  void add_shape_finding() {
    const auto bound = [](double x) { return x == 0 || x == kLargestIsoflopExponent; };
    for (const auto& [name, value] : {std::pair{"alpha", result_.shape->alpha}, std::pair{"beta", result_.shape->beta}})
      if (bound(value))
        add(FindingCode::kParameterAtBound,
            "the curves leave " + std::string(name) + " of their shape at its bound, " + format_number(value) +
                ": they do not say what it is, and the minima depend little on it",
            value, name, Severity::kNote);
  }

  const IsoflopOptions& options_;
  int smallest_sizes_;
  IsoflopAnalysis result_;
  std::vector<IsoflopPoints> points_;        // by budget, as the curves
  std::vector<double> log_flops_;            // by budget
  std::vector<double> log_params_;           // ln N* by budget, NaN where there is none
  std::vector<double> weight_;               // by budget, in the power law
  std::vector<std::vector<double>> minima_;  // ln N* by budget and resample, NaN where there is none
  std::size_t between_ = 0, accepted_ = 0;
  int bounded_by_one_ = 0;
};

}  // namespace

Result<IsoflopAnalysis> analyse_isoflops(std::span<const double> params, std::span<const double> flops,
                                         std::span<const double> loss, const IsoflopOptions& options,
                                         const Control& control) {
  if (auto status = check(params, flops, loss, options); !status) return status.error();
  Analysis analysis(params, flops, loss, options);
  if (!analysis.run(control)) return Error{ErrorCode::kCancelled, "the isoFLOP analysis was cancelled", {}};
  return analysis.take();
}

}  // namespace isoflop
