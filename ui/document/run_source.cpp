// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/run_source.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/runs/read_table.h"

namespace isoflop::ui {
namespace {

using Kind = RowRule::Kind;

void apply(RunTable& table, RowRule& rule) {
  rule.error.clear();
  const std::size_t before = table.used();
  switch (rule.kind) {
    case Kind::kExcludeWhere:
      if (const auto excluded = exclude_where(table, rule.condition, rule.reason); !excluded.ok()) {
        rule.error = excluded.error().message;
      }
      break;
    case Kind::kExcludeRows:
      exclude_rows(table, rule.rows, rule.reason);
      break;
    case Kind::kIncludeRows:
      include_rows(table, rule.rows);
      break;
  }
  const std::size_t after = table.used();
  rule.changed = before > after ? before - after : after - before;
}

std::vector<std::size_t> sorted(std::span<const std::size_t> rows) {
  std::vector<std::size_t> result(rows.begin(), rows.end());
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

// The rules with `rows` (increasing) out of every list by hand of the kind given, and lists left empty gone.
std::vector<RowRule> without_rows(std::vector<RowRule> rules, std::span<const std::size_t> rows, Kind kind) {
  for (RowRule& rule : rules) {
    if (rule.kind != kind) continue;
    std::erase_if(rule.rows, [&](std::size_t row) { return std::binary_search(rows.begin(), rows.end(), row); });
  }
  std::erase_if(rules, [](const RowRule& rule) { return rule.kind != Kind::kExcludeWhere && rule.rows.empty(); });
  return rules;
}

// Those of `rows` that are in the state given once the rules have been applied.
std::vector<std::size_t> rows_in(RunSource source, std::vector<RowRule> rules, std::span<const std::size_t> rows,
                                 RowState state) {
  source.rules = std::move(rules);
  rebuild(source);
  std::vector<std::size_t> found;
  if (source.runs == nullptr) return found;
  for (const std::size_t row : rows) {
    if (row < source.runs->rows() && source.runs->state[row] == state) found.push_back(row);
  }
  return found;
}

// Simulated runs have a description beside them (runs.csv, runs.json), which must show: nobody trained them.
void describe_simulated(RunSource& source) {
  const auto bytes = read_file(std::filesystem::path(source.path).replace_extension(".json"));
  if (!bytes.ok()) return;
  const QJsonObject described = QJsonDocument::fromJson(QByteArray::fromStdString(*bytes)).object();
  if (!described[QStringLiteral("simulated")].toBool()) return;
  source.title = described[QStringLiteral("title")].toString(QString::fromStdString(source.title)).toStdString();
  source.origin = described[QStringLiteral("summary")].toString().toStdString();
}

}  // namespace

Result<RunSource> read_source(const std::filesystem::path& path, const Mapping& mapping) {
  Result<RunTable> table = read_table(path);
  if (!table.ok()) return table.error();
  RunSource source;
  source.path = path;
  source.title = path.stem().string();
  describe_simulated(source);
  source.file = std::make_shared<const RunTable>(std::move(*table));
  source.mapping = mapping;
  for (auto& [condition, reason] : source.mapping.exclude) {
    source.rules.push_back({.kind = Kind::kExcludeWhere, .condition = condition, .rows = {}, .reason = reason});
  }
  source.mapping.exclude.clear();
  rebuild(source);
  return source;
}

void rebuild(RunSource& source) {
  RunTable table = *source.file;
  source.error.reset();
  source.runs.reset();
  if (const Status mapped = apply_mapping(table, source.mapping); !mapped.ok()) {
    source.error = mapped.error();
    return;
  }
  for (RowRule& rule : source.rules) apply(table, rule);
  source.runs = std::make_shared<const RunTable>(std::move(table));
}

std::vector<std::string> missing_roles(const RunTable& table) {
  std::vector<std::string> missing;
  std::vector<std::string> sizes;
  for (const char* role : {"params", "tokens", "flops"}) {
    if (table.numbers(role).empty()) sizes.emplace_back(role);
  }
  if (sizes.size() > 1) missing = sizes;
  if (table.numbers("loss").empty()) missing.emplace_back("loss");
  return missing;
}

std::vector<RowRule> with_excluded(const RunSource& source, std::span<const std::size_t> wanted,
                                   std::string_view reason) {
  const std::vector<std::size_t> rows = sorted(wanted);
  std::vector<RowRule> rules = without_rows(source.rules, rows, Kind::kIncludeRows);
  std::vector<std::size_t> still_used = rows_in(source, rules, rows, RowState::kUsed);
  if (still_used.empty()) return rules;
  // Exclusions by hand for one reason are one list.
  const auto same = std::find_if(rules.begin(), rules.end(), [&](const RowRule& rule) {
    return rule.kind == Kind::kExcludeRows && rule.reason == reason;
  });
  if (same != rules.end() && same + 1 == rules.end()) {
    same->rows.insert(same->rows.end(), still_used.begin(), still_used.end());
    std::sort(same->rows.begin(), same->rows.end());
  } else {
    rules.push_back(
        {.kind = Kind::kExcludeRows, .condition = {}, .rows = std::move(still_used), .reason = std::string(reason)});
  }
  return rules;
}

std::vector<RowRule> with_included(const RunSource& source, std::span<const std::size_t> wanted) {
  const std::vector<std::size_t> rows = sorted(wanted);
  std::vector<RowRule> rules = without_rows(source.rules, rows, Kind::kExcludeRows);
  std::vector<std::size_t> still_out = rows_in(source, rules, rows, RowState::kExcluded);
  if (!still_out.empty()) {
    rules.push_back({.kind = Kind::kIncludeRows, .condition = {}, .rows = std::move(still_out), .reason = {}});
  }
  return rules;
}

}  // namespace isoflop::ui
