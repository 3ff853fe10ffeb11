// SPDX-License-Identifier: Apache-2.0
#include "core/runs/csv_dialect.h"

#include <algorithm>
#include <map>

#include "core/runs/csv_scan.h"

namespace isoflop::csv {
namespace {

constexpr std::size_t kSampleRecords = 256;
constexpr std::size_t kSampleBytes = 1 << 17;
constexpr std::size_t kSampleFields = 1 << 12;  // of one record; further fields are counted only
constexpr std::string_view kDelimiters = ",\t;|";

struct Sample {
  std::vector<std::vector<Cell>> records;
  std::vector<std::size_t> fields;  // of each record
  std::size_t bytes = 0;

  // The number of fields that most records have; of several, the one seen first.
  std::size_t typical_fields() const {
    std::map<std::size_t, std::size_t> times;
    std::size_t best = 0;
    for (const std::size_t n : fields) ++times[n];
    for (const std::size_t n : fields) {
      if (best == 0 || times[n] > times[best]) best = n;
    }
    return best;
  }
};

Sample take_sample(std::string_view text, char delimiter) {
  Sample sample;
  const char* const begin = text.data();
  Scanner scanner(begin, begin + text.size(), delimiter);
  while (sample.records.size() < kSampleRecords && sample.bytes < kSampleBytes && scanner.next_record()) {
    std::vector<Cell> cells;
    std::size_t count = 0;
    do {
      const Cell cell = scanner.cell();
      if (cell.open && !sample.records.empty()) return sample;
      if (++count <= kSampleFields) cells.push_back(cell);
    } while (scanner.more_cells());
    sample.records.push_back(std::move(cells));
    sample.fields.push_back(count);
    sample.bytes = static_cast<std::size_t>(scanner.position() - begin);
  }
  return sample;
}

bool number_in_some_format(std::string_view cell) {
  return read_number(cell, {.decimal = '.', .grouping = true}).kind == CellKind::kNumber ||
         read_number(cell, {.decimal = ',', .grouping = true}).kind == CellKind::kNumber;
}

// Share of records with the typical number of fields, plus share of cells that are numbers, less half the share
// of cells that have a quote in their midst, as those do that were cut out of a quoted text. Zero: it does not delimit.
double score(const Sample& sample) {
  const std::size_t typical = sample.typical_fields();
  if (typical < 2) return 0;
  // A header of one name over rows of two whole numbers is a column of numbers with a decimal mark.
  bool cut_numbers = sample.fields[0] == 1 && typical == 2;
  double even = 0, cells = 0, numbers = 0, torn = 0;
  for (std::size_t r = 0; r < sample.records.size(); ++r) {
    even += sample.fields[r] == typical;
    for (const Cell& cell : sample.records[r]) {
      const std::string_view view = trim(cell.view());
      ++cells;
      numbers += number_in_some_format(view);
      torn += !cell.quoted && view.find('"') != std::string_view::npos;
      if (r > 0 && (cell.quoted || view.empty() || view.find_first_not_of("0123456789eE+-") != std::string_view::npos))
        cut_numbers = false;
    }
  }
  if (cut_numbers) return 0;
  return even / static_cast<double>(sample.records.size()) + (numbers - torn / 2) / cells;
}

// Blanks are in many texts: they delimit where all records have as many fields and most of those below the first are
// numbers.
bool blanks_delimit(const Sample& sample) {
  const std::size_t typical = sample.typical_fields();
  if (typical < 2 || sample.records.size() < 2) return false;
  std::size_t cells = 0, numbers = 0;
  for (std::size_t r = 0; r < sample.records.size(); ++r) {
    if (sample.fields[r] != typical) return false;
    if (r == 0) continue;
    cells += sample.records[r].size();
    for (const Cell& cell : sample.records[r]) numbers += number_in_some_format(cell.view());
  }
  return 2 * numbers > cells;
}

NumberFormat number_format(const Sample& sample, char delimiter, char stated, bool& assumed_comma) {
  // What stands in columns of text ("1,5" among remarks) tells nothing.
  std::vector<std::size_t> filled(kSampleFields), numbers(kSampleFields);
  for (const auto& record : sample.records) {
    for (std::size_t c = 0; c < record.size(); ++c) {
      const std::string_view view = trim(record[c].view());
      filled[c] += !view.empty();
      numbers[c] += number_in_some_format(view);
    }
  }
  std::size_t point = 0, comma = 0, either_point = 0, either_comma = 0;
  for (const auto& record : sample.records) {
    for (std::size_t c = 0; c < record.size(); ++c) {
      if (3 * numbers[c] < filled[c]) continue;
      switch (decimal_hint(trim(record[c].view()))) {
        case DecimalHint::kNone:
          break;
        case DecimalHint::kPoint:
          ++point;
          break;
        case DecimalHint::kComma:
          ++comma;
          break;
        case DecimalHint::kEitherPoint:
          ++either_point;
          break;
        case DecimalHint::kEitherComma:
          ++either_comma;
          break;
      }
    }
  }
  NumberFormat format;
  if (stated != 0) {
    format.decimal = stated;
  } else if (delimiter == ',' && point + either_point > 0) {
    format.decimal = '.';  // numbers with a decimal comma would all stand between quotes
  } else if (point != comma) {
    format.decimal = comma > point ? ',' : '.';
  } else if (point == 0) {
    // "1,234" alone: where the comma delimits, a comma between quotes parts thousands; elsewhere it is the decimal
    // mark.
    assumed_comma = either_comma > 0 && either_point == 0 && delimiter != ',';
    format.decimal = assumed_comma ? ',' : '.';
  }
  // Where both marks serve as decimals, "1,234" cannot be told from 1.234: it is then left for the user to say.
  format.grouping = format.decimal == '.' ? comma == 0 : point == 0;
  return format;
}

// Votes of the columns: a name over numbers is a header, a number over numbers is not.
bool looks_like_header(const Sample& sample, NumberFormat format, const std::vector<char>& text) {
  int name_over_numbers = 0, number_over_numbers = 0, sizes = 0;
  const auto& first = sample.records[0];
  for (std::size_t c = 0; c < first.size(); ++c) {
    const std::string_view view = trim(first[c].view());
    const CellKind kind = read_number(view, format).kind;
    if (sample.records.size() > 1 && (c >= text.size() || text[c])) continue;
    if (kind == CellKind::kText) ++name_over_numbers;
    if (kind != CellKind::kNumber) continue;
    // "7B" may well be the name of a column, so it counts only where nothing else does.
    if (view.find_first_not_of("0123456789+-.,eE_") == std::string_view::npos)
      ++number_over_numbers;
    else
      ++sizes;
  }
  if (name_over_numbers == 0 && number_over_numbers == 0) return sizes == 0;
  return name_over_numbers >= number_over_numbers;
}

// Columns in which fewer than half of the filled cells are numbers, from record `first` on.
std::vector<char> text_columns(const Sample& sample, NumberFormat format, std::size_t columns, std::size_t first) {
  std::vector<std::size_t> filled(columns), numbers(columns);
  for (std::size_t r = first; r < sample.records.size(); ++r) {
    for (std::size_t c = 0; c < std::min(columns, sample.records[r].size()); ++c) {
      const CellKind kind = read_number(trim(sample.records[r][c].view()), format).kind;
      filled[c] += kind != CellKind::kMissing;
      numbers[c] += kind == CellKind::kNumber || kind == CellKind::kBeyond;
    }
  }
  std::vector<char> text(columns);
  for (std::size_t c = 0; c < columns; ++c) text[c] = 2 * numbers[c] < filled[c];
  return text;
}

}  // namespace

Dialect detect(std::string_view text, const CsvOptions& options) {
  Dialect dialect;
  char stated = options.delimiter;
  // Excel writes and reads a first line that names the delimiter.
  if (text.size() > 5 && text.substr(0, 4) == "sep=" && kDelimiters.find(text[4]) != std::string_view::npos &&
      (text[5] == '\n' || text[5] == '\r')) {
    if (stated == 0) stated = text[4];
    text.remove_prefix(text.size() > 6 && text[5] == '\r' && text[6] == '\n' ? 7 : 6);
  }
  dialect.records = text;

  Sample sample;
  if (stated != 0) {
    dialect.delimiter = stated;
    sample = take_sample(text, stated);
  } else {
    double best = -1;
    std::size_t most_fields = 0;
    for (const char candidate : kDelimiters) {
      Sample taken = take_sample(text, candidate);
      const double points = score(taken);
      const std::size_t fields = taken.typical_fields();
      if (points > best + 1e-9 || (points > best - 1e-9 && points > 0 && fields > most_fields)) {
        best = points;
        most_fields = fields;
        dialect.delimiter = candidate;
        sample = std::move(taken);
      }
    }
    if (Sample taken = take_sample(text, ' '); best <= 0 && blanks_delimit(taken)) {
      best = 1;
      dialect.delimiter = ' ';
      sample = std::move(taken);
    }
    for (const char candidate : kDelimiters) {  // one column: any delimiter that leaves the records whole
      if (best > 0) break;
      sample = take_sample(text, candidate);
      dialect.delimiter = candidate;
      if (sample.typical_fields() < 2) break;
    }
  }
  if (sample.records.empty()) return dialect;

  dialect.columns = sample.typical_fields();
  dialect.bytes_per_record = static_cast<double>(sample.bytes) / static_cast<double>(sample.records.size());
  dialect.numbers = number_format(sample, dialect.delimiter, options.decimal, dialect.assumed_comma);
  const std::size_t seen = std::min(dialect.columns, kSampleFields);
  const std::vector<char> below = text_columns(sample, dialect.numbers, seen, 1);
  dialect.header = options.header.value_or(looks_like_header(sample, dialect.numbers, below));
  dialect.text = dialect.header ? below : text_columns(sample, dialect.numbers, seen, 0);
  return dialect;
}

}  // namespace isoflop::csv
