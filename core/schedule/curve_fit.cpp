// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/curve_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/base/parallel.h"
#include "core/base/part_of.h"
#include "core/schedule/curve_search.h"

namespace isoflop {
namespace {

constexpr int kMultiPowerStarts = 512, kAnnealingStarts = 48;
constexpr int kCoarsePoints = 24;               // per curve, while the search is wide
constexpr std::size_t kCoarse = 16, kFine = 3;  // starts polished on few points and on all
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Status check(CurveLaw law, std::span<const LossCurve> curves, const CurveFitOptions& options) {
  if (curves.empty()) return invalid_argument("a fit needs at least one curve", "curves");
  for (const LossCurve& curve : curves) {
    const std::string name = "the curve \"" + curve.name + "\" ";
    if (curve.steps.size() != curve.loss.size() || curve.steps.empty())
      return invalid_argument(name + "needs a loss for each of its steps", curve.name);
    for (const double rate : curve.rates)
      if (!(rate >= 0 && std::isfinite(rate)))
        return invalid_argument(name + "has a learning rate that is no number of 0 or more", curve.name);
    for (std::size_t i = 0; i < curve.steps.size(); ++i) {
      if (curve.steps[i] < 1 || curve.steps[i] > static_cast<long>(curve.rates.size()))
        return invalid_argument(name + "has a loss at step " + std::to_string(curve.steps[i]) +
                                    ", outside its schedule of " + std::to_string(curve.rates.size()) + " steps",
                                curve.name);
      if (!(curve.loss[i] > 0 && std::isfinite(curve.loss[i])))
        return invalid_argument(name + "has a loss that is not positive at step " + std::to_string(curve.steps[i]),
                                curve.name);
    }
  }
  if (!(options.delta > 0)) return invalid_argument("delta must be positive", "delta");
  if (options.points_per_curve < 2) return invalid_argument("a curve needs 2 points or more", "points");
  if (law == CurveLaw::kAnnealing && options.lambda && !(*options.lambda > 0 && *options.lambda < 1))
    return invalid_argument("lambda must lie between 0 and 1", "lambda");
  return Done{};
}

// At most `most` of the points after the warm-up, evenly by place, the last one among them.
std::vector<std::size_t> chosen_points(const LossCurve& curve, int most) {
  const long warmup = warmup_steps(curve.rates);
  std::vector<std::size_t> all, chosen;
  for (std::size_t i = 0; i < curve.steps.size(); ++i)
    if (curve.steps[i] > warmup) all.push_back(i);
  const auto wanted = static_cast<std::size_t>(most);
  if (all.size() <= wanted) return all;
  for (std::size_t j = 0; j < wanted; ++j) chosen.push_back(all[(all.size() - 1) * j / (wanted - 1)]);
  return chosen;
}

// The curves with their rates prepared once.
class Curves {
 public:
  Curves(CurveLaw law, std::span<const LossCurve> curves) : law_(law), curves_(curves) {
    for (const LossCurve& curve : curves) histories_.emplace_back(curve.rates);
    for (const RateHistory& history : histories_) {
      scale_.rate = std::max(scale_.rate, history.peak());
      scale_.area = std::max(scale_.area, history.area(history.steps()));
    }
  }

  const CurveScale& scale() const { return scale_; }

  Result<std::vector<CurveTarget>> targets(int points_per_curve, double lambda) const {
    std::vector<CurveTarget> targets;
    for (std::size_t c = 0; c < curves_.size(); ++c) {
      const LossCurve& curve = curves_[c];
      const std::vector<std::size_t> chosen = chosen_points(curve, points_per_curve);
      std::vector<long> steps;
      for (const std::size_t i : chosen) steps.push_back(curve.steps[i]);
      auto points = curve_points(law_, histories_[c], steps, lambda);
      if (!points) return points.error();
      for (std::size_t i = 0; i < chosen.size(); ++i)
        targets.push_back({.point = std::move((*points)[i]), .loss = curve.loss[chosen[i]]});
    }
    return targets;
  }

 private:
  CurveLaw law_;
  std::span<const LossCurve> curves_;
  std::vector<RateHistory> histories_;
  CurveScale scale_;
};

struct Search {
  std::vector<CurveCandidate> ends;  // polished, the best first
  int tried = 0;
};

// Polishes the first `count` candidates side by side.
bool polish_all(CurveLaw law, const std::vector<CurveTarget>& targets, std::vector<CurveCandidate>& candidates,
                std::size_t count, double delta, int threads, const Control& control) {
  candidates.resize(std::min(count, candidates.size()));
  const bool finished = parallel_for(candidates.size(), threads, 1, control, [&](int, std::size_t i) {
    candidates[i] = polish_curve(law, targets, candidates[i].theta, delta, control);
  });
  std::ranges::stable_sort(candidates, {}, &CurveCandidate::value);
  return finished && !control.cancelled();
}

Result<Search> search(CurveLaw law, const Curves& curves, const CurveFitOptions& options, double lambda,
                      const Control& control) {
  const auto coarse = curves.targets(std::min(kCoarsePoints, options.points_per_curve), lambda);
  const auto fine = curves.targets(options.points_per_curve, lambda);
  if (!coarse) return coarse.error();
  if (!fine) return fine.error();
  const std::size_t parameters = curve_parameters(law).size();
  if (fine->size() < parameters)
    return invalid_argument("the curves have " + std::to_string(fine->size()) + " points after their warm-up, and " +
                                std::to_string(parameters) + " parameters need as many at least",
                            "curves");
  Search found;
  found.tried =
      options.starts > 0 ? options.starts : (law == CurveLaw::kMultiPower ? kMultiPowerStarts : kAnnealingStarts);
  const Error cancelled{ErrorCode::kCancelled, "cancelled", {}};
  found.ends = project_starts(law, *coarse, curves.scale(), found.tried, options.threads, part_of(control, 0, 0.3));
  if (control.cancelled()) return cancelled;
  if (!polish_all(law, *coarse, found.ends, kCoarse, kInfinity, options.threads, part_of(control, 0.3, 0.7)))
    return cancelled;
  const std::vector<CurveCandidate> others(found.ends.begin(), found.ends.end());
  if (!polish_all(law, *fine, found.ends, kFine, options.delta, options.threads, part_of(control, 0.7, 1)))
    return cancelled;
  if (found.ends.empty() || std::isinf(found.ends.front().value))
    return Error{ErrorCode::kNumerical,
                 "no start of the search reaches a finite fit: are losses and rates in the right "
                 "columns?",
                 {}};
  // The coarse ends that were not polished further count for agreement by their own objective.
  for (std::size_t i = found.ends.size(); i < others.size(); ++i)
    if (others[i].value <= others.front().value * 1.01) found.ends.push_back(found.ends.front());
  return found;
}

// The best lambda: a grid in log(1 - lambda), then golden sections in its best cell.
Result<double> best_lambda(CurveLaw law, const Curves& curves, const CurveFitOptions& options, const Control& control) {
  constexpr int kGrid = 13, kSections = 24;
  std::optional<Error> failed;
  int searches = 0;
  const auto value = [&](double log_rest) {
    if (control.progress) control.progress(searches++ / static_cast<double>(kGrid + 2 * kSections));
    const auto found = search(law, curves, options, 1 - std::exp(log_rest), quiet(control));
    if (found) return found->ends.front().value;
    failed = found.error();
    return kInfinity;
  };
  const double low = std::log(1e-5), high = std::log(0.1);
  double best = low, least = kInfinity;
  for (int i = 0; i < kGrid; ++i) {
    const double at = low + (high - low) * i / (kGrid - 1);
    if (const double here = value(at); here < least) {
      least = here;
      best = at;
    }
    if (failed) return *failed;
  }
  double left = std::max(low, best - (high - low) / (kGrid - 1)),
         right = std::min(high, best + (high - low) / (kGrid - 1));
  for (int i = 0; i < kSections && !failed; ++i) {
    const double a = right - (right - left) / std::numbers::phi, b = left + (right - left) / std::numbers::phi;
    if (value(a) < value(b))
      right = b;
    else
      left = a;
  }
  if (failed) return *failed;
  return 1 - std::exp((left + right) / 2);
}

}  // namespace

long warmup_steps(std::span<const double> rates) {
  std::size_t i = 1;
  while (i < rates.size() && rates[i] > rates[i - 1]) ++i;
  return i > 1 && !rates.empty() ? static_cast<long>(i) : 0;
}

Result<CurveFitQuality> curve_quality(CurveLaw law, std::span<const double> theta, double lambda,
                                      const LossCurve& curve) {
  const std::vector<std::size_t> chosen = chosen_points(curve, std::numeric_limits<int>::max());
  std::vector<long> steps;
  for (const std::size_t i : chosen) steps.push_back(curve.steps[i]);
  const auto predicted = predict_curve(law, theta, lambda, curve.rates, steps);
  if (!predicted) return predicted.error();
  CurveFitQuality quality{.name = curve.name, .points = chosen.size()};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const double ratio = (*predicted)[i] / curve.loss[chosen[i]];
    quality.rmse_log += std::log(ratio) * std::log(ratio);
    quality.mean_relative += std::abs(ratio - 1);
    quality.last_predicted = (*predicted)[i];
    quality.last_loss = curve.loss[chosen[i]];
  }
  const auto count = static_cast<double>(std::max<std::size_t>(chosen.size(), 1));
  quality.rmse_log = std::sqrt(quality.rmse_log / count);
  quality.mean_relative /= count;
  return quality;
}

Result<std::vector<double>> predict_curve(CurveLaw law, std::span<const double> theta, double lambda,
                                          std::span<const double> rates, std::span<const long> steps) {
  const auto points = curve_points(law, RateHistory(rates), steps, lambda);
  if (!points) return points.error();
  std::vector<double> loss;
  for (const CurvePoint& point : *points) loss.push_back(curve_loss(law, point, theta));
  return loss;
}

Result<CurveFit> fit_curves(CurveLaw law, std::span<const LossCurve> curves, const CurveFitOptions& options,
                            const Control& control) {
  if (auto status = check(law, curves, options); !status) return status.error();
  const Curves prepared(law, curves);
  CurveFit fit{.law = law, .lambda = options.lambda.value_or(kDefaultLambda)};
  const bool searches_lambda = law == CurveLaw::kAnnealing && !options.lambda;
  if (searches_lambda) {
    const auto lambda = best_lambda(law, prepared, options, part_of(control, 0, 0.9));
    if (!lambda) return lambda.error();
    fit.lambda = *lambda;
  }
  const auto found = search(law, prepared, options, fit.lambda, part_of(control, searches_lambda ? 0.9 : 0, 1));
  if (!found) return found.error();
  fit.theta = found->ends.front().theta;
  fit.objective = found->ends.front().value;
  fit.starts_tried = found->tried;
  for (std::size_t j = 0; j < fit.theta.size(); ++j) {
    const std::string& name = curve_parameters(law)[j];
    const CurveBounds bounds = curve_bounds(name);
    if (fit.theta[j] < bounds.lower * 1.001 || fit.theta[j] > bounds.upper * 0.999) fit.at_bound.push_back(name);
  }
  fit.starts_polished = static_cast<int>(std::min<std::size_t>(kCoarse, static_cast<std::size_t>(found->tried)));
  for (const CurveCandidate& end : found->ends) fit.starts_agreeing += end.value <= fit.objective * 1.01 ? 1 : 0;
  for (const LossCurve& curve : curves) {
    fit.points += chosen_points(curve, options.points_per_curve).size();
    const auto quality = curve_quality(law, fit.theta, fit.lambda, curve);
    if (!quality) return quality.error();
    fit.quality.push_back(*quality);
  }
  return fit;
}

}  // namespace isoflop
