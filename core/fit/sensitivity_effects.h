// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/fit/sensitivity.h"

namespace isoflop {

// Standard errors of tracked quantities, as SensitivityCell has them.
std::vector<double> tracked_errors(const std::vector<Tracked>& tracked, const Fit& fit);

// Fills `spreads` and `findings` from the fitted cells.
void measure_effects(const std::vector<Tracked>& tracked, Sensitivity& result);

}  // namespace isoflop
