// SPDX-License-Identifier: Apache-2.0
#include "core/fit/sensitivity.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "core/fit/sensitivity_choices.h"
#include "core/fit/sensitivity_effects.h"
#include "run_tables.h"
#include "support/shared_data.h"

namespace isoflop {
namespace {

using test::isoflop_table;
using test::shipped_law;
using ::testing::HasSubstr;

const std::vector<double> kBesiroglu = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

std::vector<Tracked> tracked(const Law& law, const std::vector<std::string>& names) {
  std::vector<Tracked> all;
  for (const std::string& name : names) {
    auto one = track(law, name);
    EXPECT_TRUE(one) << (one ? "" : one.error().to_string());
    all.push_back(*std::move(one));
  }
  return all;
}

const ChoiceGroup* group(const std::vector<ChoiceGroup>& groups, const std::string& name) {
  for (const ChoiceGroup& one : groups)
    if (one.name == name) return &one;
  return nullptr;
}

// The cell of one choice by itself.
const SensitivityCell& cell(const Sensitivity& result, const std::string& group, const std::string& choice) {
  for (const SensitivityCell& one : result.single)
    for (std::size_t g = 0; g < result.groups.size(); ++g)
      if (one.choice[g] >= 0 && result.groups[g].name == group &&
          result.groups[g].choices[static_cast<std::size_t>(one.choice[g])].name == choice)
        return one;
  ADD_FAILURE() << "no cell " << group << ": " << choice;
  return result.single.front();
}

int count(const Sensitivity& result, FindingCode code) {
  return static_cast<int>(std::count_if(result.findings.begin(), result.findings.end(),
                                        [code](const Finding& finding) { return finding.code == code; }));
}

TEST(Sensitivity, TyingTheExponentsMovesAToOneHalf) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 6, 10, 0.01, 2);
  const auto groups = suggest_choices(law, table);
  ASSERT_TRUE(groups);
  ASSERT_NE(group(*groups, "exponents"), nullptr);
  const auto result = sensitivity(law, table, *groups, tracked(law, {"a"}));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(cell(*result, "exponents", "alpha = beta").values[0], 0.5);
  EXPECT_NE(result->spreads[0].baseline, 0.5);
}

// shared/reference/targets.md: all 245 runs, and without the 5 highest losses.
TEST(Sensitivity, ReproducesWhatFiveRunsDoToTheChinchillaFit) {
  const auto data = test::shared_data();
  if (data.empty()) GTEST_SKIP() << "no folder of published runs";
  const Law law = shipped_law("chinchilla");
  const auto table = load_runs(data / "chinchilla" / "svg_extracted_data.csv",
                               {.roles = {{"params", "Model Size"}, {"flops", "Training FLOP"}, {"loss", "loss"}},
                                .derive = {"tokens = flops / (6 * params)"},
                                .exclude = {}});
  ASSERT_TRUE(table) << table.error().to_string();
  const auto groups = suggest_choices(law, *table);
  ASSERT_TRUE(groups);
  const auto result = sensitivity(law, *table, *groups, tracked(law, {"beta", "alpha", "E", "a"}));
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->single.front().n_runs, 245u);
  EXPECT_NEAR(result->single.front().values[0], 0.4530, 5e-4);
  EXPECT_LE(result->single.front().objective, 0.00182601 * (1 + 1e-5));
  const SensitivityCell& without = cell(*result, "highest losses", "without the 5 highest");
  EXPECT_EQ(without.n_runs, 240u);
  EXPECT_NEAR(without.values[0], 0.3671724, 2e-5);
  EXPECT_NEAR(without.values[1], 0.3473105, 2e-5);
  EXPECT_NEAR(without.values[2], 1.8172181, 2e-5);
  EXPECT_NEAR(without.values[3], 0.5139, 1e-4);
  EXPECT_NEAR(without.objective, 0.0010182740178, 1e-11);
  EXPECT_GT(count(*result, FindingCode::kSensitiveChoice), 0);

  // The other way round: excluded in the table, and brought back by a choice.
  auto excluded = *table;
  ASSERT_TRUE(exclude_where(excluded, "rank(loss, descending) <= 5"));
  const auto restored = sensitivity(law, excluded, *suggest_choices(law, excluded), tracked(law, {"beta"}));
  ASSERT_TRUE(restored);
  EXPECT_NEAR(restored->spreads[0].baseline, 0.3671724, 2e-5);
  const SensitivityCell& back = cell(*restored, "excluded runs", "with 5 runs: rank(loss, descending) <= 5");
  EXPECT_EQ(back.n_runs, 245u);
  EXPECT_NEAR(back.values[0], 0.4530, 5e-4);
}

TEST(Sensitivity, EachCellIsTheFitByHand) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 6, 10, 0.02, 5);
  const auto groups = suggest_choices(law, table);
  const auto result = sensitivity(law, table, *groups, tracked(law, {"alpha", "a"}));
  ASSERT_TRUE(result);
  const Observations all = *observe(table, law.roles());
  const auto expect = [&](const SensitivityCell& found, const FitOptions& options,
                          const std::vector<std::size_t>& kept) {
    const auto fit = fit_law(law, subset(all, kept), options);
    ASSERT_TRUE(fit);
    EXPECT_EQ(found.n_runs, kept.size());
    EXPECT_NEAR(found.objective, fit->objective, 1e-7 * fit->objective);
    EXPECT_NEAR(found.values[0], fit->theta[3], 1e-4 * fit->theta[3]);
  };
  std::vector<std::size_t> every(all.size()), late;
  for (std::size_t i = 0; i < all.size(); ++i) {
    every[i] = i;
    if (i >= 10) late.push_back(i);
  }
  expect(cell(*result, "objective", "log-mse"), {.objective = Objective::kLogMse}, every);
  expect(cell(*result, "objective", "mae"), {.objective = Objective::kMae}, every);
  expect(cell(*result, "delta", "0.1"), {.delta = 0.1}, every);
  expect(cell(*result, "budgets", "without 6.0e18, the smallest"), {}, late);
  expect(result->single.front(), {}, every);
}

TEST(Sensitivity, CombinationsAreAsGoodAsSearchesOfTheirOwn) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 6, 10, 0.02, 5);
  auto groups = *suggest_choices(law, table);
  std::erase_if(groups, [](const ChoiceGroup& one) { return one.name == "budgets"; });
  const auto result = sensitivity(law, table, groups, tracked(law, {"a"}), {.full_grid = true});
  ASSERT_TRUE(result) << result.error().to_string();
  std::size_t combinations = 1;
  for (const ChoiceGroup& one : groups)
    if (one.in_grid) combinations *= one.choices.size() + 1;
  ASSERT_EQ(result->grid.size(), combinations);
  EXPECT_LT(result->refits, combinations);  // an objective without delta is fitted once for all of them
  const Observations all = *observe(table, law.roles());
  for (std::size_t i = 3; i < result->grid.size(); i += 29) {
    const SensitivityCell& found = result->grid[i];
    ASSERT_FALSE(found.failure);
    FitOptions options;
    std::vector<char> keep(all.size(), 1);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (found.choice[g] < 0) continue;
      const Choice& one = groups[g].choices[static_cast<std::size_t>(found.choice[g])];
      if (one.objective) options.objective = *one.objective;
      if (one.delta) options.delta = *one.delta;
      options.ties.insert(one.ties.begin(), one.ties.end());
      for (const std::size_t row : one.drop) keep[row] = 0;
    }
    std::vector<std::size_t> kept;
    for (std::size_t k = 0; k < keep.size(); ++k)
      if (keep[k]) kept.push_back(k);
    const auto fit = fit_law(law, subset(all, kept), options);
    ASSERT_TRUE(fit);
    EXPECT_EQ(found.n_runs, kept.size());
    EXPECT_NEAR(found.objective, fit->objective, 1e-6 * fit->objective) << i;
  }
}

TEST(Sensitivity, AnOutlierMakesTheRunsAndTheObjectiveMatterAndItsAbsenceDoesNot) {
  const Law law = shipped_law("chinchilla");
  RunTable table = isoflop_table(law, kBesiroglu, 8, 12, 0.004, 11);
  const auto find = [&](const RunTable& runs) {
    auto groups = *suggest_choices(law, runs);
    std::erase_if(groups, [](const ChoiceGroup& one) { return one.name == "exponents"; });
    auto result = sensitivity(law, runs, groups, tracked(law, {"a"}), {.fit = {.objective = Objective::kLogMse}});
    EXPECT_TRUE(result);
    return *std::move(result);
  };
  const Sensitivity clean = find(table);
  EXPECT_EQ(count(clean, FindingCode::kSensitiveChoice), 0) << clean.findings[0].message;
  // A diverged run: the smallest model of the largest budget, twice its loss.
  auto& loss = std::get<std::vector<double>>(table.columns[3].values);
  loss[84] *= 2;
  const Sensitivity spoilt = find(table);
  const SensitivityCell& without = cell(spoilt, "highest losses", "without the highest");
  EXPECT_NEAR(without.values[0], 0.5126, 0.01);
  EXPECT_GT(std::abs(spoilt.spreads[0].baseline - 0.5126), 0.02);
  const std::string first = spoilt.groups[spoilt.spreads[0].effects.front().group].name;
  EXPECT_TRUE(first == "highest losses" || first == "objective" || first == "budgets") << first;
}

// The frequency of a sine has an optimum of its own in every period that the runs span.
TEST(Sensitivity, SingleStartsDisagreeWhereThereAreLocalOptimaAndAgreeWhereThereAreNone) {
  const Law wave = test::formula_law("a + b * sin(w * x)", {"x"}), line = test::formula_law("a + b * x", {"x"});
  std::vector<double> x, loss;
  Philox random(3, 0);
  for (int i = 0; i < 80; ++i) {
    x.push_back(i);
    loss.push_back(5 + 2 * std::sin(0.8 * i) + 0.01 * random.normal());
  }
  const RunTable table = test::table_of({{"x", x}, {"loss", loss}});
  for (const Law* law : {&wave, &line}) {
    auto groups = *suggest_choices(*law, table);
    std::erase_if(groups, [](const ChoiceGroup& one) { return one.name != "start"; });
    ASSERT_EQ(groups.size(), 1u);
    const auto result =
        sensitivity(*law, table, groups, {tracked(*law, {"b"})}, {.fit = {.objective = Objective::kMse}});
    ASSERT_TRUE(result) << result.error().to_string();
    EXPECT_EQ(count(*result, FindingCode::kStartsDisagree), law == &wave ? 1 : 0);
  }
}

TEST(Sensitivity, FindsOtherConventionsInTheTable) {
  const Law law = shipped_law("chinchilla");
  RunTable table = isoflop_table(law, kBesiroglu, 6, 10, 0.001, 4);
  std::vector<double> smaller(table.numbers("params").begin(), table.numbers("params").end());
  for (double& n : smaller) n -= 30 * std::pow(n, 0.75);
  smaller[3] = std::nan("");
  table.columns.push_back(Column{.name = "non_embedding_params", .role = "", .values = smaller, .derived = {}});
  table.columns.push_back(Column{.name = "layers", .role = "", .values = smaller, .derived = {}});
  for (double& c : std::get<std::vector<double>>(table.columns[2].values)) c *= 1.1;  // FLOP with attention
  const auto groups = suggest_choices(law, table);
  ASSERT_TRUE(groups);
  const ChoiceGroup* conventions = group(*groups, "convention");
  ASSERT_NE(conventions, nullptr);
  ASSERT_EQ(conventions->choices.size(), 2u);
  const auto result = sensitivity(law, table, *groups, tracked(law, {"alpha"}), {.full_grid = false});
  ASSERT_TRUE(result) << result.error().to_string();
  const SensitivityCell& other = cell(*result, "convention", "params from \"non_embedding_params\"");
  EXPECT_EQ(other.n_runs, 59u);
  EXPECT_LT(other.values[0], result->spreads[0].baseline);
  const auto moved = std::find_if(result->findings.begin(), result->findings.end(), [](const Finding& finding) {
    return finding.code == FindingCode::kSensitiveChoice && finding.subject == "convention";
  });
  EXPECT_NE(moved, result->findings.end());
  // tokens = C / (6 N) are a tenth more at each run, which changes B alone.
  EXPECT_NEAR(cell(*result, "convention", "tokens = C / (6 N)").values[0], result->spreads[0].baseline, 1e-5);
}

TEST(Sensitivity, IntervalsAreThoseOfTheBootstrap) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 5, 8, 0.01, 4);
  std::vector<ChoiceGroup> groups{{.name = "delta", .baseline = "0.001", .choices = {{.name = "0.01", .delta = 0.01}}}};
  const auto result = sensitivity(law, table, groups, tracked(law, {"alpha"}), {.resamples = 100, .seed = 3});
  ASSERT_TRUE(result);
  const Observations all = *observe(table, law.roles());
  const auto fit = fit_law(law, all, {.delta = 0.01});
  const auto resamples = bootstrap(law, all, *fit, {.resamples = 100, .seed = 3});
  std::vector<double> alpha;
  for (int i = 0; i < resamples->resamples(); ++i) alpha.push_back(resamples->sample(i)[3]);
  const Interval expected = percentile_interval(alpha);
  ASSERT_TRUE(result->single[1].intervals[0]);
  EXPECT_NEAR(result->single[1].intervals[0]->lower, expected.lower, 1e-9);
  EXPECT_NEAR(result->single[1].intervals[0]->upper, expected.upper, 1e-9);
  EXPECT_NEAR(result->single[1].standard_errors[0], (expected.upper - expected.lower) / 3.92, 1e-5);
}

TEST(Sensitivity, IsTheSameWithAnyNumberOfThreads) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 5, 8, 0.02, 9);
  auto groups = *suggest_choices(law, table);
  std::erase_if(groups, [](const ChoiceGroup& one) { return one.name == "budgets"; });
  const auto one = sensitivity(law, table, groups, tracked(law, {"a"}), {.full_grid = true, .threads = 1});
  const auto many = sensitivity(law, table, groups, tracked(law, {"a"}), {.full_grid = true, .threads = 5});
  ASSERT_TRUE(one && many);
  for (std::size_t i = 0; i < one->grid.size(); ++i) EXPECT_EQ(one->grid[i].values, many->grid[i].values);
  for (std::size_t i = 0; i < one->single.size(); ++i) EXPECT_EQ(one->single[i].values, many->single[i].values);
}

TEST(Sensitivity, AChoiceThatCannotBeFittedSaysWhy) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 3, 8, 0.01, 1);
  Choice few{.name = "four runs"}, wrong{.name = "no such row", .drop = {99}};
  for (std::size_t row = 4; row < table.rows(); ++row) few.drop.push_back(row);
  const auto result =
      sensitivity(law, table, {{.name = "runs", .baseline = "all", .choices = {few}}}, tracked(law, {"a"}));
  ASSERT_TRUE(result);
  ASSERT_TRUE(result->single[1].failure);
  EXPECT_EQ(result->single[1].n_runs, 4u);
  EXPECT_EQ(count(*result, FindingCode::kNotConverged), 1);
  EXPECT_FALSE(sensitivity(law, table, {{.name = "runs", .baseline = "all", .choices = {wrong}}}, tracked(law, {"a"})));
  EXPECT_FALSE(sensitivity(law, table, {}, {}));
  const auto unknown = track(law, "gamma");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("alpha"));
}

TEST(Sensitivity, StopsWhenTold) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 3, 8, 0.01, 1);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = sensitivity(law, table, *suggest_choices(law, table), tracked(law, {"a"}), {},
                                   {.progress = {}, .stop = stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

// Two by three choices whose effects add: .1 for the one, 0, 1 or 2 for the other.
TEST(SensitivityEffects, SharesOfEffectsThatAddMakeUpTheVariance) {
  Sensitivity result;
  result.groups = {{.name = "first", .baseline = "", .choices = {{.name = "x"}}},
                   {.name = "second", .baseline = "", .choices = {{.name = "y"}, {.name = "z"}}}};
  const auto add = [](std::vector<SensitivityCell>& cells, int first, int second, double value) {
    cells.push_back({.choice = {first, second}, .failure = {}, .theta = {}, .values = {value}, .intervals = {}});
  };
  const auto value = [](int first, int second) { return std::pow(10.0, 0.1 * (first + 1) + (second + 1)); };
  add(result.single, -1, -1, value(-1, -1));
  add(result.single, 0, -1, value(0, -1));
  add(result.single, -1, 0, value(-1, 0));
  add(result.single, -1, 1, value(-1, 1));
  for (const int first : {-1, 0})
    for (const int second : {-1, 0, 1}) add(result.grid, first, second, value(first, second));
  measure_effects({{.name = "N", .logarithmic = true, .value = [](auto) { return 1.0; }}}, result);
  const TrackedSpread& spread = result.spreads[0];
  EXPECT_EQ(spread.effects[0].group, 1u);
  EXPECT_NEAR(spread.effects[0].range, 2, 1e-12);
  EXPECT_NEAR(spread.effects[0].main_range, 2, 1e-12);
  EXPECT_NEAR(spread.effects[1].main_range, 0.1, 1e-12);
  EXPECT_NEAR(spread.effects[0].variance_share + spread.effects[1].variance_share, 1, 1e-12);
  // Variances of the two: 2/3 and .05^2.
  EXPECT_NEAR(spread.effects[1].variance_share, 0.0025 / (0.0025 + 2.0 / 3), 1e-12);
  EXPECT_EQ(spread.baseline, 1);
  EXPECT_NEAR(spread.greatest, std::pow(10, 2.1), 1e-9);
}

}  // namespace
}  // namespace isoflop
