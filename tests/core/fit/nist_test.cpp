// SPDX-License-Identifier: Apache-2.0
// The solver against the certified values of NIST's nonlinear regression problems: the same formulas, search and polish
// as for any law.
#include <gtest/gtest.h>

#include <cstdio>

#include "core/fit/fit.h"
#include "core/fit/fit_problem.h"
#include "nist_problems.h"

namespace isoflop {
namespace {

using test::log_relative_error;
using test::NistProblem;

constexpr double kSolved = 4;  // digits in every parameter

const std::vector<NistProblem>& problems() {
  static const std::vector<NistProblem> all = test::read_nist_problems();
  return all;
}

struct Digits {
  double least = 0, mean = 0;  // over the parameters
};

// Parameters by the order of the certified ones; terms that the formula lets change places are sorted by the caller.
Digits digits(const NistProblem& problem, const std::map<std::string, double>& found) {
  Digits result{.least = 11, .mean = 0};
  for (const std::string& name : problem.parameters) {
    const double agreeing = log_relative_error(found.at(name), problem.certified.at(name));
    result.least = std::min(result.least, agreeing);
    result.mean += agreeing / static_cast<double>(problem.parameters.size());
  }
  return result;
}

std::map<std::string, double> by_name(const Fit& fit) {
  std::map<std::string, double> values;
  for (std::size_t j = 0; j < fit.names.size(); ++j) values[fit.names[j]] = fit.theta[j];
  return values;
}

std::map<std::string, double> solve(const NistProblem& problem, const std::map<std::string, double>& start) {
  const Law law = problem.law(start);
  const auto fit = fit_law(law, problem.runs(law), {.objective = Objective::kMse, .fixed = {}, .start = start});
  EXPECT_TRUE(fit) << problem.name << ": " << fit.error().to_string();
  return fit ? by_name(*fit) : start;
}

TEST(Nist, CertifiedParametersHaveTheCertifiedSumOfSquares) {
  ASSERT_EQ(problems().size(), 27u);
  for (const NistProblem& problem : problems()) {
    const Law law = problem.law(problem.certified);
    std::vector<double> theta;
    for (const LawParameter& parameter : law.parameters) theta.push_back(problem.certified.at(parameter.name));
    const double squares = 2 * evaluate_objective(law, problem.runs(law), theta, Objective::kMse);
    // Eleven digits of the parameters leave the residuals of Lanczos1, 1e-13, without a digit.
    const double tolerance = problem.name == "Lanczos1" ? 1e-20 : 2e-10 * problem.squares;
    EXPECT_NEAR(squares, problem.squares, tolerance) << problem.name;
  }
}

TEST(Nist, AllProblemsAreSolvedFromBothStarts) {
  int solved = 0;
  double least = 0, mean = 0;
  for (const NistProblem& problem : problems())
    for (const auto& start : problem.start) {
      const auto found = solve(problem, start);
      const Digits agreeing = digits(problem, found);
      std::printf("%-9s start %d  least %5.2f  mean %5.2f\n", problem.name.c_str(), &start == &problem.start[0] ? 1 : 2,
                  agreeing.least, agreeing.mean);
      EXPECT_GE(agreeing.least, kSolved) << problem.name;
      solved += agreeing.least >= kSolved;
      least += agreeing.least / 54;
      mean += agreeing.mean / 54;
    }
  std::printf("%d of 54 solved; log relative error %.2f by the worst parameter of each, %.2f by all\n", solved, least,
              mean);
  EXPECT_EQ(solved, 54);
  EXPECT_GE(least, 9.5);
}

// Exchangeable terms come back in any order: the fit is the certified one when its sum of squares is.
TEST(Nist, ProblemsAreSolvedWithoutAnyStart) {
  int solved = 0;
  for (const NistProblem& problem : problems()) {
    const Law law = problem.law({});
    const Observations runs = problem.runs(law);
    const auto fit = fit_law(law, runs, {.objective = Objective::kMse});
    ASSERT_TRUE(fit) << problem.name << ": " << fit.error().to_string();
    const bool found =
        problem.name == "Lanczos1" ? fit->objective < 1e-20 : 2 * fit->objective <= problem.squares * (1 + 1e-8);
    std::printf("%-9s %s  squares %.10e, certified %.10e; %d starts polished\n", problem.name.c_str(),
                found ? "solved" : "MISSED", 2 * fit->objective, problem.squares, fit->starts_polished);
    solved += found;
  }
  std::printf("%d of 27 solved without a start\n", solved);
  EXPECT_EQ(solved, 27);
}

}  // namespace
}  // namespace isoflop
