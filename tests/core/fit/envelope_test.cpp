// SPDX-License-Identifier: Apache-2.0
#include "core/fit/envelope.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.h"

namespace isoflop {
namespace {

using ::testing::HasSubstr;

struct Log {
  std::vector<std::size_t> run;
  std::vector<double> params, tokens, flops, loss;

  void add(std::size_t r, double n, double d, double l) {
    run.push_back(r);
    params.push_back(n);
    tokens.push_back(d);
    flops.push_back(6 * n * d);
    loss.push_back(l);
  }
  TrainingCurves curves() const { return {run, params, tokens, flops, loss}; }
  Result<EnvelopeAnalysis> analyse(const EnvelopeOptions& options = {}) const {
    return analyse_envelope(curves(), options);
  }
};

constexpr double kE = 1.8, kA = 480, kB = 2100, kAlpha = .35, kBeta = .37;

double surface(double n, double d) {
  return kE + kA / std::pow(n, kAlpha) + kB / std::pow(d, kBeta);
}

// Curves of a constant learning rate: at D tokens a model of N parameters has the loss of the surface. Every size is
// trained over the same range of tokens per parameter.
Log constant_rate(int sizes, double noise = 0, std::uint64_t seed = 1) {
  Log log;
  for (int s = 0; s < sizes; ++s) {
    Philox random(seed, static_cast<std::uint64_t>(s));
    const double n = 2e7 * std::pow(500.0, s / (sizes - 1.0));
    for (int i = 0; i < 120; ++i) {
      const double d = n * std::pow(10.0, -.5 + 3 * i / 119.0);
      log.add(static_cast<std::size_t>(s), n, d, surface(n, d) * std::exp(noise * random.normal()));
    }
  }
  return log;
}

// Runs first to last of a log, numbered anew.
Log only(const Log& log, std::size_t first, std::size_t last) {
  Log kept;
  for (std::size_t i = 0; i < log.run.size(); ++i)
    if (log.run[i] >= first && log.run[i] <= last)
      kept.add(log.run[i] - first, log.params[i], log.tokens[i], log.loss[i]);
  return kept;
}

const Finding* find(const EnvelopeAnalysis& analysis, FindingCode code) {
  for (const Finding& finding : analysis.findings)
    if (finding.code == code) return &finding;
  return nullptr;
}

TEST(Envelope, RecoversTheExponentsOfTheSurfaceItsCurvesFollow) {
  const auto analysis = constant_rate(25).analyse({.smoothing = 0, .resamples = 0});
  ASSERT_TRUE(analysis) << analysis.error().to_string();
  ASSERT_TRUE(analysis->params && analysis->tokens);
  EXPECT_NEAR(analysis->params->exponent, kBeta / (kAlpha + kBeta), .01);
  EXPECT_NEAR(analysis->tokens->exponent, kAlpha / (kAlpha + kBeta), .01);
  // Along the envelope N* is that of the surface to within the distance of the sizes.
  const double g = std::pow(kAlpha * kA / (kBeta * kB), 1 / (kAlpha + kBeta));
  const double step = std::pow(500.0, 1 / 24.0);
  for (const EnvelopePoint& point : analysis->points) {
    if (point.at_edge) continue;
    const double best = g * std::pow(point.flops / 6, kBeta / (kAlpha + kBeta));
    EXPECT_LT(std::abs(std::log(point.params / best)), std::log(step));
    EXPECT_NEAR(6 * point.params * point.tokens / point.flops, 1, 1e-3);
    EXPECT_NEAR(point.loss, surface(point.params, point.tokens), 1e-3);
  }
}

TEST(Envelope, EachPointIsTheLowestCurveThere) {
  const auto analysis = constant_rate(12).analyse({.budgets = 200, .smoothing = 0, .resamples = 0});
  ASSERT_TRUE(analysis);
  for (const EnvelopePoint& point : analysis->points)
    for (const EnvelopeRun& run : analysis->runs)
      if (point.flops >= run.lowest_flops && point.flops <= run.highest_flops) {
        EXPECT_LE(point.loss, surface(run.params, point.flops / (6 * run.params)) + 1e-3);
      }
}

TEST(Envelope, IntervalsCoverTheTruthUnderNoise) {
  int covered = 0;
  const double truth = kBeta / (kAlpha + kBeta);
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const auto analysis =
        constant_rate(20, .004, seed).analyse({.budgets = 300, .smoothing = .1, .resamples = 200, .seed = 3});
    ASSERT_TRUE(analysis);
    ASSERT_TRUE(analysis->params && analysis->params->exponent_ci95);
    EXPECT_NEAR(analysis->params->exponent, truth, .05);
    const Interval interval = *analysis->params->exponent_ci95;
    covered += interval.lower <= truth && truth <= interval.upper;
  }
  EXPECT_GE(covered, 20);
}

TEST(Envelope, SmoothingKeepsLuckyNoiseFromWinning) {
  const Log log = constant_rate(20, .01);
  const auto height = [&](double smoothing) {
    const auto analysis = log.analyse({.budgets = 400, .smoothing = smoothing, .resamples = 0});
    EXPECT_TRUE(analysis);
    double sum = 0;
    for (const EnvelopePoint& point : analysis->points)
      sum += std::log(point.loss / surface(point.params, point.tokens)) / static_cast<double>(analysis->points.size());
    return sum;
  };
  EXPECT_LT(height(0), -.007) << "the lowest of noisy curves lies below all of them";
  EXPECT_GT(height(.1), -.0035);
}

TEST(SmoothCurve, LeavesLinesAloneAndDoesNotLiftTheEnds) {
  std::vector<double> x, line;
  for (int i = 0; i < 50; ++i) {
    x.push_back(.1 * i + .02 * (i % 3));
    line.push_back(3 - .2 * x.back());
  }
  const auto smooth = smooth_curve(x, line, .5);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(smooth[i], line[i], 1e-12);
  EXPECT_EQ(smooth_curve(x, line, 0), line);
}

TEST(SmoothCurve, ReducesNoiseAsAMeanOverItsWindowWould) {
  std::vector<double> x, noise;
  Philox random(1, 0);
  for (int i = 0; i < 4000; ++i) {
    x.push_back(.01 * i);
    noise.push_back(random.normal());
  }
  const auto smooth = smooth_curve(x, noise, .1);
  double squares = 0;
  for (std::size_t i = 100; i < 3900; ++i) squares += smooth[i] * smooth[i];
  // Variance of a Gaussian-weighted mean: 1 / (2 sqrt(pi) w / step) = 1 / 35.4.
  EXPECT_NEAR(squares / 3800 * 35.4, 1, .15);
}

TEST(Envelope, SaysWhenTheEdgeOfTheSizesWins) {
  const auto inside = constant_rate(25).analyse({.resamples = 0});
  ASSERT_TRUE(inside);
  EXPECT_TRUE(find(*inside, FindingCode::kOptimumAtEdge)) << "small budgets are won by the smallest model";
  EXPECT_FALSE(find(*inside, FindingCode::kNoInteriorMinimum));

  // Compute where the larger of these models is always the better one.
  Log log;
  for (std::size_t r = 0; r < 5; ++r)
    for (int i = 0; i < 30; ++i) {
      const double n = 1e7 * static_cast<double>(r + 1), d = 1e13 * std::pow(1.2, i) / n * 1e7;
      log.add(r, n, d, surface(n, d));
    }
  const auto outside = log.analyse({.resamples = 0});
  ASSERT_TRUE(outside);
  EXPECT_TRUE(find(*outside, FindingCode::kNoInteriorMinimum));
  EXPECT_FALSE(outside->params);
}

TEST(Envelope, SaysWhenTooFewSizesAreEverBest) {
  const auto few = only(constant_rate(25), 10, 13).analyse({.resamples = 0});
  ASSERT_TRUE(few && few->params);
  EXPECT_TRUE(find(*few, FindingCode::kTooFewBudgets));
  const auto many = constant_rate(15).analyse({.resamples = 0});
  ASSERT_TRUE(many);
  EXPECT_FALSE(find(*many, FindingCode::kTooFewBudgets));
}

TEST(Envelope, SaysWhenThereAreTooFewCurves) {
  const auto two = constant_rate(2).analyse();
  ASSERT_TRUE(two);
  EXPECT_TRUE(find(*two, FindingCode::kTooFewRuns));
  EXPECT_TRUE(two->points.empty());
  Log log = constant_rate(15);
  log.add(15, 1e8, 1e9, 3);
  const auto single = log.analyse({.resamples = 0});
  ASSERT_TRUE(single);
  ASSERT_TRUE(find(*single, FindingCode::kTooFewRuns));
  EXPECT_THAT(find(*single, FindingCode::kTooFewRuns)->message, HasSubstr("single point"));
  EXPECT_FALSE(find(*constant_rate(15).analyse({.resamples = 0}), FindingCode::kTooFewRuns));
}

TEST(Envelope, GivesNoIntervalWhereMostResamplesHaveNoEnvelope) {
  const auto four = only(constant_rate(25), 10, 13).analyse({.resamples = 300});
  ASSERT_TRUE(four);
  ASSERT_TRUE(four->params);
  EXPECT_FALSE(four->params->exponent_ci95.has_value());
  EXPECT_TRUE(find(*four, FindingCode::kNotConverged));
  const auto many = constant_rate(15).analyse({.resamples = 300});
  ASSERT_TRUE(many && many->params);
  EXPECT_TRUE(many->params->exponent_ci95.has_value());
  EXPECT_FALSE(find(*many, FindingCode::kNotConverged));
}

TEST(Envelope, IsTheSameInAnyOrderAndForAnyNumberOfThreads) {
  Log log = constant_rate(12, .003);
  const auto one = log.analyse({.budgets = 300, .resamples = 100, .seed = 4, .threads = 1});
  std::reverse(log.run.begin(), log.run.end());
  for (auto* values : {&log.params, &log.tokens, &log.flops, &log.loss}) std::reverse(values->begin(), values->end());
  const auto three = log.analyse({.budgets = 300, .resamples = 100, .seed = 4, .threads = 3});
  ASSERT_TRUE(one && three);
  EXPECT_EQ(one->params->exponent, three->params->exponent);
  EXPECT_EQ(one->params->exponent_ci95->lower, three->params->exponent_ci95->lower);
}

TEST(Envelope, RefusesCurvesThatMakeNoSense) {
  Log log = constant_rate(5);
  log.loss.pop_back();
  EXPECT_THAT(log.analyse().error().message, HasSubstr("equal number"));
  EXPECT_THAT(Log{}.analyse().error().message, HasSubstr("no curves"));
  log = constant_rate(5);
  log.loss[3] = 0;
  EXPECT_THAT(log.analyse().error().message, HasSubstr("point 4"));
  log = constant_rate(5);
  log.params[3] *= 2;
  EXPECT_THAT(log.analyse().error().message, HasSubstr("run 1"));
  EXPECT_THAT(constant_rate(5).analyse({.minimum_sizes = 2}).error().message, HasSubstr("three"));
  EXPECT_EQ(constant_rate(5).analyse({.budgets = 2}).error().where.parameter, "budgets");
}

TEST(Envelope, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  const Log log = constant_rate(12);
  const auto stopped = analyse_envelope(log.curves(), {}, Control{.progress = {}, .stop = stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace isoflop
