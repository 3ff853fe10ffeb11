// SPDX-License-Identifier: Apache-2.0
#include "core/laws/law_write.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "core/formula/scalar.h"
#include "core/laws/law_file.h"
#include "core/laws/library.h"

namespace isoflop {
namespace {

using ::testing::HasSubstr;

// NaN equals NaN: a standard error that nobody gave.
bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

std::string source(const Expression& expression) {
  return expression.root ? expression.source : "";
}

void expect_equal(const Law& a, const Law& b) {
  SCOPED_TRACE(a.id);
  for (const auto member : {&Law::title, &Law::summary, &Law::citation, &Law::url, &Law::category, &Law::response,
                            &Law::objective, &Law::formula_text})
    EXPECT_EQ(a.*member, b.*member);
  EXPECT_EQ(a.year, b.year);
  EXPECT_EQ(a.notes, b.notes);
  EXPECT_EQ(source(a.flops_expression), source(b.flops_expression));

  ASSERT_EQ(a.constants.size(), b.constants.size());
  for (std::size_t i = 0; i < a.constants.size(); ++i) {
    EXPECT_EQ(a.constants[i].name, b.constants[i].name);
    EXPECT_EQ(a.constants[i].value, b.constants[i].value);
    EXPECT_EQ(a.constants[i].meaning, b.constants[i].meaning);
  }
  ASSERT_EQ(a.variables.size(), b.variables.size());
  for (std::size_t i = 0; i < a.variables.size(); ++i) {
    const LawVariable &x = a.variables[i], &y = b.variables[i];
    for (const auto member : {&LawVariable::symbol, &LawVariable::role, &LawVariable::unit, &LawVariable::label})
      EXPECT_EQ(x.*member, y.*member);
    EXPECT_EQ(x.default_value, y.default_value);
    EXPECT_EQ(x.columns, y.columns);
  }
  ASSERT_EQ(a.parameters.size(), b.parameters.size());
  for (std::size_t i = 0; i < a.parameters.size(); ++i) {
    const LawParameter &x = a.parameters[i], &y = b.parameters[i];
    for (const auto member : {&LawParameter::name, &LawParameter::symbol, &LawParameter::meaning, &LawParameter::per})
      EXPECT_EQ(x.*member, y.*member);
    for (const auto member :
         {&LawParameter::lower, &LawParameter::upper, &LawParameter::start_lower, &LawParameter::start_upper})
      EXPECT_EQ(x.*member, y.*member) << x.name;
    EXPECT_EQ(x.transform, y.transform);
    EXPECT_EQ(x.natural_start, y.natural_start);
  }
  ASSERT_EQ(a.derived.size(), b.derived.size());
  for (std::size_t i = 0; i < a.derived.size(); ++i) {
    for (const auto member : {&DerivedQuantity::name, &DerivedQuantity::symbol, &DerivedQuantity::meaning})
      EXPECT_EQ(a.derived[i].*member, b.derived[i].*member);
    EXPECT_EQ(source(a.derived[i].expression), source(b.derived[i].expression));
  }
  ASSERT_EQ(a.frontier.has_value(), b.frontier.has_value());
  if (a.frontier) {
    EXPECT_EQ(a.frontier->kind, b.frontier->kind);
    EXPECT_EQ(a.frontier->parameters, b.frontier->parameters);
    EXPECT_EQ(a.frontier->note, b.frontier->note);
    for (const auto member :
         {&LawFrontier::params_expression, &LawFrontier::tokens_expression, &LawFrontier::loss_expression})
      EXPECT_EQ(source(*a.frontier.*member), source(*b.frontier.*member));
  }
  ASSERT_EQ(a.sets.size(), b.sets.size());
  for (std::size_t i = 0; i < a.sets.size(); ++i) {
    const CoefficientSet &x = a.sets[i], &y = b.sets[i];
    for (const auto member :
         {&CoefficientSet::id, &CoefficientSet::label, &CoefficientSet::status, &CoefficientSet::source,
          &CoefficientSet::data, &CoefficientSet::objective, &CoefficientSet::url, &CoefficientSet::note})
      EXPECT_EQ(x.*member, y.*member);
    EXPECT_EQ(x.values, y.values);
    EXPECT_EQ(x.frontier, y.frontier);
    ASSERT_EQ(x.standard_errors.size(), y.standard_errors.size());
    for (std::size_t j = 0; j < x.standard_errors.size(); ++j)
      EXPECT_TRUE(same(x.standard_errors[j], y.standard_errors[j]));
  }
}

Law read_back(const Law& law) {
  const auto text = law_to_toml(law);
  EXPECT_TRUE(text.ok()) << (text.ok() ? "" : text.error().to_string());
  if (!text) return {};
  auto read = parse_law(*text, law.id + ".toml");
  EXPECT_TRUE(read.ok()) << read.error().to_string() << "\n" << *text;
  return read.ok() ? *std::move(read) : Law{};
}

TEST(LawWrite, EveryLawOfTheLibraryReadsBackEqual) {
  const LawLibrary library = load_laws(*find_resources() / "laws");
  ASSERT_GE(library.laws.size(), 40u);
  int written = 0;
  for (const Law& law : library.laws) {
    const auto text = law_to_toml(law);
    // Laws of listed columns are expanded as they are read; their members have no names of their own.
    if (!text) {
      EXPECT_THAT(text.error().message, HasSubstr("cannot stand in a law file"));
      continue;
    }
    expect_equal(law, read_back(law));
    ++written;
  }
  EXPECT_GE(written, 40);
}

TEST(LawWrite, LawsFromFormulasReadBackEqual) {
  for (const char* formula : {"E + A / N^alpha + B / D^beta", "let x = N / N_c;\nlet y = x^2;\nE + y^-a # and a note",
                              "b1 * (1 - exp(-b2 * x))"}) {
    auto law = law_from_formula(formula, {"x"});
    ASSERT_TRUE(law.ok());
    law->id = "mine";
    law->title = "Mine \"in quotes\" \\ back";
    law->citation = "Unpublished";
    law->year = 2026;
    law->notes = {"One\nnote with a tab\t.", "β and ∞"};
    expect_equal(*law, read_back(*law));
  }
}

TEST(LawWrite, AFormulaComputesTheSameAfterReading) {
  auto law = law_from_formula("E + A / N^alpha + B / D^beta");
  law->citation = "Unpublished";
  law->year = 2026;
  const Law read = read_back(*law);
  EXPECT_EQ(read.formula.steps().size(), law->formula.steps().size());
  EXPECT_EQ(read.formula.linear_parameters(), law->formula.linear_parameters());
}

TEST(LawWrite, NamesThatAFileCannotHoldAreRefused) {
  auto law = law_from_formula("E + A / `Model Size`^a", {"Model Size"});
  ASSERT_TRUE(law.ok());
  const auto text = law_to_toml(*law);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().where.parameter, "Model Size");
}

TEST(LawWrite, WritesWholeFilesOnly) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("law_write_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  auto law = law_from_formula("E + A / N^alpha");
  law->citation = "Unpublished";
  law->year = 2026;
  const std::filesystem::path file = folder / (law_file_name("My own law!") + ".toml");
  EXPECT_EQ(file.filename(), "my-own-law.toml");
  ASSERT_TRUE(write_law(*law, file).ok());
  const auto read = read_law(file);
  ASSERT_TRUE(read.ok()) << read.error().to_string();
  EXPECT_EQ(read->id, "my-own-law");
  EXPECT_FALSE(write_law(*law, folder / "none" / "law.toml").ok());
  std::filesystem::remove_all(folder);
}

TEST(LawWrite, FileNamesAreMadeFromTitles) {
  EXPECT_EQ(law_file_name("Broken power law (mine)"), "broken-power-law-mine");
  EXPECT_EQ(law_file_name("  A/B  test 2 "), "a-b-test-2");
  EXPECT_EQ(law_file_name("…"), "law");
}

}  // namespace
}  // namespace isoflop
