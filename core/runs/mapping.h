// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/runs/recount.h"
#include "core/runs/run_table.h"

namespace isoflop {

// How a file's columns become runs. Applied in this order: roles, derived columns, counts, exclusions.
struct Mapping {
  // (role, column header); overrides what the aliases would say
  std::vector<std::pair<std::string, std::string>> roles;
  // "name = expression"; the name may be a role
  std::vector<std::string> derive;
  // (condition, reason); an empty reason means the condition itself
  std::vector<std::pair<std::string, std::string>> exclude;
  Recount recount;
};

// The role that a header suggests ("Model Size", "n_params", "Training FLOP", "eval/loss" ...), or "" if none. Case,
// blanks, dashes, dots and underscores do not matter, except in the symbols N (also n), D, C and U. Headers in another
// unit ("Params (B)", "total_training_Gflops") suggest none.
std::string_view role_of_header(std::string_view header);

// Gives columns their roles: first those of `mapping.roles`, then by alias for roles still free; where several columns
// suggest a role the surest has it, and the others are named in table.problems. Then the derived columns; one with the
// name of a column of the file takes its place and role, and the file's column goes on as "NAME (file)". Where two of
// params, tokens and flops are known, after counting, and the third is neither a column nor derived, it is derived by
// flops = 6 * params * tokens, and this is said in table.problems. Then rows without a finite positive value in some
// role column that is present among params, tokens, loss become unusable with a reason, then the exclusions are
// applied. Errors: kNotFound for an unknown column or role, kParse for a malformed expression (with its place in the
// text), kInvalidArgument for a column of text in a role or a role given twice. The table is to be one just read; after
// an error it is half mapped.
Status apply_mapping(RunTable& table, const Mapping& mapping);

// Marks the used rows where the condition holds as excluded; aggregates (quantile, rank) run over the rows used so far.
// Returns how many rows it excluded.
Result<std::size_t> exclude_where(RunTable& table, std::string_view condition, std::string_view reason = {});
// By row number. Rows that are not in use are left alone.
void exclude_rows(RunTable& table, std::span<const std::size_t> rows, std::string_view reason);
// Brings excluded rows back; unusable rows stay unusable.
void include_rows(RunTable& table, std::span<const std::size_t> rows);

// Reads, maps and excludes in one step: what every command that takes runs does.
Result<RunTable> load_runs(const std::filesystem::path& path, const Mapping& mapping);

}  // namespace isoflop
