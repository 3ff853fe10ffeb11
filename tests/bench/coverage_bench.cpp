// SPDX-License-Identifier: Apache-2.0
// How often nominal 95% intervals hold the truth, by simulation: data sets from the Chinchilla law with known noise, on
// isoFLOP designs of 240 and of 60 runs, each fitted from nothing. Every kind of interval, for the parameters, the
// exponent of the frontier, the frontier a decade and a half beyond the largest run, and a prediction.
//   coverage_bench [data sets = 1000] [resamples = 1000] [objective = log-huber]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/fit/bootstrap.h"
#include "core/fit/delta_method.h"
#include "core/fit/profile.h"
#include "core/frontier/quantities.h"
#include "core/laws/law_file.h"

namespace {

using namespace isoflop;

constexpr double kFlops = 1e23;  // the largest run has 3e21
constexpr double kNoise = 0.006;

struct Scenario {
  int runs;
  bool heavy;  // Student's t with three degrees of freedom instead of normal noise
};

Observations design(const Law& law, int runs) {
  Observations observations{.names = law.roles(), .columns = {{}, {}}, .response = {}, .rows = {}, .data_hash = ""};
  Philox random(1, 0);
  for (int i = 0; i < runs; ++i) {
    const double flops = 6e18 * std::pow(500.0, i % 9 / 8.0);
    const double params = std::sqrt(flops / 120) * std::pow(10.0, 2 * random.uniform() - 1);
    observations.columns[0].push_back(params);
    observations.columns[1].push_back(flops / (6 * params));
    observations.rows.push_back(static_cast<std::size_t>(i));
  }
  return observations;
}

double noise(Philox& random, bool heavy) {
  const double z = random.normal();
  if (!heavy) return kNoise * z;
  double squares = 0;
  for (int k = 0; k < 3; ++k) squares += std::pow(random.normal(), 2);
  return 0.6 * kNoise * z / std::sqrt(squares / 3);
}

enum Kind { kRuns, kDraws, kResidual, kDelta, kProfile, kKinds };
constexpr const char* kKindNames[kKinds] = {"runs", "draws", "residual", "delta", "profile"};

class Study {
 public:
  Study(const Law& law, Objective objective, int resamples)
      : law_(law), objective_(objective), resamples_(resamples), truth_(law.find_set("besiroglu2024")->values) {
    for (std::size_t j = 0; j < law.parameters.size(); ++j) quantities_.push_back(parameter_quantity(law, j));
    for (const DerivedQuantity& derived : law.derived)
      if (derived.name == "a") quantities_.push_back(derived_quantity(derived));
    const LawInstance instance{.law = &law, .theta = truth_};
    AllocationQuantities frontier = allocation_quantities(instance, kFlops);
    frontier.params.name = "N*(1e23)";
    frontier.tokens.name = "D*(1e23)";
    frontier.loss.name = "L*(1e23)";
    quantities_.insert(quantities_.end(), {frontier.params, frontier.tokens, frontier.loss});
    quantities_.push_back(prediction_quantity(law, {70e9, 1.4e12}));
    quantities_.back().name = "L(70B, 1.4T)";
  }

  // Prints the coverage, and returns how many of its numbers lie outside 93% to 97%, those of `draws` not counted.
  int run(const Scenario& scenario, int data_sets) {
    const Observations base = design(law_, scenario.runs);
    const std::vector<double> loss = predict(law_, base.columns, truth_);
    const std::size_t cells = quantities_.size() * kKinds;
    std::vector<std::vector<char>> hits(static_cast<std::size_t>(data_sets));
    parallel_for(hits.size(), 0, 1, {}, [&](int, std::size_t i) {
      Observations runs = base;
      Philox random(77, i);
      runs.response = loss;
      for (double& value : runs.response) value *= std::exp(noise(random, scenario.heavy));
      hits[i] = cover(runs, i);
    });
    std::vector<double> share(cells, 0);
    int fitted = 0;
    for (const auto& hit : hits) {
      if (hit.empty()) continue;
      ++fitted;
      for (std::size_t c = 0; c < cells; ++c) share[c] += hit[c];
    }
    std::printf("%d runs, %s noise, %s, %d data sets, %d resamples\n%14s", scenario.runs,
                scenario.heavy ? "heavy-tailed" : "normal", std::string(objective_name(objective_)).c_str(), fitted,
                resamples_, "");
    for (const char* name : kKindNames) std::printf("%10s", name);
    std::printf("\n");
    int outside = 0;
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      std::printf("%14s", quantities_[q].name.c_str());
      for (int k = 0; k < kKinds; ++k) {
        const double percent = 100 * share[q * kKinds + static_cast<std::size_t>(k)] / fitted;
        const bool out = percent < 93 || percent > 97;
        outside += out && k != kDraws;
        std::printf("%8.1f%s", percent, out ? " *" : "  ");
      }
      std::printf("\n");
    }
    std::printf("\n");
    return outside;
  }

 private:
  // One entry per quantity and kind: whether the interval holds the truth. Empty where the fit failed.
  std::vector<char> cover(const Observations& runs, std::uint64_t seed) const {
    const auto fit = fit_law(law_, runs, {.objective = objective_, .threads = 1});
    if (!fit) return {};
    std::vector<char> hit(quantities_.size() * kKinds, 0);
    const auto put = [&](std::size_t q, Kind kind, const Interval& interval) {
      const double truth = quantities_[q].value(truth_);
      hit[q * kKinds + static_cast<std::size_t>(kind)] = interval.lower <= truth && truth <= interval.upper;
    };
    for (const auto& [kind, method] : {std::pair{kRuns, BootstrapKind::kRuns}, std::pair{kDraws, BootstrapKind::kDraws},
                                       std::pair{kResidual, BootstrapKind::kResidual}}) {
      const auto sample =
          bootstrap(law_, runs, *fit, {.resamples = resamples_, .seed = seed, .threads = 1, .kind = method});
      if (!sample) continue;
      for (std::size_t q = 0; q < quantities_.size(); ++q) {
        std::vector<double> values;
        for (int b = 0; b < sample->resamples(); ++b) values.push_back(quantities_[q].value(sample->sample(b)));
        put(q, kind, percentile_interval(std::move(values)));
      }
    }
    const Scatter scatter = scatter_of(*fit);
    for (std::size_t q = 0; q < quantities_.size(); ++q) put(q, kDelta, delta_method(quantities_[q], scatter).interval);
    if (const auto profiles = profile(law_, runs, *fit, quantities_, {.threads = 1}))
      for (std::size_t q = 0; q < quantities_.size(); ++q) put(q, kProfile, (*profiles)[q].interval);
    return hit;
  }

  const Law& law_;
  Objective objective_;
  int resamples_;
  std::vector<double> truth_;
  std::vector<Quantity> quantities_;
};

}  // namespace

int main(int argc, char** argv) {
  const int data_sets = argc > 1 ? std::atoi(argv[1]) : 1000, resamples = argc > 2 ? std::atoi(argv[2]) : 1000;
  const auto objective = objective_from_name(argc > 3 ? argv[3] : "log-huber");
  const auto law = read_law(std::string(ISOFLOP_SOURCE_DIR) + "/resources/laws/chinchilla.toml");
  if (!law || !objective || data_sets < 1 || resamples < 1) return std::printf("check the arguments\n"), 1;
  Study study(*law, *objective, resamples);
  std::printf("Coverage of nominal 95%% intervals in %%; its own standard error is %.1f\n\n",
              100 * std::sqrt(.95 * .05 / data_sets));
  int outside = 0;
  for (const Scenario& scenario : {Scenario{240, false}, Scenario{240, true}, Scenario{60, false}, Scenario{60, true}})
    outside += study.run(scenario, data_sets);
  if (outside == 0)
    std::printf("all within 93%% to 97%% (draws, printed for comparison, not counted)\n");
  else
    std::printf("%d outside 93%% to 97%% (*)\n", outside);
}
