// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/runs/run_table.h"

namespace isoflop::cli {

// A table that is no table of runs: read as it is, without roles. Says on stderr what the user should know about it.
Result<RunTable> read_table(const std::string& path);

// A numeric column of it, without gaps. Errors: kNotFound with a suggestion; kInvalidArgument for text and, with its
// line, a missing number.
Result<std::span<const double>> need_column(const RunTable& table, const std::string& name);

}  // namespace isoflop::cli
