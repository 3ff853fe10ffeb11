// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "core/fit/comparison.h"

namespace isoflop {

// What a comparison rests on besides what it shows.
struct ComparisonEvidence {
  std::vector<std::size_t> clusters;  // of the runs; may be empty
  std::vector<int> kept_fold;         // of the runs that were not left out; empty without cross-validation among them
  // Per law: log(predicted / observed) of those runs, each predicted without its fold.
  std::vector<std::vector<double>> kept_out_of_fold;
};

// Measures, ranks and stacks the fitted laws of a comparison, whose rows hold fits and residuals or the reason why
// there are none. False if it was cancelled.
bool judge(Comparison& comparison, const ComparisonEvidence& evidence, const ComparisonOptions& options,
           const Control& control);

}  // namespace isoflop
