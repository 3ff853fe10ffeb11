// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/bootstrap.h"

namespace isoflop {

// How often a problem was tried and how often it was solved.
struct ProblemCount {
  std::int64_t samples = 0;  // n
  std::int64_t correct = 0;  // c, 0 <= c <= n
};

// The unbiased estimate of the chance that at least one of k tries succeeds, 1 - C(n-c, k) / C(n, k) (Chen et al. 2021,
// arXiv:2107.03374), by logarithms: small chances keep their digits for n in the millions. Requires
// 0 <= c <= n and 1 <= k <= n.
double pass_at_k(const ProblemCount& problem, std::int64_t k);

// Coverage c(k) = exp(a k^b) with a, b < 0 (Brown et al. 2024, arXiv:2407.21787).
struct CoverageLaw {
  double a = 0, b = 0;
  double rmse_log = 0;  // of log c over the k of the fit
};
double coverage_at(const CoverageLaw& law, double k);

// Least squares of log c = a k^b: a by projection, b by a search over [-5, 5]. Entries with c outside (0, 1) are left
// out. Errors: kInvalidArgument for unequal lengths or fewer than two usable entries.
Result<CoverageLaw> fit_coverage(std::span<const double> k, std::span<const double> coverage);

struct CoverageOptions {
  std::vector<std::int64_t> ks;  // empty: powers of two, and the fewest samples of any problem
  std::vector<double> predict;   // further k, which may exceed the samples: from the law
  int resamples = 1000;          // of problems
  double level = 0.95;
  std::uint64_t seed = 0;
  int threads = 0;
};

struct CoveragePoint {
  double k = 0, coverage = 0;
  Interval interval;
};

struct CoverageAnalysis {
  std::vector<CoveragePoint> measured;
  CoverageLaw law;
  Interval a, b;
  std::vector<CoveragePoint> predicted;
};

// pass@k averaged over problems, with percentile intervals from resampling problems, the law fitted to it, and the law
// at further k. Errors: kInvalidArgument for no problem, counts that make no sense, or k beyond the fewest samples of
// any problem (the estimate would be biased); kCancelled.
Result<CoverageAnalysis> analyse_coverage(std::span<const ProblemCount> problems, const CoverageOptions& options = {},
                                          const Control& control = {});

}  // namespace isoflop
