// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/fit/sensitivity.h"

namespace isoflop {

// The choices that these runs and this law leave open, other than those of the baseline:
//   objective       the other objectives that the response admits
//   delta           of Huber's loss, from 1e-4 to 1e-1
//   highest losses  the highest 1, 2, 5 or 10 left out, at most a tenth of the runs
//   excluded runs   those that the table excludes brought back, by reason and all together
//   budgets         each compute budget left out, where there are at least four; the outermost alone where there are
//   many small models    runs with the smallest tenth and quarter of parameters left out convention      another column
//   of the table for parameters; tokens or FLOP by C = 6 N D instead of the column exponents       alpha = beta, where
//   the law has two exponents to tie start           six single starts in place of the global search, which shows local
//   optima
// Groups without choices are left out. The table is as observe() takes it; errors are its errors.
Result<std::vector<ChoiceGroup>> suggest_choices(const Law& law, const RunTable& table,
                                                 const SensitivityOptions& options = {});

}  // namespace isoflop
