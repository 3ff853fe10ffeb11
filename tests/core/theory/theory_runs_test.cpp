// SPDX-License-Identifier: Apache-2.0
#include "core/theory/theory_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace isoflop {
namespace {

// Exponents of N* and L* over the budgets of a table: the least loss of each budget by a parabola through the lowest
// point and its neighbours in logarithms, and least squares over budgets.
struct Exponents {
  double params = 0, loss = 0;
};
Exponents measured(const RunTable& table, const std::vector<double>& budgets) {
  const auto n = table.numbers("params"), c = table.numbers("flops"), l = table.numbers("loss");
  double sx = 0, sxx = 0, sn = 0, sl = 0, sxn = 0, sxl = 0;
  for (const double budget : budgets) {
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < n.size(); ++i)
      if (std::abs(std::log(c[i] / budget)) < 0.02) points.emplace_back(std::log(n[i]), std::log(l[i]));
    std::ranges::sort(points);
    const auto best = static_cast<std::size_t>(
        std::ranges::min_element(points, {}, &std::pair<double, double>::second) - points.begin());
    EXPECT_TRUE(best > 0 && best + 1 < points.size()) << "no minimum within the sizes at " << budget;
    const auto [x0, y0] = points[best - 1];
    const auto [x1, y1] = points[best];
    const auto [x2, y2] = points[best + 1];
    const double d1 = (y1 - y0) / (x1 - x0), d2 = (y2 - y1) / (x2 - x1), curvature = (d2 - d1) / (x2 - x0);
    const double at = (x0 + x1) / 2 - d1 / (2 * curvature);
    const double value = y1 + (at - x1) * (d1 + curvature * (at - x0));
    const double x = std::log(budget);
    sx += x, sxx += x * x, sn += at, sl += value, sxn += x * at, sxl += x * value;
  }
  const auto k = static_cast<double>(budgets.size());
  const double spread = sxx - sx * sx / k;
  return {(sxn - sx * sn / k) / spread, -(sxl - sx * sl / k) / spread};
}

TEST(TheoryRuns, PlrfHasTheExponentsOfItsPhases) {
  // Over four decades of compute corrections to the leading powers are left: below .01 in phases Ia and II, and .01 in
  // III, where two terms of nearly the same power compete. The table's rounding to whole sizes is far below.
  for (const auto& [alpha, beta] : {std::pair{1.0, 0.3}, {1.0, 0.7}, {0.8, 1.2}}) {
    const std::vector<double> budgets{1e10, 1e12, 1e14};
    TheoryPlan plan{.model = TheoryModel::kPlrf, .flops = budgets, .sizes = 7, .spread = 2};
    plan.parameters = {{"alpha", alpha}, {"beta", beta}};
    const auto table = simulate_theory(plan);
    ASSERT_TRUE(table.ok()) << table.error().message;
    const Exponents found = measured(*table, budgets);
    const auto known = known_exponents(plan);
    EXPECT_NEAR(found.loss, known.at("optimal_loss"), 0.01) << alpha << " " << beta;
    EXPECT_NEAR(found.params, known.at("optimal_params"), 0.01) << alpha << " " << beta;
  }
}

TEST(TheoryRuns, PlrfHasTheExponentsOfItsPhasesWithAFlatSpectrum) {
  // Phases Ib, Ic, IVa and IVb. Next to the border of IVa the exponents of IVb are .005 (params) and .013 (loss) off
  // even at 1e16, by terms whose powers differ little.
  struct Phase {
    double alpha, beta, params, loss;
  };
  for (const auto& [alpha, beta, params, loss] :
       {Phase{0.4, 0.3, 0.5, 0.2}, {0.2, 0.8, 0.5682, 0.2273}, {0.4, 0.8, 0.5, 0.4}, {0.27, 0.8, 0.5902, 0.2920}}) {
    const std::vector<double> budgets{1e14, 1e16};
    TheoryPlan plan{.model = TheoryModel::kPlrf, .flops = budgets, .sizes = 5, .spread = 2};
    plan.parameters = {{"alpha", alpha}, {"beta", beta}};
    const auto known = known_exponents(plan);
    EXPECT_NEAR(known.at("optimal_params"), params, 5e-5);
    EXPECT_NEAR(known.at("optimal_loss"), loss, 5e-5);
    const auto table = simulate_theory(plan);
    ASSERT_TRUE(table.ok()) << table.error().message;
    const Exponents found = measured(*table, budgets);
    EXPECT_NEAR(found.loss, loss, 0.02) << alpha << " " << beta;
    EXPECT_NEAR(found.params, params, 0.02) << alpha << " " << beta;
  }
}

TEST(TheoryRuns, DynamicalModelHasTheExponentsOfItsOptimum) {
  for (const auto& [a, b] : {std::pair{2.0, 1.5}, {1.6, 1.2}}) {
    const std::vector<double> budgets{1e10, 1e12, 1e14};
    TheoryPlan plan{.model = TheoryModel::kDynamical, .flops = budgets, .sizes = 7, .spread = 2};
    plan.parameters = {{"a", a}, {"b", b}};
    const auto table = simulate_theory(plan);
    ASSERT_TRUE(table.ok()) << table.error().message;
    const Exponents found = measured(*table, budgets);
    EXPECT_NEAR(found.params, 1 / (1 + b), 0.01);
    EXPECT_NEAR(found.loss, (a - 1) / (1 + b), 0.01);
    // t* ~ C^(b / (1 + b)), as C = N t.
    EXPECT_NEAR(1 - found.params, b / (1 + b), 0.01);
  }
}

TEST(TheoryRuns, SolvableModelGrowsFeaturesWithSamples) {
  const std::vector<double> budgets{6e5, 6e6, 6e7};
  TheoryPlan plan{.model = TheoryModel::kSolvable, .flops = budgets, .sizes = 9, .spread = 1.6};
  const auto table = simulate_theory(plan);
  ASSERT_TRUE(table.ok()) << table.error().message;
  const Exponents found = measured(*table, budgets);
  EXPECT_NEAR(found.params, 0.5, 0.01);
  EXPECT_NEAR(found.loss, 0.5, 0.02);  // the latents' end: (n / M)^alpha, 2% here
}

TEST(TheoryRuns, StructuredSgdIsTheExactRecursionOfItsRow) {
  TheoryPlan plan{.model = TheoryModel::kStructuredSgd, .flops = {1e6, 1e7}, .sizes = 5, .spread = 3};
  plan.parameters = {{"latents", 3000}, {"batch", 4}};
  const auto table = simulate_theory(plan);
  ASSERT_TRUE(table.ok()) << table.error().message;
  const auto n = table->numbers("params"), d = table->numbers("tokens"), c = table->numbers("flops"),
             l = table->numbers("loss");
  ASSERT_GE(n.size(), 8u);
  for (std::size_t i = 0; i < n.size(); ++i) {
    EXPECT_DOUBLE_EQ(c[i], 6 * n[i] * d[i]);
    EXPECT_EQ(std::fmod(d[i], 4), 0);
    // What the leading N features cannot say is a bound from below.
    double tail = 0;
    for (int k = static_cast<int>(n[i]) + 1; k <= 3000; ++k) tail += std::pow(k, -2.0);
    EXPECT_GT(l[i], tail);
  }
}

TEST(TheoryRuns, StructuredSgdHasTheExponentsOfItsOptimum) {
  // The spectrum ends at 30,000 features, which the largest models feel by (N / M)^(a-1), some 2%.
  const std::vector<double> budgets{1e6, 1e7, 1e8};
  TheoryPlan plan{.model = TheoryModel::kStructuredSgd, .flops = budgets, .sizes = 7, .spread = 2};
  plan.parameters = {{"latents", 30'000}};
  const auto table = simulate_theory(plan);
  ASSERT_TRUE(table.ok()) << table.error().message;
  const Exponents found = measured(*table, budgets);
  const auto known = known_exponents(plan);
  EXPECT_NEAR(found.params, known.at("optimal_params"), 0.02);
  EXPECT_NEAR(found.loss, known.at("optimal_loss"), 0.02);
}

TEST(TheoryRuns, CheckpointsFallAlongEachRun) {
  TheoryPlan plan{.model = TheoryModel::kDynamical, .flops = {1e10}, .sizes = 3, .spread = 3, .checkpoints = 8};
  const auto table = simulate_theory(plan);
  ASSERT_TRUE(table.ok()) << table.error().message;
  const auto run = table->numbers("run"), loss = table->numbers("loss"), tokens = table->numbers("tokens");
  ASSERT_EQ(loss.size(), 24u);
  for (std::size_t i = 1; i < loss.size(); ++i) {
    if (run[i] != run[i - 1]) continue;
    EXPECT_LT(loss[i], loss[i - 1]);
    EXPECT_GT(tokens[i], tokens[i - 1]);
  }
}

TEST(TheoryRuns, AreTheSameForAnyNumberOfThreads) {
  for (const TheoryModel model : {TheoryModel::kDynamical, TheoryModel::kPruning}) {
    TheoryPlan plan{.model = model, .flops = {1e9}, .sizes = 4, .noise = 0.02, .seed = 3, .threads = 1};
    if (model == TheoryModel::kPruning) plan.parameters = {{"dimensions", 20}};
    const auto one = simulate_theory(plan);
    plan.threads = 4;
    const auto four = simulate_theory(plan);
    ASSERT_TRUE(one.ok() && four.ok());
    EXPECT_TRUE(std::ranges::equal(one->numbers("loss"), four->numbers("loss")));
  }
}

TEST(TheoryRuns, SaysWhatIsWrong) {
  TheoryPlan plan{.flops = {1e9}};
  plan.parameters = {{"gamma", 1}};
  EXPECT_EQ(simulate_theory(plan).error().code, ErrorCode::kNotFound);
  plan.parameters = {{"alpha", 0.5}};
  EXPECT_EQ(simulate_theory(plan).error().where.parameter, "alpha");
  plan.parameters = {};
  plan.flops = {1};
  EXPECT_EQ(simulate_theory(plan).error().where.parameter, "flops");
  plan.flops = {};
  EXPECT_EQ(simulate_theory(plan).error().where.parameter, "flops");
  plan.flops = {1e9};
  plan.sizes = 0;
  EXPECT_EQ(simulate_theory(plan).error().where.parameter, "sizes");
  EXPECT_FALSE(theory_model_from_name("plfr").ok());
}

}  // namespace
}  // namespace isoflop
