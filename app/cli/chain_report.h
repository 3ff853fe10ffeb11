// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/fit/density.h"
#include "core/runs/run_table.h"

namespace isoflop::cli {

// A model whose density is asked for.
struct ModelRow {
  std::size_t row = 0;
  std::string name;  // of the first text column that is no date; may be empty
  double params = 0, score = 0;
  std::optional<double> days;  // column "days", or days since 1970 of the column "date" (2024-05-31)
  Density density = {};
};

// The used rows that have params and the score. Errors: kNotFound where a column is missing, kParse for a date that is
// none.
Result<std::vector<ModelRow>> read_models(const RunTable& table, const std::string& score);

// Everything that `chain` has found out, and what it rests on.
struct ChainReport {
  const RunTable* table = nullptr;
  const RunTable* second_table = nullptr;
  const Observations* first_runs = nullptr;
  const Observations* second_runs = nullptr;
  std::uint64_t seed = 0;
  ChainFit fit = {};
  std::map<std::string, double> at = {};
  std::optional<ChainValue> point = {};  // at `at`; absent where nothing was asked for
  std::vector<ChainValue> points = {};   // by resample

  std::map<std::string, double> reference = {};  // values of the reference models but for their size
  std::vector<ModelRow> models = {};
  std::optional<DensityTrend> trend = {};
  std::vector<double> trend_rates = {};  // by resample of the reference runs; not all have a trend
  std::string trend_refusal = {};
};

// Fills in point and points.
Status predict_at(ChainReport& report);

void print_chain_json(const ChainReport& report);
void print_chain_text(const ChainReport& report);

}  // namespace isoflop::cli
