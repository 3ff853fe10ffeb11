// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string> kSardana{"calculate",  "inference",   "--law",        "chinchilla", "--param",
                                        "E=1.69",     "--param",     "A=406.4",      "--param",    "B=410.7",
                                        "--param",    "alpha=0.336", "--param",      "beta=0.283", "--at",
                                        "params=30B", "--at",        "tokens=1.56T", "--tokens",   "5T"};

TEST(CalculateInference, AnswersSardanasFirstExample) {
  auto command = kSardana;
  const Outcome text = run_cli(command);
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("16.4B"));
  EXPECT_THAT(text.out, HasSubstr("3.27T"));
  EXPECT_THAT(text.out, HasSubstr("16.2%"));
  command.push_back("--json");
  const auto json = run_cli(command).json();
  EXPECT_NEAR(json["saving_over_given"].get<double>(), 0.162, 5e-4);
  EXPECT_EQ(json["unit"], "FLOP");
  EXPECT_NEAR(json["given"]["cost"].get<double>(), 6 * 30e9 * 1.56e12 + 2 * 30e9 * 5e12, 1e15);
}

TEST(CalculateInference, CountsInDollarsWhereDevicesAreNamed) {
  auto command = kSardana;
  command.insert(command.end(),
                 {"--train-on", "H100", "--serve-on", "A100", "--train-mfu", "0.4", "--mfu", "0.05", "--json"});
  const Outcome outcome = run_cli(command);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["unit"], "USD");
  const double cost = outcome.json()["best"]["cost"].get<double>();
  EXPECT_GT(cost, 1e4);
  EXPECT_LT(cost, 1e9);
}

TEST(CalculateInference, SaysWhatIsWrong) {
  const auto fails = [](std::vector<std::string> arguments, int code, const std::string& sentence) {
    arguments.insert(arguments.begin(),
                     {"calculate", "inference", "--law", "chinchilla", "--coefficients", "besiroglu2024"});
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, code) << sentence;
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
    EXPECT_EQ(outcome.out, "");
  };
  fails({}, 2, "--loss");
  fails({"--at", "params=1B"}, 2, "--loss");
  fails({"--loss", "1.5"}, 1, "higher loss");
  fails({"--loss", "2.2", "--mfu", "3"}, 1, "MFU");
  fails({"--loss", "2.2", "--train-on", "H100"}, 2, "--serve-on");
  fails({"--loss", "2.2", "--train-on", "H100", "--serve-on", "abacus"}, 1, "abacus");
  EXPECT_EQ(run_cli({"calculate"}).code, 2);
}

TEST(CalculateCoverage, IsUnbiasedAndSaysHowSure) {
  const Folder folder;
  const std::string file = folder.write("p.csv", "samples,correct\n4,1\n4,0\n5,5\n8,2\n");
  const Outcome outcome = run_cli({"calculate", "coverage", file, "--k", "1,2", "--predict", "100", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_DOUBLE_EQ(json["measured"][0]["coverage"].get<double>(), (0.25 + 0 + 1 + 0.25) / 4);
  // 1 - C(3,2)/C(4,2) = 1/2 and 1 - C(6,2)/C(8,2) = 13/28.
  EXPECT_DOUBLE_EQ(json["measured"][1]["coverage"].get<double>(), (0.5 + 0 + 1 + 13.0 / 28) / 4);
  const double a = json["parameters"]["a"]["value"].get<double>(), b = json["parameters"]["b"]["value"].get<double>();
  EXPECT_NEAR(json["predicted"][0]["coverage"].get<double>(), std::exp(a * std::pow(100, b)), 1e-12);
  EXPECT_EQ(run_cli({"calculate", "coverage", file, "--k", "1,2"}).code, 0);
  EXPECT_THAT(run_cli({"calculate", "coverage", file, "--k", "5"}).err, HasSubstr("only 4 samples"));
  EXPECT_THAT(run_cli({"calculate", "coverage", file, "--correct", "corect"}).err, HasSubstr("did you mean"));
  const std::string bad = folder.write("b.csv", "samples,correct\n4,1.5\n");
  EXPECT_THAT(run_cli({"calculate", "coverage", bad}).err, HasSubstr("b.csv:2"));
}

TEST(CalculateKnockout, GivesTheBoundOfTheReferenceAndWhatReallyHappens) {
  const Outcome outcome = run_cli({"calculate", "knockout", "--p-gen", "0.1", "--p-comp", "0.7", "--candidates", "64",
                                   "--comparisons", "32", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NEAR(outcome.json()["failure_bound"].get<double>(), 0.4650, 5e-5);
  EXPECT_LT(outcome.json()["failure_probability"].get<double>(), 0.4650);
  EXPECT_EQ(outcome.json()["calls_bound"], 64 * 33);
  const auto best =
      run_cli({"calculate", "knockout", "--p-gen", "0.1", "--p-comp", "0.7", "--calls", "2112", "--json"});
  EXPECT_LT(best.json()["failure_bound"].get<double>(), 0.4650);
  EXPECT_EQ(run_cli({"calculate", "knockout", "--p-gen", "0.1", "--p-comp", "0.7"}).code, 2);
  EXPECT_EQ(run_cli({"calculate", "knockout", "--p-gen", "1.1", "--p-comp", "0.7", "--calls", "9"}).code, 1);
}

TEST(CalculateAttention, ChoosesFewerHeadsForLongerContexts) {
  const Folder folder;
  const std::string file = folder.write("h.csv",
                                        "heads,kv_heads,head_dim,layers,params\n"
                                        "32,32,64,16,1.0e9\n32,8,64,16,1.02e9\n8,1,64,16,1.15e9\n");
  const Outcome outcome = run_cli({"calculate", "attention", file, "--context", "128,1048576", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["contexts"][0]["best"], "(32,32)");
  EXPECT_EQ(outcome.json()["contexts"][1]["best"], "(8,1)");
  EXPECT_EQ(outcome.json()["contexts"][0]["configurations"][1]["values"], 1.02e9 + 2.0 * 128 * 16 * 64 * 8);
  const std::string law = folder.write("l.csv", "heads,kv_heads,head_dim,layers,a,b,E\n32,8,64,16,3e6,0.17,1.9\n");
  EXPECT_EQ(run_cli({"calculate", "attention", law, "--context", "8192"}).code, 2);
  EXPECT_EQ(run_cli({"calculate", "attention", law, "--context", "8192", "--loss", "2.6"}).code, 0);
  EXPECT_EQ(run_cli({"calculate", "attention", law, "--context", "8192", "--loss", "1.8"}).code, 1);
}

TEST(CalculateSampling, MixesWhatSolvesDifferentProblems) {
  const Folder folder;
  const std::string file = folder.write("s.csv", "problem,large,small\na,0.5,0\nb,0,0.5\n");
  const std::vector<std::string> command{"calculate", "sampling", file, "--budget", "10", "--json"};
  const Outcome outcome = run_cli(command);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["samples"]["large"], 5);
  EXPECT_EQ(outcome.json()["samples"]["small"], 5);
  EXPECT_LT(outcome.json()["single"]["solved"].get<double>(), outcome.json()["solved"].get<double>());
  auto exact = command;
  exact.insert(exact.end(), {"--exact", "--cost", "small=0.5"});
  EXPECT_LE(run_cli(exact).json()["cost"], 10);
  EXPECT_GE(run_cli(exact).json()["solved"], outcome.json()["solved"]);
}

TEST(CalculateNoiseScale, JudgesBatches) {
  const auto json = run_cli({"calculate", "noise-scale", "--critical-batch", "1000", "--batch", "1000", "--min-steps",
                             "1e4", "--json"})
                        .json();
  EXPECT_EQ(json["batches"][0]["steps"], 2e4);
  EXPECT_EQ(json["batches"][0]["examples"], 2e7);
  const Folder folder;
  // |G|^2 = 1 and tr(Sigma) = 80 without any scatter: 1 + 80/8 and 1 + 80/64.
  const std::string file = folder.write("g.csv", "small,big\n11,2.25\n11,2.25\n");
  const auto measured =
      run_cli({"calculate", "noise-scale", file, "--small-batch", "8", "--big-batch", "64", "--json"}).json();
  EXPECT_NEAR(measured["noise_scale"].get<double>(), 80, 1e-9);
  EXPECT_NEAR(measured["squared_gradient"].get<double>(), 1, 1e-9);
  EXPECT_EQ(run_cli({"calculate", "noise-scale", file}).code, 2);
  EXPECT_EQ(run_cli({"calculate", "noise-scale"}).code, 2);
}

}  // namespace
}  // namespace isoflop::cli
