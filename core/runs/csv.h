// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/runs/run_table.h"

namespace isoflop {

// How a delimited text file is read. Zero or nullopt: detect.
struct CsvOptions {
  char delimiter = 0;          // one of , ; tab | or a blank, which stands for runs of blanks and tabs
  char decimal = 0;            // '.' or ','
  std::optional<bool> header;  // whether the first record names the columns
};

// Reads RFC 4180 text: quoted fields with doubled quotes and line breaks inside, CRLF, LF or CR, an optional UTF-8 byte
// order mark, a first line "sep=;" as Excel writes it, blank lines skipped. Cells that are numbers (also 1.5B, 300M,
// 1_000, 1e9, "1,234.5", and 1,5 where the decimal is a comma) make a numeric column when at least half of its filled
// cells are numbers; cells of such a column that are not are NaN and a Problem, and so are infinite ones and those
// beyond a double. Empty cells, "NA", "NaN", "null", "none", "-" are missing in a numeric column; text columns keep
// their text. A record with too few or too many cells is kept and a Problem: what is missing is missing; with too many
// the row is unusable. Nameless columns are "column 3"; the second of two equal names becomes "loss (2)". Bytes that
// are not UTF-8 are kept. Of each kind of problem the first thousand stand in the table with their places, in the order
// of the file; one more counts the others. Errors: kParse with line and column for what cannot be read at all: an
// unclosed quote (where it opens), a NUL byte, no records, more than 65536 columns, rows so much shorter than the
// header that they would not fit memory.
Result<RunTable> parse_csv(std::string_view text, const CsvOptions& options = {}, std::string source = {});
Result<RunTable> read_csv(const std::filesystem::path& path, const CsvOptions& options = {});

// RFC 4180 with LF, shortest exact numbers; missing numbers are empty. Columns with a role are headed by it, so that
// the file needs no mapping. Text that a spreadsheet would run as a formula (= + - @ tab) gets a leading apostrophe,
// which parse_csv takes away. Only used rows unless `all`; then a column "excluded" gives the reasons.
std::string to_csv(const RunTable& table, bool all = false);

}  // namespace isoflop
