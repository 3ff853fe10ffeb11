// SPDX-License-Identifier: Apache-2.0
#include "app/cli/runs_options.h"

#include <fmt/format.h>

#include <iostream>
#include <map>
#include <tuple>

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/values.h"

namespace isoflop::cli {
namespace {

constexpr std::size_t kShownProblems = 10;

// Rows that are not used, by what keeps them out: in the order of the file.
struct Group {
  RowState state;
  std::string reason;
  std::vector<long> lines;
};

std::vector<Group> unused_rows(const RunTable& table) {
  std::vector<Group> groups;
  std::map<std::pair<char, std::string>, std::size_t> index;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.state[row] == RowState::kUsed) continue;
    const auto [entry, fresh] =
        index.try_emplace({static_cast<char>(table.state[row]), table.reason[row]}, groups.size());
    if (fresh) groups.push_back(Group{table.state[row], table.reason[row], {}});
    groups[entry->second].lines.push_back(table.lines[row]);
  }
  return groups;
}

std::string_view state_name(RowState state) {
  return state == RowState::kExcluded ? "excluded" : "unusable";
}

}  // namespace

void RunsOptions::add_to(CLI::App& app) {
  app.add_option("RUNS", path, "table of runs: CSV, JSON or JSON lines, plain or compressed")
      ->required()
      ->type_name("FILE");
  add_mapping_to(app);
}

void RunsOptions::add_mapping_to(CLI::App& app) {
  repeatable(app, "--map", map, "ROLE=COLUMN", "which column is params, tokens, flops, loss or unique_tokens");
  repeatable(app, "--derive", derive, "\"NAME = EXPR\"", "a new column, e.g. \"tokens = flops / (6 * params)\"");
  repeatable(app, "--count", count, "ROLE=WAY",
             "count anew from the architecture: params=total, non-embedding or with-last-layer; flops=6nd, attention, "
             "exact or non-embedding");
  repeatable(app, "--dimension", dimensions, "NAME=VALUE",
             "for --count: a number for all runs, or the column of layers, width, heads, vocabulary, context ...");
  repeatable(app, "--exclude", exclude, "CONDITION", "leave out the runs where it holds, e.g. \"loss > 5\"");
}

Mapping RunsOptions::mapping() const {
  Mapping mapping;
  for (const std::string& text : map) mapping.roles.push_back(split_assignment(text, "--map"));
  mapping.derive = derive;
  for (const std::string& text : count) {
    const auto [role, way] = split_assignment(text, "--count");
    if (role == "params") {
      const auto read = param_count_from_name(way);
      if (!read.ok()) throw UsageError("--count: " + read.error().message);
      mapping.recount.params = *read;
    } else if (role == "flops") {
      const auto read = flop_count_from_name(way);
      if (!read.ok()) throw UsageError("--count: " + read.error().message);
      mapping.recount.flops = *read;
    } else {
      throw UsageError("--count: what can be counted is params and flops, not " + role);
    }
  }
  for (const std::string& text : dimensions) mapping.recount.dimensions.insert(split_assignment(text, "--dimension"));
  for (const std::string& condition : exclude) mapping.exclude.emplace_back(condition, "");
  return mapping;
}

Result<RunTable> RunsOptions::load() const {
  return load_runs(path, mapping());
}

nlohmann::ordered_json runs_provenance(const RunTable& table) {
  nlohmann::ordered_json json;
  json["file"] = table.source;
  json["content_hash"] = table.content_hash;
  json["rows"] = {{"total", table.rows()},
                  {"used", table.used()},
                  {"excluded", table.count(RowState::kExcluded)},
                  {"unusable", table.count(RowState::kUnusable)}};
  json["exclusions"] = nlohmann::ordered_json::array();
  for (const Group& group : unused_rows(table))
    json["exclusions"].push_back({{"state", state_name(group.state)},
                                  {"reason", group.reason},
                                  {"rows", group.lines.size()},
                                  {"lines", group.lines}});
  json["mapping"] = nlohmann::ordered_json::object();
  json["derived"] = nlohmann::ordered_json::object();
  for (const Column& column : table.columns) {
    if (!column.derived.empty())
      json["derived"][column.role.empty() ? column.name : column.role] = column.derived;
    else if (!column.role.empty())
      json["mapping"][column.role] = column.name;
  }
  return json;
}

std::string describe_runs(const RunTable& table, std::size_t used) {
  std::string text = used == table.rows() ? fmt::format("{} runs of {}", used, table.source)
                                          : fmt::format("{} of {} runs of {}", used, table.rows(), table.source);
  std::string left_out;
  for (const Group& group : unused_rows(table))
    left_out += fmt::format("{}{} {}: {}", left_out.empty() ? "" : "; ", group.lines.size(), state_name(group.state),
                            group.reason);
  return left_out.empty() ? text : text + " (" + left_out + ")";
}

void report_problems(const RunTable& table) {
  for (std::size_t i = 0; i < std::min(table.problems.size(), kShownProblems); ++i) {
    Error note{.message = table.problems[i].message, .where = table.problems[i].where};
    if (note.where.file.empty()) note.where.file = table.source;
    std::cerr << "note: " << note.to_string() << "\n";
  }
  if (table.problems.size() > kShownProblems)
    std::cerr << "note: and " << table.problems.size() - kShownProblems
              << " more like these; import --json lists all\n";
}

}  // namespace isoflop::cli
