// SPDX-License-Identifier: Apache-2.0
#include "core/fit/isoflop_curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Below this reach the difference of the two exponentials is taken from its series, whose next term is then lost in
// rounding.
constexpr double kSmallReach = 1e-4;

struct Basis {
  double u = 0, q = 0;
};

Basis basis(const IsoflopShape& shape, double x) {
  const double a = shape.alpha, b = shape.beta, s = a + b;
  const double u = a == 0 ? x : -std::expm1(-a * x) / a;
  if (s * std::abs(x) < kSmallReach) return {u, x * x * (1 + x * ((b - a) / 3 + x * (b * b - a * b + a * a) / 12))};
  const double v = b == 0 ? x : std::expm1(b * x) / b;
  return {u, 2 * (v - u) / s};
}

// Runs whose ln N lie closer to the smallest of them are one size for an interpolant.
constexpr double kSameSize = 0.02;

// Sizes in increasing order, each at the mean of its runs.
struct Size {
  double first = 0;  // the smallest x of its runs
  double x = 0, weight = 0, log_loss = 0;
};

std::vector<Size> sizes_of(const IsoflopPoints& points, double same) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points.weight[i] > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points.x[a] < points.x[b]; });
  std::vector<Size> sizes;
  for (const std::size_t i : order) {
    if (sizes.empty() || points.x[i] > sizes.back().first + same) sizes.push_back({points.x[i], 0, 0, 0});
    Size& size = sizes.back();
    size.weight += points.weight[i];
    size.x += points.weight[i] * (points.x[i] - size.x) / size.weight;
    size.log_loss += points.weight[i] * (std::log(points.loss[i]) - size.log_loss) / size.weight;
  }
  return sizes;
}

// Least squares on (1, u, q) by modified Gram-Schmidt with the response as a fourth column (Bjorck 1967).
void fit_three_terms(const IsoflopPoints& points, const IsoflopShape& shape, IsoflopFit& fit) {
  const std::size_t n = points.size();
  std::vector<std::array<double, 4>> rows(n);
  std::array<double, 3> scale{};
  for (std::size_t i = 0; i < n; ++i) {
    const double root = std::sqrt(points.weight[i]);
    const Basis at = basis(shape, points.x[i]);
    rows[i] = {root, root * at.u, root * at.q, root * points.loss[i]};
    for (std::size_t k = 0; k < 3; ++k) scale[k] += rows[i][k] * rows[i][k];
  }
  for (double& s : scale) s = std::sqrt(s);
  for (auto& row : rows)
    for (std::size_t k = 0; k < 3; ++k) row[k] /= scale[k];
  std::array<std::array<double, 4>, 3> r{};
  for (std::size_t k = 0; k < 3; ++k) {
    double norm = 0;
    for (const auto& row : rows) norm += row[k] * row[k];
    r[k][k] = norm = std::sqrt(norm);
    for (auto& row : rows) row[k] /= norm;
    for (std::size_t j = k + 1; j < 4; ++j) {
      double dot = 0;
      for (const auto& row : rows) dot += row[k] * row[j];
      r[k][j] = dot;
      for (auto& row : rows) row[j] -= dot * row[k];
    }
  }
  for (const auto& row : rows) fit.residual += row[3] * row[3];
  fit.c2 = r[2][3] / r[2][2];
  fit.c1 = (r[1][3] - r[1][2] * fit.c2) / r[1][1];
  fit.c0 = (r[0][3] - r[0][2] * fit.c2 - r[0][1] * fit.c1) / r[0][0];
  fit.c0 /= scale[0];
  fit.c1 /= scale[1];
  fit.c2 /= scale[2];
}

// Where c1 u + c2 q has no slope: e^(s x) = 1 - s c1 / (2 c2), s = alpha + beta; -infinity where it has one throughout.
double stationary_point(const IsoflopFit& fit, const IsoflopShape& shape) {
  const double s = shape.alpha + shape.beta, r = -fit.c1 / (2 * fit.c2);
  if (s * r <= -1) return -std::numeric_limits<double>::infinity();
  return std::abs(s * r) < 1e-12 ? r : std::log1p(s * r) / s;
}

void interpolate(const std::vector<Size>& sizes, AkimaWeights weights, IsoflopFit& fit) {
  std::vector<double> x, y;
  for (const Size& size : sizes) {
    x.push_back(size.x);
    y.push_back(size.log_loss);
  }
  fit.interpolant.emplace(x, y, weights);
  const double minimum = fit.interpolant->minimum().x;
  const auto top = std::max_element(y.begin(), y.end()) - y.begin();
  if (minimum > x.front() && minimum < x.back())
    fit.minimum = minimum;
  else
    fit.refusal = top > 0 && top + 1 < static_cast<std::ptrdiff_t>(y.size()) ? FindingCode::kParabolaOpensDown
                                                                             : FindingCode::kNoInteriorMinimum;
}

}  // namespace

std::string_view isoflop_method_name(IsoflopMethod method) {
  switch (method) {
    case IsoflopMethod::kParabola:
      return "parabola";
    case IsoflopMethod::kAkima:
      return "akima";
    case IsoflopMethod::kMakima:
      return "makima";
    case IsoflopMethod::kLaw:
      return "law";
  }
  return "";
}

Result<IsoflopMethod> isoflop_method_from_name(std::string_view name) {
  for (const IsoflopMethod method :
       {IsoflopMethod::kParabola, IsoflopMethod::kAkima, IsoflopMethod::kMakima, IsoflopMethod::kLaw})
    if (name == isoflop_method_name(method)) return method;
  return invalid_argument("there is no method \"" + std::string(name) + "\": parabola, akima, makima or law");
}

double loss_on(const IsoflopCurve& curve, double params) {
  const double x = std::log(params / curve.center);
  if (curve.interpolant) return std::exp((*curve.interpolant)(x));
  if (curve.refusal == FindingCode::kTooFewRuns) return kNaN;
  const Basis at = basis(curve.shape, x);
  return curve.c0 + curve.c1 * at.u + curve.c2 * at.q;
}

IsoflopFit fit_isoflop_curve(const IsoflopPoints& points, IsoflopMethod method, const IsoflopShape& shape,
                             int smallest_sizes) {
  IsoflopFit fit;
  const bool interpolated = method == IsoflopMethod::kAkima || method == IsoflopMethod::kMakima;
  const std::vector<Size> sizes = sizes_of(points, interpolated ? kSameSize : 0);
  if (static_cast<int>(sizes.size()) < std::max(smallest_sizes, 3)) {
    fit.refusal = FindingCode::kTooFewRuns;
    return fit;
  }
  if (interpolated) {
    interpolate(sizes, method == IsoflopMethod::kMakima ? AkimaWeights::kModified : AkimaWeights::kOriginal, fit);
  } else {
    const IsoflopShape used = method == IsoflopMethod::kLaw ? shape : IsoflopShape{};
    fit_three_terms(points, used, fit);
    const double flat = stationary_point(fit, used);
    const bool inside = flat > sizes.front().x && flat < sizes.back().x;
    if (!(fit.c2 > 0) && (inside || method == IsoflopMethod::kParabola))
      fit.refusal = FindingCode::kParabolaOpensDown;
    else if (!(fit.c2 > 0) || !inside)
      fit.refusal = FindingCode::kNoInteriorMinimum;
    else
      fit.minimum = flat;
  }
  fit.bounded_by_one = !fit.refusal && (fit.minimum < sizes[1].x || fit.minimum > sizes[sizes.size() - 2].x);
  return fit;
}

}  // namespace isoflop
