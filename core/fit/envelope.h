// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/findings.h"
#include "core/fit/power_law.h"

namespace isoflop {

// Hoffmann et al. 2022, approach 1: the lower envelope of training curves. Each curve is smoothed and interpolated,
// ln loss in ln C; at budgets spaced equally in ln C the curve with the lowest loss says which model to train that far,
// N*(C), and on how many tokens, D*(C); power laws of both follow by least squares in logs over the budgets.
//
// A point of a curve counts as a run that ended there, which holds for a constant learning rate; in the middle of a
// decaying schedule loss lies above what a schedule of that length would have reached.

// One entry per point of a curve, in any order.
struct TrainingCurves {
  std::span<const std::size_t> run;  // which curve it belongs to, numbered from 0
  std::span<const double> params;    // parameters, equal along a curve
  std::span<const double> tokens;    // tokens seen so far
  std::span<const double> flops;     // FLOP spent so far
  std::span<const double> loss;      // there
};

struct EnvelopeOptions {
  int budgets = 1500;
  // Standard deviation, in decades of C, of the Gaussian weights with which a line is fitted to ln loss about each
  // point; 0 leaves curves as they are.
  double smoothing = 0.02;
  // A budget counts where the curves of so many different sizes reach it, and neither the smallest nor the largest of
  // them is lowest: what lies beyond might be lower still. At least 3.
  int minimum_sizes = 3;
  int resamples = 1000;  // of whole curves; 0 for none
  std::uint64_t seed = 0;
  int threads = 0;
};

struct EnvelopePoint {
  double flops = 0, params = 0, tokens = 0, loss = 0;
  std::size_t run = 0;
  bool at_edge = false;  // the smallest or the largest model there: not in the power laws
};

struct EnvelopeRun {
  double params = 0;
  double lowest_flops = 0, highest_flops = 0;  // reach of its curve
  std::size_t points = 0;                      // of different C; a curve needs two
  std::size_t budgets = 0;                     // of the power laws, where it is lowest
};

struct EnvelopeAnalysis {
  std::vector<EnvelopeRun> runs;           // by number
  std::vector<EnvelopePoint> points;       // by increasing budget
  std::optional<PowerLaw> params, tokens;  // without standard error: neighbouring budgets are no independent points
  std::vector<Finding> findings;
};

// Intervals of the power laws come from resampled curves. Errors: kInvalidArgument on unequal lengths, values that are
// not positive, a run with two sizes, or options out of range; kCancelled.
Result<EnvelopeAnalysis> analyse_envelope(const TrainingCurves& curves, const EnvelopeOptions& options = {},
                                          const Control& control = {});

// ln loss after smoothing, at the points of one curve; x = ln C, strictly increasing; `width` in units of x. Lines, not
// means, so that the ends of a falling curve are not lifted.
std::vector<double> smooth_curve(std::span<const double> x, std::span<const double> log_loss, double width);

}  // namespace isoflop
