// SPDX-License-Identifier: Apache-2.0
#include "core/fit/profile.h"

#include "core/base/statistics.h"
#include "core/fit/delta_method.h"
#include "fitting.h"

namespace isoflop {
namespace {

using test::isoflop_grid;
using test::shipped_law;
using test::simulate;

const std::vector<double> kTruth = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

std::vector<Quantity> all_quantities(const Law& law) {
  std::vector<Quantity> quantities;
  for (std::size_t j = 0; j < law.parameters.size(); ++j) quantities.push_back(parameter_quantity(law, j));
  for (const DerivedQuantity& derived : law.derived) quantities.push_back(derived_quantity(derived));
  return quantities;
}

TEST(Profile, OfALineIsStudentsInterval) {
  const auto law = law_from_formula("c0 + c1*x", {"x"});
  ASSERT_TRUE(law);
  Observations runs{.names = {"x"}, .columns = {{}}, .response = {}, .rows = {}, .data_hash = ""};
  Philox random(3, 0);
  for (std::size_t i = 0; i < 12; ++i) {
    runs.columns[0].push_back(0.5 * static_cast<double>(i));
    runs.response.push_back(2 + 0.35 * static_cast<double>(i) + 0.2 * random.normal());
    runs.rows.push_back(i);
  }
  const auto fit = fit_law(*law, runs, {.objective = Objective::kMse});
  ASSERT_TRUE(fit);
  const auto profiles = profile(*law, runs, *fit, all_quantities(*law));
  ASSERT_TRUE(profiles) << profiles.error().message;
  for (std::size_t j = 0; j < 2; ++j) {
    const double reach = student_quantile(0.975, 10) * fit->standard_errors[j];
    EXPECT_NEAR((*profiles)[j].interval.lower, fit->theta[j] - reach, 2e-3 * reach) << fit->names[j];
    EXPECT_NEAR((*profiles)[j].interval.upper, fit->theta[j] + reach, 2e-3 * reach) << fit->names[j];
    EXPECT_FALSE((*profiles)[j].open_lower || (*profiles)[j].open_upper);
  }
}

TEST(Profile, RisesToItsThresholdWhereTheRestIsRefittedWithTheQuantityHeld) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 2);
  for (const Objective objective : {Objective::kLogMse, Objective::kLogHuber}) {
    const auto fit = fit_law(law, runs, {.objective = objective});
    ASSERT_TRUE(fit);
    const std::vector<Quantity> quantities = {*find_quantity(law, "alpha"), *find_quantity(law, "A")};
    const auto profiles = profile(law, runs, *fit, quantities);
    ASSERT_TRUE(profiles);
    for (const Profile& found : *profiles)
      for (const double end : {found.interval.lower, found.interval.upper}) {
        const auto held = fit_law(law, runs, {.objective = objective, .fixed = {{found.name, end}}});
        ASSERT_TRUE(held);
        const double deviance = 2 * (held->objective - fit->objective) / fit->deviance_scale;
        EXPECT_NEAR(deviance, found.threshold, 0.05 * found.threshold)
            << objective_name(objective) << " " << found.name << " " << end;
      }
  }
}

TEST(Profile, OfADerivedQuantityIsThatOfTheParameterItEquals) {
  // With beta tied to alpha's reflection, a = beta / (alpha + beta) is a function of alpha alone.
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 2);
  const auto fit = fit_law(law, runs, {.objective = Objective::kLogMse, .ties = {{"beta", "0.7136 - alpha"}}});
  ASSERT_TRUE(fit) << fit.error().message;
  const std::vector<Quantity> quantities = {*find_quantity(law, "a"), *find_quantity(law, "alpha")};
  const auto profiles = profile(law, runs, *fit, quantities);
  ASSERT_TRUE(profiles) << profiles.error().message;
  const Profile &a = (*profiles)[0], &alpha = (*profiles)[1];
  const double width = a.interval.upper - a.interval.lower;
  EXPECT_NEAR(a.interval.lower, (0.7136 - alpha.interval.upper) / 0.7136, 5e-3 * width);
  EXPECT_NEAR(a.interval.upper, (0.7136 - alpha.interval.lower) / 0.7136, 5e-3 * width);
}

TEST(Profile, OfAQuantityThatTiesFixIsItsValue) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 2);
  const auto fit = fit_law(law, runs, {.ties = {{"beta", "alpha"}}});
  ASSERT_TRUE(fit);
  const std::vector<Quantity> quantities = {*find_quantity(law, "a")};
  const auto profiles = profile(law, runs, *fit, quantities);
  ASSERT_TRUE(profiles);
  EXPECT_FALSE((*profiles)[0].open_lower || (*profiles)[0].open_upper);
  EXPECT_NEAR((*profiles)[0].interval.lower, 0.5, 1e-12);
  EXPECT_NEAR((*profiles)[0].interval.upper, 0.5, 1e-12);
}

TEST(Profile, SaysThatASideIsOpen) {
  // Losses without any dependence on D bound B from above only.
  const Law law = shipped_law("chinchilla");
  Observations runs = simulate(law, kTruth, isoflop_grid(5, 8), 0, 1);
  Philox random(1, 1);
  for (std::size_t i = 0; i < runs.size(); ++i)
    runs.response[i] = (2 + 400 / std::pow(runs.columns[0][i], 0.34)) * std::exp(0.005 * random.normal());
  const auto fit = fit_law(law, runs, {.objective = Objective::kLogMse, .fixed = {{"beta", 0.3}}});
  ASSERT_TRUE(fit);
  const std::vector<Quantity> quantities = {*find_quantity(law, "B"), *find_quantity(law, "alpha")};
  const auto profiles = profile(law, runs, *fit, quantities);
  ASSERT_TRUE(profiles);
  EXPECT_TRUE((*profiles)[0].open_lower);
  EXPECT_FALSE((*profiles)[0].open_upper);
  EXPECT_FALSE((*profiles)[1].open_lower || (*profiles)[1].open_upper);
}

TEST(Profile, IsTheSameWithAnyNumberOfThreads) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 2);
  const auto fit = fit_law(law, runs);
  ASSERT_TRUE(fit);
  const auto one = profile(law, runs, *fit, all_quantities(law), {.threads = 1});
  const auto many = profile(law, runs, *fit, all_quantities(law), {.threads = 5});
  ASSERT_TRUE(one && many);
  for (std::size_t q = 0; q < one->size(); ++q) {
    EXPECT_EQ((*one)[q].at, (*many)[q].at);
    EXPECT_EQ((*one)[q].deviance, (*many)[q].deviance);
  }
}

TEST(Profile, RefusesClustersAndStopsWhenAsked) {
  const Law law = shipped_law("chinchilla");
  Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 2);
  const auto fit = fit_law(law, runs);
  std::stop_source source;
  source.request_stop();
  const auto stopped = profile(law, runs, *fit, all_quantities(law), {}, {.progress = {}, .stop = source.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  for (std::size_t i = 0; i < runs.size(); ++i) runs.clusters.push_back(i % 9);
  EXPECT_FALSE(profile(law, runs, *fit, all_quantities(law)));
}

TEST(DeltaMethod, IsExactForSumsAndProductsOfPowers) {
  const Scatter scatter{.theta = {2, 3}, .covariance = {0.04, 0.01, 0.01, 0.09}, .freedom = 20};
  const Quantity sum{.name = "sum", .value = [](std::span<const double> t) { return t[0] + 2 * t[1]; }};
  const FirstOrder found = delta_method(sum, scatter);
  const double error = std::sqrt(0.04 + 4 * 0.01 + 4 * 0.09);
  EXPECT_EQ(found.value, 8);
  EXPECT_NEAR(found.standard_error, error, 1e-9);
  EXPECT_NEAR(found.interval.upper, 8 + student_quantile(0.975, 20) * error, 1e-9);
  const Quantity product{
      .name = "product", .value = [](std::span<const double> t) { return t[0] * t[0] * t[1]; }, .positive = true};
  const FirstOrder relative = delta_method(product, scatter);
  // d log = 2 dt0 / t0 + dt1 / t1
  const double share = std::sqrt(0.04 + 2 * 1.0 / 3 * 0.01 + 0.09 / 9);
  EXPECT_NEAR(relative.standard_error, 12 * share, 1e-5);
  EXPECT_NEAR(relative.interval.lower, 12 * std::exp(-student_quantile(0.975, 20) * share), 1e-5);
  EXPECT_TRUE(std::isnan(delta_method(sum, {.theta = {2, 3}, .covariance = {}, .freedom = 20}).standard_error));
}

TEST(DeltaMethod, AgreesWithTheBootstrapWhereRunsAreMany) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(8, 60), 0.003, 5);
  const auto fit = fit_law(law, runs, {.objective = Objective::kLogMse});
  ASSERT_TRUE(fit);
  const auto resamples = bootstrap(law, runs, *fit, {.resamples = 1500, .seed = 3});
  ASSERT_TRUE(resamples);
  for (const Quantity& quantity : all_quantities(law)) {
    std::vector<double> sample;
    for (int i = 0; i < resamples->resamples(); ++i) sample.push_back(quantity.value(resamples->sample(i)));
    const Interval by_resamples = percentile_interval(std::move(sample));
    const Interval by_delta = delta_method(quantity, scatter_of(*fit)).interval;
    const double width = by_resamples.upper - by_resamples.lower;
    EXPECT_NEAR(by_delta.lower, by_resamples.lower, 0.12 * width) << quantity.name;
    EXPECT_NEAR(by_delta.upper, by_resamples.upper, 0.12 * width) << quantity.name;
  }
}

}  // namespace
}  // namespace isoflop
