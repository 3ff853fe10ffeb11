// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/base/result.h"
#include "core/fit/fit.h"
#include "core/laws/law.h"
#include "core/runs/observations.h"

namespace isoflop {

// Two laws in a row: the first predicts the loss on a task from a run's size and data, the second a score from that
// loss (Bhagia et al. 2024, arXiv:2412.04403; Xiao et al. 2024, arXiv:2412.04315). The response of the first is the
// role of a variable of the second. The laws must outlive it.
struct Chain {
  const Law* first = nullptr;
  const Law* second = nullptr;

  const std::string& link() const { return first->response; }
  // Roles that must be known for a score: the first law's variables, and the second's but for the link.
  std::vector<std::string> roles() const;
};

// Errors: kInvalidArgument where the second law has no variable for what the first predicts, or predicts it itself.
Result<Chain> make_chain(const Law& first, const Law& second);

struct ChainOptions {
  FitOptions first, second;
  int resamples = 0;
  std::uint64_t seed = 0;
  int threads = 0;  // 0: all cores. Results do not depend on it.
};

// Parameters of both laws, of the estimate or of one resample.
struct ChainTheta {
  std::vector<double> first, second;
};

struct ChainFit {
  Chain chain;
  Fit first, second;
  // Each from one draw of the runs with which both laws were refitted, in the order of the draws.
  std::vector<ChainTheta> resamples;
  int failed = 0;  // draws from which one of the laws could not be fitted, not among the resamples

  ChainTheta estimate() const { return {first.theta, second.theta}; }
};

// Fits each law to its own rows, then resamples. Where both sets of rows come from one table (the same data_hash), runs
// are drawn with replacement from the rows that either uses, so that a run drawn twice counts twice in both steps;
// otherwise each table is drawn by itself. Rows of one cluster are drawn together. Errors: as fit_law, naming the step;
// kNumerical where no draw can be fitted; kCancelled.
Result<ChainFit> fit_chain(const Chain& chain, const Observations& first, const Observations& second,
                           const ChainOptions& options = {}, const Control& control = {});

struct ChainValue {
  double loss = 0, score = 0;
};

// At values by role, with the defaults of variables that have one. Errors: kInvalidArgument naming a role without
// value.
Result<ChainValue> predict_chain(const Chain& chain, const ChainTheta& theta, const std::map<std::string, double>& at);

}  // namespace isoflop
