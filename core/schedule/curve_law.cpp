// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/curve_law.h"

#include <cmath>

namespace isoflop {
namespace {

// sum fall (1 - (C eta^-gamma S + 1)^-beta) and its derivatives by C, beta and gamma.
struct Decay {
  double value = 0, by_c = 0, by_beta = 0, by_gamma = 0;
};
Decay decay_of(const CurvePoint& point, double c, double beta, double gamma) {
  Decay decay;
  for (const RateChange& change : point.changes) {
    const double x = c * std::exp(-gamma * change.log_rate) * change.area, log_x1 = std::log1p(x);
    const double left = std::exp(-beta * log_x1), slope = beta * left * (x / (1 + x));
    decay.value += change.fall * (1 - left);
    decay.by_c += change.fall * slope / c;
    decay.by_beta += change.fall * left * log_x1;
    decay.by_gamma -= change.fall * slope * change.log_rate;
  }
  return decay;
}

}  // namespace

std::string_view curve_law_id(CurveLaw law) {
  return law == CurveLaw::kMultiPower ? "multi-power" : "annealing";
}

Result<CurveLaw> curve_law_from_id(std::string_view id) {
  for (const CurveLaw law : kCurveLaws)
    if (curve_law_id(law) == id) return law;
  return not_found("there is no law of curves \"" + std::string(id) + "\": there are multi-power and annealing", "law");
}

const std::vector<std::string>& curve_parameters(CurveLaw law) {
  static const std::vector<std::string> multi_power{"L0", "A", "alpha", "B", "C", "beta", "gamma"},
      annealing{"L0", "A", "alpha", "C"};
  return law == CurveLaw::kMultiPower ? multi_power : annealing;
}

std::string_view curve_formula(CurveLaw law) {
  return law == CurveLaw::kMultiPower
             ? "L0 + A S1^-alpha - B sum (eta_{k-1} - eta_k) (1 - (C eta_k^-gamma S_k + 1)^-beta)"
             : "L0 + A S1^-alpha - C S2";
}

CurveBounds curve_bounds(std::string_view parameter) {
  if (parameter == "alpha") return {0.01, 3};
  if (parameter == "beta") return {0.01, 5};
  if (parameter == "gamma") return {0.01, 2};
  return {1e-10, 1e10};
}

Result<std::vector<CurvePoint>> curve_points(CurveLaw law, const RateHistory& history, std::span<const long> steps,
                                             double lambda) {
  if (!(lambda > 0 && lambda < 1)) return invalid_argument("lambda must lie between 0 and 1", "lambda");
  std::vector<double> annealing;
  if (law == CurveLaw::kAnnealing) annealing = history.annealing_area(lambda);
  std::vector<CurvePoint> points;
  points.reserve(steps.size());
  for (const long step : steps) {
    if (step < 1 || step > history.steps())
      return invalid_argument("step " + std::to_string(step) + " is outside the schedule, which has steps 1 to " +
                                  std::to_string(history.steps()),
                              "step");
    CurvePoint point{.step = step, .area = history.area(step)};
    if (law == CurveLaw::kMultiPower)
      point.changes = history.changes(step);
    else
      point.annealing_area = annealing[static_cast<std::size_t>(step - 1)];
    points.push_back(std::move(point));
  }
  return points;
}

double curve_loss(CurveLaw law, const CurvePoint& point, std::span<const double> theta, double* gradient) {
  const double log_area = std::log(point.area), power = std::exp(-theta[2] * log_area);
  const Decay decay = law == CurveLaw::kMultiPower ? decay_of(point, theta[4], theta[5], theta[6])
                                                   : Decay{.value = point.annealing_area};
  if (gradient != nullptr) {
    gradient[0] = 1;
    gradient[1] = power;
    gradient[2] = -theta[1] * power * log_area;
    gradient[3] = -decay.value;
    if (law == CurveLaw::kMultiPower) {
      gradient[4] = -theta[3] * decay.by_c;
      gradient[5] = -theta[3] * decay.by_beta;
      gradient[6] = -theta[3] * decay.by_gamma;
    }
  }
  return theta[0] + theta[1] * power - theta[3] * decay.value;
}

CurveBasis curve_basis(CurveLaw law, const CurvePoint& point, std::span<const double> theta) {
  return {.power = std::pow(point.area, -theta[2]),
          .decay = law == CurveLaw::kMultiPower ? decay_of(point, theta[4], theta[5], theta[6]).value
                                                : point.annealing_area};
}

}  // namespace isoflop
