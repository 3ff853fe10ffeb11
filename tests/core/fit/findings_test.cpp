// SPDX-License-Identifier: Apache-2.0
// Each finding of a fit, with runs that provoke it and runs of the same law that do not.
#include "core/fit/findings.h"

#include <set>

#include "core/fit/health.h"
#include "fitting.h"

namespace isoflop {
namespace {

using test::find_finding;
using test::isoflop_grid;
using test::shipped_law;
using test::simulate;

const std::vector<double> kTruth = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

Observations wave(const std::vector<double>& places) {
  Observations runs{.names = {"x"}, .columns = {places}, .response = {}, .rows = {}, .data_hash = ""};
  Philox random(2, 0);
  for (std::size_t i = 0; i < places.size(); ++i) {
    runs.response.push_back(3 + 0.5 * std::cos(0.9 * places[i]) + 0.02 * random.normal());
    runs.rows.push_back(i);
  }
  return runs;
}

TEST(StartsDisagree, WhereTwoFrequenciesMeetAtEveryRun) {
  auto law = law_from_formula("c0 + c1 * cos(b * x)", {"x"});
  ASSERT_TRUE(law);
  LawParameter& frequency = law->parameters[static_cast<std::size_t>(law->parameter_index("b"))];
  frequency.natural_start = false;
  frequency.start_lower = frequency.lower = 0;
  frequency.start_upper = frequency.upper = 6.2;
  std::vector<double> whole, broken;
  for (int i = 0; i < 40; ++i) {
    whole.push_back(i + 0.0002 * (i % 3));
    broken.push_back(i * 0.37 + 0.05 * (i % 7));
  }
  const FitOptions options{.objective = Objective::kMse};
  // cos(b x) and cos((2 pi - b) x) agree at whole x, and here all but agree.
  const auto aliased = fit_law(*law, wave(whole), options);
  ASSERT_TRUE(aliased) << aliased.error().message;
  const Finding* finding = find_finding(*aliased, FindingCode::kStartsDisagree);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->subject, "b");
  const auto clear = fit_law(*law, wave(broken), options);
  ASSERT_TRUE(clear);
  EXPECT_FALSE(find_finding(*clear, FindingCode::kStartsDisagree));
}

TEST(FlatValley, WhereATermDrownsInTheNoise) {
  const Law law = shipped_law("chinchilla");
  std::vector<double> faint = kTruth;
  faint[2] = 0.05;  // B / D^beta is then below 1e-5
  const FitOptions options{.objective = Objective::kLogMse, .fixed = {{"beta", kTruth[4]}}};
  const auto drowned = fit_law(law, simulate(law, faint, isoflop_grid(6, 9), 0.005, 3), options);
  ASSERT_TRUE(drowned);
  const Finding* finding = find_finding(*drowned, FindingCode::kFlatValley);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->subject, "B");
  EXPECT_GT(finding->value, kFlatFactor);
  const auto clear = fit_law(law, simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1), options);
  ASSERT_TRUE(clear);
  EXPECT_FALSE(find_finding(*clear, FindingCode::kFlatValley));
}

TEST(ParameterAtBound, WhereTheOptimumLiesBeyondIt) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1);
  const auto held_back = fit_law(law, runs, {.bounds = {{"alpha", {0.4, 1}}}});
  const auto free = fit_law(law, runs, {.bounds = {{"alpha", {0.1, 1}}}});
  ASSERT_TRUE(held_back && free);
  const Finding* finding = find_finding(*held_back, FindingCode::kParameterAtBound);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->subject, "alpha");
  EXPECT_NEAR(finding->value, 0.4, 1e-9);
  EXPECT_FALSE(find_finding(*free, FindingCode::kParameterAtBound));
}

TEST(IllConditioned, WhereColumnsOfTheJacobianAreParallel) {
  const auto law = law_from_formula("c0 + c1*x + c2*x^2", {"x"});
  ASSERT_TRUE(law);
  const auto fit = [&](double from, double to) {
    Observations runs{.names = {"x"}, .columns = {{}}, .response = {}, .rows = {}, .data_hash = ""};
    Philox random(3, 0);
    for (std::size_t i = 0; i < 30; ++i) {
      const double x = from + (to - from) * static_cast<double>(i) / 29;
      runs.columns[0].push_back(x);
      runs.response.push_back(1 + 0.5 * (x - from) + 0.01 * random.normal());
      runs.rows.push_back(i);
    }
    return fit_law(*law, runs, {.objective = Objective::kMse});
  };
  const auto narrow = fit(1000, 1001), wide = fit(-1, 1);
  ASSERT_TRUE(narrow && wide);
  const Finding* finding = find_finding(*narrow, FindingCode::kIllConditioned);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->severity, Severity::kNote);
  EXPECT_GT(finding->value, kLargeCondition);
  EXPECT_FALSE(find_finding(*wide, FindingCode::kIllConditioned));
}

TEST(Collinear, WhereTokensFollowParameters) {
  const Law law = shipped_law("chinchilla");
  const auto fit = [&](double scatter) {
    std::vector<std::vector<double>> columns(2);
    Philox random(8, 0);
    for (int i = 0; i < 40; ++i) {
      columns[0].push_back(1e8 * std::pow(1.15, i));
      columns[1].push_back(20 * columns[0].back() * std::exp(scatter * random.normal()));
    }
    return fit_law(law, simulate(law, kTruth, columns, 0.005, 9));
  };
  const auto along = fit(0.05), across = fit(1.5);
  ASSERT_TRUE(along && across);
  ASSERT_TRUE(find_finding(*along, FindingCode::kCollinear));
  EXPECT_GT(find_finding(*along, FindingCode::kCollinear)->value, kLargeCorrelation);
  EXPECT_FALSE(find_finding(*across, FindingCode::kCollinear));
}

TEST(TooFewBudgets, WhereThereAreLessThanThree) {
  const Law law = shipped_law("chinchilla");
  for (const int budgets : {1, 2, 3, 4}) {
    const auto fit = fit_law(law, simulate(law, kTruth, isoflop_grid(budgets, 14), 0.005, 9));
    ASSERT_TRUE(fit);
    EXPECT_EQ(find_finding(*fit, FindingCode::kTooFewBudgets) != nullptr, budgets < kFewestBudgets) << budgets;
  }
}

TEST(FindingName, IsADifferentOneForEachCode) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(FindingCode::kSensitiveChoice); ++code)
    names.insert(finding_name(static_cast<FindingCode>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(FindingCode::kSensitiveChoice) + 1);
  EXPECT_EQ(names.count(""), 0u);
}

}  // namespace
}  // namespace isoflop
