// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/findings.h"
#include "core/fit/isoflop_curve.h"
#include "core/fit/power_law.h"

namespace isoflop {

// Hoffmann et al. 2022, approach 2: at each compute budget a curve of loss in log N, its minimum N*, and a power law of
// the minima over budgets.

// What the power law of the minima makes of how well each is known.
//   kEqual   every budget counts the same
//   kSpread  by the inverse variance of ln N* over the resamples. The standard deviation counts as at least .33 of the
//            mean distance of ln N between neighbouring sizes, and grows by the share of resamples that have a minimum
//            (Porian et al. 2024).
enum class IsoflopWeights { kEqual, kSpread };

struct IsoflopOptions {
  double budget_tolerance = 0.1;  // runs whose log10 C differ by less belong to one budget (decades)
  int minimum_runs = 4;           // of different size, per budget; three points always fit a parabola
  int resamples = 1000;           // 0 for none
  std::uint64_t seed = 0;
  int threads = 0;
  IsoflopMethod method = IsoflopMethod::kParabola;
  IsoflopWeights weights = IsoflopWeights::kEqual;  // kSpread needs resamples
  // 0: resamples draw runs within budgets. Positive: they keep all runs and add to each loss a normal deviate of this
  // standard deviation, as another random seed of the training would; N* of a budget is then the median over the
  // resamples, and a budget where fewer than half of them have a minimum is left out (Porian et al. 2024).
  double noise = 0;
  std::optional<IsoflopShape> shape;  // for kLaw; estimated from all budgets together if not given
};

struct IsoflopAnalysis {
  std::vector<IsoflopCurve> curves;  // by increasing budget
  // N* and D* = C / 6N* over the accepted curves; absent with fewer than two.
  std::optional<PowerLaw> params, tokens;
  std::optional<IsoflopShape> shape;  // of kLaw
  std::vector<Finding> findings;
};

// Budgets are found by clustering log10 C (core/fit/budgets.h). Arrays have one entry per run. Errors: kInvalidArgument
// on unequal lengths, non-positive values, or options that contradict each other; kCancelled.
Result<IsoflopAnalysis> analyse_isoflops(std::span<const double> params, std::span<const double> flops,
                                         std::span<const double> loss, const IsoflopOptions& options = {},
                                         const Control& control = {});

}  // namespace isoflop
