// SPDX-License-Identifier: Apache-2.0
#include "core/compute/architecture.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace isoflop {
namespace {

constexpr double kHeadWidth = 64;  // where neither heads nor their width are known

constexpr std::array<std::pair<ParamCount, std::string_view>, 3> kParamNames{
    {{ParamCount::kTotal, "total"},
     {ParamCount::kNonEmbedding, "non-embedding"},
     {ParamCount::kWithLastLayer, "with-last-layer"}}};
constexpr std::array<std::pair<FlopCount, std::string_view>, 4> kFlopNames{
    {{FlopCount::kSixN, "6nd"},
     {FlopCount::kAttention, "attention"},
     {FlopCount::kExact, "exact"},
     {FlopCount::kNonEmbedding, "non-embedding"}}};

template <class Names>
auto named(const Names& names, std::string_view name, const char* what) -> Result<decltype(names[0].first)> {
  std::string known;
  for (const auto& [value, its_name] : names) {
    if (its_name == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(its_name);
  }
  return invalid_argument("there is no " + std::string(what) + " \"" + std::string(name) + "\"; there are " + known,
                          std::string(what));
}

template <class Names, class Value>
std::string_view name_of(const Names& names, Value value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return {};
}

// Dimensions that follow from others, filled in.
struct Filled {
  double layers, width, feed_forward, heads, key_value_heads, head_width, vocabulary, context;
};

Status need(double value, const char* name, const char* what) {
  if (std::isfinite(value) && value > 0) return Done{};
  return invalid_argument("to count " + std::string(what) + " the " + name + " of the model must be known", name);
}

Result<Filled> fill(const Architecture& model, const char* what, bool vocabulary, bool context) {
  if (const Status status = need(model.layers, "layers", what); !status.ok()) return status.error();
  if (const Status status = need(model.width, "width", what); !status.ok()) return status.error();
  if (vocabulary)
    if (const Status status = need(model.vocabulary, "vocabulary", what); !status.ok()) return status.error();
  if (context)
    if (const Status status = need(model.context, "context", what); !status.ok()) return status.error();
  Filled all{};
  all.layers = model.layers;
  all.width = model.width;
  all.feed_forward = model.feed_forward > 0 ? model.feed_forward : 4 * model.width;
  all.heads = model.heads > 0 ? model.heads : model.width / (model.head_width > 0 ? model.head_width : kHeadWidth);
  all.head_width = model.head_width > 0 ? model.head_width : model.width / all.heads;
  all.key_value_heads = model.key_value_heads > 0 ? model.key_value_heads : all.heads;
  all.vocabulary = model.vocabulary;
  all.context = model.context;
  return all;
}

// Weights of the matrices of one block: queries, keys, values and output; the feed-forward layers.
double block_matrices(const Filled& all, bool gated) {
  const double attention = 2 * all.width * all.head_width * (all.heads + all.key_value_heads);
  return attention + (gated ? 3 : 2) * all.width * all.feed_forward;
}

// Beside the matrices: two norms, and the biases.
double block_vectors(const Filled& all, bool gated, bool biases) {
  if (!biases) return 2 * all.width;
  const double attention = all.head_width * (all.heads + 2 * all.key_value_heads) + all.width;
  const double feed_forward = (gated ? 2 : 1) * all.feed_forward + all.width;
  return 4 * all.width + attention + feed_forward;
}

}  // namespace

Result<double> count_params(const Architecture& model, ParamCount which) {
  const bool positions = which == ParamCount::kTotal && model.learned_positions;
  const auto all = fill(model, "parameters", which != ParamCount::kNonEmbedding, positions);
  if (!all.ok()) return all.error();
  const double final_norm = (model.biases ? 2 : 1) * all->width;
  const double blocks =
      all->layers * (block_matrices(*all, model.gated) + block_vectors(*all, model.gated, model.biases));
  const double embedding = all->vocabulary * all->width;
  switch (which) {
    case ParamCount::kNonEmbedding:
      return blocks + final_norm;
    case ParamCount::kWithLastLayer:
      return blocks + final_norm + embedding;
    case ParamCount::kTotal:
      break;
  }
  return blocks + final_norm + (model.tied ? 1 : 2) * embedding + (positions ? all->context * all->width : 0);
}

Result<double> count_flops_per_token(const Architecture& model, FlopCount which, ParamCount params) {
  const bool last_layer = which == FlopCount::kExact;
  const auto all = fill(model, "FLOP", last_layer, which != FlopCount::kSixN);
  if (!all.ok()) return all.error();
  // Queries with keys, and weights with values: 2 each, times three for the backward pass.
  const double attention = 12 * all->layers * all->heads * all->head_width * all->context;
  const double blocks = 6 * all->layers * block_matrices(*all, model.gated);
  switch (which) {
    case FlopCount::kNonEmbedding:
      return blocks + attention;
    case FlopCount::kExact:
      return blocks + attention + 6 * all->vocabulary * all->width;
    case FlopCount::kSixN:
    case FlopCount::kAttention:
      break;
  }
  const Result<double> counted = count_params(model, params);
  if (!counted.ok()) return counted.error();
  return 6 * *counted + (which == FlopCount::kAttention ? attention : 0);
}

std::string_view param_count_name(ParamCount which) {
  return name_of(kParamNames, which);
}

std::string_view flop_count_name(FlopCount which) {
  return name_of(kFlopNames, which);
}

Result<ParamCount> param_count_from_name(std::string_view name) {
  return named(kParamNames, name, "parameter count");
}

Result<FlopCount> flop_count_from_name(std::string_view name) {
  return named(kFlopNames, name, "FLOP count");
}

}  // namespace isoflop
