// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/curve_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"
#include "core/schedule/schedule.h"

namespace isoflop {
namespace {

constexpr const char* kConstant = "constant:8000 warmup:500 peak:3e-4";
constexpr const char* kWsd = "wsd:8000 warmup:500 peak:3e-4 cooldown:30% shape:1-sqrt min:0.05";
constexpr const char* kCosine = "cosine:16000 warmup:500 peak:3e-4 min:0.1";
const std::vector<double> kMultiPower{3.0405, 0.52469, 0.50787, 363.788, 2.0656, 0.58279, 0.64142};
const std::vector<double> kAnnealing{2.797, 0.584, 0.463, 0.482};

LossCurve simulated(CurveLaw law, const std::vector<double>& theta, const std::string& schedule, double noise,
                    std::uint64_t seed, double lambda = kDefaultLambda) {
  LossCurve curve{.name = schedule.substr(0, schedule.find(':')), .rates = learning_rates(*parse_schedule(schedule))};
  for (long step = 520; step <= static_cast<long>(curve.rates.size()); step += 20) curve.steps.push_back(step);
  curve.loss = *predict_curve(law, theta, lambda, curve.rates, curve.steps);
  for (std::size_t i = 0; i < curve.loss.size(); ++i) curve.loss[i] *= std::exp(noise * Philox(seed, i).normal());
  return curve;
}

TEST(CurveFit, RecoversTheMultiPowerLawAndPredictsAnUnseenCosine) {
  const LossCurve curves[] = {simulated(CurveLaw::kMultiPower, kMultiPower, kConstant, 0, 1),
                              simulated(CurveLaw::kMultiPower, kMultiPower, kWsd, 0, 2)};
  const auto fit = fit_curves(CurveLaw::kMultiPower, curves, {.points_per_curve = 100});
  ASSERT_TRUE(fit.ok()) << fit.error().message;
  for (std::size_t j = 0; j < kMultiPower.size(); ++j)
    EXPECT_NEAR(fit->theta[j] / kMultiPower[j], 1, 1e-3) << curve_parameters(CurveLaw::kMultiPower)[j];
  EXPECT_LT(fit->objective, 1e-12);
  const auto unseen = curve_quality(CurveLaw::kMultiPower, fit->theta, fit->lambda,
                                    simulated(CurveLaw::kMultiPower, kMultiPower, kCosine, 0, 3));
  ASSERT_TRUE(unseen.ok());
  EXPECT_LT(unseen->mean_relative, 1e-5);
}

TEST(CurveFit, PredictsAnUnseenCosineFromNoisyCurves) {
  // Batch noise of 1%: single coefficients trade off against each other, the prediction must not.
  const LossCurve curves[] = {simulated(CurveLaw::kMultiPower, kMultiPower, kConstant, 0.01, 1),
                              simulated(CurveLaw::kMultiPower, kMultiPower, kWsd, 0.01, 2)};
  const auto fit = fit_curves(CurveLaw::kMultiPower, curves, {.points_per_curve = 100});
  ASSERT_TRUE(fit.ok()) << fit.error().message;
  const auto unseen = curve_quality(CurveLaw::kMultiPower, fit->theta, fit->lambda,
                                    simulated(CurveLaw::kMultiPower, kMultiPower, kCosine, 0, 3));
  ASSERT_TRUE(unseen.ok());
  EXPECT_LT(unseen->mean_relative, 0.01);
}

TEST(CurveFit, RecoversAnnealingAndItsLambda) {
  const double lambda = 0.997;
  const LossCurve curves[] = {simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0, 1, lambda),
                              simulated(CurveLaw::kAnnealing, kAnnealing, kWsd, 0, 2, lambda)};
  const auto fit = fit_curves(CurveLaw::kAnnealing, curves, {.lambda = std::nullopt, .points_per_curve = 60});
  ASSERT_TRUE(fit.ok()) << fit.error().message;
  EXPECT_NEAR((1 - fit->lambda) / (1 - lambda), 1, 0.01);
  for (std::size_t j = 0; j < kAnnealing.size(); ++j) EXPECT_NEAR(fit->theta[j] / kAnnealing[j], 1, 0.01) << j;
  const auto held = fit_curves(CurveLaw::kAnnealing, curves, {.lambda = lambda});
  ASSERT_TRUE(held.ok());
  for (std::size_t j = 0; j < kAnnealing.size(); ++j) EXPECT_NEAR(held->theta[j] / kAnnealing[j], 1, 1e-5) << j;
}

TEST(CurveFit, SaysWhatCurvesOfOneScheduleDoNotDetermine) {
  // Under a constant rate nothing falls after the warm-up, and C only sets by how much that has been forgotten.
  const LossCurve curve = simulated(CurveLaw::kMultiPower, kMultiPower, kConstant, 0.01, 1);
  const auto fit = fit_curves(CurveLaw::kMultiPower, {&curve, 1}, {.points_per_curve = 60});
  ASSERT_TRUE(fit.ok());
  EXPECT_FALSE(fit->at_bound.empty());
}

TEST(CurveFit, OutliersMoveItLittle) {
  LossCurve curves[] = {simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0, 1),
                        simulated(CurveLaw::kAnnealing, kAnnealing, kWsd, 0, 2)};
  for (std::size_t i = 7; i < curves[0].loss.size(); i += 29) curves[0].loss[i] *= 1.2;
  const auto fit = fit_curves(CurveLaw::kAnnealing, curves);
  ASSERT_TRUE(fit.ok());
  const auto unseen = curve_quality(CurveLaw::kAnnealing, fit->theta, fit->lambda,
                                    simulated(CurveLaw::kAnnealing, kAnnealing, kCosine, 0, 3));
  ASSERT_TRUE(unseen.ok());
  EXPECT_LT(unseen->mean_relative, 1e-3);
}

TEST(CurveFit, IsTheSameForAnyNumberOfThreads) {
  const LossCurve curves[] = {simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0.01, 1),
                              simulated(CurveLaw::kAnnealing, kAnnealing, kWsd, 0.01, 2)};
  const auto one = fit_curves(CurveLaw::kAnnealing, curves, {.threads = 1}),
             four = fit_curves(CurveLaw::kAnnealing, curves, {.threads = 4});
  ASSERT_TRUE(one.ok() && four.ok());
  EXPECT_EQ(one->theta, four->theta);
}

TEST(CurveFit, ProgressNeverFallsBack) {
  const LossCurve curves[] = {simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0.01, 1),
                              simulated(CurveLaw::kAnnealing, kAnnealing, kWsd, 0.01, 2)};
  double last = 0;
  int reports = 0;
  const Control control{.progress =
                            [&](double share) {
                              EXPECT_GE(share, last);
                              EXPECT_LE(share, 1);
                              last = share;
                              ++reports;
                            },
                        .stop = {}};
  ASSERT_TRUE(fit_curves(CurveLaw::kAnnealing, curves, {.lambda = std::nullopt, .points_per_curve = 30}, control).ok());
  EXPECT_GT(reports, 20);
  EXPECT_EQ(last, 1);
}

TEST(CurveFit, SaysWhatIsWrong) {
  EXPECT_EQ(fit_curves(CurveLaw::kAnnealing, {}).error().where.parameter, "curves");
  LossCurve curve = simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0, 1);
  curve.steps.back() = 9000;
  EXPECT_NE(fit_curves(CurveLaw::kAnnealing, {&curve, 1}).error().message.find("9000"), std::string::npos);
  curve = simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0, 1);
  curve.loss[3] = -1;
  EXPECT_EQ(fit_curves(CurveLaw::kAnnealing, {&curve, 1}).error().code, ErrorCode::kInvalidArgument);
  curve = simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0, 1);
  curve.steps.resize(3);
  curve.loss.resize(3);
  EXPECT_NE(fit_curves(CurveLaw::kAnnealing, {&curve, 1}).error().message.find("parameters"), std::string::npos);
  std::stop_source stop;
  stop.request_stop();
  curve = simulated(CurveLaw::kAnnealing, kAnnealing, kConstant, 0, 1);
  EXPECT_EQ(fit_curves(CurveLaw::kAnnealing, {&curve, 1}, {}, {{}, stop.get_token()}).error().code,
            ErrorCode::kCancelled);
}

}  // namespace
}  // namespace isoflop
