// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "core/base/random.h"
#include "core/formula/column_expression.h"
#include "core/formula/evaluator.h"
#include "core/formula/scalar.h"
#include "core/formula/typeset.h"

namespace isoflop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Program compile(const std::string& formula, std::vector<std::string> variables, std::vector<std::string> parameters) {
  auto expression = parse_expression(formula);
  EXPECT_TRUE(expression) << (expression ? "" : expression.error().to_string());
  auto program = Program::compile(*expression, std::move(variables), std::move(parameters));
  EXPECT_TRUE(program) << (program ? "" : program.error().to_string());
  return *program;
}

double value_of(const std::string& formula) {
  return evaluate_scalar(compile(formula, {}, {}), {});
}

std::vector<double> random_column(std::size_t rows, double low, double high) {
  Philox random(5, rows);
  std::vector<double> column(rows);
  for (double& x : column) x = low * std::pow(high / low, random.uniform());
  return column;
}

// Where g changes sign, by halving alone.
double bisected(const std::function<double(double)>& g, double low, double high) {
  const bool rising = g(high) > 0;
  for (int i = 0; i < 300; ++i) {
    const double middle = low + (high - low) / 2;
    ((g(middle) > 0) == rising ? high : low) = middle;
  }
  return low;
}

// g of the unknown, the row's x and the parameters a, b.
struct Equation {
  const char* formula;
  std::function<double(double u, double x, double a, double b)> g;
  double low, high, a, b;
};

const Equation kEquations[] = {
    {"solve(u, 0, 100, u + a*log1p(u) - b*x)",
     [](double u, double x, double a, double b) { return u + a * std::log1p(u) - b * x; }, 0, 100, 2, 0.3},
    // Poles at either end.
    {"solve(u, 0.2, 1.1, (u - 0.2)/(1.1 - u)^a - b*x^2)",
     [](double u, double x, double a, double b) { return (u - 0.2) / std::pow(1.1 - u, a) - b * x * x; }, 0.2, 1.1, 0.7,
     0.05},
    {"solve(u, 0.2, 1.1, log(u - 0.2) - a*log(1.1 - u) - log(b*x))",
     [](double u, double x, double a, double b) { return std::log(u - 0.2) - a * std::log(1.1 - u) - std::log(b * x); },
     0.2, 1.1, 0.7, 0.05},
    // Falling, from an end where g is 0 times infinity.
    {"solve(u, 0, 1, a - u*log(u) - 3*u - b*u*x)",
     [](double u, double x, double a, double b) { return a - (u > 0 ? u * std::log(u) : 0) - 3 * u - b * u * x; }, 0, 1,
     0.4, 0.02},
    // Wide brackets.
    {"solve(u, 1e-30, 1e30, u^a - x^b)",
     [](double u, double x, double a, double b) { return std::pow(u, a) - std::pow(x, b); }, 1e-30, 1e30, 0.35, 1.9},
    {"solve(u, 0, 1e12, exp(u/a) - 1 - b*x)",
     [](double u, double x, double a, double b) { return std::exp(u / a) - 1 - b * x; }, 0, 1e12, 3, 2},
    {"solve(u, -1e9, -1e-9, 1/u + a + b*x)", [](double u, double x, double a, double b) { return 1 / u + a + b * x; },
     -1e9, -1e-9, 3, 2},
    // A kink, a branch and every function with a derivative of its own.
    {"solve(u, -50, 50, abs(u)*u + max(u, 2*u) + (u > 1 ? 2*u : u + 1) - a*x)",
     [](double u, double x, double a, double) {
       return std::abs(u) * u + std::max(u, 2 * u) + (u > 1 ? 2 * u : u + 1) - a * x;
     },
     -50, 50, 1.1, 0},
    {"solve(u, -3, 40, 3*u + sin(u) - cos(u)/2 + atan(u) + tanh(u) + sigmoid(u) + expm1(u/9) + min(u, 1) - a*x + b)",
     [](double u, double x, double a, double b) {
       return 3 * u + std::sin(u) - std::cos(u) / 2 + std::atan(u) + std::tanh(u) + 1 / (1 + std::exp(-u)) +
              std::expm1(u / 9) + std::min(u, 1.0) - a * x + b;
     },
     -3, 40, 1.1, 1},
    {"solve(u, 0, 1.5, tan(u) + sqrt(u) - b*sqrt(x) - a)",
     [](double u, double x, double a, double b) { return std::tan(u) + std::sqrt(u) - b * std::sqrt(x) - a; }, 0, 1.5,
     0.3, 0.5},
};

TEST(Solve, FindsTheRootThatBisectionFinds) {
  for (const std::size_t rows : {1u, 255u, 600u}) {
    const std::vector<double> x = random_column(rows, 0.5, 20);
    const std::vector<std::span<const double>> columns{x};
    for (const Equation& e : kEquations) {
      Evaluator evaluator(compile(e.formula, {"x"}, {"a", "b"}), columns, rows);
      std::vector<double> out(rows);
      evaluator.predict(std::vector{e.a, e.b}, out);
      for (std::size_t i = 0; i < rows; ++i) {
        const double expected = bisected([&](double u) { return e.g(u, x[i], e.a, e.b); }, e.low, e.high);
        ASSERT_NEAR(out[i], expected, 1e-13 * std::abs(expected) + 1e-15) << e.formula << " x = " << x[i];
      }
    }
  }
}

TEST(Solve, HasTheSlopeOfTheImplicitFunction) {
  const std::size_t rows = 300;
  const std::vector<double> x = random_column(rows, 0.5, 20);
  const std::vector<std::span<const double>> columns{x};
  for (const Equation& e : kEquations) {
    Evaluator evaluator(compile(e.formula, {"x"}, {"a", "b"}), columns, rows);
    std::vector<double> out(rows), jacobian(2 * rows);
    evaluator.predict(std::vector{e.a, e.b}, out, jacobian, rows);
    for (std::size_t i = 0; i < rows; ++i) {
      // du/da = -(dg/da) / (dg/du), each by central differences of g, not of the root.
      const auto slope = [&](const std::function<double(double)>& g, double at) {
        const double h = 1e-6 * std::max(std::abs(at), 1e-3);
        return (g(at + h) - g(at - h)) / (2 * h);
      };
      const double by_u = slope([&](double u) { return e.g(u, x[i], e.a, e.b); }, out[i]);
      const double by_a = slope([&](double a) { return e.g(out[i], x[i], a, e.b); }, e.a);
      const double by_b = slope([&](double b) { return e.g(out[i], x[i], e.a, b); }, e.b);
      const double scale = std::abs(out[i]) + 1e-6;
      EXPECT_NEAR(jacobian[i], -by_a / by_u, 1e-6 * (std::abs(by_a / by_u) + scale)) << e.formula << " x = " << x[i];
      EXPECT_NEAR(jacobian[rows + i], -by_b / by_u, 1e-6 * (std::abs(by_b / by_u) + scale)) << e.formula;
    }
  }
}

// (e - e_inf) / (e_0 - e)^0 = b x^c is a power law with a floor, whose derivatives are known.
TEST(Solve, IsExactWhereTheRootHasAClosedForm) {
  const std::vector<double> x = random_column(400, 1, 1e9);
  const std::vector<std::span<const double>> columns{x};
  const std::vector<std::string> names{"e_inf", "e_0", "alpha", "b", "c"};
  Evaluator evaluator(compile("solve(e, e_inf, e_0, (e - e_inf)/(e_0 - e)^alpha - b*x^c)", {"x"}, names), columns, 400);
  std::vector<double> out(400), jacobian(5 * 400);
  evaluator.predict(std::vector{0.2, 9.0, 0.0, 3.0, -0.3}, out, jacobian, 400);
  for (std::size_t i = 0; i < 400; ++i) {
    const double power = std::pow(x[i], -0.3);
    EXPECT_NEAR(out[i], 0.2 + 3 * power, 1e-15 * 20);
    EXPECT_NEAR(jacobian[i], 1, 1e-12);
    EXPECT_NEAR(jacobian[400 + i], 0, 1e-12);
    EXPECT_NEAR(jacobian[3 * 400 + i], power, 1e-12);
    EXPECT_NEAR(jacobian[4 * 400 + i], 3 * power * std::log(x[i]), 1e-11);
  }
}

TEST(Solve, HasNoValueWithoutAChangeOfSign) {
  EXPECT_TRUE(std::isnan(value_of("solve(u, 0, 1, u^2 + 1)")));
  EXPECT_TRUE(std::isnan(value_of("solve(u, 2, 3, u - 1)")));
  EXPECT_TRUE(std::isnan(value_of("solve(u, 1, 0, u - 0.5)"))) << "bounds the wrong way round";
  EXPECT_TRUE(std::isnan(value_of("solve(u, 0, exp(1e4), u - 0.5)"))) << "a bound that is not finite";
  EXPECT_TRUE(std::isnan(value_of("solve(u, 0, 1, log(-u) - 1)")));
  // Row by row: a root in some does not depend on the others.
  const std::vector<double> x{0.5, -0.5, kNaN, 0.25, 7, kInfinity};
  const std::vector<std::span<const double>> columns{x};
  Evaluator evaluator(compile("solve(u, 0, 1, u - a*x)", {"x"}, {"a"}), columns, 6);
  std::vector<double> out(6), jacobian(6);
  evaluator.predict(std::vector{1.0}, out, jacobian, 6);
  EXPECT_EQ(out[0], 0.5);
  EXPECT_EQ(out[3], 0.25);
  for (const std::size_t i : {1u, 2u, 4u, 5u}) EXPECT_TRUE(std::isnan(out[i])) << i;
  EXPECT_EQ(jacobian[0], 0.5);
}

TEST(Solve, TakesARootAtABound) {
  EXPECT_EQ(value_of("solve(u, 0, 1, u)"), 0);
  EXPECT_EQ(value_of("solve(u, 0, 1, 1 - u)"), 1);
  EXPECT_EQ(value_of("solve(u, 2, 2, u - 2)"), 2);
  EXPECT_EQ(value_of("solve(u, -1, 1, u + u^3)"), 0);
}

TEST(Solve, WorksOnNumbersOnColumnsAndOnParametersAlone) {
  EXPECT_DOUBLE_EQ(value_of("solve(u, 0, 2, u^2 - 2)"), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(value_of("let w = 3; 1 + solve(u, 0, w, u^2 - w) * w"), 1 + 3 * std::sqrt(3.0));

  const Program scalar = compile("a * solve(u, 0, b, u^2 - b)", {}, {"a", "b"});
  double gradient[2];
  EXPECT_DOUBLE_EQ(evaluate_scalar(scalar, std::vector{2.0, 5.0}, gradient), 2 * std::sqrt(5.0));
  EXPECT_NEAR(gradient[0], std::sqrt(5.0), 1e-14);
  EXPECT_NEAR(gradient[1], 1 / std::sqrt(5.0), 1e-14);

  const std::vector<double> x = random_column(700, 1, 50);
  const std::vector<std::span<const double>> columns{x};
  std::vector<double> out(700), jacobian(700);
  Evaluator(compile("a * solve(u, 0, x, u^2 - x)", {"x"}, {"a"}), columns, 700)
      .predict(std::vector{2.0}, out, jacobian, 700);
  std::vector<double> mixed(700);
  Evaluator(compile("solve(u, 0, b, u^2 - b) * x", {"x"}, {"b"}), columns, 700).predict(std::vector{5.0}, mixed);
  for (std::size_t i = 0; i < 700; ++i) {
    EXPECT_NEAR(out[i], 2 * std::sqrt(x[i]), 1e-14 * 20);
    EXPECT_NEAR(jacobian[i], std::sqrt(x[i]), 1e-14 * 20);
    EXPECT_NEAR(mixed[i], std::sqrt(5.0) * x[i], 1e-13 * 20);
  }
}

TEST(Solve, StandsAnywhereInAFormula) {
  // Twice, in a branch, in another equation that does not disturb it, and below a logarithm.
  EXPECT_DOUBLE_EQ(value_of("solve(u, 0, 2, u^2 - 2) + solve(u, 0, 2, u^2 - 3)"), std::sqrt(2.0) + std::sqrt(3.0));
  EXPECT_DOUBLE_EQ(value_of("let r = solve(u, 0, 2, u^2 - 2); solve(v, 0, 9, v - r) * r"), 2);
  EXPECT_DOUBLE_EQ(value_of("solve(v, 0, 9, v^2 - solve(u, 0, 2, u^2 - 2))"), std::pow(2.0, 0.25));
  EXPECT_DOUBLE_EQ(evaluate_scalar(compile("solve(u, 0, 2, u^2 - a)", {}, {"a"}).logarithm(), std::vector{2.0}),
                   std::log(2.0) / 2);
  const std::vector<double> x{1, 2};
  const std::vector<std::span<const double>> columns{x};
  std::vector<double> out(2), jacobian(2);
  Evaluator evaluator(compile("x > 1.5 ? solve(u, 0, 1, u + 5*a) : a*x", {"x"}, {"a"}), columns, 2);
  evaluator.predict(std::vector{3.0}, out, jacobian, 2);
  EXPECT_EQ(out[0], 3);
  EXPECT_EQ(jacobian[0], 1) << "a branch without a root must not spoil the derivative of the other";
  EXPECT_TRUE(std::isnan(out[1]));
}

TEST(Solve, GivesCopiesOnOtherThreadsTheirOwnScratch) {
  const std::vector<double> x = random_column(300, 1, 50);
  const std::vector<std::span<const double>> columns{x};
  Evaluator one(compile("solve(u, 0, 1e3, u^a - x)", {"x"}, {"a"}), columns, 300);
  Evaluator two = one;
  std::vector<double> first(300), second(300), again(300);
  one.predict(std::vector{2.0}, first);
  two.predict(std::vector{3.0}, second);
  one.predict(std::vector{2.0}, again);
  EXPECT_EQ(first, again);
  for (std::size_t i = 0; i < 300; ++i) EXPECT_NEAR(second[i], std::cbrt(x[i]), 1e-14);
}

TEST(Solve, IsNotLinearInWhatItsEquationNeeds) {
  const Program program = compile("c + d * solve(u, 0, h, u^2 - b*x)", {"x"}, {"b", "c", "d", "h"});
  EXPECT_EQ(program.linear_parameters(), (std::vector<bool>{false, true, true, false}));
}

struct Misuse {
  const char* formula;
  long line, column;
  const char* says;
};

TEST(Solve, PointsAtTheCharacterOfAMistake) {
  const Misuse misuses[] = {
      {"1 + solve(3, 0, 1, 2)", 1, 11, "name of the unknown"},
      {"solve(u + 1, 0, 1, u)", 1, 9, "after the unknown"},
      {"solve(u, 0)", 1, 11, "after the lower bound"},
      {"solve(u, 0, 1)", 1, 14, "after the upper bound"},
      {"solve(u, 0, 1, u - 1", 1, 21, "to close solve("},
      {"solve(u, 0, 1, u - 1, 2)", 1, 21, "to close solve("},
      {"a +\n  solve(u, 0, 1, a - 1)", 2, 9, "does not appear"},
      {"let u = 2; solve(u, 0, 1, u)", 1, 18, "bound twice"},
      {"solve(u, 0, 1, solve(u, 0, 1, u))", 1, 22, "bound twice"},
      {"solve(pi, 0, 1, pi)", 1, 7, "name of a constant"},
      {"let pi = 3; a", 1, 5, "name of a constant"},
  };
  for (const Misuse& misuse : misuses) {
    const auto expression = parse_expression(misuse.formula);
    ASSERT_FALSE(expression) << misuse.formula;
    EXPECT_EQ(expression.error().where.line, misuse.line) << misuse.formula;
    EXPECT_EQ(expression.error().where.column, misuse.column) << misuse.formula << expression.error().to_string();
    EXPECT_NE(expression.error().message.find(misuse.says), std::string::npos) << expression.error().to_string();
  }
  const Misuse meanings[] = {
      {"a + solve(u, 0, 1, solve(v, 0, 1, v - u))", 1, 20, "no other solve"},
      {"solve(u, 0, 1, u^0 - a)", 1, 1, "must depend on \"u\""},
      {"solve(u, 0, 1, u - q)", 1, 20, "\"q\" is neither"},
      {"u + solve(u, 0, 1, u - a)", 1, 1, "\"u\" is neither"},
      {"solve(u, u, 1, u - a)", 1, 10, "\"u\" is neither"},
      {"a + sum(a)", 1, 5, "several columns"},
      {"solve(u, 0, 1, u - mean(a))", 1, 20, "whole column"},
  };
  for (const Misuse& misuse : meanings) {
    const auto program = Program::compile(*parse_expression(misuse.formula), {}, {"a"});
    ASSERT_FALSE(program) << misuse.formula;
    EXPECT_EQ(program.error().where.line, misuse.line) << misuse.formula;
    EXPECT_EQ(program.error().where.column, misuse.column) << misuse.formula << program.error().to_string();
    EXPECT_NE(program.error().message.find(misuse.says), std::string::npos) << program.error().to_string();
  }
  const auto column = evaluate_columns(*parse_expression("1 + solve(u, 0, 1, u - 0.5)"), 1,
                                       [](std::string_view) { return std::optional<ColumnView>(); });
  ASSERT_FALSE(column);
  EXPECT_EQ(column.error().where.column, 5);
}

TEST(Solve, IsSetAsTheEquationItSolves) {
  const Expression m4 = *parse_expression("solve(e, e_inf, e_0, (e - e_inf)/(e_0 - e)^alpha - b*x^c)");
  EXPECT_EQ(to_latex(m4),
            "e \\in [e_{\\mathrm{inf}}, e_{0}] : \\frac{e - e_{\\mathrm{inf}}}{\\left(e_{0} - "
            "e\\right)^{\\alpha}} = b\\,x^{c}");
  EXPECT_EQ(to_unicode(m4), "e ∈ [e_inf, e_0]: (e − e_inf)/(e_0 − e)^α = b·x^c");
  EXPECT_EQ(to_unicode(*parse_expression("2*solve(u, 0, 1, exp(u))")), "2·(u ∈ [0, 1]: exp(u) = 0)");
  EXPECT_EQ(m4.names(), (std::vector<std::string>{"e_inf", "e_0", "alpha", "b", "x", "c"})) << "e is no parameter";
}

TEST(Constants, AreNamesForNumbers) {
  const auto expression = parse_expression("(C/pf_day)^a + pi", {{"pf_day", 8.64e19}});
  ASSERT_TRUE(expression);
  EXPECT_EQ(expression->names(), (std::vector<std::string>{"C", "a"}));
  EXPECT_EQ(to_unicode(*expression), "(C/pf_day)^a + π");
  const double c = 8.64e21;
  const std::vector<std::span<const double>> columns{{&c, 1}};
  double out = 0;
  Evaluator(*Program::compile(*expression, {"C"}, {"a"}), columns, 1).predict(std::vector{0.5}, {&out, 1});
  EXPECT_DOUBLE_EQ(out, 10 + M_PI);
  const auto twice = parse_expression("let pf_day = 2; C", {{"pf_day", 8.64e19}});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().where.column, 5);
}

}  // namespace
}  // namespace isoflop
