// SPDX-License-Identifier: Apache-2.0
// Every law of the library on 2,000 runs simulated from it: the global fit from no start, and 1,000 bootstrap refits.
// The targets are 100 ms and 1 s. Then how the cost of one law grows with the runs. An argument picks the laws whose id
// contains it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/fit/bootstrap.h"
#include "support/law_points.h"
#include "support/role_values.h"
#include "timing.h"

namespace {

using namespace isoflop;

constexpr std::size_t kRuns = 2000;
constexpr int kResamples = 1000, kFewResamples = 32;
constexpr double kTargetFit = 0.1, kTargetResamples = 1;

Objective objective_of(const Law& law) {
  return law.objective.empty() ? Objective::kLogHuber : objective_from_name(law.objective).value();
}

// One run's value of a role: between a small and a large one, evenly in the logarithm where there is one.
double draw(const std::string& role, Philox& random) {
  const auto values = test::role_values(role);
  const double low = values[0], high = std::isfinite(values[2]) ? values[2] : values[1];
  const double share = random.uniform();
  return low > 0 && high > 10 * low ? low * std::pow(high / low, share) : low + share * (high - low);
}

// Runs that the law explains but for 1% of noise; those that it has no finite (or, with a logarithm, positive)
// prediction for are drawn again. Fewer than `count` where it hardly ever has one.
Observations simulate(const Law& law, const std::vector<double>& truth, std::size_t count) {
  Observations runs{.names = law.roles(), .columns = {}, .response = {}, .rows = {}, .data_hash = ""};
  runs.columns.resize(law.variables.size());
  const bool log = uses_log(objective_of(law));
  Philox random(1, 0);
  for (int round = 0; round < 50 && runs.size() < count; ++round) {
    std::vector<std::vector<double>> columns(law.variables.size());
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t k = 0; k < columns.size(); ++k) columns[k].push_back(draw(law.variables[k].role, random));
    const std::vector<double> predicted = predict(law, columns, truth);
    for (std::size_t i = 0; i < count && runs.size() < count; ++i) {
      if (!std::isfinite(predicted[i]) || (log && !(predicted[i] > 0))) continue;
      for (std::size_t k = 0; k < columns.size(); ++k) runs.columns[k].push_back(columns[k][i]);
      runs.rows.push_back(runs.size());
      runs.response.push_back(predicted[i]);
    }
  }
  const double spread = standard_deviation(runs.response);
  for (double& value : runs.response) {
    const double noise = 0.01 * random.normal();
    value = log ? value * std::exp(noise) : value + spread * noise;
  }
  return runs;
}

struct Timing {
  std::string id;
  double fit = 0, resamples = 0;
};

void print_worst(const char* what, const std::vector<Timing>& all, double Timing::*time, double target) {
  const auto worst =
      std::max_element(all.begin(), all.end(), [&](const Timing& a, const Timing& b) { return a.*time < b.*time; });
  const auto over = std::count_if(all.begin(), all.end(), [&](const Timing& t) { return t.*time > target; });
  std::printf("%s: worst %s, %.0f ms; %td of %zu laws over %.0f ms\n", what, worst->id.c_str(), 1e3 * (*worst).*time,
              over, all.size(), 1e3 * target);
}

void growth(const Law& law) {
  const std::vector<double> truth = law.sets.front().values;
  std::printf("\n%10s %12s %12s   %s\n", "runs", "cold fit", "per run", law.title.c_str());
  for (const std::size_t count : {240u, 2400u, 24000u, 240000u, 1000000u}) {
    const Observations runs = simulate(law, truth, count);
    const double seconds = bench::median_seconds(count < 10000 ? 11 : 1, [&] { (void)fit_law(law, runs); });
    std::printf("%10zu %9.1f ms %9.2f us\n", count, 1e3 * seconds, 1e6 * seconds / static_cast<double>(count));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string wanted = argc > 1 ? argv[1] : "";
  std::vector<Timing> all;
  std::printf("%-32s %5s %5s %12s %16s\n", "law", "runs", "free", "cold fit", "1,000 resamples");
  for (const Law& law : test::shipped_laws().laws) {
    if (law.id.find(wanted) == std::string::npos) continue;
    const std::vector<double> truth = law.sets.empty() ? test::middle_of_starts(law) : law.sets.front().values;
    const Observations runs = simulate(law, truth, kRuns);
    if (runs.size() < kRuns) {
      std::printf("%-32s no predictions to simulate runs from\n", law.id.c_str());
      continue;
    }
    const FitOptions options{.objective = objective_of(law), .fixed = {}, .start = {}};
    Result<Fit> fit = fit_law(law, runs, options);
    if (!fit) {
      std::printf("%-32s %s\n", law.id.c_str(), fit.error().message.c_str());
      continue;
    }
    Timing timing{law.id};
    timing.fit = bench::median_seconds(3, [&] { fit = fit_law(law, runs, options); });
    const auto resample = [&](int count) {
      return bench::median_seconds(1, [&] { (void)bootstrap(law, runs, *fit, {.resamples = count}); });
    };
    // A law that is far too slow need not be waited for.
    const double few = resample(kFewResamples) * kResamples / kFewResamples;
    const bool scaled = few > 5 * kTargetResamples;
    timing.resamples = scaled ? few : resample(kResamples);
    std::printf("%-32s %5zu %5zu %9.1f ms %13.0f ms%s%s\n", law.id.c_str(), runs.size(), law.parameters.size(),
                1e3 * timing.fit, 1e3 * timing.resamples,
                timing.fit > kTargetFit || timing.resamples > kTargetResamples ? "  over" : "",
                scaled ? "  (32 resamples timed, scaled)" : "");
    std::fflush(stdout);
    all.push_back(timing);
  }
  if (all.empty()) return 1;
  std::printf("\n");
  print_worst("cold fit", all, &Timing::fit, kTargetFit);
  print_worst("1,000 resamples", all, &Timing::resamples, kTargetResamples);
  if (wanted.empty()) growth(*test::shipped_laws().find("chinchilla"));
}
