// SPDX-License-Identifier: Apache-2.0
// Gadre et al. 2024, Language models scale reliably with over-training and on downstream tasks, arXiv:2403.08540: the
// law fitted to five small runs of a corpus predicts the large ones.

#include "published.h"

namespace isoflop {
namespace {

using test::expect_digits;
using test::observe_law;
using test::shipped_law;

struct Corpus {
  const char *name, *dataset;
  double a, b, eta, e;
};

class OverTraining : public testing::TestWithParam<Corpus> {
 protected:
  // cc_mult is the ratio of tokens to parameters over 20.
  static Mapping mapping(const std::string& without) {
    return {.roles = {{"params", "N"}, {"tokens", "D"}, {"loss", "loss_c4_val"}},
            .derive = {},
            .exclude = {{std::string("dataset != \"") + GetParam().dataset + "\"", "another corpus"}, {without, ""}}};
  }
  static constexpr const char* kOthers = "not ((cc_mult == 1 and N < 5e8) or (cc_mult == 16 and N < 2e7))";
};

INSTANTIATE_TEST_SUITE_P(Corpora, OverTraining,
                         testing::Values(Corpus{"C4", "c4_original", 141.277, 189.516, .121236, 1.50826},
                                         Corpus{"RedPajama", "rpj", 212.236, 366.687, .136425, 1.83665},
                                         Corpus{"RefinedWeb", "rw_original", 157.116, 246.207, .127197, 1.73446}),
                         [](const auto& corpus) { return std::string(corpus.param.name); });

TEST_P(OverTraining, CoefficientsComeFromFiveRuns) {
  NEED_DATA(path, "gadre/gadre_104_runs.csv");
  const Law law = shipped_law("gadre-overtraining");
  const Observations runs = observe_law(law, path, mapping(kOthers));
  ASSERT_EQ(runs.size(), 5u);
  const auto fit = fit_law(law, runs, {.objective = Objective::kMse});
  ASSERT_TRUE(fit) << fit.error().to_string();
  expect_digits(*fit, "a", GetParam().a, 2e-3 * GetParam().a);
  expect_digits(*fit, "b", GetParam().b, 2e-3 * GetParam().b);
  expect_digits(*fit, "eta", GetParam().eta, 5e-6);
  expect_digits(*fit, "E", GetParam().e, 5e-5);
  const auto* set = law.find_set(std::string("gadre2024-") + (GetParam().name[0] == 'C'   ? "c4"
                                                              : GetParam().name[2] == 'd' ? "redpajama"
                                                                                          : "refinedweb"));
  ASSERT_NE(set, nullptr);
  EXPECT_LE(fit->objective, evaluate_objective(law, runs, set->values, Objective::kMse) * (1 + 1e-9));
}

// Relative error of the loss of 1.4B parameters at 640 tokens per parameter, and of 6.9B at 20.
TEST(OverTrainedRuns, LargeRunsOnRedPajamaAreForeseenWithinOnePercent) {
  NEED_DATA(path, "gadre/gadre_104_runs.csv");
  const Law law = shipped_law("gadre-overtraining");
  const Mapping all{.roles = {{"params", "N"}, {"tokens", "D"}, {"loss", "loss_c4_val"}},
                    .derive = {},
                    .exclude = {{"dataset != \"rpj\"", ""}}};
  Mapping few = all, large = all;
  few.exclude.emplace_back("not ((cc_mult == 1 and N < 5e8) or (cc_mult == 16 and N < 2e7))", "");
  large.exclude.emplace_back("N < 1e9 or (N < 6e9 and cc_mult != 32)", "");
  const Observations held = observe_law(law, path, large);
  ASSERT_EQ(held.size(), 2u);
  const auto fit = fit_law(law, observe_law(law, path, few), {.objective = Objective::kMse});
  ASSERT_TRUE(fit) << fit.error().to_string();
  const auto predicted = predict(law, held.columns, fit->theta);
  for (std::size_t i = 0; i < held.size(); ++i) {
    const double error = std::abs(predicted[i] / held.response[i] - 1);
    EXPECT_NEAR(error, held.columns[0][i] < 2e9 ? .007103 : .007320, 5e-6) << held.columns[0][i];
  }
}

}  // namespace
}  // namespace isoflop
