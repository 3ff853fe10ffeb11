// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Cli, SaysItsVersionAndHowToUseIt) {
  const Outcome version = run_cli({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_EQ(version.out, "isoflop-cli " ISOFLOP_VERSION "\n");
  const Outcome help = run_cli({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* command :
       {"laws", "import", "fit", "predict", "allocate", "isoflop", "envelope", "pareto", "simulate"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
    const Outcome of_command = run_cli({command, "--help"});
    EXPECT_EQ(of_command.code, 0) << command;
    EXPECT_THAT(of_command.out, HasSubstr("--json")) << command;
    EXPECT_THAT(of_command.err, IsEmpty()) << command;
  }
}

TEST(Cli, CallsWrongUsageTwoWithOneSentence) {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"fly"},
      {"laws", "show"},
      {"fit"},
      {"fit", dataset("simulated-chinchilla.csv"), "--lawn", "x"},
      {"fit", dataset("simulated-chinchilla.csv")},
      {"fit", dataset("simulated-chinchilla.csv"), "--law", "a", "--formula", "b"},
      {"allocate", "--law", "chinchilla"},
      {"pareto"},
      {"envelope"},
      {"import", "x.csv"},
      {"simulate", "--law", "chinchilla"}};
  for (const auto& arguments : wrong) {
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, StartsWith("isoflop-cli"));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
}

TEST(Cli, FailsWhereItsOutputCannotBeWritten) {
  const Outcome outcome = run_cli({"laws"}, "/dev/full");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write"));
}

}  // namespace
}  // namespace isoflop::cli
