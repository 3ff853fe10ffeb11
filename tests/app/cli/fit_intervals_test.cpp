// SPDX-License-Identifier: Apache-2.0
// Weights, clusters, constraints and intervals of `fit`, and what predict and allocate make of them.
#include <gmock/gmock.h>

#include <cmath>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

const std::string kRuns = dataset("simulated-chinchilla.csv");

Outcome fit(std::vector<std::string> more, const std::string& runs = kRuns) {
  std::vector<std::string> arguments{"fit", runs, "--law", "chinchilla"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_cli(arguments);
}

double parameter(const nlohmann::json& json, const char* name, const char* key = "value") {
  return json["parameters"][name][key].get<double>();
}

TEST(FitCommand, TiesParametersToFormulasOfOthers) {
  const auto json = fit({"--tie", "beta = 2 * alpha - 0.33", "--json"}).json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_NEAR(parameter(json, "beta"), 2 * parameter(json, "alpha") - 0.33, 1e-12);
  EXPECT_NEAR(parameter(json, "beta", "standard_error"), 2 * parameter(json, "alpha", "standard_error"), 1e-9);
  EXPECT_EQ(json["parameters"]["beta"]["tied"], "2 * alpha - 0.33");
  EXPECT_EQ(json["provenance"]["ties"]["beta"], "2 * alpha - 0.33");
  EXPECT_THAT(fit({"--tie", "beta = beta2"}).err, HasSubstr("no parameter of Chinchilla"));
}

TEST(FitCommand, TakesPriorsAndBounds) {
  const auto json = fit({"--prior", "alpha ~ normal(.3, 1e-5)", "--bound", "E = 0, 1.5", "--json"}).json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_NEAR(parameter(json, "alpha"), 0.3, 1e-3);
  EXPECT_NEAR(parameter(json, "E"), 1.5, 1e-6);
  EXPECT_EQ(json["provenance"]["priors"]["alpha"]["mean"], .3);
  EXPECT_EQ(json["provenance"]["bounds"]["E"][1], 1.5);
  EXPECT_GT(json["penalty"].get<double>(), 0);
  EXPECT_EQ(fit({"--prior", "alpha = 3"}).code, 2);
  EXPECT_EQ(fit({"--prior", "alpha ~ gamma(1, 2)"}).code, 2);
  EXPECT_EQ(fit({"--bound", "E = 1"}).code, 2);
  EXPECT_EQ(fit({"--bound", "E = 2, 1"}).code, 1);
  EXPECT_EQ(fit({"--prior", "gamma ~ normal(1, 2)"}).code, 1);
}

TEST(FitCommand, TakesWeightsAndClustersFromColumns) {
  Folder folder;
  std::string text = "params,tokens,loss,importance,configuration\n";
  for (int i = 0; i < 60; ++i) {
    const double n = 1e8 * std::pow(1.5, i % 12), d = 2e9 * std::pow(3.0, i / 12);
    const double loss = (1.8 + 480 / std::pow(n, .35) + 2000 / std::pow(d, .37)) * (1 + 0.004 * std::sin(7.0 * i));
    text += std::to_string(n) + "," + std::to_string(d) + "," + std::to_string(loss) + "," + (i % 2 ? "2" : "1") +
            ",c" + std::to_string(i / 3) + "\n";
  }
  const std::string runs = folder.write("runs.csv", text);
  const auto plain = fit({"--json"}, runs).json();
  const auto weighted = fit({"--weight", "importance", "--json"}, runs).json();
  const auto clustered = fit({"--cluster", "configuration", "--bootstrap", "50", "--json"}, runs).json();
  ASSERT_FALSE(plain.is_discarded() || weighted.is_discarded() || clustered.is_discarded());
  EXPECT_NE(parameter(weighted, "alpha"), parameter(plain, "alpha"));
  EXPECT_EQ(weighted["provenance"]["weight"], "importance");
  EXPECT_EQ(parameter(clustered, "alpha"), parameter(plain, "alpha"));
  EXPECT_NE(parameter(clustered, "alpha", "standard_error"), parameter(plain, "alpha", "standard_error"));
  EXPECT_EQ(clustered["provenance"]["clusters"], 20);
  EXPECT_EQ(clustered["degrees_of_freedom"], 19);
  EXPECT_EQ(fit({"--weight", "configuration"}, runs).code, 1);
  EXPECT_THAT(fit({"--cluster", "nothing"}, runs).err, HasSubstr("no column \"nothing\""));
  EXPECT_THAT(fit({"--cluster", "configuration", "--bootstrap", "5", "--bootstrap-kind", "residual"}, runs).err,
              HasSubstr("draw runs"));
}

TEST(FitCommand, ProfilesParametersAndDerivedQuantities) {
  const auto json = fit({"--profile", "alpha", "--profile", "a", "--json"}).json();
  ASSERT_FALSE(json.is_discarded());
  for (const char* name : {"alpha", "a"}) {
    const auto& found = json["profiles"][name];
    EXPECT_LT(found["ci95"][0].get<double>(), found["value"].get<double>()) << name;
    EXPECT_GT(found["ci95"][1].get<double>(), found["value"].get<double>()) << name;
    EXPECT_FALSE(found["open_lower"].get<bool>());
    EXPECT_EQ(found["at"].size(), found["deviance"].size());
  }
  EXPECT_THAT(fit({"--profile", "a"}).out, HasSubstr("95% intervals by profile"));
  EXPECT_THAT(fit({"--profile", "gamma"}).err, HasSubstr("no parameter or derived quantity \"gamma\""));
}

TEST(FitCommand, GivesIntervalsToFirstOrderThatAgreeWithResamples) {
  const auto delta = fit({"--interval", "delta", "--flops", "1e22", "--json"}).json();
  ASSERT_FALSE(delta.is_discarded());
  EXPECT_EQ(delta["interval"], "delta");
  for (const char* kind : {"runs", "draws", "residual"}) {
    const auto resampled = fit({"--bootstrap", "400", "--bootstrap-kind", kind, "--flops", "1e22", "--json"}).json();
    ASSERT_FALSE(resampled.is_discarded());
    EXPECT_EQ(resampled["interval"], "bootstrap");
    EXPECT_EQ(resampled["provenance"]["bootstrap_kind"], kind);
    const auto width = [](const nlohmann::json& estimate) {
      return std::log(estimate["ci95"][1].get<double>() / estimate["ci95"][0].get<double>());
    };
    for (const char* name : {"params", "tokens", "loss"}) {
      const double ratio = width(resampled["allocations"][0][name]) / width(delta["allocations"][0][name]);
      EXPECT_GT(ratio, 0.6) << kind << " " << name;
      EXPECT_LT(ratio, 1.7) << kind << " " << name;
    }
  }
  EXPECT_EQ(fit({"--interval", "bootstrap"}).code, 2);
  EXPECT_EQ(fit({"--interval", "exact"}).code, 2);
}

TEST(FitCommand, LeavesWhatPredictAndAllocateNeedForIntervals) {
  Folder folder;
  const Outcome made = fit({"--bootstrap", "300", "--keep-resamples", "--flops", "1e22", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  const auto report = made.json();
  const std::string file = folder.write("fit.json", made.out);
  const auto allocated = run_cli({"allocate", "--fit", file, "--flops", "1e22", "--interval", "bootstrap", "--json"});
  ASSERT_EQ(allocated.code, 0) << allocated.err;
  for (const int end : {0, 1}) {
    const double before = report["allocations"][0]["params"]["ci95"][end];
    EXPECT_NEAR(allocated.json()["ci95"]["params"][end].get<double>(), before, 1e-9 * before);
  }
  const auto delta = run_cli({"allocate", "--fit", file, "--flops", "1e22", "--interval", "delta", "--json"}).json();
  EXPECT_LT(delta["ci95"]["loss"][0].get<double>(), delta["loss"].get<double>());
  EXPECT_GT(delta["ci95"]["loss"][1].get<double>(), delta["loss"].get<double>());
  const auto predicted =
      run_cli({"predict", "--fit", file, "--at", "params=70e9", "--at", "tokens=1.4T", "--interval", "delta", "--json"})
          .json();
  EXPECT_LT(predicted["ci95"][0].get<double>(), predicted["loss"].get<double>());
  EXPECT_GT(predicted["ci95"][1].get<double>(), predicted["loss"].get<double>());

  const std::string bare = folder.write("bare.json", fit({"--json"}).out);
  const Outcome lacking = run_cli({"allocate", "--fit", bare, "--flops", "1e22", "--interval", "bootstrap"});
  EXPECT_EQ(lacking.code, 1);
  EXPECT_THAT(lacking.err, HasSubstr("--keep-resamples"));
  EXPECT_EQ(run_cli({"allocate", "--law", "chinchilla", "--coefficients", "besiroglu2024", "--flops", "1e22",
                     "--interval", "delta"})
                .code,
            1);
}

TEST(FitCommand, SaysThatABudgetLiesFarBeyondTheRunsAndNotThatANearOneDoes) {
  const auto codes = [](const Outcome& outcome) {
    std::vector<std::string> found;
    const auto json = outcome.json();
    for (const auto& finding : json["findings"]) found.push_back(finding["code"]);
    return found;
  };
  EXPECT_THAT(codes(fit({"--flops", "1e26", "--json"})), testing::Contains("extrapolation"));
  // Without a column of compute, from the parameters and tokens.
  Folder folder;
  std::string text = "params,tokens,loss\n";
  for (int i = 0; i < 40; ++i) {
    const double n = 1e8 * std::pow(1.5, i % 8), d = 2e9 * std::pow(3.0, i / 8);
    text += std::to_string(n) + "," + std::to_string(d) + "," +
            std::to_string(1.8 + 480 / std::pow(n, .35) + 2000 / std::pow(d, .37)) + "\n";
  }
  const std::string runs = folder.write("runs.csv", text);
  EXPECT_THAT(codes(fit({"--flops", "1e26", "--json"}, runs)), testing::Contains("extrapolation"));
  EXPECT_THAT(codes(fit({"--flops", "1e20", "--json"})), testing::Not(testing::Contains("extrapolation")));
}

}  // namespace
}  // namespace isoflop::cli
