// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/tracking.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/law_points.h"

namespace isoflop {
namespace {

const std::vector<double> kBesiroglu = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

// N* = G (C / 6)^a with G = (alpha A / (beta B))^(1 / (alpha + beta)) and a = beta / (alpha + beta).
TEST(Tracking, FollowsTheClosedFormOfChinchilla) {
  const Law& law = *test::shipped_laws().find("chinchilla");
  const double a = 0.3658 / (0.3478 + 0.3658);
  const double g = std::pow(0.3478 * 482.01 / (0.3658 * 2085.43), 1 / (0.3478 + 0.3658));
  const Tracked params = track_params_at(law, {}, 1e24);
  EXPECT_EQ(params.name, "N*(1e24)");
  EXPECT_TRUE(params.logarithmic);
  EXPECT_NEAR(params.value(kBesiroglu), g * std::pow(1e24 / 6, a), 1e-6 * params.value(kBesiroglu));
  const Tracked exponent = track_exponent_at(law, {}, 1e22);
  EXPECT_FALSE(exponent.logarithmic);
  EXPECT_NEAR(exponent.value(kBesiroglu), a, 1e-9);
}

TEST(Tracking, SuggestsTheExponentWhereALawNamesOneAndMeasuresItWhereNot) {
  const Law& chinchilla = *test::shipped_laws().find("chinchilla");
  EXPECT_EQ(suggest_tracked(chinchilla, {}, 1e21, kBesiroglu).name, "a");
  const auto plain = law_from_formula("E + A/N^alpha + B/D^beta");
  ASSERT_TRUE(plain);
  std::vector<double> theta(plain->parameters.size());
  for (const auto& [name, value] :
       {std::pair{"E", 1.8172}, {"A", 482.01}, {"B", 2085.43}, {"alpha", 0.3478}, {"beta", 0.3658}})
    theta[static_cast<std::size_t>(plain->parameter_index(name))] = value;
  const Tracked measured = suggest_tracked(*plain, {}, 1e21, theta);
  EXPECT_EQ(measured.name, "a(1e21)");
  EXPECT_NEAR(measured.value(theta), 0.3658 / (0.3478 + 0.3658), 1e-5);
  const auto no_tokens = law_from_formula("E + A/N^alpha");
  ASSERT_TRUE(no_tokens);
  const std::vector<double> few(no_tokens->parameters.size(), 1.0);
  EXPECT_EQ(suggest_tracked(*no_tokens, {}, 1e21, few).name, no_tokens->parameters.front().name);
}

TEST(Tracking, HasNoValueWhereThereIsNoOptimum) {
  const Law& law = *test::shipped_laws().find("chinchilla");
  std::vector<double> theta = kBesiroglu;
  theta[3] = 0;  // parameters do not matter: the smallest model is best
  EXPECT_TRUE(std::isnan(track_params_at(law, {}, 1e24).value(theta)));
}

}  // namespace
}  // namespace isoflop
