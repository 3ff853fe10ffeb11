// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace isoflop {

// Piecewise cubic interpolation with slopes from the neighbouring secants (Akima, A new method of interpolation and
// smooth curve fitting based on local procedures, J. ACM 17, 1970): local, and without the overshoot of a spline beside
// a jump. kModified weighs the secants as MATLAB's makima does, which keeps flat stretches flat and does not swing
// where the secants on one side are equal.
enum class AkimaWeights { kOriginal, kModified };

class Akima {
 public:
  // At least two points, x strictly increasing; two give a line.
  Akima(std::span<const double> x, std::span<const double> y, AkimaWeights weights = AkimaWeights::kOriginal);

  // The cubic of the first or last piece goes on outside.
  double operator()(double x) const;

  struct Point {
    double x = 0, y = 0;
  };
  // The lowest point between the first x and the last, both included, found exactly piece by piece; the leftmost of
  // equals.
  Point minimum() const;

  std::span<const double> x() const { return x_; }
  std::span<const double> slopes() const { return slope_; }  // at each x

 private:
  double piece(std::size_t i, double x) const;

  std::vector<double> x_, y_, slope_;
};

}  // namespace isoflop
