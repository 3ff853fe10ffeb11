// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

constexpr const char* kConstant = "constant:4000 warmup:300 peak:3e-4";
constexpr const char* kWsd = "wsd:4000 warmup:300 peak:3e-4 cooldown:30% shape:1-sqrt";
constexpr const char* kCosine = "cosine:6000 warmup:300 peak:3e-4 min:0.1";

// A table of three curves as published coefficients predict them.
std::string curves(const std::string& set, bool with_rates) {
  std::string csv = with_rates ? "curve,step,loss,lr\n" : "curve,step,loss\n";
  for (const auto& [name, schedule] : {std::pair{"constant", kConstant}, {"wsd", kWsd}, {"cosine", kCosine}}) {
    const auto json =
        run_cli({"curve", "predict", "--coefficients", set, "--schedule", schedule, "--at",
                 "310:" + std::string(name == std::string("cosine") ? "6000" : "4000") + ":120", "--json"})
            .json();
    for (const auto& point : json["predictions"]) {
      csv += std::string(name) + "," + std::to_string(point["step"].get<long>()) + "," + point["loss"].dump();
      csv += with_rates ? "," + point["lr"].dump() + "\n" : "\n";
    }
  }
  return csv;
}

TEST(CurvePredict, GivesTheTestValueOfThePublishedCoefficients) {
  const Outcome outcome = run_cli({"curve", "predict", "--coefficients", "luo2025-25m", "--schedule",
                                   "warmup:2160 cosine:72000 min:0.1 peak:3e-4", "--at", "71920", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NEAR(outcome.json()["predictions"][0]["loss"].get<double>(), 3.2018, 2e-4);
}

TEST(CurveFit, FitsSeveralSchedulesAndPredictsAnother) {
  const Folder folder;
  const std::string file = folder.write("c.csv", curves("refit-100m", false));
  const Outcome outcome = run_cli({"curve", "fit", file, "--law", "annealing", "--schedule",
                                   std::string("constant=") + kConstant, "--schedule", std::string("wsd=") + kWsd,
                                   "--schedule", std::string("cosine=") + kCosine, "--hold-out", "cosine", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_NEAR(json["parameters"]["C"]["value"].get<double>(), 0.482, 1e-3);
  EXPECT_NEAR(json["parameters"]["alpha"]["value"].get<double>(), 0.463, 1e-3);
  EXPECT_EQ(json["held_out"][0]["curve"], "cosine");
  EXPECT_LT(json["held_out"][0]["mean_relative"].get<double>(), 1e-4);
  // What it wrote predicts again.
  const std::string fit = folder.write("fit.json", outcome.out);
  const Outcome again = run_cli({"curve", "predict", "--fit", fit, "--schedule", kCosine, "--json"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_NEAR(
      again.json()["predictions"][0]["loss"].get<double>() / json["held_out"][0]["last_predicted"].get<double>(), 1,
      1e-12);
}

TEST(CurveFit, TakesTheRatesThatWereLogged) {
  const Folder folder;
  const std::string file = folder.write("c.csv", curves("refit-25m", true));
  const Outcome outcome = run_cli({"curve", "fit", file, "--law", "annealing", "--hold-out", "cosine"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("not in the fit"));
}

TEST(CurveFit, SaysWhatIsWrong) {
  const Folder folder;
  const std::string file = folder.write("c.csv", "curve,step,loss\na,1,3\na,2,2.9\n");
  EXPECT_EQ(run_cli({"curve", "fit", file}).code, 2);
  EXPECT_THAT(run_cli({"curve", "fit", file}).err, HasSubstr("--schedule a=TEXT"));
  EXPECT_THAT(run_cli({"curve", "fit", file, "--schedule", "a=cosine:2", "--law", "no"}).err, HasSubstr("annealing"));
  EXPECT_THAT(run_cli({"curve", "fit", file, "--schedule", "a=cosin:2"}).err, HasSubstr("cosin"));
  EXPECT_THAT(run_cli({"curve", "fit", file, "--schedule", "a=cosine:2"}).err, HasSubstr("parameters"));
  const std::string backwards = folder.write("b.csv", "curve,step,loss\na,2,3\na,1,2.9\n");
  EXPECT_THAT(run_cli({"curve", "fit", backwards, "--schedule", "a=cosine:2"}).err, HasSubstr("b.csv:3"));
  EXPECT_EQ(run_cli({"curve", "predict", "--schedule", "cosine:10"}).code, 2);
  EXPECT_THAT(run_cli({"curve", "predict", "--schedule", "cosine:10", "--coefficients", "luo2025-25"}).err,
              HasSubstr("luo2025-25m"));
  EXPECT_EQ(run_cli({"curve"}).code, 2);
}

TEST(CurveSchedule, WritesTheRateOfEveryStep) {
  const Outcome outcome = run_cli({"curve", "schedule", "wsd:10 warmup:2 peak:1 cooldown:4 shape:linear"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "step,lr\n1,0.5\n2,1\n3,1\n4,1\n5,1\n6,1\n7,0.75\n8,0.5\n9,0.25\n10,0\n");
  const auto json = run_cli({"curve", "schedule", "constant:1000 peak:2", "--every", "300", "--json"}).json();
  EXPECT_EQ(json["step"], (std::vector<int>{300, 600, 900, 1000}));
  EXPECT_EQ(json["area"], 2000);
}

TEST(CurveReuse, SavesWhatTheTrunkShares) {
  const auto json = run_cli({"curve", "reuse", "--horizons", "10K,20K,40K", "--cooldown", "20%", "--json"}).json();
  EXPECT_NEAR(json["saving"].get<double>(), 1 - 4.6 / 7, 1e-12);
  EXPECT_EQ(json["separate"], 70000);
}

}  // namespace
}  // namespace isoflop::cli
