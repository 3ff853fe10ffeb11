// SPDX-License-Identifier: Apache-2.0
#include "core/compute/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace isoflop {
namespace {

using testing::HasSubstr;

// Radford et al. 2019; counts of the released checkpoints.
Architecture gpt2(double layers, double width, double heads) {
  return {.layers = layers,
          .width = width,
          .feed_forward = 0,
          .heads = heads,
          .key_value_heads = 0,
          .head_width = 0,
          .vocabulary = 50257,
          .context = 1024,
          .gated = false,
          .tied = true,
          .learned_positions = true,
          .biases = true};
}

// Touvron et al. 2023 and later: gated, untied, rotary positions, no biases.
Architecture llama(double layers, double width, double feed_forward, double heads, double groups, double vocabulary) {
  return {.layers = layers,
          .width = width,
          .feed_forward = feed_forward,
          .heads = heads,
          .key_value_heads = groups,
          .head_width = 0,
          .vocabulary = vocabulary,
          .context = 4096,
          .gated = true,
          .tied = false,
          .learned_positions = false,
          .biases = false};
}

TEST(Architecture, CountsEveryParameterOfReleasedModels) {
  EXPECT_EQ(*count_params(gpt2(12, 768, 12), ParamCount::kTotal), 124'439'808);
  EXPECT_EQ(*count_params(gpt2(48, 1600, 25), ParamCount::kTotal), 1'557'611'200);
  EXPECT_EQ(*count_params(llama(32, 4096, 11008, 32, 32, 32000), ParamCount::kTotal), 6'738'415'616);  // Llama 2 7B
  EXPECT_EQ(*count_params(llama(32, 4096, 14336, 32, 8, 128256), ParamCount::kTotal), 8'030'261'248);  // Llama 3 8B
  EXPECT_EQ(*count_params(llama(32, 4096, 14336, 32, 8, 32000), ParamCount::kTotal), 7'241'732'096);   // Mistral 7B
}

// Biderman et al. 2023 (arXiv:2304.01373), table 1, tell total and non-embedding parameters apart.
TEST(Architecture, TellsEmbeddingsApart) {
  Architecture pythia = gpt2(12, 768, 12);
  pythia.vocabulary = 50304;
  pythia.tied = false;
  pythia.learned_positions = false;
  EXPECT_EQ(*count_params(pythia, ParamCount::kTotal), 162'322'944);
  EXPECT_EQ(*count_params(pythia, ParamCount::kNonEmbedding), 85'056'000);
  EXPECT_EQ(*count_params(pythia, ParamCount::kWithLastLayer), 85'056'000 + 768 * 50304);
}

// Kaplan et al. 2020, section 2.1: 12 layers width^2 for a standard block, less norms.
TEST(Architecture, MatricesAreTwelveSquaresOfTheWidth) {
  const Architecture gpt3{.layers = 96, .width = 12288, .heads = 96, .vocabulary = 50257, .context = 2048};
  const double n = *count_params(gpt3, ParamCount::kNonEmbedding);
  EXPECT_NEAR(n, 12 * 96 * 12288.0 * 12288, 3e6);
}

// Bi et al. 2024 (arXiv:2401.02954), equation 2: M = 72 layers width^2 + 12 layers width context.
TEST(Architecture, NonEmbeddingFlopsAreThoseOfDeepSeek) {
  const Architecture model{.layers = 30, .width = 4096, .heads = 32, .vocabulary = 102400, .context = 4096};
  EXPECT_DOUBLE_EQ(*count_flops_per_token(model, FlopCount::kNonEmbedding),
                   72 * 30 * 4096.0 * 4096 + 12 * 30 * 4096.0 * 4096);
}

// Chowdhery et al. 2022 (arXiv:2204.02311), appendix B: 6 N + 12 L H Q T per token.
TEST(Architecture, AttentionIsCountedAsForPalm) {
  Architecture model = gpt2(12, 768, 12);
  const double six_n = *count_flops_per_token(model, FlopCount::kSixN);
  EXPECT_DOUBLE_EQ(six_n, 6 * 124'439'808.0);
  EXPECT_DOUBLE_EQ(*count_flops_per_token(model, FlopCount::kAttention) - six_n, 12.0 * 12 * 12 * 64 * 1024);
  EXPECT_DOUBLE_EQ(*count_flops_per_token(model, FlopCount::kSixN, ParamCount::kNonEmbedding),
                   6 * *count_params(model, ParamCount::kNonEmbedding));
}

// By hand for one layer of width 4 with 2 heads of 3, one of keys and values, 5 hidden units, 7 words, 6 places.
TEST(Architecture, EveryMatrixProductIsCountedOnce) {
  const Architecture tiny{.layers = 1,
                          .width = 4,
                          .feed_forward = 5,
                          .heads = 2,
                          .key_value_heads = 1,
                          .head_width = 3,
                          .vocabulary = 7,
                          .context = 6};
  const double queries = 4 * 6, keys = 4 * 3, values = 4 * 3, output = 6 * 4, hidden = 4 * 5 + 5 * 4;
  const double scores = 6 * 6, mixing = 6 * 6, last = 4 * 7;
  EXPECT_DOUBLE_EQ(*count_flops_per_token(tiny, FlopCount::kExact),
                   3 * 2 * (queries + keys + values + output + hidden + scores + mixing + last));
  Architecture gated = tiny;
  gated.gated = true;
  EXPECT_DOUBLE_EQ(*count_flops_per_token(gated, FlopCount::kExact) - *count_flops_per_token(tiny, FlopCount::kExact),
                   6 * 4 * 5);
}

TEST(Architecture, NamesTheDimensionThatIsMissing) {
  const auto params = count_params({.layers = 4, .width = 64}, ParamCount::kTotal);
  ASSERT_FALSE(params.ok());
  EXPECT_EQ(params.error().where.parameter, "vocabulary");
  EXPECT_TRUE(count_params({.layers = 4, .width = 64}, ParamCount::kNonEmbedding).ok());
  const auto flops = count_flops_per_token({.layers = 4, .width = 64, .vocabulary = 100}, FlopCount::kExact);
  ASSERT_FALSE(flops.ok());
  EXPECT_EQ(flops.error().where.parameter, "context");
}

TEST(Architecture, CountsHaveNamesThatLeadBack) {
  for (const ParamCount which : {ParamCount::kTotal, ParamCount::kNonEmbedding, ParamCount::kWithLastLayer})
    EXPECT_EQ(*param_count_from_name(param_count_name(which)), which);
  for (const FlopCount which : {FlopCount::kSixN, FlopCount::kAttention, FlopCount::kExact, FlopCount::kNonEmbedding})
    EXPECT_EQ(*flop_count_from_name(flop_count_name(which)), which);
  EXPECT_THAT(param_count_from_name("all").error().message, HasSubstr("with-last-layer"));
}

}  // namespace
}  // namespace isoflop
