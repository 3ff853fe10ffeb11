// SPDX-License-Identifier: Apache-2.0
#include "core/fit/fit_problem.h"

#include <algorithm>
#include <cmath>

#include "core/base/quantity.h"
#include "core/fit/fit_kernels.h"

namespace isoflop {
namespace {

// |r| is minimised as Huber with this width: below any residual that a loss file resolves.
constexpr double kMaeWidth = 1e-7;

Error bad_parameter(const Law& law, const std::string& name) {
  std::string names;
  for (const LawParameter& parameter : law.parameters) names += (names.empty() ? "" : ", ") + parameter.name;
  return invalid_argument(law.title + " has no parameter \"" + name + "\"; it has " + names, name);
}

Status check_value(const Law& law, const std::string& name, double value, const char* what) {
  const int index = law.parameter_index(name);
  if (index < 0) return bad_parameter(law, name);
  const LawParameter& parameter = law.parameters[static_cast<std::size_t>(index)];
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
  return all;
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
  for (const auto& [name, value] : options.fixed)
    if (auto status = check_value(law, name, value, "the held value"); !status) return status.error();
  for (const auto& [name, value] : options.start) {
    if (auto status = check_value(law, name, value, "the start"); !status) return status.error();
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
  std::vector<const LawParameter*> free_parameters;
  for (std::size_t j = 0; j < law.parameters.size(); ++j) {
    const LawParameter& parameter = law.parameters[j];
    const auto held = options.fixed.find(parameter.name);
    problem.theta.push_back(held == options.fixed.end() ? 0 : held->second);
    if (held != options.fixed.end()) continue;
    problem.free.push_back(static_cast<int>(j));
    free_names.push_back(parameter.name);
    free_parameters.push_back(&parameter);
  }
  const int p = problem.size();
  if (p == 0) return invalid_argument("every parameter is held: nothing is left to fit");
  if (p > kMaximumFree) return invalid_argument("at most " + std::to_string(kMaximumFree) + " parameters can be free");
  if (observations.size() < static_cast<std::size_t>(p))
    return invalid_argument(std::to_string(p) + " free parameters need at least as many runs; there are " +
                            std::to_string(observations.size()));
  problem.lower.resize(p);
  problem.upper.resize(p);
  problem.start_lower.resize(p);
  problem.start_upper.resize(p);
  for (int j = 0; j < p; ++j) {
    const LawParameter& parameter = *free_parameters[static_cast<std::size_t>(j)];
    problem.logarithmic.push_back(parameter.transform == Transform::kLog);
    problem.natural.push_back(parameter.natural_start && parameter.transform == Transform::kIdentity);
    problem.lower[j] = search_coordinate(parameter, parameter.lower);
    problem.upper[j] = search_coordinate(parameter, parameter.upper);
    problem.start_lower[j] = search_coordinate(parameter, parameter.start_lower);
    problem.start_upper[j] = search_coordinate(parameter, parameter.start_upper);
  }

  for (const LawVariable& variable : law.variables) symbols.push_back(variable.symbol);
  auto formula = Program::compile(law.expression, symbols, free_names, options.fixed);
  if (!formula) return formula.error();
  problem.formula = *std::move(formula);
  problem.scales = natural_scales(problem.formula, observations.columns, observations.response);
  problem.residual = log ? problem.formula.logarithm() : problem.formula;
  problem.columns = observations.columns;
  problem.response = observations.response;
  problem.target.assign((observations.size() + kFitLanes - 1) / kFitLanes * kFitLanes, 0);
  for (std::size_t i = 0; i < observations.size(); ++i)
    problem.target[i] = log ? std::log(observations.response[i]) : observations.response[i];
  return problem;
}

}  // namespace isoflop
