// SPDX-License-Identifier: Apache-2.0
// Ties, priors, bounds, weights and clusters of a fit, against what each amounts to written out by hand.
#include <Eigen/Dense>
#include <numeric>

#include "core/fit/bootstrap.h"
#include "core/fit/prior.h"
#include "fitting.h"

namespace isoflop {
namespace {

using test::find_finding;
using test::isoflop_grid;
using test::shipped_law;
using test::simulate;

const std::vector<double> kTruth = {1.8172, 482.01, 2085.43, 0.3478, 0.3658};

double value(const Fit& fit, const std::string& name) {
  const auto found = std::find(fit.names.begin(), fit.names.end(), name);
  return fit.theta[static_cast<std::size_t>(found - fit.names.begin())];
}

double error(const Fit& fit, const std::string& name) {
  const auto found = std::find(fit.names.begin(), fit.names.end(), name);
  return fit.standard_errors[static_cast<std::size_t>(found - fit.names.begin())];
}

// c0 + c1 x, with noise.
struct Line {
  explicit Line(int runs = 40, double noise = 0.05, std::uint64_t seed = 3)
      : law(*law_from_formula("c0 + c1*x", {"x"})) {
    Philox random(seed, 0);
    observations = Observations{.names = {"x"}, .columns = {{}}, .response = {}, .rows = {}, .data_hash = ""};
    for (int i = 0; i < runs; ++i) {
      const double x = 0.1 * i;
      observations.columns[0].push_back(x);
      observations.response.push_back(2 + 0.7 * x + noise * random.normal());
      observations.rows.push_back(static_cast<std::size_t>(i));
    }
  }
  Eigen::MatrixXd design() const {
    Eigen::MatrixXd x(static_cast<Eigen::Index>(observations.size()), 2);
    for (std::size_t i = 0; i < observations.size(); ++i)
      x.row(static_cast<Eigen::Index>(i)) << 1, observations.columns[0][i];
    return x;
  }
  Eigen::VectorXd response() const {
    return Eigen::Map<const Eigen::VectorXd>(observations.response.data(),
                                             static_cast<Eigen::Index>(observations.size()));
  }
  Law law;
  Observations observations;
};

TEST(Ties, AreTheLawWithTheFormulaWrittenOut) {
  const Law law = shipped_law("chinchilla");
  const auto written = law_from_formula("E + A / N^alpha + B / D^alpha");
  ASSERT_TRUE(written);
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1);
  const auto tied = fit_law(law, runs, {.ties = {{"beta", "alpha"}}});
  const auto plain = fit_law(*written, runs);
  ASSERT_TRUE(tied && plain) << (tied ? "" : tied.error().message);
  EXPECT_NEAR(tied->objective, plain->objective, 1e-8 * plain->objective);
  EXPECT_EQ(value(*tied, "beta"), value(*tied, "alpha"));
  for (const char* name : {"E", "A", "B", "alpha"}) {
    EXPECT_NEAR(value(*tied, name), value(*plain, name), 1e-4 * value(*plain, name)) << name;
    EXPECT_NEAR(error(*tied, name), error(*plain, name), 1e-2 * error(*plain, name)) << name;
  }
  EXPECT_EQ(error(*tied, "beta"), error(*tied, "alpha"));
  EXPECT_EQ(tied->covariance.size(), 16u);
  EXPECT_EQ(tied->full_covariance.size(), 25u);
}

TEST(Ties, TakeAnyFormulaOfOtherParametersAndTheirErrorFollows) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1);
  const auto fit = fit_law(law, runs, {.ties = {{"beta", "2 * alpha - 0.33"}, {"B", "4 * A"}}});
  ASSERT_TRUE(fit) << fit.error().message;
  EXPECT_NEAR(value(*fit, "beta"), 2 * value(*fit, "alpha") - 0.33, 1e-12);
  EXPECT_NEAR(value(*fit, "B"), 4 * value(*fit, "A"), 1e-9 * value(*fit, "B"));
  EXPECT_NEAR(error(*fit, "beta"), 2 * error(*fit, "alpha"), 1e-9);
  EXPECT_NEAR(error(*fit, "B"), 4 * error(*fit, "A"), 1e-6 * error(*fit, "B"));
  const auto resamples = bootstrap(law, runs, *fit, {.resamples = 20});
  ASSERT_TRUE(resamples);
  for (int i = 0; i < 20; ++i) EXPECT_NEAR(resamples->sample(i)[4], 2 * resamples->sample(i)[3] - 0.33, 1e-12);
}

TEST(Ties, SayWhatIsWrongWithThem) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(4, 6), 0.005, 1);
  const auto message = [&](const FitOptions& options) {
    const auto fit = fit_law(law, runs, options);
    return fit ? std::string("fitted") : fit.error().message;
  };
  EXPECT_NE(message({.ties = {{"gamma", "alpha"}}}).find("no parameter \"gamma\" to tie"), std::string::npos);
  EXPECT_NE(message({.ties = {{"beta", "alpha +"}}}).find("the tie of beta"), std::string::npos);
  EXPECT_NE(message({.ties = {{"beta", "N"}}}).find("\"N\", which is no parameter"), std::string::npos);
  EXPECT_NE(message({.ties = {{"beta", "alpha"}, {"alpha", "beta"}}}).find("circle"), std::string::npos);
  EXPECT_NE(message({.fixed = {{"beta", 0.3}}, .ties = {{"beta", "alpha"}}}).find("tied and held"), std::string::npos);
}

TEST(Priors, OfALineAreRidgeRegressionAtItsOwnNoise) {
  const Line line(12, 0.3);
  const double mean = 0.5, sd = 0.04;
  const auto fit = fit_law(line.law, line.observations,
                           {.objective = Objective::kMse, .priors = {{"c1", {Prior::Kind::kNormal, mean, sd}}}});
  ASSERT_TRUE(fit) << fit.error().message;
  // The joint optimum over the line and its variance, by turns.
  const Eigen::MatrixXd x = line.design();
  const Eigen::VectorXd y = line.response();
  double variance = 0.09;
  Eigen::Vector2d c;
  for (int i = 0; i < 2000; ++i) {
    Eigen::Matrix2d normal = x.transpose() * x;
    Eigen::Vector2d side = x.transpose() * y;
    normal(1, 1) += variance / (sd * sd);
    side[1] += variance * mean / (sd * sd);
    c = normal.ldlt().solve(side);
    variance = (y - x * c).squaredNorm() / 12;
  }
  EXPECT_NEAR(value(*fit, "c0"), c[0], 1e-7);
  EXPECT_NEAR(value(*fit, "c1"), c[1], 1e-7);
  EXPECT_NEAR(fit->noise.tau, variance, 1e-8);
  EXPECT_NEAR(fit->penalty, 0.5 * variance * std::pow((c[1] - mean) / sd, 2), 1e-8);
  const auto free = fit_law(line.law, line.observations, {.objective = Objective::kMse});
  EXPECT_LT(error(*fit, "c1"), error(*free, "c1"));
}

TEST(Priors, ThatAreSureHoldAndThoseThatAreVagueDoNot) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1);
  const auto free = fit_law(law, runs);
  const auto held = fit_law(law, runs, {.fixed = {{"alpha", 0.3}}});
  const auto sure = fit_law(law, runs, {.priors = {{"alpha", {Prior::Kind::kNormal, 0.3, 1e-6}}}});
  const auto vague = fit_law(law, runs, {.priors = {{"A", {Prior::Kind::kLognormal, 1000, 1e3}}}});
  ASSERT_TRUE(free && held && sure && vague);
  EXPECT_NEAR(value(*sure, "alpha"), 0.3, 1e-5);
  EXPECT_NEAR(value(*sure, "E"), value(*held, "E"), 1e-3);
  EXPECT_NEAR(error(*sure, "alpha"), 1e-6, 2e-7);
  EXPECT_NEAR(vague->objective, free->objective, 1e-6 * free->objective);
}

TEST(Priors, SpreadResamplesAsFarAsTheyThemselvesAreSpread) {
  // Two runs at one place say nothing of the slope: all that is known of it is the prior.
  Line line(30, 0.05);
  for (double& x : line.observations.columns[0]) x = 1;
  const double sd = 0.1;
  const auto fit = fit_law(line.law, line.observations,
                           {.objective = Objective::kMse, .priors = {{"c1", {Prior::Kind::kNormal, 0.7, sd}}}});
  ASSERT_TRUE(fit) << fit.error().message;
  const auto resamples = bootstrap(line.law, line.observations, *fit, {.resamples = 2000, .seed = 2});
  ASSERT_TRUE(resamples);
  double sum = 0, squares = 0;
  const auto slope = static_cast<std::size_t>(line.law.parameter_index("c1"));
  for (int i = 0; i < 2000; ++i) {
    sum += resamples->sample(i)[slope];
    squares += std::pow(resamples->sample(i)[slope], 2);
  }
  EXPECT_NEAR(std::sqrt(squares / 2000 - std::pow(sum / 2000, 2)), sd, 0.06 * sd);
}

TEST(Priors, AreReadFromText) {
  const auto normal = parse_prior(" normal(.35, .05) ");
  ASSERT_TRUE(normal) << normal.error().message;
  EXPECT_EQ(normal->kind, Prior::Kind::kNormal);
  EXPECT_EQ(normal->centre, .35);
  EXPECT_EQ(normal->spread, .05);
  const auto lognormal = parse_prior("lognormal(400, 0.5)");
  ASSERT_TRUE(lognormal);
  EXPECT_EQ(lognormal->kind, Prior::Kind::kLognormal);
  for (const char* wrong : {"normal", "normal(1)", "cauchy(0, 1)", "normal(1, 0)", "lognormal(-1, 1)", "normal(a, 1)"})
    EXPECT_FALSE(parse_prior(wrong)) << wrong;
}

TEST(Priors, HaveTheDerivativesOfTheirDifferences) {
  for (const Prior& prior : {Prior{Prior::Kind::kNormal, 0.4, 0.1}, Prior{Prior::Kind::kLognormal, 0.4, 0.7}})
    for (const bool logarithmic : {false, true}) {
      const double u = logarithmic ? std::log(0.6) : 0.6, h = 1e-5;
      const auto up = prior_deviation(prior, logarithmic, u + h), down = prior_deviation(prior, logarithmic, u - h);
      const auto here = prior_deviation(prior, logarithmic, u);
      EXPECT_NEAR(here.slope, (up.value - down.value) / (2 * h), 1e-7);
      EXPECT_NEAR(here.curvature, (up.slope - down.slope) / (2 * h), 1e-6);
    }
}

TEST(Bounds, HoldWithinAndReachBeyondThoseOfTheLaw) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1);
  const auto inside = fit_law(law, runs, {.bounds = {{"E", {0, 1.7}}}});
  ASSERT_TRUE(inside) << inside.error().message;
  EXPECT_NEAR(value(*inside, "E"), 1.7, 1e-9);
  const Finding* finding = find_finding(*inside, FindingCode::kParameterAtBound);
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->subject, "E");
  const auto far = fit_law(law, runs, {.bounds = {{"alpha", {-1, 20}}}});
  const auto free = fit_law(law, runs);
  ASSERT_TRUE(far && free);
  EXPECT_NEAR(far->objective, free->objective, 1e-9 * free->objective);
}

TEST(Bounds, BelowZeroLetALogarithmicParameterBeNegative) {
  Line line;
  for (double& y : line.observations.response) y -= 4;  // c0 is about -2
  const auto law = law_from_formula("c0 + c1*N");
  ASSERT_TRUE(law);
  line.observations.names = {"params"};
  const auto held = fit_law(*law, line.observations, {.objective = Objective::kMse});
  const auto free = fit_law(*law, line.observations, {.objective = Objective::kMse, .bounds = {{"c0", {-10, 10}}}});
  ASSERT_TRUE(held && free);
  EXPECT_GT(value(*held, "c0"), 0);
  const Eigen::Vector2d c = Line().design().colPivHouseholderQr().solve(line.response());
  EXPECT_NEAR(value(*free, "c0"), c[0], 1e-8);
  EXPECT_NEAR(value(*free, "c1"), c[1], 1e-8);
}

TEST(Weights, CountARunAsOftenAsTheySay) {
  const Law law = shipped_law("chinchilla");
  Observations runs = simulate(law, kTruth, isoflop_grid(5, 8), 0.01, 1);
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs.weights.push_back(static_cast<double>(1 + i % 3));
    entries.insert(entries.end(), 1 + i % 3, i);
  }
  Observations repeated = subset(runs, entries);
  repeated.weights.clear();
  for (const Objective objective : {Objective::kLogHuber, Objective::kLogMse, Objective::kMae}) {
    const auto weighted = fit_law(law, runs, {.objective = objective});
    const auto plain = fit_law(law, repeated, {.objective = objective});
    ASSERT_TRUE(weighted && plain);
    EXPECT_NEAR(weighted->objective, plain->objective, 1e-8 * plain->objective) << objective_name(objective);
  }
}

TEST(Weights, OfLeastSquaresAreTheNormalEquationsAndOnlyTheirRatiosCount) {
  Line line;
  Philox random(9, 0);
  Eigen::VectorXd w(40);
  for (int i = 0; i < 40; ++i) line.observations.weights.push_back(w[i] = 0.2 + 3 * random.uniform());
  const Eigen::MatrixXd x = line.design();
  const Eigen::VectorXd y = line.response();
  const Eigen::MatrixXd gram = x.transpose() * w.asDiagonal() * x;
  const Eigen::Vector2d c = gram.ldlt().solve(x.transpose() * w.asDiagonal() * y);
  const double variance = ((y - x * c).array().square() * w.array()).sum() / 38;
  const Eigen::MatrixXd covariance = variance * gram.inverse();
  for (const double scale : {1.0, 1000.0}) {
    Observations scaled = line.observations;
    for (double& weight : scaled.weights) weight *= scale;
    const auto fit = fit_law(line.law, scaled, {.objective = Objective::kMse});
    ASSERT_TRUE(fit);
    EXPECT_NEAR(value(*fit, "c0"), c[0], 1e-9);
    EXPECT_NEAR(value(*fit, "c1"), c[1], 1e-9);
    EXPECT_NEAR(error(*fit, "c1"), std::sqrt(covariance(1, 1)), 1e-6 * std::sqrt(covariance(1, 1)));
    EXPECT_NEAR(fit->deviance_scale, scale * variance, 1e-9 * scale * variance);
  }
}

TEST(Clusters, SumScoresBeforeTheyAreSquared) {
  Line line;
  for (std::size_t i = 0; i < 40; ++i) line.observations.clusters.push_back(i % 8);
  const auto fit = fit_law(line.law, line.observations, {.objective = Objective::kMse});
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->n_clusters, 8u);
  const Eigen::MatrixXd x = line.design();
  const Eigen::VectorXd y = line.response();
  const Eigen::Matrix2d bread = (x.transpose() * x).inverse();
  const Eigen::VectorXd residuals = y - x * (bread * x.transpose() * y);
  Eigen::Matrix2d filling = Eigen::Matrix2d::Zero();
  for (int g = 0; g < 8; ++g) {
    Eigen::Vector2d score = Eigen::Vector2d::Zero();
    for (int i = g; i < 40; i += 8) score += residuals[i] * x.row(i).transpose();
    filling += score * score.transpose();
  }
  const Eigen::Matrix2d expected = 8.0 / 7 * 39 / 38 * bread * filling * bread;
  EXPECT_NEAR(error(*fit, "c0"), std::sqrt(expected(0, 0)), 1e-8);
  EXPECT_NEAR(error(*fit, "c1"), std::sqrt(expected(1, 1)), 1e-8);
}

TEST(Clusters, OfCopiesAreNoMoreThanTheirOriginals) {
  const Law law = shipped_law("chinchilla");
  const Observations runs = simulate(law, kTruth, isoflop_grid(6, 9), 0.005, 1);
  std::vector<std::size_t> entries;
  for (std::size_t i = 0; i < runs.size(); ++i) entries.insert(entries.end(), 4, i);
  Observations copies = subset(runs, entries);
  for (const std::size_t i : entries) copies.clusters.push_back(i);
  const auto one = fit_law(law, runs, {.objective = Objective::kLogMse});
  const auto four = fit_law(law, copies, {.objective = Objective::kLogMse});
  ASSERT_TRUE(one && four);
  const auto spread = [&](const Observations& observations, const Fit& fit) {
    const auto resamples = bootstrap(law, observations, fit, {.resamples = 600, .seed = 1});
    EXPECT_TRUE(resamples);
    double sum = 0, squares = 0;
    for (int i = 0; i < resamples->resamples(); ++i) {
      sum += resamples->sample(i)[3];
      squares += std::pow(resamples->sample(i)[3], 2);
    }
    return std::sqrt(squares / 600 - std::pow(sum / 600, 2));
  };
  EXPECT_NEAR(error(*four, "alpha"), error(*one, "alpha"), 0.25 * error(*one, "alpha"));
  EXPECT_NEAR(spread(copies, *four), spread(runs, *one), 0.25 * spread(runs, *one));
  // Taken for independent, the copies would seem to halve the error.
  copies.clusters.clear();
  const auto naive = fit_law(law, copies, {.objective = Objective::kLogMse});
  EXPECT_LT(error(*naive, "alpha"), 0.6 * error(*one, "alpha"));
}

}  // namespace
}  // namespace isoflop
