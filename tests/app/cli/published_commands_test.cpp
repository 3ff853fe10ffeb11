// SPDX-License-Identifier: Apache-2.0
// Whole commands on published data, with the numbers that independent solvers found.
#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "app/cli/run_cli.h"
#include "support/shared_data.h"

namespace isoflop::cli {
namespace {

#define NEED_DATA(path, name)                                      \
  const std::filesystem::path path = test::shared_data() / (name); \
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "published data is not here: " << path

TEST(PublishedCommands, FitChinchilla) {
  NEED_DATA(path, "chinchilla/svg_extracted_data.csv");
  const Outcome outcome =
      run_cli({"fit", path, "--map", "params=Model Size", "--map", "flops=Training FLOP", "--derive",
               "tokens = flops / (6 * params)", "--exclude", "rank(loss, descending) <= 5", "--law", "chinchilla",
               "--bootstrap", "4000", "--bootstrap-kind", "draws", "--seed", "1", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto json = outcome.json();
  EXPECT_EQ(json["law"], "chinchilla");
  EXPECT_EQ(json["n_runs"], 240);
  EXPECT_LE(json["objective"].get<double>(), 1.01827402e-3);
  const std::map<std::string, std::array<double, 3>> expected{{"A", {477.826, 285, 744}},
                                                              {"B", {2143.417, 1042, 5810}},
                                                              {"E", {1.8172181, 1.769, 1.871}},
                                                              {"alpha", {.3473105, .317, .373}},
                                                              {"beta", {.3671724, .331, .415}}};
  for (const auto& [name, numbers] : expected) {
    const auto& parameter = json["parameters"][name];
    EXPECT_NEAR(parameter["value"].get<double>() / numbers[0], 1, 1e-3) << name;
    EXPECT_NEAR(parameter["ci95"][0].get<double>() / numbers[1], 1, 0.1) << name;
    EXPECT_NEAR(parameter["ci95"][1].get<double>() / numbers[2], 1, 0.1) << name;
  }
  EXPECT_NEAR(json["derived"]["a"]["value"].get<double>(), .5139, 5e-5);
  EXPECT_EQ(json["derived"]["b"]["ci95"].size(), 2u);
  EXPECT_EQ(json["provenance"]["exclusions"][0]["reason"], "rank(loss, descending) <= 5");
  EXPECT_EQ(json["provenance"]["exclusions"][0]["rows"], 5);
  EXPECT_EQ(json["provenance"]["mapping"]["params"], "Model Size");
  EXPECT_EQ(json["provenance"]["derived"]["tokens"], "flops / (6 * params)");
}

TEST(PublishedCommands, FitDataConstrainedFindsTheGlobalOptimumAndListsTheOthers) {
  NEED_DATA(path, "datablations/parametric_fit_cell26_182_samples.csv");
  const Outcome outcome = run_cli({"fit", path, "--law", "data-constrained", "--coefficients", "muennighoff2023",
                                   "--free", "R_D", "--free", "R_N", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["n_runs"], 182);
  EXPECT_LE(json["objective"].get<double>(), .01580467);
  EXPECT_NEAR(json["parameters"]["R_D"]["value"].get<double>(), 95.365, 0.1);
  EXPECT_NEAR(json["parameters"]["R_N"]["value"].get<double>(), 1.7059, 2e-3);
  bool published = false;
  for (const auto& optimum : json["optima"])
    published |= std::abs(optimum["parameters"]["R_D"].get<double>() - 15.3718) < 0.05;
  EXPECT_TRUE(published) << "the published pair is a local optimum";
  std::map<std::string, int> codes;
  for (const auto& finding : json["findings"]) ++codes[finding["code"].get<std::string>()];
  EXPECT_EQ(codes["starts-disagree"], 1);
  EXPECT_GE(codes["flat-valley"], 1);
}

TEST(PublishedCommands, FitDataConstrainedStaysInThePublishedBasinWhenStartedThere) {
  NEED_DATA(path, "datablations/parametric_fit_cell26_182_samples.csv");
  const Outcome outcome =
      run_cli({"fit", path, "--law", "data-constrained", "--coefficients", "muennighoff2023", "--free", "R_D", "--free",
               "R_N", "--start", "R_D=15.387756", "--start", "R_N=5.309743", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_NEAR(json["parameters"]["R_D"]["value"].get<double>(), 15.3718, 1e-3);
  EXPECT_NEAR(json["parameters"]["R_N"]["value"].get<double>(), 5.31513, 1e-4);
  EXPECT_NEAR(json["objective"].get<double>(), .0158259321, 1e-9);
}

TEST(PublishedCommands, IsoflopGivesTheExponentOfPorian) {
  NEED_DATA(path, "porian/isoflop_points.csv");
  const Outcome outcome = run_cli(
      {"isoflop", path, "--map", "params=n", "--method", "akima", "--noise", ".002", "--weights", "spread",
       "--minimum-runs", "3", "--seed", "1", "--exclude",
       "dataset != \"rw\" or hparams != \"tuned\" or warmup != \"short\" or decay != \"const\" or param_count != "
       "\"standard\"",
       "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_NEAR(json["params"]["exponent"].get<double>(), .497, .0015);
  EXPECT_NEAR(json["params"]["ci95"][0].get<double>(), .491, .003);
  EXPECT_NEAR(json["params"]["ci95"][1].get<double>(), .505, .003);
}

TEST(PublishedCommands, FitOfVocabularyGivesTheNumbersOfAnIndependentSolver) {
  NEED_DATA(path, "vocab/exp_data.csv");
  const Outcome outcome =
      run_cli({"fit", path, "--law", "tao-vocabulary", "--objective", "huber", "--exclude", "FLOPs < 2.18e17", "--map",
               "params=Non_vocab_parameters", "--derive", "vocabulary_params = vocab_size * embed_dim", "--derive",
               "characters = num_characters", "--derive", "vocabulary = vocab_size", "--derive",
               "normalized_loss = Lossu", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["n_runs"], 1054);
  EXPECT_NEAR(json["objective"].get<double>(), .06229135, 5e-9);
  EXPECT_NEAR(json["parameters"]["alpha_2"]["value"].get<double>(), .66367, 1e-4);
}

TEST(PublishedCommands, FitOfOverTrainingForetellsTheLargeRuns) {
  NEED_DATA(path, "gadre/gadre_104_runs.csv");
  const std::vector<std::string> table{path,       "--law", "gadre-overtraining", "--map", "params=N", "--map",
                                       "tokens=D", "--map", "loss=loss_c4_val",   "--json"};
  const auto command = [&](const char* name, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{name};
    arguments.insert(arguments.end(), table.begin(), table.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_cli(arguments);
  };
  const Outcome fit =
      command("fit", {"--exclude", "dataset != \"rpj\"", "--exclude",
                      "not ((cc_mult == 1 and N < 5e8) or (cc_mult == 16 and N < 2e7))", "--objective", "mse"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  const Folder folder;
  const std::string saved = folder.write("fit.json", fit.out);
  const Outcome outcome =
      command("predict", {"--fit", saved, "--exclude", "dataset != \"rpj\" or N < 1e9 or (N < 6e9 and cc_mult != 32)"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto predictions = outcome.json()["predictions"];
  ASSERT_EQ(predictions.size(), 2u);
  EXPECT_NEAR(predictions[0]["predicted"].get<double>() / predictions[0]["observed"].get<double>(), 1.007103, 5e-6);
  EXPECT_NEAR(predictions[1]["predicted"].get<double>() / predictions[1]["observed"].get<double>(), 1.007320, 5e-6);
}

}  // namespace
}  // namespace isoflop::cli
