// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "core/fit/fit.h"
#include "core/runs/observations.h"

namespace isoflop::cli {

// How studies that fit laws many times do each fit, and what the runs weigh.
struct StudyOptions {
  std::string response, objective, delta = "0.001", weight, cluster;
  int threads = 0;
  std::uint64_t seed = 0;

  void add_to(CLI::App& app);
  FitOptions fit(const Law& law) const;  // throws UsageError
  ObserveOptions observe() const { return {.weight = weight, .cluster = cluster}; }
  void describe(nlohmann::ordered_json& provenance) const;
};

}  // namespace isoflop::cli
