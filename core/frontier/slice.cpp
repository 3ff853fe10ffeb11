// SPDX-License-Identifier: Apache-2.0
#include "core/frontier/slice.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/base/quantity.h"
#include "core/formula/nodes.h"
#include "core/frontier/context.h"
#include "core/frontier/descent.h"

namespace isoflop {
namespace {

constexpr double kGridStep = 0.2;  // of log N: 22% from one model to the next

// Names that no formula can contain.
const std::string kParams = "#N", kShift = "#t", kFlops = "#C";

// The expression with names replaced; nodes that are shared stay shared.
class Substitution {
 public:
  explicit Substitution(std::map<std::string, NodePtr> names) : names_(std::move(names)) {}

  NodePtr operator()(const NodePtr& node) {
    if (const auto found = done_.find(node.get()); found != done_.end()) return found->second;
    NodePtr result = node;
    if (node->kind == NodeKind::kName) {
      if (const auto found = names_.find(node->text); found != names_.end()) result = found->second;
    } else if (node->kind == NodeKind::kCall) {
      auto copy = std::make_shared<Node>(*node);
      for (NodePtr& argument : copy->arguments) argument = (*this)(argument);
      result = std::move(copy);
    }
    done_.emplace(node.get(), result);
    return result;
  }

 private:
  std::map<std::string, NodePtr> names_;
  std::unordered_map<const Node*, NodePtr> done_;
};

constexpr double kNoShift = 0;

// A slice for one set of coefficients.
class Line {
 public:
  Line(const Slice& slice, std::span<const double> theta)
      : slice_(&slice), theta_(theta), evaluator_(bind({&kOne, 1})) {}

  // Loss and slope at log N.
  std::pair<double, double> at(double log_params) {
    double loss = 0, slope = 0;
    evaluator_.predict({&log_params, 1}, {&loss, 1}, {&slope, 1}, 1);
    return {loss, slope};
  }
  // Losses over many N.
  std::vector<double> over(const std::vector<double>& log_params) const {
    std::vector<double> params(log_params.size()), loss(log_params.size());
    std::transform(log_params.begin(), log_params.end(), params.begin(), [](double x) { return std::exp(x); });
    bind(params).predict({&kNoShift, 1}, loss);
    return loss;
  }

 private:
  static constexpr double kOne = 1;

  Evaluator bind(std::span<const double> params) const {
    std::vector<std::vector<double>> repeated;
    std::vector<std::span<const double>> columns;
    repeated.reserve(theta_.size());
    for (const double value : theta_) columns.emplace_back(repeated.emplace_back(params.size(), value));
    return slice_->bind(params, columns);
  }

  const Slice* slice_;
  std::span<const double> theta_;
  Evaluator evaluator_;
};

std::vector<double> grid_between(double lower, double upper) {
  const auto cells = static_cast<std::size_t>(std::max(1.0, std::ceil((upper - lower) / kGridStep)));
  std::vector<double> grid(cells + 1);
  for (std::size_t i = 0; i <= cells; ++i)
    grid[i] = lower + (upper - lower) * static_cast<double>(i) / static_cast<double>(cells);
  grid.back() = upper;
  return grid;
}

}  // namespace

Result<Slice> Slice::at(const LawInstance& instance, double flops) {
  auto constants = context_values(instance);
  if (!constants) return constants.error();
  const Law& law = *instance.law;
  Slice slice;
  slice.law_ = &law;
  slice.context_ = *constants;
  slice.flops_ = flops;
  slice.lower_ = std::log(kSmallestParams);
  slice.upper_ = std::log(flops / (6 * 1e3));
  if (!(flops > 0) || !std::isfinite(flops) || !(slice.upper_ > slice.lower_)) {
    return invalid_argument(
        "a budget of " + format_number(flops) + " FLOP is too small or not a number: give at least 1e7", "flops");
  }

  const NodePtr params =
      call_node(Function::kMultiply, {name_node(kParams), call_node(Function::kExp, {name_node(kShift)})});
  const std::string n = law.find_role("params")->symbol, d = law.find_role("tokens")->symbol;
  const NodePtr per_token = Substitution({{n, params}, {d, number_node(1)}})(law.flops_expression.root);
  std::map<std::string, NodePtr> names{{n, params}, {d, call_node(Function::kDivide, {name_node(kFlops), per_token})}};
  if (const LawVariable* compute = law.find_role("flops")) names[compute->symbol] = name_node(kFlops);
  const Expression surface{Substitution(std::move(names))(law.expression.root), law.expression.source};

  (*constants)[kFlops] = flops;
  std::vector<std::string> variables{kParams};
  for (const LawParameter& parameter : law.parameters) variables.push_back(parameter.name);
  auto program = Program::compile(surface, std::move(variables), {kShift}, *constants);
  if (!program) return program.error();
  slice.program_ = *std::move(program);
  return slice;
}

Evaluator Slice::bind(std::span<const double> params, std::span<const std::span<const double>> theta) const {
  std::vector<std::span<const double>> columns{params};
  columns.insert(columns.end(), theta.begin(), theta.end());
  return Evaluator(program_, columns, params.size());
}

void Slice::tokens(std::span<const double> params, std::span<double> out) const {
  std::ranges::copy(tokens_for(*law_, context_, flops_, params), out.begin());
}

Result<SliceMinimum> minimise(const Slice& slice, std::span<const double> theta) {
  const std::vector<double> grid = grid_between(slice.lower(), slice.upper());
  Line line(slice, theta);
  const std::vector<double> loss = line.over(grid);
  std::size_t best = grid.size();
  for (std::size_t i = 0; i < grid.size(); ++i)
    if (std::isfinite(loss[i]) && (best == grid.size() || loss[i] < loss[best])) best = i;
  if (best == grid.size()) {
    return Error{ErrorCode::kNumerical, "the law gives no finite loss for any model at this budget", Where{}};
  }

  // From the best point of the grid downhill, but not out of the cells beside it.
  const double lower = grid[best == 0 ? 0 : best - 1], upper = grid[std::min(best + 1, grid.size() - 1)];
  Descent descent(grid[best], lower, upper, 1e-13 * std::max(1.0, slice.upper()));
  while (!descent.done()) descent.step(line.at(descent.at()).second);
  SliceMinimum minimum;
  minimum.log_params = descent.at();
  minimum.loss = line.at(minimum.log_params).first;
  // Wiggles within a cell, or a slope that is not finite, can lead away from the best point of the grid.
  if (!(minimum.loss <= loss[best] + 1e-13 * std::abs(loss[best]))) {
    minimum.log_params = grid[best];
    minimum.loss = loss[best];
  }
  minimum.at_edge = minimum.log_params == slice.lower() || minimum.log_params == slice.upper();
  return minimum;
}

double level_crossing(const Slice& slice, std::span<const double> theta, double log_minimum, double level,
                      bool upwards) {
  Line line(slice, theta);
  const double end = upwards ? slice.upper() : slice.lower();
  std::vector<double> grid = grid_between(std::min(log_minimum, end), std::max(log_minimum, end));
  if (!upwards) std::reverse(grid.begin(), grid.end());
  const std::vector<double> loss = line.over(grid);
  for (std::size_t i = 1; i < grid.size(); ++i) {
    if (loss[i] <= level) continue;
    double inside = grid[i - 1], outside = grid[i];
    for (int halving = 0; halving < 60 && std::abs(outside - inside) > 1e-12 * std::abs(outside); ++halving) {
      const double middle = (inside + outside) / 2;
      (line.at(middle).first <= level ? inside : outside) = middle;
    }
    return (inside + outside) / 2;
  }
  return end;
}

}  // namespace isoflop
