// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <map>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kRuns = dataset("simulated-chinchilla.csv");

Outcome fit(std::vector<std::string> more, const std::string& runs = kRuns) {
  std::vector<std::string> arguments{"fit", runs};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_cli(arguments);
}

TEST(FitCommand, GivesWhatItDocuments) {
  const Outcome outcome = fit({"--law", "chinchilla", "--bootstrap", "300", "--seed", "7", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty()) << "the solver's log is not for people";
  const auto json = outcome.json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["law"], "chinchilla");
  EXPECT_EQ(json["n_runs"], 108);
  EXPECT_GT(json["objective"].get<double>(), 0);
  const auto truth = nlohmann::json::parse(read_text(dataset("simulated-chinchilla.json")));
  for (const char* name : {"E", "A", "B", "alpha", "beta"}) {
    const auto& parameter = json["parameters"][name];
    const double low = parameter["ci95"][0], high = parameter["ci95"][1];
    EXPECT_LT(low, parameter["value"].get<double>()) << name;
    EXPECT_GT(high, parameter["value"].get<double>()) << name;
    const double made_from = truth["parameters"][name]["value"];
    EXPECT_LT(low, made_from) << name;
    EXPECT_GT(high, made_from) << name;
    EXPECT_GT(parameter["standard_error"].get<double>(), 0) << name;
  }
  const double alpha = json["parameters"]["alpha"]["value"], beta = json["parameters"]["beta"]["value"];
  EXPECT_NEAR(json["derived"]["a"]["value"].get<double>(), beta / (alpha + beta), 1e-12);
  EXPECT_EQ(json["derived"]["b"]["ci95"].size(), 2u);
  EXPECT_TRUE(json["findings"].is_array());
  const auto& provenance = json["provenance"];
  EXPECT_EQ(provenance["file"], kRuns);
  EXPECT_THAT(provenance["content_hash"].get<std::string>(), HasSubstr("fnv1a64:"));
  EXPECT_THAT(provenance["law_hash"].get<std::string>(), HasSubstr("fnv1a64:"));
  EXPECT_EQ(provenance["objective"], "log-huber");
  EXPECT_EQ(provenance["delta"], 0.001);
  EXPECT_EQ(provenance["seed"], 7);
  EXPECT_EQ(provenance["resamples"], 300);
  EXPECT_GT(provenance["starts_tried"].get<int>(), 0);
  EXPECT_EQ(provenance["version"], ISOFLOP_VERSION);
  EXPECT_EQ(provenance["mapping"]["params"], "params");
  EXPECT_TRUE(provenance["exclusions"].empty());
}

TEST(FitCommand, GivesTheSameBytesWhateverTheThreads) {
  const auto with = [](const std::string& threads, const std::string& seed) {
    return fit({"--law", "chinchilla", "--bootstrap", "200", "--seed", seed, "--threads", threads, "--json"}).out;
  };
  EXPECT_EQ(with("1", "3"), with("4", "3"));
  EXPECT_NE(with("1", "3"), with("1", "4"));
}

TEST(FitCommand, HoldsWhatItIsTold) {
  const auto fixed = fit({"--law", "chinchilla", "--fix", "E=1.8172", "--fix", "alpha=0.3478", "--json"}).json();
  EXPECT_EQ(fixed["parameters"]["E"]["value"], 1.8172);
  EXPECT_EQ(fixed["parameters"]["E"]["held"], true);
  EXPECT_EQ(fixed["provenance"]["held"]["alpha"], 0.3478);
  EXPECT_FALSE(fixed["parameters"]["A"].contains("held"));

  const auto freed =
      fit({"--law", "chinchilla", "--coefficients", "besiroglu2024", "--free", "A", "--free", "B", "--json"}).json();
  EXPECT_EQ(freed["parameters"]["beta"]["value"], 0.3658);
  EXPECT_EQ(freed["provenance"]["held"].size(), 3u);
  EXPECT_NEAR(freed["parameters"]["A"]["value"].get<double>(), 482.01, 10);
}

TEST(FitCommand, StartsWhereItIsTold) {
  const auto json = fit({"--law", "chinchilla", "--start", "E=1.8", "--start", "A=400", "--start", "B=2K", "--start",
                         "alpha=.34", "--start", "beta=.36", "--json"})
                        .json();
  EXPECT_EQ(json["provenance"]["starts_tried"], 1);
  const auto global = fit({"--law", "chinchilla", "--json"}).json();
  EXPECT_NEAR(json["objective"].get<double>() / global["objective"].get<double>(), 1, 1e-6);
}

TEST(FitCommand, TakesAnObjectiveAndAResponse) {
  const auto mse = fit({"--law", "chinchilla", "--objective", "mse", "--json"}).json();
  EXPECT_EQ(mse["provenance"]["objective"], "mse");
  const auto huber = fit({"--law", "chinchilla", "--delta", "0.01", "--json"}).json();
  EXPECT_EQ(huber["provenance"]["delta"], 0.01);
  EXPECT_NE(mse["objective"], huber["objective"]);
  const auto other = fit({"--law", "chinchilla", "--derive", "twice = 2 * loss", "--response", "twice", "--json"});
  ASSERT_EQ(other.code, 0) << other.err;
  EXPECT_NEAR(other.json()["parameters"]["E"]["value"].get<double>(), 2 * 1.812, 0.1);
  EXPECT_EQ(other.json()["provenance"]["response"], "twice");
  EXPECT_EQ(other.json()["provenance"]["derived"]["twice"], "2 * loss");
}

TEST(FitCommand, FitsAFormula) {
  const auto law = fit({"--law", "chinchilla", "--json"}).json();
  const auto formula = fit({"--formula", "E + A / N^a + B / D^b", "--json"}).json();
  EXPECT_EQ(formula["law"], "formula");
  EXPECT_EQ(formula["formula"], "E + A / N^a + B / D^b");
  EXPECT_NEAR(formula["objective"].get<double>() / law["objective"].get<double>(), 1, 1e-6);
  EXPECT_NEAR(formula["parameters"]["a"]["value"].get<double>() / law["parameters"]["alpha"]["value"].get<double>(), 1,
              1e-3);
}

TEST(FitCommand, WritesWhatPredictAndAllocateRead) {
  const Folder folder;
  for (const std::vector<std::string>& by :
       {std::vector<std::string>{"--law", "chinchilla"}, {"--formula", "E + A / N^a + B / D^b"}}) {
    std::vector<std::string> arguments = by;
    arguments.push_back("--json");
    const Outcome made = fit(arguments);
    const std::string file = folder.write("fit.json", made.out);
    const auto point = run_cli({"allocate", "--fit", file, "--flops", "1e21", "--json"});
    ASSERT_EQ(point.code, 0) << point.err;
    const double a = made.json()["parameters"][by[0] == "--law" ? "alpha" : "a"]["value"];
    const double b = made.json()["parameters"][by[0] == "--law" ? "beta" : "b"]["value"];
    const double big_a = made.json()["parameters"]["A"]["value"], big_b = made.json()["parameters"]["B"]["value"];
    const double expected = std::pow(a * big_a / (b * big_b), 1 / (a + b)) * std::pow(1e21 / 6, b / (a + b));
    EXPECT_NEAR(point.json()["params"].get<double>() / expected, 1, 1e-9);
  }
}

TEST(FitCommand, AllocatesBudgetsWithTheirIntervalsAndWarnsOfExtrapolation) {
  const auto json =
      fit({"--law", "chinchilla", "--bootstrap", "200", "--flops", "1e21", "--flops", "5.76e23", "--json"}).json();
  ASSERT_EQ(json["allocations"].size(), 2u);
  const auto& point = json["allocations"][0];
  EXPECT_LT(point["params"]["ci95"][0].get<double>(), point["params"]["value"].get<double>());
  EXPECT_GT(point["params"]["ci95"][1].get<double>(), point["params"]["value"].get<double>());
  int warnings = 0;
  for (const auto& finding : json["findings"]) warnings += finding["code"] == "extrapolation";
  EXPECT_EQ(warnings, 1) << "3e21 is the largest run: 1e21 lies within, 5.76e23 2.3 decades beyond";
}

TEST(FitCommand, PrintsForPeople) {
  const Outcome outcome = fit({"--law", "chinchilla", "--bootstrap", "100", "--exclude", "flops > 2e21"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const char* word : {"E + A/N^α + B/D^β", "96 of 108 runs", "12 excluded: flops > 2e21", "95% interval", " to ",
                           "±", "exponent of parameters", "log-huber (delta 0.00100)"})
    EXPECT_THAT(outcome.out, HasSubstr(word));
}

// NIST's certified values of Misra1a and Bennett5: coefficients of either sign, far from any that a law of N and D has.
TEST(FitCommand, FitsFormulasOfAnyColumnFromStartsOfAnySign) {
  const auto runs = [](const std::string& problem) {
    const std::string text = read_text(ISOFLOP_SOURCE_DIR "/tests/core/fit/nist/" + problem + ".txt");
    const std::string path = ::testing::TempDir() + problem + ".csv";
    std::ofstream(path) << text.substr(text.find("\ndata\n") + 6);
    return path;
  };
  const auto expect = [](const Outcome& outcome, const std::map<std::string, double>& certified) {
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    for (const auto& [name, value] : certified)
      EXPECT_NEAR(outcome.json()["parameters"][name]["value"].get<double>(), value, 1e-8 * std::abs(value)) << name;
  };
  expect(fit({"--formula", "b1*(1-exp(-b2*x))", "--response", "y", "--objective", "mse", "--start", "b1=500", "--start",
              "b2=0.0001", "--json"},
             runs("misra1a")),
         {{"b1", 2.3894212918e+02}, {"b2", 5.5015643181e-04}});
  expect(fit({"--formula", "b1*(b2+x)^(-1/b3)", "--response", "y", "--objective", "mse", "--start", "b1=-2000",
              "--start", "b2=50", "--start", "b3=0.8", "--json"},
             runs("bennett5")),
         {{"b1", -2.5235058043e+03}, {"b2", 4.6736564644e+01}, {"b3", 9.3218483193e-01}});
}

TEST(FitCommand, TakesAStartThatTheGuessedBoundsOfAFormulaWouldRefuse) {
  const auto json = fit({"--formula", "E + A / N^alpha + B / D^beta", "--start", "A=-5", "--json"}).json();
  EXPECT_GT(json["parameters"]["A"]["value"].get<double>(), 0) << "a start is no bound";
}

TEST(FitCommand, SaysWhatIsWrong) {
  const auto fails = [](std::vector<std::string> more, int code, const std::string& sentence,
                        const std::string& runs = kRuns) {
    const Outcome outcome = fit(std::move(more), runs);
    EXPECT_EQ(outcome.code, code) << sentence << "\n" << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
    EXPECT_THAT(outcome.out, IsEmpty());
  };
  fails({"--law", "chinchilla"}, 1, "/nonexistent.csv", "/nonexistent.csv");
  fails({"--law", "chinchilla", "--objective", "median"}, 2, "log-huber");
  fails({"--law", "chinchilla", "--delta", "0"}, 2, "--delta");
  fails({"--law", "chinchilla", "--fix", "gamma=1"}, 1, "E, A, B, alpha, beta");
  fails({"--law", "chinchilla", "--start", "E=1", "--fix", "E=2"}, 2, "held");
  fails({"--law", "chinchilla", "--free", "A"}, 2, "go together");
  fails({"--law", "chinchilla", "--coefficients", "besiroglu2024"}, 2, "go together");
  fails({"--law", "chinchilla", "--coefficients", "nobody", "--free", "A"}, 1, "there are: besiroglu2024");
  fails({"--law", "chinchilla", "--map", "params"}, 2, "--map takes NAME=VALUE");
  fails({"--law", "chinchilla", "--map", "params=Size"}, 1, "Size");
  fails({"--law", "chinchilla", "--exclude", "loss > "}, 1, "loss > ");
  fails({"--law", "chinchilla", "--derive", "x = 1 +"}, 1, "x = 1 +");
  fails({"--law", "data-constrained"}, 1, "unique_tokens");
  fails({"--formula", "E + A / N^"}, 1, "--formula");
  fails({"--law", "chinchilla", "--exclude", "loss > 0"}, 1, "no run");
  fails({"--law", "chinchilla", "--bootstrap", "-1"}, 2, "--bootstrap");
}

TEST(FitCommand, StopsCleanlyAtCtrlC) {
  const auto begun = std::chrono::steady_clock::now();
  const Outcome outcome = run_cli({"fit", kRuns, "--law", "chinchilla", "--bootstrap", "10000000", "--json"}, {}, 400);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("cancel"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("\033"))) << "no progress where stderr is no terminal";
  EXPECT_LT(took.count(), 10);
}

// Elo relative to perfect play is negative, so that there is no logarithm to take: the file of the law says so.
TEST(FitCommand, TakesTheObjectiveOfTheLaw) {
  const Folder folder;
  std::string games = "flops,board_size,elo\n";
  for (int size = 3; size <= 9; ++size)
    for (int decade = 8; decade <= 15; ++decade) {
      const double incline = 510 * decade - 430 * size - 4400, plateau = -270 * size + 570;
      games += "1e" + std::to_string(decade) + "," + std::to_string(size) + "," +
               std::to_string(std::min(0.0, std::max(incline, plateau))) + "\n";
    }
  const std::string runs = folder.write("games.csv", games);
  const auto json = fit({"--law", "jones-elo", "--json"}, runs).json();
  EXPECT_EQ(json["provenance"]["objective"], "mse");
  EXPECT_NEAR(json["parameters"]["i_C"]["value"].get<double>(), 510, 1e-3);
  EXPECT_NEAR(json["parameters"]["p_s"]["value"].get<double>(), -270, 1e-3);
  const Outcome text = fit({"--law", "jones-elo"}, runs);
  EXPECT_THAT(text.out, HasSubstr("root mean square of residuals"));
  const Outcome log = fit({"--law", "jones-elo", "--objective", "log-huber"}, runs);
  EXPECT_EQ(log.code, 1);
  EXPECT_THAT(log.err, HasSubstr("logarithm does not exist"));
}

}  // namespace
}  // namespace isoflop::cli
