// SPDX-License-Identifier: Apache-2.0
#include "core/fit/comparison.h"

#include <gmock/gmock.h>

#include <atomic>

#include "run_tables.h"

namespace isoflop {
namespace {

using test::formula_law;
using test::isoflop_table;
using test::shipped_law;
using test::table_of;
using ::testing::HasSubstr;

const std::vector<double> kBesiroglu = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

const ComparedFit& row(const Comparison& comparison, const std::string& label) {
  for (const ComparedFit& law : comparison.laws)
    if (law.label == label) return law;
  ADD_FAILURE() << "no row " << label;
  return comparison.laws.front();
}

const Finding* find(const Comparison& comparison, FindingCode code) {
  for (const Finding& finding : comparison.findings)
    if (finding.code == code) return &finding;
  return nullptr;
}

TEST(CompareLaws, TheTrueLawWinsAmongWrongOnesOnLargerRuns) {
  const Law truth = shipped_law("chinchilla");
  const Law no_floor = formula_law("A / N^a + B / D^b"), compute_only = formula_law("E + A / (N * D)^a"),
            size_only = formula_law("E + A / N^a");
  const RunTable table = isoflop_table(truth, kBesiroglu, 8, 10, 0.003, 7);
  const auto comparison = compare_laws(
      table,
      {{&size_only, {}, "size"}, {&no_floor, {}, "floorless"}, {&truth, {}, "truth"}, {&compute_only, {}, "ND"}});
  ASSERT_TRUE(comparison) << comparison.error().to_string();
  EXPECT_EQ(comparison->ranking, Ranking::kHeldOut);
  EXPECT_EQ(comparison->n_held_out, 20u);
  EXPECT_NEAR(comparison->decades, 2 * std::log10(500) / 7, 1e-9);
  EXPECT_EQ(comparison->size_name, "flops");

  const ComparedFit& best = comparison->laws.front();
  EXPECT_EQ(best.label, "truth");
  EXPECT_LT(best.held_out.mean_absolute, 0.006);
  EXPECT_EQ(best.excess.difference, 0);
  EXPECT_EQ(best.aicc_excess, 0);
  EXPECT_EQ(best.bic_excess, 0);
  EXPECT_EQ(best.parameters, 5);
  for (std::size_t j = 1; j < comparison->laws.size(); ++j) {
    const ComparedFit& wrong = comparison->laws[j];
    EXPECT_TRUE(wrong.excess.distinct) << wrong.label;
    EXPECT_GT(wrong.excess.ci95->lower, 0) << wrong.label;
    EXPECT_GT(wrong.aicc_excess, 10) << wrong.label;
    EXPECT_GT(wrong.cross_validated.mean_absolute, best.cross_validated.mean_absolute) << wrong.label;
    EXPECT_NEAR(wrong.excess.difference, wrong.held_out.mean_absolute - best.held_out.mean_absolute, 1e-12);
  }
  EXPECT_GT(best.weight, 0.9);
  EXPECT_LT(comparison->stacked_held_out.mean_absolute, 1.2 * best.held_out.mean_absolute);
  EXPECT_LT(comparison->stacked_cross_validated.mean_absolute, 1.1 * best.cross_validated.mean_absolute);
  EXPECT_NE(find(*comparison, FindingCode::kExtrapolation), nullptr);
  EXPECT_EQ(find(*comparison, FindingCode::kWithinNoise), nullptr);
}

TEST(CompareLaws, AnErrorToOneSideIsAFinding) {
  const Law truth = shipped_law("chinchilla"), no_floor = formula_law("A / N^a + B / D^b");
  const RunTable table = isoflop_table(truth, kBesiroglu, 8, 10, 0.002, 3);
  const auto comparison = compare_laws(table, {{&no_floor, {}, "floorless"}});
  ASSERT_TRUE(comparison);
  const Finding* finding = find(*comparison, FindingCode::kSystematicError);
  ASSERT_NE(finding, nullptr);
  EXPECT_THAT(finding->message, HasSubstr("too low"));  // without a floor the loss is predicted to go on falling
  EXPECT_LT(comparison->laws[0].held_out.bias, 0);
  const auto right = compare_laws(table, {{&truth, {}, ""}});
  ASSERT_TRUE(right);
  EXPECT_EQ(find(*right, FindingCode::kSystematicError), nullptr);
}

// AIC(lm(dist ~ speed, cars)) = 419.1569 and BIC(...) = 424.8929 in R, logLik -206.5784 with 3 degrees of freedom.
TEST(InformationCriteria, AgreeWithRForAStraightLine) {
  const std::vector<double> speed = {4,  4,  7,  7,  8,  9,  10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13,
                                     13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18,
                                     18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25};
  std::vector<double> distance = {2,  10, 4,  22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28,  26, 34,
                                  34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42,  56, 76,
                                  84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85};
  for (double& y : distance) y += 100;  // so that predictions are positive; the likelihood does not mind
  const Law line = formula_law("a + b * speed", {"speed"});
  const RunTable table = table_of({{"speed", speed}, {"loss", distance}});
  const auto comparison = compare_laws(table, {{&line, {.objective = Objective::kMse}, "line"}},
                                       {.hold_out = {.kind = HoldOut::Kind::kNone}, .folds = 0});
  ASSERT_TRUE(comparison) << comparison.error().to_string();
  EXPECT_EQ(comparison->ranking, Ranking::kAicc);
  const ComparedFit& fitted = comparison->laws[0];
  EXPECT_NEAR(fitted.log_likelihood, -206.5784, 1e-4);
  EXPECT_NEAR(fitted.bic, 424.8929, 1e-4);
  EXPECT_NEAR(fitted.aicc, 419.1569 + 2 * 3 * 4 / 46.0, 1e-4);
}

TEST(CompareLaws, CriteriaPreferFewerParametersWhenTheExtraOneIsZero) {
  const Law small = formula_law("E + A / N^a", {"x"}), large = formula_law("E + A / N^a + B * x", {"x"});
  std::vector<double> params, x;
  for (int i = 0; i < 60; ++i) {
    params.push_back(1e7 * std::pow(1.12, i));
    x.push_back(i * 37 % 60 / 60.0);
  }
  int by_aicc = 0, by_bic = 0, larger = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const double extra : {0.0, 0.1}) {
      Philox random(seed, extra > 0 ? 1 : 0);
      std::vector<double> loss;
      for (std::size_t i = 0; i < params.size(); ++i)
        loss.push_back((1.7 + 400 / std::pow(params[i], 0.34) + extra * x[i]) * std::exp(0.01 * random.normal()));
      const FitOptions squares{.objective = Objective::kLogMse};
      const auto comparison = compare_laws(table_of({{"params", params}, {"x", x}, {"loss", loss}}),
                                           {{&small, squares, "small"}, {&large, squares, "large"}},
                                           {.hold_out = {.kind = HoldOut::Kind::kNone}, .folds = 0});
      ASSERT_TRUE(comparison) << comparison.error().to_string();
      // The larger law holds the smaller one: it is never less likely.
      EXPECT_GE(row(*comparison, "large").log_likelihood, row(*comparison, "small").log_likelihood - 1e-6);
      const bool first = comparison->laws.front().label == "small";
      if (extra > 0) {
        larger += !first;
      } else {
        by_aicc += first;
        by_bic += row(*comparison, "small").bic_excess == 0;
      }
    }
  }
  // A parameter of no use wins when chi-squared of one degree of freedom exceeds 2.3 (AICc), log 60 (BIC): in 13% and
  // 4% of the data sets.
  EXPECT_GE(by_aicc, 14);
  EXPECT_GE(by_bic, 17);
  EXPECT_EQ(larger, 20);
}

TEST(CompareLaws, OutOfFoldAndHeldOutErrorsAreThoseOfFitsByHand) {
  const Law law = shipped_law("chinchilla"), other = formula_law("E + A / (N * D)^a");
  const RunTable table = isoflop_table(law, kBesiroglu, 6, 8, 0.01, 4);
  const auto comparison = compare_laws(table, {{&law, {}, "law"}, {&other, {}, "other"}},
                                       {.hold_out = {.budgets = 1}, .folds = 4, .seed = 9});
  ASSERT_TRUE(comparison);
  const ComparedFit& fitted = row(*comparison, "law");
  const Observations runs = *observe(table, law.roles());
  const auto check = [&](auto&& seen, const std::vector<double>& residuals) {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (!seen(i)) rest.push_back(i);
    const auto fit = fit_law(law, subset(runs, rest));
    ASSERT_TRUE(fit);
    const auto predicted = predict(law, runs.columns, fit->theta);
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (seen(i)) {
        EXPECT_NEAR(residuals[i], std::log(predicted[i] / runs.response[i]), 1e-6) << i;
      }
  };
  for (int fold = 0; fold < 4; ++fold)
    check([&](std::size_t i) { return comparison->fold[i] == fold; }, fitted.out_of_fold_residuals);
  check([&](std::size_t i) { return comparison->left_out[i] != 0; }, fitted.held_out_residuals);
  for (std::size_t i = 0; i < runs.size(); ++i)
    EXPECT_EQ(std::isnan(fitted.held_out_residuals[i]), comparison->left_out[i] == 0);
}

TEST(CompareLaws, SaysWhereTheRunsDoNotTellLawsApart) {
  const Law law = shipped_law("chinchilla"), same = formula_law("F + G / N^a + H / D^b");
  const RunTable table = isoflop_table(law, kBesiroglu, 6, 8, 0.01, 5);
  const auto comparison = compare_laws(table, {{&law, {}, "one"}, {&same, {}, "other"}});
  ASSERT_TRUE(comparison);
  EXPECT_NEAR(comparison->laws[1].excess.difference, 0, 1e-6);
  const Finding* finding = find(*comparison, FindingCode::kWithinNoise);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->subject, comparison->laws[1].label);
}

TEST(CompareLaws, ALawThatCannotTakePartSaysWhyAndLeavesTheOthersAlone) {
  const Law law = shipped_law("chinchilla"), constrained = shipped_law("data-constrained");
  Law accuracy = formula_law("E + A / N^a");
  accuracy.response = "accuracy";
  const RunTable table = isoflop_table(law, kBesiroglu, 6, 8, 0.01, 6);
  const auto comparison = compare_laws(table, {{&law, {}, "law"},
                                               {&constrained, {}, "constrained"},
                                               {&accuracy, {}, "accuracy"},
                                               {&law, {.fixed = {{"gamma", 1}}}, "bad"}});
  ASSERT_TRUE(comparison) << comparison.error().to_string();
  EXPECT_EQ(comparison->laws[0].label, "law");
  EXPECT_FALSE(comparison->laws[0].failure);
  EXPECT_EQ(comparison->laws[0].weight, 1);
  EXPECT_THAT(row(*comparison, "constrained").failure->message, HasSubstr("unique_tokens"));
  EXPECT_THAT(row(*comparison, "accuracy").failure->message, HasSubstr("accuracy"));
  EXPECT_THAT(row(*comparison, "bad").failure->message, HasSubstr("gamma"));
  const auto alone = compare_laws(table, {{&constrained, {}, ""}});
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, ErrorCode::kNotFound);
}

TEST(CompareLaws, LawsAreFittedToTheRunsThatAllOfThemHave) {
  const Law law = shipped_law("chinchilla"), third = formula_law("E + A / N^a + B / D^b + F * x", {"x"});
  RunTable table = isoflop_table(law, kBesiroglu, 6, 8, 0.01, 6);
  std::vector<double> x(table.rows(), 0.1);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = i % 4 == 0 ? std::nan("") : 0.01 * static_cast<double>(i % 7);
  table.columns.push_back(Column{.name = "x", .role = "", .values = x, .derived = {}});
  const auto comparison = compare_laws(table, {{&law, {}, "law"}, {&third, {}, "third"}}, {.folds = 0});
  ASSERT_TRUE(comparison) << comparison.error().to_string();
  EXPECT_EQ(comparison->rows.size(), 36u);
  EXPECT_EQ(comparison->dropped, 12u);
  for (const ComparedFit& fitted : comparison->laws) EXPECT_EQ(fitted.fit->n_runs, 36u);
}

TEST(CompareLaws, StacksWhatNoSingleLawExplains) {
  // Half of the runs follow one law, half another, so that their geometric mean is nearer than either.
  const Law size = formula_law("E + A / N^a"), tokens = formula_law("F + B / D^b");
  std::vector<double> params, data, loss;
  Philox random(1, 0);
  for (int i = 0; i < 80; ++i) {
    params.push_back(1e7 * std::pow(10, 3 * random.uniform()));
    data.push_back(1e9 * std::pow(10, 3 * random.uniform()));
    loss.push_back(std::sqrt((1 + 400 / std::pow(params.back(), 0.3)) * (1 + 500 / std::pow(data.back(), 0.3))) *
                   std::exp(0.002 * random.normal()));
  }
  const auto comparison = compare_laws(table_of({{"params", params}, {"tokens", data}, {"loss", loss}}),
                                       {{&size, {}, "N"}, {&tokens, {}, "D"}},
                                       {.hold_out = {.kind = HoldOut::Kind::kShare, .share = 0.2, .by = "tokens"}});
  ASSERT_TRUE(comparison) << comparison.error().to_string();
  for (const ComparedFit& fitted : comparison->laws) {
    EXPECT_GT(fitted.weight, 0.2);
    EXPECT_LT(comparison->stacked_cross_validated.mean_absolute, 0.95 * fitted.cross_validated.mean_absolute);
  }
  EXPECT_EQ(comparison->stacked_held_out.runs, 16u);
}

TEST(CompareLaws, IsTheSameWithAnyNumberOfThreads) {
  const Law law = shipped_law("chinchilla"), other = formula_law("E + A / (N * D)^a");
  const RunTable table = isoflop_table(law, kBesiroglu, 5, 8, 0.01, 8);
  const std::vector<ComparedLaw> laws = {{&law, {}, "law"}, {&other, {}, "other"}};
  const auto one = compare_laws(table, laws, {.folds = 5, .resamples = 200, .seed = 1, .threads = 1});
  const auto many = compare_laws(table, laws, {.folds = 5, .resamples = 200, .seed = 1, .threads = 4});
  ASSERT_TRUE(one && many);
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_EQ(one->laws[j].out_of_fold_residuals, many->laws[j].out_of_fold_residuals);
    EXPECT_EQ(one->laws[j].weight, many->laws[j].weight);
    EXPECT_EQ(one->laws[j].held_out.mean_absolute, many->laws[j].held_out.mean_absolute);
  }
  EXPECT_EQ(one->laws[1].excess.ci95->upper, many->laws[1].excess.ci95->upper);
}

TEST(CompareLaws, ReportsProgressAndStopsWhenTold) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 5, 8, 0.01, 8);
  double last = 0;
  bool ordered = true;
  const auto done = compare_laws(table, {{&law, {}, ""}}, {},
                                 {.progress =
                                      [&](double share) {
                                        ordered = ordered && share >= last;
                                        last = share;
                                      },
                                  .stop = {}});
  ASSERT_TRUE(done);
  EXPECT_TRUE(ordered);
  EXPECT_NEAR(last, 1, 1e-12);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = compare_laws(table, {{&law, {}, ""}}, {}, {.progress = {}, .stop = stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST(CompareLaws, RefusesWhatMakesNoSense) {
  const Law law = shipped_law("chinchilla");
  const RunTable table = isoflop_table(law, kBesiroglu, 3, 8, 0.01, 8);
  EXPECT_FALSE(compare_laws(table, {}));
  EXPECT_FALSE(compare_laws(table, {{&law, {}, ""}}, {.folds = 1}));
  EXPECT_FALSE(compare_laws(table, {{&law, {}, ""}}, {.hold_out = {.budgets = 3}}));
  const auto unknown = compare_laws(table, {{&law, {}, ""}}, {.hold_out = {.by = "steps"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace isoflop
