// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace isoflop {

// A reason not to trust a number, with the number behind it. Findings travel with the fit into every view, table and
// export.
enum class FindingCode {
  kStartsDisagree,     // several distinct local optima with nearly the same objective
  kFlatValley,         // a wide range of a parameter moves the objective by less than the stated share
  kParameterAtBound,   // the estimate lies on a bound
  kIllConditioned,     // parameters trade off: the data do not separate them
  kCollinear,          // log N and log D are nearly collinear over the runs
  kTooFewBudgets,      // fewer than three compute budgets
  kTooFewRuns,         // isoFLOP curve: too few runs, or too few different sizes, for a parabola to mean anything
  kNoInteriorMinimum,  // isoFLOP curve: the best run is the smallest or the largest
  kParabolaOpensDown,  // isoFLOP curve: fitted curvature is not positive
  kOptimumAtEdge,      // compute-optimal point at the edge of the search
  kExtrapolation,      // asked for more than a decade beyond the largest budget of the runs
  kNotConverged,       // resamples or starts that did not converge
  kWithinNoise,        // laws whose errors differ by no more than the luck of which runs were held out
  kSystematicError,    // held-out predictions that are too high, or too low, on average
  kRankingsDisagree,   // held-out runs and information criteria prefer different laws
  kSensitiveChoice,    // a choice of the analysis moves the estimate by more than its standard error
};

enum class Severity { kNote, kWarning };

struct Finding {
  FindingCode code;
  Severity severity = Severity::kWarning;
  std::string message;  // one sentence with the figures
  std::string subject;  // parameter, budget or law it concerns; may be empty
  double value = 0;     // the figure itself, e.g. decades of extrapolation
};

std::string_view finding_name(FindingCode code);  // "starts-disagree", ...

}  // namespace isoflop
