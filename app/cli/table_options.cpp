// SPDX-License-Identifier: Apache-2.0
#include "app/cli/table_options.h"

#include <cmath>

#include "app/cli/runs_options.h"
#include "core/laws/suggestion.h"
#include "core/runs/csv.h"

namespace isoflop::cli {

Result<RunTable> read_table(const std::string& path) {
  auto table = read_csv(path);
  if (table) report_problems(*table);
  return table;
}

Result<std::span<const double>> need_column(const RunTable& table, const std::string& name) {
  const Column* column = table.find(name);
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const Column& known : table.columns) names.push_back(known.name);
    Error error = not_found("there is no column \"" + name + "\"" + suggestion(name, names), name);
    error.where.file = table.source;
    return error;
  }
  if (!column->numeric())
    return Error{ErrorCode::kInvalidArgument, "the column \"" + name + "\" holds text, not numbers",
                 Where{.file = table.source, .parameter = name}};
  const auto values = table.numbers(name);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return Error{ErrorCode::kInvalidArgument, "there is no number in the column \"" + name + "\"",
                   Where{.file = table.source, .line = table.lines[i], .parameter = name}};
  return values;
}

}  // namespace isoflop::cli
