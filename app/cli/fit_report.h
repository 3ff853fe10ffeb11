// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/interval_options.h"
#include "core/fit/bootstrap.h"
#include "core/fit/fit.h"
#include "core/fit/profile.h"
#include "core/frontier/allocation.h"
#include "core/runs/run_table.h"

namespace isoflop::cli {

// Everything that `fit` has found out, and what it rests on.
struct FitReport {
  const Law* law = nullptr;
  const RunTable* table = nullptr;
  const Observations* runs = nullptr;
  std::uint64_t seed = 0;
  Fit fit = {};
  std::shared_ptr<const Bootstrap> resamples = nullptr;  // null: no intervals

  IntervalMethod intervals = IntervalMethod::kNone;
  bool keep_resamples = false;  // write them with the answer
  std::string weight, cluster;  // columns
  std::vector<Profile> profiles = {};

  struct AtBudget {
    Allocation point;
    std::optional<Interval> params, tokens, loss;
  };
  std::vector<AtBudget> allocations = {};

  FitScatter scatter() const { return {.scatter = scatter_of(fit), .resamples = resamples}; }
};

void print_fit_json(const FitReport& report);
void print_fit_text(const FitReport& report);

}  // namespace isoflop::cli
