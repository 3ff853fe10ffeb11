// SPDX-License-Identifier: Apache-2.0
#include "core/fit/envelope.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>

#include "core/base/parallel.h"
#include "core/base/random.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kDecade = 2.302585092994046;
constexpr double kKernelReach = 4;  // standard deviations; beyond, weights are below 4e-4
constexpr double kLargestFailedShare = 0.5;

struct Curve {
  double params = 0;
  std::vector<double> x, log_loss, log_tokens;  // by increasing x = ln C
};

// A function given at x, by lines between; x within its range.
double between(const std::vector<double>& x, const std::vector<double>& y, double at) {
  const auto above = std::clamp<std::ptrdiff_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin(), 1,
                                                static_cast<std::ptrdiff_t>(x.size()) - 1);
  const auto i = static_cast<std::size_t>(above);
  const double t = (at - x[i - 1]) / (x[i] - x[i - 1]);
  return y[i - 1] + t * (y[i] - y[i - 1]);
}

Status check(const TrainingCurves& curves, const EnvelopeOptions& options) {
  const std::size_t n = curves.run.size();
  if (curves.params.size() != n || curves.tokens.size() != n || curves.flops.size() != n || curves.loss.size() != n)
    return invalid_argument("runs, parameters, tokens, FLOP and losses must be of equal number");
  if (n == 0) return invalid_argument("there are no curves to analyse");
  if (options.budgets < 3) return invalid_argument("an envelope needs at least three budgets", "budgets");
  if (!(options.smoothing >= 0 && std::isfinite(options.smoothing)))
    return invalid_argument("the width of the smoothing must not be negative", "smoothing");
  if (options.minimum_sizes < 3)
    return invalid_argument("of fewer than three sizes none lies between others", "minimum_sizes");
  if (options.resamples < 0) return invalid_argument("the number of resamples must not be negative", "resamples");
  for (std::size_t i = 0; i < n; ++i)
    for (const double value : {curves.params[i], curves.tokens[i], curves.flops[i], curves.loss[i]})
      if (!(value > 0 && std::isfinite(value)))
        return invalid_argument("point " + std::to_string(i + 1) + " has a value that is not a positive number");
  return Done{};
}

// Curves by run; points of equal C are one, at their mean in logs.
Result<std::vector<Curve>> collect(const TrainingCurves& points) {
  std::vector<std::size_t> order(points.run.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(points.run[a], points.flops[a]) < std::pair(points.run[b], points.flops[b]);
  });
  std::vector<Curve> curves(points.run[order.back()] + 1);
  double same = 0;  // points at the last x of the curve
  for (const std::size_t i : order) {
    Curve& curve = curves[points.run[i]];
    const double x = std::log(points.flops[i]);
    if (curve.x.empty()) curve.params = points.params[i];
    if (curve.params != points.params[i])
      return invalid_argument("run " + std::to_string(points.run[i] + 1) +
                              " has points of different numbers of parameters: which points are one run?");
    if (curve.x.empty() || x > curve.x.back()) {
      curve.x.push_back(x);
      curve.log_loss.push_back(0);
      curve.log_tokens.push_back(0);
      same = 0;
    }
    ++same;
    curve.log_loss.back() += (std::log(points.loss[i]) - curve.log_loss.back()) / same;
    curve.log_tokens.back() += (std::log(points.tokens[i]) - curve.log_tokens.back()) / same;
  }
  return curves;
}

class Envelope {
 public:
  Envelope(std::vector<Curve> curves, const EnvelopeOptions& options)
      : curves_(std::move(curves)), options_(options), by_size_(curves_.size()) {
    std::iota(by_size_.begin(), by_size_.end(), std::size_t{0});
    std::stable_sort(by_size_.begin(), by_size_.end(),
                     [&](std::size_t a, std::size_t b) { return curves_[a].params < curves_[b].params; });
  }

  bool run(const Control& control) {
    for (Curve& curve : curves_) {
      EnvelopeRun& run = result_.runs.emplace_back();
      run.params = curve.params;
      run.points = curve.x.size();
      if (curve.x.empty()) continue;
      run.lowest_flops = std::exp(curve.x.front());
      run.highest_flops = std::exp(curve.x.back());
      curve.log_loss = smooth_curve(curve.x, curve.log_loss, options_.smoothing * kDecade);
    }
    interpolate();
    const std::vector<int> all(curves_.size(), 1);
    std::vector<std::size_t> lowest(x_.size());
    std::vector<char> edge(x_.size());
    const auto laws = fit(all, lowest, edge);
    keep(lowest, edge, laws);
    if (result_.params && options_.resamples > 0 && !resample(control)) return false;
    add_findings();
    return true;
  }

  EnvelopeAnalysis take() { return std::move(result_); }

 private:
  struct Laws {
    PowerLaw params{.scale = kNaN, .exponent = kNaN}, tokens{.scale = kNaN, .exponent = kNaN};
  };

  static constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

  // Losses of all curves at all budgets, from where the curves of enough sizes begin to where they end.
  void interpolate() {
    double low = kNaN, high = kNaN;
    std::set<double> ends;
    for (const Curve& curve : curves_)
      if (curve.x.size() >= 2) ends.insert({curve.x.front(), curve.x.back()});
    for (const double at : ends) {
      int sizes = 0;
      double last = kNaN;
      for (const std::size_t c : by_size_) {
        if (sizes == options_.minimum_sizes) break;
        if (curves_[c].params == last || !reaches(curves_[c], at)) continue;
        last = curves_[c].params;
        ++sizes;
      }
      if (sizes < options_.minimum_sizes) continue;
      if (std::isnan(low)) low = at;
      high = at;
    }
    if (!(high > low)) return;
    for (int i = 0; i < options_.budgets; ++i)
      x_.push_back(i + 1 == options_.budgets ? high : low + (high - low) * i / (options_.budgets - 1));
    losses_.assign(x_.size() * curves_.size(), kNaN);
    for (std::size_t c = 0; c < curves_.size(); ++c)
      for (std::size_t i = 0; i < x_.size(); ++i)
        if (reaches(curves_[c], x_[i])) loss(i, c) = between(curves_[c].x, curves_[c].log_loss, x_[i]);
  }

  double& loss(std::size_t budget, std::size_t curve) { return losses_[budget * curves_.size() + curve]; }
  double loss(std::size_t budget, std::size_t curve) const { return losses_[budget * curves_.size() + curve]; }

  static bool reaches(const Curve& curve, double x) {
    return curve.x.size() >= 2 && x >= curve.x.front() && x <= curve.x.back();
  }

  // The lowest of the curves that are present at each budget (kNobody where there are too few), and the power laws over
  // the budgets where that is not the smallest or largest model. One size alone makes no law.
  Laws fit(const std::vector<int>& present, std::vector<std::size_t>& lowest, std::vector<char>& edge) const {
    std::vector<double> log_flops, log_params, log_tokens;
    for (std::size_t i = 0; i < x_.size(); ++i) {
      lowest[i] = kNobody;
      int sizes = 0;
      double smallest = kNaN, largest = kNaN;
      for (const std::size_t c : by_size_) {
        if (present[c] == 0 || std::isnan(loss(i, c))) continue;
        if (sizes == 0) smallest = curves_[c].params;
        if (curves_[c].params != largest) ++sizes;
        largest = curves_[c].params;
        if (lowest[i] == kNobody || loss(i, c) < loss(i, lowest[i])) lowest[i] = c;
      }
      if (sizes < options_.minimum_sizes) {
        lowest[i] = kNobody;
        continue;
      }
      const Curve& best = curves_[lowest[i]];
      edge[i] = best.params == smallest || best.params == largest;
      if (edge[i]) continue;
      log_flops.push_back(x_[i]);
      log_params.push_back(std::log(best.params));
      log_tokens.push_back(between(best.x, best.log_tokens, x_[i]));
    }
    if (log_params.empty() || std::ranges::all_of(log_params, [&](double x) { return x == log_params[0]; })) return {};
    Laws laws{fit_power_law(log_flops, log_params), fit_power_law(log_flops, log_tokens)};
    laws.params.standard_error = laws.tokens.standard_error = kNaN;
    return laws;
  }

  void keep(const std::vector<std::size_t>& lowest, const std::vector<char>& edge, const Laws& laws) {
    for (std::size_t i = 0; i < x_.size(); ++i) {
      if (lowest[i] == kNobody) continue;
      const Curve& best = curves_[lowest[i]];
      result_.points.push_back(EnvelopePoint{.flops = std::exp(x_[i]),
                                             .params = best.params,
                                             .tokens = std::exp(between(best.x, best.log_tokens, x_[i])),
                                             .loss = std::exp(loss(i, lowest[i])),
                                             .run = lowest[i],
                                             .at_edge = edge[i] != 0});
      if (!edge[i]) ++result_.runs[lowest[i]].budgets;
    }
    if (!std::isfinite(laws.params.exponent)) return;
    result_.params = laws.params;
    result_.tokens = laws.tokens;
  }

  bool resample(const Control& control) {
    const auto count = static_cast<std::size_t>(options_.resamples);
    std::vector<PowerLaw> params(count), tokens(count);
    const bool done = parallel_for(count, options_.threads, 4, control, [&](int, std::size_t r) {
      Philox random(options_.seed, r);
      const auto runs = static_cast<std::uint32_t>(curves_.size());
      std::vector<int> present(runs, 0);
      for (std::uint32_t c = 0; c < runs; ++c) ++present[random.below(runs)];
      std::vector<std::size_t> lowest(x_.size());
      std::vector<char> edge(x_.size());
      const Laws laws = fit(present, lowest, edge);
      params[r] = laws.params;
      tokens[r] = laws.tokens;
    });
    if (!done) return false;
    const auto failed =
        std::count_if(params.begin(), params.end(), [](const PowerLaw& law) { return !std::isfinite(law.exponent); });
    const double share = static_cast<double>(failed) / static_cast<double>(count);
    if (share > kLargestFailedShare) {
      add(FindingCode::kNotConverged,
          "too few curves for an interval: " + std::to_string(failed) + " of " + std::to_string(count) +
              " resamples of them have no envelope",
          share);
      return true;
    }
    add_intervals(*result_.params, params);
    add_intervals(*result_.tokens, tokens);
    return true;
  }

  void add(FindingCode code, std::string message, double value, Severity severity = Severity::kWarning) {
    result_.findings.push_back(
        Finding{.code = code, .severity = severity, .message = std::move(message), .subject = {}, .value = value});
  }

  void add_findings() {
    std::size_t points = 0, edge = 0;
    std::set<double> sizes;
    for (const EnvelopePoint& point : result_.points) {
      ++(point.at_edge ? edge : points);
      if (!point.at_edge) sizes.insert(point.params);
    }
    const auto single =
        std::count_if(result_.runs.begin(), result_.runs.end(), [](const EnvelopeRun& run) { return run.points == 1; });
    if (single > 0)
      add(FindingCode::kTooFewRuns,
          std::to_string(single) + (single == 1 ? " run has" : " runs have") + " a single point, which is no curve",
          static_cast<double>(single));
    if (x_.empty())
      add(FindingCode::kTooFewRuns,
          "at no budget are there curves of " + std::to_string(options_.minimum_sizes) + " different sizes", 0);
    else if (points == 0)
      add(FindingCode::kNoInteriorMinimum,
          "the smallest or the largest model is lowest at every budget: there is no optimum between", 0);
    if (points > 0 && edge > 0)
      add(FindingCode::kOptimumAtEdge,
          "at " + std::to_string(edge) + " of " + std::to_string(points + edge) +
              " budgets the smallest or the largest model that got there is lowest, left out of the power laws",
          static_cast<double>(edge), Severity::kNote);
    if (points > 0 && sizes.size() < 3)
      add(FindingCode::kTooFewBudgets,
          std::to_string(sizes.size()) + (sizes.size() == 1 ? " size is" : " different sizes are") +
              " ever the best: an exponent needs at least three",
          static_cast<double>(sizes.size()));
  }

  std::vector<Curve> curves_;
  const EnvelopeOptions& options_;
  EnvelopeAnalysis result_;
  std::vector<std::size_t> by_size_;  // curves by increasing number of parameters
  std::vector<double> x_;             // ln C of the budgets
  std::vector<double> losses_;        // ln loss by budget, then curve; NaN where the curve does not reach
};

}  // namespace

std::vector<double> smooth_curve(std::span<const double> x, std::span<const double> log_loss, double width) {
  std::vector<double> smooth(log_loss.begin(), log_loss.end());
  if (width == 0) return smooth;
  for (std::size_t i = 0, low = 0, high = 0; i < x.size(); ++i) {
    while (x[low] < x[i] - kKernelReach * width) ++low;
    while (high < x.size() && x[high] <= x[i] + kKernelReach * width) ++high;
    double s0 = 0, s1 = 0, s2 = 0, y0 = 0, y1 = 0;
    for (std::size_t j = low; j < high; ++j) {
      const double d = (x[j] - x[i]) / width, w = std::exp(-d * d / 2);
      s0 += w;
      s1 += w * d;
      s2 += w * d * d;
      y0 += w * log_loss[j];
      y1 += w * d * log_loss[j];
    }
    const double determinant = s0 * s2 - s1 * s1;
    if (determinant > 1e-12 * s0 * s0) smooth[i] = (s2 * y0 - s1 * y1) / determinant;
  }
  return smooth;
}

Result<EnvelopeAnalysis> analyse_envelope(const TrainingCurves& curves, const EnvelopeOptions& options,
                                          const Control& control) {
  if (auto status = check(curves, options); !status) return status.error();
  auto collected = collect(curves);
  if (!collected) return collected.error();
  Envelope envelope(*std::move(collected), options);
  if (!envelope.run(control)) return Error{ErrorCode::kCancelled, "the envelope was cancelled", {}};
  return envelope.take();
}

}  // namespace isoflop
