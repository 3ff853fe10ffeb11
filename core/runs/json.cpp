// SPDX-License-Identifier: Apache-2.0
#include "core/runs/json.h"

#include <algorithm>
#include <optional>

#include "core/base/hash.h"
#include "core/runs/json_value.h"
#include "core/runs/table_builder.h"
#include "core/runs/utf8.h"

namespace isoflop {
namespace {

using Kind = JsonValue::Kind;

constexpr std::size_t kMostColumns = 1 << 16;
constexpr std::size_t kMostProblems = 1000;

bool is_plain(const JsonValue& value) {
  return value.kind != Kind::kList && value.kind != Kind::kObject;
}

bool all_objects(const std::vector<JsonValue>& items) {
  return !items.empty() &&
         std::all_of(items.begin(), items.end(), [](const JsonValue& item) { return item.kind == Kind::kObject; });
}

const JsonValue* member(const JsonValue& object, std::string_view name) {
  for (const auto& [key, value] : object.members)
    if (key == name) return &value;
  return nullptr;
}

class JsonTable {
 public:
  explicit JsonTable(std::string source) { table_.source = std::move(source); }

  void add_run(const JsonValue& object) {
    rows_.begin_row(object.line);
    add_members(object, "");
  }

  void note(long line, std::string message, std::string parameter = {}) {
    if (++noted_ > kMostProblems) return;
    table_.problems.push_back(
        {Where{.file = table_.source, .line = line, .column = 0, .parameter = std::move(parameter)}, std::move(message),
         -1});
  }

  // The only value of the text, in whichever shape it holds runs.
  Status add_document(const JsonValue& root) {
    if (root.kind == Kind::kList) return add_list(root);
    if (add_split(root) || add_columns(root)) return Done{};
    const JsonValue* longest = nullptr;
    std::string name;
    for (const auto& [key, value] : root.members) {
      if (value.kind != Kind::kList || !all_objects(value.items)) continue;
      if (longest != nullptr && value.items.size() <= longest->items.size()) continue;
      longest = &value;
      name = key;
    }
    if (longest == nullptr) {
      add_run(root);
      return Done{};
    }
    note(longest->line, "the runs are the list under " + quoted_excerpt(name) + "; the rest of the file is left out",
         name);
    return add_list(*longest);
  }

  Result<RunTable> finish(std::string_view bytes) && {
    if (rows_.rows() == 0)
      return fail(1, "the file holds no runs; it needs a list of objects, an object for each line, or lists by name");
    if (rows_.names().empty()) return fail(1, "the runs of the file have no values");
    if (rows_.names().size() > kMostColumns)
      return fail(1, "the runs have more than " + std::to_string(kMostColumns) + " different names of values");
    if (noted_ > kMostProblems)
      table_.problems.push_back({Where{.file = table_.source, .line = 0, .column = 0, .parameter = {}},
                                 std::to_string(noted_ - kMostProblems) + " more such places", -1});
    std::move(rows_).finish(table_);
    table_.content_hash = content_hash(bytes);
    return std::move(table_);
  }

 private:
  Error fail(long line, std::string message) const {
    return Error{ErrorCode::kParse, std::move(message),
                 Where{.file = table_.source, .line = line, .column = 0, .parameter = {}}};
  }

  Status add_list(const JsonValue& list) {
    for (const JsonValue& item : list.items) {
      if (item.kind == Kind::kObject)
        add_run(item);
      else
        note(item.line, "this entry of the list is not an object with the values of a run; it is left out");
    }
    return Done{};
  }

  // {"columns": ["N", ...], "data": [[1, ...], ...]}
  bool add_split(const JsonValue& root) {
    const JsonValue* names = member(root, "columns");
    const JsonValue* data = member(root, "data");
    if (names == nullptr || data == nullptr || names->kind != Kind::kList || data->kind != Kind::kList) return false;
    for (const JsonValue& row : data->items) {
      if (row.kind != Kind::kList) return false;
      rows_.begin_row(row.line);
      for (std::size_t c = 0; c < std::min(row.items.size(), names->items.size()); ++c)
        add_value(names->items[c].text.empty() ? "column " + std::to_string(c + 1) : names->items[c].text,
                  row.items[c]);
      if (row.items.size() != names->items.size())
        note(row.line, "the record has " + std::to_string(row.items.size()) + " values for " +
                           std::to_string(names->items.size()) + " columns");
    }
    return true;
  }

  // {"N": [1, 2], ...} or {"N": {"0": 1, "1": 2}, ...}: all members have the same number of plain values.
  bool add_columns(const JsonValue& root) {
    if (root.members.empty()) return false;
    std::optional<std::size_t> size;
    for (const auto& [key, value] : root.members) {
      const bool list = value.kind == Kind::kList && !value.items.empty() &&
                        std::all_of(value.items.begin(), value.items.end(), is_plain);
      const bool by_row =
          value.kind == Kind::kObject && !value.members.empty() &&
          std::all_of(value.members.begin(), value.members.end(), [](const auto& entry) {
            return is_plain(entry.second) && entry.first.find_first_not_of("0123456789") == std::string::npos;
          });
      if (!list && !by_row) return false;
      const std::size_t count = list ? value.items.size() : value.members.size();
      if (size && *size != count) return false;
      size = count;
    }
    for (std::size_t row = 0; row < *size; ++row) {
      for (const auto& [key, value] : root.members) {
        const JsonValue& cell = value.kind == Kind::kList ? value.items[row] : value.members[row].second;
        if (&value == &root.members.front().second) rows_.begin_row(cell.line);
        add_value(key, cell);
      }
    }
    return true;
  }

  void add_members(const JsonValue& object, const std::string& prefix) {
    for (const auto& [key, value] : object.members) {
      const std::string name = prefix.empty() ? key : prefix + "." + key;
      if (value.kind == Kind::kObject)
        add_members(value, name);
      else
        add_value(name, value);
    }
  }

  void add_value(const std::string& name, const JsonValue& value) {
    bool again = false;
    switch (value.kind) {
      case Kind::kNumber:
        again = rows_.add_number(name, value.number);
        break;
      case Kind::kText:
        again = rows_.add_text(name, value.text);
        break;
      case Kind::kNull:
        rows_.add_missing(name);
        break;
      case Kind::kBeyond:
        rows_.add_missing(name);
        note(value.line,
             quoted_excerpt(value.text) + " in column " + quoted_excerpt(name) +
                 " is not a finite number; the cell counts as missing",
             name);
        break;
      case Kind::kList:
      case Kind::kObject:
        note(value.line, "a list under " + quoted_excerpt(name) + " is not one value of a run; it is left out", name);
        break;
    }
    if (again) note(value.line, "the run has " + quoted_excerpt(name) + " twice; the second counts", name);
  }

  RunTable table_;
  TableBuilder rows_;
  std::size_t noted_ = 0;
};

}  // namespace

bool looks_like_json(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Result<RunTable> parse_json(std::string_view text, std::string source) {
  const std::string_view bytes = text;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  JsonReader reader(text, source);
  JsonTable table(source);
  if (reader.at_end()) return std::move(table).finish(bytes);
  Result<JsonValue> first = reader.next();
  if (first.ok() && reader.at_end()) {
    if (is_plain(*first))
      return Error{ErrorCode::kParse, "the file holds one value and no runs",
                   Where{.file = std::move(source), .line = 1, .column = 1, .parameter = {}}};
    if (const Status added = table.add_document(*first); !added.ok()) return added.error();
    return std::move(table).finish(bytes);
  }
  // JSON lines. A first line that cannot be read is not one of several: the file is not JSON.
  if (!first.ok()) return first.error();
  for (Result<JsonValue> value = std::move(first);; value = reader.next()) {
    if (!value.ok()) {
      table.note(value.error().where.line, value.error().message + "; the line is left out");
      if (!reader.skip_line()) break;
    } else if (value->kind == Kind::kObject) {
      table.add_run(*value);
    } else {
      table.note(value->line, "this line is not an object with the values of a run; it is left out");
    }
    if (reader.at_end()) break;
  }
  return std::move(table).finish(bytes);
}

}  // namespace isoflop
