// SPDX-License-Identifier: Apache-2.0
// Numbers of fits to published data, found by independent solvers.
#include "core/fit/bootstrap.h"
#include "fitting.h"
#include "support/shared_data.h"

namespace isoflop {
namespace {

using test::held_at;
using test::observe_file;
using test::shipped_law;

#define NEED_DATA(path, name)                                      \
  const std::filesystem::path path = test::shared_data() / (name); \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "published data is not here: " << path

Mapping chinchilla_mapping(bool without_outliers) {
  Mapping mapping{.roles = {{"params", "Model Size"}, {"flops", "Training FLOP"}},
                  .derive = {"tokens = flops / (6 * params)"},
                  .exclude = {}};
  if (without_outliers) mapping.exclude = {{"rank(loss, descending) <= 5", "outliers, as Besiroglu et al."}};
  return mapping;
}

void expect_within(const Fit& fit, const std::string& name, double want, double share) {
  const auto found = std::find(fit.names.begin(), fit.names.end(), name);
  ASSERT_NE(found, fit.names.end());
  EXPECT_NEAR(fit.theta[static_cast<std::size_t>(found - fit.names.begin())], want, share * want) << name;
}

TEST(PublishedFits, ChinchillaReachesTheConvergedOptimumWithoutAStart) {
  NEED_DATA(path, "chinchilla/svg_extracted_data.csv");
  const Law law = shipped_law("chinchilla");
  const Observations runs = observe_file(law, path, chinchilla_mapping(true));
  ASSERT_EQ(runs.size(), 240u);
  const auto fit = fit_law(law, runs);
  ASSERT_TRUE(fit) << fit.error().to_string();
  EXPECT_LE(fit->objective, 1.01827402e-3);
  EXPECT_GE(fit->objective, 1.0182740178e-3 * (1 - 1e-9));  // an independent solver found nothing lower
  expect_within(*fit, "A", 477.826, 1e-3);
  expect_within(*fit, "B", 2143.417, 1e-3);
  expect_within(*fit, "E", 1.8172181, 1e-3);
  expect_within(*fit, "alpha", .3473105, 1e-3);
  expect_within(*fit, "beta", .3671724, 1e-3);
}

TEST(PublishedFits, ChinchillaIntervalsAgreeWithFourThousandIndependentResamples) {
  NEED_DATA(path, "chinchilla/svg_extracted_data.csv");
  const Law law = shipped_law("chinchilla");
  const Observations runs = observe_file(law, path, chinchilla_mapping(true));
  const auto fit = fit_law(law, runs);
  ASSERT_TRUE(fit);
  const auto resamples = bootstrap(law, runs, *fit, {.resamples = 4000, .seed = 1, .kind = BootstrapKind::kDraws});
  ASSERT_TRUE(resamples);
  EXPECT_EQ(resamples->failed, 0);
  const std::map<std::string, Interval> published = {
      {"A", {285, 744}}, {"B", {1042, 5810}}, {"E", {1.769, 1.871}}, {"alpha", {.317, .373}}, {"beta", {.331, .415}}};
  std::vector<double> exponents;
  for (std::size_t j = 0; j < fit->names.size(); ++j) {
    std::vector<double> sample;
    for (int i = 0; i < resamples->resamples(); ++i) sample.push_back(resamples->sample(i)[j]);
    const Interval got = percentile_interval(sample), want = published.at(fit->names[j]);
    EXPECT_NEAR(got.lower, want.lower, 0.1 * want.lower) << fit->names[j];
    EXPECT_NEAR(got.upper, want.upper, 0.1 * want.upper) << fit->names[j];
    if (fit->names[j] == "alpha" || fit->names[j] == "beta") {
      EXPECT_NEAR(fit->standard_errors[j], (got.upper - got.lower) / 3.92, 0.4 * (got.upper - got.lower) / 3.92);
    }
  }
  const int alpha = law.parameter_index("alpha"), beta = law.parameter_index("beta");
  double sum = 0, squares = 0;
  for (int i = 0; i < resamples->resamples(); ++i) {
    const auto theta = resamples->sample(i);
    const double a = theta[static_cast<std::size_t>(beta)] /
                     (theta[static_cast<std::size_t>(alpha)] + theta[static_cast<std::size_t>(beta)]);
    sum += a;
    squares += a * a;
  }
  const double n = resamples->resamples(), error = std::sqrt(squares / n - sum * sum / (n * n));
  EXPECT_GE(error, .0175);  // published standard error of the exponent: .018 to .020
  EXPECT_LE(error, .0205);
}

TEST(PublishedFits, AllChinchillaRunsLieInTheFlatValleyOfTheIndependentSolver) {
  NEED_DATA(path, "chinchilla/svg_extracted_data.csv");
  const Law law = shipped_law("chinchilla");
  const Observations runs = observe_file(law, path, chinchilla_mapping(false));
  ASSERT_EQ(runs.size(), 245u);
  const auto fit = fit_law(law, runs);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->objective, .00182601, .5e-8);
  expect_within(*fit, "E", 1.8913, 1e-3);
  expect_within(*fit, "beta", .4530, 1e-3);
}

TEST(PublishedFits, PublishedCoefficientsHaveTheObjectivesOfTheIndependentSolver) {
  NEED_DATA(path, "chinchilla/svg_extracted_data.csv");
  const Law law = shipped_law("chinchilla");
  const Observations runs = observe_file(law, path, chinchilla_mapping(true));
  EXPECT_NEAR(evaluate_objective(law, runs, law.find_set("hoffmann2022")->values), .0041210, .5e-7);
  EXPECT_NEAR(evaluate_objective(law, runs, law.find_set("hoffmann2022-unrounded")->values), .0012312, .5e-7);
}

class DataConstrained : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::shared_data() / "datablations/parametric_fit_cell26_182_samples.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "published data is not here: " << path;
    runs_ = observe_file(law_, path, {});
    ASSERT_EQ(runs_.size(), 182u);
    options_.fixed = held_at(law_, *law_.find_set("muennighoff2023"), {"R_D", "R_N"});
  }
  double parameter(const Fit& fit, const char* name) const {
    return fit.theta[static_cast<std::size_t>(law_.parameter_index(name))];
  }

  Law law_ = shipped_law("data-constrained");
  Observations runs_;
  FitOptions options_;
};

TEST_F(DataConstrained, FindsTheGlobalOptimumNotThePublishedOne) {
  const auto fit = fit_law(law_, runs_, options_);
  ASSERT_TRUE(fit);
  EXPECT_LE(fit->objective, .01580467);
  EXPECT_NEAR(parameter(*fit, "R_D"), 95.365, .01);
  EXPECT_NEAR(parameter(*fit, "R_N"), 1.7059, .0005);
}

TEST_F(DataConstrained, FindsThePublishedOptimumWhenStartedThere) {
  options_.start = {{"R_D", 15.387756}, {"R_N", 5.309743}};
  const auto fit = fit_law(law_, runs_, options_);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->objective, .0158259321, .5e-10);
  EXPECT_NEAR(parameter(*fit, "R_D"), 15.3718, .0005);
  EXPECT_NEAR(parameter(*fit, "R_N"), 5.31513, .0005);
}

TEST_F(DataConstrained, SaysThatStartsDisagreeAndTheValleyIsFlat) {
  const auto fit = fit_law(law_, runs_, options_);
  ASSERT_TRUE(fit);
  ASSERT_TRUE(test::find_finding(*fit, FindingCode::kStartsDisagree));
  const Finding* flat = test::find_finding(*fit, FindingCode::kFlatValley);
  ASSERT_TRUE(flat);
  EXPECT_EQ(flat->subject, "R_D");
  EXPECT_GE(flat->value, 200.0 / 15.5);  // known to be flat from 15 to 200
  bool published = false, second = false;
  for (const LocalOptimum& optimum : fit->optima) {
    published |= std::abs(optimum.objective - .0158259321) < 1e-9;
    second |= std::abs(optimum.objective - .0158073786) < 1e-9;
  }
  EXPECT_TRUE(published);
  EXPECT_TRUE(second);
}

}  // namespace
}  // namespace isoflop
