// SPDX-License-Identifier: Apache-2.0
// Clark et al. 2022, Unified Scaling Laws for Routed Language Models, arXiv:2202.01169: refits to the last point of the
// published curves, one expert per token, routing in every other layer, with the dense models.
#include "published.h"

namespace isoflop {
namespace {

using test::expect_digits;
using test::observe_law;
using test::samples_of;
using test::shipped_law;
using test::value_of;

struct Router {
  const char *name, *type, *printed, *refitted;
  std::size_t runs;
};

class Routed : public testing::TestWithParam<Router> {
 protected:
  static Observations runs(const Law& law, const std::filesystem::path& path) {
    return observe_law(
        law, path,
        {.roles = {{"params", "dense_parameter_count"}, {"loss", "loss_validation"}},
         .derive = {"experts = num_experts"},
         .exclude = {{"step < 245000 or k != 1 or routing_frequency != 0.5", "not the last point of the sweep"},
                     {std::string("not (router_type == \"") + GetParam().type + "\" or router_type == \"Dense\")",
                      "another router"}}});
  }
  static FitOptions options() { return {.objective = Objective::kLogMse}; }
};

INSTANTIATE_TEST_SUITE_P(Routers, Routed,
                         testing::Values(Router{"SBase", "S-Base", "clark2022-s-base", "clark2022-s-base-refit", 61},
                                         Router{"RLR", "RL-R", "clark2022-rl-r", "clark2022-rl-r-refit", 62},
                                         Router{"Hash", "Hash", "clark2022-hash", "clark2022-hash-refit", 59}),
                         [](const auto& router) { return std::string(router.param.name); });

TEST_P(Routed, FitsAreThoseOfAnIndependentSolver) {
  NEED_DATA(path, "clark/curves.csv.gz");
  const Law law = shipped_law("clark-routed");
  const Observations observed = runs(law, path);
  ASSERT_EQ(observed.size(), GetParam().runs);
  const auto fit = fit_law(law, observed, options());
  ASSERT_TRUE(fit) << fit.error().to_string();
  const auto* refitted = law.find_set(GetParam().refitted);
  ASSERT_NE(refitted, nullptr);
  const auto want = [&](const char* name) {
    return refitted->values[static_cast<std::size_t>(law.parameter_index(name))];
  };
  expect_digits(*fit, "a", want("a"), 6e-4);
  expect_digits(*fit, "b", want("b"), 6e-4);
  expect_digits(*fit, "c", want("c"), 6e-5);
  expect_digits(*fit, "d", want("d"), 6e-4);
  expect_digits(*fit, "E_start", want("E_start"), 6e-3);
  expect_digits(*fit, "E_max", want("E_max"), .6);
  EXPECT_NEAR(fit->rmse_log / std::log(10.0), .003, 5e-4);
  const auto* printed = law.find_set(GetParam().printed);
  EXPECT_LT(fit->objective, evaluate_objective(law, observed, printed->values, Objective::kLogMse));
}

// The printed a and d hold within their intervals. E_max is known to a factor of a few at best: the interval says so.
TEST_P(Routed, IntervalsSayHowWeaklyTheLargestEffectIsKnown) {
  NEED_DATA(path, "clark/curves.csv.gz");
  const Law law = shipped_law("clark-routed");
  const Observations observed = runs(law, path);
  const auto fit = fit_law(law, observed, options());
  ASSERT_TRUE(fit) << fit.error().to_string();
  const auto resamples = bootstrap(law, observed, *fit, {.resamples = 400, .seed = 1});
  ASSERT_TRUE(resamples);
  const auto* printed = law.find_set(GetParam().printed);
  for (const char* name : {"a", "d", "E_max"}) {
    const Interval interval = percentile_interval(samples_of(*resamples, *fit, name));
    const double value = printed->values[static_cast<std::size_t>(law.parameter_index(name))];
    EXPECT_LT(interval.lower, value) << name;
    EXPECT_GT(interval.upper, value) << name;
  }
  const Interval largest = percentile_interval(samples_of(*resamples, *fit, "E_max"));
  EXPECT_GT(largest.upper / largest.lower, 3);
  EXPECT_LT(largest.lower, 239);
  EXPECT_GT(largest.upper, 470);
  const Interval slope = percentile_interval(samples_of(*resamples, *fit, "a"));
  EXPECT_LT(slope.lower / slope.upper, 1.3) << "the slope of parameters is known well";
}

}  // namespace
}  // namespace isoflop
