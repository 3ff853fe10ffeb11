// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/compute/architecture.h"
#include "core/runs/run_table.h"

namespace isoflop {

// Parameters and compute counted anew from the architecture of each run.
struct Recount {
  std::optional<ParamCount> params;  // nullopt: the column of the file stays
  std::optional<FlopCount> flops;
  // Dimension (kDimensions) -> number for all runs, or the header of its column. Columns with usual names (n_layers,
  // d_model, vocab_size ...) need not be named.
  std::map<std::string, std::string> dimensions;

  bool operator==(const Recount&) const = default;
};

// layers width feed_forward heads key_value_heads head_width vocabulary context; and gated tied learned_positions
// biases, 1 or 0.
inline constexpr std::string_view kDimensions[] = {"layers",          "width",      "feed_forward",      "heads",
                                                   "key_value_heads", "head_width", "vocabulary",        "context",
                                                   "gated",           "tied",       "learned_positions", "biases"};

// The dimension that a header suggests, or "" if none.
std::string_view dimension_of_header(std::string_view header);

// Puts derived columns in the place of params and flops = FLOP per token x tokens, and says in table.problems from
// which columns. Rows that lack a dimension are missing there. flops counted as 6nd or with attention rest on params:
// the count asked for, or else the column of the file. Errors: kNotFound and kInvalidArgument, naming the dimension
// that no column has and no option gives.
Status recount(RunTable& table, const Recount& how);

}  // namespace isoflop
