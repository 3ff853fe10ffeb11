// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/runs/csv.h"
#include "core/runs/csv_number.h"

namespace isoflop::csv {

// How a file is written, as stated by the options or read off its first records.
struct Dialect {
  char delimiter = ',';
  NumberFormat numbers;
  bool assumed_comma = false;  // the decimal comma is a guess: all numbers with one look like "1,234"
  bool header = true;
  std::size_t columns = 0;      // fields in most of the first records
  std::vector<char> text;       // per column: whether the first records make it a column of text
  double bytes_per_record = 0;  // on average over the first records; 0 where there are none
  std::string_view records;     // the text without a leading "sep=;" line
};

// The delimiter is the one that cuts the first records into the most even rows, counting quotes; where that does not
// settle it, the one that makes more cells numbers; where none cuts
// them, runs of blanks if they part columns of numbers. The first record is a header unless it looks like the data
// below it. The decimal mark is the one that the numbers of the first records need.
Dialect detect(std::string_view text, const CsvOptions& options);

}  // namespace isoflop::csv
