// SPDX-License-Identifier: Apache-2.0
#include "core/runs/recount.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/quantity.h"
#include "core/runs/table_edit.h"
#include "core/runs/table_text.h"

namespace isoflop {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

struct Aliases {
  std::string_view dimension, headers;  // normalised: lower case, no blanks, dashes, dots or underscores
};

// Names of configurations of Hugging Face, GPT-NeoX, Megatron, open_lm, OLMo, and of the tables of papers.
constexpr std::array<Aliases, 12> kAliases{{
    {"layers", "layers nlayers nlayer numlayers numhiddenlayers nblocks numblocks depth numl"},
    {"width", "width dmodel embeddim embdim hiddensize hiddendim modeldim nembd residualwidth"},
    {"feed_forward", "feedforward dff ffn ffnh ffnhiddensize intermediatesize mlpdim mlphiddensize ffwsize dffn"},
    {"heads", "heads nheads nhead numheads numattentionheads attentionheads numh"},
    {"key_value_heads", "keyvalueheads nkvheads numkvheads numkeyvalueheads kvheads nkv"},
    {"head_width", "headwidth headdim dhead kvsize kqvsize attentionheadsize dkey"},
    {"vocabulary", "vocabulary vocab vocabsize nvocab vocabularysize"},
    {"context", "context contextlength ctx nctx seqlen seqlength sequencelength maxseqlen blocksize"},
    {"gated", "gated gatedmlp swiglu glu"},
    {"tied", "tied tiedembeddings tieembeddings tiewordembeddings weighttying"},
    {"learned_positions", "learnedpositions learnedpositionalembeddings"},
    {"biases", "biases bias usebias"},
}};

std::string normalise(std::string_view header) {
  std::string out;
  for (const char c : header)
    if (std::string_view(" \t-_.").find(c) == std::string_view::npos)
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// A dimension for every run: a column, or one number.
struct Source {
  std::span<const double> column;
  double number = kMissing;
  std::string said;  // for the sentence

  bool known() const { return !said.empty(); }
  double at(std::size_t row) const { return column.empty() ? number : column[row]; }
};

using Sources = std::array<Source, std::size(kDimensions)>;

Result<Source> stated(const RunTable& table, std::string_view dimension, const std::string& text) {
  Source source;
  if (const Column* column = table.find(text); column != nullptr) {
    if (!column->numeric())
      return invalid_argument("column \"" + text + "\" holds text, so it cannot be the " + std::string(dimension),
                              std::string(dimension));
    source.column = std::get<std::vector<double>>(column->values);
    source.said = '`' + text + '`';
    return source;
  }
  const Result<double> number = parse_quantity(text);
  if (!number.ok())
    return not_found("\"" + text + "\" is neither a number nor a column; the runs have " + column_list(table.columns),
                     std::string(dimension));
  source.number = *number;
  source.said = text;
  return source;
}

Result<Sources> find_sources(const RunTable& table, const Recount& how) {
  Sources sources;
  for (const auto& [name, text] : how.dimensions)
    if (std::find(std::begin(kDimensions), std::end(kDimensions), name) == std::end(kDimensions)) {
      std::string known;
      for (const std::string_view one : kDimensions) known += (known.empty() ? "" : ", ") + std::string(one);
      return not_found("there is no dimension \"" + name + "\"; there are " + known, name);
    }
  for (std::size_t d = 0; d < sources.size(); ++d) {
    if (const auto given = how.dimensions.find(std::string(kDimensions[d])); given != how.dimensions.end()) {
      Result<Source> source = stated(table, kDimensions[d], given->second);
      if (!source.ok()) return source.error();
      sources[d] = *std::move(source);
      continue;
    }
    for (const Column& column : table.columns) {
      if (!column.numeric() || dimension_of_header(column.name) != kDimensions[d]) continue;
      sources[d].column = std::get<std::vector<double>>(column.values);
      sources[d].said = '`' + column.name + '`';
      break;
    }
  }
  return sources;
}

Architecture architecture_of(const Sources& sources, std::size_t row) {
  const auto size = [&](std::size_t d) { return sources[d].known() ? sources[d].at(row) : 0; };
  const auto yes = [&](std::size_t d, bool otherwise) {
    return sources[d].known() ? sources[d].at(row) != 0 : otherwise;
  };
  Architecture model;
  model.layers = size(0);
  model.width = size(1);
  model.feed_forward = size(2);
  model.heads = size(3);
  model.key_value_heads = size(4);
  model.head_width = size(5);
  model.vocabulary = size(6);
  model.context = size(7);
  model.gated = yes(8, model.gated);
  model.tied = yes(9, model.tied);
  model.learned_positions = yes(10, model.learned_positions);
  model.biases = yes(11, model.biases);
  return model;
}

// Where a dimension is unknown altogether, the sentence tells how to give it; where single rows lack it, they are
// missing.
Error not_given(const Error& error) {
  Error told = error;
  told.message += ": name its column or give the number for all runs (dimension " + error.where.parameter + ")";
  return told;
}

std::string from(const Sources& sources) {
  std::string text;
  for (std::size_t d = 0; d < sources.size(); ++d)
    if (sources[d].known()) text += (text.empty() ? "" : ", ") + std::string(kDimensions[d]) + " = " + sources[d].said;
  return text;
}

// One value per row, NaN where the row lacks a dimension. The error is that of the first row when no row has a value.
template <class Count>
Result<std::vector<double>> for_rows(const RunTable& table, const Sources& sources, const Count& count) {
  std::vector<double> values(table.rows(), kMissing);
  bool any = table.rows() == 0;
  Error first;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const Result<double> value = count(architecture_of(sources, row));
    if (value.ok())
      values[row] = *value;
    else if (!any && first.message.empty())
      first = value.error();
    any = any || value.ok();
  }
  if (!any) return not_given(first);
  return values;
}

}  // namespace

std::string_view dimension_of_header(std::string_view header) {
  const std::string name = ' ' + normalise(header) + ' ';
  for (const Aliases& aliases : kAliases) {
    const std::string headers = ' ' + std::string(aliases.headers) + ' ';
    if (name.size() > 2 && headers.find(name) != std::string::npos) return aliases.dimension;
  }
  return {};
}

Status recount(RunTable& table, const Recount& how) {
  if (!how.params && !how.flops) {
    if (how.dimensions.empty()) return Done{};
    return invalid_argument(
        "dimensions of the architecture are given, but nothing is counted from them: say how params "
        "or flops are to be counted",
        how.dimensions.begin()->first);
  }
  const Result<Sources> found = find_sources(table, how);
  if (!found.ok()) return found.error();
  const std::string sources = from(*found);
  if (how.params) {
    auto counted = for_rows(table, *found, [&](const Architecture& model) { return count_params(model, *how.params); });
    if (!counted.ok()) return counted.error();
    const std::string text = std::string(param_count_name(*how.params)) + " of " + sources;
    note(table, "params are counted: " + text, "params");
    put_derived(table, "params", *std::move(counted), "count: " + text);
  }
  if (!how.flops) return Done{};
  if (table.numbers("tokens").empty()) {
    const auto params = table.numbers("params"), flops = table.numbers("flops");
    if (params.empty() || flops.empty())
      return not_found("to count flops the runs need tokens: map a column to them or derive them", "tokens");
    std::vector<double> tokens(table.rows());
    for (std::size_t row = 0; row < tokens.size(); ++row) tokens[row] = flops[row] / (6 * params[row]);
    note(table, "tokens are derived before flops are counted: tokens = flops / (6 * params)", "tokens");
    put_derived(table, "tokens", std::move(tokens), "flops / (6 * params)");
  }
  const bool on_params = *how.flops == FlopCount::kSixN || *how.flops == FlopCount::kAttention;
  if (on_params && table.numbers("params").empty())
    return not_found("to count flops as " + std::string(flop_count_name(*how.flops)) +
                         " the runs need params: map a column to them, or have them counted",
                     "params");
  std::vector<double> values(table.rows());
  if (on_params && *how.flops == FlopCount::kSixN) {
    const auto params = table.numbers("params"), tokens = table.numbers("tokens");
    for (std::size_t row = 0; row < values.size(); ++row) values[row] = 6 * params[row] * tokens[row];
  } else {
    // Attention is what counting with it adds to 6 N, whatever N is.
    const auto per_token = for_rows(table, *found, [&](const Architecture& model) -> Result<double> {
      if (!on_params) return count_flops_per_token(model, *how.flops);
      const Result<double> with = count_flops_per_token(model, FlopCount::kAttention, ParamCount::kNonEmbedding);
      if (!with.ok()) return with.error();
      return *with - 6 * *count_params(model, ParamCount::kNonEmbedding);
    });
    if (!per_token.ok()) return per_token.error();
    const auto params = table.numbers("params"), tokens = table.numbers("tokens");
    for (std::size_t row = 0; row < values.size(); ++row)
      values[row] = ((*per_token)[row] + (on_params ? 6 * params[row] : 0)) * tokens[row];
  }
  const std::string text = std::string(flop_count_name(*how.flops)) + (sources.empty() ? "" : " of " + sources);
  note(table, "flops are counted: " + text, "flops");
  put_derived(table, "flops", std::move(values), "count: " + text);
  return Done{};
}

}  // namespace isoflop
