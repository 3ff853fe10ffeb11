// SPDX-License-Identifier: Apache-2.0
#include "core/fit/profile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/parallel.h"
#include "core/base/statistics.h"
#include "core/fit/delta_method.h"
#include "core/fit/fit_evaluator.h"
#include "core/fit/polish.h"

namespace isoflop {
namespace {

// Of the root of the deviance at an end.
constexpr double kTolerance = 2e-3;
constexpr int kMostPoints = 60;
// The pull is this many times stiffer than the profile itself, so that a point comes to rest near where it is sent.
constexpr double kStiffness = 100;
// A side is open when the search has gone this many first-order half-widths, or when this many steps in a row moved the
// quantity by next to nothing.
constexpr double kFarthest = 200;
constexpr int kMostStuck = 3;
// In a logarithm, where a first-order width can be of any size.
constexpr double kLongestFirstStep = 2;
constexpr double kNoRoom = 1e-10;

struct Point {
  SmallVector u;
  double g = 0;     // the quantity, or its logarithm
  double root = 0;  // square root of the deviance
};

// Whether the parameters leave the quantity no room: an exponent that ties fix, say.
bool settled(const Quantity& quantity, const Scatter& scatter) {
  const FirstOrder found = delta_method(quantity, scatter);
  return found.standard_error <= kNoRoom * std::abs(found.value);
}

// One side of one profile.
class Walk {
 public:
  Walk(const FitProblem& problem, const Quantity& quantity, const Scatter& scatter, const SmallVector& centre,
       double least, double scale, double threshold, double direction)
      : problem_(problem),
        quantity_(quantity),
        evaluator_(problem),
        centre_(centre),
        least_(least),
        scale_(scale),
        target_(std::sqrt(threshold)),
        direction_(direction) {
    pull_.quantity = [this](const SmallVector& u) { return g_of(u); };
    log_ = quantity.positive && quantity.value(problem.theta_at(centre)) > 0;
    const double value = quantity.value(problem.theta_at(centre));
    const double error = delta_method(quantity, scatter).standard_error / (log_ ? value : 1);
    step_ = std::isfinite(error) && error > 0 ? target_ * error : 0.1 * (log_ ? 1 : std::max(std::abs(value), 1e-3));
    if (log_) step_ = std::min(step_, kLongestFirstStep);
  }

  // Points on the way out, the last of them at the end of the interval, or as far as it goes when open.
  std::vector<Point> run(bool& open, const Control& control) {
    std::vector<Point> points;
    Point inner{centre_, g_of(centre_), 0};
    const double start = inner.g, reach = kFarthest * step_;
    double step = step_;
    int stuck = 0;
    open = false;
    std::optional<Point> outer;
    while (static_cast<int>(points.size()) < kMostPoints && !control.cancelled()) {
      const double goal = inner.g + direction_ * step;
      const auto point = settle(inner, goal);
      if (!point || direction_ * (point->g - inner.g) < 1e-3 * step) {
        // The quantity has met the end of what the parameters allow, or the objective is not finite farther out.
        if (++stuck == kMostStuck) break;
        step *= 0.1;
        continue;
      }
      stuck = 0;
      points.push_back(*point);
      if (point->root >= target_) {
        outer = *point;
        break;
      }
      // The root of the deviance is nearly straight in the quantity.
      const double slope = (point->root - inner.root) / std::abs(point->g - inner.g);
      const double wanted = slope > 0 ? 1.1 * (target_ - point->root) / slope : 4 * step;
      step = std::clamp(wanted, 0.2 * step, 4 * step);
      inner = *point;
      if (std::abs(inner.g - start) > reach) break;
    }
    if (!outer) {
      open = true;
      return points;
    }
    close_in(inner, *outer, points);
    return points;
  }

  double natural(double g) const { return log_ ? std::exp(g) : g; }

 private:
  double g_of(const SmallVector& u) const {
    const double value = quantity_.value(problem_.theta_at(u));
    return log_ ? std::log(value) : value;
  }

  // The profile at the place where the optimum rests when it is pulled from `from` towards the goal.
  std::optional<Point> settle(const Point& from, double goal) {
    pull_.target = goal;
    pull_.strength = kStiffness * scale_ * std::pow(target_ / step_, 2);
    evaluator_.set_pull(&pull_);
    const Polished polished = polish(evaluator_, from.u, evaluator_.weights(),
                                     {.delta = problem_.delta, .iterations = 200, .tolerance = 1e-11});
    evaluator_.set_pull(nullptr);
    if (!std::isfinite(polished.value)) return std::nullopt;
    Point point{polished.u, g_of(polished.u), 0};
    const double value = evaluator_.value(point.u, evaluator_.weights(), problem_.delta);
    if (!std::isfinite(value) || !std::isfinite(point.g)) return std::nullopt;
    point.root = std::sqrt(std::max(0.0, 2 * (value - least_) / scale_));
    return point;
  }

  // The Illinois variant of regula falsi between a point inside and one outside.
  void close_in(Point inner, Point outer, std::vector<Point>& points) {
    double low = inner.root - target_, high = outer.root - target_;
    for (int i = 0; i < 20 && std::abs(points.back().root - target_) > kTolerance * target_; ++i) {
      const double share = std::clamp(-low / (high - low), 0.02, 0.98);
      const Point& nearer = share < 0.5 ? inner : outer;
      const auto point = settle(nearer, inner.g + share * (outer.g - inner.g));
      if (!point) break;
      // A point beside the bracket says that the pull is too weak to part the two.
      if (!(direction_ * (point->g - inner.g) > 0) || !(direction_ * (outer.g - point->g) > 0)) break;
      points.push_back(*point);
      if (point->root < target_) {
        inner = *point;
        low = point->root - target_;
        high *= 0.5;
      } else {
        outer = *point;
        high = point->root - target_;
        low *= 0.5;
      }
    }
    // The end itself, between the last points on either side.
    const double share = outer.root > inner.root ? (target_ - inner.root) / (outer.root - inner.root) : 1;
    points.push_back({outer.u, inner.g + std::clamp(share, 0.0, 1.0) * (outer.g - inner.g), target_});
  }

  const FitProblem& problem_;
  const Quantity& quantity_;
  FitEvaluator evaluator_;
  SmallVector centre_;
  double least_, scale_, target_, direction_;
  bool log_ = false;
  double step_ = 0;
  Pull pull_;
};

}  // namespace

Result<std::vector<Profile>> profile(const Law& law, const Observations& observations, const Fit& fit,
                                     std::span<const Quantity> quantities, const ProfileOptions& options,
                                     const Control& control) {
  if (!observations.clusters.empty())
    return invalid_argument(
        "a profile takes runs for independent: with clusters, use the bootstrap or the delta method", "cluster");
  if (!(fit.deviance_scale > 0) || !std::isfinite(fit.deviance_scale))
    return Error{ErrorCode::kNumerical,
                 "the noise of the runs about the law is zero or unknown: there is nothing to compare a rise of the "
                 "objective with",
                 {}};
  auto made = make_fit_problem(law, observations, refit_options(fit));
  if (!made) return made.error();
  FitProblem& problem = *made;
  problem.prior_scale = problem.unit() * fit.noise.tau;
  const SmallVector centre = problem.coordinates(fit.theta);
  FitEvaluator evaluator(problem);
  const double least = evaluator.value(centre, evaluator.weights(), problem.delta);
  const double scale = fit.deviance_scale * problem.unit();
  const Scatter scatter = scatter_of(fit);
  const double threshold = std::pow(student_quantile(0.5 + options.level / 2, scatter.freedom), 2);

  struct Side {
    std::vector<Point> points;
    bool open = false;
  };
  std::vector<Side> sides(2 * quantities.size());
  std::vector<Profile> profiles(quantities.size());
  const bool finished = parallel_for(sides.size(), options.threads, 1, control, [&](int, std::size_t i) {
    if (settled(quantities[i / 2], scatter)) return;
    Walk walk(problem, quantities[i / 2], scatter, centre, least, scale, threshold, i % 2 == 0 ? -1 : 1);
    sides[i].points = walk.run(sides[i].open, control);
    for (Point& point : sides[i].points) point.g = walk.natural(point.g);
  });
  if (!finished || control.cancelled()) return Error{ErrorCode::kCancelled, "the profile was cancelled", {}};

  for (std::size_t q = 0; q < quantities.size(); ++q) {
    Profile& result = profiles[q];
    const Side &lower = sides[2 * q], &upper = sides[2 * q + 1];
    result.name = quantities[q].name;
    result.value = quantities[q].value(fit.theta);
    result.threshold = threshold;
    result.open_lower = lower.open;
    result.open_upper = upper.open;
    std::vector<std::pair<double, double>> points{{result.value, 0}};
    for (const Side* side : {&lower, &upper})
      for (const Point& point : side->points) points.emplace_back(point.g, point.root * point.root);
    std::sort(points.begin(), points.end());
    for (const auto& [at, deviance] : points) {
      result.at.push_back(at);
      result.deviance.push_back(deviance);
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (lower.points.empty() && !lower.open) {
      result.interval = {result.value, result.value};
      continue;
    }
    result.interval.lower = lower.open ? -kInfinity : lower.points.back().g;
    result.interval.upper = upper.open ? kInfinity : upper.points.back().g;
  }
  return profiles;
}

}  // namespace isoflop
