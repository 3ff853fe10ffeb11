// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "core/schedule/curve_fit.h"

namespace isoflop::cli {

// The subcommands of `curve`.
Command add_curve_schedule(CLI::App& curve);
Command add_curve_fit(CLI::App& curve);
Command add_curve_predict(CLI::App& curve);
Command add_curve_reuse(CLI::App& curve);

// Rates from a schedule's text. Errors say which text.
Result<std::vector<double>> read_rates(const std::string& text);

nlohmann::ordered_json quality_json(const CurveFitQuality& quality);

}  // namespace isoflop::cli
