// SPDX-License-Identifier: Apache-2.0
#include "core/compute/noise_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/base/statistics.h"

namespace isoflop {
namespace {

// From the two averages.
GradientNoise from_averages(double small_batch, double big_batch, double small_squared, double big_squared) {
  GradientNoise scale;
  scale.squared_gradient = (big_batch * big_squared - small_batch * small_squared) / (big_batch - small_batch);
  scale.trace = (small_squared - big_squared) / (1 / small_batch - 1 / big_batch);
  scale.simple = scale.trace / scale.squared_gradient;
  return scale;
}

Status check(const GradientNorms& norms, const GradientNoiseOptions& options) {
  if (norms.small_squared.empty() || norms.small_squared.size() != norms.big_squared.size())
    return invalid_argument("each step needs the squared norms of both batches, and there must be one at least",
                            "norms");
  for (const auto* column : {&norms.small_squared, &norms.big_squared})
    for (const double value : *column)
      if (!(value >= 0 && std::isfinite(value))) return invalid_argument("a squared norm must be 0 or more", "norms");
  if (!(norms.small_batch > 0 && norms.big_batch > norms.small_batch && std::isfinite(norms.big_batch)))
    return invalid_argument("the batches must be positive, and the big one larger than the small one", "batch");
  if (!(options.decay >= 0 && options.decay < 1))
    return invalid_argument("the decay of the averages must be from 0 to below 1", "decay");
  if (options.resamples < 0) return invalid_argument("the number of resamples must be 0 or more", "resamples");
  if (options.block < 1) return invalid_argument("a block has 1 step or more", "block");
  return Done{};
}

}  // namespace

Result<GradientNoise> estimate_noise_scale(const GradientNorms& norms, const GradientNoiseOptions& options) {
  if (auto status = check(norms, options); !status) return status.error();
  const std::size_t steps = norms.small_squared.size();
  std::vector<double> weights(steps, 1.0);
  if (options.decay > 0)
    for (std::size_t i = steps - 1; i-- > 0;) weights[i] = weights[i + 1] * options.decay;
  // The place in the series keeps its weight, whichever step is drawn for it.
  const auto estimate = [&](auto&& step_at) {
    double small = 0, big = 0, sum = 0;
    for (std::size_t i = 0; i < steps; ++i) {
      const std::size_t step = step_at(i);
      small += weights[i] * norms.small_squared[step];
      big += weights[i] * norms.big_squared[step];
      sum += weights[i];
    }
    return from_averages(norms.small_batch, norms.big_batch, small / sum, big / sum);
  };
  GradientNoise scale = estimate([](std::size_t i) { return i; });
  if (!(scale.squared_gradient > 0))
    return Error{
        ErrorCode::kNumerical,
        "the estimate of |G|^2 is not positive: the gradients are nearly all noise, so more steps or a larger big "
        "batch are needed",
        {}};

  std::vector<double> draws;
  const auto block = std::min(static_cast<std::size_t>(options.block), steps);
  for (int row = 0; row < options.resamples; ++row) {
    Philox random(options.seed, static_cast<std::uint64_t>(row));
    std::size_t first = 0;
    const GradientNoise drawn = estimate([&](std::size_t i) {
      if (i % block == 0) first = random.below(static_cast<std::uint32_t>(steps));
      return (first + i % block) % steps;
    });
    draws.push_back(drawn.squared_gradient > 0 ? drawn.simple : std::numeric_limits<double>::max());
  }
  scale.lower = quantile(draws, (1 - options.level) / 2);
  scale.upper = quantile(draws, (1 + options.level) / 2);
  if (scale.upper > 1e300) scale.upper = std::numeric_limits<double>::infinity();
  return scale;
}

BatchTradeOff batch_trade_off(double critical_batch, double batch) {
  return {.steps_ratio = 1 + critical_batch / batch,
          .examples_ratio = 1 + batch / critical_batch,
          .learning_rate_ratio = 1 / (1 + critical_batch / batch)};
}

}  // namespace isoflop
