// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(AllocateCommand, GivesTheAuthorsOptimumAtGopherCompute) {
  const Outcome outcome = run_cli(
      {"allocate", "--law", "chinchilla-tied", "--coefficients", "muennighoff2023", "--flops", "5.76e23", "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
  const auto json = outcome.json();
  EXPECT_NEAR(json["params"].get<double>(), 69962173313.5, 0.1);
  EXPECT_NEAR(json["tokens"].get<double>(), 1372170066384.2, 0.1);
  EXPECT_TRUE(json["loss"].is_number());
  EXPECT_EQ(json["band"]["within"], 0.005);
  EXPECT_LT(json["band"]["params"][0].get<double>(), json["params"].get<double>());
  EXPECT_GT(json["band"]["params"][1].get<double>(), json["params"].get<double>());
  EXPECT_EQ(json["method"], "closed-form");
}

TEST(AllocateCommand, ReadsBudgetsAsPeopleWriteThem) {
  const auto flops = [](const std::string& budget) {
    const Outcome outcome = run_cli({"allocate", "--law", "kaplan", "--flops", budget, "--json"});
    EXPECT_EQ(outcome.code, 0) << budget << ": " << outcome.err;
    return outcome.code == 0 ? outcome.json()["flops"].get<double>() : 0;
  };
  EXPECT_DOUBLE_EQ(flops("576Z"), 5.76e23);
  EXPECT_DOUBLE_EQ(flops("5.76e23 FLOP"), 5.76e23);
  EXPECT_NEAR(flops("10 PF-days") / 8.64e20, 1, 1e-12);
  EXPECT_NEAR(flops("8 H100 30 d 40% MFU") / (8 * 30 * 86400 * 0.4 * 989e12), 1, 0.01);
}

TEST(AllocateCommand, TakesKaplansPublishedFrontierAndSaysSo) {
  const auto json =
      run_cli({"allocate", "--law", "kaplan", "--coefficients", "kaplan2020", "--flops", "8.64e19", "--json"}).json();
  EXPECT_NEAR(json["params"].get<double>(), 1.3e9, 1);
  EXPECT_EQ(json["method"], "stated");
  EXPECT_TRUE(json["band"].is_null()) << "the band of the surface is not that of the frontier";
  EXPECT_THAT(run_cli({"allocate", "--law", "kaplan", "--flops", "8.64e19"}).out,
              HasSubstr("not the optimum of the law's own surface"));
}

TEST(AllocateCommand, TakesALawOfTheBestTokens) {
  const std::vector<std::string> arguments{"allocate", "--law", "llama3-allocation", "--flops", "3.8e25"};
  auto as_json = arguments;
  as_json.push_back("--json");
  const auto json = run_cli(as_json).json();
  EXPECT_NEAR(json["tokens"].get<double>(), 1.629e13, 0.0005e13);
  EXPECT_NEAR(json["params"].get<double>(), 3.89e11, 0.005e11);
  EXPECT_EQ(json["method"], "formula");
  EXPECT_TRUE(json["band"].is_null());
  EXPECT_TRUE(json["loss"].is_null());
  const Outcome text = run_cli(arguments);
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("16.3T"));
  EXPECT_THAT(text.out, ::testing::Not(HasSubstr("loss")));
}

// Optima on a known power law, fitted, allocated from the fit: the way from a table of one's own to a budget.
TEST(AllocateCommand, FollowsALawOfTheBestSizeFittedToOptima) {
  const Folder folder;
  std::string table = "flops,params\n";
  for (double flops = 1e17; flops < 1e21; flops *= 3)
    table += std::to_string(flops) + "," + std::to_string(0.09 * std::pow(flops, 0.5)) + "\n";
  const std::string csv = folder.write("optima.csv", table);
  const Outcome fit = run_cli({"fit", csv, "--law", "deepseek-allocation", "--flops", "1e22", "--json"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  EXPECT_NEAR(fit.json()["parameters"]["a"]["value"].get<double>(), 0.5, 1e-6);
  EXPECT_NEAR(fit.json()["allocations"][0]["params"]["value"].get<double>() / 9e9, 1, 1e-4);
  const auto json =
      run_cli({"allocate", "--fit", folder.write("fit.json", fit.out), "--flops", "1e22", "--json"}).json();
  EXPECT_NEAR(json["params"].get<double>() / 9e9, 1, 1e-4);
  EXPECT_NEAR(json["tokens"].get<double>() * 6 * 9e9 / 1e22, 1, 1e-4);
  EXPECT_EQ(json["method"], "formula");
}

TEST(AllocateCommand, SpreadsTheOptimaOfALawOfTheBestSizeAndSaysNothingOfTheLoss) {
  const Folder folder;
  const std::string csv =
      folder.write("optima.csv", "flops,params\n1e18,1e8\n1e19,3.1e8\n1e20,1e9\n1e21,3.3e9\n1e22,1e10\n");
  for (const std::vector<std::string>& kind :
       {std::vector<std::string>{"--bootstrap", "100"}, {"--interval", "delta"}}) {
    std::vector<std::string> arguments{"fit", csv, "--law", "deepseek-allocation", "--flops", "1e22"};
    arguments.insert(arguments.end(), kind.begin(), kind.end());
    const Outcome text = run_cli(arguments);
    ASSERT_EQ(text.code, 0) << text.err;
    EXPECT_THAT(text.out, ::testing::Not(HasSubstr("nan")));
    arguments.push_back("--json");
    const auto at = run_cli(arguments).json()["allocations"][0];
    EXPECT_TRUE(at["loss"]["value"].is_null());
    const double params = at["params"]["value"], tokens = at["tokens"]["value"];
    EXPECT_NEAR(6 * params * tokens / 1e22, 1, 1e-9);
    EXPECT_LT(at["params"]["ci95"][0].get<double>(), params);
    EXPECT_GT(at["params"]["ci95"][1].get<double>(), params);
    EXPECT_LT(at["tokens"]["ci95"][0].get<double>(), tokens);
  }
}

TEST(AllocateCommand, RepeatsTokensWhereTheyAreFew) {
  const std::vector<std::string> arguments{"allocate", "--law", "data-constrained", "--flops", "1e22", "--json"};
  auto limited = arguments;
  limited.insert(limited.end(), {"--at", "unique_tokens=10B"});
  const auto free = run_cli(arguments).json(), few = run_cli(limited).json();
  EXPECT_EQ(few["at"]["unique_tokens"], 10e9);
  EXPECT_GT(few["loss"].get<double>(), free["loss"].get<double>());
  EXPECT_EQ(few["method"], "numerical");
}

TEST(AllocateCommand, WidensTheBandWithTheShare) {
  const auto band = [](const std::string& within) {
    return run_cli({"allocate", "--law", "chinchilla", "--coefficients", "besiroglu2024", "--flops", "1e22", "--within",
                    within, "--json"})
        .json()["band"]["params"][1]
        .get<double>();
  };
  EXPECT_LT(band("0.001"), band("0.01"));
}

TEST(AllocateCommand, PrintsForPeople) {
  const Outcome outcome =
      run_cli({"allocate", "--law", "chinchilla", "--coefficients", "besiroglu2024", "--flops", "5.76e23"});
  EXPECT_EQ(outcome.code, 0);
  for (const char* word : {"Chinchilla, besiroglu2024", "5.760e23", "FLOP", "per parameter",
                           "within 0.500% of the best loss", "nats per token"})
    EXPECT_THAT(outcome.out, HasSubstr(word));
}

TEST(AllocateCommand, SaysWhatIsWrong) {
  const auto fails = [](std::vector<std::string> more, int code, const std::string& sentence) {
    std::vector<std::string> arguments{"allocate", "--law", "chinchilla", "--coefficients", "besiroglu2024"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, code) << sentence;
    EXPECT_THAT(outcome.err, HasSubstr(sentence));
    EXPECT_THAT(outcome.out, IsEmpty());
  };
  fails({"--flops", "a lot"}, 1, "the budget \"a lot\" cannot be read");
  fails({"--flops", "-1"}, 1, "positive");
  fails({"--flops", "3 X9000 2 d"}, 1, "X9000");
  fails({"--flops", "1e22", "--at", "params=1B"}, 2, "the budget decides it");
  fails({"--flops", "1e22", "--within", "0"}, 2, "--within");
  fails({"--flops", "1e22", "--param", "gamma=1"}, 1, "no parameter \"gamma\"");
  fails({}, 2, "--flops");
}

}  // namespace
}  // namespace isoflop::cli
