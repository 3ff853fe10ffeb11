// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// A JSON value as it stands in a text.
struct JsonValue {
  enum class Kind : char { kNull, kText, kNumber, kBeyond, kList, kObject } kind = Kind::kNull;
  double number = 0;
  std::string text;  // of kText; as written, of kBeyond: an infinite number or one beyond a double
  std::vector<JsonValue> items;
  std::vector<std::pair<std::string, JsonValue>> members;  // in the order of the text
  long line = 0;                                           // where it begins, from 1
};

// Reads values that follow each other in one text. true and false are texts; NaN, which Python writes, is null.
class JsonReader {
 public:
  // The text must outlive the reader. `source` names it in errors.
  JsonReader(std::string_view text, std::string source);

  // Whether only blanks are left.
  bool at_end();
  // The next value. Errors: kParse with line and column; the position is then where reading stopped.
  Result<JsonValue> next();
  // Goes on behind the end of the line at hand. False: there is none.
  bool skip_line();

 private:
  std::string_view text_;
  std::string source_;
  std::size_t position_ = 0;
  std::size_t counted_ = 0;  // bytes that line_ is the count of
  long line_ = 1;

  long line_at(std::size_t position);
  friend class JsonHandler;
};

}  // namespace isoflop
