// SPDX-License-Identifier: Apache-2.0
#include "core/fit/fit.h"

#include <Eigen/Dense>

#include "core/fit/ceres_solve.h"
#include "core/fit/polish.h"
#include "core/fit/projection.h"
#include "core/fit/search.h"
#include "fitting.h"

namespace isoflop {
namespace {

using test::find_finding;
using test::isoflop_grid;
using test::shipped_law;
using test::simulate;

const std::vector<double> kBesiroglu = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

TEST(FitLaw, RecoversTheTruthFromRunsWithoutNoise) {
  for (const char* id : {"chinchilla", "kaplan"}) {
    const Law law = shipped_law(id);
    const std::vector<double> truth = law.sets.front().values;
    const Observations runs = simulate(law, truth, isoflop_grid(6, 9), 0, 1);
    for (const Objective objective : {Objective::kLogHuber, Objective::kLogMse, Objective::kMse, Objective::kLogMae}) {
      const auto fit = fit_law(law, runs, {.objective = objective});
      ASSERT_TRUE(fit) << id;
      for (std::size_t j = 0; j < truth.size(); ++j)
        EXPECT_NEAR(fit->theta[j], truth[j], 2e-4 * truth[j])
            << id << " " << objective_name(objective) << " " << fit->names[j];
    }
  }
}

TEST(FitLaw, LeastSquaresOfALinearLawIsTheNormalEquations) {
  const auto law = law_from_formula("c0 + c1*x + c2*x^2", {"x"});
  ASSERT_TRUE(law) << law.error().to_string();
  Observations runs{.names = {"x"}, .columns = {{}}, .response = {}, .rows = {}, .data_hash = ""};
  Philox random(3, 0);
  Eigen::MatrixXd design(40, 3);
  Eigen::VectorXd y(40);
  for (int i = 0; i < 40; ++i) {
    const double x = 0.1 * i;
    design.row(i) << 1, x, x * x;
    y[i] = 2 + 0.7 * x + 0.2 * x * x + 0.05 * random.normal();
    runs.columns[0].push_back(x);
    runs.response.push_back(y[i]);
  }
  const Eigen::VectorXd expected = design.colPivHouseholderQr().solve(y);
  const double variance = (y - design * expected).squaredNorm() / 37;
  const Eigen::MatrixXd covariance = variance * (design.transpose() * design).inverse();
  const auto fit = fit_law(*law, runs, {.objective = Objective::kMse});
  ASSERT_TRUE(fit) << fit.error().to_string();
  for (int j = 0; j < 3; ++j) {
    const auto index = static_cast<std::size_t>(law->parameter_index("c" + std::to_string(j)));
    EXPECT_NEAR(fit->theta[index], expected[j], 1e-9);
    EXPECT_NEAR(fit->standard_errors[index], std::sqrt(covariance(j, j)), 1e-6 * std::sqrt(covariance(j, j)));
  }
  EXPECT_NEAR(fit->objective, 0.5 * (y - design * expected).squaredNorm(), 1e-12);
}

TEST(FitLaw, GivesTheSameBytesWithAnyNumberOfThreads) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0.01, 2);
  const auto one = fit_law(law, runs, {.seed = 5, .threads = 1});
  ASSERT_TRUE(one);
  for (const int threads : {2, 3, 7}) {
    const auto many = fit_law(law, runs, {.seed = 5, .threads = threads});
    ASSERT_TRUE(many);
    EXPECT_EQ(one->theta, many->theta);
    EXPECT_EQ(one->optima.size(), many->optima.size());
  }
}

class StandardErrors : public testing::TestWithParam<Objective> {};

INSTANTIATE_TEST_SUITE_P(Objectives, StandardErrors,
                         testing::Values(Objective::kLogMse, Objective::kLogHuber, Objective::kLogMae),
                         [](const auto& named) {
                           std::string name(objective_name(named.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(StandardErrors, MatchTheSpreadOverFreshData) {
  const Law law = shipped_law("chinchilla");
  const auto alpha = static_cast<std::size_t>(law.parameter_index("alpha"));
  double sum = 0, squares = 0, claimed = 0;
  const int repeats = 60;
  for (int i = 0; i < repeats; ++i) {
    const Observations runs =
        simulate(law, kBesiroglu, isoflop_grid(6, 10), 0.005, 100 + static_cast<std::uint64_t>(i));
    FitOptions options{.objective = GetParam()};
    for (std::size_t j = 0; j < kBesiroglu.size(); ++j) options.start[law.parameters[j].name] = kBesiroglu[j];
    const auto fit = fit_law(law, runs, options);
    ASSERT_TRUE(fit);
    sum += fit->theta[alpha];
    squares += fit->theta[alpha] * fit->theta[alpha];
    claimed += fit->standard_errors[alpha] / repeats;
  }
  const double spread = std::sqrt((squares - sum * sum / repeats) / (repeats - 1));
  // The spread of 60 draws is itself known to 9%; three of those.
  EXPECT_NEAR(claimed, spread, 0.3 * spread);
}

// Models far from the best size are noisier, and they are the ones that decide the exponents: one noise level for all
// runs would promise about half of the spread.
TEST(StandardErrorsOfRobustFits, FollowTheNoiseOfTheRunsThatDecide) {
  const Law law = shipped_law("chinchilla");
  const auto alpha = static_cast<std::size_t>(law.parameter_index("alpha"));
  const auto columns = isoflop_grid(8, 15);
  double sum = 0, squares = 0, claimed = 0;
  const int repeats = 80;
  for (int i = 0; i < repeats; ++i) {
    Observations runs = simulate(law, kBesiroglu, columns, 0, 0);
    Philox random(7, static_cast<std::uint64_t>(i));
    for (std::size_t r = 0; r < runs.size(); ++r) {
      const double flops = 6 * columns[0][r] * columns[1][r];
      const double away = std::abs(std::log10(columns[0][r] / std::sqrt(flops / 120)));
      runs.response[r] *= std::exp(0.002 * std::pow(10.0, 0.8 * away) * random.normal());
    }
    FitOptions options;
    for (std::size_t j = 0; j < kBesiroglu.size(); ++j) options.start[law.parameters[j].name] = kBesiroglu[j];
    const auto fit = fit_law(law, runs, options);
    ASSERT_TRUE(fit);
    sum += fit->theta[alpha];
    squares += fit->theta[alpha] * fit->theta[alpha];
    claimed += fit->standard_errors[alpha] / repeats;
  }
  const double spread = std::sqrt((squares - sum * sum / repeats) / (repeats - 1));
  EXPECT_NEAR(claimed, spread, 0.25 * spread);
}

TEST(FitLaw, HoldsFixedParametersAndLeavesThemWithoutError) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0.01, 3);
  const auto fit = fit_law(law, runs, {.fixed = {{"E", 1.7}, {"alpha", 0.33}}});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->theta[0], 1.7);
  EXPECT_EQ(fit->theta[3], 0.33);
  EXPECT_FALSE(fit->free[0]);
  EXPECT_TRUE(std::isnan(fit->standard_errors[0]));
  EXPECT_EQ(fit->covariance.size(), 9u);
}

TEST(FitLaw, RefusesWhatCannotBeFittedAndSaysWhy) {
  const Law law = shipped_law("chinchilla");
  Observations runs = simulate(law, kBesiroglu, isoflop_grid(2, 4), 0.01, 3);
  const auto message = [&](const FitOptions& options) {
    const auto fit = fit_law(law, runs, options);
    return fit ? std::string("fitted") : fit.error().message;
  };
  EXPECT_NE(message({.fixed = {{"gamma", 1}}}).find("has no parameter \"gamma\"; it has E, A, B, alpha, beta"),
            std::string::npos);
  EXPECT_NE(message({.fixed = {{"alpha", -1}}}).find("outside its bounds [0, 10]"), std::string::npos);
  EXPECT_NE(message({.delta = 0}).find("delta is 0"), std::string::npos);
  EXPECT_NE(message({.fixed = {{"E", 1}}, .start = {{"E", 1}}}).find("held and given a start"), std::string::npos);
  runs.response[3] = -1;
  EXPECT_NE(message({}).find("run 4 has the loss -1"), std::string::npos);
  runs = simulate(law, kBesiroglu, {{1e8, 2e8, 4e8}, {1e9, 1e9, 1e9}}, 0, 1);
  EXPECT_NE(message({}).find("5 free parameters need at least as many runs; there are 3"), std::string::npos);
}

TEST(FitLaw, StopsWhenCancelled) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0.01, 3);
  std::stop_source source;
  source.request_stop();
  const auto fit = fit_law(law, runs, {}, {.progress = {}, .stop = source.get_token()});
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().code, ErrorCode::kCancelled);
}

TEST(FitLaw, NeverEndsAboveACeresSolveFromTheTruth) {
  const Law law = shipped_law("chinchilla");
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0.02, seed);
    const auto fit = fit_law(law, runs);
    ASSERT_TRUE(fit);
    const auto problem = make_fit_problem(law, runs, {});
    const auto ceres = ceres_solve(*problem, problem->coordinates(kBesiroglu));
    ASSERT_TRUE(ceres);
    EXPECT_LE(fit->objective, ceres->value * (1 + 1e-9)) << "seed " << seed;
  }
}

TEST(Polish, GradientAndHessianAgreeWithDifferences) {
  const Law law = shipped_law("data-constrained");
  auto columns = isoflop_grid(4, 6);
  columns.push_back(std::vector<double>(24, 2e9));
  const std::vector<double> truth = law.find_set("muennighoff2023")->values;
  const Observations runs = simulate(law, truth, columns, 0.01, 4);
  const auto problem = make_fit_problem(law, runs, {.objective = Objective::kLogMse});
  ASSERT_TRUE(problem);
  FitEvaluator evaluator(*problem);
  SmallVector u = problem->coordinates(truth);
  u[1] += 0.1;
  Linearisation here, up, down;
  SmallMatrix curvature;
  evaluator.linearise(u, evaluator.weights(), problem->delta, here);
  evaluator.curvature_of_residuals(u, curvature);
  for (int j = 0; j < problem->size(); ++j) {
    SmallVector plus = u, minus = u;
    plus[j] += 1e-5;
    minus[j] -= 1e-5;
    evaluator.linearise(plus, evaluator.weights(), problem->delta, up);
    evaluator.linearise(minus, evaluator.weights(), problem->delta, down);
    const double scale = here.gradient.norm();
    EXPECT_NEAR(here.gradient[j], (up.value - down.value) / 2e-5, 1e-5 * scale) << j;
    const SmallVector column = (up.gradient - down.gradient) / 2e-5;
    const SmallVector hessian = here.gauss.col(j) + curvature.col(j);
    EXPECT_LT((column - hessian).norm(), 1e-4 * here.gauss.norm()) << j;
  }
}

TEST(Projection, SolvesForTheLinearParametersOfTheTruth) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0, 1);
  const auto problem = make_fit_problem(law, runs, {});
  Projection projection(*problem);
  EXPECT_EQ(projection.linear(), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(projection.nonlinear(), (std::vector<int>{3, 4}));
  SmallVector u = problem->coordinates(kBesiroglu);
  u[0] = u[1] = u[2] = 0;
  ASSERT_TRUE(projection.solve(u));
  const std::vector<double> theta = problem->theta_at(u);
  for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(theta[j], kBesiroglu[j], 1e-7 * kBesiroglu[j]);
}

TEST(Projection, KeepsParametersInsideTheirBounds) {
  const Law law = shipped_law("chinchilla");
  // A loss that rises with D would want B < 0.
  Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0, 1);
  for (std::size_t i = 0; i < runs.size(); ++i)
    runs.response[i] = 2 + 100 / std::pow(runs.columns[0][i], 0.3) + 1e-3 * std::log(runs.columns[1][i]);
  const auto problem = make_fit_problem(law, runs, {});
  Projection projection(*problem);
  SmallVector u = problem->coordinates(kBesiroglu);
  ASSERT_TRUE(projection.solve(u));
  for (const double value : problem->theta_at(u)) EXPECT_GT(value, 0);
}

TEST(Findings, SayNothingOfAWellDesignedSweep) {
  const Law law = shipped_law("chinchilla");
  const auto fit = fit_law(law, simulate(law, kBesiroglu, isoflop_grid(7, 12), 0.005, 9));
  ASSERT_TRUE(fit);
  for (const Finding& finding : fit->findings) ADD_FAILURE() << finding.message;
}

TEST(Findings, SayThatNAndDAreCollinear) {
  const Law law = shipped_law("chinchilla");
  std::vector<std::vector<double>> columns(2);
  for (int i = 0; i < 30; ++i) {
    columns[0].push_back(1e8 * std::pow(1.2, i));
    columns[1].push_back(20 * columns[0].back());
  }
  const auto fit = fit_law(law, simulate(law, kBesiroglu, columns, 0.005, 9));
  ASSERT_TRUE(fit);
  EXPECT_TRUE(find_finding(*fit, FindingCode::kCollinear));
}

TEST(Findings, SayThatThereAreTooFewBudgets) {
  const Law law = shipped_law("chinchilla");
  const auto fit = fit_law(law, simulate(law, kBesiroglu, isoflop_grid(2, 12), 0.005, 9));
  ASSERT_TRUE(fit);
  const Finding* finding = find_finding(*fit, FindingCode::kTooFewBudgets);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value, 2);
}

TEST(Findings, SayThatAParameterLiesAtItsBound) {
  const Law law = shipped_law("chinchilla");
  // Loss that does not depend on D at all: beta or B has nothing to hold it.
  Observations runs = simulate(law, kBesiroglu, isoflop_grid(5, 8), 0, 1);
  for (std::size_t i = 0; i < runs.size(); ++i) runs.response[i] = 2 + 400 / std::pow(runs.columns[0][i], 0.34);
  const auto fit = fit_law(law, runs);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(find_finding(*fit, FindingCode::kParameterAtBound) || find_finding(*fit, FindingCode::kFlatValley) ||
              find_finding(*fit, FindingCode::kStartsDisagree));
}

}  // namespace
}  // namespace isoflop
