// SPDX-License-Identifier: Apache-2.0
#include "core/fit/fit_problem.h"

#include <algorithm>
#include <cmath>

#include "core/base/quantity.h"
#include "core/fit/fit_kernels.h"
#include "core/fit/prior.h"
#include "core/fit/ties.h"
#include "core/formula/scalar.h"

namespace isoflop {
namespace {

// |r| is minimised as Huber with this width: below any residual that a loss file resolves.
constexpr double kMaeWidth = 1e-7;

Error bad_parameter(const Law& law, const std::string& name) {
  std::string names;
  for (const LawParameter& parameter : law.parameters) names += (names.empty() ? "" : ", ") + parameter.name;
  return invalid_argument(law.title + " has no parameter \"" + name + "\"; it has " + names, name);
}

// The parameter as a fit sees it: within the bounds that the options give in place of the law's.
LawParameter bounded(const LawParameter& parameter, const FitOptions& options) {
  const auto given = options.bounds.find(parameter.name);
  if (given == options.bounds.end()) return parameter;
  LawParameter result = parameter;
  result.lower = given->second.lower;
  result.upper = given->second.upper;
  if (result.lower < 0) result.transform = Transform::kIdentity;
  result.start_lower = std::max(parameter.start_lower, result.lower);
  result.start_upper = std::min(parameter.start_upper, result.upper);
  const bool log = result.transform == Transform::kLog;
  if (log && !(result.start_lower > 0)) result.start_lower = std::min(1.0, result.upper) * 1e-3;
  if (!(result.start_lower < result.start_upper)) {
    // The law's starts lie outside: begin at the end nearest to them.
    if (parameter.start_upper <= result.lower) {
      result.start_lower = result.lower;
      result.start_upper = std::min(result.upper, log ? 100 * result.lower : result.lower + 1 + std::abs(result.lower));
    } else {
      result.start_upper = result.upper;
      result.start_lower = std::max(result.lower, log ? result.upper / 100 : result.upper - 1 - std::abs(result.upper));
    }
  }
  return result;
}

Status check_bounds(const Law& law, const FitOptions& options) {
  for (const auto& [name, bounds] : options.bounds) {
    if (law.parameter_index(name) < 0) return bad_parameter(law, name);
    if (!(bounds.lower < bounds.upper) || !(bounds.upper > -std::numeric_limits<double>::infinity()))
      return invalid_argument("the bounds of " + name + " are [" + format_exact(bounds.lower) + ", " +
                                  format_exact(bounds.upper) + "]: the lower one must be below the upper",
                              name);
  }
  return Done{};
}

Status check_ties(const FitOptions& options) {
  for (const auto& [name, formula] : options.ties) {
    const char* other = options.fixed.count(name)    ? "held"
                        : options.start.count(name)  ? "given a start"
                        : options.bounds.count(name) ? "given bounds"
                        : options.priors.count(name) ? "given a prior"
                                                     : nullptr;
    if (other) return invalid_argument(name + " is tied and " + other + ": choose one", name);
  }
  return Done{};
}

Status check_priors(const Law& law, const FitOptions& options) {
  for (const auto& [name, prior] : options.priors) {
    if (law.parameter_index(name) < 0) return bad_parameter(law, name);
    if (options.fixed.count(name)) return invalid_argument(name + " is held and given a prior: choose one", name);
    if (!(prior.spread > 0) || !std::isfinite(prior.spread) || !std::isfinite(prior.centre) ||
        (prior.kind == Prior::Kind::kLognormal && !(prior.centre > 0)))
      return invalid_argument("the prior of " + name + " needs a positive spread, and a positive median if lognormal",
                              name);
  }
  return Done{};
}

Status check_value(const Law& law, const FitOptions& options, const std::string& name, double value, const char* what) {
  const int index = law.parameter_index(name);
  if (index < 0) return bad_parameter(law, name);
  const LawParameter parameter = bounded(law.parameters[static_cast<std::size_t>(index)], options);
  if (!std::isfinite(value) || value < parameter.lower || value > parameter.upper)
    return invalid_argument(std::string(what) + " of " + name + ", " + format_exact(value) +
                                ", is outside its bounds [" + format_exact(parameter.lower) + ", " +
                                format_exact(parameter.upper) + "]",
                            name);
  return Done{};
}

double search_coordinate(const LawParameter& parameter, double value) {
  return parameter.transform == Transform::kLog ? std::log(value) : value;
}

Status check_observations(const Law& law, const Observations& observations, bool log) {
  if (observations.columns.size() != law.variables.size())
    return invalid_argument("the runs have " + std::to_string(observations.columns.size()) + " columns for the " +
                            std::to_string(law.variables.size()) + " variables of " + law.title);
  if (!log) return Done{};
  for (std::size_t i = 0; i < observations.size(); ++i)
    if (!(observations.response[i] > 0))
      return invalid_argument(
          "run " + std::to_string(observations.rows.size() > i ? observations.rows[i] + 1 : i + 1) + " has the " +
              law.response + " " + format_exact(observations.response[i]) +
              ", whose logarithm does not exist: exclude it, or choose the objective huber, mse or mae",
          law.response);
  return Done{};
}

}  // namespace

std::vector<double> FitProblem::theta_at(const SmallVector& u) const {
  std::vector<double> all = theta;
  for (int j = 0; j < size(); ++j)
    all[static_cast<std::size_t>(free[static_cast<std::size_t>(j)])] =
        logarithmic[static_cast<std::size_t>(j)] ? std::exp(u[j]) : u[j];
  if (!ties.empty()) {
    std::vector<double> values;
    for (const int index : free) values.push_back(all[static_cast<std::size_t>(index)]);
    for (const TiedParameter& tie : ties)
      all[static_cast<std::size_t>(tie.index)] = evaluate_scalar(tie.formula, values);
  }
  return all;
}

double FitProblem::unit() const {
  return objective == Objective::kLogMae || objective == Objective::kMae ? delta : 1;
}

double FitProblem::penalty(const SmallVector& u) const {
  double sum = 0;
  for (const PriorTerm& term : priors) {
    const auto j = static_cast<std::size_t>(term.position);
    const double q = prior_deviation(term.prior, logarithmic[j], u[term.position]).value;
    sum += 0.5 * prior_scale * q * q;
  }
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
}

SmallVector FitProblem::coordinates(std::span<const double> all) const {
  SmallVector u(size());
  for (int j = 0; j < size(); ++j) {
    const double value = all[static_cast<std::size_t>(free[static_cast<std::size_t>(j)])];
    u[j] = std::clamp(logarithmic[static_cast<std::size_t>(j)] ? std::log(value) : value, lower[j], upper[j]);
  }
  return u;
}

Result<FitProblem> make_fit_problem(const Law& law, const Observations& observations, const FitOptions& options) {
  if (law.is_template())
    return invalid_argument(law.title +
                            " is about columns that only a table names: it cannot be fitted before they are");
  if (auto status = check_bounds(law, options); !status) return status.error();
  if (auto status = check_ties(options); !status) return status.error();
  if (auto status = check_priors(law, options); !status) return status.error();
  const auto ties = resolve_ties(law, options.ties);
  if (!ties) return ties.error();
  for (const auto& [name, value] : options.fixed)
    if (auto status = check_value(law, options, name, value, "the held value"); !status) return status.error();
  for (const auto& [name, value] : options.start) {
    if (auto status = check_value(law, options, name, value, "the start"); !status) return status.error();
    if (options.fixed.count(name)) return invalid_argument(name + " is held and given a start: choose one", name);
  }
  const bool log = uses_log(options.objective);
  if (auto status = check_observations(law, observations, log); !status) return status.error();
  if (!(options.delta > 0) || !std::isfinite(options.delta))
    return invalid_argument("delta is " + format_exact(options.delta) + "; it must be a positive number", "delta");

  FitProblem problem;
  problem.objective = options.objective;
  switch (options.objective) {
    case Objective::kLogHuber:
    case Objective::kHuber:
      problem.delta = options.delta;
      break;
    case Objective::kLogMse:
    case Objective::kMse:
      problem.delta = std::numeric_limits<double>::infinity();
      break;
    case Objective::kLogMae:
    case Objective::kMae:
      problem.delta = kMaeWidth;
      break;
  }

  std::vector<std::string> free_names, symbols;
  std::vector<LawParameter> free_parameters;
  for (std::size_t j = 0; j < law.parameters.size(); ++j) {
    const LawParameter& parameter = law.parameters[j];
    const auto held = options.fixed.find(parameter.name);
    problem.theta.push_back(held == options.fixed.end() ? 0 : held->second);
    if (held != options.fixed.end() || ties->count(parameter.name)) continue;
    if (options.priors.count(parameter.name))
      problem.priors.push_back({problem.size(), options.priors.at(parameter.name)});
    problem.free.push_back(static_cast<int>(j));
    free_names.push_back(parameter.name);
    free_parameters.push_back(bounded(parameter, options));
  }
  const int p = problem.size();
  if (p == 0) return invalid_argument("every parameter is held or tied: nothing is left to fit");
  if (p > kMaximumFree) return invalid_argument("at most " + std::to_string(kMaximumFree) + " parameters can be free");
  if (observations.size() < static_cast<std::size_t>(p))
    return invalid_argument(std::to_string(p) + " free parameters need at least as many runs; there are " +
                            std::to_string(observations.size()));
  problem.lower.resize(p);
  problem.upper.resize(p);
  problem.start_lower.resize(p);
  problem.start_upper.resize(p);
  for (int j = 0; j < p; ++j) {
    const LawParameter& parameter = free_parameters[static_cast<std::size_t>(j)];
    problem.logarithmic.push_back(parameter.transform == Transform::kLog);
    problem.natural.push_back(parameter.natural_start && parameter.transform == Transform::kIdentity);
    problem.lower[j] = search_coordinate(parameter, parameter.lower);
    problem.upper[j] = search_coordinate(parameter, parameter.upper);
    problem.start_lower[j] = search_coordinate(parameter, parameter.start_lower);
    problem.start_upper[j] = search_coordinate(parameter, parameter.start_upper);
  }

  for (const LawVariable& variable : law.variables) symbols.push_back(variable.symbol);
  for (const auto& [name, expression] : *ties) {
    auto tie = Program::compile(expression, {}, free_names, options.fixed);
    if (!tie) return tie.error();
    problem.ties.push_back({law.parameter_index(name), *std::move(tie)});
  }
  auto formula = Program::compile(substitute(law.expression, *ties), symbols, free_names, options.fixed);
  if (!formula) return formula.error();
  problem.formula = *std::move(formula);
  problem.scales = natural_scales(problem.formula, observations.columns, observations.response);
  problem.residual = log ? problem.formula.logarithm() : problem.formula;
  problem.columns = observations.columns;
  problem.response = observations.response;
  problem.target.assign((observations.size() + kFitLanes - 1) / kFitLanes * kFitLanes, 0);
  for (std::size_t i = 0; i < observations.size(); ++i)
    problem.target[i] = log ? std::log(observations.response[i]) : observations.response[i];
  problem.weights.assign(problem.padded(), 0);
  for (std::size_t i = 0; i < observations.size(); ++i) problem.weights[i] = observations.weight(i);
  problem.clusters = observations.clusters;
  problem.cluster_count = observations.cluster_count();
  return problem;
}

}  // namespace isoflop
