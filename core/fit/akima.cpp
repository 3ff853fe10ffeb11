// SPDX-License-Identifier: Apache-2.0
#include "core/fit/akima.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace isoflop {
namespace {

// Below this share of the largest, the secants about a point are equal for all that rounding leaves of them, and
// Akima's quotient would be 0 / 0.
constexpr double kEqualSecants = 1e-9;

}  // namespace

Akima::Akima(std::span<const double> x, std::span<const double> y, AkimaWeights weights)
    : x_(x.begin(), x.end()), y_(y.begin(), y.end()), slope_(x.size()) {
  const std::size_t n = x_.size();
  if (n == 2) {
    slope_[0] = slope_[1] = (y_[1] - y_[0]) / (x_[1] - x_[0]);
    return;
  }
  // Secants m[i + 2] = (y[i + 1] - y[i]) / (x[i + 1] - x[i]), with two more on either side on a parabola through the
  // end.
  std::vector<double> m(n + 3);
  for (std::size_t i = 0; i + 1 < n; ++i) m[i + 2] = (y_[i + 1] - y_[i]) / (x_[i + 1] - x_[i]);
  m[1] = 2 * m[2] - m[3];
  m[0] = 2 * m[1] - m[2];
  m[n + 1] = 2 * m[n] - m[n - 1];
  m[n + 2] = 2 * m[n + 1] - m[n];

  std::vector<double> left(n), right(n);  // weights of the secants to the left and right of each point
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    left[i] = std::abs(m[i + 3] - m[i + 2]);
    right[i] = std::abs(m[i + 1] - m[i]);
    if (weights == AkimaWeights::kModified) {
      left[i] += std::abs(m[i + 3] + m[i + 2]) / 2;
      right[i] += std::abs(m[i + 1] + m[i]) / 2;
    }
    largest = std::max(largest, left[i] + right[i]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double sum = left[i] + right[i];
    slope_[i] =
        sum > kEqualSecants * largest ? (left[i] * m[i + 1] + right[i] * m[i + 2]) / sum : (m[i + 1] + m[i + 2]) / 2;
  }
}

double Akima::piece(std::size_t i, double x) const {
  const double h = x_[i + 1] - x_[i], t = x - x_[i], secant = (y_[i + 1] - y_[i]) / h;
  const double c = (3 * secant - 2 * slope_[i] - slope_[i + 1]) / h;
  const double d = (slope_[i] + slope_[i + 1] - 2 * secant) / (h * h);
  return y_[i] + t * (slope_[i] + t * (c + t * d));
}

double Akima::operator()(double x) const {
  const auto above = std::upper_bound(x_.begin() + 1, x_.end() - 1, x);
  return piece(static_cast<std::size_t>(above - x_.begin()) - 1, x);
}

Akima::Point Akima::minimum() const {
  Point lowest{x_[0], y_[0]};
  const auto offer = [&](double x, double y) {
    if (y < lowest.y) lowest = {x, y};
  };
  for (std::size_t i = 0; i + 1 < x_.size(); ++i) {
    // Zeros of slope + 2 c t + 3 d t^2 within the piece, by the form that does not cancel.
    const double h = x_[i + 1] - x_[i], secant = (y_[i + 1] - y_[i]) / h;
    const double c = (3 * secant - 2 * slope_[i] - slope_[i + 1]) / h;
    const double d = (slope_[i] + slope_[i + 1] - 2 * secant) / (h * h);
    const double discriminant = c * c - 3 * d * slope_[i];
    if (discriminant >= 0) {
      const double q = -(c + std::copysign(std::sqrt(discriminant), c));
      for (const double t : std::array{q / (3 * d), slope_[i] / q})
        if (t > 0 && t < h) offer(x_[i] + t, piece(i, x_[i] + t));
    }
    offer(x_[i + 1], y_[i + 1]);
  }
  return lowest;
}

}  // namespace isoflop
