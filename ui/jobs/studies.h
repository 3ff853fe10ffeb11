// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/fit/comparison.h"
#include "core/fit/sensitivity.h"
#include "ui/document/document.h"

// What the pages that compare laws and weigh choices compute, as functions of plain values that may run behind.
namespace isoflop::ui {

// A law as it takes part in a comparison.
struct StudiedLaw {
  std::shared_ptr<const Law> law;
  int slot = 0;
  FitSettings settings;
  std::string label;
  bool operator==(const StudiedLaw&) const = default;
};

// The laws of a document, each way of fitting one once, in order; titles that two share say which is which.
std::vector<StudiedLaw> studied_laws(const Document& document);

struct ComparisonInputs {
  std::shared_ptr<const RunTable> runs;
  std::vector<StudiedLaw> laws;
  HoldOut hold_out;
};
// With what it was computed from, for drawing.
struct ShownComparison {
  ComparisonInputs inputs;
  Result<Comparison> result = Error{};
  std::vector<int> law_slots;          // of the laws in the order of the result
  std::vector<double> params, tokens;  // of the runs compared; empty where the table has none
};
ShownComparison run_comparison(ComparisonInputs inputs, const Control& control);

struct SensitivityInputs {
  std::shared_ptr<const RunTable> runs;
  StudiedLaw law;
  double budget = 0;  // whose N* is watched
};
struct ShownSensitivity {
  SensitivityInputs inputs;
  Result<Sensitivity> result = Error{};
};
// Watches the derived quantities of the law, N* of the budget where the law has it, and the parameters.
ShownSensitivity run_sensitivity(SensitivityInputs inputs, const Control& control);

}  // namespace isoflop::ui
