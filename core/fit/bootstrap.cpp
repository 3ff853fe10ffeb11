// SPDX-License-Identifier: Apache-2.0
#include "core/fit/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/base/parallel.h"
#include "core/base/statistics.h"
#include "core/fit/fit_evaluator.h"
#include "core/fit/polish.h"
#include "core/fit/resample.h"

namespace isoflop {
namespace {

// Optima this near to the best can be the best of a resample: each is a start.
constexpr double kWithinReach = 0.005;
constexpr std::size_t kMostStarts = 3;
// A further start is left where even so many times what the polish of an earlier one has brought would not make it the
// best: fewer where there are many runs, with which a refit takes long and optima are far apart.
constexpr double kLikeGain = 2, kLikeGainOfMany = 0.5;
constexpr std::size_t kManyRuns = 1024;
// A refit that has not come to rest by then creeps along a valley whose ends the runs do not tell apart.
constexpr int kIterations = 25;

struct Worker {
  explicit Worker(const FitProblem& problem) : evaluator(problem) {}
  FitEvaluator evaluator;
  Resample resample;
};

}  // namespace

std::string_view bootstrap_kind_name(BootstrapKind kind) {
  switch (kind) {
    case BootstrapKind::kRuns:
      return "runs";
    case BootstrapKind::kDraws:
      return "draws";
    case BootstrapKind::kResidual:
      return "residual";
  }
  return "";
}

Result<BootstrapKind> bootstrap_kind_from_name(std::string_view name) {
  for (const BootstrapKind kind : {BootstrapKind::kRuns, BootstrapKind::kDraws, BootstrapKind::kResidual})
    if (bootstrap_kind_name(kind) == name) return kind;
  return invalid_argument("there is no bootstrap \"" + std::string(name) + "\"; choose runs, draws or residual",
                          "bootstrap");
}

Result<Bootstrap> bootstrap(const Law& law, const Observations& observations, const Fit& fit,
                            const BootstrapOptions& options, const Control& control) {
  if (options.resamples < 1) return invalid_argument("at least one resample is needed", "bootstrap");
  auto made = make_fit_problem(law, observations, refit_options(fit));
  if (!made) return made.error();
  FitProblem& problem = *made;
  problem.prior_scale = problem.unit() * fit.noise.tau;
  if (problem.cluster_count < 2) return invalid_argument("at least two clusters are needed to draw from", "cluster");
  if (options.kind == BootstrapKind::kResidual && !problem.clusters.empty())
    return invalid_argument("residuals of one cluster go together: draw runs, which draws whole clusters", "bootstrap");

  std::vector<SmallVector> starts;
  for (const LocalOptimum& optimum : fit.optima)
    if (starts.size() < kMostStarts &&
        optimum.objective + optimum.penalty <= (fit.objective + fit.penalty) * (1 + kWithinReach))
      starts.push_back(problem.coordinates(optimum.theta));

  // A share e of an objective of n runs moves a parameter by about sqrt(e n) standard errors: this is a fiftieth at
  // most.
  const double tolerance = std::min(1e-7, 3e-4 / static_cast<double>(problem.rows()));
  std::vector<SmallMatrix> curvatures(starts.size());
  {
    FitEvaluator evaluator(problem);
    Linearisation here;
    for (std::size_t k = 0; k < starts.size(); ++k) {
      evaluator.linearise(starts[k], evaluator.weights(), problem.delta, here);
      evaluator.curvature_of_residuals(starts[k], curvatures[k]);
    }
  }
  const double like_gain = problem.rows() > kManyRuns ? kLikeGainOfMany : kLikeGain;
  const auto count = static_cast<std::size_t>(options.resamples);
  const std::size_t p = law.parameters.size();
  std::vector<double> theta(count * p);
  std::vector<char> good(count, 0);
  const Resampler resampler(problem, problem.coordinates(fit.theta), options.kind, options.seed);
  std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(resolve_threads(options.threads)));
  const bool finished = parallel_for(count, options.threads, 16, control, [&](int index, std::size_t i) {
    auto& worker = workers[static_cast<std::size_t>(index)];
    if (!worker) worker = std::make_unique<Worker>(problem);
    Resample& drawn = worker->resample;
    resampler.draw(i, drawn);
    worker->evaluator.set_target(drawn.target);
    worker->evaluator.set_prior_shifts(drawn.prior_shifts);
    double best = std::numeric_limits<double>::infinity();
    double gain = 0;  // the most that a polish has brought
    for (std::size_t k = 0; k < starts.size(); ++k) {
      const double before = worker->evaluator.value(starts[k], drawn.weights, problem.delta);
      if (k > 0 && !(before - like_gain * gain < best)) continue;
      const Polished point = polish(worker->evaluator, starts[k], drawn.weights,
                                    {.delta = problem.delta,
                                     .iterations = kIterations,
                                     .tolerance = tolerance,
                                     .damping = 1e-3,
                                     .reuse_curvature = true,
                                     .curvature = &curvatures[k]});
      if (std::isfinite(before)) gain = std::max(gain, before - point.value);
      if (!(point.value < best)) continue;
      best = point.value;
      const std::vector<double> all = problem.theta_at(point.u);
      std::copy(all.begin(), all.end(), theta.begin() + static_cast<std::ptrdiff_t>(i * p));
      good[i] = 1;
    }
  });
  if (!finished) return Error{ErrorCode::kCancelled, "the bootstrap was cancelled", {}};

  Bootstrap result{.parameters = static_cast<int>(p), .seed = options.seed};
  result.kind = options.kind;
  result.theta.reserve(count * p);
  for (std::size_t i = 0; i < count; ++i) {
    if (!good[i])
      ++result.failed;
    else
      result.theta.insert(result.theta.end(), theta.begin() + static_cast<std::ptrdiff_t>(i * p),
                          theta.begin() + static_cast<std::ptrdiff_t>((i + 1) * p));
  }
  if (result.theta.empty()) return Error{ErrorCode::kNumerical, "no resample has a finite optimum", {}};
  return result;
}

Interval percentile_interval(std::vector<double> sample, double level) {
  std::erase_if(sample, [](double x) { return std::isnan(x); });
  const double tail = (1 - level) / 2;
  const double lower = quantile(sample, tail);
  return {lower, quantile(std::move(sample), 1 - tail)};
}

}  // namespace isoflop
