// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/base/error.h"
#include "core/base/result.h"
#include "core/fit/bootstrap.h"
#include "core/fit/fit.h"
#include "core/runs/observations.h"

namespace isoflop {

// How far an estimate depends on choices that an analyst makes and seldom states.

// One way to do it otherwise than the baseline does. What is not set stays as it is there.
struct Choice {
  std::string name;  // "log-mse", "without the 5 highest losses"
  std::optional<Objective> objective = {};
  std::optional<double> delta = {};
  std::map<std::string, std::string> ties = {};  // added to the baseline's
  std::map<std::string, double> start = {};      // of all free parameters: the search runs from there alone
  std::vector<std::size_t> drop = {};            // rows of the table left out
  std::vector<std::size_t> restore = {};         // excluded rows of the table brought back
  // Another convention: values of a role or column in place of the table's, one per row, NaN where unknown.
  std::map<std::string, std::vector<double>> columns = {};
};

// Choices of which one can be taken at a time.
struct ChoiceGroup {
  std::string name;      // "objective"
  std::string baseline;  // what the baseline does: "log-huber"
  std::vector<Choice> choices;
  bool in_grid = true;  // takes part in the full grid
};

// A number computed from the parameters of the law, that is watched.
struct Tracked {
  std::string name;                                            // "a", "N*(1e24)"
  bool logarithmic = false;                                    // a size: its changes are measured in decades
  std::function<double(std::span<const double> theta)> value;  // may be called from several threads
};

// A parameter or derived quantity of the law. Errors: kNotFound with those there are.
Result<Tracked> track(const Law& law, const std::string& name);

struct SensitivityOptions {
  FitOptions fit;          // the baseline
  ObserveOptions observe;  // weights and clusters
  bool full_grid = false;  // every combination of the groups that are in the grid, besides one choice at a time
  int resamples = 0;       // for an interval in each cell of one choice; 0 for none
  std::uint64_t seed = 0;  // of the resamples
  int threads = 0;         // 0: all cores. Results do not depend on it.
};

// More combinations than this are refused.
inline constexpr std::size_t kMostCells = 1'000'000;

struct SensitivityCell {
  std::vector<int> choice;       // per group: index of the choice, -1 for the baseline
  std::optional<Error> failure;  // then only n_runs may hold
  std::size_t n_runs = 0;
  double objective = 0;        // not comparable between cells
  double rmse_log = 0;         // of the cell's runs
  std::vector<double> theta;   // parameters of the law
  std::vector<double> values;  // per tracked quantity
  // Per tracked quantity, for single choices: 95% of the resamples where there are any; and the standard error, in
  // decades where the quantity is logarithmic: that of a normal distribution with this interval, else by the delta
  // method, NaN where unknown.
  std::vector<double> standard_errors;
  std::vector<std::optional<Interval>> intervals;
};

// What one group of choices does to one tracked quantity, in its unit or in decades (Tracked::logarithmic).
struct Effect {
  std::size_t group = 0;
  double range = 0;  // from the least to the greatest value over the baseline and the choices, one at a time
  // Over the full grid: range of the means by choice, and their share of the variance over all cells. NaN without it.
  double main_range = 0, variance_share = 0;
};

struct TrackedSpread {
  std::string name;
  bool logarithmic = false;
  double baseline = 0;
  double standard_error = 0;                   // of the baseline
  double least = 0, greatest = 0, median = 0;  // over all cells
  Interval central;                            // 5th and 95th percentile over all cells
  std::vector<Effect> effects;                 // the group that moves it most first; those not in the grid last
};

struct Sensitivity {
  std::vector<ChoiceGroup> groups;
  Fit baseline;
  std::vector<SensitivityCell> single;  // the baseline, then each choice of each group by itself
  std::vector<SensitivityCell> grid;    // with a full grid: all combinations, the last group running fastest
  std::vector<TrackedSpread> spreads;   // per tracked quantity
  std::size_t refits = 0;
  std::vector<Finding> findings;
};

// Refits the law under each choice by itself from a search of its own, and under each combination from the optima of
// the single choices that it is made of. A cell that cannot be fitted says why and does not count.
// Errors: as fit_law for the baseline; kInvalidArgument for nothing tracked, choices that do not fit the table, or more
// than kMostCells combinations; kCancelled.
Result<Sensitivity> sensitivity(const Law& law, const RunTable& table, std::vector<ChoiceGroup> groups,
                                const std::vector<Tracked>& tracked, const SensitivityOptions& options = {},
                                const Control& control = {});

}  // namespace isoflop
