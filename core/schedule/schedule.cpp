// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace isoflop {
namespace {

constexpr long kMostSteps = 10'000'000;

double half_cosine(double x) {
  return (1 + std::cos(std::numbers::pi * x)) / 2;
}

bool cools_down(Schedule::Kind kind) {
  return kind == Schedule::Kind::kWsd || kind == Schedule::Kind::kPower;
}

}  // namespace

std::string_view cooldown_name(CooldownShape shape) {
  switch (shape) {
    case CooldownShape::kLinear:
      return "linear";
    case CooldownShape::kOneMinusSqrt:
      return "1-sqrt";
    case CooldownShape::kCosine:
      return "cosine";
    case CooldownShape::kMirrorCosine:
      return "mirror-cosine";
    case CooldownShape::kSquare:
      return "square";
    case CooldownShape::kExponential:
      return "exponential";
  }
  return "";
}

double cooldown_factor(CooldownShape shape, double x, double final_share) {
  const auto scaled = [&](double falls) { return final_share + (1 - final_share) * falls; };
  switch (shape) {
    case CooldownShape::kLinear:
      return scaled(1 - x);
    case CooldownShape::kOneMinusSqrt:
      return scaled(1 - std::sqrt(x));
    case CooldownShape::kCosine:
      return scaled(half_cosine(x));
    case CooldownShape::kMirrorCosine:
      return scaled(2 * (1 - x) - half_cosine(x));
    case CooldownShape::kSquare:
      return scaled(1 - x * x);
    case CooldownShape::kExponential:
      return std::pow(final_share, x);
  }
  return 1;
}

Status validate(const Schedule& s) {
  if (s.steps < 1 || s.steps > kMostSteps) return invalid_argument("a schedule has from 1 to 10000000 steps", "steps");
  if (s.warmup < 0 || s.warmup > s.steps) return invalid_argument("the warm-up must lie within the steps", "warmup");
  if (!(s.peak > 0 && std::isfinite(s.peak))) return invalid_argument("the peak must be a positive rate", "peak");
  if (!(s.final_share >= 0 && s.final_share <= 1))
    return invalid_argument("min is a share of the peak, from 0 to 1", "min");
  if (cools_down(s.kind)) {
    if (s.cooldown < 0 || s.cooldown > s.steps - s.warmup)
      return invalid_argument("the cool-down must fit between the warm-up and the last step", "cooldown");
    if (s.shape == CooldownShape::kExponential && s.cooldown > 0 && !(s.final_share > 0))
      return invalid_argument("an exponential cool-down never reaches 0: say where it ends by min", "min");
  }
  if (s.kind == Schedule::Kind::kStep && (s.switch_at < s.warmup || s.switch_at > s.steps))
    return invalid_argument("the switch must lie between the warm-up and the last step", "at");
  if (s.kind == Schedule::Kind::kPower)
    for (const double value : {s.batch, s.scale, s.tokens_per_step})
      if (!(value > 0 && std::isfinite(value)))
        return invalid_argument("a power schedule needs its a, and with batch and per-step it must be positive",
                                "power");
  if (!std::isfinite(s.exponent)) return invalid_argument("b of a power schedule must be a number", "b");
  return Done{};
}

double learning_rate(const Schedule& s, long step) {
  if (step <= s.warmup) return s.peak * static_cast<double>(step) / static_cast<double>(s.warmup);
  double rate = s.peak;
  if (s.kind == Schedule::Kind::kCosine) {
    const double x = static_cast<double>(step - s.warmup) / static_cast<double>(s.steps - s.warmup);
    return rate * cooldown_factor(CooldownShape::kCosine, x, s.final_share);
  }
  if (s.kind == Schedule::Kind::kStep) return step > s.switch_at ? rate * s.final_share : rate;
  const long cooling = s.cooldown - (s.steps - step);
  if (s.kind == Schedule::Kind::kPower) {
    // The cool-down scales what the power law reached when it began.
    const long at = cooling > 0 ? s.steps - s.cooldown : step;
    rate = std::min(rate, s.batch * s.scale * std::pow(static_cast<double>(at) * s.tokens_per_step, s.exponent));
  }
  if (cools_down(s.kind) && cooling > 0)
    rate *= cooldown_factor(s.shape, static_cast<double>(cooling) / static_cast<double>(s.cooldown), s.final_share);
  return rate;
}

std::vector<double> learning_rates(const Schedule& schedule) {
  std::vector<double> rates(static_cast<std::size_t>(schedule.steps));
  for (long t = 1; t <= schedule.steps; ++t) rates[static_cast<std::size_t>(t - 1)] = learning_rate(schedule, t);
  return rates;
}

Result<ReuseSaving> reuse_saving(std::span<const double> horizons, double cooldown_share) {
  if (horizons.empty()) return invalid_argument("give at least one horizon", "horizons");
  for (const double horizon : horizons)
    if (!(horizon > 0 && std::isfinite(horizon))) return invalid_argument("horizons must be positive", "horizons");
  if (!(cooldown_share >= 0 && cooldown_share <= 1))
    return invalid_argument("the cool-down is a share of each horizon, from 0 to 1", "cooldown");
  ReuseSaving saving;
  saving.separate = std::accumulate(horizons.begin(), horizons.end(), 0.0);
  saving.longest = *std::ranges::max_element(horizons);
  saving.shared = saving.longest * (1 - cooldown_share) + cooldown_share * saving.separate;
  saving.saving = 1 - saving.shared / saving.separate;
  return saving;
}

}  // namespace isoflop
