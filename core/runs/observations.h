// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/runs/run_table.h"

namespace isoflop {

// The arrays that a fit sees: one entry per run in use.
struct Observations {
  std::vector<std::string> names;            // role or column of each predictor
  std::vector<std::vector<double>> columns;  // one per name, each of size()
  std::vector<double> response;
  std::vector<std::size_t> rows;  // row of the table behind each entry
  std::string data_hash;          // RunTable::content_hash
  std::size_t dropped = 0;        // rows in use that lack one of the values, left out
  // Precision of each entry, > 0: its term of the objective is multiplied by it, and its noise has 1 / weight of the
  // variance. Empty: all 1. Only their ratios bear on intervals.
  std::vector<double> weights = {};
  // Number of each entry's cluster, from 0 without gaps: entries of one cluster (checkpoints of a run, seeds of a
  // configuration) share noise, so that they count as one draw. Empty: each entry is its own.
  std::vector<std::size_t> clusters = {};

  std::size_t size() const { return response.size(); }
  double weight(std::size_t i) const { return weights.empty() ? 1 : weights[i]; }
  std::size_t cluster(std::size_t i) const { return clusters.empty() ? i : clusters[i]; }
  std::size_t cluster_count() const;  // size() without clusters
};

struct ObserveOptions {
  std::string weight = {};  // column of weights; empty: all 1
  std::string cluster =
      {};  // column of numbers or text that names each run's cluster; a missing one is its own cluster
};

// Used rows of the table with finite values of all predictors, of the response and of the weight. Errors: kNotFound for
// a missing column (the sentence lists those that exist), kInvalidArgument for a text column, a weight that is not
// positive, or when no row is left.
Result<Observations> observe(const RunTable& table, const std::vector<std::string>& names,
                             const std::string& response = "loss", const ObserveOptions& options = {});

// The entries chosen, in the order given (one may come several times); clusters are numbered anew in order of
// appearance.
Observations subset(const Observations& observations, std::span<const std::size_t> entries);

}  // namespace isoflop
