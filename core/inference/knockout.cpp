// SPDX-License-Identifier: Apache-2.0
#include "core/inference/knockout.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

namespace isoflop {
namespace {

// The chance that more than half of K comparisons name the right one, a draw counting half: a sum of binomial terms
// from the middle outwards, each from the one before.
double majority(double p, std::int64_t k) {
  if (p <= 0 || p >= 1) return p >= 1 ? 1 : 0;
  double sum = 0;
  for (std::int64_t wins = (k + 1) / 2; wins <= k; ++wins) {
    const auto w = static_cast<double>(wins), n = static_cast<double>(k);
    // lgamma is exact enough here: the terms are of the order of 1 or do not matter.
    const double log_term =
        std::lgamma(n + 1) - std::lgamma(w + 1) - std::lgamma(n - w + 1) + w * std::log(p) + (n - w) * std::log1p(-p);
    sum += std::exp(log_term) * (2 * wins == k ? 0.5 : 1);
  }
  return std::min(sum, 1.0);
}

// A tree of halves has at most two sizes per level.
double right(std::int64_t candidates, double p_generate, double decided, std::map<std::int64_t, double>& known) {
  if (candidates == 1) return p_generate;
  if (const auto found = known.find(candidates); found != known.end()) return found->second;
  const double a = right(candidates / 2, p_generate, decided, known),
               b = right(candidates - candidates / 2, p_generate, decided, known);
  return known[candidates] = a * b + (a * (1 - b) + b * (1 - a)) * decided;
}

int rounds(std::int64_t candidates) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(candidates - 1)));
}

}  // namespace

Status validate(const Knockout& knockout) {
  const auto chance = [](double p) { return p >= 0 && p <= 1; };
  if (!chance(knockout.p_generate)) return invalid_argument("p_gen must be a probability from 0 to 1", "p_gen");
  if (!chance(knockout.p_compare)) return invalid_argument("p_comp must be a probability from 0 to 1", "p_comp");
  if (knockout.candidates < 1 || knockout.candidates > 1'000'000'000'000)
    return invalid_argument("the number of candidates must be from 1 to 1e12", "candidates");
  if (knockout.comparisons < 1 || knockout.comparisons > 1'000'000)
    return invalid_argument("the number of comparisons must be from 1 to 1e6", "comparisons");
  return Done{};
}

double failure_bound(const Knockout& knockout) {
  const auto n = static_cast<double>(knockout.candidates), k = static_cast<double>(knockout.comparisons);
  const double none_right = std::pow(1 - knockout.p_generate, n), edge = knockout.p_compare - 0.5;
  if (knockout.candidates == 1) return none_right;
  if (edge <= 0) return 1;
  return std::min(1.0, none_right + rounds(knockout.candidates) * std::exp(-2 * k * edge * edge));
}

double failure_probability(const Knockout& knockout) {
  std::map<std::int64_t, double> known;
  return 1 - right(knockout.candidates, knockout.p_generate, majority(knockout.p_compare, knockout.comparisons), known);
}

double calls(const Knockout& knockout) {
  return static_cast<double>(knockout.candidates) +
         static_cast<double>(knockout.candidates - 1) * static_cast<double>(knockout.comparisons);
}

Knockout best_knockout(double p_generate, double p_compare, std::int64_t budget) {
  // One candidate needs no comparison. With the same K and the same number of rounds more candidates are never worse,
  // so that the fullest tree of each depth is all there is to try.
  Knockout best{.p_generate = p_generate, .p_compare = p_compare};
  double least = failure_bound(best);
  for (std::int64_t k = 1; 2 * (k + 1) <= budget; ++k) {
    const std::int64_t most = budget / (k + 1);
    for (std::int64_t round = 1; (std::int64_t{1} << (round - 1)) < most; ++round) {
      const Knockout tried{.p_generate = p_generate,
                           .p_compare = p_compare,
                           .candidates = std::min(most, std::int64_t{1} << round),
                           .comparisons = k};
      if (const double bound = failure_bound(tried); bound < least) {
        least = bound;
        best = tried;
      }
    }
  }
  return best;
}

}  // namespace isoflop
