// SPDX-License-Identifier: Apache-2.0
#include "core/runs/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace isoflop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<double> numbers(const RunTable& table, std::string_view name) {
  const auto values = table.numbers(name);
  return {values.begin(), values.end()};
}

TEST(Json, ReadsAListOfRunsWithTheLineOfEach) {
  const auto table = parse_json("[\n  {\"N\": 1.5e8, \"loss\": 3.25},\n  {\n\"loss\": 2.5, \"N\": 3e8}\n]\n", "a.json");
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_THAT(numbers(*table, "N"), ElementsAre(1.5e8, 3e8));
  EXPECT_THAT(numbers(*table, "loss"), ElementsAre(3.25, 2.5));
  EXPECT_THAT(table->lines, ElementsAre(2, 3));
  EXPECT_THAT(table->problems, IsEmpty());
}

TEST(Json, ReadsJsonLinesAndNamesMembersOfMembers) {
  const auto table = parse_json(
      "{\"config\": {\"N\": 1, \"opt\": {\"lr\": 0.1}}, \"loss\": 3}\n"
      "{\"config\": {\"N\": 2}, \"loss\": 2, \"tag\": \"x\"}\r\n");
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_THAT(numbers(*table, "config.N"), ElementsAre(1, 2));
  EXPECT_EQ(numbers(*table, "config.opt.lr")[0], 0.1);
  EXPECT_TRUE(std::isnan(numbers(*table, "config.opt.lr")[1]));
  EXPECT_THAT(std::get<std::vector<std::string>>(table->find("tag")->values), ElementsAre("", "x"));
}

TEST(Json, FindsTheLogOfATrainerState) {
  const auto table = parse_json(R"({"best_metric": null, "epoch": 1.0, "log_history": [
    {"loss": 4.5, "step": 10}, {"loss": 4.0, "step": 20}, {"eval_loss": 3.9, "step": 20}], "max_steps": 20})");
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_THAT(numbers(*table, "step"), ElementsAre(10, 20, 20));
  ASSERT_THAT(table->problems, SizeIs(1));
  EXPECT_THAT(table->problems[0].message, HasSubstr("log_history"));
}

TEST(Json, ReadsTheThreeShapesThatPandasWrites) {
  for (const char* text : {R"({"N": {"0": 1, "1": 2}, "loss": {"0": 3, "1": 4}})",
                           R"({"columns": ["N", "loss"], "index": [0, 1], "data": [[1, 3], [2, 4]]})",
                           R"({"N": [1, 2], "loss": [3, 4]})", R"([{"N": 1, "loss": 3}, {"N": 2, "loss": 4}])"}) {
    const auto table = parse_json(text);
    ASSERT_TRUE(table.ok()) << text << table.error().to_string();
    EXPECT_THAT(numbers(*table, "N"), ElementsAre(1, 2)) << text;
    EXPECT_THAT(numbers(*table, "loss"), ElementsAre(3, 4)) << text;
  }
}

TEST(Json, TakesNumbersAsPythonAndPeopleWriteThem) {
  const auto table = parse_json(
      R"([{"N": "7B", "loss": NaN}, {"N": 3e9, "loss": 2}, {"N": 1, "loss": Infinity}, {"N": 2, "loss": -Infinity}])");
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_THAT(numbers(*table, "N"), ElementsAre(7e9, 3e9, 1, 2));
  const auto loss = numbers(*table, "loss");
  EXPECT_TRUE(std::isnan(loss[0]) && std::isnan(loss[2]) && std::isnan(loss[3]));
  ASSERT_THAT(table->problems, SizeIs(2));
  EXPECT_THAT(table->problems[0].message, HasSubstr("not a finite number"));
  EXPECT_EQ(table->problems[0].where.parameter, "loss");
}

TEST(Json, PointsAtANumberBeyondADouble) {
  const auto table = parse_json("[{\"loss\": 3},\n {\"loss\": 1e999}]");
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().where.line, 2);
  EXPECT_THAT(table.error().message, HasSubstr("too big"));
}

TEST(Json, ReadsDoublesToTheLastBit) {
  const auto table =
      parse_json(R"([{"x": 0.1}, {"x": 5e-324}, {"x": 1.7976931348623157e308}, {"x": 9007199254740993}])");
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(numbers(*table, "x"), ElementsAre(0.1, 5e-324, 1.7976931348623157e308, 9007199254740992.0));
}

TEST(Json, SaysWhatItLeavesOut) {
  const auto table =
      parse_json("{\"N\": 1, \"curve\": [3, 2], \"N\": 5}\n[1]\n{\"N\": oops}\n{\"N\": 2}\n{\"N\": 3, \"lo");
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_THAT(numbers(*table, "N"), ElementsAre(5, 2));
  ASSERT_THAT(table->problems, SizeIs(5));
  EXPECT_THAT(table->problems[0].message, HasSubstr("list"));
  EXPECT_THAT(table->problems[1].message, HasSubstr("twice"));
  EXPECT_EQ(table->problems[2].where.line, 2);
  EXPECT_EQ(table->problems[3].where.line, 3);
  EXPECT_THAT(table->problems[4].message, HasSubstr("cut off"));
  EXPECT_EQ(table->problems[4].where.line, 5);
}

TEST(Json, PointsAtTheCharacterThatIsWrong) {
  const auto table = parse_json("[\n  {\"N\": 1,\n   \"löss\": tru}\n]", "runs.json");
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, ErrorCode::kParse);
  EXPECT_EQ(table.error().where.file, "runs.json");
  EXPECT_EQ(table.error().where.line, 3);
  EXPECT_NEAR(static_cast<double>(table.error().where.column), 15, 1);
}

TEST(Json, RefusesWhatHoldsNoRuns) {
  for (const char* text : {"[]", "{}", "3", "[1, 2]", "\"loss\"", "[{}]", ""})
    EXPECT_FALSE(parse_json(text).ok()) << text;
}

TEST(Json, DeepNestingIsAnErrorAndNotACrash) {
  const auto table = parse_json(std::string(5'000'000, '['));
  ASSERT_FALSE(table.ok());
  EXPECT_THAT(table.error().message, HasSubstr("deep"));
}

TEST(Json, KeepsAColumnOfMixedCellsWhole) {
  const auto table = parse_json(R"([{"seed": 1}, {"seed": "a"}, {"seed": "b"}, {"seed": null}, {"seed": true}])");
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(std::get<std::vector<std::string>>(table->find("seed")->values), ElementsAre("1", "a", "b", "", "true"));
}

}  // namespace
}  // namespace isoflop
