// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interval_options.h"

#include <cmath>

#include "app/cli/command.h"

namespace isoflop::cli {
namespace {

// The numbers of rows of equal length under each other; empty where the rows are not what they should be.
std::vector<double> read_rows(const nlohmann::json& rows, std::size_t width) {
  std::vector<double> values;
  if (!rows.is_array()) return {};
  for (const auto& row : rows) {
    if (!row.is_array() || row.size() != width) return {};
    for (const auto& number : row) {
      if (!number.is_number()) return {};
      values.push_back(number.get<double>());
    }
  }
  return values;
}

}  // namespace

IntervalMethod interval_method(const std::string& name, IntervalMethod otherwise) {
  if (name.empty()) return otherwise;
  if (name == "bootstrap") return IntervalMethod::kBootstrap;
  if (name == "delta") return IntervalMethod::kDelta;
  throw UsageError("--interval is bootstrap or delta, not \"" + name + "\"");
}

const char* interval_method_name(IntervalMethod method) {
  switch (method) {
    case IntervalMethod::kNone:
      return "none";
    case IntervalMethod::kBootstrap:
      return "bootstrap";
    case IntervalMethod::kDelta:
      return "delta";
  }
  return "";
}

std::optional<Interval> FitScatter::interval(const Quantity& quantity, IntervalMethod method) const {
  if (method == IntervalMethod::kBootstrap && resamples) {
    std::vector<double> sample;
    for (int i = 0; i < resamples->resamples(); ++i) sample.push_back(quantity.value(resamples->sample(i)));
    return percentile_interval(std::move(sample));
  }
  if (method == IntervalMethod::kDelta) {
    const FirstOrder found = delta_method(quantity, scatter);
    if (std::isfinite(found.standard_error)) return found.interval;
  }
  return std::nullopt;
}

nlohmann::ordered_json covariance_json(const Scatter& scatter) {
  const std::size_t p = scatter.theta.size();
  if (scatter.covariance.size() != p * p) return nullptr;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (std::size_t j = 0; j < p; ++j)
    rows.push_back(std::vector<double>(scatter.covariance.begin() + static_cast<std::ptrdiff_t>(j * p),
                                       scatter.covariance.begin() + static_cast<std::ptrdiff_t>((j + 1) * p)));
  return rows;
}

nlohmann::ordered_json resamples_json(const Bootstrap& resamples) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (int i = 0; i < resamples.resamples(); ++i)
    rows.push_back(std::vector<double>(resamples.sample(i).begin(), resamples.sample(i).end()));
  return rows;
}

FitScatter read_scatter(const nlohmann::json& fit, const Law& law, const std::vector<double>& theta) {
  FitScatter read{.scatter = {.theta = theta}, .resamples = nullptr};
  const std::size_t p = law.parameters.size();
  if (fit.contains("covariance")) read.scatter.covariance = read_rows(fit["covariance"], p);
  if (fit.contains("degrees_of_freedom") && fit["degrees_of_freedom"].is_number())
    read.scatter.freedom = fit["degrees_of_freedom"].get<double>();
  if (fit.contains("resamples")) {
    auto resamples = std::make_shared<Bootstrap>();
    resamples->theta = read_rows(fit["resamples"], p);
    resamples->parameters = static_cast<int>(p);
    if (!resamples->theta.empty()) read.resamples = std::move(resamples);
  }
  return read;
}

}  // namespace isoflop::cli
