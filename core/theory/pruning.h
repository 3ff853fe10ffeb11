// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace isoflop {

// Which of the labelled samples a student is trained on: those nearest to the probe's boundary, the farthest, or any.
enum class Selection { kHard, kEasy, kRandom };
std::string_view selection_name(Selection selection);
Result<Selection> selection_from_name(std::string_view name);

// A perceptron learns a perceptron (Sorscher et al. 2022, arXiv:2206.14486): P samples x ~ N(0, I_N) with labels
// sign(w . x), of which a share is kept by the margin |probe . x|; the student has the largest margin on those kept.
struct PruningPlan {
  int dimensions = 100;    // N
  double pool = 2;         // P / N before pruning
  double kept = 1;         // share in (0, 1]
  double probe_angle = 0;  // between the probe and the teacher, in radians; 0: margins by the teacher
  Selection selection = Selection::kHard;
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;  // which draw
};
Status validate(const PruningPlan& plan);

// The share of fresh samples that the student gets wrong: its angle to the teacher over pi. Largest margin by ascent in
// the dual, one coordinate at a time, to 1e-4 of the margin. Requires a valid plan.
double pruned_error(const PruningPlan& plan);

}  // namespace isoflop
