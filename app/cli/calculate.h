// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"

namespace isoflop::cli {

// The subcommands of `calculate`.
Command add_calculate_inference(CLI::App& calculate);
Command add_calculate_coverage(CLI::App& calculate);
Command add_calculate_knockout(CLI::App& calculate);
Command add_calculate_attention(CLI::App& calculate);
Command add_calculate_sampling(CLI::App& calculate);
Command add_calculate_noise_scale(CLI::App& calculate);

}  // namespace isoflop::cli
