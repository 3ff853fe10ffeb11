// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

const std::string kRuns = dataset("simulated-chinchilla.csv");

TEST(CompareCommand, PutsTheLawThatMadeTheRunsFirst) {
  const Outcome outcome =
      run_cli({"compare", kRuns, "--formula", "E + A/(N*D)^a", "--law", "chinchilla", "--formula", "A/N^a + B/D^b",
               "--law", "data-constrained", "--hold-out", "2", "--folds", "5", "--seed", "4", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["n_runs"], 108);
  EXPECT_EQ(json["ranking"], "held-out");
  EXPECT_EQ(json["hold_out"]["by"], "flops");
  EXPECT_EQ(json["hold_out"]["runs"], 24);
  ASSERT_EQ(json["laws"].size(), 4u);
  const auto& best = json["laws"][0];
  EXPECT_EQ(best["label"], "chinchilla");
  EXPECT_EQ(best["n_parameters"], 5);
  EXPECT_EQ(best["held_out"]["runs"], 24);
  EXPECT_EQ(best["cross_validated"]["runs"], 108);
  EXPECT_EQ(best["aicc_excess"], 0.0);
  double weights = 0;
  for (int j = 0; j < 3; ++j) weights += json["laws"][j]["weight"].get<double>();
  EXPECT_NEAR(weights, 1, 1e-12);
  EXPECT_GT(json["laws"][2]["held_out"]["mean_absolute_log"].get<double>(),
            best["held_out"]["mean_absolute_log"].get<double>());
  EXPECT_EQ(json["laws"][2]["excess"]["distinct"], true);
  // The runs have no unique tokens.
  EXPECT_EQ(json["laws"][3]["label"], "data-constrained");
  EXPECT_THAT(json["laws"][3]["failure"].get<std::string>(), HasSubstr("unique_tokens"));
  EXPECT_EQ(json["provenance"]["folds"], 5);
}

TEST(CompareCommand, SaysItInWordsToo) {
  const Outcome outcome =
      run_cli({"compare", kRuns, "--law", "chinchilla", "--formula", "E + A/(N*D)^a", "--hold-out", "20%"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("held out"));
  EXPECT_THAT(outcome.out, HasSubstr("stacked"));
  EXPECT_THAT(outcome.out, HasSubstr("decades of flops beyond the largest one fitted"));
}

TEST(CompareCommand, GivesTheSameBytesWithAnyNumberOfThreads) {
  const std::vector<std::string> command = {"compare",       kRuns,     "--law", "chinchilla", "--formula",
                                            "E + A/(N*D)^a", "--folds", "4",     "--json",     "--threads"};
  auto one = command, three = command;
  one.emplace_back("1");
  three.emplace_back("3");
  EXPECT_EQ(run_cli(one).out, run_cli(three).out);
}

TEST(CompareCommand, RefusesOptionsThatMakeNoSense) {
  EXPECT_EQ(run_cli({"compare", kRuns}).code, 2);
  EXPECT_EQ(run_cli({"compare", kRuns, "--law", "chinchilla", "--hold-out", "two"}).code, 2);
  EXPECT_EQ(run_cli({"compare", kRuns, "--law", "chinchilla", "--hold-out", "150%"}).code, 2);
  EXPECT_EQ(run_cli({"compare", kRuns, "--law", "no-such-law"}).code, 1);
  const Outcome all = run_cli({"compare", kRuns, "--law", "chinchilla", "--hold-out", "9"});
  EXPECT_EQ(all.code, 1);
  EXPECT_THAT(all.err, HasSubstr("9 budgets"));
}

TEST(SensitivityCommand, MovesTheExponentWithEachChoice) {
  const Outcome outcome = run_cli(
      {"sensitivity", kRuns, "--law", "chinchilla", "--track", "a", "--track", "beta", "--flops", "1e24", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  ASSERT_EQ(json["tracked"].size(), 3u);
  EXPECT_EQ(json["tracked"][0]["name"], "a");
  EXPECT_EQ(json["tracked"][2]["name"], "N*(1e24)");
  EXPECT_TRUE(json["tracked"][2]["standard_error_decades"].is_number());
  // The runs were made with a = .3658 / (.3478 + .3658).
  EXPECT_NEAR(json["tracked"][0]["baseline"].get<double>(), 0.5126, 0.02);
  EXPECT_TRUE(json["choices"][0]["choices"].empty());
  bool tied = false;
  for (const auto& cell : json["choices"])
    if (cell["choices"].contains("exponents")) {
      tied = true;
      EXPECT_EQ(cell["tracked"]["a"]["value"], 0.5);
    }
  EXPECT_TRUE(tied);
  EXPECT_FALSE(json.contains("grid"));
}

TEST(SensitivityCommand, CombinesChoicesAndSaysWhichOfThemMatters) {
  const Outcome outcome = run_cli({"sensitivity", kRuns, "--law", "chinchilla", "--only", "delta", "--only",
                                   "exponents", "--only", "highest losses", "--grid", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["grid"].size(), 4u * 2 * 5);
  EXPECT_EQ(json["tracked"][0]["name"], "a");
  double share = 0;
  for (const auto& effect : json["tracked"][0]["effects"]) share += effect["variance_share"].get<double>();
  EXPECT_LE(share, 1 + 1e-9);
  EXPECT_GT(share, 0.5);
  EXPECT_THAT(run_cli({"sensitivity", kRuns, "--law", "chinchilla", "--only", "delta"}).out, HasSubstr("0.1"));
}

TEST(SensitivityCommand, RefusesWhatItDoesNotKnow) {
  const Outcome group = run_cli({"sensitivity", kRuns, "--law", "chinchilla", "--only", "weather"});
  EXPECT_EQ(group.code, 2);
  EXPECT_THAT(group.err, HasSubstr("objective"));
  const Outcome quantity = run_cli({"sensitivity", kRuns, "--law", "chinchilla", "--track", "gamma"});
  EXPECT_EQ(quantity.code, 1);
  EXPECT_THAT(quantity.err, HasSubstr("alpha"));
}

}  // namespace
}  // namespace isoflop::cli
