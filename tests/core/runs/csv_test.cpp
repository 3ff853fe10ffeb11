// SPDX-License-Identifier: Apache-2.0
#include "core/runs/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "core/base/random.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunTable parse(std::string_view text, const CsvOptions& options = {}) {
  Result<RunTable> table = parse_csv(text, options, "runs.csv");
  EXPECT_TRUE(table.ok()) << (table.ok() ? "" : table.error().to_string());
  return table.ok() ? *std::move(table) : RunTable{};
}

std::vector<std::string> names(const RunTable& table) {
  std::vector<std::string> out;
  for (const Column& column : table.columns) out.push_back(column.name);
  return out;
}

std::vector<double> numbers(const RunTable& table, std::size_t c) {
  return std::get<std::vector<double>>(table.columns.at(c).values);
}
std::vector<std::string> texts(const RunTable& table, std::size_t c) {
  return std::get<std::vector<std::string>>(table.columns.at(c).values);
}

TEST(Csv, ReadsNumbersAndText) {
  const RunTable table = parse("name,N,loss\nsmall,70e6,3.5\nlarge,1.5B,2.25\n");
  EXPECT_THAT(names(table), ElementsAre("name", "N", "loss"));
  EXPECT_THAT(texts(table, 0), ElementsAre("small", "large"));
  EXPECT_THAT(numbers(table, 1), ElementsAre(70e6, 1.5e9));
  EXPECT_THAT(numbers(table, 2), ElementsAre(3.5, 2.25));
  EXPECT_THAT(table.lines, ElementsAre(2, 3));
  EXPECT_EQ(table.used(), 2u);
  EXPECT_EQ(table.source, "runs.csv");
  EXPECT_TRUE(table.problems.empty());
}

// FNV-1a of "a", as published by its authors: af63dc4c8601ec8c.
TEST(Csv, HashesTheBytesItWasGiven) {
  EXPECT_EQ(parse("a").content_hash, "fnv1a64:af63dc4c8601ec8c");
}

// The examples of RFC 4180, section 2, rules 1 to 7.
TEST(Csv, FollowsRfc4180) {
  const CsvOptions plain{.delimiter = ',', .header = false};
  for (const char* text :
       {"aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n", "aaa,bbb,ccc\r\nzzz,yyy,xxx", "\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx"}) {
    const RunTable table = parse(text, plain);
    EXPECT_THAT(texts(table, 0), ElementsAre("aaa", "zzz"));
    EXPECT_THAT(texts(table, 2), ElementsAre("ccc", "xxx"));
  }
  const RunTable breaks = parse("\"aaa\",\"b\r\nbb\",\"ccc\"\r\nzzz,yyy,xxx", plain);
  EXPECT_THAT(texts(breaks, 1), ElementsAre("b\r\nbb", "yyy"));
  EXPECT_THAT(breaks.lines, ElementsAre(1, 3));
  EXPECT_THAT(texts(parse("\"aaa\",\"b\"\"bb\",\"ccc\"", plain), 1), ElementsAre("b\"bb"));
}

TEST(Csv, FindsTheDelimiter) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text = "name,N,loss\n\"a;b|c\td,e\",1,3.5\n\"f;g|h\ti,j\",2,2.5\n";
    bool quoted = false;
    for (char& c : text) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) c = delimiter;
    }
    const RunTable table = parse(text);
    EXPECT_THAT(names(table), ElementsAre("name", "N", "loss")) << delimiter;
    EXPECT_THAT(texts(table, 0), ElementsAre("a;b|c\td,e", "f;g|h\ti,j")) << delimiter;
  }
}

TEST(Csv, TakesTheDelimiterThatMakesNumbersWhereBothCutEvenly) {
  const RunTable table = parse("1,5;2,5;3\n2,5;3,5;4\n");
  EXPECT_THAT(numbers(table, 0), ElementsAre(1.5, 2.5));
  EXPECT_THAT(numbers(table, 2), ElementsAre(3, 4));
}

TEST(Csv, ReadsDecimalCommas) {
  const RunTable table = parse("N;loss\n1.500.000;3,25\n2.000.000;2,5\n");
  EXPECT_THAT(numbers(table, 0), ElementsAre(1.5e6, 2e6));
  EXPECT_THAT(numbers(table, 1), ElementsAre(3.25, 2.5));
  EXPECT_THAT(numbers(parse("loss\n2,5\n2,25\n"), 0), ElementsAre(2.5, 2.25));
  EXPECT_THAT(numbers(parse("loss\n1,234\n2,345\n"), 0), ElementsAre(1.234, 2.345));
}

TEST(Csv, SaysWhereItReadsMarksBetweenThousands) {
  const RunTable table = parse("N,loss\n\"1,234\",3.5\n\"2,000\",2.5\n");
  EXPECT_THAT(numbers(table, 0), ElementsAre(1234, 2000));
  ASSERT_EQ(table.problems.size(), 1u);
  EXPECT_EQ(table.problems[0].where.line, 2);
  EXPECT_THAT(table.problems[0].message, HasSubstr("2 cells of column \"N\" such as \"1,234\""));
  const RunTable assumed = parse("N;loss\n1;2,345\n2;1,234\n");
  ASSERT_EQ(assumed.problems.size(), 1u);
  EXPECT_THAT(assumed.problems[0].message, HasSubstr("1,234 are read as 1.234"));
}

TEST(Csv, RefusesToGuessBetweenTwoDecimalMarks) {
  const RunTable table = parse("N;loss\n1;2.51\n2;2.25\n3;2,5\n4;2,345\n");
  EXPECT_EQ(numbers(table, 1)[1], 2.25);
  EXPECT_TRUE(std::isnan(numbers(table, 1)[2]));
  EXPECT_TRUE(std::isnan(numbers(table, 1)[3]));
  ASSERT_EQ(table.problems.size(), 2u);
  EXPECT_EQ(table.problems[1].where.line, 5);
  EXPECT_EQ(table.problems[1].where.column, 3);
}

TEST(Csv, FollowsStatedOptions) {
  EXPECT_THAT(names(parse("a;b,c\n1;2,3\n", {.delimiter = ';'})), ElementsAre("a", "b,c"));
  EXPECT_THAT(numbers(parse("a;b\n1;2,345\n", {.decimal = '.'}), 1), ElementsAre(2345));
  EXPECT_THAT(numbers(parse("a;b\n1;2,345\n", {.decimal = ','}), 1), ElementsAre(2.345));
  EXPECT_EQ(parse("1,2\n3,4\n", {.header = true}).rows(), 1u);
  EXPECT_EQ(parse("a,b\nc,d\n", {.header = false}).rows(), 2u);
  EXPECT_FALSE(parse_csv("a", {.delimiter = 'x'}).ok());
  EXPECT_FALSE(parse_csv("a", {.decimal = ';'}).ok());
}

TEST(Csv, TellsHeadersFromData) {
  EXPECT_THAT(names(parse("1,2\n3,4\n")), ElementsAre("column 1", "column 2"));
  EXPECT_THAT(names(parse("a,2.5,x\nb,3.5,y\n")), ElementsAre("column 1", "column 2", "column 3"));
  EXPECT_THAT(names(parse("step,7B,13B\n1,3.5,3.25\n2,3.25,3\n")), ElementsAre("step", "7B", "13B"));
  EXPECT_THAT(names(parse("1.5B,3.5\n7B,2.5\n")), ElementsAre("column 1", "column 2"));
  EXPECT_THAT(names(parse("x,y\nfoo,bar\n")), ElementsAre("x", "y"));
  EXPECT_THAT(names(parse("N,D,loss\n")), ElementsAre("N", "D", "loss"));
  EXPECT_THAT(names(parse("N\n1\n")), ElementsAre("N"));
  EXPECT_EQ(parse("1\n2\n").rows(), 2u);
}

TEST(Csv, NamesNamelessColumnsAndTellsTwinsApart) {
  const RunTable table = parse(",loss,loss,loss (2),loss,\n0,1,2,3,4,5\n");
  EXPECT_THAT(names(table), ElementsAre("column 1", "loss", "loss (3)", "loss (2)", "loss (4)", "column 6"));
  ASSERT_EQ(table.problems.size(), 2u);
  EXPECT_EQ(table.problems[0].where.line, 1);
  EXPECT_EQ(table.problems[0].where.column, 7);
  EXPECT_THAT(table.problems[0].message, HasSubstr("\"loss (3)\""));
}

TEST(Csv, IgnoresTrailingDelimiters) {
  for (const char* text : {"a,b,\n1,2,\n3,4,\n", "a,b\n1,2,\n3,4,\n", "a,b,,\n1,2,,\n3,4\n"}) {
    const RunTable table = parse(text);
    EXPECT_THAT(names(table), ElementsAre("a", "b")) << text;
    EXPECT_EQ(table.used(), 2u) << text;
  }
}

TEST(Csv, AColumnIsNumericFromHalfItsFilledCellsOn) {
  const RunTable table = parse("a,b,c\n1,1,\noops,oops,\n,no,\n,,\n");
  EXPECT_TRUE(table.columns[0].numeric());
  EXPECT_FALSE(table.columns[1].numeric());
  EXPECT_TRUE(table.columns[2].numeric());
  EXPECT_THAT(texts(table, 1), ElementsAre("1", "oops", "no", ""));
  ASSERT_EQ(table.problems.size(), 1u);
  EXPECT_EQ(table.problems[0].where.line, 3);
  EXPECT_EQ(table.problems[0].where.column, 1);
  EXPECT_EQ(table.problems[0].where.parameter, "a");
  EXPECT_THAT(table.problems[0].message, HasSubstr("\"oops\" in column \"a\" is not a number"));
}

TEST(Csv, LettersThatAreSuffixesStayText) {
  const RunTable table = parse("size,loss\nM,3\nB,2\nK,1\n");
  EXPECT_THAT(texts(table, 0), ElementsAre("M", "B", "K"));
}

// What the first records say is only a guess.
TEST(Csv, ReadsAgainWhatTurnsOutOtherwise) {
  std::string text = "late_text,late_number,loss\n";
  for (int i = 0; i < 300; ++i) text += "1,word,2\n";
  for (int i = 0; i < 400; ++i) text += "word,3,2\n";
  const RunTable table = parse(text);
  ASSERT_FALSE(table.columns[0].numeric());
  EXPECT_EQ(texts(table, 0)[0], "1");
  EXPECT_EQ(texts(table, 0)[699], "word");
  ASSERT_TRUE(table.columns[1].numeric());
  EXPECT_TRUE(std::isnan(numbers(table, 1)[0]));
  EXPECT_EQ(numbers(table, 1)[699], 3);
  EXPECT_EQ(table.rows(), 700u);
  EXPECT_EQ(table.problems.size(), 300u);
}

TEST(Csv, MissingCellsAreMissingInNumbersAndTextInText) {
  const RunTable table = parse("name,loss\nNA,NA\nx,\nnull,null\n-,-\ny,NaN\nz,2\n");
  EXPECT_THAT(texts(table, 0), ElementsAre("NA", "x", "null", "-", "y", "z"));
  for (std::size_t row = 0; row < 5; ++row) EXPECT_TRUE(std::isnan(numbers(table, 1)[row]));
  EXPECT_TRUE(table.problems.empty());
}

TEST(Csv, KeepsShortRecordsAndMarksLongOnes) {
  const RunTable table = parse("a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,1,1\n");
  EXPECT_EQ(table.rows(), 4u);
  EXPECT_THAT(numbers(table, 0), ElementsAre(1, 4, 6, 1));
  EXPECT_TRUE(std::isnan(numbers(table, 2)[1]));
  EXPECT_EQ(table.state[1], RowState::kUsed);
  EXPECT_EQ(table.state[2], RowState::kUnusable);
  EXPECT_THAT(table.reason[2], HasSubstr("4 cells where there are 3 columns"));
  ASSERT_EQ(table.problems.size(), 2u);
  EXPECT_EQ(table.problems[0].where.line, 3);
  EXPECT_EQ(table.problems[0].row, -1);
  EXPECT_EQ(table.problems[1].where.line, 4);
  EXPECT_EQ(table.problems[1].where.column, 7);
  EXPECT_EQ(table.problems[1].row, 2);
}

TEST(Csv, LineEndsMayBeMixedAndBlankLinesAreSkipped) {
  const RunTable table = parse("a,b\r\n1,2\n\n3,4\r  \r\n5,6");
  EXPECT_THAT(numbers(table, 0), ElementsAre(1, 3, 5));
  EXPECT_THAT(table.lines, ElementsAre(2, 4, 6));
}

TEST(Csv, SkipsTheByteOrderMarkAndExcelsDelimiterLine) {
  EXPECT_THAT(names(parse("\xEF\xBB\xBF"
                          "N,loss\n1,2\n")),
              ElementsAre("N", "loss"));
  const RunTable table = parse("\xEF\xBB\xBFsep=;\r\nN;a,b\r\n1;x,y\r\n");
  EXPECT_THAT(names(table), ElementsAre("N", "a,b"));
  EXPECT_THAT(table.lines, ElementsAre(3));
}

TEST(Csv, CountsColumnsInCharacters) {
  const RunTable table = parse("name,loss\né∂,oops\nx,1\n");
  ASSERT_EQ(table.problems.size(), 1u);
  EXPECT_EQ(table.problems[0].where.line, 2);
  EXPECT_EQ(table.problems[0].where.column, 4);
}

// Cells that hold no special character mean the same however records end and whichever delimiter parts them.
TEST(Csv, MeansTheSameInEveryDialect) {
  Philox random(3, 0);
  std::string text = "name,N,loss\n";
  for (int row = 0; row < 50; ++row)
    text += "run" + std::to_string(row) + ',' + std::to_string(random.below(1000)) + ',' +
            std::to_string(random.uniform()) + '\n';
  const RunTable reference = parse(text);
  for (const char delimiter : {',', ';', '\t', '|'}) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
      std::string other;
      for (const char c : text) other += c == ',' ? std::string(1, delimiter) : c == '\n' ? end : std::string(1, c);
      const RunTable table = parse(other);
      ASSERT_EQ(names(table), names(reference));
      for (std::size_t c = 0; c < reference.columns.size(); ++c)
        EXPECT_EQ(table.columns[c].values, reference.columns[c].values);
      EXPECT_EQ(table.lines, reference.lines);
    }
  }
}

TEST(Csv, ReadsFiles) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / "isoflop_csv_test.csv";
  std::ofstream(path, std::ios::binary) << "N,loss\n1,2\n";
  const Result<RunTable> table = read_csv(path);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->source, path.string());
  EXPECT_EQ(table->rows(), 1u);
  std::filesystem::remove(path);
  const Result<RunTable> none = read_csv(path);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(none.error().where.file, path.string());
}

TEST(Csv, ReadsColumnsPartedByBlanks) {
  const auto table = parse_csv("  N      loss  name\n 1e8   3.25  a\n\t3e8\t 2.5   \"b c\"  \n\n2B 2 d");
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  ASSERT_EQ(table->columns.size(), 3u);
  EXPECT_THAT(std::get<std::vector<double>>(table->find("N")->values), testing::ElementsAre(1e8, 3e8, 2e9));
  EXPECT_THAT(std::get<std::vector<double>>(table->find("loss")->values), testing::ElementsAre(3.25, 2.5, 2));
  EXPECT_THAT(std::get<std::vector<std::string>>(table->find("name")->values), testing::ElementsAre("a", "b c", "d"));
  EXPECT_THAT(table->problems, testing::IsEmpty());
}

TEST(Csv, TextWithBlanksStaysOneColumn) {
  const auto table = parse_csv("remark\nfirst run of two\nsecond run\n");
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->columns.size(), 1u);
}

}  // namespace
}  // namespace isoflop
