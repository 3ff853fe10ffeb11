// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/fit/bootstrap.h"
#include "core/fit/delta_method.h"
#include "core/laws/law.h"

namespace isoflop::cli {

// Where 95% intervals come from: percentiles of resamples, or to first order from the covariance of the estimates.
enum class IntervalMethod { kNone, kBootstrap, kDelta };

// --interval bootstrap|delta. Throws UsageError for anything else; empty gives `otherwise`.
IntervalMethod interval_method(const std::string& name, IntervalMethod otherwise);
const char* interval_method_name(IntervalMethod method);  // "none", "bootstrap", "delta"

// How the estimates of a fit scatter.
struct FitScatter {
  Scatter scatter;
  std::shared_ptr<const Bootstrap> resamples;  // null: none

  // Nullopt for kNone, and where resamples or covariance are lacking.
  std::optional<Interval> interval(const Quantity& quantity, IntervalMethod method) const;
};

// Covariance, degrees of freedom and resamples as `fit --json` writes them, and back. Reading, what lacks is left out.
nlohmann::ordered_json covariance_json(const Scatter& scatter);
nlohmann::ordered_json resamples_json(const Bootstrap& resamples);
FitScatter read_scatter(const nlohmann::json& fit, const Law& law, const std::vector<double>& theta);

}  // namespace isoflop::cli
