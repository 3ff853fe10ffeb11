// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// How the learning rate falls over a cool-down, x in [0, 1] being the share of it that has passed (Haegele et al. 2024,
// arXiv:2405.18392, figure 4), f the final share of the peak:
//   linear 1 - x, 1-sqrt 1 - sqrt(x), cosine (1 + cos(pi x)) / 2, mirror-cosine 2 (1 - x) - cosine, square 1 - x^2,
//   each scaled to end at f; exponential f^x.
enum class CooldownShape { kLinear, kOneMinusSqrt, kCosine, kMirrorCosine, kSquare, kExponential };
std::string_view cooldown_name(CooldownShape shape);
double cooldown_factor(CooldownShape shape, double x, double final_share);

// A learning-rate schedule over steps 1 to `steps`, warm-up included. The rate rises in a straight line to `peak` at
// step `warmup`, and then
//   constant  stays
//   cosine    falls to final_share * peak at the last step by half a cosine
//   wsd       stays until the last `cooldown` steps, which fall to final_share * peak in the given shape
//   step      stays until step `switch_at` and is final_share * peak from the next one on
//   power     is min(peak, batch * scale * n^exponent) after n = step * tokens_per_step tokens (Shen et al. 2024,
//             arXiv:2408.13359), and falls over the last `cooldown` steps as in wsd
struct Schedule {
  enum class Kind { kConstant, kCosine, kWsd, kStep, kPower };
  Kind kind = Kind::kConstant;
  long steps = 0, warmup = 0, cooldown = 0, switch_at = 0;
  double peak = 1, final_share = 0;
  CooldownShape shape = CooldownShape::kLinear;
  double batch = 1, scale = 0, exponent = 0, tokens_per_step = 1;  // of power: no numbers for it could be checked

  bool operator==(const Schedule&) const = default;
};

// Errors name the field.
Status validate(const Schedule& schedule);

// The rate of step t in [1, steps]. Requires a valid schedule.
double learning_rate(const Schedule& schedule, long step);
// Of every step: result[t - 1].
std::vector<double> learning_rates(const Schedule& schedule);

// "cosine:72000 warmup:2160 peak:3e-4 min:0.1", "wsd:24000 cooldown:20% shape:1-sqrt", "step:24000 at:8000 min:0.3",
// "power:50000 batch:1024 per-step:4M a:4 b:-0.51 cooldown:10% shape:exponential min:0.1". One of the kinds with its
// steps, and in any order what differs from the defaults; numbers may have suffixes (24K). min is final_share. A
// cool-down is 20% of the steps and linear unless the text says otherwise. Errors: kParse with where.column, and as
// validate().
Result<Schedule> parse_schedule(std::string_view text);
// Text that reads back the same.
std::string to_text(const Schedule& schedule);

// Steps for one model at several horizons: each trained by itself, or one trunk at constant rate with a cool-down of
// the given share branching off before each horizon. Errors: kInvalidArgument.
struct ReuseSaving {
  double separate = 0;  // sum of the horizons
  double shared = 0;    // the longest trunk, and all cool-downs
  double longest = 0;   // the longest horizon: what both would cost if cool-downs were free
  double saving = 0;    // 1 - shared / separate
};
Result<ReuseSaving> reuse_saving(std::span<const double> horizons, double cooldown_share);

}  // namespace isoflop
