// SPDX-License-Identifier: Apache-2.0
#include "core/theory/pruning.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/random.h"

namespace isoflop {
namespace {

constexpr Selection kSelections[] = {Selection::kHard, Selection::kEasy, Selection::kRandom};

// Of samples x_i with labels taken into their sign (columns of `signed_samples`), the weights w of least norm with
// w . x_i >= 1: w = sum a_i x_i, each a_i >= 0 in turn the best one for the others given.
Eigen::VectorXd largest_margin(const Eigen::MatrixXd& signed_samples) {
  const Eigen::Index count = signed_samples.cols();
  const Eigen::VectorXd squares = signed_samples.colwise().squaredNorm();
  Eigen::VectorXd a = Eigen::VectorXd::Zero(count), w = Eigen::VectorXd::Zero(signed_samples.rows());
  constexpr int kMostRounds = 3000;
  for (int round = 0; round < kMostRounds; ++round) {
    double worst = 0;
    for (Eigen::Index i = 0; i < count; ++i) {
      const double short_by = 1 - w.dot(signed_samples.col(i)), next = std::max(0.0, a[i] + short_by / squares[i]);
      if (next == a[i]) continue;
      worst = std::max(worst, std::abs(short_by));
      w += (next - a[i]) * signed_samples.col(i);
      a[i] = next;
    }
    if (worst < 1e-4) break;
  }
  return w;
}

}  // namespace

std::string_view selection_name(Selection selection) {
  switch (selection) {
    case Selection::kHard:
      return "hard";
    case Selection::kEasy:
      return "easy";
    case Selection::kRandom:
      return "random";
  }
  return "";
}

Result<Selection> selection_from_name(std::string_view name) {
  for (const Selection selection : kSelections)
    if (selection_name(selection) == name) return selection;
  return invalid_argument("samples are kept hard, easy or random, not \"" + std::string(name) + "\"", "keep");
}

Status validate(const PruningPlan& plan) {
  if (plan.dimensions < 2 || plan.dimensions > 10'000)
    return invalid_argument("a perceptron has from 2 to 10000 dimensions", "dimensions");
  if (!(plan.pool > 0 && plan.pool * plan.dimensions <= 1e6))
    return invalid_argument("the pool must be positive, and of at most 1e6 samples", "pool");
  if (!(plan.kept > 0 && plan.kept <= 1 && plan.kept * plan.pool * plan.dimensions >= 1))
    return invalid_argument("the share kept must be above 0 and at most 1, and leave a sample", "kept");
  if (!(plan.probe_angle >= 0 && plan.probe_angle <= std::numbers::pi / 2))
    return invalid_argument("the probe's angle must lie between 0 and pi / 2", "probe");
  return Done{};
}

double pruned_error(const PruningPlan& plan) {
  Philox random(plan.seed, plan.stream);
  const auto n = static_cast<Eigen::Index>(plan.dimensions);
  const auto pool = static_cast<Eigen::Index>(std::lround(plan.pool * plan.dimensions));
  const auto kept = std::max<Eigen::Index>(1, std::lround(plan.kept * plan.pool * plan.dimensions));
  // By symmetry the teacher is the first axis, and the probe lies in the plane of the first two.
  Eigen::MatrixXd samples(n, pool);
  for (Eigen::Index i = 0; i < pool; ++i)
    for (Eigen::Index j = 0; j < n; ++j) samples(j, i) = random.normal();
  std::vector<double> order_by(static_cast<std::size_t>(pool));
  for (Eigen::Index i = 0; i < pool; ++i) {
    const double margin =
        std::abs(std::cos(plan.probe_angle) * samples(0, i) + std::sin(plan.probe_angle) * samples(1, i));
    const auto at = static_cast<std::size_t>(i);
    // Samples are exchangeable, so that any fixed order is a random choice.
    order_by[at] = plan.selection == Selection::kHard   ? margin
                   : plan.selection == Selection::kEasy ? -margin
                                                        : static_cast<double>(i);
  }
  std::vector<Eigen::Index> order(order_by.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](Eigen::Index i) { return order_by[static_cast<std::size_t>(i)]; });
  Eigen::MatrixXd chosen(n, kept);
  for (Eigen::Index i = 0; i < kept; ++i) {
    const auto column = samples.col(order[static_cast<std::size_t>(i)]);
    chosen.col(i) = column * (column[0] >= 0 ? 1 : -1);
  }
  const Eigen::VectorXd student = largest_margin(chosen);
  return std::acos(std::clamp(student[0] / student.norm(), -1.0, 1.0)) / std::numbers::pi;
}

}  // namespace isoflop
