// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/schedule/curve_law.h"

namespace isoflop {

// The losses of one run and the rates it was trained with.
struct LossCurve {
  std::string name;
  std::vector<double> rates;  // of every step: rates[t - 1]
  std::vector<long> steps;    // where the loss was measured, increasing, from 1 to rates.size()
  std::vector<double> loss;   // > 0
};

struct CurveFitOptions {
  double delta = 1e-3;  // Huber's, of log residuals
  // Annealing: the decay of its momentum; nothing: the best between 0.9 and 0.99999.
  std::optional<double> lambda = kDefaultLambda;
  int points_per_curve = 200;  // evenly spread over those measured; all where there are fewer
  int starts = 0;              // points of the search; 0 chooses
  int threads = 0;             // 0: all cores. Results do not depend on it.
};

struct CurveFitQuality {
  std::string name;
  std::size_t points = 0;    // compared: all measured after the warm-up
  double rmse_log = 0;       // of log(prediction / loss)
  double mean_relative = 0;  // mean |prediction / loss - 1|
  double last_predicted = 0, last_loss = 0;
};

struct CurveFit {
  CurveLaw law = CurveLaw::kMultiPower;
  std::vector<double> theta;
  double lambda = kDefaultLambda;
  double objective = 0;    // sum of Huber over the points of the fit
  std::size_t points = 0;  // of the fit
  std::vector<std::string>
      at_bound;  // parameters that ended at an edge of curve_bounds: the curves do not determine them
  std::vector<CurveFitQuality> quality;  // per curve
  int starts_tried = 0, starts_polished = 0;
  int starts_agreeing = 0;  // polished ones that ended within 1% of the least objective
};

// One set of coefficients for all curves, which are best of several schedules: those of one tell the effect of a
// falling rate from that of time badly. Minimises the sum of Huber(log L_pred - log L_obs) over points after the
// warm-up (the leading rise of the rates), where neither law holds. The search needs no start: a space-filling set of
// the parameters that are not linear, L0, A and B projected out of each; the best are polished by Ceres, first on few
// points.
//
// Cost: a point of a 72,000-step cosine has some 250 terms (RateHistory::changes), so an evaluation of 200 points takes
// about 2 ms however long the run, and a fit of three curves a few seconds. Errors: kInvalidArgument for curves that
// make no sense or fewer points than parameters; kNumerical; kCancelled.
Result<CurveFit> fit_curves(CurveLaw law, std::span<const LossCurve> curves, const CurveFitOptions& options = {},
                            const Control& control = {});

// How well coefficients predict a curve that a fit has not seen.
Result<CurveFitQuality> curve_quality(CurveLaw law, std::span<const double> theta, double lambda,
                                      const LossCurve& curve);

// The loss at the steps of a schedule. Errors: as curve_points.
Result<std::vector<double>> predict_curve(CurveLaw law, std::span<const double> theta, double lambda,
                                          std::span<const double> rates, std::span<const long> steps);

// Steps of the leading rise of the rates: the warm-up; 0 where they do not rise beyond the first step.
long warmup_steps(std::span<const double> rates);

}  // namespace isoflop
