// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/fit/bootstrap.h"
#include "core/laws/law.h"

namespace isoflop {

// A law with numbers in it: what is drawn and asked. `context` gives values of variables other than params and tokens,
// by role: {"unique_tokens", 1e12}.
struct LawInstance {
  const Law* law = nullptr;  // must outlive the instance
  std::vector<double> theta;
  const CoefficientSet* set = nullptr;         // the published set theta comes from; null for a fit
  std::shared_ptr<const Bootstrap> resamples;  // null: no bands
  std::map<std::string, double> context;

  bool has_stated_frontier() const;  // uses the published frontier in place of the surface's optimum
};

// The instance of a published coefficient set.
LawInstance instance_of(const Law& law, const CoefficientSet& set);

// Loss of the surface at points; `params` and `tokens` have equal length. NaN where a needed context value is missing.
std::vector<double> surface_loss(const LawInstance& instance, std::span<const double> params,
                                 std::span<const double> tokens);

// The compute-optimal point of a budget.
struct Allocation {
  double flops = 0, params = 0, tokens = 0, loss = 0;  // loss is NaN where the law's frontier does not say it
  bool at_edge = false;  // no interior minimum between kSmallestParams and the budget's largest model
};

// Where the numerical search looks: N from 1e3 to C / (6 * 1e3).
inline constexpr double kSmallestParams = 1e3;

// By the stated frontier if the instance has one; else by the law's formulas if it has them (a closed form, or a law of
// the best size itself); else numerically on the surface (`numerical` forces that, for comparison). Errors:
// kInvalidArgument for flops <= 0 or a missing context value, kNumerical where the surface is not finite.
Result<Allocation> allocate(const LawInstance& instance, double flops, bool numerical = false);

// For every resample of the instance: the spread of the optimum. Entries are NaN where a resample has none. Every
// vector has one entry per resample used (at most `limit` of them, the first ones).
struct AllocationSample {
  std::vector<double> params, tokens, loss;
};
AllocationSample allocate_resamples(const LawInstance& instance, double flops, int limit = 1000);

// Models within `share` (e.g. 0.005) of the best loss at the budget: [lower, upper] in parameters, on the surface.
Result<Interval> near_optimal_params(const LawInstance& instance, double flops, double share = 0.005);

}  // namespace isoflop
