// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/quantities.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/fit/delta_method.h"
#include "core/fit/profile.h"
#include "core/frontier/simulated_runs.h"
#include "core/runs/observations.h"
#include "laws.h"

namespace isoflop {
namespace {

using testing_laws::law;
using testing_laws::published;

TEST(AllocationQuantities, AreTheAllocationAtAnyParameters) {
  const LawInstance instance = published("chinchilla", "besiroglu2024");
  LawInstance moved = instance;
  moved.theta[3] *= 1.1;
  for (const double flops : {1e20, 1e24}) {
    const AllocationQuantities quantities = allocation_quantities(instance, flops);
    const auto expected = allocate(moved, flops);
    ASSERT_TRUE(expected);
    EXPECT_NEAR(quantities.params.value(moved.theta), expected->params, 1e-9 * expected->params);
    EXPECT_NEAR(quantities.tokens.value(moved.theta), expected->tokens, 1e-9 * expected->tokens);
    EXPECT_NEAR(quantities.loss.value(moved.theta), expected->loss, 1e-9 * expected->loss);
  }
}

TEST(AllocationQuantities, AreSearchedWhereThereIsNoClosedForm) {
  // The same surface, of which the file says nothing more.
  const auto bare = law_from_formula("E + A / N^alpha + B / D^beta");
  ASSERT_TRUE(bare);
  const LawInstance closed = published("chinchilla", "besiroglu2024");
  LawInstance searched{.law = &*bare};
  for (const LawParameter& parameter : bare->parameters)
    searched.theta.push_back(closed.theta[static_cast<std::size_t>(closed.law->parameter_index(parameter.name))]);
  const AllocationQuantities by_search = allocation_quantities(searched, 1e22),
                             by_form = allocation_quantities(closed, 1e22);
  EXPECT_NEAR(by_search.params.value(searched.theta) / by_form.params.value(closed.theta), 1, 1e-5);
  EXPECT_NEAR(by_search.tokens.value(searched.theta) / by_form.tokens.value(closed.theta), 1, 1e-5);
  EXPECT_NEAR(by_search.loss.value(searched.theta) / by_form.loss.value(closed.theta), 1, 1e-9);
  // To first order both have the same error.
  const std::size_t p = closed.theta.size();
  Scatter form{.theta = closed.theta, .covariance = std::vector<double>(p * p, 0), .freedom = 100};
  Scatter search{.theta = searched.theta, .covariance = form.covariance, .freedom = 100};
  for (std::size_t j = 0; j < p; ++j) {
    form.covariance[j * p + j] = std::pow(0.01 * form.theta[j], 2);
    search.covariance[j * p + j] = std::pow(0.01 * search.theta[j], 2);
  }
  const FirstOrder one = delta_method(by_form.params, form), other = delta_method(by_search.params, search);
  EXPECT_NEAR(other.standard_error, one.standard_error, 1e-2 * one.standard_error);
}

TEST(AllocationQuantities, HaveIntervalsThatAgreeOverTheMethods) {
  const LawInstance truth = published("chinchilla", "besiroglu2024");
  const auto table =
      simulate_runs({truth}, {.flops = {1e19, 3e19, 1e20, 3e20, 1e21, 3e21}, .sizes = 20, .noise = 0.004});
  ASSERT_TRUE(table);
  const auto runs = observe(*table, truth.law->roles());
  ASSERT_TRUE(runs);
  const auto fit = fit_law(*truth.law, *runs, {.objective = Objective::kLogMse});
  ASSERT_TRUE(fit);
  const auto resamples = bootstrap(*truth.law, *runs, *fit, {.resamples = 1500, .seed = 2});
  ASSERT_TRUE(resamples);
  const AllocationQuantities frontier = allocation_quantities(truth, 1e22);
  const std::vector<Quantity> quantities = {frontier.params, frontier.tokens, frontier.loss,
                                            prediction_quantity(*truth.law, {1e9, 2e10})};
  const auto profiles = profile(*truth.law, *runs, *fit, quantities);
  ASSERT_TRUE(profiles) << profiles.error().message;
  for (std::size_t q = 0; q < quantities.size(); ++q) {
    std::vector<double> sample;
    for (int i = 0; i < resamples->resamples(); ++i) sample.push_back(quantities[q].value(resamples->sample(i)));
    const Interval drawn = percentile_interval(std::move(sample));
    const Interval first = delta_method(quantities[q], scatter_of(*fit)).interval, full = (*profiles)[q].interval;
    const double width = full.upper - full.lower;
    for (const Interval& other : {drawn, first}) {
      EXPECT_NEAR(other.lower, full.lower, 0.2 * width) << q;
      EXPECT_NEAR(other.upper, full.upper, 0.2 * width) << q;
    }
  }
}

TEST(PredictionQuantity, IsThePrediction) {
  const Law& chinchilla = law("chinchilla");
  const std::vector<double>& theta = chinchilla.find_set("besiroglu2024")->values;
  EXPECT_NEAR(prediction_quantity(chinchilla, {7e10, 1.4e12}).value(theta),
              predict(chinchilla, {{7e10}, {1.4e12}}, theta)[0], 1e-12);
}

}  // namespace
}  // namespace isoflop
