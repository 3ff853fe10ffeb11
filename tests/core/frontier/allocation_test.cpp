// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/allocation.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/statistics.h"
#include "core/frontier/laws.h"

namespace isoflop {
namespace {

using ::testing::HasSubstr;
using testing_laws::fitted;
using testing_laws::law;
using testing_laws::make_law;
using testing_laws::published;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

LawInstance limited(double unique_tokens) {
  LawInstance instance = published("data-constrained", "muennighoff2023");
  instance.context["unique_tokens"] = unique_tokens;
  return instance;
}

// The lowest loss at a budget by trying models 0.05% apart, without slopes, grids or programs of the frontier's own.
Allocation brute_force(const LawInstance& instance, double flops) {
  std::vector<double> params, tokens;
  for (double n = kSmallestParams; n < flops / 6e3; n *= 1.0005) {
    params.push_back(n);
    tokens.push_back(flops / (6 * n));
  }
  const std::vector<double> loss = surface_loss(instance, params, tokens);
  const auto best = static_cast<std::size_t>(std::min_element(loss.begin(), loss.end()) - loss.begin());
  return Allocation{.flops = flops, .params = params[best], .tokens = tokens[best], .loss = loss[best]};
}

TEST(Allocate, RecoversTheAuthorsOptimumAtGopherCompute) {
  const auto point = allocate(published("chinchilla-tied", "muennighoff2023"), 5.76e23);
  ASSERT_TRUE(point.ok());
  EXPECT_NEAR(point->params, 69962173313.52, 0.01);
  EXPECT_NEAR(point->tokens, 1372170066384.24, 0.1);
}

TEST(Allocate, SearchAgreesWithTheClosedFormOfEveryLawThatHasOne) {
  int compared = 0;
  for (const Law& law : testing_laws::library().laws) {
    if (!law.frontier || law.frontier->kind != LawFrontier::Kind::kClosedForm) continue;
    for (const CoefficientSet& set : law.sets) {
      for (const double flops : {1e17, 3e19, 5.76e23, 1e26}) {
        const LawInstance instance = instance_of(law, set);
        const auto searched = allocate(instance, flops, true), closed = allocate(instance, flops);
        ASSERT_TRUE(closed.ok() && searched.ok()) << law.id << " " << set.id << " " << flops;
        if (searched->at_edge) continue;  // the formula knows no edge
        ++compared;
        EXPECT_NEAR(searched->params / closed->params, 1, 1e-8) << law.id << " " << set.id << " " << flops;
        EXPECT_NEAR(searched->tokens / closed->tokens, 1, 1e-8) << law.id << " " << set.id << " " << flops;
        EXPECT_NEAR(searched->loss, closed->loss, 1e-11) << law.id << " " << set.id << " " << flops;
      }
    }
  }
  EXPECT_GE(compared, 8 * 4) << "at least chinchilla and chinchilla-tied, at every budget";
}

TEST(Allocate, SpendsTheWholeBudget) {
  for (const char* id : {"chinchilla", "data-constrained"}) {
    for (const CoefficientSet& set : law(id).sets) {
      const auto point = allocate(instance_of(law(id), set), 1e21);
      ASSERT_TRUE(point.ok());
      EXPECT_NEAR(6 * point->params * point->tokens / 1e21, 1, 1e-12);
    }
  }
}

// Grattafiori et al. 2024: 1.629e13 tokens for 3.8e25 FLOP, and 3.89e11 parameters by C = 6 N D.
TEST(Allocate, TakesALawOfTheBestTokensAtItsWord) {
  const LawInstance llama = published("llama3-allocation", "grattafiori2024");
  const auto point = allocate(llama, 3.8e25);
  ASSERT_TRUE(point.ok()) << point.error().to_string();
  EXPECT_NEAR(point->tokens, 1.629e13, 0.0005e13);
  EXPECT_NEAR(point->params, 3.89e11, 0.005e11);
  EXPECT_TRUE(std::isnan(point->loss)) << "the law says nothing of the loss";
  EXPECT_FALSE(point->at_edge);
  const auto near = near_optimal_params(llama, 3.8e25);
  ASSERT_FALSE(near.ok());
  EXPECT_THAT(near.error().message, HasSubstr("no loss to find a minimum of"));
}

TEST(Allocate, SpreadsALawOfTheBestSizeWithItsParameters) {
  LawInstance instance = published("deepseek-allocation", "deepseek2024");
  instance.set = nullptr;
  instance.resamples = testing_laws::scattered(instance, 300, 1e-3);
  const AllocationSample sample = allocate_resamples(instance, 1e20);
  ASSERT_EQ(sample.params.size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) {
    const auto theta = instance.resamples->sample(static_cast<int>(i));
    EXPECT_NEAR(sample.params[i] / (theta[0] / 6 * std::pow(1e20, theta[1])), 1, 1e-12);
    EXPECT_NEAR(6 * sample.params[i] * sample.tokens[i] / 1e20, 1, 1e-12);
    EXPECT_TRUE(std::isnan(sample.loss[i]));
  }
}

TEST(Allocate, HasNoOptimumOfALawThatPredictsSomethingElse) {
  const auto point = allocate(published("step-law-learning-rate", "li2025"), 1e21);
  ASSERT_FALSE(point.ok());
  EXPECT_THAT(point.error().message, HasSubstr("it predicts learning_rate"));
}

// Liang et al. 2024: a stated frontier of a law of compute alone; a fit of that law has none.
TEST(Allocate, TakesTheStatedFrontierOfALawOfCompute) {
  LawInstance images = published("dit-image", "liang2024");
  const auto point = allocate(images, 1.5e21);
  ASSERT_TRUE(point.ok()) << point.error().to_string();
  EXPECT_NEAR(point->params, 9.65e8, 0.005e8);
  EXPECT_NEAR(point->tokens, 2.615e11, 0.0005e11);
  EXPECT_NEAR(point->loss, 0.63252, 5e-6);
  images.set = nullptr;
  EXPECT_FALSE(allocate(images, 1.5e21).ok());
}

// A loss that is defined by an equation, with itself on both sides.
TEST(Allocate, SearchesASurfaceThatAnEquationDefines) {
  const Law law = testing_laws::make_law(
      "formula = \"solve(L, E, 1e6, L - E - (A / N^a + B / D^b) / sqrt(L))\"\n"
      "[[variable]]\nsymbol = \"N\"\nrole = \"params\"\n[[variable]]\nsymbol = \"D\"\nrole = \"tokens\"\n"
      "[[parameter]]\nname = \"E\"\nmeaning = \"m\"\nbounds = [0, 10]\nstart = [0.1, 2]\n"
      "[[parameter]]\nname = \"A\"\nmeaning = \"m\"\nbounds = [0, 1e9]\nstart = [1, 1e3]\n"
      "[[parameter]]\nname = \"B\"\nmeaning = \"m\"\nbounds = [0, 1e9]\nstart = [1, 1e3]\n"
      "[[parameter]]\nname = \"a\"\nmeaning = \"m\"\nbounds = [0, 10]\nstart = [0.1, 2]\n"
      "[[parameter]]\nname = \"b\"\nmeaning = \"m\"\nbounds = [0, 10]\nstart = [0.1, 2]\n");
  const LawInstance instance{.law = &law, .theta = {1.7, 406, 411, 0.34, 0.28}};
  const auto point = allocate(instance, 1e21);
  ASSERT_TRUE(point.ok()) << point.error().to_string();
  const Allocation tried = brute_force(instance, 1e21);
  EXPECT_NEAR(point->params / tried.params, 1, 5e-4);
  EXPECT_LE(point->loss, tried.loss);
  EXPECT_NEAR(point->loss, tried.loss, 1e-8);
  // The equation is smallest where its right side is: at Chinchilla's optimum.
  const double ratio = std::pow(0.34 * 406 / (0.28 * 411), 1 / 0.62);
  EXPECT_NEAR(point->params / (ratio * std::pow(1e21 / 6, 0.28 / 0.62)), 1, 1e-8);
}

// Kaplan et al. 2020, table 6.
TEST(Allocate, TakesThePublishedFrontierWhereTheSetStatesOne) {
  const LawInstance kaplan = published("kaplan", "kaplan2020");
  EXPECT_TRUE(kaplan.has_stated_frontier());
  const auto one = allocate(kaplan, 8.64e19), thousand = allocate(kaplan, 8.64e22);
  ASSERT_TRUE(one.ok() && thousand.ok());
  EXPECT_NEAR(one->params, 1.3e9, 1);
  EXPECT_NEAR(one->tokens, 2e10, 10);
  EXPECT_NEAR(std::log10(thousand->params / one->params) / 3, 0.73, 1e-12);
  EXPECT_NEAR(std::log10(thousand->tokens / one->tokens) / 3, 0.27, 1e-12);
}

TEST(Allocate, FollowsTheSurfaceWhenKaplansFormIsFitted) {
  LawInstance fit = published("kaplan", "kaplan2020");
  fit.set = nullptr;
  EXPECT_FALSE(fit.has_stated_frontier());
  const auto one = allocate(fit, 1e20), thousand = allocate(fit, 1e23);
  ASSERT_TRUE(one.ok() && thousand.ok());
  // The surface is a power of A / N^r + B / D with r = alpha_N / alpha_D: its optimum has exponent 1 / (1 + r), in
  // closed form.
  const double r = 0.076 / 0.103, a = std::pow(6.4e13, r);
  EXPECT_NEAR(one->params / (std::pow(r * a / 1.8e13, 1 / (1 + r)) * std::pow(1e20 / 6, 1 / (1 + r))), 1, 1e-9);
  EXPECT_NEAR(std::log10(thousand->params / one->params) / 3, 0.575, 1e-3);
}

TEST(Allocate, WithoutALimitTheDataConstrainedOptimumIsThatOfTheBaseLaw) {
  const LawInstance unlimited = published("data-constrained", "muennighoff2023");
  const auto point = allocate(unlimited, 5.76e23), explicit_limit = allocate(limited(kInfinity), 5.76e23);
  ASSERT_TRUE(point.ok() && explicit_limit.ok());
  EXPECT_NEAR(point->params / 69962173313.52, 1, 1e-6);
  EXPECT_NEAR(point->tokens / 1372170066384.24, 1, 1e-6);
  EXPECT_EQ(point->params, explicit_limit->params);
  EXPECT_EQ(allocate(limited(1e15), 5.76e23)->params, point->params);
}

TEST(Allocate, AgreesWithBruteForceWhereUniqueTokensAreFew) {
  for (const double unique : {1e8, 3e9, 4e10, 1e12}) {
    for (const double flops : {1e19, 1e21, 5.76e23}) {
      const LawInstance instance = limited(unique);
      const auto point = allocate(instance, flops);
      ASSERT_TRUE(point.ok()) << unique << " " << flops;
      const Allocation expected = brute_force(instance, flops);
      EXPECT_LE(point->loss, expected.loss + 1e-14) << unique << " " << flops;
      // Where both kinds of repetition have saturated the loss is flat to rounding, and no N is better than another.
      const double beside = surface_loss(instance, std::vector<double>{1.01 * expected.params},
                                         std::vector<double>{expected.tokens / 1.01})[0];
      if (beside - expected.loss > 1e-10) {
        EXPECT_NEAR(point->params / expected.params, 1, 1e-3) << unique << " " << flops;
      }
    }
  }
}

TEST(Allocate, MovesFromRepeatingTokensToLargerModelsAsTokensRunOut) {
  const auto plenty = allocate(limited(kInfinity), 1e23), few = allocate(limited(1e10), 1e23);
  ASSERT_TRUE(plenty.ok() && few.ok());
  EXPECT_GT(few->loss, plenty->loss);
  EXPECT_GT(few->tokens, 1e10) << "repeats what there is";
}

TEST(Allocate, FindsTheLowerOfTwoMinima) {
  // Two dips in log N, the left one deeper; a descent from most places on the right ends in the wrong one.
  const Law dips = make_law(R"toml(
formula = "E - exp(-(log(N) - 14)^2) - 0.9 * exp(-(log(N) - 30)^2 / 8) + 0 * D"
[[variable]]
symbol = "N"
role = "params"
[[variable]]
symbol = "D"
role = "tokens"
[[parameter]]
name = "E"
meaning = "m"
bounds = [0, 10]
start = [1, 2]
)toml");
  const auto point = allocate(LawInstance{.law = &dips, .theta = {3}}, 1e24);
  ASSERT_TRUE(point.ok());
  EXPECT_NEAR(std::log(point->params), 14, 1e-6);
}

TEST(Allocate, SaysWhenTheOptimumLiesAtTheEdgeOfTheSearch) {
  const Law falling = make_law(R"toml(
formula = "E + 1 / N^a + 0 * D"
[[variable]]
symbol = "N"
role = "params"
[[variable]]
symbol = "D"
role = "tokens"
[[parameter]]
name = "E"
meaning = "m"
bounds = [0, 10]
start = [1, 2]
[[parameter]]
name = "a"
meaning = "m"
bounds = [-1, 1]
start = [0.1, 0.5]
)toml");
  const auto largest = allocate(LawInstance{.law = &falling, .theta = {1, 0.3}}, 1e20);
  ASSERT_TRUE(largest.ok());
  EXPECT_TRUE(largest->at_edge);
  EXPECT_NEAR(largest->params / (1e20 / 6e3), 1, 1e-12);
  const auto smallest = allocate(LawInstance{.law = &falling, .theta = {1, -0.3}}, 1e20);
  ASSERT_TRUE(smallest.ok());
  EXPECT_TRUE(smallest->at_edge);
  EXPECT_NEAR(smallest->params, kSmallestParams, 1e-6);
}

TEST(Allocate, UsesTheLawsOwnCompute) {
  const std::string variables = R"toml(
[[variable]]
symbol = "N"
role = "params"
[[variable]]
symbol = "D"
role = "tokens"
[[parameter]]
name = "k"
meaning = "m"
bounds = [0, 10]
start = [1, 2]
)toml";
  const Law dear = make_law("formula = \"k + 1e3 / N^0.5 + 1e3 / D^0.5\"\nflops = \"12 * N * D\"\n" + variables);
  const auto point = allocate(LawInstance{.law = &dear, .theta = {1}}, 1.2e21);
  ASSERT_TRUE(point.ok());
  EXPECT_NEAR(point->params / 1e10, 1, 1e-9);
  EXPECT_NEAR(point->tokens / 1e10, 1, 1e-9);
}

TEST(Allocate, RefusesBudgetsThatMakeNoSense) {
  const LawInstance instance = published("chinchilla", "besiroglu2024");
  for (const double flops : {0.0, -1.0, kInfinity, std::nan("")}) {
    EXPECT_EQ(allocate(instance, flops).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(allocate(instance, flops, true).error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_THAT(allocate(instance, 10, true).error().message, HasSubstr("too small"));
}

TEST(Allocate, RefusesALawWithoutNOrDAndAMissingContext) {
  auto curve = law_from_formula("E + A / N^a");
  ASSERT_TRUE(curve.ok());
  EXPECT_THAT(allocate(LawInstance{.law = &*curve, .theta = {1, 2, 0.3}}, 1e20).error().message, HasSubstr("lacks"));
  auto column = law_from_formula("E + A / N^a + B / D^b + k * width", {"width"});
  ASSERT_TRUE(column.ok());
  LawInstance instance{.law = &*column, .theta = {1, 200, 0.3, 200, 0.3, 1e-3}};
  EXPECT_THAT(allocate(instance, 1e20).error().message, HasSubstr("width"));
  EXPECT_TRUE(std::isnan(surface_loss(instance, std::vector<double>{1e8}, std::vector<double>{1e9})[0]));
  instance.context["width"] = 1;
  EXPECT_TRUE(allocate(instance, 1e20).ok());
  EXPECT_TRUE(std::isfinite(surface_loss(instance, std::vector<double>{1e8}, std::vector<double>{1e9})[0]));
}

TEST(Allocate, RefusesCoefficientsWithoutAFiniteOptimum) {
  LawInstance instance = published("chinchilla", "besiroglu2024");
  instance.theta[3] = std::nan("");
  EXPECT_EQ(allocate(instance, 1e20).error().code, ErrorCode::kNumerical);
  EXPECT_EQ(allocate(instance, 1e20, true).error().code, ErrorCode::kNumerical);
}

TEST(AllocateResamples, AgreesWithAllocatingEachResample) {
  for (const auto& [id, set] :
       {std::pair{"chinchilla", "besiroglu2024"}, std::pair{"data-constrained", "muennighoff2023"}}) {
    LawInstance instance = fitted(id, set, 60);
    instance.context["unique_tokens"] = 2e10;
    const AllocationSample sample = allocate_resamples(instance, 1e22);
    ASSERT_EQ(sample.params.size(), 60u);
    for (int i = 0; i < 60; ++i) {
      LawInstance one = instance;
      const auto theta = instance.resamples->sample(i);
      one.theta.assign(theta.begin(), theta.end());
      const auto point = allocate(one, 1e22);
      ASSERT_TRUE(point.ok());
      const auto k = static_cast<std::size_t>(i);
      EXPECT_NEAR(sample.params[k] / point->params, 1, 1e-6) << id << " " << i;
      EXPECT_NEAR(sample.tokens[k] / point->tokens, 1, 1e-6) << id << " " << i;
      EXPECT_NEAR(sample.loss[k], point->loss, 1e-9) << id << " " << i;
    }
  }
}

TEST(AllocateResamples, TakesTheFirstOnesUpToTheLimitAndNoneWherePublished) {
  const LawInstance instance = fitted("chinchilla", "besiroglu2024", 50);
  EXPECT_EQ(allocate_resamples(instance, 1e22, 20).params.size(), 20u);
  EXPECT_EQ(allocate_resamples(instance, 1e22, 20).params[7], allocate_resamples(instance, 1e22, 50).params[7]);
  EXPECT_TRUE(allocate_resamples(published("kaplan", "kaplan2020"), 1e22).params.empty());
}

TEST(AllocateResamples, MarksResamplesWithoutAnOptimum) {
  LawInstance instance = fitted("data-constrained", "muennighoff2023", 3);
  auto broken = std::make_shared<Bootstrap>(*instance.resamples);
  broken->theta[7 + 3] = std::nan("");  // alpha of the second resample
  instance.resamples = broken;
  const AllocationSample sample = allocate_resamples(instance, 1e22);
  ASSERT_EQ(sample.params.size(), 3u);
  EXPECT_TRUE(std::isfinite(sample.params[0]));
  EXPECT_TRUE(std::isnan(sample.params[1]));
  EXPECT_TRUE(std::isfinite(sample.params[2]));
}

TEST(NearOptimal, EndsWhereTheLossIsWorseByTheShare) {
  for (LawInstance instance :
       {published("chinchilla", "besiroglu2024"), limited(1e11), published("kaplan", "kaplan2020")}) {
    const double flops = 1e23;
    const auto band = near_optimal_params(instance, flops, 0.005);
    ASSERT_TRUE(band.ok());
    instance.set = nullptr;  // the optimum of the surface, also where a frontier is stated
    const double best = allocate(instance, flops, true)->loss;
    const std::vector<double> ends{band->lower, band->upper},
        tokens{flops / (6 * band->lower), flops / (6 * band->upper)};
    for (const double loss : surface_loss(instance, ends, tokens)) EXPECT_NEAR(loss / best, 1.005, 1e-10);
    const double optimum = allocate(instance, flops, true)->params;
    EXPECT_LT(band->lower, optimum);
    EXPECT_GT(band->upper, optimum);
  }
}

TEST(NearOptimal, WidensWithTheShareAndStopsAtTheEndsOfTheSearch) {
  const LawInstance instance = published("chinchilla", "besiroglu2024");
  const auto narrow = near_optimal_params(instance, 1e23, 0.001), wide = near_optimal_params(instance, 1e23, 0.01);
  ASSERT_TRUE(narrow.ok() && wide.ok());
  EXPECT_LT(wide->lower, narrow->lower);
  EXPECT_GT(wide->upper, narrow->upper);
  const auto all = near_optimal_params(instance, 1e23, 1e6);
  ASSERT_TRUE(all.ok());
  EXPECT_NEAR(all->lower / kSmallestParams, 1, 1e-9);
  EXPECT_NEAR(all->upper / (1e23 / 6e3), 1, 1e-9);
  EXPECT_FALSE(near_optimal_params(instance, 1e23, 0).ok());
}

TEST(Surface, GivesTheLossAtPoints) {
  const std::vector<double> params{70e9}, tokens{1.4e12};
  const double loss = surface_loss(published("chinchilla", "besiroglu2024"), params, tokens)[0];
  EXPECT_NEAR(loss, 1.8172 + 482.01 / std::pow(70e9, 0.3478) + 2085.43 / std::pow(1.4e12, 0.3658), 1e-12);
}

}  // namespace
}  // namespace isoflop
