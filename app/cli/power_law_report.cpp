// SPDX-License-Identifier: Apache-2.0
#include "app/cli/power_law_report.h"

#include <fmt/format.h>

#include <cmath>

#include "app/cli/output.h"
#include "core/base/quantity.h"

namespace isoflop::cli {

nlohmann::ordered_json power_law_json(const std::optional<PowerLaw>& law) {
  if (!law) return nullptr;
  nlohmann::ordered_json json{
      {"scale", law->scale}, {"exponent", law->exponent}, {"standard_error", law->standard_error}};
  if (law->exponent_ci95) json["ci95"] = interval_json(*law->exponent_ci95);
  if (law->scale_ci95) json["scale_ci95"] = interval_json(*law->scale_ci95);
  return json;
}

std::string power_law_text(const char* what, const PowerLaw& law) {
  std::string certainty;
  if (law.exponent_ci95)
    certainty = "95% interval " + interval_text(*law.exponent_ci95);
  else if (std::isfinite(law.standard_error))
    certainty = "± " + format_number(law.standard_error, 2);
  return fmt::format("  {} = {} C^{}{}{}\n", what, format_number(law.scale, 4), format_number(law.exponent, 4),
                     certainty.empty() ? "" : "   ", certainty);
}

}  // namespace isoflop::cli
