// SPDX-License-Identifier: Apache-2.0
#include "core/runs/read_table.h"

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/runs/csv.h"
#include "core/runs/decompress.h"
#include "core/runs/json.h"

namespace isoflop {

Result<RunTable> read_table(const std::filesystem::path& path) {
  const Result<std::string> bytes = read_file(path);
  if (!bytes.ok()) return bytes.error();
  const auto plain = decompress(*bytes, path.string());
  if (!plain.ok()) return plain.error();
  const std::string& text = plain->has_value() ? (*plain)->text : *bytes;
  Result<RunTable> table = looks_like_json(text) ? parse_json(text, path.string()) : parse_csv(text, {}, path.string());
  if (!table.ok() || !plain->has_value()) return table;
  table->content_hash = content_hash(*bytes);
  if ((*plain)->cut)
    table->problems.push_back(
        {Where{.file = path.string(), .line = 0, .column = 0, .parameter = {}}, *(*plain)->cut, -1});
  return table;
}

}  // namespace isoflop
