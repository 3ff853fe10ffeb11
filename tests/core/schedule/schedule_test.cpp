// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace isoflop {
namespace {

using ::testing::HasSubstr;

Schedule read(const std::string& text) {
  const auto schedule = parse_schedule(text);
  EXPECT_TRUE(schedule.ok()) << text << ": " << (schedule.ok() ? "" : schedule.error().message);
  return schedule.ok() ? *schedule : Schedule{.steps = 1};
}

TEST(Schedule, WarmsUpInAStraightLineAndFallsByHalfACosine) {
  const Schedule s = read("warmup:2160 cosine:72000 min:0.1 peak:3e-4");
  EXPECT_DOUBLE_EQ(learning_rate(s, 1), 3e-4 / 2160);
  EXPECT_DOUBLE_EQ(learning_rate(s, 2160), 3e-4);
  EXPECT_NEAR(learning_rate(s, (2160 + 72000) / 2), 3e-4 * 0.55, 1e-18);
  EXPECT_NEAR(learning_rate(s, 72000), 3e-5, 1e-18);
  const auto rates = learning_rates(s);
  ASSERT_EQ(rates.size(), 72000u);
  // The mean of the falling part is that of its ends, but for half a step.
  double sum = 0;
  for (std::size_t i = 2160; i < rates.size(); ++i) sum += rates[i];
  EXPECT_NEAR(sum / (72000 - 2160), 3e-4 * 0.55, 3e-4 * 0.5 / (72000 - 2160));
}

// Haegele et al. 2024: the factors at a quarter, half and three quarters of the cool-down.
TEST(Schedule, CoolDownShapesAreThoseOfTheirFormulas) {
  using enum CooldownShape;
  const double root2 = std::numbers::sqrt2;
  struct Row {
    CooldownShape shape;
    double quarter, half, three_quarters;
  };
  for (const Row& row : {Row{kLinear, 0.75, 0.5, 0.25}, Row{kOneMinusSqrt, 0.5, 1 - 1 / root2, 1 - std::sqrt(0.75)},
                         Row{kCosine, (1 + 1 / root2) / 2, 0.5, (1 - 1 / root2) / 2},
                         Row{kMirrorCosine, 1.5 - (1 + 1 / root2) / 2, 0.5, 0.5 - (1 - 1 / root2) / 2},
                         Row{kSquare, 15.0 / 16, 0.75, 7.0 / 16}}) {
    EXPECT_DOUBLE_EQ(cooldown_factor(row.shape, 0, 0), 1) << cooldown_name(row.shape);
    EXPECT_NEAR(cooldown_factor(row.shape, 0.25, 0), row.quarter, 1e-15) << cooldown_name(row.shape);
    EXPECT_NEAR(cooldown_factor(row.shape, 0.5, 0), row.half, 1e-15) << cooldown_name(row.shape);
    EXPECT_NEAR(cooldown_factor(row.shape, 0.75, 0), row.three_quarters, 1e-15) << cooldown_name(row.shape);
    EXPECT_NEAR(cooldown_factor(row.shape, 1, 0.2), 0.2, 1e-15) << cooldown_name(row.shape);
  }
  EXPECT_NEAR(cooldown_factor(kExponential, 0.5, 0.01), 0.1, 1e-15);
  EXPECT_NEAR(cooldown_factor(kExponential, 1, 0.01), 0.01, 1e-15);
}

TEST(Schedule, WsdStaysUntilItsCoolDown) {
  const Schedule s = read("wsd:10000 warmup:100 peak:1e-3 cooldown:20% shape:1-sqrt");
  EXPECT_EQ(s.cooldown, 2000);
  EXPECT_EQ(learning_rate(s, 100), 1e-3);
  EXPECT_EQ(learning_rate(s, 8000), 1e-3);
  EXPECT_NEAR(learning_rate(s, 8500), 1e-3 * 0.5, 1e-18);
  EXPECT_EQ(learning_rate(s, 10000), 0);
  EXPECT_EQ(read("wsd:10000 cooldown:500").cooldown, 500);
  EXPECT_EQ(read("wsd:10K").cooldown, 2000);
  const Schedule two = read("step:24000 warmup:2160 peak:3e-4 at:8000 min:0.3");
  EXPECT_EQ(learning_rate(two, 8000), 3e-4);
  EXPECT_DOUBLE_EQ(learning_rate(two, 8001), 9e-5);
}

TEST(Schedule, PowerFallsWithTokensBelowItsPeak) {
  const Schedule s = read("power:50000 warmup:1000 peak:0.02 batch:128 per-step:4M a:4 b:-0.51 cooldown:10% min:0.1");
  const double tokens = 20000 * 4e6;
  EXPECT_NEAR(learning_rate(s, 20000), std::min(0.02, 128 * 4 * std::pow(tokens, -0.51)), 1e-15);
  EXPECT_LT(learning_rate(s, 20000), 0.02);
  EXPECT_NEAR(learning_rate(s, 50000), 0.1 * learning_rate(s, 45000), 1e-15);
}

TEST(Schedule, TextReadsBackTheSame) {
  for (const char* text :
       {"constant:24000 warmup:2160 peak:3e-4", "cosine:72000 warmup:2160 peak:0.0003 min:0.1",
        "wsd:24000 peak:1e-3 cooldown:20% shape:mirror-cosine", "step:100 at:70 min:0.3",
        "power:50000 batch:1024 per-step:4M a:4.6 b:-0.51 cooldown:10% shape:exponential min:0.05"}) {
    const Schedule schedule = read(text);
    EXPECT_EQ(read(to_text(schedule)), schedule) << to_text(schedule);
  }
}

TEST(Schedule, SaysWhereTheTextIsWrong) {
  const auto fails = [](const char* text, long column, const char* sentence) {
    const auto schedule = parse_schedule(text);
    ASSERT_FALSE(schedule.ok()) << text;
    EXPECT_EQ(schedule.error().where.column, column) << text;
    EXPECT_THAT(schedule.error().message, HasSubstr(sentence));
  };
  fails("warmup:10", 1, "kind");
  fails("cosine:100 colour:3", 12, "colour");
  fails("cosine:many", 1, "number");
  fails("cosine:100 wsd:100", 12, "one kind");
  fails("wsd:100 shape:round", 9, "mirror-cosine");
  fails("cosine:10.5", 1, "whole");
  EXPECT_EQ(parse_schedule("cosine:100 warmup:101").error().where.parameter, "warmup");
  EXPECT_EQ(parse_schedule("cosine:100 peak:-1").error().where.parameter, "peak");
  EXPECT_EQ(parse_schedule("wsd:100 shape:exponential").error().where.parameter, "min");
  EXPECT_EQ(parse_schedule("wsd:100 warmup:90").error().where.parameter, "cooldown");
  EXPECT_EQ(parse_schedule("step:100 at:200").error().where.parameter, "at");
  EXPECT_EQ(parse_schedule("power:100 b:-0.5").error().where.parameter, "power");
  EXPECT_EQ(parse_schedule("cosine:0").error().where.parameter, "steps");
}

TEST(ReuseSaving, IsSumAgainstTrunkAndCoolDowns) {
  const std::vector<double> horizons{1e4, 2e4, 4e4};
  const auto saving = reuse_saving(horizons, 0.2);
  ASSERT_TRUE(saving.ok());
  EXPECT_DOUBLE_EQ(saving->separate, 7e4);
  EXPECT_DOUBLE_EQ(saving->longest, 4e4);
  // The longest trunk up to its cool-down, and a cool-down for each horizon.
  EXPECT_DOUBLE_EQ(saving->shared, 3.2e4 + 0.2 * 7e4);
  EXPECT_DOUBLE_EQ(saving->saving, 1 - 4.6 / 7);
  EXPECT_DOUBLE_EQ(reuse_saving(horizons, 0)->shared, 4e4);
  EXPECT_DOUBLE_EQ(reuse_saving(horizons, 1)->saving, 0);
  EXPECT_EQ(reuse_saving({}, 0.2).error().where.parameter, "horizons");
  EXPECT_EQ(reuse_saving(horizons, 1.2).error().where.parameter, "cooldown");
}

}  // namespace
}  // namespace isoflop
