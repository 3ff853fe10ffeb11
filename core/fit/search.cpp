// SPDX-License-Identifier: Apache-2.0
#include "core/fit/search.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/fit/far_start.h"
#include "core/fit/polish.h"
#include "core/fit/projection.h"
#include "core/fit/row_sample.h"

namespace isoflop {
namespace {

constexpr int kMostPolished = 32;
// Two points of rest are one when their objectives agree to this share and their predictions to this root mean square
// (relative, under a log objective).
constexpr double kSameValue = 1e-8, kSamePrediction = 1e-6;
constexpr double kFarAbove = 1.25;
// Starts are polished for `first` steps. Of those then not at rest the best `most` go on for `rest` more, but none that
// is so many times above the best as `hopeless` says. Then come rounds of points scattered about the best.
struct Effort {
  int first, rest;
  std::size_t most;
  double tolerance, hopeless;
  int scattered, rounds;
};
constexpr Effort kThorough{
    .first = 40, .rest = 200, .most = 1000, .tolerance = 1e-13, .hopeless = 1.5, .scattered = 16, .rounds = 6};
// On a sample of the runs, and then with all of them.
constexpr Effort kSampled{
    .first = 25, .rest = 60, .most = 10, .tolerance = 1e-9, .hopeless = 1.2, .scattered = 16, .rounds = 3};
constexpr Effort kGoingOn{
    .first = 20, .rest = 100, .most = 2, .tolerance = 1e-12, .hopeless = 1.01, .scattered = 6, .rounds = 1};
constexpr std::size_t kFewestToAgree = 12;
// Optima of a sample of the runs that are tried with all of them, and how far above the best of the sample; and with
// how many runs dents about the best are still looked for.
constexpr std::size_t kMostGoingOn = 6, kMostScatteredRows = 20000;
constexpr double kNotFarAbove = 1.1;

// Where nothing is known of a parameter's size there are so many times the usual starts, polished for so long.
constexpr int kNaturalFactor = 8, kNaturalIterations = 100, kMostPolishedNatural = 64;

int default_starts(std::size_t dimensions) {
  switch (dimensions) {
    case 0:
      return 1;
    case 1:
      return 48;
    case 2:
      return 128;
    case 3:
      return 256;
    default:
      return 512;
  }
}

// Positive root of x^(d+1) = x + 1, the generalised golden ratio.
double golden_ratio(std::size_t dimensions) {
  double x = 2;
  for (int i = 0; i < 60; ++i) x = std::pow(1 + x, 1.0 / (static_cast<double>(dimensions) + 1));
  return x;
}

void refine_best(FitEvaluator& evaluator, SearchResult& result) {
  auto& best = result.optima.front();
  const FitProblem& problem = evaluator.problem();
  best.u = refine(evaluator, best.u, evaluator.weights(), problem.delta);
  best.value = evaluator.value(best.u, evaluator.weights(), problem.delta);
}

// What a worker thread owns.
struct Worker {
  explicit Worker(const FitProblem& problem) : evaluator(problem), projection(problem) {}
  FitEvaluator evaluator;
  Projection projection;
};

class Searcher {
 public:
  Searcher(const FitProblem& problem, const SearchOptions& options, const Control& control, const Effort& effort)
      : problem_(problem),
        options_(options),
        control_(control),
        threads_(resolve_threads(options.threads)),
        effort_(effort),
        natural_(any_natural(problem)) {
    workers_.resize(static_cast<std::size_t>(threads_));
  }

  SearchResult run() {
    std::vector<SmallVector> starts = spread();
    starts.insert(starts.end(), options_.given.begin(), options_.given.end());
    result_.starts_tried = static_cast<int>(starts.size());
    std::vector<double> score(starts.size(), std::numeric_limits<double>::infinity());
    bool finished = each(starts.size(), 8, [&](Worker& worker, std::size_t i) {
      const bool given = i >= starts.size() - options_.given.size();
      if (given || worker.projection.solve(starts[i]))
        score[i] = worker.evaluator.value(starts[i], worker.evaluator.weights(), problem_.delta);
    });
    // Every other one first: where they all come to rest at one point, the rest would too.
    std::vector<SmallVector> halves[2];
    const std::vector<SmallVector> chosen = choose(starts, score);
    for (std::size_t i = 0; i < chosen.size(); ++i) halves[i % 2].push_back(chosen[i]);
    if (finished) finished = polish_all(halves[0]);
    const bool agreed = !natural_ && result_.optima.size() == 1 && halves[0].size() >= kFewestToAgree &&
                        result_.optima.front().starts == static_cast<int>(halves[0].size());
    if (agreed)
      effort_.scattered /= 2;
    else if (finished)
      finished = polish_all(halves[1]);
    return finish(finished && scatter_rounds());
  }

  // With all runs, from what a sample of them has shown.
  SearchResult go_on(const SearchResult& sampled) {
    (void)projection();  // the first worker is there from now on
    result_.starts_tried = sampled.starts_tried;
    result_.starts_polished = sampled.starts_polished;
    std::vector<SmallVector> starts;
    std::vector<int> ended;
    for (const auto& optimum : sampled.optima) {
      if (starts.size() == kMostGoingOn || optimum.value > kNotFarAbove * sampled.optima.front().value) break;
      starts.push_back(optimum.u);
      ended.push_back(optimum.starts);
    }
    starts.insert(starts.end(), options_.given.begin(), options_.given.end());
    ended.resize(starts.size(), 1);
    const bool finished = polish_all(starts, ended);
    const bool dents = problem_.rows() <= kMostScatteredRows;
    return finish(finished && (!dents || scatter_rounds()));
  }

 private:
  SearchResult finish(bool finished) {
    result_.cancelled = !finished;
    if (result_.optima.empty()) return std::move(result_);
    if (finished) refine_best(workers_.front()->evaluator, result_);
    // Points far above the best are starts that got lost, not optima to tell of.
    std::erase_if(result_.optima,
                  [&](const auto& optimum) { return optimum.value > kFarAbove * result_.optima.front().value; });
    return std::move(result_);
  }

  bool scatter_rounds() {
    bool finished = true;
    for (int round = 0; finished && round < effort_.rounds && !result_.optima.empty(); ++round) {
      const double before = result_.optima.front().value;
      finished = polish_all(scatter(round));
      if (!(result_.optima.front().value < before * (1 - kSameValue))) break;
    }
    return finished;
  }

  template <class Body>
  bool each(std::size_t count, std::size_t grain, const Body& body) {
    const Control quiet{.progress = {}, .stop = control_.stop};
    return parallel_for(count, threads_, grain, quiet, [&](int worker, std::size_t i) {
      auto& own = workers_[static_cast<std::size_t>(worker)];
      if (!own) own = std::make_unique<Worker>(problem_);
      body(*own, i);
    });
  }

  std::vector<SmallVector> spread() {
    const auto& dimensions = projection().nonlinear();
    const int usual = default_starts(dimensions.size()) * (natural_ ? kNaturalFactor : 1);
    const int count = options_.starts > 0 ? options_.starts : usual;
    const double ratio = golden_ratio(dimensions.size());
    Philox random(options_.seed, 0);
    std::vector<double> offset(dimensions.size()), increment(dimensions.size());
    for (std::size_t d = 0; d < dimensions.size(); ++d) {
      offset[d] = random.uniform();
      increment[d] = std::pow(1 / ratio, static_cast<double>(d + 1));
    }
    std::vector<SmallVector> starts;
    for (int i = 0; i < count; ++i) {
      SmallVector u = 0.5 * (problem_.start_lower + problem_.start_upper);
      for (std::size_t d = 0; d < dimensions.size(); ++d) {
        const double whole = offset[d] + i * increment[d];
        const double share = whole - std::floor(whole);
        const int j = dimensions[d];
        u[j] = problem_.natural[static_cast<std::size_t>(j)]
                   ? natural_start(problem_.scales[static_cast<std::size_t>(j)], share)
                   : problem_.start_lower[j] + share * (problem_.start_upper[j] - problem_.start_lower[j]);
      }
      starts.push_back(u);
      if (!options_.given.empty() && i % 2 == 1)
        for (int j = 0; j < problem_.size(); ++j)
          if (options_.given_coordinates[static_cast<std::size_t>(j)]) starts.back()[j] = options_.given.front()[j];
    }
    return starts;
  }

  const Projection& projection() {
    if (!workers_.front()) workers_.front() = std::make_unique<Worker>(problem_);
    return workers_.front()->projection;
  }

  // The best by score, and as many again spread evenly through the rest, so that a basin with a poor entrance is tried
  // too.
  std::vector<SmallVector> choose(const std::vector<SmallVector>& starts, const std::vector<double>& score) {
    std::vector<std::size_t> order(starts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t i) { return !std::isfinite(score[i]); });
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
    std::vector<SmallVector> chosen;
    const std::size_t most = natural_ ? kMostPolishedNatural : kMostPolished;
    const std::size_t best = std::min<std::size_t>(order.size(), most / 2);
    for (std::size_t i = 0; i < best; ++i) chosen.push_back(starts[order[i]]);
    const std::size_t rest = order.size() - best, more = std::min<std::size_t>(rest, most - best);
    for (std::size_t i = 0; i < more; ++i) chosen.push_back(starts[order[best + i * rest / more]]);
    return chosen;
  }

  // Starts about the best optimum, at distances of 1/2 to 8 times what changes the predictions by their own residual
  // spread.
  std::vector<SmallVector> scatter(int round) {
    Worker& worker = *workers_.front();
    const SmallVector& centre = result_.optima.front().u;
    Linearisation here;
    worker.evaluator.linearise(centre, worker.evaluator.weights(), problem_.delta, here);
    const auto fitted = worker.evaluator.fitted();
    double square = 0;
    for (std::size_t i = 0; i < problem_.rows(); ++i)
      square += problem_.weights[i] * std::pow(fitted[i] - problem_.target[i], 2);
    const double spread = std::sqrt(square / static_cast<double>(problem_.rows()));
    SmallVector unit(problem_.size());
    for (int j = 0; j < problem_.size(); ++j) unit[j] = problem_.typical(j, centre[j]);
    const Eigen::SelfAdjointEigenSolver<SmallMatrix> axes(unit.asDiagonal() * here.metric * unit.asDiagonal());
    std::vector<SmallVector> starts;
    if (axes.info() != Eigen::Success) return starts;
    Philox random(options_.seed, 1 + static_cast<std::uint64_t>(round));
    for (int i = 0; i < effort_.scattered; ++i) {
      SmallVector u = centre;
      const double distance = 0.5 * std::pow(2.0, i % 5);
      for (int a = 0; a < problem_.size(); ++a) {
        const double length =
            spread / std::sqrt(std::max(axes.eigenvalues()[a], 1e-12 * axes.eigenvalues().maxCoeff()));
        u += std::clamp(distance * random.normal() * length, -3.0, 3.0) * unit.cwiseProduct(axes.eigenvectors().col(a));
      }
      starts.push_back(u.cwiseMax(problem_.lower).cwiseMin(problem_.upper));
    }
    return starts;
  }

  // `ended`: how many starts each stands for; empty: one.
  bool polish_all(const std::vector<SmallVector>& starts, const std::vector<int>& ended = {}) {
    std::vector<Polished> polished(starts.size());
    bool finished = each(starts.size(), 1, [&](Worker& worker, std::size_t i) {
      polished[i] = natural_ ? polish_afar(worker.evaluator, worker.projection, starts[i], Method::kLevenbergMarquardt,
                                           kNaturalIterations)
                             : polish(worker.evaluator, starts[i], worker.evaluator.weights(),
                                      {.delta = problem_.delta,
                                       .iterations = effort_.first,
                                       .tolerance = effort_.tolerance,
                                       .reuse_curvature = true});
    });
    if (finished && !natural_) finished = polish_on(polished);
    result_.starts_polished += static_cast<int>(starts.size());
    for (std::size_t i = 0; i < polished.size(); ++i)
      if (std::isfinite(polished[i].value) && polished[i].u.size() > 0) add(polished[i], ended.empty() ? 1 : ended[i]);
    std::stable_sort(result_.optima.begin(), result_.optima.end(),
                     [](const auto& a, const auto& b) { return a.value < b.value; });
    return finished;
  }

  // Goes on with those that have not come to rest.
  bool polish_on(std::vector<Polished>& polished) {
    double best = result_.optima.empty() ? std::numeric_limits<double>::infinity() : result_.optima.front().value;
    for (const Polished& point : polished) best = std::min(best, point.value);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < polished.size(); ++i)
      if (!polished[i].converged && polished[i].iterations == effort_.first &&
          polished[i].value <= effort_.hopeless * best)
        open.push_back(i);
    std::stable_sort(open.begin(), open.end(),
                     [&](std::size_t a, std::size_t b) { return polished[a].value < polished[b].value; });
    if (open.size() > effort_.most) open.resize(effort_.most);
    return each(open.size(), 1, [&](Worker& worker, std::size_t k) {
      Polished& point = polished[open[k]];
      point = polish(worker.evaluator, point.u, worker.evaluator.weights(),
                     {.delta = problem_.delta,
                      .iterations = effort_.rest,
                      .tolerance = effort_.tolerance,
                      .damping = 1e-3,
                      .reuse_curvature = true});
    });
  }

  void add(const Polished& point, int starts) {
    for (auto& known : result_.optima) {
      if (std::abs(known.value - point.value) > kSameValue * std::abs(known.value)) continue;
      if (!same_predictions(known.u, point.u)) continue;
      known.starts += starts;
      if (point.value < known.value) {
        known.u = point.u;
        known.value = point.value;
      }
      return;
    }
    result_.optima.push_back({point.u, point.value, starts});
  }

  bool same_predictions(const SmallVector& a, const SmallVector& b) {
    FitEvaluator& evaluator = workers_.front()->evaluator;
    Linearisation here;
    evaluator.linearise(a, evaluator.weights(), problem_.delta, here);
    const std::vector<double> fitted(evaluator.fitted().begin(), evaluator.fitted().end());
    evaluator.linearise(b, evaluator.weights(), problem_.delta, here);
    double square = 0, total = 0;
    for (std::size_t i = 0; i < problem_.rows(); ++i) {
      square += problem_.weights[i] * std::pow(fitted[i] - evaluator.fitted()[i], 2);
      total += problem_.weights[i];
    }
    return square <= kSamePrediction * kSamePrediction * total;
  }

  const FitProblem& problem_;
  const SearchOptions& options_;
  const Control& control_;
  int threads_;
  Effort effort_;
  bool natural_;  // parameters of unknown size
  std::vector<std::unique_ptr<Worker>> workers_;
  SearchResult result_;
};

}  // namespace

SearchResult search(const FitProblem& problem, const SearchOptions& options, const Control& control) {
  if (problem.rows() > kMostSearchedRows) {
    const FitProblem sample = sample_rows(problem, kSampledRows, options.seed);
    const SearchResult found = Searcher(sample, options, control, kSampled).run();
    if (found.cancelled) return found;
    SearchResult result = Searcher(problem, options, control, kGoingOn).go_on(found);
    if (result.cancelled || !result.optima.empty()) return result;
  }
  return Searcher(problem, options, control, kThorough).run();
}

SearchResult search_from(const FitProblem& problem, const SmallVector& start) {
  FitEvaluator evaluator(problem);
  const Polished point = any_natural(problem) ? polish_given(evaluator, start)
                                              : polish(evaluator, start, evaluator.weights(),
                                                       {.delta = problem.delta, .iterations = 1000});
  SearchResult result{.optima = {}, .starts_tried = 1, .starts_polished = 1};
  if (std::isfinite(point.value)) {
    result.optima.push_back({point.u, point.value, 1});
    refine_best(evaluator, result);
  }
  return result;
}

}  // namespace isoflop
