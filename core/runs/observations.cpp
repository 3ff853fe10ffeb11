// SPDX-License-Identifier: Apache-2.0
#include "core/runs/observations.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/quantity.h"
#include "core/runs/table_text.h"

namespace isoflop {
namespace {

Error no_column(const RunTable& table, const std::string& name) {
  return not_found("the runs have no column \"" + name + "\"; they have " + column_list(table.columns) +
                       ". Map one to it or derive it",
                   name);
}

Result<std::span<const double>> values_of(const RunTable& table, const std::string& name) {
  const Column* column = table.find(name);
  if (column == nullptr) return no_column(table, name);
  if (!column->numeric())
    return invalid_argument("column \"" + column->name + "\" holds text; a fit needs numbers", name);
  return std::span<const double>(std::get<std::vector<double>>(column->values));
}

// Numbers keys in order of appearance; those without a key get a number of their own.
template <class Key>
class Numbering {
 public:
  std::size_t of(const Key& key) {
    const auto [entry, fresh] = numbers_.try_emplace(key, next_);
    if (fresh) ++next_;
    return entry->second;
  }
  std::size_t fresh() { return next_++; }

 private:
  std::unordered_map<Key, std::size_t> numbers_;
  std::size_t next_ = 0;
};

std::vector<std::size_t> clusters_of(const Column& column, const std::vector<std::size_t>& rows) {
  std::vector<std::size_t> clusters;
  if (column.numeric()) {
    const auto& values = std::get<std::vector<double>>(column.values);
    Numbering<double> numbering;
    for (const std::size_t row : rows)
      clusters.push_back(std::isnan(values[row]) ? numbering.fresh() : numbering.of(values[row]));
  } else {
    const auto& values = std::get<std::vector<std::string>>(column.values);
    Numbering<std::string> numbering;
    for (const std::size_t row : rows)
      clusters.push_back(values[row].empty() ? numbering.fresh() : numbering.of(values[row]));
  }
  return clusters;
}

// Weights of the rows in use; NaN where missing. An empty name gives none.
Result<std::span<const double>> weights_of(const RunTable& table, const std::string& name) {
  if (name.empty()) return std::span<const double>();
  auto values = values_of(table, name);
  if (!values.ok()) return values;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double weight = (*values)[row];
    if (table.state[row] != RowState::kUsed || std::isnan(weight)) continue;
    if (!(weight > 0) || std::isinf(weight)) {
      const bool known = row < table.lines.size() && table.lines[row] > 0;
      return invalid_argument(
          "the weight \"" + name + "\" is " + format_exact(weight) + " in " +
              (known ? "line " + std::to_string(table.lines[row]) : "row " + std::to_string(row + 1)) +
              "; weights must be positive numbers: exclude the run instead",
          name);
    }
  }
  return values;
}

}  // namespace

std::size_t Observations::cluster_count() const {
  return clusters.empty() ? size() : *std::max_element(clusters.begin(), clusters.end()) + 1;
}

Result<Observations> observe(const RunTable& table, const std::vector<std::string>& names, const std::string& response,
                             const ObserveOptions& options) {
  std::vector<std::span<const double>> predictors;
  for (const std::string& name : names) {
    const auto values = values_of(table, name);
    if (!values.ok()) return values.error();
    predictors.push_back(*values);
  }
  const auto measured = values_of(table, response);
  if (!measured.ok()) return measured.error();
  const auto weights = weights_of(table, options.weight);
  if (!weights.ok()) return weights.error();
  const Column* cluster = options.cluster.empty() ? nullptr : table.find(options.cluster);
  if (cluster == nullptr && !options.cluster.empty()) return no_column(table, options.cluster);

  Observations observations{
      .names = names, .columns = std::vector<std::vector<double>>(names.size()), .data_hash = table.content_hash};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.state[row] != RowState::kUsed) continue;
    const bool complete = std::isfinite((*measured)[row]) && (weights->empty() || std::isfinite((*weights)[row])) &&
                          std::all_of(predictors.begin(), predictors.end(),
                                      [row](std::span<const double> values) { return std::isfinite(values[row]); });
    if (!complete) {
      ++observations.dropped;
      continue;
    }
    for (std::size_t c = 0; c < predictors.size(); ++c) observations.columns[c].push_back(predictors[c][row]);
    observations.response.push_back((*measured)[row]);
    if (!weights->empty()) observations.weights.push_back((*weights)[row]);
    observations.rows.push_back(row);
  }
  if (observations.rows.empty()) {
    return invalid_argument("no run is left to fit: of " + std::to_string(table.rows()) + " rows, " +
                            std::to_string(table.count(RowState::kExcluded)) + " are excluded, " +
                            std::to_string(table.count(RowState::kUnusable)) + " are unusable and " +
                            std::to_string(observations.dropped) + " lack one of the values");
  }
  if (cluster != nullptr) observations.clusters = clusters_of(*cluster, observations.rows);
  return observations;
}

Observations subset(const Observations& observations, std::span<const std::size_t> entries) {
  Observations chosen{.names = observations.names,
                      .columns = std::vector<std::vector<double>>(observations.columns.size()),
                      .response = {},
                      .rows = {},
                      .data_hash = observations.data_hash,
                      .dropped = observations.dropped};
  const auto take = [&](const auto& from, auto& to) {
    if (from.empty()) return;
    to.reserve(entries.size());
    for (const std::size_t i : entries) to.push_back(from[i]);
  };
  for (std::size_t c = 0; c < observations.columns.size(); ++c) take(observations.columns[c], chosen.columns[c]);
  take(observations.response, chosen.response);
  take(observations.rows, chosen.rows);
  take(observations.weights, chosen.weights);
  take(observations.clusters, chosen.clusters);
  Numbering<std::size_t> numbering;
  for (std::size_t& number : chosen.clusters) number = numbering.of(number);
  return chosen;
}

}  // namespace isoflop
