// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// Models of learning whose scaling exponents are known, as sources of runs.
//   plrf            power-law random features under one-pass SGD (resolvent.h)
//   dynamical       random features under gradient flow (resolvent.h with gain 0); tokens are time
//   solvable        ridgeless random-feature regression from T samples (solvable.h)
//   structured-sgd  SGD on the leading features of a spectrum (sgd_dynamics.h)
//   pruning         perceptrons taught on pruned samples (pruning.h); the loss is the share of errors
enum class TheoryModel { kPlrf, kDynamical, kSolvable, kStructuredSgd, kPruning };
std::string_view theory_model_name(TheoryModel model);
Result<TheoryModel> theory_model_from_name(std::string_view name);

// What a model may be told, with its default.
struct TheoryParameter {
  std::string name;
  double value = 0;
  std::string meaning;
};
const std::vector<TheoryParameter>& theory_parameters(TheoryModel model);

// Every parameter's value: those given over the defaults. Errors: kNotFound for an unknown one, with those there are.
Result<std::map<std::string, double>> theory_values(TheoryModel model, const std::map<std::string, double>& given);

// The expected loss of N after D samples, NaN where the model has none, and what sizes it allows.
struct TheorySurface {
  std::function<double(double params, double tokens)> loss;
  double largest = std::numeric_limits<double>::infinity();  // N below this
  bool below_tokens = false;                                 // N < D only: the other side is its mirror image
  double batch = 1;                                          // D is a multiple of it
};

// Of every model but pruning. Errors: kInvalidArgument for parameters out of range.
Result<TheorySurface> theory_surface(TheoryModel model, const std::map<std::string, double>& given);

}  // namespace isoflop
