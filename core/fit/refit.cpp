// SPDX-License-Identifier: Apache-2.0
#include "core/fit/refit.h"

#include <algorithm>

#include "core/fit/fit_problem.h"
#include "core/fit/search.h"

namespace isoflop {

Result<std::vector<LocalOptimum>> refit(const Law& law, const Observations& observations, const FitOptions& options,
                                        const std::vector<std::vector<double>>& starts, const Control& control) {
  // Priors count in units of the noise, which fit_law finds by turns.
  if (!options.priors.empty()) {
    const auto fit = fit_law(law, observations, options, control);
    if (!fit) return fit.error();
    return fit->optima;
  }
  const auto problem = make_fit_problem(law, observations, options);
  if (!problem) return problem.error();
  std::vector<SearchResult::Optimum> found;
  if (starts.empty()) {
    SearchResult result = search(
        *problem, SearchOptions{.starts = options.starts, .seed = options.seed, .threads = options.threads}, control);
    if (result.cancelled) return Error{ErrorCode::kCancelled, "the fit was cancelled", {}};
    found = std::move(result.optima);
  }
  for (const std::vector<double>& start : starts) {
    if (control.cancelled()) return Error{ErrorCode::kCancelled, "the fit was cancelled", {}};
    const SmallVector u = problem->coordinates(start).cwiseMax(problem->lower).cwiseMin(problem->upper);
    for (auto& optimum : search_from(*problem, u).optima) found.push_back(std::move(optimum));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  if (found.empty())
    return Error{ErrorCode::kNumerical, law.title + " has no finite objective on these runs from any start", {}};
  std::vector<LocalOptimum> optima;
  for (const auto& optimum : found) {
    LocalOptimum local{.theta = problem->theta_at(optimum.u), .objective = 0, .starts = optimum.starts};
    local.objective = evaluate_objective(law, observations, local.theta, options.objective, options.delta);
    optima.push_back(std::move(local));
  }
  return optima;
}

}  // namespace isoflop
