// SPDX-License-Identifier: Apache-2.0
#include "core/runs/json_value.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/runs/utf8.h"

namespace isoflop {
namespace {

constexpr std::size_t kDeepest = 200;
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseStopWhenDoneFlag |
                            rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseNanAndInfFlag;

JsonValue number_value(std::string_view digits) {
  JsonValue value;
  if (digits == "NaN" || digits == "-NaN") return value;
  const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value.number);
  const bool whole = status == std::errc() && stop == digits.data() + digits.size() && std::isfinite(value.number);
  value.kind = whole ? JsonValue::Kind::kNumber : JsonValue::Kind::kBeyond;
  value.text = whole ? std::string_view() : digits;
  return value;
}

}  // namespace

// Builds the value from the events of the parser, whose own stack this mirrors.
class JsonHandler {
 public:
  JsonHandler(JsonReader& reader, const rapidjson::MemoryStream& stream, std::size_t offset)
      : reader_(reader), stream_(stream), offset_(offset) {}

  bool Null() { return put({}); }
  bool Bool(bool truth) { return put_text(truth ? "true" : "false"); }
  bool RawNumber(const char* digits, rapidjson::SizeType size, bool) { return put(number_value({digits, size})); }
  bool String(const char* text, rapidjson::SizeType size, bool) { return put_text({text, size}); }
  // With numbers as strings, these come for NaN and infinities alone.
  bool Double(double number) { return put(number_value(std::isnan(number) ? "NaN" : number < 0 ? "-inf" : "inf")); }
  bool Int(int number) { return Double(number); }
  bool Uint(unsigned number) { return Double(number); }
  bool Int64(std::int64_t number) { return Double(static_cast<double>(number)); }
  bool Uint64(std::uint64_t number) { return Double(static_cast<double>(number)); }

  bool StartObject() { return open(JsonValue::Kind::kObject); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    keys_.back().assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(JsonValue::Kind::kList); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  bool too_deep() const { return open_.size() >= kDeepest; }
  JsonValue take() { return std::move(root_); }

 private:
  bool put_text(std::string_view text) {
    JsonValue value;
    value.kind = JsonValue::Kind::kText;
    value.text = text;
    return put(std::move(value));
  }

  bool put(JsonValue value) {
    if (value.line == 0) value.line = line();
    if (open_.empty())
      root_ = std::move(value);
    else if (open_.back().kind == JsonValue::Kind::kList)
      open_.back().items.push_back(std::move(value));
    else
      open_.back().members.emplace_back(std::move(keys_.back()), std::move(value));
    return true;
  }

  bool open(JsonValue::Kind kind) {
    if (too_deep()) return false;
    JsonValue value;
    value.kind = kind;
    value.line = line();
    open_.push_back(std::move(value));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return put(std::move(value));
  }

  long line() { return reader_.line_at(offset_ + std::max(stream_.Tell(), std::size_t{1}) - 1); }

  JsonReader& reader_;
  const rapidjson::MemoryStream& stream_;
  std::size_t offset_;
  std::vector<JsonValue> open_;
  std::vector<std::string> keys_;
  JsonValue root_;
};

JsonReader::JsonReader(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {}

long JsonReader::line_at(std::size_t position) {
  if (position < counted_) return line_;
  line_ += std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                      text_.begin() + static_cast<std::ptrdiff_t>(position), '\n');
  counted_ = position;
  return line_;
}

bool JsonReader::at_end() {
  position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size());
  return position_ == text_.size();
}

Result<JsonValue> JsonReader::next() {
  const std::size_t offset = position_;
  rapidjson::MemoryStream stream(text_.data() + offset, text_.size() - offset);
  JsonHandler handler(*this, stream, offset);
  rapidjson::Reader parser;
  const rapidjson::ParseResult parsed = parser.Parse<kFlags>(stream, handler);
  position_ = offset + stream.Tell();
  if (!parsed.IsError()) return handler.take();
  position_ = std::min(offset + parsed.Offset(), text_.size());
  const std::size_t newline = text_.substr(0, position_).rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  Where where{.file = source_,
              .line = line_at(position_),
              .column = count_characters(text_.substr(start, position_ - start)) + 1,
              .parameter = {}};
  const std::string message =
      handler.too_deep()          ? "lists and objects lie more than " + std::to_string(kDeepest) + " deep here"
      : position_ == text_.size() ? "the JSON text ends in the middle of a value (was the file cut off?)"
                                  : std::string("this is not JSON: ") + rapidjson::GetParseError_En(parsed.Code());
  return Error{ErrorCode::kParse, message, std::move(where)};
}

bool JsonReader::skip_line() {
  const std::size_t end = text_.find('\n', position_);
  position_ = end == std::string_view::npos ? text_.size() : end + 1;
  return position_ < text_.size();
}

}  // namespace isoflop
