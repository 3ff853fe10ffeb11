// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "core/laws/law.h"

namespace isoflop {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const Law& law) {
  std::vector<std::string> result;
  for (const LawParameter& parameter : law.parameters) result.push_back(parameter.name);
  return result;
}

TEST(LawFromFormula, TellsVariablesFromParameters) {
  auto law = law_from_formula("E + A / N^a + B / D^b");
  ASSERT_TRUE(law.ok()) << law.error().to_string();
  EXPECT_EQ(law->id, "formula");
  EXPECT_EQ(law->title, "formula");
  EXPECT_THAT(law->roles(), ElementsAre("params", "tokens"));
  EXPECT_THAT(names(*law), ElementsAre("E", "A", "a", "B", "b"));
  EXPECT_FALSE(law->flops.steps().empty());
}

TEST(LawFromFormula, TakesRolesAndColumnsByName) {
  auto law = law_from_formula("E + A / params^a + k * width", {"width", "depth"});
  ASSERT_TRUE(law.ok()) << law.error().to_string();
  EXPECT_THAT(law->roles(), ElementsAre("params", "width"));
  EXPECT_THAT(names(*law), ElementsAre("E", "A", "a", "k"));
}

TEST(LawFromFormula, LetsAColumnNamedLikeARolesSymbolWin) {
  auto law = law_from_formula("E + A / N^a", {"N"});
  ASSERT_TRUE(law.ok());
  EXPECT_THAT(law->roles(), ElementsAre("N"));
}

TEST(LawFromFormula, SearchesEachParameterWhereItCanStand) {
  auto law = law_from_formula("E + A / N^a + (D_c / D)^b + tanh(s * log(N) + t)");
  ASSERT_TRUE(law.ok()) << law.error().to_string();
  const auto parameter = [&](const std::string& name) {
    return law->parameters[static_cast<std::size_t>(law->parameter_index(name))];
  };
  for (const char* name : {"E", "A", "D_c"}) EXPECT_EQ(parameter(name).transform, Transform::kLog) << name;
  for (const char* name : {"a", "b"}) {
    EXPECT_EQ(parameter(name).transform, Transform::kIdentity) << name;
    EXPECT_EQ(parameter(name).lower, 0);
    EXPECT_EQ(parameter(name).upper, 10);
    EXPECT_EQ(parameter(name).start_lower, 0.05);
    EXPECT_EQ(parameter(name).start_upper, 2);
  }
  for (const char* name : {"s", "t"}) {
    EXPECT_EQ(parameter(name).transform, Transform::kIdentity) << name;
    EXPECT_TRUE(std::isinf(parameter(name).lower) && std::isinf(parameter(name).upper)) << name;
  }
  for (const LawParameter& p : law->parameters) {
    EXPECT_LT(p.start_lower, p.start_upper) << p.name;
    EXPECT_TRUE(std::isfinite(p.start_lower) && std::isfinite(p.start_upper)) << p.name;
    EXPECT_GE(p.start_lower, p.lower) << p.name;
    EXPECT_LE(p.start_upper, p.upper) << p.name;
    if (p.transform == Transform::kLog) {
      EXPECT_GT(p.lower, 0) << p.name;
    }
  }
}

TEST(LawFromFormula, LeavesUnitsAndSignsOpenWhereColumnsAreNotRoles) {
  auto law = law_from_formula("b1*(1-exp(-b2*x))", {"x"});
  ASSERT_TRUE(law.ok()) << law.error().to_string();
  for (const LawParameter& parameter : law->parameters) {
    EXPECT_TRUE(parameter.natural_start) << parameter.name;
    EXPECT_EQ(parameter.transform, Transform::kIdentity) << parameter.name;
    EXPECT_TRUE(std::isinf(parameter.lower) && std::isinf(parameter.upper)) << parameter.name;
  }
}

TEST(LawFromFormula, AdmitsValuesThatItsGuessesWouldRefuse) {
  const std::map<std::string, double> values = {{"A", -3}, {"a", 0.4}, {"E", 0}, {"b", 12}};
  auto law = law_from_formula("E + A / N^a + B / D^b", {}, values);
  ASSERT_TRUE(law.ok());
  for (const LawParameter& parameter : law->parameters) {
    const auto value = values.find(parameter.name);
    if (value != values.end()) {
      EXPECT_LE(parameter.lower, value->second) << parameter.name;
      EXPECT_GE(parameter.upper, value->second) << parameter.name;
    }
    EXPECT_EQ(parameter.natural_start, parameter.name != "a" && parameter.name != "B") << parameter.name;
  }
}

TEST(LawFromFormula, SeesThroughLet) {
  auto law = law_from_formula("let n = N / N_c; E + n^-a");
  ASSERT_TRUE(law.ok());
  EXPECT_THAT(names(*law), ElementsAre("E", "N_c", "a"));
  EXPECT_EQ(law->parameters[1].transform, Transform::kLog);
}

TEST(LawFromFormula, StaysQuickWhereLetNestsDeeply) {
  std::string formula = "let x0 = k * N; ";
  for (int i = 1; i <= 60; ++i)
    formula += "let x" + std::to_string(i) + " = x" + std::to_string(i - 1) + " + x" + std::to_string(i - 1) + "; ";
  auto law = law_from_formula(formula + "x60");
  ASSERT_TRUE(law.ok()) << law.error().to_string();
  EXPECT_THAT(names(*law), ElementsAre("k"));
}

TEST(LawFromFormula, RefusesWhatCannotBeFitted) {
  EXPECT_THAT(law_from_formula("1 + 2").error().message, HasSubstr("no variable"));
  EXPECT_THAT(law_from_formula("6 * N * D").error().message, HasSubstr("no parameter"));
  EXPECT_THAT(law_from_formula("E + N + params").error().message, HasSubstr("same column"));
  const Error error = law_from_formula("E + A / N^").error();
  EXPECT_EQ(error.code, ErrorCode::kParse);
  EXPECT_EQ(error.where.column, 11);
  EXPECT_THAT(law_from_formula("E + mean(N)").error().message, HasSubstr("mean"));
}

}  // namespace
}  // namespace isoflop
