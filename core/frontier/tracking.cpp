// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/tracking.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/quantity.h"
#include "core/frontier/allocation.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Half the width of the difference quotient, in log C.
constexpr double kStep = 0.05;

double best_params(const Law& law, const std::map<std::string, double>& context, double flops,
                   std::span<const double> theta) {
  const auto point =
      allocate({.law = &law, .theta = {theta.begin(), theta.end()}, .resamples = nullptr, .context = context}, flops);
  return point && !point->at_edge ? point->params : kNaN;
}

}  // namespace

Tracked track_params_at(const Law& law, const std::map<std::string, double>& context, double flops) {
  return {.name = "N*(" + format_exact(flops) + ")",
          .logarithmic = true,
          .value = [&law, context, flops](std::span<const double> theta) {
            return best_params(law, context, flops, theta);
          }};
}

Tracked track_exponent_at(const Law& law, const std::map<std::string, double>& context, double flops) {
  return {.name = "a(" + format_exact(flops) + ")",
          .logarithmic = false,
          .value = [&law, context, flops](std::span<const double> theta) {
            return std::log(best_params(law, context, flops * std::exp(kStep), theta) /
                            best_params(law, context, flops * std::exp(-kStep), theta)) /
                   (2 * kStep);
          }};
}

Tracked suggest_tracked(const Law& law, const std::map<std::string, double>& context, double flops,
                        std::span<const double> theta) {
  const auto named = std::find_if(law.derived.begin(), law.derived.end(),
                                  [](const DerivedQuantity& derived) { return derived.name == "a"; });
  if (named != law.derived.end()) return *track(law, "a");
  if (!law.derived.empty()) return *track(law, law.derived.front().name);
  if (flops > 0 && std::isfinite(flops)) {
    Tracked exponent = track_exponent_at(law, context, flops);
    if (std::isfinite(exponent.value(theta))) return exponent;
  }
  return *track(law, law.parameters.front().name);
}

}  // namespace isoflop
