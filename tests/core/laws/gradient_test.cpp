// SPDX-License-Identifier: Apache-2.0
#include <ceres/jet.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "core/formula/evaluator.h"
#include "core/laws/library.h"
#include "support/law_points.h"
#include "support/role_values.h"

namespace isoflop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostParameters = 16;
constexpr long kUnknownSlot = kMostParameters;  // derivatives by the unknown of an equation
using Jet = ceres::Jet<double, static_cast<int>(kMostParameters) + 1>;

Jet smaller(const Jet& a, const Jet& b) {
  return b < a ? b : a;
}

// Each law written a second time by hand, in the order of its file: N, D, U; theta.
using Written = std::function<Jet(double n, double d, double u, const std::vector<Jet>& p)>;

Jet chinchilla(double n, double d, double, const std::vector<Jet>& p) {
  return p[0] + p[1] * exp(-p[3] * std::log(n)) + p[2] * exp(-p[4] * std::log(d));
}
Jet chinchilla_tied(double n, double d, double, const std::vector<Jet>& p) {
  return p[0] + p[1] * exp(-p[3] * std::log(n)) + p[2] * exp(-p[3] * std::log(d));
}
Jet kaplan(double n, double d, double, const std::vector<Jet>& p) {
  return pow(pow(p[0] / n, p[2] / p[3]) + p[1] / d, p[3]);
}
// Muennighoff et al. 2023, equations 5 to 7, with U_N the compute-optimal parameters for U_D tokens.
Jet data_constrained(double n, double d, double u, const std::vector<Jet>& p) {
  const Jet &e = p[0], &a = p[1], &b = p[2], &alpha = p[3], &beta = p[4], &r_d = p[5], &r_n = p[6];
  const double unique = std::min(d, u);
  const Jet best = pow(alpha * a / (beta * b), 1.0 / alpha) * pow(Jet(unique), beta / alpha);
  const Jet u_n = smaller(Jet(n), best);
  const Jet repeats = Jet(d / unique - 1), excess = n / u_n - 1.0;
  const Jet d_effective = unique + unique * r_d * (1.0 - exp(-repeats / r_d));
  const Jet n_effective = u_n + u_n * r_n * (1.0 - exp(-excess / r_n));
  return e + a / pow(n_effective, alpha) + b / pow(d_effective, beta);
}

// Any law, by walking its formula: values and derivatives forwards through the graph, where the evaluator compiles it
// into steps and goes backwards.
class Walk {
 public:
  Walk(const Law& law, const std::vector<double>& variables, const std::vector<Jet>& parameters) {
    for (std::size_t i = 0; i < variables.size(); ++i) names_.emplace(law.variables[i].symbol, Jet(variables[i]));
    for (std::size_t j = 0; j < parameters.size(); ++j) names_.emplace(law.parameters[j].name, parameters[j]);
  }

  Jet operator()(const Node& node) {
    if (node.kind == NodeKind::kNumber) return Jet(node.number);
    if (node.kind == NodeKind::kName) return names_.at(node.text);
    if (node.kind == NodeKind::kUnknown) return unknown_;
    if (node.function == Function::kSolve) return root(node);
    std::vector<Jet> x;
    for (const NodePtr& argument : node.arguments) x.push_back((*this)(*argument));
    switch (node.function) {
      case Function::kNegate:
        return -x[0];
      case Function::kAdd:
        return x[0] + x[1];
      case Function::kSubtract:
        return x[0] - x[1];
      case Function::kMultiply:
        return x[0] * x[1];
      case Function::kDivide:
        return x[0] / x[1];
      case Function::kPower:
        return pow(x[0], x[1]);
      case Function::kExp:
        return exp(x[0]);
      case Function::kExpm1: {
        Jet y = exp(x[0]);
        y.a = std::expm1(x[0].a);
        return y;
      }
      case Function::kLog:
        return log(x[0]);
      case Function::kLog10:
        return log(x[0]) / std::log(10.0);
      case Function::kSqrt:
        return sqrt(x[0]);
      case Function::kTanh:
        return tanh(x[0]);
      case Function::kSigmoid:
        return 1.0 / (1.0 + exp(-x[0]));
      case Function::kMin:
        return smaller(x[0], x[1]);
      case Function::kMax:
        return x[0] < x[1] ? x[1] : x[0];
      default:
        ADD_FAILURE() << "teach this walk the function at character " << node.column;
        return Jet(0);
    }
  }

 private:
  // Halving, then the theorem of the implicit function.
  Jet root(const Node& node) {
    const Node& g = *node.arguments[3];
    const auto at = [&](double u) {
      unknown_ = Jet(u, static_cast<int>(kUnknownSlot));
      return (*this)(g);
    };
    double low = (*this)(*node.arguments[1]).a, high = (*this)(*node.arguments[2]).a;
    const bool rising = at(high).a > 0;
    for (int i = 0; i < 200; ++i) {
      const double middle = low + (high - low) / 2;
      ((at(middle).a > 0) == rising ? high : low) = middle;
    }
    const Jet slopes = at(low);
    Jet u(low);
    u.v = -slopes.v / slopes.v[kUnknownSlot];
    u.v[kUnknownSlot] = 0;
    return u;
  }

  std::map<std::string, Jet> names_;
  Jet unknown_;
};

const std::map<std::string, Written> kWritten{{"chinchilla", chinchilla},
                                              {"chinchilla-tied", chinchilla_tied},
                                              {"kaplan", kaplan},
                                              {"data-constrained", data_constrained}};

struct Grid {
  std::vector<double> n, d, u;
  mutable std::map<std::string, std::vector<double>> others;  // by role, as laws ask for them
};

Grid grid() {
  Grid grid;
  for (const double n : {1.3e6, 7.1e8, 6.9e10, 3.3e12}) {
    for (const double d : {2.9e7, 4.1e9, 1.7e12}) {
      for (const double u : {1.1e8, 3.7e11, kInfinity}) {
        grid.n.push_back(n);
        grid.d.push_back(d);
        grid.u.push_back(u);
      }
    }
  }
  return grid;
}

// The three values of the role in turn.
const std::vector<double>& other_role(const Grid& grid, const std::string& role) {
  std::vector<double>& column = grid.others[role];
  const std::array<double, 3> values = test::role_values(role);
  for (std::size_t i = column.size(); i < grid.n.size(); ++i) column.push_back(values[i % 3]);
  return column;
}

std::vector<std::span<const double>> columns_of(const Law& law, const Grid& grid) {
  std::vector<std::span<const double>> columns;
  for (const LawVariable& variable : law.variables) {
    if (variable.role == "params")
      columns.emplace_back(grid.n);
    else if (variable.role == "unique_tokens")
      columns.emplace_back(grid.u);
    else if (variable.role == "tokens")
      columns.emplace_back(grid.d);
    else
      columns.emplace_back(other_role(grid, variable.role));
  }
  return columns;
}

// Published coefficients, and each shifted so that nothing holds by coincidence (alpha = beta, say).
std::vector<std::vector<double>> points(const Law& law) {
  std::vector<std::vector<double>> result{test::middle_of_starts(law)};
  for (const CoefficientSet& set : law.sets) {
    result.push_back(set.values);
    std::vector<double> shifted = set.values;
    for (std::size_t j = 0; j < shifted.size(); ++j) shifted[j] *= 1 + 0.03 * static_cast<double>(j + 1);
    result.push_back(shifted);
  }
  return result;
}

const LawLibrary& library() {
  return test::shipped_laws();
}

TEST(LawGradients, AgreeWithAutomaticDifferentiationOfTheFormulasWrittenByHand) {
  const Grid grid_points = grid();
  const std::size_t rows = grid_points.n.size();
  const LawLibrary laws = library();
  ASSERT_FALSE(laws.laws.empty());
  for (const auto& [id, written] : kWritten) {
    ASSERT_NE(laws.find(id), nullptr) << id;
    const Law& law = *laws.find(id);
    const std::size_t count = law.parameters.size();
    Evaluator evaluator(law.formula, columns_of(law, grid_points), rows);
    for (const std::vector<double>& theta : points(law)) {
      std::vector<double> value(rows), jacobian(rows * count);
      evaluator.predict(theta, value, jacobian, rows);
      std::vector<Jet> jets;
      for (std::size_t j = 0; j < count; ++j) jets.emplace_back(theta[j], static_cast<int>(j));
      for (std::size_t i = 0; i < rows; ++i) {
        const Jet expected = written(grid_points.n[i], grid_points.d[i], grid_points.u[i], jets);
        EXPECT_NEAR(value[i], expected.a, 1e-11 * std::abs(expected.a)) << law.id << " row " << i;
        for (std::size_t j = 0; j < count; ++j) {
          // Relative to what a relative change of the parameter does to the loss; the hand-written exponentials lose
          // digits where 1 - exp(-x) is small.
          const double scale = std::abs(expected.a) / std::abs(theta[j]);
          EXPECT_NEAR(jacobian[j * rows + i], expected.v[static_cast<long>(j)], 1e-10 * scale)
              << law.id << " d/d" << law.parameters[j].name << " row " << i;
        }
      }
    }
  }
}

TEST(LawGradients, OfEveryLawAgreeWithAutomaticDifferentiationOfItsFormula) {
  const Grid grid_points = grid();
  const std::size_t rows = grid_points.n.size();
  for (const Law& law : library().laws) {
    const std::size_t count = law.parameters.size();
    ASSERT_LE(count, kMostParameters) << law.id;
    const auto columns = columns_of(law, grid_points);
    Evaluator evaluator(law.formula, columns, rows);
    for (const std::vector<double>& theta : points(law)) {
      std::vector<double> value(rows), jacobian(rows * count);
      evaluator.predict(theta, value, jacobian, rows);
      std::vector<Jet> jets;
      for (std::size_t j = 0; j < count; ++j) jets.emplace_back(theta[j], static_cast<int>(j));
      for (std::size_t i = 0; i < rows; ++i) {
        std::vector<double> variables;
        for (const auto& column : columns) variables.push_back(column[i]);
        const Jet expected = Walk(law, variables, jets)(*law.expression.root);
        EXPECT_NEAR(value[i], expected.a, 1e-12 * std::abs(expected.a)) << law.id << " row " << i;
        for (std::size_t j = 0; j < count; ++j)
          EXPECT_NEAR(jacobian[j * rows + i], expected.v[static_cast<long>(j)], 1e-11 * std::abs(expected.a / theta[j]))
              << law.id << " d/d" << law.parameters[j].name << " row " << i;
      }
    }
  }
}

TEST(LawGradients, AgreeWithFiniteDifferences) {
  const Grid grid_points = grid();
  const std::size_t rows = grid_points.n.size();
  for (const Law& law : library().laws) {
    const std::size_t count = law.parameters.size();
    Evaluator evaluator(law.formula, columns_of(law, grid_points), rows);
    for (const std::vector<double>& theta : points(law)) {
      std::vector<double> value(rows), jacobian(rows * count), above(rows), below(rows);
      evaluator.predict(theta, value, jacobian, rows);
      for (std::size_t j = 0; j < count; ++j) {
        const double size = theta[j] == 0 ? 0.1 : std::abs(theta[j]);
        const double step = 1e-5 * size;
        std::vector<double> moved = theta;
        moved[j] = theta[j] + step;
        evaluator.predict(moved, above);
        moved[j] = theta[j] - step;
        evaluator.predict(moved, below);
        for (std::size_t i = 0; i < rows; ++i) {
          const double slope = (above[i] - below[i]) / (2 * step);
          EXPECT_NEAR(jacobian[j * rows + i], slope, 1e-7 * std::abs(slope) + 1e-9 * std::abs(value[i]) / size)
              << law.id << " d/d" << law.parameters[j].name << " row " << i;
        }
      }
    }
  }
}

TEST(LawGradients, StayFiniteWithoutALimitOnUniqueTokens) {
  const LawLibrary laws = library();
  const Law* law = laws.find("data-constrained");
  ASSERT_NE(law, nullptr);
  const std::vector<double> n{1e9, 1e11}, d{1e10, 1e10}, u{kInfinity, kInfinity};
  const std::vector<std::span<const double>> columns{n, d, u};
  std::vector<double> value(2), jacobian(2 * law->parameters.size());
  Evaluator(law->formula, columns, 2).predict(law->sets[0].values, value, jacobian, 2);
  for (const double x : value) EXPECT_TRUE(std::isfinite(x));
  for (const double x : jacobian) EXPECT_TRUE(std::isfinite(x));
}

}  // namespace
}  // namespace isoflop
