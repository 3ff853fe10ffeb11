// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/runs/run_table.h"

namespace isoflop {

// Whether text is meant as JSON: it begins with { or [.
bool looks_like_json(std::string_view text);

// Reads runs from JSON in the shapes that people save them in:
//   [{"N": 1, "loss": 3}, ...]         a list of runs
//   {"N": 1, "loss": 3}\n{...}\n       JSON lines, one run each
//   {"log_history": [{...}, ...], ..}  a list of runs under one of the names: the longest (trainer_state.json)
//   {"N": [1, 2], "loss": [3, 4]}      columns
//   {"N": {"0": 1}, "loss": {"0": 3}}  columns by row, and {"columns": [..], "data": [[..], ..]}, as pandas writes them
// Members of members are columns named "config.N"; lists inside a run are left out and a Problem. A column is of
// numbers when at least half of its filled cells are (a text that is one counts, as in CSV: "7B"); true and false are
// text. NaN and Infinity are read as Python writes them; infinite ones are missing and a Problem, null is missing. A
// line of JSON lines that cannot be read is left out and a Problem. Columns stand in the order in which they first
// appear, RunTable::lines holds the line where each run begins. Errors: kParse with line and column, also for a number
// beyond a double.
Result<RunTable> parse_json(std::string_view text, std::string source = {});

}  // namespace isoflop
