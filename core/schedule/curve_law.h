// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/schedule/curve_points.h"

namespace isoflop {

// Laws of a whole loss curve under its learning-rate schedule. S1 is the area of the rates up to the step, warm-up
// included.
//   multi-power  L = L0 + A S1^-alpha - B sum_{k=1..t} (eta_{k-1} - eta_k) [1 - (C eta_k^-gamma S_k(t) + 1)^-beta]
//                (Luo et al. 2025, arXiv:2503.12811). The sum begins at step 1, so that the rising warm-up adds to the
//                loss: without it published coefficients predict 3 to 6% too little.
//   annealing    L = L0 + A S1^-alpha - C S2(lambda) (Tissue et al. 2024, arXiv:2408.11029), lambda a constant of the
//   law.
enum class CurveLaw { kMultiPower, kAnnealing };
inline constexpr CurveLaw kCurveLaws[] = {CurveLaw::kMultiPower, CurveLaw::kAnnealing};

std::string_view curve_law_id(CurveLaw law);
Result<CurveLaw> curve_law_from_id(std::string_view id);
// In the order of theta: L0, A, alpha, B, C, beta, gamma; L0, A, alpha, C. All are positive.
const std::vector<std::string>& curve_parameters(CurveLaw law);
std::string_view curve_formula(CurveLaw law);

// Where a fit looks for a parameter. Noise can pull beta and gamma off to where the kernel of multi-power is another
// one.
struct CurveBounds {
  double lower = 0, upper = 0;
};
CurveBounds curve_bounds(std::string_view parameter);

inline constexpr double kDefaultLambda = 0.999;

// What a law needs to know of a run's schedule at one step.
struct CurvePoint {
  long step = 0;
  double area = 0;                  // S1
  std::vector<RateChange> changes;  // multi-power
  double annealing_area = 0;        // annealing
};

// Errors: kInvalidArgument for steps outside the run, and lambda outside (0, 1).
Result<std::vector<CurvePoint>> curve_points(CurveLaw law, const RateHistory& history, std::span<const long> steps,
                                             double lambda = kDefaultLambda);

// The loss, and its derivatives by theta where `gradient` is not null.
double curve_loss(CurveLaw law, const CurvePoint& point, std::span<const double> theta, double* gradient = nullptr);

// The loss is linear in L0, A and B (C for annealing): L = L0 + A p - B q, with p and q of the other parameters.
struct CurveBasis {
  double power = 0, decay = 0;  // p, q
};
CurveBasis curve_basis(CurveLaw law, const CurvePoint& point, std::span<const double> theta);

}  // namespace isoflop
