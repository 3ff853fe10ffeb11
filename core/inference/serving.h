// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/frontier/allocation.h"

namespace isoflop {

// What a model will be asked for over its life, and what a FLOP costs where it is trained and where it serves. With the
// defaults the cost is in FLOP; with a price in dollars per FLOP at peak speed it is in dollars. Prompt tokens run in
// parallel and produced ones do not, so each has its own share of the peak that is used (MFU).
struct ServingDemand {
  double prompt_tokens = 0;    // D_in, over the life of the model
  double produced_tokens = 0;  // D_out
  double training_price = 1, serving_price = 1;
  double training_mfu = 1, prompt_mfu = 1, produced_mfu = 1;
};

// A model of the quality asked for, and what it costs.
struct ServingPoint {
  double params = 0, tokens = 0;
  double training_cost = 0, serving_cost = 0;
  double training_flops = 0, serving_flops = 0;
  bool at_edge = false;  // no interior minimum within the range searched

  double cost() const { return training_cost + serving_cost; }
};

struct ServingPlan {
  double loss = 0;
  ServingPoint best;      // least cost of training and serving together
  ServingPoint training;  // least training cost, as if nobody used the model; its cost includes serving
  double saving = 0;      // 1 - cost(best) / cost(training)
};

// Cost of training N on D and serving it (Sardana et al. 2024, arXiv:2401.00448, equations 2 and 6):
//   6 N D c_tr / mfu_tr + 2 N c_inf (D_in / mfu_in + D_out / mfu_out).
// Training FLOP are the law's own; serving a token takes a third of training on it (the forward pass), so that laws
// whose cost is not 6 N D count the same in both places.
ServingPoint serving_point(const LawInstance& instance, const ServingDemand& demand, double params, double tokens);

// Minimises that cost over N subject to L(N, D) = loss: for each N the fewest tokens that reach the loss by bisection
// in log D, and a search in log N, by a grid from 1e3 to 1e15 parameters and golden sections in its best cell. Any law
// with params and tokens will do; at the optimum of E + A/N^alpha + B/D^beta,
//   alpha A N^-alpha / (beta B D^-beta) = 1 + D_inf / (3 D).
// Errors: kInvalidArgument for a negative demand, prices and MFU that are not positive, or a missing context value;
// kNumerical where no model in range reaches the loss.
Result<ServingPlan> plan_serving(const LawInstance& instance, const ServingDemand& demand, double loss);

}  // namespace isoflop
