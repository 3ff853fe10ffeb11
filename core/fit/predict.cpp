// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include "core/fit/fit.h"
#include "core/formula/evaluator.h"

namespace isoflop {

std::vector<double> predict(const Law& law, const std::vector<std::vector<double>>& columns,
                            const std::vector<double>& theta) {
  const std::vector<std::span<const double>> spans(columns.begin(), columns.end());
  const std::size_t rows = columns.empty() ? 1 : columns.front().size();
  std::vector<double> out(rows);
  Evaluator(law.formula, spans, rows).predict(theta, out);
  return out;
}

double evaluate_objective(const Law& law, const Observations& observations, const std::vector<double>& theta,
                          Objective objective, double delta) {
  const std::vector<double> predicted = predict(law, observations.columns, theta);
  double sum = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const double r = uses_log(objective) ? std::log(predicted[i]) - std::log(observations.response[i])
                                         : predicted[i] - observations.response[i];
    double rho = 0;
    switch (objective) {
      case Objective::kLogHuber:
      case Objective::kHuber:
        rho = rho_huber(r, delta).value;
        break;
      case Objective::kLogMse:
      case Objective::kMse:
        rho = 0.5 * r * r;
        break;
      case Objective::kLogMae:
      case Objective::kMae:
        rho = std::abs(r);
        break;
    }
    sum += observations.weight(i) * rho;
  }
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace isoflop
