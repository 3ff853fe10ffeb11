// SPDX-License-Identifier: Apache-2.0
#include "core/fit/stacking.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

// Relative to the squared norms of the active vertices: by how much a vertex must promise to shorten the point to join
// the active set.
constexpr double kEnough = 1e-12;
constexpr double kNoWeight = 1e-14;

// The affine combination of the active vertices nearest to the origin: G a = lambda 1, 1^T a = 1. Vertices that are
// affinely dependent share their weight (minimum norm).
Eigen::VectorXd affine_minimum(const Eigen::MatrixXd& gram, const std::vector<Eigen::Index>& active) {
  const auto m = static_cast<Eigen::Index>(active.size());
  Eigen::MatrixXd system = Eigen::MatrixXd::Ones(m + 1, m + 1);
  system(m, m) = 0;
  double scale = 0;
  for (const Eigen::Index j : active) scale = std::max(scale, gram(j, j));
  for (Eigen::Index a = 0; a < m; ++a)
    for (Eigen::Index b = 0; b < m; ++b)
      system(a, b) =
          scale > 0 ? gram(active[static_cast<std::size_t>(a)], active[static_cast<std::size_t>(b)]) / scale : 0;
  Eigen::VectorXd right = Eigen::VectorXd::Zero(m + 1);
  right[m] = 1;
  return system.completeOrthogonalDecomposition().solve(right).head(m);
}

// Wolfe's method over the Gram matrix of the vertices.
Eigen::VectorXd nearest_point(const Eigen::MatrixXd& gram) {
  const Eigen::Index k = gram.rows();
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(k);
  Eigen::Index first = 0;
  gram.diagonal().minCoeff(&first);
  weights[first] = 1;
  std::vector<Eigen::Index> active{first};
  // Each pass over a set of active vertices shortens the point, so no set comes twice; the bound is for rounding alone.
  for (Eigen::Index pass = 0; pass < 100 * k; ++pass) {
    const Eigen::VectorXd inner = gram * weights;  // of each vertex with the point
    const double square = weights.dot(inner);
    double scale = 0;
    for (const Eigen::Index j : active) scale = std::max(scale, gram(j, j));
    Eigen::Index entering = 0;
    if (inner.minCoeff(&entering) > square - kEnough * scale) break;
    if (std::find(active.begin(), active.end(), entering) != active.end()) break;
    active.push_back(entering);
    while (true) {
      const Eigen::VectorXd target = affine_minimum(gram, active);
      if (target.minCoeff() > kNoWeight) {
        weights.setZero();
        for (std::size_t a = 0; a < active.size(); ++a) weights[active[a]] = target[static_cast<Eigen::Index>(a)];
        break;
      }
      double step = 1;
      for (std::size_t a = 0; a < active.size(); ++a) {
        const double from = weights[active[a]], to = target[static_cast<Eigen::Index>(a)];
        if (to <= kNoWeight && from > to) step = std::min(step, from / (from - to));
      }
      std::vector<Eigen::Index> kept;
      double total = 0;
      for (std::size_t a = 0; a < active.size(); ++a) {
        double& weight = weights[active[a]];
        weight += step * (target[static_cast<Eigen::Index>(a)] - weight);
        if (weight > kNoWeight) {
          kept.push_back(active[a]);
          total += weight;
        } else {
          weight = 0;
        }
      }
      weights /= total;
      if (kept.size() == active.size()) break;
      active = std::move(kept);
      if (active.size() == 1) break;
    }
  }
  return weights / weights.sum();
}

}  // namespace

std::vector<double> simplex_weights(const std::vector<std::vector<double>>& errors) {
  std::vector<std::size_t> usable;
  for (std::size_t j = 0; j < errors.size(); ++j)
    if (!errors[j].empty() &&
        std::all_of(errors[j].begin(), errors[j].end(), [](double e) { return std::isfinite(e); }))
      usable.push_back(j);
  if (usable.empty()) return {};
  const auto k = static_cast<Eigen::Index>(usable.size());
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(errors[usable.front()].size()), k);
  for (Eigen::Index j = 0; j < k; ++j) {
    const std::vector<double>& column = errors[usable[static_cast<std::size_t>(j)]];
    matrix.col(j) = Eigen::Map<const Eigen::VectorXd>(column.data(), static_cast<Eigen::Index>(column.size()));
  }
  const Eigen::VectorXd found = nearest_point(matrix.transpose() * matrix);
  std::vector<double> weights(errors.size(), 0.0);
  for (Eigen::Index j = 0; j < k; ++j) weights[usable[static_cast<std::size_t>(j)]] = found[j];
  return weights;
}

}  // namespace isoflop
