// SPDX-License-Identifier: Apache-2.0
// Porian et al. 2024, Resolving Discrepancies in Compute-Optimal Scaling of Language Models, arXiv:2406.19146: the
// exponent of N*(C) by configuration. Its code (formll/resolving-scaling-law-discrepancies) takes .002 for the standard
// deviation of the loss between seeds on RefinedWeb and .01 on OpenWebText2.
#include "core/fit/isoflop_minima.h"
#include "published.h"

namespace isoflop {
namespace {

struct Configuration {
  const char *name, *dataset, *hparams, *warmup, *decay, *param_count;
  double exponent;
  Interval interval;  // of the published table; {0, 0} where only the exponent was at hand
};

constexpr double kNoInterval = 0;

const Configuration kConfigurations[] = {
    {"RefinedWebKaplan", "rw", "base", "long", "kaplan", "kaplan", .835, {.824, .846}},
    {"RefinedWebLastLayer", "rw", "base", "long", "kaplan", "standard", .706, {.692, .717}},
    {"RefinedWebWarmup", "rw", "base", "short", "kaplan", "standard", .602, {.591, .617}},
    {"RefinedWebCosine", "rw", "base", "short", "chinchilla", "standard", .571, {.560, .589}},
    {"RefinedWebTuned", "rw", "tuned", "short", "const", "standard", .497, {.491, .505}},
    {"OpenWebText2Kaplan", "owt2", "base", "long", "kaplan", "kaplan", .864, {kNoInterval, kNoInterval}},
    {"OpenWebText2LastLayer", "owt2", "base", "long", "kaplan", "standard", .699, {kNoInterval, kNoInterval}},
    {"OpenWebText2Warmup", "owt2", "base", "short", "kaplan", "standard", .603, {kNoInterval, kNoInterval}},
    {"OpenWebText2Cosine", "owt2", "base", "short", "chinchilla", "standard", .574, {kNoInterval, kNoInterval}},
    {"OpenWebText2Tuned", "owt2", "tuned", "short", "const", "standard", .519, {kNoInterval, kNoInterval}},
};

class Porian : public testing::TestWithParam<Configuration> {
 protected:
  static bool on_refined_web() { return std::string(GetParam().dataset) == "rw"; }

  static Mapping mapping(const std::string& params, const std::string& loss) {
    const Configuration& c = GetParam();
    Mapping mapping{.roles = {{"params", params}, {"loss", loss}}, .derive = {}, .exclude = {}};
    const std::pair<const char*, const char*> wanted[] = {{"dataset", c.dataset},
                                                          {"hparams", c.hparams},
                                                          {"warmup", c.warmup},
                                                          {"decay", c.decay},
                                                          {"param_count", c.param_count}};
    for (const auto& [column, value] : wanted)
      mapping.exclude.emplace_back(std::string(column) + " != \"" + value + "\"", "another configuration");
    return mapping;
  }

  static Result<IsoflopAnalysis> analyse(const std::filesystem::path& path) {
    auto table = load_runs(path, mapping("n", "loss"));
    if (!table) return table.error();
    const auto runs = observe(*table, {"params", "flops"});
    if (!runs) return runs.error();
    return analyse_isoflops(runs->columns[0], runs->columns[1], runs->response,
                            {.minimum_runs = 3,
                             .resamples = 1000,
                             .seed = 1,
                             .method = IsoflopMethod::kAkima,
                             .weights = IsoflopWeights::kSpread,
                             .noise = on_refined_web() ? .002 : .01});
  }
};

INSTANTIATE_TEST_SUITE_P(Table, Porian, testing::ValuesIn(kConfigurations),
                         [](const auto& configuration) { return std::string(configuration.param.name); });

TEST_P(Porian, ExponentAndIntervalAreThePublishedOnes) {
  NEED_DATA(path, "porian/isoflop_points.csv");
  const auto analysis = analyse(path);
  ASSERT_TRUE(analysis) << analysis.error().to_string();
  ASSERT_TRUE(analysis->params && analysis->params->exponent_ci95);
  const Interval interval = *analysis->params->exponent_ci95;
  // The published estimate is a median over random noise too.
  EXPECT_NEAR(analysis->params->exponent, GetParam().exponent, on_refined_web() ? .0015 : .004);
  EXPECT_LT(interval.lower, GetParam().exponent);
  EXPECT_GT(interval.upper, GetParam().exponent);
  if (GetParam().interval.upper == kNoInterval) return;
  EXPECT_GT(analysis->params->exponent, GetParam().interval.lower);
  EXPECT_LT(analysis->params->exponent, GetParam().interval.upper);
  EXPECT_NEAR(interval.lower, GetParam().interval.lower, .003);
  EXPECT_NEAR(interval.upper, GetParam().interval.upper, .003);
}

TEST_P(Porian, MinimaAndTheirSpreadAreThoseOfTheAuthors) {
  NEED_DATA(points, "porian/isoflop_points.csv");
  NEED_DATA(path, "porian/optimal_pairs.csv");
  const auto analysis = analyse(points);
  ASSERT_TRUE(analysis) << analysis.error().to_string();
  const auto table = load_runs(path, mapping("n_opt", "loss_opt"));
  ASSERT_TRUE(table) << table.error().to_string();
  const auto published = observe(*table, {"flops", "params", "n_star_std"}, "loss");
  ASSERT_TRUE(published) << published.error().to_string();
  std::size_t accepted = 0;
  for (const IsoflopCurve& curve : analysis->curves) {
    if (!curve.accepted) continue;
    ++accepted;
    bool found = false;
    for (std::size_t i = 0; i < published->size(); ++i) {
      if (std::abs(std::log(published->columns[0][i] / curve.flops)) > 1e-6) continue;
      found = true;
      // Theirs are a median over points of a grid, 25 to the gap between sizes.
      EXPECT_NEAR(std::log(curve.params / published->columns[1][i]), 0, on_refined_web() ? .03 : .08) << curve.flops;
      EXPECT_LE(curve.params_spread, 1.15 * published->columns[2][i]) << curve.flops;
    }
    EXPECT_TRUE(found) << "the authors leave out " << curve.flops;
  }
  EXPECT_EQ(accepted, published->size());
}

}  // namespace
}  // namespace isoflop
