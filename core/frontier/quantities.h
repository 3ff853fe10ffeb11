// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/fit/quantity.h"
#include "core/frontier/allocation.h"

namespace isoflop {

// N*(C), D*(C) and L*(C) as numbers computed from the parameters: for the delta method and for profiles. By the closed
// form where the law has one, else by search over the surface. The law must outlive them; a stated frontier is not
// among them, since it does not depend on the parameters. NaN where parameters have no finite optimum.
struct AllocationQuantities {
  Quantity params, tokens, loss;
};
AllocationQuantities allocation_quantities(const LawInstance& instance, double flops);

// What the law predicts at a point: one value per variable, in order.
Quantity prediction_quantity(const Law& law, const std::vector<double>& point);

}  // namespace isoflop
