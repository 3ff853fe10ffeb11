// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(ImportCommand, WritesACleanTableThatNeedsNoMapping) {
  const Folder folder;
  const std::string file =
      folder.write("raw.csv", "Size;Final;Budget;who\n1,5B;2,5;1e21;a\n300M;3,1;1e20;b\n300M;9,9;1e20;c\n");
  const Outcome outcome = run_cli({"import", file, "--map", "params=Size", "--map", "loss=Final", "--map",
                                   "flops=Budget", "--exclude", "loss > 9", "-o", folder / "runs.csv", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["rows"], 2);
  ASSERT_EQ(json["files"].size(), 1u);
  EXPECT_EQ(json["files"][0]["mapping"]["params"], "Size");
  EXPECT_EQ(json["files"][0]["rows"]["excluded"], 1);
  EXPECT_EQ(json["files"][0]["exclusions"][0]["lines"][0], 4);
  const std::string written = read_text(folder / "runs.csv");
  EXPECT_THAT(written, HasSubstr("params,loss,flops,who"));
  EXPECT_THAT(written, HasSubstr("1.5e9,2.5,1e21,a"));
  EXPECT_EQ(run_cli({"pareto", folder / "runs.csv"}).code, 0);
}

TEST(ImportCommand, PutsTablesUnderEachOther) {
  const Folder folder;
  const std::string a = folder.write("a.csv", "params,tokens,loss,lr\n1e9,2e10,3,0.1\n");
  const std::string b = folder.write("b.csv", "N,D,loss,note\n2e9,3e10,2.9,fine\n");
  const Outcome outcome = run_cli({"import", a, b, "-o", folder / "both.csv"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const std::string written = read_text(folder / "both.csv");
  const std::string head = written.substr(0, written.find('\n'));
  for (const char* name : {"params", "tokens", "loss", "lr", "note", "source"}) EXPECT_THAT(head, HasSubstr(name));
  EXPECT_THAT(written, HasSubstr(a));
  EXPECT_THAT(written, HasSubstr("fine"));
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 3);
  EXPECT_EQ(run_cli({"pareto", folder / "both.csv", "--json"}).json()["n_runs"], 2);
}

TEST(ImportCommand, CountsAnewFromTheArchitecture) {
  const Folder folder;
  const std::string file = folder.write(
      "gpt2.json", R"([{"config": {"n_layers": 12, "d_model": 768, "vocab_size": 50257}, "D": 1e9, "loss": 3.5}])");
  std::vector<std::string> command{"import", file, "-o", "-", "--count", "params=with-last-layer"};
  for (const char* dimension : {"layers=config.n_layers", "width=config.d_model", "vocabulary=config.vocab_size"})
    command.insert(command.end(), {"--dimension", dimension});
  const Outcome outcome = run_cli(command);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("123551232")) << "12 * (12 * 768^2 + 2 * 768) + 768 + 50257 * 768";
  EXPECT_THAT(outcome.err, HasSubstr("with-last-layer"));
  command.back() = "vocabulary=words";
  EXPECT_THAT(run_cli(command).err, HasSubstr("neither a number nor a column"));
  EXPECT_EQ(run_cli({"import", file, "-o", "-", "--count", "loss=exact"}).code, 2);
}

TEST(ImportCommand, KeepsUnusedRowsWithTheirReasonsOnRequest) {
  const Folder folder;
  const std::string file = folder.write("a.csv", "params,tokens,loss\n1e9,2e10,3\n1e9,2e10,\n2e9,2e10,7\n");
  const Outcome outcome = run_cli({"import", file, "--exclude", "loss > 5", "--all", "-o", "-"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 4) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("excluded"));
  EXPECT_THAT(outcome.out, HasSubstr("loss > 5"));
  EXPECT_THAT(outcome.err, HasSubstr("1 of 3 runs"));
}

TEST(ImportCommand, LeavesNothingBehindWhereItFails) {
  const Folder folder;
  const std::string good = folder.write("good.csv", "params,tokens,loss\n1e9,2e10,3\n");
  const std::string bad = folder.write("bad.csv", "params,tokens,loss\n1e9,\"2e10,3\n");
  const Outcome outcome = run_cli({"import", good, bad, "-o", folder / "out.csv"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(bad + ":2:"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out.csv"));
  EXPECT_EQ(run_cli({"import", good, "-o", folder / "no/such/folder.csv"}).code, 1);
  const Outcome none = run_cli({"import", good, "--exclude", "loss > 0", "-o", folder / "out.csv"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("no row is left"));
  const Outcome both = run_cli({"import", good, "-o", "-", "--json"});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.out, IsEmpty());
}

}  // namespace
}  // namespace isoflop::cli
