// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

TEST(SimulateCommand, MakesTheTablesOfTheBoxAgainToTheByte) {
  const Folder folder;
  for (const std::string name : {"simulated-chinchilla", "simulated-data-constrained"}) {
    const auto description = nlohmann::json::parse(read_text(dataset(name + ".json")));
    EXPECT_EQ(description["simulated"], true);
    auto command = description["command"].get<std::vector<std::string>>();
    command.insert(command.end(), {"-o", folder / (name + ".csv")});
    const Outcome outcome = run_cli(command);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(read_text(folder / (name + ".csv")), read_text(dataset(name + ".csv")));
    EXPECT_EQ(read_text(folder / (name + ".json")), read_text(dataset(name + ".json")));
  }
}

TEST(SimulateCommand, WithoutNoiseGivesTheLawItself) {
  const Outcome outcome = run_cli({"simulate", "--law", "chinchilla", "--coefficients", "besiroglu2024", "--noise", "0",
                                   "--flops", "1e19:1e21:3", "--sizes", "5", "-o", "-"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  std::istringstream lines(outcome.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "params,tokens,flops,loss");
  int rows = 0;
  for (; std::getline(lines, line); ++rows) {
    double n = 0, d = 0, c = 0, loss = 0;
    ASSERT_EQ(std::sscanf(line.c_str(), "%lf,%lf,%lf,%lf", &n, &d, &c, &loss), 4) << line;
    EXPECT_NEAR(loss, 1.8172 + 482.01 / std::pow(n, 0.3478) + 2085.43 / std::pow(d, 0.3658), 5.1e-7);
    EXPECT_NEAR(c / (6 * n * d), 1, 1e-12);
    EXPECT_NEAR(c / std::pow(10, 19 + rows / 5), 1, 1e-5);
  }
  EXPECT_EQ(rows, 15);
}

TEST(SimulateCommand, NoiseIsOfTheSizeAskedForAndFollowsTheSeed) {
  const Folder folder;
  const auto simulate = [&](const std::string& noise, const std::string& seed) {
    const std::string file = folder / ("s" + noise + "-" + seed + ".csv");
    const Outcome outcome =
        run_cli({"simulate", "--law", "chinchilla", "--coefficients", "besiroglu2024", "--noise", noise, "--seed", seed,
                 "--flops", "1e18:1e22:20", "--sizes", "25", "-o", file, "--json"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.json()["rows"], 500);
    EXPECT_EQ(outcome.json()["simulated"], true);
    return file;
  };
  const std::string file = simulate("0.02", "5");
  const auto json =
      run_cli({"predict", file, "--law", "chinchilla", "--coefficients", "besiroglu2024", "--json"}).json();
  double sum = 0, squares = 0;
  for (const auto& row : json["predictions"]) {
    const double z = -row["log_residual"].get<double>() / 0.02;
    sum += z;
    squares += z * z;
  }
  // Mean 0 and variance 1 of 500 standard normals, within four standard deviations of either.
  EXPECT_NEAR(sum / 500, 0, 4 / std::sqrt(500.0));
  EXPECT_NEAR(squares / 500, 1, 4 * std::sqrt(2 / 500.0));
  EXPECT_NE(read_text(file), read_text(simulate("0.02", "6")));
}

TEST(SimulateCommand, RunsOfAModelShowItsExponentToTheIsoflopMethod) {
  const Folder folder;
  const std::string file = folder / "plrf.csv";
  const Outcome outcome =
      run_cli({"simulate", "--model", "plrf", "--param", "alpha=1", "--param", "beta=0.3", "--flops", "1e10:1e14:5",
               "--sizes", "7", "--spread", "2", "--noise", "0", "-o", file, "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NEAR(outcome.json()["known_exponents"]["optimal_params"].get<double>(), 1.0 / 3, 1e-12);
  const auto isoflop = run_cli({"isoflop", file, "--json"}).json();
  EXPECT_NEAR(isoflop["params"]["exponent"].get<double>(), 1.0 / 3, 0.01);
  // The description holds the command for the same bytes.
  const std::string before = read_text(file);
  auto command = nlohmann::json::parse(read_text(folder / "plrf.json"))["command"].get<std::vector<std::string>>();
  command.insert(command.end(), {"-o", file});
  ASSERT_EQ(run_cli(command).code, 0);
  EXPECT_EQ(read_text(file), before);
}

TEST(SimulateCommand, EveryModelMakesATableThatFits) {
  const Folder folder;
  for (const std::string model : {"dynamical", "solvable", "structured-sgd"}) {
    const std::string file = folder / (model + ".csv");
    std::vector<std::string> command{"simulate", "--model", model, "--sizes", "5", "--spread", "2", "-o", file};
    command.insert(command.end(), {"--flops", model == "dynamical" ? "1e10:1e12:3" : "1e7:1e8:3"});
    ASSERT_EQ(run_cli(command).code, 0) << model;
    const Outcome fit = run_cli({"fit", file, "--formula", "A/N^a + B/D^b", "--json"});
    EXPECT_EQ(fit.code, 0) << model << fit.err;
    EXPECT_GE(fit.json()["n_runs"], 12);
  }
  const std::string file = folder / "pruning.csv";
  const Outcome outcome = run_cli({"simulate", "--model", "pruning", "--param", "dimensions=20", "--at", "pool=2,8",
                                   "--at", "kept=0.5,1", "-o", file});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(run_cli({"pareto", file, "--exclude", "pool < 4"}).code, 0);
}

TEST(SimulateCommand, SaysWhatIsWrongWithAModel) {
  const auto fails = [](std::vector<std::string> more, int code, const std::string& sentence) {
    std::vector<std::string> arguments{"simulate", "-o", "-", "--model"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, code) << sentence;
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
  };
  fails({"plfr"}, 1, "structured-sgd");
  fails({"plrf", "--law", "kaplan"}, 2, "in place of");
  fails({"plrf", "--param", "gamma=1"}, 1, "alpha, beta");
  fails({"plrf", "--at", "pool=1"}, 2, "pruning");
  fails({"plrf", "--flops", "10"}, 1, "too small");
}

TEST(SimulateCommand, SaysWhatIsWrong) {
  const auto fails = [](std::vector<std::string> more, int code, const std::string& sentence) {
    std::vector<std::string> arguments{"simulate", "-o", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, code) << sentence;
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
  };
  fails({"--law", "chinchilla"}, 2, "besiroglu2024");
  fails({"--law", "kaplan", "--flops", "1e21:1e20:3"}, 2, "FROM:TO:COUNT");
  fails({"--law", "kaplan", "--spread", "0.5"}, 1, "spread");
  fails({"--law", "kaplan", "--noise", "-1"}, 1, "noise");
  fails({"--law", "kaplan", "--at", "unique_tokens=1B"}, 2, "no such variable");
  fails({"--law", "data-constrained"}, 1, "finite value for U");
}

}  // namespace
}  // namespace isoflop::cli
