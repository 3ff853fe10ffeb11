// SPDX-License-Identifier: Apache-2.0
#include "core/inference/coverage.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <string>

#include "core/base/parallel.h"
#include "core/base/part_of.h"
#include "core/base/random.h"

namespace isoflop {
namespace {

// log C(n-c, k) / C(n, k) = sum of log(1 - c / (n-i)) over i < k = sum of log(1 - k / (n-i)) over i < c: the shorter
// one, as each term is exact to the last bit.
double log_chance_of_none(std::int64_t n, std::int64_t c, std::int64_t k) {
  const std::int64_t terms = std::min(c, k);
  const auto taken = static_cast<double>(std::max(c, k));
  double sum = 0;
  for (std::int64_t i = 0; i < terms; ++i) sum += std::log1p(-taken / static_cast<double>(n - i));
  return sum;
}

// The best a for a given b, and what is left.
struct Projection {
  double a = 0, rest = 0;
};
Projection project(std::span<const double> log_k, std::span<const double> log_c, double b) {
  double cross = 0, square = 0;
  for (std::size_t i = 0; i < log_k.size(); ++i) {
    const double x = std::exp(b * log_k[i]);
    cross += x * log_c[i];
    square += x * x;
  }
  Projection projection{.a = cross / square};
  for (std::size_t i = 0; i < log_k.size(); ++i) {
    const double r = log_c[i] - projection.a * std::exp(b * log_k[i]);
    projection.rest += r * r;
  }
  return projection;
}

std::vector<std::int64_t> default_ks(std::int64_t most) {
  std::vector<std::int64_t> ks;
  for (std::int64_t k = 1; k < most; k *= 2) ks.push_back(k);
  ks.push_back(most);
  return ks;
}

Result<std::int64_t> fewest_samples(std::span<const ProblemCount> problems) {
  if (problems.empty()) return invalid_argument("coverage needs at least one problem", "problems");
  std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const auto [n, c] = problems[i];
    if (n < 1 || c < 0 || c > n)
      return invalid_argument("problem " + std::to_string(i + 1) + " has " + std::to_string(c) + " correct of " +
                                  std::to_string(n) +
                                  " samples: the first must be from 0 to the second, which is 1 or more",
                              "correct");
    fewest = std::min(fewest, n);
  }
  return fewest;
}

}  // namespace

double pass_at_k(const ProblemCount& problem, std::int64_t k) {
  const auto [n, c] = problem;
  if (c > n - k) return 1;
  return -std::expm1(log_chance_of_none(n, c, k));
}

double coverage_at(const CoverageLaw& law, double k) {
  return std::exp(law.a * std::pow(k, law.b));
}

Result<CoverageLaw> fit_coverage(std::span<const double> k, std::span<const double> coverage) {
  if (k.size() != coverage.size()) return invalid_argument("each coverage needs its k", "k");
  std::vector<double> log_k, log_c;
  for (std::size_t i = 0; i < k.size(); ++i) {
    if (!(k[i] > 0 && coverage[i] > 0 && coverage[i] < 1)) continue;
    log_k.push_back(std::log(k[i]));
    log_c.push_back(std::log(coverage[i]));
  }
  if (log_k.size() < 2)
    return invalid_argument("a fit of exp(a k^b) needs coverage strictly between 0 and 1 at two k or more", "coverage");
  constexpr double kWidest = 5;
  constexpr int kGrid = 201;
  const auto rest = [&](double b) { return project(log_k, log_c, b).rest; };
  const double step = 2 * kWidest / (kGrid - 1);
  double best = -kWidest;
  for (int i = 1; i < kGrid; ++i)
    if (const double b = -kWidest + step * i; rest(b) < rest(best)) best = b;
  double low = best - step, high = best + step;
  for (int i = 0; i < 60; ++i) {
    const double left = high - (high - low) / std::numbers::phi, right = low + (high - low) / std::numbers::phi;
    if (rest(left) < rest(right))
      high = right;
    else
      low = left;
  }
  const double b = (low + high) / 2;
  const Projection projection = project(log_k, log_c, b);
  return CoverageLaw{
      .a = projection.a, .b = b, .rmse_log = std::sqrt(projection.rest / static_cast<double>(log_k.size()))};
}

Result<CoverageAnalysis> analyse_coverage(std::span<const ProblemCount> problems, const CoverageOptions& options,
                                          const Control& control) {
  const auto fewest = fewest_samples(problems);
  if (!fewest) return fewest.error();
  const std::vector<std::int64_t> ks = options.ks.empty() ? default_ks(*fewest) : options.ks;
  for (const std::int64_t k : ks)
    if (k < 1 || k > *fewest)
      return invalid_argument("pass@" + std::to_string(k) + " has no unbiased estimate: a problem has only " +
                                  std::to_string(*fewest) + " samples",
                              "k");
  if (options.resamples < 0) return invalid_argument("the number of resamples must be 0 or more", "resamples");

  const std::size_t count = ks.size();
  std::vector<double> k(count), passes(problems.size() * count);
  for (std::size_t j = 0; j < count; ++j) k[j] = static_cast<double>(ks[j]);
  if (!parallel_for(problems.size(), options.threads, 16, part_of(control, 0, 0.2), [&](int, std::size_t i) {
        for (std::size_t j = 0; j < count; ++j) passes[i * count + j] = pass_at_k(problems[i], ks[j]);
      }))
    return Error{ErrorCode::kCancelled, "cancelled", {}};

  const auto mean_over = [&](auto&& problem_at) {
    std::vector<double> coverage(count, 0.0);
    for (std::size_t i = 0; i < problems.size(); ++i) {
      const double* row = passes.data() + problem_at(i) * count;
      for (std::size_t j = 0; j < count; ++j) coverage[j] += row[j];
    }
    for (double& value : coverage) value /= static_cast<double>(problems.size());
    return coverage;
  };
  const std::vector<double> coverage = mean_over([](std::size_t i) { return i; });
  const auto law = fit_coverage(k, coverage);
  if (!law) return law.error();

  // Row by row: coverage at each k, a, b, the law at each k asked for.
  const std::size_t width = count + 2 + options.predict.size(), rows = static_cast<std::size_t>(options.resamples);
  std::vector<double> draws(width * rows, std::numeric_limits<double>::quiet_NaN());
  if (!parallel_for(rows, options.threads, 4, part_of(control, 0.2, 1), [&](int, std::size_t row) {
        Philox random(options.seed, row);
        const std::vector<double> resampled =
            mean_over([&](std::size_t) { return random.below(static_cast<std::uint32_t>(problems.size())); });
        double* out = draws.data() + row * width;
        std::ranges::copy(resampled, out);
        const auto refit = fit_coverage(k, resampled);
        if (!refit) return;
        out[count] = refit->a;
        out[count + 1] = refit->b;
        for (std::size_t j = 0; j < options.predict.size(); ++j)
          out[count + 2 + j] = coverage_at(*refit, options.predict[j]);
      }))
    return Error{ErrorCode::kCancelled, "cancelled", {}};
  const auto interval = [&](std::size_t column) {
    std::vector<double> sample;
    for (std::size_t row = 0; row < rows; ++row) sample.push_back(draws[row * width + column]);
    return percentile_interval(std::move(sample), options.level);
  };

  CoverageAnalysis analysis{.law = *law, .a = interval(count), .b = interval(count + 1)};
  for (std::size_t j = 0; j < count; ++j)
    analysis.measured.push_back({.k = k[j], .coverage = coverage[j], .interval = interval(j)});
  for (std::size_t j = 0; j < options.predict.size(); ++j)
    analysis.predicted.push_back({.k = options.predict[j],
                                  .coverage = coverage_at(*law, options.predict[j]),
                                  .interval = interval(count + 2 + j)});
  return analysis;
}

}  // namespace isoflop
