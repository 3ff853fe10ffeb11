// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/fit/akima.h"
#include "core/fit/bootstrap.h"
#include "core/fit/findings.h"

namespace isoflop {

// How loss is read between the model sizes of one compute budget. x = ln(N / center).
//   kParabola        loss = c0 + c1 x + c2 x^2, least squares of the loss (Hoffmann et al. 2022, approach 2)
//   kAkima, kMakima  interpolation of ln loss in ln N, through the mean of ln loss where a size was trained several
//   times
//                    (Porian et al. 2024)
//   kLaw             what a sum of powers is along a budget: E_C + A_C N^-alpha + B_C N^beta, where D = C / 6N turned
//                    the part of the tokens into a power of N. alpha and beta are one pair for all budgets; E_C, A_C
//                    and B_C are free at each, so that nothing is assumed of how the budgets relate. Least squares of
//                    the loss.
enum class IsoflopMethod { kParabola, kAkima, kMakima, kLaw };

std::string_view isoflop_method_name(IsoflopMethod method);  // "parabola", "akima", "makima", "law"
Result<IsoflopMethod> isoflop_method_from_name(std::string_view name);

// Exponents of kLaw. As both vanish the curve becomes the parabola.
struct IsoflopShape {
  double alpha = 0, beta = 0;  // >= 0
};

struct IsoflopCurve {
  double flops = 0;               // geometric mean of the runs' budgets
  std::vector<std::size_t> runs;  // indices into the arrays given
  // Of kParabola and kLaw: loss = c0 + c1 u(x) + c2 q(x), with u = (1 - e^(-alpha x)) / alpha,
  // v = (e^(beta x) - 1) / beta and q = 2 (v - u) / (alpha + beta); as the exponents vanish, u is x and q is x^2.
  double center = 1, c0 = 0, c1 = 0, c2 = 0;
  IsoflopShape shape;
  std::optional<Akima> interpolant;  // of ln loss over ln(N / center)
  bool accepted = false;             // has its minimum between the smallest and the largest N
  std::optional<FindingCode> refusal;
  double params = 0, tokens = 0, loss = 0;                          // at the minimum; only where accepted
  std::optional<Interval> params_ci95;                              // by resampling
  double params_spread = std::numeric_limits<double>::quiet_NaN();  // standard deviation of ln N*, where resampled
};

// The loss of the curve at a number of parameters; NaN for a curve that was not fitted.
double loss_on(const IsoflopCurve& curve, double params);

// Runs of one budget: x = ln(N / center), and how often each run counts.
struct IsoflopPoints {
  std::vector<double> x, loss, weight;

  std::size_t size() const { return x.size(); }
};

// The curve through points of positive weight.
struct IsoflopFit {
  double c0 = 0, c1 = 0, c2 = 0;
  double residual = 0;  // weighted sum of squares; 0 for an interpolant
  std::optional<Akima> interpolant;
  double minimum = std::numeric_limits<double>::quiet_NaN();  // x of the lowest point, unless refused
  bool bounded_by_one = false;                                // only one size lies on one side of the minimum
  std::optional<FindingCode> refusal;
};

// `smallest_sizes` different N are needed, at least 3 (kTooFewRuns). A parabola that bends down, and another curve
// whose top lies between its ends, gives kParabolaOpensDown; one without a minimum strictly between the smallest and
// the largest N otherwise gives kNoInteriorMinimum.
IsoflopFit fit_isoflop_curve(const IsoflopPoints& points, IsoflopMethod method, const IsoflopShape& shape,
                             int smallest_sizes);

}  // namespace isoflop
