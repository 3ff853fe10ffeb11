// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace isoflop {

// A decoder-only transformer, as far as its parameters and FLOP can be counted.
struct Architecture {
  double layers = 0;
  double width = 0;            // of the residual stream
  double feed_forward = 0;     // width of the hidden layer of the feed-forward block; 0: 4 * width
  double heads = 0;            // 0: heads of 64
  double key_value_heads = 0;  // 0: as many as heads
  double head_width = 0;       // 0: width / heads
  double vocabulary = 0;
  double context = 0;  // tokens of a sequence

  bool gated = false;              // the feed-forward block has three matrices (SwiGLU), not two
  bool tied = true;                // the last layer is the transposed embedding: no parameters of its own
  bool learned_positions = false;  // a vector for each position of the context
  bool biases = false;             // of all matrices but the last layer, and of the norms
};

// Which parameters are N.
//   kTotal           all of them
//   kNonEmbedding    without the embeddings of tokens and positions and without the last layer (Kaplan et al. 2020)
//   kWithLastLayer   non-embedding, and the last layer, which multiplies every token even where it is tied
//                    (Porian et al. 2024, arXiv:2406.19146)
enum class ParamCount { kTotal, kNonEmbedding, kWithLastLayer };

// Which FLOP are C, per training token: three times those of the forward pass.
//   kSixN        6 N for the N chosen (Kaplan et al. 2020, section 2.1)
//   kAttention   6 N + 12 layers heads head_width context: the products of queries with keys and of weights with values
//                (Chowdhery et al. 2022, appendix B)
//   kExact       2 per multiply-add of every matrix product of the forward pass: the blocks, attention over the whole
//                context, and the last layer; not the look-up of embeddings, norms or softmax
//   kNonEmbedding  of the blocks and their attention alone, 72 layers width^2 + 12 layers width context for a plain
//   block
//                (Bi et al. 2024, arXiv:2401.02954, the M of C = M D)
enum class FlopCount { kSixN, kAttention, kExact, kNonEmbedding };

// Errors: kInvalidArgument, naming the dimension that is missing or not positive.
Result<double> count_params(const Architecture& model, ParamCount which);
Result<double> count_flops_per_token(const Architecture& model, FlopCount which,
                                     ParamCount params = ParamCount::kTotal);

std::string_view param_count_name(ParamCount which);              // "total", "non-embedding", "with-last-layer"
std::string_view flop_count_name(FlopCount which);                // "6nd", "attention", "exact", "non-embedding"
Result<ParamCount> param_count_from_name(std::string_view name);  // errors list the names
Result<FlopCount> flop_count_from_name(std::string_view name);

}  // namespace isoflop
