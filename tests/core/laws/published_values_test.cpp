// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

#include "core/formula/scalar.h"
#include "core/runs/mapping.h"
#include "support/law_points.h"
#include "support/shared_data.h"

namespace isoflop {
namespace {

using test::Named;

const Law& law_of(const std::string& id) {
  const Law* law = test::shipped_laws().find(id);
  if (law == nullptr) throw std::runtime_error("no law " + id);
  return *law;
}

double with_set(const std::string& id, const std::string& set, const Named& point) {
  const CoefficientSet* found = law_of(id).find_set(set);
  if (found == nullptr) throw std::runtime_error("no set " + set + " of " + id);
  return test::predict(law_of(id), point, found->values);
}

double with_values(const std::string& id, const Named& values, const Named& point) {
  std::vector<double> theta;
  for (const LawParameter& parameter : law_of(id).parameters) theta.push_back(values.at(parameter.name));
  return test::predict(law_of(id), point, theta);
}

// S_min 1e4 steps, E_min 1e7 examples: at the critical batch of 1,000 both are twice their least.
TEST(PublishedValues, CriticalBatchDoublesStepsAndExamples) {
  EXPECT_NEAR(with_values("mccandlish-steps", {{"S_min", 1e4}, {"B_crit", 1e3}}, {{"B", 1000}}), 2e4, 1e-8);
  EXPECT_NEAR(with_values("mccandlish-examples", {{"E_min", 1e7}, {"B_crit", 1e3}}, {{"B", 1000}}), 2e7, 1e-5);
  EXPECT_NEAR(with_values("mccandlish-tradeoff", {{"S_min", 1e4}, {"E_min", 1e7}}, {{"E", 2e7}}), 2e4, 1e-8);
  EXPECT_NEAR(with_values("mccandlish-learning-rate", {{"epsilon_max", 0.1}, {"B_noise", 1e3}}, {{"B", 1000}}), 0.05,
              1e-15);
}

// What two of the laws say at one batch lies on the hyperbola that the third draws.
TEST(PublishedValues, StepsAndExamplesLieOnTheHyperbola) {
  for (const double batch : {30.0, 1e3, 7e4}) {
    const double steps = with_values("mccandlish-steps", {{"S_min", 1e4}, {"B_crit", 1e3}}, {{"B", batch}});
    const double examples = with_values("mccandlish-examples", {{"E_min", 1e7}, {"B_crit", 1e3}}, {{"B", batch}});
    EXPECT_NEAR((steps / 1e4 - 1) * (examples / 1e7 - 1), 1, 1e-12);
    EXPECT_NEAR(examples / steps / batch, 1, 1e-12);
    EXPECT_NEAR(with_values("mccandlish-tradeoff", {{"S_min", 1e4}, {"E_min", 1e7}}, {{"E", examples}}) / steps, 1,
                1e-10);
  }
}

// 2e8 tokens / L^4.76.
TEST(PublishedValues, KaplansCriticalBatchHasThePrintedExponent) {
  EXPECT_NEAR(with_set("kaplan-critical-batch", "kaplan2020", {{"L", 1}}), 2e8, 1e-6);
  const double exponent = std::log(with_set("kaplan-critical-batch", "kaplan2020", {{"L", 2}}) / 2e8) / std::log(0.5);
  EXPECT_NEAR(exponent, 4.76, 5e-3);
}

TEST(PublishedValues, TimescaleFallsWithTokensPerParameter) {
  EXPECT_NEAR(with_set("power-lines-timescale", "bergsma2025", {{"N", 1e9}, {"D", 2e10}}), 0.2236, 5e-5);
  EXPECT_NEAR(with_set("power-lines-timescale", "bergsma2025", {{"N", 1e8}, {"D", 1e11}}), 0.0284, 5e-5);
}

// tau = B / (eta lambda D) with the lambda of one law is the tau of the other.
TEST(PublishedValues, WeightDecayGivesTheBestTimescale) {
  const double decay =
      with_set("power-lines-weight-decay", "bergsma2025", {{"N", 1e9}, {"D", 2e10}, {"B", 1e6}, {"eta", 1e-3}});
  EXPECT_NEAR(1e6 / (1e-3 * decay * 2e10), 0.2236, 5e-5);
}

TEST(PublishedValues, SurgeIsSymmetricAboutTheNoiseScale) {
  for (const double batch : {100.0, 10000.0})
    EXPECT_NEAR(with_values("surge-learning-rate", {{"eta_max", 1}, {"B_noise", 1000}}, {{"B", batch}}), 0.57496, 5e-6);
  EXPECT_EQ(with_values("surge-learning-rate", {{"eta_max", 1}, {"B_noise", 1000}}, {{"B", 1000}}), 1);
}

TEST(PublishedValues, DeepSeeksLearningRateAndBatchAtABudget) {
  EXPECT_NEAR(with_set("deepseek-learning-rate", "deepseek2024", {{"C", 1e20}}), 9.860e-4, 5e-8);
  EXPECT_NEAR(with_set("deepseek-batch", "deepseek2024", {{"C", 1e20}}), 1.0171e6, 50);
}

// .00037 N^.703 sequences of 2,048 tokens are .7576 N^.703 tokens: .76 of them at one parameter.
TEST(PublishedValues, PoriansBatchIsInTokens) {
  EXPECT_NEAR(with_set("porian-batch", "porian2024", {{"N", 1}}), 0.7576, 2e-4);
  EXPECT_NEAR(with_set("porian-batch", "porian2024", {{"N", 1e8}}) / (0.00037 * std::pow(1e8, 0.703)), 2048, 1e-6);
}

// A rule that carries a known value over gives that value back at its own place, and its exponent away from it.
TEST(PublishedValues, TransferRulesKeepWhatIsKnown) {
  struct Rule {
    std::string law, set;
    std::string x, x_1, y_1;
    double exponent;
  };
  const std::vector<Rule> rules{{"zhang-critical-batch-transfer", "zhang2024", "D", "D_1", "B_1", 0.47},
                                {"zhang-critical-batch-transfer", "bergsma2025", "D", "D_1", "B_1", 0.47},
                                {"time-transfer-batch", "filatov2024", "T", "T_1", "B_1", 0.5},
                                {"shuai-steps-transfer", "shuai2024", "C", "C_1", "S_1", 0.434},
                                {"shuai-batch-transfer", "shuai2024", "C", "C_1", "B_1", 0.102},
                                {"bjorck-transfer", "bjorck2024", "D", "D_1", "eta_1", -0.32},
                                {"mup-learning-rate", "yang2022", "d", "d_1", "eta_1", -1}};
  for (const Rule& rule : rules) {
    EXPECT_NEAR(with_set(rule.law, rule.set, {{rule.x, 512}, {rule.x_1, 512}, {rule.y_1, 0.25}}), 0.25, 1e-15);
    EXPECT_NEAR(with_set(rule.law, rule.set, {{rule.x, 5120}, {rule.x_1, 512}, {rule.y_1, 0.25}}),
                0.25 * std::pow(10, rule.exponent), 1e-14)
        << rule.law;
  }
}

// The rule for moving averages: a batch kappa times as large needs rho^kappa, as kappa steps of rho.
TEST(PublishedValues, MovingAverageOfALargerBatchIsThatOfSoManySteps) {
  EXPECT_NEAR(with_values("ema-scaling", {{"p", 1}}, {{"rho", 0.999}, {"kappa", 8}}), std::pow(0.999, 8), 1e-15);
}

// Six N D to train and 2 N D to serve: a model M times as large costs what the multiplier buys. R = D_inf / D_pre.
TEST(PublishedValues, SnellsExchangeAtThePublishedRatios) {
  for (const double ratio : {0.16, 0.79, 22.0}) {
    const double multiplier =
        with_values("snell-exchange", {{"r", 3}}, {{"M", 14}, {"D_pre", 1e12}, {"D_inf", ratio * 1e12}});
    EXPECT_NEAR(multiplier, 14 + 3 / ratio * 13, 1e-9);
    const double small = 6 * 1e12 + 2 * ratio * 1e12 * multiplier, large = 14 * (6 * 1e12 + 2 * ratio * 1e12);
    EXPECT_NEAR(small / large, 1, 1e-12);
  }
}

TEST(PublishedValues, EloOfBoardGamesOnANineByNineBoard) {
  EXPECT_NEAR(with_set("jones-elo", "jones2021", {{"C", 1e14}, {"s", 9}}), -1130, 1e-9);
  EXPECT_NEAR(with_set("jones-elo", "jones2021", {{"C", 1e16}, {"s", 9}}), -110, 1e-9);
  EXPECT_NEAR(with_set("jones-elo", "jones2021", {{"C", 1e6}, {"s", 9}}), -1860, 1e-9) << "the plateau";
  EXPECT_EQ(with_set("jones-elo", "jones2021", {{"C", 1e18}, {"s", 9}}), 0) << "perfect play";
  EXPECT_NEAR(std::log10(with_set("jones-train-test", "jones2021", {{"C", 1e15}, {"R", -500}})), 9, 1e-12);
}

// Peaks of over-optimisation: the derivative vanishes where the derived quantity says.
TEST(PublishedValues, OverOptimisationPeaksWhereItsDerivedQuantitySays) {
  for (const std::string id : {"gao-best-of-n", "gao-rl"}) {
    const std::vector<double> theta{1.3, 0.4};
    const double best = evaluate_scalar(law_of(id).derived.at(0).formula, theta);
    const double top = test::predict(law_of(id), {{"K", best}}, theta);
    for (const double step : {0.98, 1.02}) EXPECT_LT(test::predict(law_of(id), {{"K", best * step}}, theta), top) << id;
  }
}

TEST(PublishedValues, DensityDoublesInThreePointThreeMonths) {
  const Law& law = law_of("densing-growth");
  const double days = evaluate_scalar(law.derived.at(0).formula, law.find_set("xiao2024")->values);
  EXPECT_NEAR(days, 99, 0.05);
  EXPECT_NEAR(days / (365.25 / 12), 3.3, 0.05);
  EXPECT_NEAR(with_set("densing-growth", "xiao2024", {{"t", 100 + days}, {"rho_1", 1.5}, {"t_1", 100}}), 3, 1e-12);
}

// A score under both names of the sigmoid: that of Bhagia et al. and that of Llama 3.
TEST(PublishedValues, TwoSigmoidsOfTaskLossAreOneCurve) {
  for (const double loss : {0.4, 0.8, 1.5})
    EXPECT_NEAR(
        with_values("ladder-accuracy", {{"a", -0.6}, {"k", 7}, {"L_0", 0.8}, {"b", 0.85}}, {{"L", loss}}),
        with_values("llama3-accuracy", {{"floor", 0.25}, {"ceiling", 0.85}, {"k", 7}, {"L_0", 0.8}}, {{"L", loss}}),
        1e-14);
}

// Schaeffer et al. 2023: an answer of five tokens at .1 nats each is right exp(-.5) of the time.
TEST(PublishedValues, ExactMatchMultipliesOverTokens) {
  EXPECT_NEAR(with_values("exact-match", {{"s", 1}}, {{"L", 0.1}, {"k", 5}}), std::exp(-0.5), 1e-15);
}

// Li et al. 2025: the procedure applied to the released runs, those within .25% of the best loss of their size and
// data, gives other numbers than those printed.
TEST(PublishedValues, StepLawRefitIsWhatTheReleasedRunsGive) {
  const std::filesystem::path folder = test::shared_data() / "steplaw";
  if (test::shared_data().empty() || !std::filesystem::exists(folder)) GTEST_SKIP() << "no published run data";
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".csv") file = entry.path();
  const auto table = load_runs(file, {});
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  const auto n = table->numbers("N"), d = table->numbers("D"), lr = table->numbers("lr"), bs = table->numbers("bs");
  const auto loss = table->numbers("smooth loss");
  ASSERT_FALSE(n.empty() || d.empty() || lr.empty() || bs.empty() || loss.empty());
  std::map<std::pair<double, double>, double> best;
  for (std::size_t i = 0; i < n.size(); ++i) {
    auto& least = best.try_emplace({n[i], d[i]}, std::numeric_limits<double>::infinity()).first->second;
    least = std::min(least, loss[i]);
  }
  // Of least squares in the logarithm the residuals have no mean and no slope over the predictors.
  struct Residuals {
    std::string law, set;
    bool of_batch;
    std::vector<double> of, log_n, log_d;

    double mean() const { return std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size()); }
    double slope(const std::vector<double>& x) const {
      const double middle = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
      double products = 0, squares = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        products += (x[i] - middle) * of[i];
        squares += (x[i] - middle) * (x[i] - middle);
      }
      return products / squares;
    }
  };
  std::vector<Residuals> all{{"step-law-learning-rate", "li2025-refit", false, {}, {}, {}},
                             {"step-law-learning-rate", "li2025", false, {}, {}, {}},
                             {"step-law-batch", "li2025-refit", true, {}, {}, {}},
                             {"step-law-batch", "li2025", true, {}, {}, {}}};
  for (Residuals& residuals : all) {
    for (std::size_t i = 0; i < n.size(); ++i) {
      if (!(loss[i] <= 1.0025 * best.at({n[i], d[i]}))) continue;
      const double observed = residuals.of_batch ? 2048 * bs[i] : lr[i];
      residuals.of.push_back(std::log(observed / with_set(residuals.law, residuals.set, {{"N", n[i]}, {"D", d[i]}})));
      residuals.log_n.push_back(std::log(n[i]));
      residuals.log_d.push_back(std::log(d[i]));
    }
  }
  EXPECT_EQ(all[0].of.size(), 129u);
  EXPECT_NEAR(all[0].mean(), 0, 0.01);
  EXPECT_NEAR(all[0].slope(all[0].log_n), 0, 0.002);
  EXPECT_NEAR(all[0].slope(all[0].log_d), 0, 0.002);
  EXPECT_NEAR(all[2].mean(), 0, 0.01);
  EXPECT_NEAR(all[2].slope(all[2].log_d), 0, 0.002);
  // The printed exponents leave slopes.
  EXPECT_GT(std::abs(all[1].slope(all[1].log_d)), 0.03);
  EXPECT_GT(std::abs(all[3].slope(all[3].log_d)), 0.03);
}

}  // namespace
}  // namespace isoflop
