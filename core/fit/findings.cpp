// SPDX-License-Identifier: Apache-2.0
#include "core/fit/findings.h"

namespace isoflop {

std::string_view finding_name(FindingCode code) {
  switch (code) {
    case FindingCode::kStartsDisagree:
      return "starts-disagree";
    case FindingCode::kFlatValley:
      return "flat-valley";
    case FindingCode::kParameterAtBound:
      return "parameter-at-bound";
    case FindingCode::kIllConditioned:
      return "ill-conditioned";
    case FindingCode::kCollinear:
      return "collinear";
    case FindingCode::kTooFewBudgets:
      return "too-few-budgets";
    case FindingCode::kTooFewRuns:
      return "too-few-runs";
    case FindingCode::kNoInteriorMinimum:
      return "no-interior-minimum";
    case FindingCode::kParabolaOpensDown:
      return "parabola-opens-down";
    case FindingCode::kOptimumAtEdge:
      return "optimum-at-edge";
    case FindingCode::kExtrapolation:
      return "extrapolation";
    case FindingCode::kNotConverged:
      return "not-converged";
    case FindingCode::kWithinNoise:
      return "within-noise";
    case FindingCode::kSystematicError:
      return "systematic-error";
    case FindingCode::kRankingsDisagree:
      return "rankings-disagree";
    case FindingCode::kSensitiveChoice:
      return "sensitive-choice";
  }
  return "";
}

}  // namespace isoflop
