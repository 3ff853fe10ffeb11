// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

double task_loss(double params, double tokens) {
  return 20 / std::pow(params, 0.22) + 60 / std::pow(tokens, 0.25);
}

double score(double loss) {
  return 0.65 / (1 + std::exp(7 * (loss - 0.7))) + 0.25;
}

std::string line(std::initializer_list<double> values) {
  std::string text;
  for (const double value : values) {
    char number[40];
    std::snprintf(number, sizeof number, "%.17g", value);
    text += (text.empty() ? "" : ",") + std::string(number);
  }
  return text + "\n";
}

// Reference models of known laws, and a few models to weigh against them.
class ChainCommand : public testing::Test {
 protected:
  ChainCommand() {
    std::string ladder = "params,tokens,task_loss,accuracy\n";
    for (const double params : {5e6, 3e7, 1e8, 3e8, 8e8})
      for (const double ratio : {10.0, 20.0, 40.0, 60.0}) {
        const double tokens = ratio * params, loss = task_loss(params, tokens);
        ladder += line({params, tokens, loss, score(loss)});
      }
    runs_ = folder_.write("ladder.csv", ladder);
  }

  Outcome chain(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"chain", runs_, "--first", "densing-loss", "--second", "densing-performance"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_cli(arguments);
  }

  Folder folder_;
  std::string runs_;
};

TEST_F(ChainCommand, GivesWhatItDocuments) {
  const Outcome outcome = chain({"--at", "params=7e9", "--at", "D=2T", "--bootstrap", "40", "--seed", "3", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  const auto json = outcome.json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["first"]["law"], "densing-loss");
  EXPECT_EQ(json["first"]["response"], "task_loss");
  EXPECT_EQ(json["first"]["n_runs"], 20);
  EXPECT_NEAR(json["first"]["parameters"]["alpha"]["value"].get<double>(), 0.22, 1e-5);
  EXPECT_EQ(json["first"]["provenance"]["objective"], "log-huber");
  EXPECT_EQ(json["second"]["law"], "densing-performance");
  EXPECT_EQ(json["second"]["provenance"]["objective"], "mse") << "the objective of the law's file";
  EXPECT_NEAR(json["second"]["parameters"]["gamma"]["value"].get<double>(), -7, 1e-3);
  EXPECT_EQ(json["second"]["parameters"]["gamma"]["ci95"].size(), 2u);
  EXPECT_LT(json["second"]["residual_rms"].get<double>(), 1e-6);
  EXPECT_EQ(json["at"]["tokens"], 2e12);
  const double loss = task_loss(7e9, 2e12);
  EXPECT_NEAR(json["loss"]["value"].get<double>(), loss, 1e-5);
  EXPECT_NEAR(json["score"]["value"].get<double>(), score(loss), 1e-4);
  EXPECT_LE(json["score"]["ci95"][0].get<double>(), json["score"]["ci95"][1].get<double>());
  EXPECT_EQ(json["provenance"]["seed"], 3);
  EXPECT_EQ(json["provenance"]["resamples"], 40);
  EXPECT_FALSE(json.contains("models"));

  const Outcome text = chain({"--at", "params=7e9", "--at", "tokens=2T"});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("accuracy in two steps, by way of task_loss"));
  EXPECT_THAT(text.out, HasSubstr("Prediction"));
}

TEST_F(ChainCommand, WeighsModelsAgainstTheLadder) {
  // Each equals a reference model of a trillion tokens `times` its size; the third is no record.
  std::string models = "model,params,accuracy,date\n";
  struct Model {
    const char* name;
    double params, times;
    const char* date;
  };
  for (const Model& model : {Model{"one", 1e9, 0.5, "2023-01-01"}, Model{"two", 2e9, 1, "2023-04-10"},
                             Model{"three", 4e9, 0.8, "2023-05-01"}, Model{"four", 1e9, 2, "2023-07-18"}}) {
    std::string row = line({model.params, score(task_loss(model.params * model.times, 1e12))});
    row.pop_back();
    models += std::string(model.name) + "," + row + "," + model.date + "\n";
  }
  const Outcome outcome = chain({"--models", folder_.write("models.csv", models), "--bootstrap", "20", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["reference"]["tokens"], 1e12);
  ASSERT_EQ(json["models"].size(), 4u);
  EXPECT_EQ(json["models"][0]["name"], "one");
  EXPECT_NEAR(json["models"][0]["density"]["value"].get<double>(), 0.5, 1e-3);
  EXPECT_NEAR(json["models"][3]["density"]["value"].get<double>(), 2, 5e-3);
  EXPECT_NEAR(json["models"][3]["effective_params"].get<double>() / 2e9, 1, 5e-3);
  // Half, one, two: doubling every 99 days, 99 being from the first to the second and from there to the fourth.
  EXPECT_EQ(json["trend"]["records"], 3);
  EXPECT_NEAR(json["trend"]["doubling_days"].get<double>(), 99, 0.5);
  EXPECT_NEAR(json["trend"]["rate"]["value"].get<double>(), 0.007, 1e-4);
  EXPECT_EQ(json["trend"]["rate"]["ci95"].size(), 2u);
  EXPECT_EQ(json["models"][0]["days"], 19358) << "days since 1970";

  const Outcome text = chain({"--models", folder_ / "models.csv"});
  EXPECT_THAT(text.out, HasSubstr("Density doubles in 99"));
}

TEST_F(ChainCommand, TakesTheSecondStepFromAnotherTable) {
  std::string other = "task_loss,accuracy\n";
  for (int i = 0; i < 12; ++i) other += line({0.3 + 0.1 * i, score(0.3 + 0.1 * i)});
  const auto json = chain({"--second-runs", folder_.write("scores.csv", other), "--at", "params=1e9", "--at",
                           "tokens=1e12", "--json"})
                        .json();
  EXPECT_EQ(json["first"]["n_runs"], 20);
  EXPECT_EQ(json["second"]["n_runs"], 12);
  EXPECT_NEAR(json["score"]["value"].get<double>(), score(task_loss(1e9, 1e12)), 1e-4);
}

TEST_F(ChainCommand, SaysWhatIsWrong) {
  const auto fails = [&](const std::vector<std::string>& arguments, int code, const std::string& message) {
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_THAT(outcome.out, IsEmpty());
  };
  fails({"chain", runs_, "--first", "densing-loss"}, 2, "give a law by --second");
  fails({"chain", runs_, "--first", "densing-loss", "--second", "gadre-downstream"}, 1, "which is no variable of");
  fails({"chain", runs_, "--first", "densing-loss", "--second", "densing-performance", "--at", "depth=3"}, 1,
        "neither law has a variable \"depth\"");
  fails({"chain", runs_, "--first", "densing-loss", "--second", "densing-performance", "--at", "params=3"}, 1,
        "give tokens");
  fails({"chain", runs_, "--first", "densing-loss", "--second", "densing-performance", "--second-objective", "best"}, 2,
        "--second-objective");
  const std::string models = folder_.write("bad.csv", "params,accuracy,date\n1e9,0.5,May 2024\n");
  fails({"chain", runs_, "--first", "densing-loss", "--second", "densing-performance", "--models", models}, 1,
        "bad.csv:2: \"May 2024\" is no date");
}

}  // namespace
}  // namespace isoflop::cli
