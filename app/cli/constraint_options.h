// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/fit/fit.h"

namespace isoflop::cli {

// What is known of parameters beside the runs: --tie 'beta = alpha', --prior 'alpha ~ normal(.35, .05)', --bound 'E =
// 0, 2'.
struct ConstraintOptions {
  std::vector<std::string> tie, prior, bound;

  void add_to(CLI::App& app);
  void put_into(FitOptions& options) const;  // throws UsageError
};

// ties, priors and bounds of a fit, those that there are.
void describe_constraints(const FitOptions& options, nlohmann::ordered_json& provenance);

}  // namespace isoflop::cli
