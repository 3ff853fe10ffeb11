// SPDX-License-Identifier: Apache-2.0
#include "core/runs/table_builder.h"

#include <charconv>
#include <limits>

#include "core/runs/csv_number.h"
#include "core/runs/csv_scan.h"
#include "core/runs/utf8.h"

namespace isoflop {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostProblems = 1000;

std::string exact(double value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return {digits, end};
}

}  // namespace

void TableBuilder::begin_row(long line) {
  lines_.push_back(line);
}

TableBuilder::Cells& TableBuilder::cells(std::string_view name) {
  const auto found = index_.find(name);
  if (found != index_.end()) return columns_[found->second];
  index_.emplace(name, names_.size());
  names_.emplace_back(name);
  return columns_.emplace_back();
}

void TableBuilder::reach(Cells& cells, std::size_t rows) {
  cells.numbers.resize(rows, kMissing);
  cells.filled.resize(rows, 0);
  if (!cells.texts.empty()) cells.texts.resize(rows);
}

bool TableBuilder::add_number(std::string_view name, double value) {
  Cells& column = cells(name);
  reach(column, rows());
  const bool again = column.filled.back() != 0;
  column.numbers.back() = value;
  if (!column.texts.empty()) column.texts.back().clear();
  column.filled.back() = 1;
  ++column.number_count;
  return again;
}

bool TableBuilder::add_text(std::string_view name, std::string_view text) {
  Cells& column = cells(name);
  reach(column, rows());
  const bool again = column.filled.back() != 0;
  if (column.texts.empty()) column.texts.resize(rows());
  column.texts.back() = text;
  const csv::NumberCell number = csv::read_number(csv::trim(text), {.decimal = '.', .grouping = true});
  column.numbers.back() = number.kind == csv::CellKind::kNumber ? number.value : kMissing;
  column.filled.back() = number.kind != csv::CellKind::kMissing;
  ++(number.kind == csv::CellKind::kNumber ? column.number_count : column.text_count);
  return again;
}

void TableBuilder::add_missing(std::string_view name) {
  cells(name);
}

void TableBuilder::finish(RunTable& table) && {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    Cells& cells = columns_[c];
    reach(cells, rows());
    Column column{.name = std::move(names_[c]), .role = {}, .values = {}, .derived = {}};
    if (cells.number_count >= cells.text_count) {
      std::size_t odd = 0;
      for (std::size_t row = 0; row < cells.texts.size(); ++row) {
        if (!cells.filled[row] || cells.texts[row].empty() || cells.numbers[row] == cells.numbers[row]) continue;
        if (++odd > kMostProblems) continue;
        table.problems.push_back(
            {Where{.file = table.source, .line = lines_[row], .column = 0, .parameter = column.name},
             quoted_excerpt(cells.texts[row]) + " in column " + quoted_excerpt(column.name) +
                 " is not a number; the cell counts as missing",
             -1});
      }
      if (odd > kMostProblems)
        table.problems.push_back({Where{.file = table.source, .line = 0, .column = 0, .parameter = column.name},
                                  std::to_string(odd - kMostProblems) + " more cells of column " +
                                      quoted_excerpt(column.name) + " are not numbers and count as missing",
                                  -1});
      column.values = std::move(cells.numbers);
    } else {
      if (cells.texts.empty()) cells.texts.resize(rows());
      for (std::size_t row = 0; row < rows(); ++row)
        if (cells.texts[row].empty() && cells.numbers[row] == cells.numbers[row])
          cells.texts[row] = exact(cells.numbers[row]);
      column.values = std::move(cells.texts);
    }
    table.columns.push_back(std::move(column));
  }
  table.lines = std::move(lines_);
  table.state.assign(table.lines.size(), RowState::kUsed);
  table.reason.assign(table.lines.size(), {});
}

}  // namespace isoflop
