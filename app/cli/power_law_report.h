// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/fit/power_law.h"

namespace isoflop::cli {

// "scale", "exponent", "standard_error" and, from resamples, "ci95" of the exponent and "scale_ci95"; null for no law.
nlohmann::ordered_json power_law_json(const std::optional<PowerLaw>& law);

// "  N* = 0.1 C^0.5   95% interval 0.49 to 0.51"
std::string power_law_text(const char* what, const PowerLaw& law);

}  // namespace isoflop::cli
