// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(LawsCommand, ListsTheLawsWithTheirCoefficients) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"laws"}, {"laws", "list"}}) {
    const Outcome outcome = run_cli(arguments);
    EXPECT_EQ(outcome.code, 0);
    for (const char* word : {"chinchilla-tied", "kaplan2020", "besiroglu2024", "data-constrained"})
      EXPECT_THAT(outcome.out, HasSubstr(word));
    EXPECT_THAT(outcome.err, IsEmpty());
  }
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"laws", "--json"}, {"laws", "list", "--json"}}) {
    const auto json = run_cli(arguments).json();
    ASSERT_FALSE(json.is_discarded());
    EXPECT_GE(json["laws"].size(), 4u);
    for (const auto& law : json["laws"]) {
      EXPECT_TRUE(law["id"].is_string());
      EXPECT_TRUE(law["coefficients"].is_array());
    }
    EXPECT_TRUE(json["errors"].empty());
  }
}

TEST(LawsCommand, ShowsOneLaw) {
  const Outcome text = run_cli({"laws", "show", "kaplan"});
  EXPECT_EQ(text.code, 0);
  for (const char* word : {"Kaplan", "alpha_D", "6.40000e13", "stated", "arXiv:2001.08361"})
    EXPECT_THAT(text.out, HasSubstr(word));
  const auto json = run_cli({"laws", "show", "chinchilla", "--json"}).json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["id"], "chinchilla");
  EXPECT_EQ(json["frontier"], "closed-form");
  EXPECT_EQ(json["coefficients"][0]["id"], "besiroglu2024");
  EXPECT_EQ(json["coefficients"][0]["values"]["A"], 482.01);
  EXPECT_EQ(json["coefficients"][0]["standard_errors"]["B"], 1293.23);
  EXPECT_EQ(json["parameters"].size(), 5u);
  EXPECT_EQ(json["derived"][0]["name"], "a");
}

TEST(LawsCommand, ListsOneCategory) {
  const auto json = run_cli({"laws", "--category", "allocation", "--json"}).json();
  ASSERT_FALSE(json.is_discarded());
  EXPECT_GE(json["laws"].size(), 8u);
  for (const auto& law : json["laws"]) EXPECT_EQ(law["category"], "allocation");
  const Outcome text = run_cli({"laws", "list", "--category", "task"});
  EXPECT_THAT(text.out, HasSubstr("gadre-downstream"));
  EXPECT_THAT(text.out, ::testing::Not(HasSubstr("chinchilla")));
  const Outcome wrong = run_cli({"laws", "--category", "alocation"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"allocation\"?"));
}

TEST(LawsCommand, ShowsConstantsAndGroupsOfColumns) {
  const auto sizes = run_cli({"laws", "show", "henighan-allocation", "--json"}).json();
  EXPECT_EQ(sizes["constants"][0]["name"], "pf_day");
  EXPECT_EQ(sizes["constants"][0]["value"], 8.64e19);
  EXPECT_EQ(sizes["frontier"], "formula");
  const auto mixing = run_cli({"laws", "show", "data-mixing", "--json"}).json();
  EXPECT_EQ(mixing["variables"][0]["columns"][0], "mix_*");
  EXPECT_EQ(mixing["parameters"][2]["per"], "r");
  EXPECT_EQ(mixing["frontier"], "none");
  EXPECT_THAT(run_cli({"laws", "show", "data-mixing"}).out, HasSubstr("one for each r"));
}

TEST(LawsCommand, SuggestsTheLawThatWasMeant) {
  const Outcome outcome = run_cli({"laws", "show", "chinchila"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "isoflop-cli laws: there is no law \"chinchila\": did you mean \"chinchilla\"?\n");
}

TEST(LawsCommand, PlacesAMistakeInALawFile) {
  const Folder folder;
  const std::string file = folder.write(
      "mine.toml",
      "title = \"t\"\nsummary = \"s\"\ncitation = \"c\"\nyear = 2024\nformula = \"\"\"\nE +\n  A / N^\"\"\"\n"
      "[[variable]]\nsymbol = \"N\"\nrole = \"params\"\n"
      "[[parameter]]\nname = \"E\"\nmeaning = \"m\"\nbounds = [0, 9]\nstart = [1, 2]\n");
  const Outcome outcome = run_cli({"laws", "show", file});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(file + ":7:9: "));
}

TEST(LawsCommand, SavesAFormulaAsALawThatFits) {
  const std::string file = ::testing::TempDir() + "two-powers.toml";
  const Outcome saved =
      run_cli({"laws", "save", file, "--formula", "E + A/N^a + B/D^b", "--title", "Two powers", "--json"});
  ASSERT_EQ(saved.code, 0) << saved.err;
  EXPECT_EQ(saved.json()["title"], "Two powers");
  const auto shown = run_cli({"laws", "show", file, "--json"}).json();
  EXPECT_EQ(shown["id"], "two-powers");
  EXPECT_EQ(shown["formula"], "E + A/N^a + B/D^b");
  const std::string runs = dataset("simulated-chinchilla.csv");
  const auto by_file = run_cli({"fit", runs, "--law", file, "--json"}).json();
  const auto by_formula = run_cli({"fit", runs, "--formula", "E + A/N^a + B/D^b", "--json"}).json();
  ASSERT_FALSE(by_file.is_discarded());
  EXPECT_EQ(by_file["objective"], by_formula["objective"]);
  EXPECT_EQ(by_file["parameters"]["a"]["value"], by_formula["parameters"]["a"]["value"]);

  const Outcome wrong = run_cli({"laws", "save", file, "--formula", "E + A/N^"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_EQ(run_cli({"laws", "save", "law.txt", "--formula", "E + A/N^a"}).code, 2);
  EXPECT_EQ(run_cli({"laws", "show", file, "--json"}).json()["title"], "Two powers");
}

}  // namespace
}  // namespace isoflop::cli
