// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace isoflop {

// A change of the learning rate, or several neighbouring ones taken together: its size (positive where the rate falls),
// log eta after it, and the area sum_{tau = k..t} eta_tau since.
struct RateChange {
  double fall = 0, log_rate = 0, area = 0;
};

// The rates of a run, prepared for sums over their changes up to any step. With eta_0 = 0 the warm-up is a change too.
class RateHistory {
 public:
  // rates[t - 1] is that of step t; all must be >= 0 and finite.
  explicit RateHistory(std::span<const double> rates);

  long steps() const { return static_cast<long>(area_.size()) - 1; }
  // sum_{tau = 1..t} eta_tau
  double area(long step) const { return area_[static_cast<std::size_t>(step)]; }
  // The largest rate.
  double peak() const { return peak_; }

  // The changes up to step t for a sum of g(log eta_k, S_k(t)) (eta_{k-1} - eta_k) over k = 1..t, where g varies with
  // the logarithms of both. Neighbours within `resolution` in either logarithm, which change the rate the same way, are
  // one at their weighted mean: the error of g is of second order in the resolution (1e-5 of the sum for 1/16), and a
  // sum over 72,000 steps of a cosine has some 250 terms, not 72,000.
  std::vector<RateChange> changes(long step, double resolution = 1.0 / 16) const;

  // S2 of annealing at every step: sum_{i <= s} m_i with m_i = lambda m_{i-1} + (eta_{i-1} - eta_i), from the step
  // after the leading rise on: the warm-up counts for nothing. result[t - 1].
  std::vector<double> annealing_area(double lambda) const;

 private:
  std::vector<double> rates_, area_;
  double peak_ = 0;
  // Per step with a change: the step, and running sums from the first on (one entry more).
  std::vector<long> changed_;
  std::vector<double> log_rate_, sum_fall_, sum_log_rate_, sum_area_before_;
  std::vector<std::size_t> same_sign_from_;  // first change of the stretch with the same sign
};

}  // namespace isoflop
