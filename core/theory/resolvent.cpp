// SPDX-License-Identifier: Apache-2.0
#include "core/theory/resolvent.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace isoflop {
namespace {

using Complex = std::complex<double>;

constexpr int kAlone = 256;      // latents that are groups of their own
constexpr double kRatio = 1.05;  // first of a group to first of the next, beyond
constexpr int kNodes = 20;       // of the contour: about 12 digits, before rounding takes some
constexpr int kBetween = 6;      // places between nodes, so that Newton follows one branch

// Integral of x^-p from a to b, p != 1.
double power_integral(double p, double a, double b) {
  return (std::pow(b, 1 - p) - std::pow(a, 1 - p)) / (1 - p);
}

// The contour for time t is S(theta) / t: its place and what the quadrature multiplies the transform by.
Complex contour(double theta) {
  constexpr double kScale = 2.0 * kNodes / 5;
  if (theta == 0) return {kScale, 0};
  return kScale * theta * Complex(1 / std::tan(theta), 1);
}
Complex weight(double theta) {
  if (theta == 0) return 0.5;
  const double cotangent = 1 / std::tan(theta);
  return {1, theta + (theta * cotangent - 1) * cotangent};
}

}  // namespace

RandomFeatureLoss::RandomFeatureLoss(const PowerLawFeatures& features, double gain)
    : features_(features.features), gain_(gain) {
  for (double j = 1; j <= features.latents;) {
    const double next = j < kAlone ? j + 1 : std::min(std::ceil(j * kRatio), std::floor(features.latents) + 1);
    const double count = next - j;
    if (count == 1) {
      variance_.push_back(std::pow(j, -features.spectrum));
      signal_.push_back(std::pow(j, -features.signal));
    } else {
      variance_.push_back(power_integral(features.spectrum, j - 0.5, next - 0.5) / count);
      signal_.push_back(power_integral(features.signal, j - 0.5, next - 0.5));
    }
    count_.push_back(count);
    trace_ += count * variance_.back();
    power_ += signal_.back();
    j = next;
  }
}

double RandomFeatureLoss::solve_real(double s) const {
  double low = 0, high = 1;
  for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
    const double m = low > 0 ? std::sqrt(low * high) : high / 1e6;
    double sum = m - 1;
    for (std::size_t g = 0; g < count_.size(); ++g)
      sum += count_[g] * variance_[g] * m / (variance_[g] * m + s) / features_;
    (sum > 0 ? high : low) = m;
  }
  return high;
}

void RandomFeatureLoss::solve(Complex s, Complex& m) const {
  for (int i = 0; i < 12; ++i) {
    Complex sum = m - 1.0, slope = 1;
    for (std::size_t g = 0; g < count_.size(); ++g) {
      const Complex inverse = 1.0 / (variance_[g] * m + s);
      const Complex part = count_[g] * variance_[g] / features_ * inverse;
      sum += part * m;
      slope += part * s * inverse;
    }
    const Complex step = sum / slope;
    m -= step;
    if (std::norm(step) < 1e-28 * std::norm(m)) return;
  }
}

Complex RandomFeatureLoss::transform(Complex s, Complex& m) const {
  solve(s, m);
  Complex signal = 0;
  for (std::size_t g = 0; g < count_.size(); ++g) signal += signal_[g] / (variance_[g] * m + s);
  if (gain_ == 0) return signal;
  const Complex kept = gain_ * (1.0 - s * features_ * (1.0 - m) / trace_);
  return signal / (1.0 - kept);
}

double RandomFeatureLoss::at(double tau) const {
  if (!(tau > 0)) return power_;
  Complex m = solve_real(contour(0).real() / tau);
  double sum = 0, before = 0;
  for (int k = 0; k < kNodes; ++k) {
    const double theta = k * std::numbers::pi / kNodes;
    for (int i = 1; k > 0 && i < kBetween; ++i) solve(contour(before + (theta - before) * i / kBetween) / tau, m);
    const Complex s = contour(theta);
    sum += (std::exp(s) * weight(theta) * transform(s / tau, m)).real();
    before = theta;
  }
  return sum * 2 / (5 * tau);
}

double RandomFeatureLoss::at_rest() const {
  // m -> s / kappa for s -> 0, with sum variance / (variance + kappa) = features; below the smallest variance there is
  // nothing left.
  const double s = 1e-9 * std::pow(std::max(features_, 1.0), -1.0) * variance_.back() * features_;
  const double m = solve_real(s);
  double floor = 0;
  for (std::size_t g = 0; g < count_.size(); ++g) floor += signal_[g] * s / (variance_[g] * m + s);
  return floor / (1 - gain_);
}

}  // namespace isoflop
