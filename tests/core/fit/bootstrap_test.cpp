// SPDX-License-Identifier: Apache-2.0
#include "core/fit/bootstrap.h"

#include <atomic>

#include "core/fit/resample.h"
#include "fitting.h"

namespace isoflop {
namespace {

using test::isoflop_grid;
using test::shipped_law;
using test::simulate;

class BootstrapTest : public testing::Test {
 protected:
  Law law_ = shipped_law("chinchilla");
  Observations runs_ = simulate(law_, {1.8172, 482.01, 2085.43, 0.3478, 0.3658}, isoflop_grid(6, 9), 0.005, 17);
  Result<Fit> fit_ = fit_law(law_, runs_);
};

TEST_F(BootstrapTest, GivesTheSameBytesForASeedWithAnyNumberOfThreads) {
  const auto one = bootstrap(law_, runs_, *fit_, {.resamples = 150, .seed = 4, .threads = 1});
  ASSERT_TRUE(one);
  for (const int threads : {2, 5}) {
    const auto many = bootstrap(law_, runs_, *fit_, {.resamples = 150, .seed = 4, .threads = threads});
    ASSERT_TRUE(many);
    EXPECT_EQ(one->theta, many->theta);
  }
  const auto other = bootstrap(law_, runs_, *fit_, {.resamples = 150, .seed = 5, .threads = 1});
  EXPECT_NE(one->theta, other->theta);
  // More resamples begin with the fewer.
  const auto longer = bootstrap(law_, runs_, *fit_, {.resamples = 200, .seed = 4});
  EXPECT_TRUE(std::equal(one->theta.begin(), one->theta.end(), longer->theta.begin()));
}

TEST_F(BootstrapTest, EveryResampleIsTheFitOfItsOwnRuns) {
  const auto resamples = bootstrap(law_, runs_, *fit_, {.resamples = 12, .seed = 4, .kind = BootstrapKind::kDraws});
  ASSERT_TRUE(resamples);
  for (int b = 0; b < resamples->resamples(); ++b) {
    // The same draw, written out as repeated runs and fitted from nothing.
    Observations drawn{.names = runs_.names, .columns = {{}, {}}, .response = {}, .rows = {}, .data_hash = ""};
    Philox random(4, static_cast<std::uint64_t>(b));
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const std::size_t row = random.below(static_cast<std::uint32_t>(runs_.size()));
      for (std::size_t c = 0; c < 2; ++c) drawn.columns[c].push_back(runs_.columns[c][row]);
      drawn.response.push_back(runs_.response[row]);
      drawn.rows.push_back(row);
    }
    const auto fit = fit_law(law_, drawn);
    ASSERT_TRUE(fit);
    const auto sample = resamples->sample(b);
    const double objective = evaluate_objective(law_, drawn, {sample.begin(), sample.end()});
    EXPECT_NEAR(objective, fit->objective, 1e-6 * fit->objective) << "resample " << b;
  }
}

TEST_F(BootstrapTest, WeighsEveryRunAtRandomWithMeanOneAndVarianceAboutOne) {
  const auto problem = make_fit_problem(law_, runs_, {});
  ASSERT_TRUE(problem);
  const Resampler resampler(*problem, problem->coordinates(fit_->theta), BootstrapKind::kRuns, 3);
  const int draws = 4000;
  std::vector<double> sum(runs_.size(), 0), squares(runs_.size(), 0);
  Resample resample;
  for (int i = 0; i < draws; ++i) {
    resampler.draw(static_cast<std::uint64_t>(i), resample);
    for (std::size_t row = 0; row < runs_.size(); ++row) {
      EXPECT_GE(resample.weights[row], 0);
      sum[row] += resample.weights[row];
      squares[row] += resample.weights[row] * resample.weights[row];
    }
  }
  for (std::size_t row = 0; row < runs_.size(); ++row) {
    const double mean = sum[row] / draws;
    EXPECT_NEAR(mean, 1, 0.1);
    EXPECT_NEAR(squares[row] / draws - mean * mean, 1, 0.55);
  }
}

TEST_F(BootstrapTest, EveryWeighedResampleIsTheFitOfRunsOfThoseWeights) {
  const auto problem = make_fit_problem(law_, runs_, {});
  const Resampler resampler(*problem, problem->coordinates(fit_->theta), BootstrapKind::kRuns, 4);
  const auto resamples = bootstrap(law_, runs_, *fit_, {.resamples = 8, .seed = 4});
  ASSERT_TRUE(resamples);
  Resample resample;
  for (int b = 0; b < 8; ++b) {
    resampler.draw(static_cast<std::uint64_t>(b), resample);
    Observations weighed = runs_;
    for (std::size_t i = 0; i < runs_.size(); ++i) weighed.weights.push_back(std::max(resample.weights[i], 1e-12));
    const auto fit = fit_law(law_, weighed);
    ASSERT_TRUE(fit);
    const auto sample = resamples->sample(b);
    const double objective = evaluate_objective(law_, weighed, {sample.begin(), sample.end()});
    EXPECT_NEAR(objective, fit->objective, 1e-6 * fit->objective) << "resample " << b;
  }
}

TEST_F(BootstrapTest, ResidualsKeepTheDesignAndCentreOnTheFit) {
  for (const Objective objective : {Objective::kLogMse, Objective::kLogHuber}) {
    const auto fit = fit_law(law_, runs_, {.objective = objective});
    ASSERT_TRUE(fit);
    const auto resamples =
        bootstrap(law_, runs_, *fit, {.resamples = 800, .seed = 4, .kind = BootstrapKind::kResidual});
    ASSERT_TRUE(resamples);
    EXPECT_EQ(resamples->kind, BootstrapKind::kResidual);
    double sum = 0, squares = 0;
    for (int b = 0; b < resamples->resamples(); ++b) {
      sum += resamples->sample(b)[3];
      squares += std::pow(resamples->sample(b)[3], 2);
    }
    const double mean = sum / 800, spread = std::sqrt(squares / 800 - mean * mean);
    EXPECT_NEAR(mean, fit->theta[3], 0.3 * spread);
    EXPECT_NEAR(spread, fit->standard_errors[3], 0.35 * spread);
  }
}

TEST_F(BootstrapTest, DrawsWholeClusters) {
  Observations clustered = runs_;
  for (std::size_t i = 0; i < runs_.size(); ++i) clustered.clusters.push_back(i / 6);
  const auto problem = make_fit_problem(law_, clustered, {});
  for (const BootstrapKind kind : {BootstrapKind::kRuns, BootstrapKind::kDraws}) {
    const Resampler resampler(*problem, problem->coordinates(fit_->theta), kind, 3);
    Resample resample;
    resampler.draw(0, resample);
    for (std::size_t i = 0; i < runs_.size(); ++i) EXPECT_EQ(resample.weights[i], resample.weights[i / 6 * 6]);
  }
  const auto refused = bootstrap(law_, clustered, *fit_, {.resamples = 5, .kind = BootstrapKind::kResidual});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
}

TEST_F(BootstrapTest, HeldParametersStayPut) {
  const auto fit = fit_law(law_, runs_, {.fixed = {{"E", 1.8}}});
  const auto resamples = bootstrap(law_, runs_, *fit, {.resamples = 20, .seed = 1});
  ASSERT_TRUE(resamples);
  for (int b = 0; b < 20; ++b) EXPECT_EQ(resamples->sample(b)[0], 1.8);
}

TEST_F(BootstrapTest, ReportsProgressAndStopsWhenAsked) {
  std::stop_source source;
  std::vector<double> seen;
  const Control control{.progress =
                            [&](double share) {
                              seen.push_back(share);
                              if (share > 0.2) source.request_stop();
                            },
                        .stop = source.get_token()};
  const auto result = bootstrap(law_, runs_, *fit_, {.resamples = 2000}, control);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kCancelled);
  ASSERT_FALSE(seen.empty());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_LT(seen.back(), 0.5);
}

TEST_F(BootstrapTest, RefusesZeroResamples) {
  EXPECT_FALSE(bootstrap(law_, runs_, *fit_, {.resamples = 0}));
}

TEST(PercentileInterval, IsTheOneOfNumpy) {
  // numpy.percentile([1, 2, 4, 8, 16], [2.5, 97.5]) = [1.1, 15.2]
  const Interval interval = percentile_interval({16, 1, 8, 2, std::nan(""), 4});
  EXPECT_NEAR(interval.lower, 1.1, 1e-12);
  EXPECT_NEAR(interval.upper, 15.2, 1e-12);
}

}  // namespace
}  // namespace isoflop
