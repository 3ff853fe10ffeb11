// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/base/statistics.h"
#include "core/fit/fit.h"
#include "support/law_points.h"
#include "support/role_ranges.h"

namespace isoflop {
namespace {

Objective objective_of(const Law& law) {
  if (law.objective.empty()) return Objective::kLogHuber;
  const auto named = objective_from_name(law.objective);
  EXPECT_TRUE(named) << law.id;
  return *named;
}

// Runs spread over what the law's variables usually are, with 1% of noise: of the response, or of its spread where it
// has no logarithm.
Observations simulated(const Law& law, const std::vector<double>& truth, std::uint64_t seed) {
  Observations runs{.names = law.roles(), .columns = {}, .response = {}, .rows = {}, .data_hash = "simulated"};
  runs.columns.resize(law.variables.size());
  Philox random(seed, 0);
  for (std::size_t i = 0; i < 300; ++i) {
    for (std::size_t k = 0; k < law.variables.size(); ++k)
      runs.columns[k].push_back(test::role_range(law, law.variables[k].role).draw(random));
    runs.rows.push_back(i);
  }
  runs.response = predict(law, runs.columns, truth);
  const bool log = uses_log(objective_of(law));
  const double spread = standard_deviation(runs.response);
  for (double& value : runs.response) {
    EXPECT_TRUE(std::isfinite(value)) << law.id;
    if (log)
      value *= std::exp(0.01 * random.normal());
    else
      value += 0.01 * spread * random.normal();
  }
  return runs;
}

// The search ends at least as low as the truth that made the runs, for the middle of the starts and every published
// set.
void expect_found(const Law& law) {
  std::vector<std::vector<double>> truths{test::middle_of_starts(law)};
  for (const CoefficientSet& set : law.sets) truths.push_back(set.values);
  for (std::size_t t = 0; t < truths.size(); ++t) {
    const Observations runs = simulated(law, truths[t], t);
    const Objective objective = objective_of(law);
    const auto fit = fit_law(law, runs, {.objective = objective});
    ASSERT_TRUE(fit) << law.id << " truth " << t << ": " << fit.error().message;
    const double at_truth = evaluate_objective(law, runs, truths[t], objective);
    ASSERT_TRUE(std::isfinite(at_truth)) << law.id << " truth " << t;
    EXPECT_LE(fit->objective, at_truth * (1 + 1e-9)) << law.id << " truth " << t;
  }
}

TEST(LibraryFits, LawsOfHyperparametersInferenceTasksAndBestSizesNeedNoStart) {
  const std::set<std::string> categories{"hyperparameters", "inference", "task", "allocation"};
  int laws = 0;
  for (const Law& law : test::shipped_laws().laws) {
    if (categories.count(law.category) == 0) continue;
    ++laws;
    expect_found(law);
  }
  EXPECT_GE(laws, 70);
}

TEST(LibraryFits, LawsOfEquationsGroupsOfColumnsAndQualityNeedNoStart) {
  for (const char* id : {"alabdulmohsin-m4", "su-unravel", "data-mixing", "goyal-filtering", "chang-quality",
                         "ziarko-embedding", "dit-video"}) {
    const Law* law = test::shipped_laws().find(id);
    ASSERT_NE(law, nullptr) << id;
    expect_found(*law);
  }
}

TEST(LibraryFits, RefuseALawWhoseColumnsNobodyNamed) {
  const LawLibrary laws = load_laws(std::filesystem::path(ISOFLOP_SOURCE_DIR) / "resources" / "laws");
  const Law* law = laws.find("data-mixing");
  ASSERT_NE(law, nullptr);
  const Observations runs{
      .names = {"mix_a"}, .columns = {{0.1, 0.9}}, .response = {2, 3}, .rows = {0, 1}, .data_hash = "none"};
  const auto fit = fit_law(*law, runs);
  ASSERT_FALSE(fit.ok());
  EXPECT_EQ(fit.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(fit.error().message.find("columns that only a table names"), std::string::npos);
}

}  // namespace
}  // namespace isoflop
