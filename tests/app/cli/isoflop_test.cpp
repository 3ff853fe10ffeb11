// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

const std::string kRuns = dataset("simulated-chinchilla.csv");

TEST(IsoflopCommand, FindsTheBudgetsAndThePowerLawOfTheirMinima) {
  const Outcome outcome = run_cli({"isoflop", kRuns, "--bootstrap", "300", "--seed", "2", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["n_runs"], 108);
  ASSERT_EQ(json["curves"].size(), 9u);
  for (const auto& curve : json["curves"]) {
    EXPECT_EQ(curve["n_runs"], 12);
    EXPECT_EQ(curve["accepted"], true);
    EXPECT_LT(curve["ci95"][0].get<double>(), curve["params"].get<double>());
  }
  // The runs were made with a = .3658 / (.3478 + .3658).
  EXPECT_NEAR(json["params"]["exponent"].get<double>(), 0.5126, 0.03);
  EXPECT_LT(json["params"]["ci95"][0].get<double>(), 0.5126);
  EXPECT_GT(json["params"]["ci95"][1].get<double>(), 0.5126);
  EXPECT_NEAR(json["params"]["exponent"].get<double>() + json["tokens"]["exponent"].get<double>(), 1, 1e-12);
  EXPECT_EQ(json["provenance"]["seed"], 2);
}

TEST(IsoflopCommand, LeavesOutWhatHasNoMinimumAndSaysSo) {
  const Outcome outcome = run_cli({"isoflop", kRuns, "--exclude", "flops > 2e21 and params > 3e9", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["curves"][8]["accepted"], false);
  EXPECT_TRUE(json["curves"][8]["refusal"].is_string());
  EXPECT_FALSE(json["findings"].empty());
  EXPECT_THAT(run_cli({"isoflop", kRuns}).out, HasSubstr("N* = "));
}

TEST(IsoflopCommand, ReadsCurvesByEveryMethod) {
  for (const std::string method : {"parabola", "akima", "makima", "law"}) {
    const Outcome outcome = run_cli({"isoflop", kRuns, "--method", method, "--bootstrap", "100", "--json"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto json = outcome.json();
    EXPECT_EQ(json["provenance"]["method"], "isoflop-" + method);
    EXPECT_NEAR(json["params"]["exponent"].get<double>(), 0.5126, 0.03) << method;
    const auto& curve = json["curves"][4];
    EXPECT_EQ(curve.contains("parabola"), method == "parabola");
    EXPECT_EQ(curve.contains("knots"), method.ends_with("akima"));
    EXPECT_EQ(curve.contains("curve") && json.contains("shape"), method == "law");
    EXPECT_GT(curve["spread"].get<double>(), 0);
    if (curve.contains("knots")) {
      EXPECT_EQ(curve["knots"].size(), 12u);
    }
  }
  EXPECT_THAT(run_cli({"isoflop", kRuns, "--method", "law"}).out, HasSubstr("shape: loss = E_C"));
}

TEST(IsoflopCommand, HoldsTheShapeThatIsGiven) {
  const auto json =
      run_cli({"isoflop", kRuns, "--method", "law", "--shape", ".3478,.3658", "--bootstrap", "0", "--json"}).json();
  EXPECT_EQ(json["shape"]["alpha"], .3478);
  EXPECT_EQ(json["curves"][0]["curve"]["beta"], .3658);
  EXPECT_EQ(run_cli({"isoflop", kRuns, "--shape", ".3,.3"}).code, 2);
}

TEST(IsoflopCommand, ResamplesByTheNoiseOfSeeds) {
  const std::vector<std::string> command{"isoflop",   kRuns,    "--method",    "akima", "--noise", "0.01",
                                         "--weights", "spread", "--bootstrap", "200",   "--json"};
  const Outcome outcome = run_cli(command);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["provenance"]["noise"], 0.01);
  EXPECT_EQ(json["provenance"]["weights"], "spread");
  EXPECT_LT(json["params"]["ci95"][0].get<double>(), 0.5126);
  EXPECT_GT(json["params"]["ci95"][1].get<double>(), 0.5126);
  EXPECT_EQ(run_cli(command).out, outcome.out);
}

TEST(IsoflopCommand, RefusesOptionsThatContradictEachOther) {
  EXPECT_EQ(run_cli({"isoflop", kRuns, "--method", "spline"}).code, 2);
  EXPECT_EQ(run_cli({"isoflop", kRuns, "--weights", "loss"}).code, 2);
  EXPECT_EQ(run_cli({"isoflop", kRuns, "--noise", "0.01", "--bootstrap", "0"}).code, 2);
  EXPECT_EQ(run_cli({"isoflop", kRuns, "--noise", "-1"}).code, 2);
}

// Curves of a constant learning rate on the surface 1.8 + 480 / N^.35 + 2100 / D^.37, for which a = .37 / .72.
std::string curves(const Folder& folder) {
  std::string text = "run,step,params,loss\n";
  for (int size = 0; size < 16; ++size) {
    const double n = std::round(2e7 * std::pow(1.5, size));
    for (int i = 1; i <= 60; ++i) {
      const double step = std::round(n / 1e6 * std::pow(1.12, i));
      const double d = step * 524288;
      text += "size-" + std::to_string(size) + "," + std::to_string(step) + "," + std::to_string(n) + "," +
              std::to_string(1.8 + 480 / std::pow(n, .35) + 2100 / std::pow(d, .37)) + "\n";
    }
  }
  return folder.write("curves.csv", text);
}

TEST(EnvelopeCommand, FindsThePowerLawOfTheLowestCurves) {
  const Folder folder;
  const std::string path = curves(folder);
  const std::vector<std::string> command{
      "envelope", path, "--derive", "tokens = step * 524288", "--bootstrap", "100", "--seed", "1", "--budgets", "300"};
  std::vector<std::string> as_json = command;
  as_json.push_back("--json");
  const Outcome outcome = run_cli(as_json);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["n_runs"], 16);
  EXPECT_EQ(json["n_points"], 960);
  EXPECT_EQ(json["runs"][3]["run"], "size-3");
  EXPECT_EQ(json["envelope"].size(), 300u);
  EXPECT_NEAR(json["params"]["exponent"].get<double>(), .37 / .72, .02);
  EXPECT_LT(json["params"]["ci95"][0].get<double>(), .37 / .72);
  EXPECT_GT(json["params"]["ci95"][1].get<double>(), .37 / .72);
  EXPECT_TRUE(json["params"]["standard_error"].is_null());
  EXPECT_EQ(json["provenance"]["run"], "run");
  const Outcome text = run_cli(command);
  EXPECT_THAT(text.out, HasSubstr("N* = "));
  EXPECT_THAT(text.out, HasSubstr("Envelope of 16 curves by \"run\""));
}

TEST(EnvelopeCommand, SaysWhichColumnIsMissing) {
  const Folder folder;
  const std::string path = curves(folder);
  const Outcome outcome = run_cli({"envelope", path, "--derive", "tokens = step * 524288", "--run", "seed"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("there is no column \"seed\""));
  EXPECT_EQ(run_cli({"envelope", path, "--minimum-sizes", "2"}).code, 2);
}

TEST(ParetoCommand, ListsRunsThatNoCheaperRunBeats) {
  const Outcome outcome = run_cli({"pareto", kRuns, "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto runs = outcome.json()["runs"];
  ASSERT_GE(runs.size(), 9u);
  for (std::size_t i = 1; i < runs.size(); ++i) {
    EXPECT_GT(runs[i]["flops"].get<double>(), runs[i - 1]["flops"].get<double>());
    EXPECT_LT(runs[i]["loss"].get<double>(), runs[i - 1]["loss"].get<double>());
    EXPECT_TRUE(runs[i]["line"].is_number());
    EXPECT_TRUE(runs[i]["params"].is_number());
  }
  EXPECT_THAT(run_cli({"pareto", kRuns}).out, HasSubstr("on the frontier of 108 runs"));
}

}  // namespace
}  // namespace isoflop::cli
