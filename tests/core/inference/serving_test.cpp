// SPDX-License-Identifier: Apache-2.0
#include "core/inference/serving.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/laws/library.h"
#include "support/law_points.h"

namespace isoflop {
namespace {

LawInstance chinchilla(std::vector<double> theta) {
  LawInstance instance;
  instance.law = test::shipped_laws().find("chinchilla");
  const std::vector<std::string> names{"E", "A", "B", "alpha", "beta"};
  for (const LawParameter& parameter : instance.law->parameters)
    for (std::size_t j = 0; j < names.size(); ++j)
      if (parameter.name == names[j]) instance.theta.push_back(theta[j]);
  return instance;
}

// The coefficients with which the examples of Sardana et al. come out (their Table 1 prints .34 and .28).
LawInstance sardana() {
  return chinchilla({1.69, 406.4, 410.7, 0.336, 0.283});
}

double loss_of(const LawInstance& instance, double params, double tokens) {
  return surface_loss(instance, {&params, 1}, {&tokens, 1}).front();
}

TEST(Serving, ReproducesTheTwoExamplesOfSardana) {
  const LawInstance law = sardana();
  struct Example {
    double params, tokens, demand, best_params, best_tokens, saving;
  };
  // The second one's tokens: 7.92T in the paper, 7.93T here from 4.26T rounded.
  for (const Example& e :
       {Example{30e9, 1.56e12, 5e12, 16.4e9, 3.27e12, 0.162}, Example{70e9, 4.26e12, 1e13, 41.6e9, 7.93e12, 0.119}}) {
    const ServingDemand demand{.prompt_tokens = e.demand};
    const auto plan = plan_serving(law, demand, loss_of(law, e.params, e.tokens));
    ASSERT_TRUE(plan.ok()) << plan.error().message;
    EXPECT_NEAR(plan->best.params, e.best_params, 0.05e9);
    EXPECT_NEAR(plan->best.tokens, e.best_tokens, 0.01e12);
    const double as_given = serving_point(law, demand, e.params, e.tokens).cost();
    EXPECT_NEAR(1 - plan->best.cost() / as_given, e.saving, 5e-4);
    EXPECT_FALSE(plan->best.at_edge);
  }
}

TEST(Serving, MeetsTheFirstOrderConditionOfTheClosedForm) {
  const LawInstance law = sardana();
  for (const double demand : {0.0, 1e10, 3e11, 5e12, 1e14}) {
    const auto plan = plan_serving(law, {.produced_tokens = demand}, 2.1);
    ASSERT_TRUE(plan.ok());
    const double n = plan->best.params, d = plan->best.tokens;
    const double ratio = (0.336 * 406.4 * std::pow(n, -0.336)) / (0.283 * 410.7 * std::pow(d, -0.283));
    // The cost is flat at its minimum, so that N is known to the square root of what the cost is.
    EXPECT_NEAR(ratio / (1 + demand / (3 * d)), 1, 1e-6) << demand;
    EXPECT_NEAR(loss_of(law, n, d), 2.1, 1e-12);
  }
}

TEST(Serving, AgreesWithTheTrainingOptimumWhereNobodyIsServed) {
  const LawInstance law = sardana();
  const double compute = 5.76e23;
  const auto optimum = allocate(law, compute);
  ASSERT_TRUE(optimum.ok());
  const auto plan = plan_serving(law, {}, optimum->loss);
  ASSERT_TRUE(plan.ok());
  EXPECT_NEAR(plan->best.params / optimum->params, 1, 1e-6);
  EXPECT_NEAR(plan->best.training_flops / compute, 1, 1e-9);
  EXPECT_NEAR(plan->saving, 0, 1e-12);
}

TEST(Serving, PricesAndUtilisationWeighTrainingAgainstServing) {
  const LawInstance law = sardana();
  const auto plain = plan_serving(law, {.prompt_tokens = 2e12, .produced_tokens = 1e12}, 2.0);
  ServingDemand demand{.prompt_tokens = 2e12, .produced_tokens = 1e12};
  demand.training_price = 3e-18;
  demand.serving_price = 1.5e-18;
  demand.training_mfu = 0.5;
  demand.prompt_mfu = 0.5;
  demand.produced_mfu = 0.01;
  const auto priced = plan_serving(law, demand, 2.0);
  ASSERT_TRUE(plain.ok() && priced.ok());
  const double n = priced->best.params, d = priced->best.tokens;
  EXPECT_NEAR(priced->best.training_cost / (6 * n * d * 3e-18 / 0.5), 1, 1e-12);
  EXPECT_NEAR(priced->best.serving_cost / (2 * n * 1.5e-18 * (2e12 / 0.5 + 1e12 / 0.01)), 1, 1e-12);
  EXPECT_LT(n, plain->best.params);
  // Every price alike changes nothing but the unit.
  demand = {.prompt_tokens = 2e12, .produced_tokens = 1e12, .training_price = 7, .serving_price = 7};
  const auto scaled = plan_serving(law, demand, 2.0);
  ASSERT_TRUE(scaled.ok());
  EXPECT_NEAR(scaled->best.params / plain->best.params, 1, 1e-6);
  EXPECT_NEAR(scaled->best.cost() / plain->best.cost(), 7, 1e-9);
}

TEST(Serving, TakesLawsThatAreNotSumsOfPowers) {
  const Law& kaplan = *test::shipped_laws().find("kaplan");
  ASSERT_FALSE(kaplan.sets.empty());
  const LawInstance instance = instance_of(kaplan, kaplan.sets.front());
  const double target = loss_of(instance, 7e9, 2e11);
  const ServingDemand demand{.produced_tokens = 2e12};
  const auto plan = plan_serving(instance, demand, target);
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_NEAR(loss_of(instance, plan->best.params, plan->best.tokens), target, 1e-9);
  // No neighbour of the same loss is cheaper.
  for (const double factor : {0.8, 0.95, 1.05, 1.25}) {
    double low = 1, high = 1e24;
    const double n = plan->best.params * factor;
    for (int i = 0; i < 200; ++i) {
      const double middle = std::sqrt(low * high);
      (loss_of(instance, n, middle) <= target ? high : low) = middle;
    }
    EXPECT_GT(serving_point(instance, demand, n, high).cost(), plan->best.cost());
  }
}

TEST(Serving, SaysWhatIsWrong) {
  const LawInstance law = sardana();
  EXPECT_EQ(plan_serving(law, {}, 1.6).error().code, ErrorCode::kNumerical);
  EXPECT_EQ(plan_serving(law, {.prompt_tokens = -1}, 2).error().where.parameter, "tokens");
  EXPECT_EQ(plan_serving(law, {.training_price = 0}, 2).error().where.parameter, "price");
  EXPECT_EQ(plan_serving(law, {.produced_mfu = 1.5}, 2).error().where.parameter, "mfu");
}

}  // namespace
}  // namespace isoflop
