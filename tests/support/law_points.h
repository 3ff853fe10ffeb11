// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/formula/evaluator.h"
#include "core/laws/library.h"

namespace isoflop::test {

// The laws that ship. One of groups of columns stands there as for a table with three columns in each.
inline const LawLibrary& shipped_laws() {
  static const LawLibrary library = [] {
    LawLibrary read = load_laws(std::filesystem::path(ISOFLOP_SOURCE_DIR) / "resources" / "laws");
    for (Law& law : read.laws) {
      std::vector<std::string> columns;
      for (const LawVariable& variable : law.variables)
        for (const std::string& pattern : variable.columns)
          for (const char* part : {"a", "b", "c"})
            columns.push_back(std::string(pattern).replace(pattern.find('*'), 1, part));
      law = instantiate(law, columns).value();
    }
    return read;
  }();
  return library;
}

// Values by name: of a law's variables by symbol, or of its parameters.
using Named = std::map<std::string, double>;

inline Named named_parameters(const Law& law, const std::vector<double>& theta) {
  Named named;
  for (std::size_t j = 0; j < law.parameters.size(); ++j) named[law.parameters[j].name] = theta[j];
  return named;
}

// A program at one point: variables by symbol, theta in the order of the parameters.
inline double at(const Program& program, const Named& point, const std::vector<double>& theta) {
  std::vector<std::span<const double>> columns;
  for (const std::string& symbol : program.variables()) columns.emplace_back(&point.at(symbol), 1);
  double out = 0;
  Evaluator(program, columns, 1).predict(theta, {&out, 1});
  return out;
}

// What the law predicts at a point, with the defaults of the variables that are not named.
inline double predict(const Law& law, Named point, const std::vector<double>& theta) {
  for (const LawVariable& variable : law.variables)
    if (variable.default_value) point.emplace(variable.symbol, *variable.default_value);
  return at(law.formula, point, theta);
}

// Where a law without published coefficients is tried.
inline std::vector<double> middle_of_starts(const Law& law) {
  std::vector<double> theta;
  for (const LawParameter& p : law.parameters)
    theta.push_back(p.transform == Transform::kLog ? std::sqrt(p.start_lower * p.start_upper)
                                                   : (p.start_lower + p.start_upper) / 2);
  return theta;
}

}  // namespace isoflop::test
