// SPDX-License-Identifier: Apache-2.0
#include "core/fit/density.h"

#include "fitting.h"

namespace isoflop {
namespace {

using test::shipped_law;

const std::vector<double> kLossTruth{20, 60, 0.22, 0.25};         // a, b, alpha, beta
const std::vector<double> kScoreTruth{0.65, -7, 0.7, 0.25};       // c, gamma, l, d
const std::map<std::string, double> kTrillion{{"tokens", 1e12}};  // D_0 of Xiao et al. 2024

class Densities : public testing::Test {
 protected:
  const Law loss_ = shipped_law("densing-loss"), score_ = shipped_law("densing-performance");
  const Chain chain_ = make_chain(loss_, score_).value();
  const ChainTheta truth_{kLossTruth, kScoreTruth};

  double score_of(double params, double tokens) const {
    return predict_chain(chain_, truth_, {{"params", params}, {"tokens", tokens}})->score;
  }
};

TEST_F(Densities, OfAModelThatEqualsOneTwiceItsSizeIsTwo) {
  ChainFit fit{.chain = chain_, .first = {}, .second = {}, .resamples = {truth_, truth_}};
  fit.first.theta = kLossTruth;
  fit.second.theta = kScoreTruth;
  for (const double params : {1e8, 3e9, 7e10}) {
    const auto density = density_of(fit, params, score_of(2 * params, 1e12), kTrillion);
    ASSERT_TRUE(density) << density.error().message;
    EXPECT_NEAR(density->density, 2, 1e-8);
    EXPECT_NEAR(density->effective_params / params, 2, 1e-8);
    ASSERT_EQ(density->sample.size(), 2u);
    EXPECT_EQ(density->sample[0], density->density);
  }
}

// L(S) = l - ln(c / (S - d) - 1) / gamma, and N(L) = ((L - b D^-beta) / a)^(-1 / alpha), as the paper inverts it; the
// same as the two law files for the inverse steps have it.
TEST_F(Densities, AgreeWithThePublishedClosedForm) {
  const Law inverse_score = shipped_law("densing-loss-of-performance"), inverse_loss = shipped_law("densing-params");
  for (const double score : {0.3, 0.45, 0.6, 0.8}) {
    const auto size = effective_params(chain_, truth_, score, kTrillion);
    ASSERT_TRUE(size) << size.error().message;
    const double c = kScoreTruth[0], gamma = kScoreTruth[1], l = kScoreTruth[2], d = kScoreTruth[3];
    const double loss = l - std::log(c / (score - d) - 1) / gamma;
    const double a = kLossTruth[0], b = kLossTruth[1], alpha = kLossTruth[2], beta = kLossTruth[3];
    const double params = std::pow((loss - b * std::pow(1e12, -beta)) / a, -1 / alpha);
    EXPECT_NEAR(*size / params, 1, 1e-9) << score;
    const double loss_of_file = predict(inverse_score, {{score}}, kScoreTruth)[0];
    EXPECT_NEAR(loss_of_file, loss, 1e-12);
    EXPECT_NEAR(predict(inverse_loss, {{loss_of_file}, {1e12}}, kLossTruth)[0] / params, 1, 1e-9);
  }
}

TEST_F(Densities, HaveNoValueForAScoreOutOfReach) {
  for (const double score : {0.2, 0.25, 0.95}) {
    const auto size = effective_params(chain_, truth_, score, kTrillion);
    ASSERT_TRUE(size);
    EXPECT_TRUE(std::isnan(*size)) << score;
  }
  // With few tokens no size brings the loss low enough for what a trillion would.
  const double score = score_of(1e12, 1e12);
  EXPECT_TRUE(std::isfinite(*effective_params(chain_, truth_, score, kTrillion)));
  EXPECT_TRUE(std::isnan(*effective_params(chain_, truth_, score, {{"tokens", 1e7}})));
}

TEST_F(Densities, NeedASizeAmongTheVariablesAndAllOtherValues) {
  const auto missing = effective_params(chain_, truth_, 0.5, {});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("give tokens"), std::string::npos);
  const Law by_compute = shipped_law("llama3-task-loss");
  const auto none = effective_params(make_chain(by_compute, score_).value(), {{7, -0.25}, kScoreTruth}, 0.5, {});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("no parameters among its variables"), std::string::npos);
}

// .007 a day doubles in 99 days, the 3.3 months of the paper.
TEST(DensityTrend, RecoversThePublishedRateFromTheRecordsAlone) {
  std::vector<double> days, densities;
  Philox random(1, 0);
  for (int i = 0; i < 40; ++i) {
    days.push_back(12.0 * i);
    densities.push_back(std::exp(0.007 * days.back() - 2) * (i % 3 == 0 ? 1 : 0.3 * random.uniform()));
  }
  const auto trend = density_trend(days, densities);
  ASSERT_TRUE(trend) << trend.error().message;
  EXPECT_NEAR(trend->rate, 0.007, 1e-12);
  EXPECT_NEAR(trend->offset, -2, 1e-9);
  EXPECT_NEAR(trend->doubling_days, 99, 0.1);
  EXPECT_NEAR(trend->rate_error, 0, 1e-9);
  EXPECT_EQ(trend->records.size(), 14u);
}

// Least squares of (0, 0), (1, 1), (2, 3): slope 1.5, offset -1/6, residual sum 1/6, so a standard error of sqrt(1/12).
TEST(DensityTrend, HasTheStandardErrorOfLeastSquares) {
  const std::vector<double> days{2, 0, 1}, densities{std::exp(3.0), 1, std::exp(1.0)};
  const auto trend = density_trend(days, densities);
  ASSERT_TRUE(trend);
  EXPECT_NEAR(trend->rate, 1.5, 1e-12);
  EXPECT_NEAR(trend->offset, -1.0 / 6, 1e-12);
  EXPECT_NEAR(trend->rate_error, std::sqrt(1.0 / 12), 1e-12);
  EXPECT_EQ(trend->records, (std::vector<std::size_t>{1, 2, 0}));
}

TEST(DensityTrend, NeedsTwoRecords) {
  EXPECT_FALSE(density_trend(std::vector<double>{0, 1}, std::vector<double>{2, 1}));
  EXPECT_FALSE(density_trend(std::vector<double>{0, 0, 1}, std::vector<double>{1, 2, std::nan("")}));
}

}  // namespace
}  // namespace isoflop
