// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>
#include <initializer_list>
#include <iomanip>
#include <random>
#include <sstream>

#include "app/cli/run_cli.h"

namespace isoflop::cli {
namespace {

using ::testing::HasSubstr;

// Loss on one domain of three shares: 1.4 + exp(0.9 - 1.7 web - 0.4 code + 0.6 books).
double mixed_loss(double web, double code, double books) {
  return 1.4 + std::exp(0.9 - 1.7 * web - 0.4 * code + 0.6 * books);
}

std::string row(std::initializer_list<double> values) {
  std::ostringstream out;
  out << std::setprecision(17);
  for (const double& value : values) out << (&value == values.begin() ? "" : ",") << value;
  return out.str() + "\n";
}

std::string mixtures() {
  std::mt19937 random(3);
  std::string table = "mix_web,mix_code,mix_books,loss\n";
  for (int i = 0; i < 60; ++i) {
    double shares[3], sum = 0;
    for (double& share : shares) sum += share = -std::log((static_cast<double>(random()) + 0.5) / 4294967296.0);
    for (double& share : shares) share /= sum;
    table += row({shares[0], shares[1], shares[2], mixed_loss(shares[0], shares[1], shares[2])});
  }
  return table;
}

TEST(LawsOfGroupsOfColumns, TakeTheColumnsOfTheTable) {
  const Folder folder;
  const std::string csv = folder.write("mixtures.csv", mixtures());
  const Outcome fit = run_cli({"fit", csv, "--law", "data-mixing", "--fix", "k=1", "--json"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  const auto json = fit.json();
  EXPECT_EQ(json["parameters"].size(), 5u);
  // With k = 1 the constant 0.9 goes into every t, since shares add up to one.
  EXPECT_NEAR(json["parameters"]["c"]["value"].get<double>(), 1.4, 1e-5);
  EXPECT_NEAR(json["parameters"]["t[mix_web]"]["value"].get<double>(), 0.9 - 1.7, 1e-4);
  EXPECT_NEAR(json["parameters"]["t[mix_code]"]["value"].get<double>(), 0.9 - 0.4, 1e-4);
  EXPECT_NEAR(json["parameters"]["t[mix_books]"]["value"].get<double>(), 0.9 + 0.6, 1e-4);

  const std::string file = folder.write("fit.json", fit.out);
  const auto point = run_cli({"predict", "--fit", file, "--at", "mix_web=0.2", "--at", "mix_code=0.7", "--at",
                              "mix_books=0.1", "--json"})
                         .json();
  EXPECT_NEAR(point["loss"].get<double>(), mixed_loss(0.2, 0.7, 0.1), 1e-5);
  const auto rows = run_cli({"predict", csv, "--fit", file, "--json"}).json();
  ASSERT_EQ(rows["predictions"].size(), 60u);
  for (const auto& row : rows["predictions"]) EXPECT_LT(std::abs(row["log_residual"].get<double>()), 1e-5);
}

TEST(LawsOfGroupsOfColumns, SayWhichColumnsTheyMiss) {
  const Folder folder;
  const Outcome fit = run_cli({"fit", folder.write("runs.csv", "web,loss\n0.5,3\n0.6,2\n"), "--law", "data-mixing"});
  EXPECT_EQ(fit.code, 1);
  EXPECT_THAT(fit.err, HasSubstr("columns that fit \"mix_*\""));
  const Outcome point = run_cli({"predict", "--law", "data-mixing", "--param", "c=1"});
  EXPECT_EQ(point.code, 1);
  EXPECT_THAT(point.err, HasSubstr("columns that fit \"mix_*\""));
}

// (e - 0.08) / (2.3 - e)^0.6 = 40 x^-0.35.
double implicit_error(double x) {
  double low = 0.08, high = 2.3;
  for (int i = 0; i < 200; ++i) {
    const double e = (low + high) / 2;
    ((e - 0.08) / std::pow(2.3 - e, 0.6) > 40 * std::pow(x, -0.35) ? high : low) = e;
  }
  return low;
}

TEST(ImplicitLaws, AreFittedLikeOthers) {
  const Folder folder;
  std::string table = "samples,error\n";
  for (double x = 1e3; x < 1e10; x *= 1.7) table += row({x, implicit_error(x)});
  const std::string csv = folder.write("runs.csv", table);
  const Outcome fit =
      run_cli({"fit", csv, "--law", "alabdulmohsin-m4", "--map", "tokens=samples", "--map", "loss=error", "--json"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  const auto parameters = fit.json()["parameters"];
  for (const auto& [name, value] : {std::pair("e_inf", 0.08), std::pair("e_0", 2.3), std::pair("alpha", 0.6),
                                    std::pair("b", 40.0), std::pair("c", -0.35)})
    EXPECT_NEAR(parameters[name]["value"].get<double>() / value, 1, 1e-3) << name;
  // The same law given by hand, with a constant by let.
  const Outcome formula =
      run_cli({"fit", csv, "--formula", "let e_0 = 2.3; solve(e, e_inf, e_0, (e - e_inf)/(e_0 - e)^a - b*samples^(-c))",
               "--response", "error", "--start", "e_inf=0.05", "--start", "a=0.5", "--start", "b=30", "--start",
               "c=0.3", "--json"});
  ASSERT_EQ(formula.code, 0) << formula.err;
  EXPECT_NEAR(formula.json()["parameters"]["a"]["value"].get<double>(), 0.6, 1e-3);
  EXPECT_NEAR(formula.json()["parameters"]["c"]["value"].get<double>(), 0.35, 1e-3);
}

TEST(Formulas, PointAtTheCharacterOnTheCommandLine) {
  const Folder folder;
  const std::string csv = folder.write("runs.csv", "x,y\n1,2\n2,3\n3,5\n");
  const auto fails = [&](const std::string& formula, const std::string& place, const std::string& says) {
    const Outcome outcome = run_cli({"fit", csv, "--formula", formula, "--response", "y"});
    EXPECT_NE(outcome.code, 0) << formula;
    EXPECT_THAT(outcome.err, HasSubstr(place)) << formula;
    EXPECT_THAT(outcome.err, HasSubstr(says)) << formula;
  };
  fails("a*x + sum(x)", "1:7", "sum()");
  fails("a*x + solve(u, 0, 1, u", "1:23", "to close solve(");
  fails("a*x +\n solve(u, 0, 1, solve(v, 0, 1, u*v - a))", "2:17", "no other solve()");
  fails("let k = 2; let k = 3; a*x", "1:16", "bound twice");
  fails("a*x + clamp(x, 1)", "1:7", "clamp takes 3 arguments");
}

}  // namespace
}  // namespace isoflop::cli
