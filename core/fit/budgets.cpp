// SPDX-License-Identifier: Apache-2.0
#include "core/fit/budgets.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace isoflop {
namespace {

// Where runs lie between the budgets, gaps alone would chain everything into one. So a stretch without gaps that is
// wider than the tolerance gives up its fullest window of that width as a budget (the tightest of equals), then those
// to the left and right of it.
class Clustering {
 public:
  Clustering(std::span<const double> flops, double tolerance, std::size_t smallest)
      : order_(flops.size()), tolerance_(tolerance), smallest_(smallest) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return flops[a] < flops[b]; });
    for (const std::size_t i : order_) at_.push_back(std::log10(flops[i]));
  }

  BudgetGroups run() {
    for (std::size_t begin = 0, end = 0; begin < at_.size(); begin = end) {
      for (end = begin + 1; end < at_.size() && at_[end] - at_[end - 1] <= tolerance_; ++end) continue;
      if (at_[end - 1] - at_[begin] <= tolerance_)
        take(begin, end);
      else
        split(begin, end);
    }
    return std::move(budgets_);
  }

 private:
  void take(std::size_t begin, std::size_t end) {
    auto& runs = budgets_.runs.emplace_back(order_.begin() + static_cast<std::ptrdiff_t>(begin),
                                            order_.begin() + static_cast<std::ptrdiff_t>(end));
    std::sort(runs.begin(), runs.end());
  }

  void split(std::size_t begin, std::size_t end) {
    std::size_t first = begin, last = begin;  // of the fullest window
    for (std::size_t low = begin, high = begin; low < end; ++low) {
      while (high < end && at_[high] - at_[low] <= tolerance_) ++high;
      const bool fuller = high - low > last - first;
      const bool tighter = high - low == last - first && at_[high - 1] - at_[low] < at_[last - 1] - at_[first];
      if (fuller || tighter) {
        first = low;
        last = high;
      }
    }
    if (last - first < smallest_) {
      for (std::size_t i = begin; i < end; ++i) budgets_.between.push_back(order_[i]);
      return;
    }
    if (begin < first) split(begin, first);
    take(first, last);
    if (last < end) split(last, end);
  }

  std::vector<std::size_t> order_;
  std::vector<double> at_;  // log10 C in that order
  double tolerance_;
  std::size_t smallest_;
  BudgetGroups budgets_;
};

}  // namespace

BudgetGroups group_budgets(std::span<const double> flops, double tolerance, std::size_t smallest) {
  return Clustering(flops, tolerance, smallest).run();
}

}  // namespace isoflop
