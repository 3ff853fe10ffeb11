// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/fit/fit_problem.h"

namespace isoflop {

// A table with more runs than the first is searched on a sample of the second many of them: where optima lie, is seen
// there, and all runs say which is the best and where exactly.
inline constexpr std::size_t kMostSearchedRows = 1024, kSampledRows = 512;

// The problem of `rows` of its runs, drawn without replacement.
FitProblem sample_rows(const FitProblem& problem, std::size_t rows, std::uint64_t seed);

}  // namespace isoflop
