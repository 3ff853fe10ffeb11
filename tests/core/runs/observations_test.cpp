// SPDX-License-Identifier: Apache-2.0
#include "core/runs/observations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runs/csv.h"
#include "core/runs/mapping.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunTable runs() {
  RunTable table = *parse_csv("name,N,D,loss,extra\na,1,10,3,1\nb,2,20,2.5,\nc,3,30,2.25,3\nd,4,40,2.125,4\n");
  EXPECT_TRUE(apply_mapping(table, {.exclude = {{"name == \"d\"", "by name"}}}).ok());
  return table;
}

TEST(Observations, HoldTheUsedRowsInOrder) {
  const RunTable table = runs();
  const Result<Observations> data = observe(table, {"params", "tokens"});
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data->size(), 3u);
  EXPECT_THAT(data->columns[0], ElementsAre(1, 2, 3));
  EXPECT_THAT(data->columns[1], ElementsAre(10, 20, 30));
  EXPECT_THAT(data->response, ElementsAre(3, 2.5, 2.25));
  EXPECT_THAT(data->rows, ElementsAre(0, 1, 2));
  EXPECT_EQ(data->data_hash, table.content_hash);
  EXPECT_EQ(data->dropped, 0u);
}

TEST(Observations, CountTheRowsThatLackAValue) {
  const Result<Observations> data = observe(runs(), {"params", "extra"});
  ASSERT_TRUE(data.ok());
  EXPECT_THAT(data->rows, ElementsAre(0, 2));
  EXPECT_EQ(data->dropped, 1u);
}

TEST(Observations, TakeAnyNumericColumnAsResponse) {
  const Result<Observations> data = observe(runs(), {"loss"}, "extra");
  ASSERT_TRUE(data.ok());
  EXPECT_THAT(data->response, ElementsAre(1, 3));
}

TEST(Observations, NameWhatIsThereWhenAColumnIsNot) {
  const Result<Observations> data = observe(runs(), {"params", "experts"});
  ASSERT_FALSE(data.ok());
  EXPECT_EQ(data.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(data.error().where.parameter, "experts");
  EXPECT_THAT(data.error().message, HasSubstr("\"name\", \"N\", \"D\", \"loss\", \"extra\""));
}

TEST(Observations, RefuseTextAndEmptiness) {
  EXPECT_EQ(observe(runs(), {"name"}).error().code, ErrorCode::kInvalidArgument);
  RunTable table = runs();
  ASSERT_TRUE(exclude_where(table, "params > 0").ok());
  const Result<Observations> none = observe(table, {"params"});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(none.error().message, HasSubstr("of 4 rows, 4 are excluded"));
}

RunTable seeded() {
  RunTable table = *parse_csv(
      "N,D,loss,importance,run,seed\n1,10,3,1,a,1\n2,20,2.5,2,b,1\n3,30,2.25,,a,2\n4,40,2.125,4,,2\n5,50,2,1,,1\n");
  EXPECT_TRUE(apply_mapping(table, {}).ok());
  return table;
}

TEST(Observations, TakeWeightsAndClustersFromColumns) {
  const Result<Observations> data =
      observe(seeded(), {"params", "tokens"}, "loss", {.weight = "importance", .cluster = "run"});
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_THAT(data->weights, ElementsAre(1, 2, 4, 1));
  EXPECT_EQ(data->dropped, 1u);
  // Those without a name are clusters of their own.
  EXPECT_THAT(data->clusters, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(data->cluster_count(), 4u);
  const Result<Observations> by_number = observe(seeded(), {"params"}, "loss", {.cluster = "seed"});
  ASSERT_TRUE(by_number.ok());
  EXPECT_THAT(by_number->clusters, ElementsAre(0, 0, 1, 1, 0));
  EXPECT_EQ(by_number->cluster_count(), 2u);
}

TEST(Observations, RefuseWeightsThatAreNotPositive) {
  RunTable table = *parse_csv("N,loss,w\n1,3,1\n2,2.5,0\n");
  ASSERT_TRUE(apply_mapping(table, {}).ok());
  const Result<Observations> zero = observe(table, {"params"}, "loss", {.weight = "w"});
  ASSERT_FALSE(zero.ok());
  EXPECT_THAT(zero.error().message, HasSubstr("is 0 in line 3"));
  EXPECT_EQ(observe(seeded(), {"params"}, "loss", {.weight = "run"}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(observe(seeded(), {"params"}, "loss", {.cluster = "none"}).error().code, ErrorCode::kNotFound);
}

TEST(Subset, KeepsWhatBelongsToItsEntriesAndNumbersClustersAnew) {
  const Result<Observations> data =
      observe(seeded(), {"params", "tokens"}, "loss", {.weight = "importance", .cluster = "run"});
  ASSERT_TRUE(data.ok());
  const Observations chosen = subset(*data, std::vector<std::size_t>{3, 1, 3});
  EXPECT_THAT(chosen.columns[0], ElementsAre(5, 2, 5));
  EXPECT_THAT(chosen.response, ElementsAre(2, 2.5, 2));
  EXPECT_THAT(chosen.rows, ElementsAre(4, 1, 4));
  EXPECT_THAT(chosen.weights, ElementsAre(1, 2, 1));
  EXPECT_THAT(chosen.clusters, ElementsAre(0, 1, 0));
  EXPECT_EQ(chosen.data_hash, data->data_hash);
}

}  // namespace
}  // namespace isoflop
