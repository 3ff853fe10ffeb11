// SPDX-License-Identifier: Apache-2.0
#include "core/fit/row_sample.h"

#include <algorithm>
#include <numeric>

#include "core/base/random.h"
#include "core/fit/fit_kernels.h"

namespace isoflop {
namespace {

constexpr std::uint64_t kStream = 0x726f7773;  // apart from those of the search

}  // namespace

FitProblem sample_rows(const FitProblem& problem, std::size_t rows, std::uint64_t seed) {
  const std::size_t all = problem.rows(), count = std::min(rows, all);
  std::vector<std::size_t> order(all);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Philox random(seed, kStream);
  for (std::size_t i = 0; i < count; ++i)
    std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(all - i))]);
  order.resize(count);
  std::sort(order.begin(), order.end());

  FitProblem sample = problem;
  const std::size_t padded = (count + kFitLanes - 1) / kFitLanes * kFitLanes;
  const auto take = [&](const auto& from, auto& to, std::size_t size) {
    to.assign(size, 0);
    for (std::size_t i = 0; i < count; ++i) to[i] = from[order[i]];
  };
  for (std::size_t k = 0; k < problem.columns.size(); ++k) take(problem.columns[k], sample.columns[k], count);
  take(problem.response, sample.response, count);
  take(problem.target, sample.target, padded);
  take(problem.weights, sample.weights, padded);
  if (!problem.clusters.empty()) take(problem.clusters, sample.clusters, count);
  sample.prior_scale *= static_cast<double>(count) / static_cast<double>(all);
  return sample;
}

}  // namespace isoflop
