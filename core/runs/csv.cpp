// SPDX-License-Identifier: Apache-2.0
#include "core/runs/csv.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/runs/csv_column.h"
#include "core/runs/csv_dialect.h"
#include "core/runs/csv_place.h"
#include "core/runs/csv_scan.h"
#include "core/runs/utf8.h"

namespace isoflop {
namespace {

using namespace csv;

constexpr std::size_t kMostColumns = 1 << 16;
// Cells that are not in the file, per byte of it. A record costs a byte at least, so that wide headers over short
// records could ask for thousands of times the memory of the file.
constexpr std::size_t kMostPaddingPerByte = 8, kFreePadding = 1 << 20;

// A problem before its line and column are known.
struct Note {
  const char* at = nullptr;  // null: about the file
  std::string message;
  std::ptrdiff_t row = -1;
  std::string parameter;
};

class Reader {
 public:
  Reader(std::string_view text, const CsvOptions& options, std::string source)
      : text_(text), dialect_(detect(text, options)), ascii_(is_ascii(text)) {
    table_.source = std::move(source);
  }

  Result<RunTable> read() {
    if (const Status header = read_header(); !header.ok()) return header.error();
    if (const Status records = read_records(true); !records.ok()) return records.error();
    // Columns that turned out otherwise than their first records promised are read again as what they are.
    bool again = false;
    for (ColumnBuilder& builder : builders_) {
      builder.wanted = builder.text == builder.mostly_numbers();
      again = again || builder.wanted;
      if (builder.wanted) builder.clear(!builder.text);
    }
    if (again) {
      if (const Status records = read_records(false); !records.ok()) return records.error();
    }
    drop_nameless_empty_columns();
    note_cells();
    place_notes();
    for (std::size_t c = 0; c < builders_.size(); ++c) {
      Column column{.name = std::move(names_[c])};
      if (builders_[c].text)
        column.values = std::move(builders_[c].texts);
      else
        column.values = std::move(builders_[c].numbers);
      table_.columns.push_back(std::move(column));
    }
    return std::move(table_);
  }

 private:
  Error fail(const char* at, std::string message) const {
    Where where = Locator(text_).find(at);
    where.file = table_.source;
    return Error{ErrorCode::kParse, std::move(message), std::move(where)};
  }

  Error unclosed_quote(const Cell& cell) const {
    return fail(cell.begin - 1,
                "the quote that opens here is never closed; close it, or double it where it belongs to the text");
  }

  Status read_header() {
    const char* const begin = dialect_.records.data();
    Scanner scanner(begin, begin + dialect_.records.size(), dialect_.delimiter, 1 + (begin != text_.data()));
    if (!scanner.next_record()) return fail(text_.data(), "the file holds no records; it needs a line for each run");
    const char* const first = scanner.position();
    std::size_t columns = dialect_.columns;
    if (dialect_.header) {
      std::vector<Cell> cells;
      do {
        cells.push_back(scanner.cell());
        if (cells.back().open) return unclosed_quote(cells.back());
        if (cells.size() > kMostColumns) break;
      } while (scanner.more_cells());
      columns = cells.size();
      if (columns <= kMostColumns) name_columns(cells);
    }
    if (columns > kMostColumns) {
      return fail(first, "the first record has more than " + std::to_string(kMostColumns) +
                             " fields; check that the delimiter is the right one");
    }
    if (!dialect_.header) {
      nameless_.assign(columns, false);
      for (std::size_t c = 0; c < columns; ++c) names_.push_back("column " + std::to_string(c + 1));
    }
    builders_.resize(columns);
    for (std::size_t c = 0; c < std::min(columns, dialect_.text.size()); ++c) builders_[c].text = dialect_.text[c];
    records_begin_ = scanner.position();
    records_line_ = scanner.line();
    return Done{};
  }

  void name_columns(const std::vector<Cell>& cells) {
    std::unordered_set<std::string> taken;
    for (const Cell& cell : cells) taken.insert(cell_text(cell));
    std::unordered_map<std::string, int> seen;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      std::string name = cell_text(cells[c]);
      nameless_.push_back(name.empty());
      if (!ascii_ && !valid_utf8(name))
        notes_.push_back(
            {cells[c].begin,
             "the name of column " + std::to_string(c + 1) + " is not UTF-8; its bytes are kept as they are", -1,
             name});
      if (cells[c].stray) note_stray(cells[c]);
      if (name.empty()) name = "column " + std::to_string(c + 1);
      int& times = seen[name];
      if (times++ > 0) {
        std::string unique;
        for (;; ++times) {
          unique = name + " (" + std::to_string(times) + ")";
          if (taken.insert(unique).second) break;
        }
        notes_.push_back({cells[c].begin,
                          "the name " + quoted_excerpt(name) + " stands for more than one column; this one is now " +
                              quoted_excerpt(unique),
                          -1, unique});
        name = std::move(unique);
      }
      names_.push_back(std::move(name));
    }
  }

  Status read_records(bool first_pass) {
    Scanner scanner(records_begin_, text_.data() + text_.size(), dialect_.delimiter, records_line_);
    if (dialect_.bytes_per_record > 0) {
      const auto bytes = static_cast<double>(scanner.end() - records_begin_);
      const auto expected = static_cast<std::size_t>(std::min(bytes / dialect_.bytes_per_record * 1.02,
                                                              bytes / static_cast<double>(builders_.size()))) +
                            16;
      for (ColumnBuilder& builder : builders_) {
        if (builder.wanted && builder.text)
          builder.texts.reserve(expected);
        else if (builder.wanted)
          builder.numbers.reserve(expected);
      }
      if (first_pass) table_.lines.reserve(expected);
    }
    std::size_t padding = 0;
    while (scanner.next_record()) {
      const long line = scanner.line();
      const char* const start = scanner.position();
      std::size_t c = 0;
      bool more = true;
      for (; more && c < builders_.size(); ++c) {
        ColumnBuilder& builder = builders_[c];
        if (!builder.text && builder.wanted && read_plain_number(scanner, builder)) {
          more = scanner.more_cells();
          continue;
        }
        const Cell cell = scanner.cell();
        if (cell.open) return unclosed_quote(cell);
        if (builder.wanted) builder.add(cell, dialect_.numbers, ascii_);
        if (first_pass && cell.stray) note_stray(cell);
        more = scanner.more_cells();
      }
      const std::size_t have = c;
      padding += builders_.size() - have;
      if (padding > kFreePadding + kMostPaddingPerByte * text_.size()) {
        return fail(start, "most records have far fewer cells than the " + std::to_string(builders_.size()) +
                               " that the header names; check that the delimiter is the right one");
      }
      for (; c < builders_.size(); ++c) {
        if (builders_[c].wanted) builders_[c].add_missing();
      }
      std::size_t extra = 0;
      const char* extra_at = nullptr;
      while (more) {
        const Cell cell = scanner.cell();
        if (cell.open) return unclosed_quote(cell);
        ++extra;
        if (extra_at == nullptr && !trim(cell.view()).empty()) extra_at = cell.begin;
        more = scanner.more_cells();
      }
      const bool cut = scanner.at_end() && text_.back() != '\n' && text_.back() != '\r';
      if (first_pass) end_record(line, start, have, extra, extra_at, cut);
    }
    return Done{};
  }

  // The common case, a number in the plainest form, read where it stands. False: nothing was read.
  bool read_plain_number(Scanner& scanner, ColumnBuilder& builder) const {
    if (dialect_.numbers.decimal != '.') return false;
    const char* const p = scanner.position();
    const char* const end = scanner.end();
    if (p == end) return false;
    const char* const digit = *p == '-' ? p + 1 : p;
    if (digit == end || *digit < '0' || *digit > '9') return false;
    double value = 0;
    const auto [stop, status] = std::from_chars(p, end, value);
    if (status != std::errc() || !scanner.stops(stop)) return false;
    builder.numbers.push_back(value);
    ++builder.filled;
    ++builder.number_count;
    scanner.skip_to(stop);
    return true;
  }

  void end_record(long line, const char* start, std::size_t have, std::size_t extra, const char* extra_at, bool cut) {
    const auto row = static_cast<std::ptrdiff_t>(table_.lines.size());
    table_.lines.push_back(line);
    const std::size_t want = builders_.size();
    if (have < want && ++short_records_ <= kMostProblems) {
      notes_.push_back({start,
                        "the record has " + std::to_string(have) + " of " + std::to_string(want) +
                            " cells; the others count as missing" + (cut ? " (was the file cut off?)" : ""),
                        -1,
                        {}});
    }
    if (extra_at == nullptr) return;  // further delimiters with nothing between them carry nothing
    std::string message = "the record has " + std::to_string(want + extra) + " cells where there are " +
                          std::to_string(want) + " columns; quote cells that hold the delimiter";
    unusable_.emplace_back(static_cast<std::size_t>(row), message);
    if (unusable_.size() <= kMostProblems) notes_.push_back({extra_at, std::move(message), row, {}});
  }

  void note_stray(const Cell& cell) {
    if (++stray_cells_ > kMostProblems) return;
    notes_.push_back({cell.begin,
                      "text follows a closing quote in " + quoted_excerpt(cell.view()) +
                          "; the cell is kept as it stands, with its quotes",
                      -1,
                      {}});
  }

  void drop_nameless_empty_columns() {
    while (builders_.size() > 1 && nameless_.back() && builders_.back().filled == 0 &&
           builders_.back().odd_count == 0) {
      builders_.pop_back();
      names_.pop_back();
      nameless_.pop_back();
    }
  }

  void note_cells() {
    if (dialect_.assumed_comma)
      notes_.push_back({nullptr,
                        "numbers such as 1,234 are read as 1.234; if the comma parts thousands, state that the "
                        "decimal mark is a point",
                        -1,
                        {}});
    for (std::size_t c = 0; c < builders_.size(); ++c) {
      const ColumnBuilder& builder = builders_[c];
      const std::string& name = names_[c];
      const std::string column = "column " + quoted_excerpt(name);
      for (const OddCell& odd : builder.odd) {
        notes_.push_back({odd.begin,
                          quoted_excerpt(odd.text) + " in " + column +
                              (odd.kind == CellKind::kBeyond ? " is not a finite number" : " is not a number") +
                              "; the cell counts as missing",
                          -1, name});
      }
      note_rest(builder.odd_count, "cells of " + column + " are not numbers and count as missing", name);
      if (builder.grouped > 0) {
        notes_.push_back({builder.grouped_at,
                          std::to_string(builder.grouped) + " cells of " + column + " such as " +
                              quoted_excerpt(builder.first_grouped) + " are read with marks between thousands",
                          -1, name});
      }
      for (const char* at : builder.not_utf8_at)
        notes_.push_back({at, "a cell of " + column + " is not UTF-8; its bytes are kept as they are", -1, name});
      note_rest(builder.not_utf8, "cells of " + column + " are not UTF-8", name);
    }
    note_rest(short_records_, "records have too few cells", {});
    note_rest(unusable_.size(), "records have too many cells and are not used", {});
    note_rest(stray_cells_, "cells have text behind a closing quote", {});
  }

  void note_rest(std::size_t count, const std::string& what, const std::string& parameter) {
    if (count > kMostProblems)
      notes_.push_back({nullptr, std::to_string(count - kMostProblems) + " more " + what, -1, parameter});
  }

  void place_notes() {
    std::stable_sort(notes_.begin(), notes_.end(),
                     [](const Note& a, const Note& b) { return a.at != nullptr && (b.at == nullptr || a.at < b.at); });
    Locator locator(text_);
    for (Note& note : notes_) {
      Where where = note.at == nullptr ? Where{} : locator.find(note.at);
      where.file = table_.source;
      where.parameter = std::move(note.parameter);
      table_.problems.push_back({std::move(where), std::move(note.message), note.row});
    }
    table_.state.assign(table_.lines.size(), RowState::kUsed);
    table_.reason.resize(table_.lines.size());
    for (auto& [row, why] : unusable_) {
      table_.state[row] = RowState::kUnusable;
      table_.reason[row] = std::move(why);
    }
  }

  std::string_view text_;
  Dialect dialect_;
  bool ascii_;
  RunTable table_;
  std::vector<std::string> names_;
  std::vector<char> nameless_;
  std::vector<ColumnBuilder> builders_;
  const char* records_begin_ = nullptr;
  long records_line_ = 1;
  std::vector<Note> notes_;
  std::vector<std::pair<std::size_t, std::string>> unusable_;
  std::size_t short_records_ = 0, stray_cells_ = 0;
};

}  // namespace

Result<RunTable> parse_csv(std::string_view text, const CsvOptions& options, std::string source) {
  const std::string_view bytes = text;
  if (options.delimiter != 0 && std::string_view(",;\t| ").find(options.delimiter) == std::string_view::npos)
    return invalid_argument("the delimiter has to be one of , ; tab | blank", "delimiter");
  if (options.decimal != 0 && options.decimal != '.' && options.decimal != ',')
    return invalid_argument("the decimal mark has to be . or ,", "decimal");
  if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF") {
    return Error{ErrorCode::kParse, "the file is UTF-16; save it as UTF-8",
                 Where{.file = std::move(source), .line = 1, .column = 1}};
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    Where where = Locator(text).find(text.data() + nul);
    where.file = std::move(source);
    return Error{ErrorCode::kParse,
                 "a NUL byte stands here, so this is not a text file; export it again as CSV in UTF-8",
                 std::move(where)};
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) text = "";
  Result<RunTable> table = Reader(text, options, std::move(source)).read();
  if (table.ok()) table->content_hash = content_hash(bytes);
  return table;
}

Result<RunTable> read_csv(const std::filesystem::path& path, const CsvOptions& options) {
  const Result<std::string> text = read_file(path);
  if (!text.ok()) return text.error();
  return parse_csv(*text, options, path.string());
}

}  // namespace isoflop
