// SPDX-License-Identifier: Apache-2.0
#include "core/laws/law_file.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/hash.h"
#include "core/formula/evaluator.h"
#include "core/formula/scalar.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kHead = R"(title = "Toy"
summary = "A law to test with."
citation = "Nobody"
year = 2024
)";
const std::string kFormula = "formula = \"E + A / N^alpha\"\n";
const std::string kVariable = R"(
[[variable]]
symbol = "N"
role = "params"
)";
std::string parameter(const std::string& name, const std::string& more = "bounds = [0, 10]\nstart = [0.1, 2]\n") {
  return "\n[[parameter]]\nname = \"" + name + "\"\nmeaning = \"m\"\n" + more;
}
const std::string kParameters = parameter("E") +
                                parameter("A", "transform = \"log\"\nbounds = [1e-3, 1e6]\nstart = [1, 100]\n") +
                                parameter("alpha");
const std::string kSet = R"toml(
[[coefficients]]
id = "me2024"
label = "Me 2024"
status = "V1"
source = "here"
values = { E = 1.5, A = "exp(2)", alpha = 0.3 }
)toml";
std::string whole() {
  return kHead + kFormula + kVariable + kParameters + kSet;
}

Law read(const std::string& text) {
  auto law = parse_law(text, "laws/toy.toml");
  EXPECT_TRUE(law.ok()) << (law.ok() ? "" : law.error().to_string());
  return law.ok() ? *law : Law{};
}

Error refused(const std::string& text) {
  auto law = parse_law(text, "laws/toy.toml");
  EXPECT_FALSE(law.ok());
  return law.ok() ? Error{} : law.error();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// Line and column of the first occurrence of a mark in a text of ASCII.
std::pair<long, long> place_of(const std::string& text, const std::string& mark) {
  const std::size_t at = text.find(mark);
  EXPECT_NE(at, std::string::npos);
  const std::size_t line_start = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
  return {1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'),
          static_cast<long>(at - line_start) + 1};
}

void expect_place(const Error& error, const std::string& text, const std::string& mark) {
  const auto [line, column] = place_of(text, mark);
  EXPECT_EQ(error.where.file, "laws/toy.toml");
  EXPECT_EQ(error.where.line, line) << error.to_string();
  EXPECT_EQ(error.where.column, column) << error.to_string();
}

TEST(LawFile, ReadsWhatItSays) {
  const Law law = read(whole());
  EXPECT_EQ(law.id, "toy");
  EXPECT_EQ(law.title, "Toy");
  EXPECT_EQ(law.year, 2024);
  EXPECT_EQ(law.response, "loss");
  EXPECT_THAT(law.roles(), ElementsAre("params"));
  ASSERT_EQ(law.parameters.size(), 3u);
  EXPECT_EQ(law.parameters[1].transform, Transform::kLog);
  EXPECT_EQ(law.parameters[1].lower, 1e-3);
  EXPECT_EQ(law.parameters[1].start_upper, 100);
  EXPECT_EQ(law.parameters[2].symbol, "α");
  ASSERT_NE(law.find_set("me2024"), nullptr);
  EXPECT_THAT(law.find_set("me2024")->values, ElementsAre(1.5, std::exp(2.0), 0.3));
  EXPECT_EQ(law.find_set("nobody"), nullptr);
  EXPECT_EQ(law.parameter_index("alpha"), 2);
  EXPECT_EQ(law.parameter_index("beta"), -1);
  EXPECT_EQ(law.hash, content_hash(whole()));
  EXPECT_FALSE(law.frontier.has_value());
  EXPECT_TRUE(law.flops.steps().empty()) << "a law of parameters alone has no compute";
}

TEST(LawFile, TakesComputeAsSixNDUnlessToldOtherwise) {
  const std::string tokens = "\n[[variable]]\nsymbol = \"D\"\nrole = \"tokens\"\n";
  const std::string formula = "formula = \"E + A / N^alpha + 1 / D\"\n";
  const auto flops = [](const Law& law, double n, double d) {
    const std::vector<double> ns{n}, ds{d};
    const std::vector<std::span<const double>> columns{ns, ds};
    std::vector<double> out(1);
    Evaluator(law.flops, columns, 1).predict({}, out);
    return out[0];
  };
  EXPECT_DOUBLE_EQ(flops(read(kHead + formula + kVariable + tokens + kParameters), 2, 5), 60);
  EXPECT_DOUBLE_EQ(
      flops(read(kHead + formula + "flops = \"(6 * N + 100) * D\"\n" + kVariable + tokens + kParameters), 2, 5), 560);
  const Error error = refused(kHead + formula + "flops = \"6 * N * D^2\"\n" + kVariable + tokens + kParameters);
  EXPECT_THAT(error.message, HasSubstr("proportional to the tokens"));
}

TEST(LawFile, PlacesTomlMistakes) {
  const std::string text = kHead + "formula = \"E\n";
  const Error error = refused(text);
  EXPECT_EQ(error.code, ErrorCode::kParse);
  EXPECT_EQ(error.where.line, 5);
  EXPECT_GT(error.where.column, 10);
}

TEST(LawFile, PlacesFormulaMistakesInEveryKindOfQuotes) {
  const std::string rest = kVariable + kParameters;
  for (const std::string& formula : {
           std::string("formula = \"E + A / N^alpha + ?\"\n"),
           std::string("formula = 'E + A / N^alpha + ?'\n"),
           std::string("  formula =    \"\"\"E + A / N^alpha + ?\"\"\"\n"),
           std::string("formula = \"\"\"\nE +\n  A / N^alpha\n   + ?\"\"\"\n"),
           std::string("formula = '''\nE +\n  A / N^alpha\n   + ?'''\n"),
           std::string("formula = \"\"\"\r\nE +\r\n  A / N^alpha\r\n   + ?\"\"\"\r\n"),
           std::string("formula = \"\"\"\\\n   E + \\\n     A / N^alpha + ?\"\"\"\n"),
           std::string("formula = \"E +\\tA / N^alpha + \\u003f\"\n"),
       }) {
    std::string text = kHead + formula + rest;
    const std::string mark = formula.find("\\u003f") != std::string::npos ? "\\u003f" : "?";
    const Error error = refused(text);
    EXPECT_EQ(error.code, ErrorCode::kParse) << formula;
    expect_place(error, text, mark);
  }
}

TEST(LawFile, CountsCharactersNotBytes) {
  const std::string text =
      kHead + "formula = \"\"\"\nE # größer\n + A / N^alpha ; # α\"\"\"\n" + kVariable + kParameters;
  expect_place(refused(text), text, "; #");
  const std::string one_line =
      kHead + "notes = [\"ü\"]  \nformula = 'E + A / N^alpha + (1 == \"ü\") + ?'\n" + kVariable + kParameters;
  const Error error = refused(one_line);
  EXPECT_EQ(error.where.line, 6);
  EXPECT_EQ(error.where.column,
            static_cast<long>(std::string("formula = 'E + A / N^alpha + (1 == \"u\") + ").size()) + 1)
      << error.to_string();
}

TEST(LawFile, PlacesNamesThatTheFormulaShouldNotUse) {
  const std::string text = replaced(whole(), "A / N^alpha", "A / N^alpha + gamma");
  const Error error = refused(text);
  EXPECT_THAT(error.message, HasSubstr("gamma"));
  expect_place(error, text, "gamma");
}

TEST(LawFile, SuggestsTheKeyThatWasMeant) {
  const std::string text = replaced(whole(), "citation", "citaton");
  EXPECT_THAT(refused(text).message, HasSubstr("\"citation\" is missing"));

  const std::string extra = replaced(whole(), "year = 2024", "year = 2024\nurll = \"x\"");
  const Error unknown = refused(extra);
  EXPECT_THAT(unknown.message, HasSubstr("unknown key \"urll\": did you mean \"url\"?"));
  expect_place(unknown, extra, "urll");

  const std::string in_parameter = replaced(whole(), "transform", "trasnform");
  EXPECT_THAT(refused(in_parameter).message, HasSubstr("\"trasnform\" of [[parameter]]: did you mean \"transform\"?"));
  expect_place(refused(in_parameter), in_parameter, "trasnform");

  const std::string in_values = replaced(whole(), "alpha = 0.3 }", "alpha = 0.3, beta = 1 }");
  EXPECT_THAT(refused(in_values).message, HasSubstr("\"beta\" of values"));
  expect_place(refused(in_values), in_values, "beta");
}

TEST(LawFile, RefusesCoefficientSetsThatDoNotFitTheLaw) {
  EXPECT_THAT(refused(replaced(whole(), "E = 1.5, ", "")).message, HasSubstr("no value for the parameter \"E\""));
  EXPECT_THAT(refused(replaced(whole(), "E = 1.5", "E = -1.5")).message, HasSubstr("outside its bounds"));
  EXPECT_THAT(refused(replaced(whole(), "E = 1.5", "E = nan")).message, HasSubstr("not finite"));
  EXPECT_THAT(refused(replaced(whole(), "E = 1.5", "E = true")).message, HasSubstr("must be a number"));
  EXPECT_THAT(refused(replaced(whole(), "\"V1\"", "\"M\"")).message, HasSubstr("cannot be shown as published"));
  EXPECT_THAT(refused(replaced(whole(), "\"V1\"", "\"sure\"")).message, HasSubstr("V1, VR, V2"));
  EXPECT_THAT(refused(whole() + kSet).message, HasSubstr("already has the id"));
  const std::string bad_constant = replaced(whole(), "exp(2)", "exp(two)");
  expect_place(refused(bad_constant), bad_constant, "two");
}

TEST(LawFile, KeepsPartialStandardErrorsAsNotKnown) {
  const Law law = read(whole() + "standard_errors = { alpha = 0.02 }\n");
  const CoefficientSet* set = law.find_set("me2024");
  ASSERT_NE(set, nullptr);
  ASSERT_EQ(set->standard_errors.size(), 3u);
  EXPECT_TRUE(std::isnan(set->standard_errors[0]));
  EXPECT_EQ(set->standard_errors[2], 0.02);
}

TEST(LawFile, RefusesParametersThatCannotBeSearched) {
  const auto with = [](const std::string& more) {
    return kHead + "formula = \"E / N\"\n" + kVariable + parameter("E", more);
  };
  EXPECT_THAT(refused(with("bounds = [1, 0]\nstart = [0, 1]\n")).message, HasSubstr("lower below upper"));
  EXPECT_THAT(refused(with("bounds = [0, 1]\nstart = [0, 2]\n")).message, HasSubstr("within its bounds"));
  EXPECT_THAT(refused(with("bounds = [-inf, inf]\nstart = [0, inf]\n")).message, HasSubstr("finite"));
  EXPECT_THAT(refused(with("transform = \"log\"\nbounds = [0, 1]\nstart = [0.1, 1]\n")).message, HasSubstr("positive"));
  EXPECT_THAT(refused(with("transform = \"ln\"\nbounds = [0, 1]\nstart = [0.1, 1]\n")).message,
              HasSubstr("\"identity\" or \"log\""));
  EXPECT_THAT(refused(with("bounds = [0]\nstart = [0, 1]\n")).message, HasSubstr("[lower, upper]"));
  read(with("bounds = [-inf, inf]\nstart = [-1, 1]\n"));
}

TEST(LawFile, RefusesNamesThatClashOrAreNotUsed) {
  EXPECT_THAT(refused(kHead + kFormula + kVariable + kParameters + parameter("gamma")).message,
              HasSubstr("does not appear"));
  EXPECT_THAT(refused(kHead + kFormula + kVariable + kVariable + kParameters).message, HasSubstr("already the name"));
  EXPECT_THAT(refused(kHead + kFormula + kVariable + kParameters + parameter("N")).message,
              HasSubstr("already the name"));
  EXPECT_THAT(refused(kHead + kFormula + kVariable + kParameters + parameter("a b")).message, HasSubstr("not a name"));
  EXPECT_THAT(refused(kHead + kFormula + kParameters).message, HasSubstr("\"variable\" is missing"));
  EXPECT_THAT(refused(kHead + kFormula + "variable = 3\n" + kParameters).message, HasSubstr("[[variable]]"));
  EXPECT_THAT(refused(kHead + kFormula + kVariable).message, HasSubstr("\"parameter\" is missing"));
}

TEST(LawFile, ReadsDerivedQuantitiesOfParametersOnly) {
  const std::string derived = "\n[[derived]]\nname = \"half\"\nmeaning = \"m\"\nformula = \"alpha / 2\"\n";
  const Law law = read(whole() + derived);
  ASSERT_EQ(law.derived.size(), 1u);
  EXPECT_DOUBLE_EQ(evaluate_scalar(law.derived[0].formula, std::vector<double>{1, 2, 0.5}), 0.25);
  const std::string wrong = replaced(whole() + derived, "alpha / 2", "alpha / N");
  EXPECT_THAT(refused(wrong).message, HasSubstr("N"));
}

TEST(LawFile, ReadsAStatedFrontierWithParametersOfItsOwn) {
  const std::string base = kHead + "formula = \"E + A / N^alpha + 1 / D\"\n" + kVariable +
                           "\n[[variable]]\nsymbol = \"D\"\nrole = \"tokens\"\n" + kParameters;
  const std::string frontier =
      "\n[frontier]\nkind = \"stated\"\nparameters = [\"k\"]\nparams = \"k * sqrt(C)\"\ntokens = \"sqrt(C) / k\"\nloss "
      "= \"1 / C\"\n";
  const Law law = read(base + frontier + kSet + "frontier = { k = 3 }\n");
  ASSERT_TRUE(law.frontier.has_value());
  EXPECT_EQ(law.frontier->kind, LawFrontier::Kind::kStated);
  EXPECT_THAT(law.frontier->parameters, ElementsAre("k"));
  EXPECT_EQ(law.find_set("me2024")->frontier.at("k"), 3);

  EXPECT_THAT(refused(base + frontier + kSet + "frontier = { j = 3 }\n").message,
              HasSubstr("frontier's parameter \"k\""));
  EXPECT_THAT(refused(base + replaced(frontier, "[\"k\"]", "[\"k\", \"j\"]")).message,
              HasSubstr("\"j\" does not appear"));
  EXPECT_THAT(refused(base + replaced(frontier, "stated", "guessed")).message, HasSubstr("closed-form"));
  EXPECT_THAT(refused(base + kSet + "frontier = { k = 3 }\n").message, HasSubstr("only a law with a stated frontier"));
  const std::string misplaced = base + replaced(frontier, "1 / C", "1 / X");
  expect_place(refused(misplaced), misplaced, "X\"");
}

TEST(LawFile, SaysThatAFileIsMissing) {
  auto law = read_law("/nonexistent/law.toml");
  ASSERT_FALSE(law.ok());
  EXPECT_EQ(law.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(law.error().where.file, "/nonexistent/law.toml");
}

TEST(LawFile, NeverCrashesOnTruncatedFiles) {
  const std::string text = whole() + "standard_errors = { alpha = 0.02 }\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    auto law = parse_law(text.substr(0, size), "laws/toy.toml");
    if (!law.ok()) {
      EXPECT_FALSE(law.error().message.empty());
    }
  }
}

TEST(LawFile, SaysWhichObjectiveSuitsItsResponse) {
  EXPECT_EQ(read(whole()).objective, "");
  EXPECT_EQ(read(replaced(whole(), "year = 2024\n", "year = 2024\nobjective = \"mse\"\n")).objective, "mse");
  const Error error = refused(replaced(whole(), "year = 2024\n", "year = 2024\nobjective = \"least\"\n"));
  EXPECT_THAT(error.message, HasSubstr("no objective \"least\": it is log-huber"));
}

}  // namespace
}  // namespace isoflop
