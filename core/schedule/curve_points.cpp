// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/curve_points.h"

#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

// A rate of 0 has no logarithm; whatever is below this acts the same, since (C eta^-gamma S + 1)^-beta is then 0.
const double kLeastLogRate = std::log(1e-30);

}  // namespace

RateHistory::RateHistory(std::span<const double> rates)
    : rates_(rates.begin(), rates.end()),
      area_(rates.size() + 1, 0.0),
      sum_fall_{0},
      sum_log_rate_{0},
      sum_area_before_{0} {
  double before = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    area_[i + 1] = area_[i] + rates[i];
    peak_ = std::max(peak_, rates[i]);
    const double fall = before - rates[i];
    before = rates[i];
    if (fall == 0) continue;
    const bool continues = !changed_.empty() && (fall > 0) == (sum_fall_.back() > sum_fall_[sum_fall_.size() - 2]);
    same_sign_from_.push_back(continues ? same_sign_from_.back() : changed_.size());
    changed_.push_back(static_cast<long>(i) + 1);
    log_rate_.push_back(std::max(kLeastLogRate, std::log(rates[i])));
    sum_fall_.push_back(sum_fall_.back() + fall);
    sum_log_rate_.push_back(sum_log_rate_.back() + fall * log_rate_.back());
    sum_area_before_.push_back(sum_area_before_.back() + fall * area_[i]);
  }
}

std::vector<RateChange> RateHistory::changes(long step, double resolution) const {
  std::vector<RateChange> changes;
  const double now = area(step);
  // Exclusive end of the changes that are still to be taken, from the last one backwards.
  auto end = static_cast<std::size_t>(std::ranges::upper_bound(changed_, step) - changed_.begin());
  while (end > 0) {
    const std::size_t last = end - 1;
    const double since = now - area_[static_cast<std::size_t>(changed_[last] - 1)];
    // Within a stretch of one sign both areas and rates are monotone, so that the group's first change can be bisected.
    std::size_t low = same_sign_from_[last], high = last;
    const auto together = [&](std::size_t first) {
      const double area = now - area_[static_cast<std::size_t>(changed_[first] - 1)];
      return area - since <= resolution * since && std::abs(log_rate_[first] - log_rate_[last]) <= resolution;
    };
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (together(middle))
        high = middle;
      else
        low = middle + 1;
    }
    RateChange change;
    if (high == last) {
      change = {.fall = sum_fall_[end] - sum_fall_[last], .log_rate = log_rate_[last], .area = since};
    } else {
      change.fall = sum_fall_[end] - sum_fall_[high];
      change.log_rate = (sum_log_rate_[end] - sum_log_rate_[high]) / change.fall;
      change.area = now - (sum_area_before_[end] - sum_area_before_[high]) / change.fall;
    }
    changes.push_back(change);
    end = high;
  }
  return changes;
}

std::vector<double> RateHistory::annealing_area(double lambda) const {
  std::vector<double> sums(rates_.size());
  double momentum = 0, sum = 0;
  bool rising = true;
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    const double fall = (i == 0 ? 0 : rates_[i - 1]) - rates_[i];
    rising = rising && fall <= 0;
    momentum = lambda * momentum + (rising ? 0 : fall);
    sums[i] = sum += momentum;
  }
  return sums;
}

}  // namespace isoflop
