// SPDX-License-Identifier: Apache-2.0
#include "core/inference/serving.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "core/base/quantity.h"
#include "core/frontier/context.h"

namespace isoflop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLowestLogParams = std::log(kSmallestParams), kHighestLogParams = std::log(1e15);
const double kHighestLogTokens = std::log(1e24);
constexpr int kGrid = 331;        // 0.083 in log N
constexpr int kTokenGrid = 97;    // a quarter of a decade: where the loss is not monotone, its first crossing is found
constexpr int kBisections = 48;   // from a quarter of a decade to the last bit of log D
constexpr int kGoldenSteps = 40;  // from two cells to 1e-9

// Log of the fewest tokens with which each model reaches the loss; infinite where none do.
std::vector<double> log_tokens_for_loss(const LawInstance& instance, const std::vector<double>& log_params,
                                        double loss) {
  const std::size_t count = log_params.size();
  std::vector<double> n(count), d(count), low(count, 0.0), high(count, kInfinity);
  for (std::size_t i = 0; i < count; ++i) n[i] = std::exp(log_params[i]);
  const double step = kHighestLogTokens / (kTokenGrid - 1);
  for (int g = 0; g < kTokenGrid; ++g) {
    std::ranges::fill(d, std::exp(step * g));
    const std::vector<double> at = surface_loss(instance, n, d);
    for (std::size_t i = 0; i < count; ++i) {
      if (std::isfinite(high[i])) continue;
      if (at[i] <= loss)
        high[i] = step * g;
      else
        low[i] = step * g;
    }
  }
  for (int pass = 0; pass < kBisections; ++pass) {
    for (std::size_t i = 0; i < count; ++i) d[i] = std::isfinite(high[i]) ? std::exp((low[i] + high[i]) / 2) : 1;
    const std::vector<double> at = surface_loss(instance, n, d);
    for (std::size_t i = 0; i < count; ++i) {
      if (!std::isfinite(high[i])) continue;
      (at[i] <= loss ? high[i] : low[i]) = (low[i] + high[i]) / 2;
    }
  }
  return high;
}

// Training FLOP for one token of each model.
double flops_per_token(const LawInstance& instance, const std::map<std::string, double>& context, double params) {
  const double one = 1;
  return flops_of(*instance.law, context, {&params, 1}, {&one, 1}).front();
}

// FLOP at peak speed that the demand asks for, as multiples of the training FLOP of one token.
double served_tokens(const ServingDemand& demand, bool weighted) {
  return (demand.prompt_tokens / (weighted ? demand.prompt_mfu : 1) +
          demand.produced_tokens / (weighted ? demand.produced_mfu : 1)) /
         3;
}

ServingPoint point_at(const LawInstance& instance, const std::map<std::string, double>& context,
                      const ServingDemand& demand, double params, double tokens) {
  const double per_token = flops_per_token(instance, context, params);
  ServingPoint point{.params = params, .tokens = tokens};
  point.training_flops = per_token * tokens;
  point.serving_flops = per_token * served_tokens(demand, false);
  point.training_cost = point.training_flops * demand.training_price / demand.training_mfu;
  point.serving_cost = per_token * served_tokens(demand, true) * demand.serving_price;
  return point;
}

Status check(const ServingDemand& demand, double loss) {
  if (!(demand.prompt_tokens >= 0 && demand.produced_tokens >= 0 && std::isfinite(demand.prompt_tokens) &&
        std::isfinite(demand.produced_tokens)))
    return invalid_argument("the tokens to be served must be 0 or more", "tokens");
  for (const double price : {demand.training_price, demand.serving_price})
    if (!(price > 0 && std::isfinite(price))) return invalid_argument("prices must be positive", "price");
  for (const double mfu : {demand.training_mfu, demand.prompt_mfu, demand.produced_mfu})
    if (!(mfu > 0 && mfu <= 1)) return invalid_argument("an MFU is a share of the peak, above 0 and at most 1", "mfu");
  if (!std::isfinite(loss)) return invalid_argument("the loss to be reached must be a number", "loss");
  return Done{};
}

// Models of one quality, by their size.
class Isoquant {
 public:
  Isoquant(const LawInstance& instance, std::map<std::string, double> context, double loss)
      : instance_(&instance), context_(std::move(context)), loss_(loss) {}

  std::vector<ServingPoint> points(const ServingDemand& demand, const std::vector<double>& log_params) const {
    const std::vector<double> log_tokens = log_tokens_for_loss(*instance_, log_params, loss_);
    std::vector<ServingPoint> points;
    for (std::size_t i = 0; i < log_params.size(); ++i)
      points.push_back(point_at(*instance_, context_, demand, std::exp(log_params[i]), std::exp(log_tokens[i])));
    return points;
  }

  Result<ServingPoint> cheapest(const ServingDemand& demand) const {
    std::vector<double> grid;
    const double step = (kHighestLogParams - kLowestLogParams) / (kGrid - 1);
    for (int i = 0; i < kGrid; ++i) grid.push_back(kLowestLogParams + step * i);
    const std::vector<ServingPoint> coarse = points(demand, grid);
    const auto cheaper = [](const ServingPoint& a, const ServingPoint& b) {
      return (std::isfinite(a.cost()) ? a.cost() : kInfinity) < (std::isfinite(b.cost()) ? b.cost() : kInfinity);
    };
    const auto best = static_cast<std::size_t>(std::ranges::min_element(coarse, cheaper) - coarse.begin());
    if (!std::isfinite(coarse[best].cost()))
      return Error{ErrorCode::kNumerical,
                   "no model from " + format_count(kSmallestParams) + " to 1e15 parameters reaches the loss " +
                       format_number(loss_, 6) + ", however many tokens it sees: ask for a higher loss",
                   Where{.parameter = "loss"}};

    const auto cost_at = [&](double x) {
      const double cost = points(demand, {x}).front().cost();
      return std::isfinite(cost) ? cost : kInfinity;
    };
    double low = std::max(kLowestLogParams, grid[best] - step), high = std::min(kHighestLogParams, grid[best] + step);
    const double golden = 1 / std::numbers::phi;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = cost_at(left), at_right = cost_at(right);
    for (int i = 0; i < kGoldenSteps; ++i) {
      if (at_left < at_right) {
        high = right, right = left, at_right = at_left;
        at_left = cost_at(left = high - golden * (high - low));
      } else {
        low = left, left = right, at_left = at_right;
        at_right = cost_at(right = low + golden * (high - low));
      }
    }
    ServingPoint point = points(demand, {(low + high) / 2}).front();
    point.at_edge = best == 0 || best + 1 == grid.size();
    return point;
  }

 private:
  const LawInstance* instance_;
  std::map<std::string, double> context_;
  double loss_;
};

}  // namespace

ServingPoint serving_point(const LawInstance& instance, const ServingDemand& demand, double params, double tokens) {
  const auto context = context_values(instance);
  if (!context) return ServingPoint{.params = params, .tokens = tokens, .training_cost = std::nan("")};
  return point_at(instance, *context, demand, params, tokens);
}

Result<ServingPlan> plan_serving(const LawInstance& instance, const ServingDemand& demand, double loss) {
  if (auto status = check(demand, loss); !status) return status.error();
  auto context = context_values(instance);
  if (!context) return context.error();
  const Isoquant isoquant(instance, *context, loss);
  auto best = isoquant.cheapest(demand);
  if (!best) return best.error();
  ServingDemand nobody = demand;
  nobody.prompt_tokens = nobody.produced_tokens = 0;
  const auto training = isoquant.cheapest(nobody);
  if (!training) return training.error();
  ServingPlan plan{.loss = loss, .best = *best};
  plan.training = point_at(instance, *context, demand, training->params, training->tokens);
  plan.training.at_edge = training->at_edge;
  plan.saving = 1 - plan.best.cost() / plan.training.cost();
  return plan;
}

}  // namespace isoflop
