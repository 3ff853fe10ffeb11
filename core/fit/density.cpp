// SPDX-License-Identifier: Apache-2.0
#include "core/fit/density.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLargestParams = 1e30;

}  // namespace

Result<double> effective_params(const Chain& chain, const ChainTheta& theta, double score,
                                std::map<std::string, double> at) {
  if (chain.first->find_role("params") == nullptr)
    return invalid_argument(chain.first->title + " has no parameters among its variables: no size has its score");
  const auto above = [&](double log_params) -> Result<double> {
    at["params"] = std::exp(log_params);
    const auto value = predict_chain(chain, theta, at);
    if (!value) return value.error();
    return value->score - score;
  };
  double low = 0, high = std::log(kLargestParams);
  const auto at_low = above(low), at_high = above(high);
  if (!at_low) return at_low.error();
  if (!at_high) return at_high.error();
  if (!(*at_low * *at_high < 0)) return kNaN;
  for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
    const double middle = 0.5 * (low + high);
    const auto value = above(middle);
    if (!value) return value.error();
    if (std::isnan(*value)) return kNaN;
    ((*value < 0) == (*at_low < 0) ? low : high) = middle;
  }
  return std::exp(0.5 * (low + high));
}

Result<Density> density_of(const ChainFit& fit, double params, double score, const std::map<std::string, double>& at) {
  const auto size = effective_params(fit.chain, fit.estimate(), score, at);
  if (!size) return size.error();
  Density density{.effective_params = *size, .density = *size / params, .sample = {}};
  for (const ChainTheta& theta : fit.resamples) {
    const auto other = effective_params(fit.chain, theta, score, at);
    if (!other) return other.error();
    density.sample.push_back(*other / params);
  }
  return density;
}

Result<DensityTrend> density_trend(std::span<const double> days, std::span<const double> densities) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < days.size(); ++i)
    if (std::isfinite(days[i]) && std::isfinite(densities[i]) && densities[i] > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return days[a] != days[b] ? days[a] < days[b] : densities[a] > densities[b];
  });
  DensityTrend trend;
  for (const std::size_t i : order)
    if (trend.records.empty() || densities[i] > densities[trend.records.back()]) trend.records.push_back(i);
  const auto n = static_cast<double>(trend.records.size());
  if (n < 2) return invalid_argument("a trend needs two models on two days, each denser than all before it");

  double mean_day = 0, mean_log = 0, squares = 0, products = 0, residual = 0;
  for (const std::size_t i : trend.records) {
    mean_day += days[i] / n;
    mean_log += std::log(densities[i]) / n;
  }
  for (const std::size_t i : trend.records) {
    squares += std::pow(days[i] - mean_day, 2);
    products += (days[i] - mean_day) * (std::log(densities[i]) - mean_log);
  }
  trend.rate = products / squares;
  trend.offset = mean_log - trend.rate * mean_day;
  for (const std::size_t i : trend.records)
    residual += std::pow(std::log(densities[i]) - trend.rate * days[i] - trend.offset, 2);
  trend.rate_error = n > 2 ? std::sqrt(residual / (n - 2) / squares) : kNaN;
  trend.doubling_days = std::log(2.0) / trend.rate;
  return trend;
}

}  // namespace isoflop
