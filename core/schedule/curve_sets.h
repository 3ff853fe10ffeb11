// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/schedule/curve_law.h"

namespace isoflop {

// Coefficients of a law of curves as published.
struct CurveSet {
  CurveLaw law = CurveLaw::kMultiPower;
  std::string id, label, status, source, data, url;
  std::vector<double> theta;
  double lambda = kDefaultLambda;
};

// resources/curve_laws.toml, whose head says what each key means. Errors: kNotFound, kIo, and mistakes in the file with
// line and column.
Result<std::vector<CurveSet>> read_curve_sets(const std::filesystem::path& toml);

}  // namespace isoflop
