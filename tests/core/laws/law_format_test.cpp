// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/formula/evaluator.h"
#include "core/formula/scalar.h"
#include "core/formula/typeset.h"
#include "core/laws/law_file.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string head(const std::string& more = "") {
  return "title = \"Toy\"\nsummary = \"A law to test with.\"\ncitation = \"Nobody\"\nyear = 2024\n" + more;
}
std::string variable(const std::string& symbol, const std::string& more) {
  return "\n[[variable]]\nsymbol = \"" + symbol + "\"\n" + more + "\n";
}
std::string role(const std::string& symbol, const std::string& role) {
  return variable(symbol, "role = \"" + role + "\"");
}
std::string parameter(const std::string& name, const std::string& more = "") {
  return "\n[[parameter]]\nname = \"" + name + "\"\nmeaning = \"m\"\nbounds = [-10, 1e30]\nstart = [0.1, 2]\n" + more +
         "\n";
}
std::string set(const std::string& values, const std::string& more = "") {
  return "\n[[coefficients]]\nid = \"me2024\"\nlabel = \"Me\"\nstatus = \"V1\"\nsource = \"here\"\nvalues = { " +
         values + " }\n" + more;
}

Law read(const std::string& text) {
  auto law = parse_law(text, "laws/toy.toml");
  EXPECT_TRUE(law.ok()) << (law.ok() ? "" : law.error().to_string());
  return law.ok() ? *law : Law{};
}

// The mistake in the text, which stands at the first `mark`.
void refuse(const std::string& text, const std::string& says, const std::string& mark) {
  const auto law = parse_law(text, "laws/toy.toml");
  ASSERT_FALSE(law.ok()) << says;
  EXPECT_THAT(law.error().message, HasSubstr(says));
  const std::size_t at = text.find(mark);
  ASSERT_NE(at, std::string::npos) << mark;
  const std::size_t line_start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  EXPECT_EQ(law.error().where.line, 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'))
      << law.error().to_string();
  EXPECT_EQ(law.error().where.column, static_cast<long>(at - line_start) + 1) << law.error().to_string();
}

double at(const Program& program, const std::vector<double>& x, const std::vector<double>& theta) {
  std::vector<std::span<const double>> columns;
  for (const double& value : x) columns.emplace_back(&value, 1);
  double out = 0;
  Evaluator(program, columns, 1).predict(theta, {&out, 1});
  return out;
}

TEST(LawConstants, StandForNumbersInEveryFormula) {
  const std::string text = head("formula = \"E + (N / unit)^-a\"\n") +
                           "\n[constants]\nday = 86400\nunit = \"1e3 * day\"\n"
                           "two = { value = \"1 + 1\", meaning = \"the second number\" }\n" +
                           role("N", "params") + parameter("E") + parameter("a") +
                           "\n[[derived]]\nname = \"double\"\nmeaning = \"m\"\nformula = \"two * E\"\n";
  const Law law = read(text);
  ASSERT_EQ(law.constants.size(), 3u);
  EXPECT_EQ(law.constants[1].name, "unit");
  EXPECT_EQ(law.constants[1].value, 86400e3);
  EXPECT_EQ(law.constants[2].meaning, "the second number");
  EXPECT_DOUBLE_EQ(at(law.formula, {86400e5}, {1, 0.5}), 1.1);
  EXPECT_EQ(evaluate_scalar(law.derived[0].formula, std::vector{1.5, 0.0}), 3);
  EXPECT_EQ(to_unicode(law.expression), "E + (N/unit)^−a");
}

TEST(LawConstants, MistakesAreReportedWhereTheyAre) {
  const auto with = [](const std::string& constants, const std::string& formula = "E + k / N") {
    return head("formula = \"" + formula + "\"\n") + "\n[constants]\n" + constants + role("N", "params") +
           parameter("E");
  };
  refuse(with("k = 2\nunused = 3\n"), "\"unused\" does not appear", "3\n");
  refuse(with("k = 2\nE = 3\n", "E + k / N"), "already the name", "\"E\"");
  refuse(with("k = \"2 * later\"\nlater = 3\n"), "\"later\" is neither", "later\"");
  refuse(with("k = \"1/0\"\n"), "not finite", "\"1/0\"");
  refuse(with("k = { valu = 2 }\n"), "\"value\"", "{ valu");
  refuse(with("k = { value = 2, meanin = \"m\" }\n"), "did you mean", "meanin =");
  refuse(with("k = 2\n", "let k = 3; E + k / N"), "name of a constant", "k = 3");
}

TEST(LawCategory, IsLossUnlessTheFileSaysOtherwise) {
  const std::string rest = "formula = \"E / N / D\"\n" + role("N", "params") + role("D", "tokens") + parameter("E");
  EXPECT_EQ(read(head(rest)).category, "loss");
  EXPECT_FALSE(read(head(rest)).flops.steps().empty());
  const Law rate = read(head("category = \"hyperparameters\"\nresponse = \"learning_rate\"\n" + rest));
  EXPECT_EQ(rate.category, "hyperparameters");
  EXPECT_TRUE(rate.flops.steps().empty()) << "a learning rate has no compute-optimal point";
  EXPECT_FALSE(read(head("category = \"task\"\nflops = \"6 * N * D\"\n" + rest)).flops.steps().empty());
  refuse(head("category = \"hyperparameter\"\n" + rest), "did you mean \"hyperparameters\"", "\"hyperparameter\"");
  refuse(head("category = \"allocation\"\n" + rest), "params or tokens", "\"allocation\"");
}

TEST(LawFrontier, FollowsFromALawOfTheBestSize) {
  const std::string rest = "formula = \"k * C^a\"\n" + role("C", "flops") + parameter("k") + parameter("a");
  for (const std::string response : {"params", "tokens"}) {
    const Law law = read(head("category = \"allocation\"\nresponse = \"" + response + "\"\n" + rest));
    ASSERT_TRUE(law.frontier.has_value());
    EXPECT_EQ(law.frontier->kind, LawFrontier::Kind::kFormula);
    EXPECT_THAT(law.frontier->parameters, ElementsAre("k", "a"));
    const Program &own = response == "params" ? law.frontier->params : law.frontier->tokens,
                  &other = response == "params" ? law.frontier->tokens : law.frontier->params;
    EXPECT_DOUBLE_EQ(at(own, {1e20}, {3, 0.5}), 3e10);
    EXPECT_DOUBLE_EQ(at(other, {1e20}, {3, 0.5}), 1e20 / 6 / 3e10);
  }
  const std::string allocation = "category = \"allocation\"\nresponse = \"params\"\n";
  refuse(head(allocation + "formula = \"k * F^a\"\n" + role("F", "flops") + parameter("k") + parameter("a")),
         "the symbol of the compute is C", "\"allocation\"");
  refuse(head(allocation + rest + "\n[frontier]\nkind = \"stated\"\nparameters = [\"q\"]\nparams = \"q * C\"\n"),
         "its own frontier", "[frontier]");
  // Of compute and something else: the formula alone.
  EXPECT_FALSE(
      read(head(allocation + "formula = \"k * C * Q\"\n" + role("C", "flops") + role("Q", "quality") + parameter("k")))
          .frontier);
}

TEST(LawFrontier, MayLeaveOutWhatItsPaperDoesNotState) {
  const std::string law_of_compute = "formula = \"k / C\"\n" + role("C", "flops") + parameter("k");
  const std::string stated = "\n[frontier]\nkind = \"stated\"\nparameters = [\"q\"]\n";
  const Law law =
      read(head(law_of_compute + stated + "tokens = \"q * sqrt(C)\"\n" + set("k = 2", "frontier = { q = 3 }\n")));
  ASSERT_TRUE(law.frontier.has_value());
  EXPECT_DOUBLE_EQ(at(law.frontier->tokens, {1e20}, {3}), 3e10);
  EXPECT_DOUBLE_EQ(at(law.frontier->params, {1e20}, {3}), 1e20 / 6 / 3e10);
  EXPECT_FALSE(law.frontier->loss_expression.root);
  refuse(head(law_of_compute + stated + "loss = \"q / C\"\n"), "\"params\"", "[frontier]");
  refuse(head(law_of_compute + "\n[frontier]\nkind = \"closed-form\"\nparams = \"k\"\n"), "needs variables",
         "[frontier]");
}

const std::string kMixture = head("formula = \"c + k * exp(sum(t * r))\"\n") + variable("r", "columns = \"mix_*\"") +
                             parameter("c") + parameter("k") + parameter("t", "per = \"r\"");

TEST(ColumnGroups, MakeALawOfTheColumnsOfATable) {
  const Law law = read(kMixture);
  EXPECT_TRUE(law.is_template());
  EXPECT_TRUE(law.formula.steps().empty());
  EXPECT_THAT(law.variables[0].columns, ElementsAre("mix_*"));
  EXPECT_EQ(law.parameters[2].per, "r");

  const auto made = instantiate(law, {"loss", "mix_web", "params", "mix_code"});
  ASSERT_TRUE(made.ok()) << made.error().to_string();
  EXPECT_FALSE(made->is_template());
  EXPECT_THAT(made->roles(), ElementsAre("mix_web", "mix_code"));
  std::vector<std::string> names;
  for (const LawParameter& p : made->parameters) names.push_back(p.name);
  EXPECT_THAT(names, ElementsAre("c", "k", "t[mix_web]", "t[mix_code]"));
  EXPECT_NEAR(at(made->formula, {0.7, 0.3}, {1.5, 0.8, -0.4, 0.9}), 1.5 + 0.8 * std::exp(-0.4 * 0.7 + 0.9 * 0.3),
              1e-15);
  EXPECT_EQ(made->formula.linear_parameters(), (std::vector<bool>{true, true, false, false}));
  EXPECT_EQ(to_unicode(made->expression), "c + k·exp(t[mix_web]·r[mix_web] + t[mix_code]·r[mix_code])");

  const auto none = instantiate(law, {"loss", "params"});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(none.error().message, HasSubstr("mix_*"));
}

TEST(ColumnGroups, TakeNeitherTheResponseNorAnotherVariable) {
  std::string text = kMixture;
  text.replace(text.find("mix_*"), 5, "*");
  text += role("N", "params");
  text.replace(text.find("sum(t * r))"), 11, "sum(t * r)) / N");
  const auto made = instantiate(read(text), {"loss", "a", "params", "b"});
  ASSERT_TRUE(made.ok());
  EXPECT_THAT(made->roles(), ElementsAre("a", "b", "params"));
}

TEST(ColumnGroups, OfNamesAreOrdinaryLawsWithCoefficients) {
  std::string text = kMixture;
  text.replace(text.find("\"mix_*\""), 7, "[\"web\", \"code\"]");
  text += "\n[[derived]]\nname = \"gap\"\nmeaning = \"m\"\nformula = \"k - c\"\n" +
          set("c = 1, k = 2, \"t[web]\" = 0.5, \"t[code]\" = -0.5");
  const Law law = read(text);
  EXPECT_FALSE(law.is_template());
  EXPECT_THAT(law.find_set("me2024")->values, ElementsAre(1, 2, 0.5, -0.5));
  EXPECT_DOUBLE_EQ(at(law.formula, {1, 0}, law.sets[0].values), 1 + 2 * std::exp(0.5));
  EXPECT_EQ(evaluate_scalar(law.derived[0].formula, law.sets[0].values), 1);
}

TEST(ColumnGroups, KeepWhatElseALawHas) {
  const std::string text =
      head("formula = \"E + A / N^a + B / D^b + sum(t * (r - 0.5)^2)\"\nflops = \"12 * N * D\"\n") +
      role("N", "params") + role("D", "tokens") + variable("r", "columns = \"mix_*\"") + parameter("t", "per = \"r\"") +
      parameter("E") + parameter("A") + parameter("a") + parameter("B") + parameter("b") +
      "\n[[derived]]\nname = \"ratio\"\nmeaning = \"m\"\nformula = \"a / b\"\n";
  const auto made = instantiate(read(text), {"mix_1", "mix_2"});
  ASSERT_TRUE(made.ok()) << made.error().to_string();
  EXPECT_DOUBLE_EQ(at(made->flops, {1e9, 2e10, 0.1, 0.9}, {}), 12 * 2e19);
  EXPECT_DOUBLE_EQ(evaluate_scalar(made->derived[0].formula, std::vector<double>{9, 9, 9, 9, 0.4, 9, 0.2}), 2);
  EXPECT_DOUBLE_EQ(at(made->formula, {1, 1, 0.1, 0.9}, {1, 2, 3, 5, 7, 11, 13}), 3 + 5 + 11 + 3 * 0.16);
}

TEST(ColumnGroups, MistakesAreReportedWhereTheyAre) {
  const auto with = [](const std::string& formula) {
    std::string text = kMixture;
    const std::string old = "c + k * exp(sum(t * r))";
    return text.replace(text.find(old), old.size(), formula);
  };
  refuse(with("c + k * r + sum(t)"), "use it inside sum()", "r + sum");
  refuse(with("c + k * t + sum(r)"), "use it inside sum()", "t + sum");
  refuse(with("c + sum(k) + sum(t * r)"), "none is in it", "sum(k)");
  refuse(with("c + k + sum(t * sum(r))"), "a sum inside a sum", "sum(r)");
  refuse(with("c + k + sum(t * r * q)"), "\"q\" is neither", "q)");
  refuse(with("c + k + sum(t, r)"), "takes 1", "sum(t, r)");
  refuse(with("c + k + mean(t * r)"), "use it inside sum()", "t * r)");
  refuse(with("c + k + sum(t)"), "variable \"r\" does not appear", "\"c + k + sum(t)\"");

  std::string text = kMixture;
  refuse(text.replace(text.find("per = \"r\""), 9, "per = \"zz\""), "stands for several columns", "\"zz\"");
  refuse(kMixture + set("c = 1, k = 2"), "list the columns by name", "[[coefficients]]");
  refuse(head("formula = \"c * sum(r)\"\n") + variable("r", "columns = \"mix_*\"\nrole = \"x\"") + parameter("c"),
         "not both", "\"x\"");
  refuse(head("formula = \"c * sum(r * s)\"\n") + variable("r", "columns = \"mix_*\"") +
             variable("s", "columns = \"age_*\"") + parameter("c"),
         "one group of columns", "s)");
  refuse(kMixture + "\n[frontier]\nkind = \"stated\"\nparameters = [\"q\"]\nparams = \"q\"\n", "only a table names",
         "[frontier]");
}

// Every construct of the language, misused in the formula of a file: the character of the file.
TEST(LawFile, PointsAtTheCharacterInsideEveryConstruct) {
  const auto with = [](const std::string& formula) {
    return head("formula = \"\"\"\n" + formula + "\"\"\"\n") + role("N", "params") + parameter("E") + parameter("a");
  };
  refuse(with("let k = N^a\nE + k"), "\";\" is missing", "E + k");
  refuse(with("E + let"), "\"let\" is neither", "let");
  refuse(with("let k E; k"), "\"=\" is missing", "E; k");
  refuse(with("E +\n  min(N)"), "min takes 2 or more arguments", "min(N)");
  refuse(with("E + clamp(N, 1, 2, 3) * a"), "clamp takes 3 arguments", "clamp(");
  refuse(with("E + clamp(N, 1) * a"), "clamp takes 3 arguments", "clamp(");
  refuse(with("E + (N > 1 ? a)"), "\":\" is missing", ")\"\"\"");
  refuse(with("E + if(N > 1, a)"), "if takes 3 arguments", "if(");
  refuse(with("E + (N = 1 ? a : 2)"), "a comparison is written ==", "= 1 ?");
  refuse(with("1 < E < N + a"), "cannot be chained", "< N");
  refuse(with("E + log10(N, a)"), "log10 takes 1 arguments", "log10(");
  refuse(with("E + log11(N) * a"), "no function \"log11\"", "log11(");
  refuse(with("E + N ** a"), "written with ^", "** a");
  refuse(with("E + N^(a"), "\")\" is missing", "\"\"\"\n\n[[variable");
  refuse(with("E + 2N^a"), "neither a number nor a name", "2N");
  refuse(with("E + \"N\" * a"), "text has no place", "\"N\"");
  refuse(with("E + N^a +\n solve(1, 0, 1, a)"), "name of the unknown", "1, 0, 1");
  refuse(with("E + N^a + solve(u, 0, 1, a)"), "does not appear in the equation", "u, 0");
  refuse(with("E + N^a + solve(u, 0, 1, u - q)"), "\"q\" is neither", "q)");
  refuse(with("E + M^a"), "\"M\" is neither", "M^a");
}

}  // namespace
}  // namespace isoflop
