// SPDX-License-Identifier: Apache-2.0
#include "core/base/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace isoflop {
namespace {

// Regularised incomplete beta function by its continued fraction (modified Lentz), for x < (a + 1) / (a + b + 2).
double incomplete_beta(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  const auto away = [](double v) { return std::abs(v) < kTiny ? kTiny : v; };
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)) / a;
  double c = 1, d = 1 / away(1 - (a + b) * x / (a + 1)), sum = d;
  for (int m = 1; m < 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    sum *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const double change = d * c;
    sum *= change;
    if (std::abs(change - 1) < 1e-16) break;
  }
  return front * sum;
}

// P(T > t) for t >= 0.
double student_tail(double t, double freedom) {
  const double x = freedom / (freedom + t * t), a = 0.5 * freedom, b = 0.5;
  const double whole =
      x < (a + 1) / (a + b + 2) ? incomplete_beta(x, a, b) : 1 - incomplete_beta(t * t / (freedom + t * t), b, a);
  return 0.5 * whole;
}

// Where the falling function `tail` reaches p <= 1/2, by bisection from 0 up.
template <class Tail>
double where_tail_is(double p, const Tail& tail) {
  double low = 0, high = 1;
  while (tail(high) > p && high < 1e300) {
    low = high;
    high *= 2;
  }
  for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (tail(middle) > p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

double normal_quantile(double p) {
  if (!(p > 0 && p < 1)) return std::numeric_limits<double>::quiet_NaN();
  const double size = where_tail_is(std::min(p, 1 - p), [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); });
  return p < 0.5 ? -size : p > 0.5 ? size : 0;
}

double student_quantile(double p, double freedom) {
  if (!(p > 0 && p < 1) || !(freedom > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (std::isinf(freedom)) return normal_quantile(p);
  const double size = where_tail_is(std::min(p, 1 - p), [&](double t) { return student_tail(t, freedom); });
  return p < 0.5 ? -size : p > 0.5 ? size : 0;
}

double mean(std::span<const double> sample) {
  if (sample.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(sample.begin(), sample.end(), 0.0) / static_cast<double>(sample.size());
}

double standard_deviation(std::span<const double> sample) {
  if (sample.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double center = mean(sample);
  double sum = 0;
  for (const double x : sample) sum += (x - center) * (x - center);
  return std::sqrt(sum / static_cast<double>(sample.size() - 1));
}

double quantile(std::vector<double> sample, double p) {
  if (sample.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double position = p * static_cast<double>(sample.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto lower = sample.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(sample.begin(), lower, sample.end());
  const double low = *lower;
  if (below + 1 == sample.size()) return low;
  const double high = *std::min_element(lower + 1, sample.end());
  return low + (position - static_cast<double>(below)) * (high - low);
}

}  // namespace isoflop
