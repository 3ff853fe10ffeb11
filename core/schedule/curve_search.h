// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/control.h"
#include "core/schedule/curve_law.h"

namespace isoflop {

// A point to be met by a fit.
struct CurveTarget {
  CurvePoint point;
  double loss = 0;
};

struct CurveCandidate {
  std::vector<double> theta;
  double value = 0;  // of the objective it was ranked or minimised by
};

// Where the starts lie: a rate and an area of the order of the curves' own give C its scale.
struct CurveScale {
  double rate = 0, area = 0;
};

// `count` sets of coefficients spread over the parameters that are not linear (the additive recurrence with the
// generalised golden ratio, Roberts 2018), each with the best L0, A and B >= 0 in relative squares; the best first.
// Those with no positive solution are left out. Empty when cancelled.
std::vector<CurveCandidate> project_starts(CurveLaw law, const std::vector<CurveTarget>& targets,
                                           const CurveScale& scale, int count, int threads, const Control& control);

// The minimum of the sum of Huber(log residual) near theta, over the logarithms of the parameters; delta infinite: of
// half squares. The value is that at theta where the solver makes it no better.
CurveCandidate polish_curve(CurveLaw law, const std::vector<CurveTarget>& targets, const std::vector<double>& theta,
                            double delta, const Control& control);

}  // namespace isoflop
