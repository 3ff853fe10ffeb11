// SPDX-License-Identifier: Apache-2.0
#include "core/fit/fit.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/fit/ceres_solve.h"
#include "core/fit/covariance.h"
#include "core/fit/health.h"
#include "core/fit/polish.h"
#include "core/fit/search.h"
#include "core/formula/scalar.h"

namespace isoflop {
namespace {

// The share of the objective by which a second opinion must be better: less is rounding, and says nothing.
constexpr double kGain = 1e-12;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

SmallVector start_point(const Law& law, const FitProblem& problem, const FitOptions& options,
                        std::vector<char>& given) {
  SmallVector u = 0.5 * (problem.start_lower + problem.start_upper);
  given.assign(static_cast<std::size_t>(problem.size()), 0);
  for (int j = 0; j < problem.size(); ++j) {
    const auto index = static_cast<std::size_t>(problem.free[static_cast<std::size_t>(j)]);
    const auto found = options.start.find(law.parameters[index].name);
    if (found == options.start.end()) continue;
    u[j] = problem.logarithmic[static_cast<std::size_t>(j)] ? std::log(found->second) : found->second;
    given[static_cast<std::size_t>(j)] = 1;
  }
  return u.cwiseMax(problem.lower).cwiseMin(problem.upper);
}

SearchResult find_optimum(const Law& law, const FitProblem& problem, const FitOptions& options,
                          const Control& control) {
  std::vector<char> given;
  const SmallVector start = start_point(law, problem, options, given);
  if (static_cast<int>(options.start.size()) == problem.size()) return search_from(problem, start);
  SearchOptions search_options{.starts = options.starts, .seed = options.seed, .threads = options.threads};
  if (!options.start.empty()) {
    search_options.given = {start};
    search_options.given_coordinates = given;
  }
  return search(problem, search_options, control);
}

NoiseScale noise_at(const FitProblem& problem, double delta, const SmallVector& u) {
  FitEvaluator evaluator(problem);
  Linearisation here;
  evaluator.linearise(u, evaluator.weights(), problem.delta, here);
  std::vector<double> residuals(problem.rows());
  for (std::size_t i = 0; i < residuals.size(); ++i) residuals[i] = evaluator.fitted()[i] - problem.target[i];
  return noise_scale(problem.objective, delta, residuals, problem.response, {problem.weights.data(), problem.rows()});
}

// Priors count in units of the noise, which is known once the law is fitted: the two are found by turns, which lowers
// the joint negative log posterior at every turn.
constexpr int kMostTurns = 100;
constexpr double kSameScale = 1e-9;

// The scale to begin with: that of the fit which no prior holds.
double scale_without_priors(const Law& law, FitProblem problem, const FitOptions& options, const Control& control) {
  problem.priors.clear();
  const SearchResult found = find_optimum(law, problem, options, control);
  if (found.optima.empty()) return 0;
  return problem.unit() * noise_at(problem, options.delta, found.optima.front().u).tau;
}

// Polishes the optima at the scale of the best of them until both agree. False if they do not.
bool settle_scale(FitProblem& problem, double delta, SearchResult& found) {
  for (int turn = 0; turn < kMostTurns && !found.optima.empty(); ++turn) {
    const double scale = problem.unit() * noise_at(problem, delta, found.optima.front().u).tau;
    if (!(std::abs(scale - problem.prior_scale) > kSameScale * problem.prior_scale)) return true;
    problem.prior_scale = scale;
    FitEvaluator evaluator(problem);
    for (auto& optimum : found.optima) {
      const Polished point = polish(evaluator, optimum.u, evaluator.weights(), {.delta = problem.delta});
      optimum.u = point.u;
      optimum.value = point.value;
    }
    std::stable_sort(found.optima.begin(), found.optima.end(),
                     [](const auto& a, const auto& b) { return a.value < b.value; });
  }
  return false;
}

// Standard errors and covariances of the parameters themselves, tied ones by the delta method.
void put_spread(const FitProblem& problem, const Spread& spread, Fit& fit) {
  const int p = problem.size();
  const auto all = static_cast<Eigen::Index>(fit.theta.size());
  fit.condition = spread.condition;
  fit.deviance_scale = spread.deviance_scale / problem.unit();
  fit.standard_errors.assign(fit.theta.size(), kUnknown);
  SmallVector chain(p);
  Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(all, p);  // of all parameters by the free ones
  std::vector<double> values, gradient(static_cast<std::size_t>(p));
  for (int j = 0; j < p; ++j) {
    const auto index = static_cast<std::size_t>(problem.free[static_cast<std::size_t>(j)]);
    chain[j] = problem.logarithmic[static_cast<std::size_t>(j)] ? fit.theta[index] : 1;
    fit.standard_errors[index] = chain[j] * spread.errors[j];
    slopes(static_cast<Eigen::Index>(index), j) = 1;
    values.push_back(fit.theta[index]);
  }
  if (!spread.covariance) return;
  for (const TiedParameter& tie : problem.ties) {
    evaluate_scalar(tie.formula, values, gradient);
    for (int j = 0; j < p; ++j) slopes(tie.index, j) = gradient[static_cast<std::size_t>(j)];
  }
  const Eigen::MatrixXd covariance = chain.asDiagonal() * *spread.covariance * chain.asDiagonal();
  for (int j = 0; j < p; ++j)
    for (int k = 0; k < p; ++k) fit.covariance.push_back(covariance(j, k));
  const Eigen::MatrixXd full = slopes * covariance * slopes.transpose();
  for (Eigen::Index j = 0; j < all; ++j)
    for (Eigen::Index k = 0; k < all; ++k) fit.full_covariance.push_back(full(j, k));
  for (const TiedParameter& tie : problem.ties)
    fit.standard_errors[static_cast<std::size_t>(tie.index)] = std::sqrt(std::max(0.0, full(tie.index, tie.index)));
}

}  // namespace

FitOptions refit_options(const Fit& fit) {
  FitOptions options = fit.options;
  options.objective = fit.objective_kind;
  options.delta = fit.delta;
  for (std::size_t j = 0; j < fit.names.size(); ++j)
    if (!fit.free[j] && !options.ties.count(fit.names[j])) options.fixed[fit.names[j]] = fit.theta[j];
  return options;
}

Result<Fit> fit_law(const Law& law, const Observations& observations, const FitOptions& options,
                    const Control& control) {
  auto made = make_fit_problem(law, observations, options);
  if (!made) return made.error();
  FitProblem& problem = *made;
  const bool with_priors = !problem.priors.empty();
  if (with_priors) problem.prior_scale = scale_without_priors(law, problem, options, control);
  SearchResult found = find_optimum(law, problem, options, control);
  if (control.cancelled() || found.cancelled) return Error{ErrorCode::kCancelled, "the fit was cancelled", {}};
  if (found.optima.empty())
    return Error{ErrorCode::kNumerical,
                 law.title + " has no finite objective on these runs from any of " +
                     std::to_string(found.starts_tried) +
                     " starts: check the units of the columns and the bounds of the parameters",
                 {}};
  const bool settled = !with_priors || settle_scale(problem, options.delta, found);
  auto& best = found.optima.front();
  if (const auto solved = ceres_solve(problem, best.u); solved && solved->value < best.value * (1 - kGain)) {
    best.u = solved->u;
    best.value = solved->value;
  }

  Fit fit;
  fit.law_id = law.id;
  fit.law_hash = law.hash;
  fit.data_hash = observations.data_hash;
  fit.objective_kind = options.objective;
  fit.delta = options.delta;
  fit.seed = options.seed;
  for (const LawParameter& parameter : law.parameters) fit.names.push_back(parameter.name);
  fit.free.assign(law.parameters.size(), 0);
  for (const int j : problem.free) fit.free[static_cast<std::size_t>(j)] = 1;
  fit.options = options;
  fit.tied.assign(law.parameters.size(), 0);
  for (const TiedParameter& tie : problem.ties) fit.tied[static_cast<std::size_t>(tie.index)] = 1;
  fit.theta = problem.theta_at(best.u);
  fit.objective = evaluate_objective(law, observations, fit.theta, options.objective, options.delta);
  fit.penalty = problem.penalty(best.u) / problem.unit();
  fit.n_runs = observations.size();
  fit.n_clusters = observations.cluster_count();
  fit.noise = noise_at(problem, options.delta, best.u);
  fit.starts_tried = found.starts_tried;
  fit.starts_polished = found.starts_polished;
  for (const auto& optimum : found.optima) {
    LocalOptimum local{.theta = problem.theta_at(optimum.u), .objective = 0, .starts = optimum.starts};
    local.objective = evaluate_objective(law, observations, local.theta, options.objective, options.delta);
    local.penalty = problem.penalty(optimum.u) / problem.unit();
    fit.optima.push_back(std::move(local));
  }
  double squares = 0;
  const std::vector<double> predicted = predict(law, observations.columns, fit.theta);
  for (std::size_t i = 0; i < fit.n_runs; ++i)
    squares += std::pow(std::log(predicted[i] / observations.response[i]), 2);
  fit.rmse_log = std::sqrt(squares / static_cast<double>(fit.n_runs));

  const Spread spread = find_spread(problem, best.u);
  put_spread(problem, spread, fit);
  fit.findings = check_health(law, observations, problem, found, spread.errors, spread.condition);
  if (!settled)
    fit.findings.push_back({FindingCode::kNotConverged, Severity::kWarning,
                            "the noise scale, in units of which the priors count, did not settle within " +
                                std::to_string(kMostTurns) + " turns",
                            "", static_cast<double>(kMostTurns)});
  return fit;
}

}  // namespace isoflop
