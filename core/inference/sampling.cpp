// SPDX-License-Identifier: Apache-2.0
#include "core/inference/sampling.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace isoflop {
namespace {

constexpr double kMostSamples = 1e6, kMostAllocations = 1e7;

Status check(const SamplingProblem& problem) {
  if (problem.problems == 0 || problem.configurations == 0)
    return invalid_argument("an allocation of samples needs at least one problem and one configuration", "success");
  if (problem.success.size() != problem.problems * problem.configurations ||
      problem.costs.size() != problem.configurations)
    return invalid_argument("each problem needs a chance of success, and each configuration a cost", "success");
  for (const double p : problem.success)
    if (!(p >= 0 && p <= 1)) return invalid_argument("a chance of success must be from 0 to 1", "success");
  for (const double cost : problem.costs)
    if (!(cost > 0 && std::isfinite(cost))) return invalid_argument("the cost of a sample must be positive", "cost");
  if (!(problem.budget >= 0 && problem.budget / *std::ranges::min_element(problem.costs) <= kMostSamples))
    return invalid_argument("the budget must be 0 or more, and for at most 1000000 samples", "budget");
  return Done{};
}

// How many samples of a cost fit: sums of costs may miss the budget by rounding.
std::int64_t fitting(double budget, double cost) {
  return static_cast<std::int64_t>(std::floor(budget / cost * (1 + 1e-12)));
}

// The chance of each problem to stay unsolved, and allocations near to the present one.
class State {
 public:
  explicit State(const SamplingProblem& problem) : problem_(&problem), unsolved_(problem.problems, 1.0) {
    allocation_.samples.assign(problem.configurations, 0);
  }

  const SampleAllocation& allocation() const { return allocation_; }
  double unsolved_share() const {
    double sum = 0;
    for (const double u : unsolved_) sum += u;
    return sum / static_cast<double>(unsolved_.size());
  }

  void set(std::vector<std::int64_t> samples) {
    allocation_.samples = std::move(samples);
    refresh();
  }

  // Mean chance to stay unsolved with `out` samples of j less and `in` of k more.
  double after(std::size_t j, std::int64_t out, std::size_t k, std::int64_t in) const {
    double sum = 0;
    for (std::size_t i = 0; i < problem_->problems; ++i) {
      const double* p = problem_->success.data() + i * problem_->configurations;
      double rest = unsolved_[i];
      if (out > 0) {
        // A sure success hides the others, and cannot be divided out.
        if (p[j] < 1 && rest > 0) {
          rest /= std::pow(1 - p[j], static_cast<double>(out));
        } else {
          rest = 1;
          for (std::size_t l = 0; l < problem_->configurations; ++l)
            rest *= std::pow(1 - p[l], static_cast<double>(allocation_.samples[l] - (l == j ? out : 0)));
        }
      }
      if (in > 0) rest *= std::pow(1 - p[k], static_cast<double>(in));
      sum += rest;
    }
    return sum / static_cast<double>(problem_->problems);
  }

  void add(std::size_t k) {
    ++allocation_.samples[k];
    for (std::size_t i = 0; i < problem_->problems; ++i)
      unsolved_[i] *= 1 - problem_->success[i * problem_->configurations + k];
    allocation_.cost += problem_->costs[k];
  }

  SampleAllocation finished() const {
    SampleAllocation done = allocation_;
    done.solved = solved_share(*problem_, done.samples);
    return done;
  }

 private:
  void refresh() {
    allocation_.cost = 0;
    std::ranges::fill(unsolved_, 1.0);
    for (std::size_t j = 0; j < problem_->configurations; ++j) {
      const auto n = static_cast<double>(allocation_.samples[j]);
      allocation_.cost += n * problem_->costs[j];
      for (std::size_t i = 0; n > 0 && i < problem_->problems; ++i)
        unsolved_[i] *= std::pow(1 - problem_->success[i * problem_->configurations + j], n);
    }
  }

  const SamplingProblem* problem_;
  std::vector<double> unsolved_;
  SampleAllocation allocation_;
};

// Adds samples by gain per cost while any fits.
bool fill(State& state, const SamplingProblem& problem, const Control& control) {
  for (;;) {
    if (control.cancelled()) return false;
    std::optional<std::size_t> best;
    double best_rate = 0;
    const double left = problem.budget - state.allocation().cost, now = state.unsolved_share();
    for (std::size_t k = 0; k < problem.configurations; ++k) {
      if (fitting(left, problem.costs[k]) < 1) continue;
      const double rate = (now - state.after(k, 0, k, 1)) / problem.costs[k];
      if (rate > best_rate) {
        best_rate = rate;
        best = k;
      }
    }
    if (!best) return true;
    state.add(*best);
  }
}

// Exchanges 1, 2, 4 ... samples of one configuration for as many as fit of another, the best exchange first.
bool climb(State& state, const SamplingProblem& problem, const Control& control) {
  for (;;) {
    if (control.cancelled()) return false;
    const double now = state.unsolved_share(), left = problem.budget - state.allocation().cost;
    double best = now * (1 - 1e-12);
    std::vector<std::int64_t> moved;
    for (std::size_t j = 0; j < problem.configurations; ++j) {
      const std::int64_t have = state.allocation().samples[j];
      for (std::int64_t out = 1; out <= have; out *= 2) {
        for (std::size_t k = 0; k < problem.configurations; ++k) {
          const std::int64_t in = fitting(left + static_cast<double>(out) * problem.costs[j], problem.costs[k]);
          if (k == j || in < 1) continue;
          if (const double after = state.after(j, out, k, in); after < best) {
            best = after;
            moved = state.allocation().samples;
            moved[j] -= out;
            moved[k] += in;
          }
        }
      }
    }
    if (moved.empty()) return true;
    state.set(std::move(moved));
    if (!fill(state, problem, control)) return false;
  }
}

// All allocations that spend `left` on the configurations from j on; the last one takes what there is, as more samples
// never hurt.
struct Enumeration {
  const SamplingProblem* problem;
  const Control* control;
  std::vector<std::int64_t> samples = {};
  SampleAllocation best = {};

  bool look(std::size_t j, double left) {
    if (control->cancelled()) return false;
    const double cost = problem->costs[j];
    const std::int64_t most = fitting(left, cost);
    if (j + 1 == samples.size()) {
      samples[j] = most;
      if (const double solved = solved_share(*problem, samples); solved > best.solved)
        best = {
            .samples = samples, .solved = solved, .cost = problem->budget - left + static_cast<double>(most) * cost};
      return true;
    }
    for (std::int64_t n = 0; n <= most; ++n) {
      samples[j] = n;
      if (!look(j + 1, std::max(0.0, left - static_cast<double>(n) * cost))) return false;
    }
    return true;
  }
};

Error cancelled() {
  return Error{ErrorCode::kCancelled, "cancelled", {}};
}

}  // namespace

double solved_share(const SamplingProblem& problem, std::span<const std::int64_t> samples) {
  double sum = 0;
  for (std::size_t i = 0; i < problem.problems; ++i) {
    double log_unsolved = 0;
    for (std::size_t j = 0; j < problem.configurations; ++j)
      if (samples[j] > 0)
        log_unsolved += static_cast<double>(samples[j]) * std::log1p(-problem.success[i * problem.configurations + j]);
    sum -= std::expm1(log_unsolved);
  }
  return sum / static_cast<double>(problem.problems);
}

Result<SampleAllocation> best_single_configuration(const SamplingProblem& problem) {
  if (auto status = check(problem); !status) return status.error();
  SampleAllocation best{.samples = std::vector<std::int64_t>(problem.configurations, 0)};
  for (std::size_t j = 0; j < problem.configurations; ++j) {
    SampleAllocation alone{.samples = std::vector<std::int64_t>(problem.configurations, 0)};
    alone.samples[j] = fitting(problem.budget, problem.costs[j]);
    alone.cost = static_cast<double>(alone.samples[j]) * problem.costs[j];
    alone.solved = solved_share(problem, alone.samples);
    if (alone.solved > best.solved) best = alone;
  }
  return best;
}

Result<SampleAllocation> allocate_samples(const SamplingProblem& problem, const Control& control) {
  const auto alone = best_single_configuration(problem);
  if (!alone) return alone.error();
  SampleAllocation best = *alone;
  for (const bool from_single : {false, true}) {
    State state(problem);
    if (from_single) state.set(alone->samples);
    if (!fill(state, problem, control) || !climb(state, problem, control)) return cancelled();
    if (const SampleAllocation found = state.finished(); found.solved > best.solved) best = found;
  }
  return best;
}

Result<SampleAllocation> allocate_samples_exactly(const SamplingProblem& problem, const Control& control) {
  if (auto status = check(problem); !status) return status.error();
  double most = 1;
  for (const double cost : problem.costs) most *= static_cast<double>(fitting(problem.budget, cost)) + 1;
  if (most > kMostAllocations)
    return invalid_argument("there are more than 1e7 allocations to look at: lower the budget or leave out --exact",
                            "budget");
  Enumeration enumeration{.problem = &problem, .control = &control};
  enumeration.samples.assign(problem.configurations, 0);
  enumeration.best.samples.assign(problem.configurations, 0);
  if (!enumeration.look(0, problem.budget)) return cancelled();
  return enumeration.best;
}

}  // namespace isoflop
