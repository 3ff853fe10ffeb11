// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace isoflop::csv {

// One field as it stands in the text. Nothing is copied until its text is asked for.
struct Cell {
  const char* begin = nullptr;
  const char* end = nullptr;
  bool quoted = false;   // [begin, end) is what stands between the quotes
  bool doubled = false;  // and it holds doubled quotes
  bool stray = false;    // text follows the closing quote: [begin, end) is the whole field, quotes included
  bool open = false;     // the quote never closes; begin stands behind it

  std::string_view view() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

inline std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Text that a spreadsheet would run as a formula stands in a CSV file behind an apostrophe. One more apostrophe where
// the text itself begins so makes this reversible.
inline bool looks_like_formula(std::string_view text) {
  const std::size_t first = text.find_first_not_of('\'');
  return first != std::string_view::npos && std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

// The text that the field stands for: quotes undone, blanks around an unquoted field and the apostrophe of a formula
// removed.
inline std::string cell_text(const Cell& cell) {
  std::string text(cell.quoted ? cell.view() : trim(cell.view()));
  if (cell.doubled) {
    std::size_t out = 0;
    for (std::size_t in = 0; in < text.size(); ++in) {
      text[out++] = text[in];
      if (text[in] == '"' && in + 1 < text.size() && text[in + 1] == '"') ++in;
    }
    text.resize(out);
  }
  if (!text.empty() && text[0] == '\'' && looks_like_formula(text)) text.erase(0, 1);
  return text;
}

// Walks over the fields of RFC 4180 text. LF, CRLF and a lone CR end a record. The delimiter ' ' stands for any run of
// blanks and tabs, at either end of a record for nothing.
class Scanner {
 public:
  Scanner(const char* begin, const char* end, char delimiter, long line = 1)
      : p_(begin), end_(end), delimiter_(delimiter), blanks_(delimiter == ' '), line_(line) {}

  const char* position() const { return p_; }
  long line() const { return line_; }
  bool at_end() const { return p_ == end_; }

  // Moves to the next record, over lines that hold nothing but blanks. False at the end of the text.
  bool next_record() {
    while (p_ != end_) {
      const char* q = p_;
      while (q != end_ && (*q == ' ' || (*q == '\t' && delimiter_ != '\t'))) ++q;
      if (q == end_) {
        p_ = q;
        return false;
      }
      if (*q != '\n' && *q != '\r') {
        if (blanks_) p_ = q;
        return true;
      }
      p_ = q;
      end_line();
    }
    return false;
  }

  // Reads the field at the position; the position is then at the delimiter, line end or end of text behind it.
  Cell cell() {
    if (p_ != end_ && *p_ == '"') return quoted_cell();
    Cell cell;
    cell.begin = p_;
    skip_plain();
    cell.end = p_;
    return cell;
  }

  // Steps over the delimiter and says true, or over the line end and says false.
  bool more_cells() {
    if (blanks_) {
      while (p_ != end_ && (*p_ == ' ' || *p_ == '\t')) ++p_;
      if (p_ != end_ && *p_ != '\n' && *p_ != '\r') return true;
    } else if (p_ != end_ && *p_ == delimiter_) {
      ++p_;
      return true;
    }
    end_line();
    return false;
  }

  // Whether a field may end here.
  bool stops(const char* p) const {
    return p == end_ || *p == delimiter_ || *p == '\n' || *p == '\r' || (blanks_ && *p == '\t');
  }
  // For who read the field at the position by other means; stops(p) holds.
  void skip_to(const char* p) { p_ = p; }
  const char* end() const { return end_; }

 private:
  void skip_plain() {
    while (!stops(p_)) ++p_;
  }

  void end_line() {
    if (p_ == end_) return;
    p_ += (*p_ == '\r' && p_ + 1 != end_ && p_[1] == '\n') ? 2 : 1;
    ++line_;
  }

  void count_lines(const char* from, const char* to) {
    for (; from != to; ++from) {
      if (*from == '\n' || (*from == '\r' && (from + 1 == to || from[1] != '\n'))) ++line_;
    }
  }

  Cell quoted_cell() {
    Cell cell;
    const char* const open = p_;
    cell.quoted = true;
    cell.begin = p_ + 1;
    const char* q = cell.begin;
    for (;;) {
      q = static_cast<const char*>(q == end_ ? nullptr : std::memchr(q, '"', static_cast<std::size_t>(end_ - q)));
      if (q == nullptr) {
        cell.open = true;
        cell.end = p_ = end_;
        return cell;
      }
      if (q + 1 == end_ || q[1] != '"') break;
      cell.doubled = true;
      q += 2;
    }
    cell.end = q;
    count_lines(cell.begin, cell.end);
    p_ = q + 1;
    if (!blanks_)
      while (p_ != end_ && (*p_ == ' ' || (*p_ == '\t' && delimiter_ != '\t'))) ++p_;
    if (!stops(p_)) {
      skip_plain();
      cell = Cell{.begin = open, .end = p_, .stray = true};
    }
    return cell;
  }

  const char* p_;
  const char* end_;
  char delimiter_;
  bool blanks_;
  long line_;
};

}  // namespace isoflop::csv
