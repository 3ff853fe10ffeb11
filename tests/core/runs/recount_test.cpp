// SPDX-License-Identifier: Apache-2.0
#include "core/runs/recount.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/runs/csv.h"
#include "core/runs/mapping.h"

namespace isoflop {
namespace {

using testing::HasSubstr;

// GPT-2 small and XL (Radford et al. 2019), without saying how their parameters are counted.
constexpr const char* kRuns =
    "n_layers,d_model,n_heads,vocab_size,N,D,loss\n"
    "12,768,12,50257,1,1e9,3.5\n"
    "48,1600,25,50257,2,2e9,3\n";

Result<RunTable> mapped(const char* text, Recount how) {
  Result<RunTable> table = parse_csv(text);
  Mapping mapping;
  mapping.recount = std::move(how);
  if (const Status status = apply_mapping(*table, mapping); !status.ok()) return status.error();
  return table;
}

TEST(Recount, CountsParamsFromColumnsWithUsualNames) {
  const auto table = mapped(kRuns, {.params = ParamCount::kTotal,
                                    .flops = {},
                                    .dimensions = {{"context", "1024"}, {"learned_positions", "1"}, {"biases", "1"}}});
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_THAT(table->numbers("params"), testing::ElementsAre(124'439'808, 1'557'611'200));
  EXPECT_THAT(table->find("params")->derived, HasSubstr("total"));
  EXPECT_THAT(table->numbers("N"), testing::ElementsAre(1, 2)) << "what the file says is kept";
  EXPECT_DOUBLE_EQ(table->numbers("flops")[1], 6 * 1'557'611'200.0 * 2e9) << "compute follows the new count";
}

TEST(Recount, FlopsFollowTheConventionAskedFor) {
  const auto exact = mapped(kRuns, {.params = {}, .flops = FlopCount::kExact, .dimensions = {{"context", "1k"}}});
  ASSERT_TRUE(exact.ok()) << exact.error().to_string();
  const double blocks = 12.0 * 12 * 768 * 768, attention = 2.0 * 12 * 768 * 1000, last = 768.0 * 50257;
  EXPECT_DOUBLE_EQ(exact->numbers("flops")[0], 6 * (blocks + attention + last) * 1e9);
  const auto six = mapped(kRuns, {.params = ParamCount::kNonEmbedding, .flops = FlopCount::kSixN, .dimensions = {}});
  ASSERT_TRUE(six.ok());
  EXPECT_DOUBLE_EQ(six->numbers("flops")[0], 6 * six->numbers("params")[0] * 1e9);
  const auto with = mapped(
      kRuns,
      {.params = ParamCount::kNonEmbedding, .flops = FlopCount::kAttention, .dimensions = {{"context", "1024"}}});
  ASSERT_TRUE(with.ok());
  EXPECT_NEAR(with->numbers("flops")[0] - six->numbers("flops")[0], 12.0 * 12 * 768 * 1024 * 1e9, 1e6);
}

TEST(Recount, ARowWithoutADimensionIsMissingAndTheOthersAreNot) {
  const auto table = mapped("layers,width,vocab,D,loss\n12,768,50257,1e9,3\n12,,50257,1e9,3\n",
                            {.params = ParamCount::kWithLastLayer, .flops = {}, .dimensions = {}});
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(std::isfinite(table->numbers("params")[0]));
  EXPECT_EQ(table->state[1], RowState::kUnusable);
}

TEST(Recount, NamesTheDimensionThatNobodyGave) {
  const auto table =
      mapped("layers,width,D,loss\n12,768,1e9,3\n", {.params = ParamCount::kTotal, .flops = {}, .dimensions = {}});
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().where.parameter, "vocabulary");
  const auto wrong = mapped(kRuns, {.params = ParamCount::kTotal, .flops = {}, .dimensions = {{"depth", "3"}}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, HasSubstr("key_value_heads"));
  const auto idle = mapped(kRuns, {.params = {}, .flops = {}, .dimensions = {{"context", "3"}}});
  ASSERT_FALSE(idle.ok());
}

TEST(Recount, KnowsTheHeadersOfPublishedConfigurations) {
  EXPECT_EQ(dimension_of_header("num_hidden_layers"), "layers");
  EXPECT_EQ(dimension_of_header("d_model"), "width");
  EXPECT_EQ(dimension_of_header("embed_dim"), "width");
  EXPECT_EQ(dimension_of_header("kqv_size"), "head_width");
  EXPECT_EQ(dimension_of_header("Vocab Size"), "vocabulary");
  EXPECT_EQ(dimension_of_header("loss"), "");
  EXPECT_EQ(dimension_of_header(""), "");
}

}  // namespace
}  // namespace isoflop
