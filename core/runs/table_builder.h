// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/runs/run_table.h"

namespace isoflop {

// A table that grows by cells in any order of columns: rows lack what nobody gave them.
class TableBuilder {
 public:
  void begin_row(long line);
  std::size_t rows() const { return lines_.size(); }
  long line(std::size_t row) const { return lines_[row]; }

  // Cells of the row begun last; a second one of the same name takes the place of the first and says true.
  bool add_number(std::string_view name, double value);
  // A text that is a number (core/runs/csv_number.h) counts as one where its column turns out to hold numbers.
  bool add_text(std::string_view name, std::string_view text);
  void add_missing(std::string_view name);

  const std::vector<std::string>& names() const { return names_; }

  // Columns and lines in place; cells of number columns that hold other text are problems.
  void finish(RunTable& table) &&;

 private:
  struct Cells {
    std::vector<double> numbers;     // NaN: missing or text
    std::vector<std::string> texts;  // empty until a text comes
    std::vector<char> filled;        // per row
    std::size_t number_count = 0, text_count = 0;
  };
  Cells& cells(std::string_view name);
  static void reach(Cells& cells, std::size_t rows);

  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<Cells> columns_;
  std::vector<long> lines_;
};

}  // namespace isoflop
