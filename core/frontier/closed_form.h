// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/formula/evaluator.h"
#include "core/frontier/allocation.h"

namespace isoflop {

// Values of frontier.parameters where formulas give the instance's frontier: the published ones of a stated frontier,
// or theta for the others. None where the surface has to be searched.
std::optional<std::vector<double>> frontier_parameters(const LawInstance& instance);

// N*, D* and L* by a frontier's formulas for many sets of parameters at once, budget after budget: what depends on the
// parameters alone is computed when they are bound.
class FrontierFormulas {
 public:
  // theta[j][i]: value of frontier.parameters[j] in row i.
  FrontierFormulas(const LawFrontier& frontier, std::span<const std::span<const double>> theta, std::size_t rows);

  // The loss is NaN where the frontier does not say it.
  void evaluate(double flops, std::span<double> params, std::span<double> tokens, std::span<double> loss);

 private:
  Evaluator params_, tokens_;
  std::optional<Evaluator> loss_;
};

}  // namespace isoflop
