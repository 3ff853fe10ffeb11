// SPDX-License-Identifier: Apache-2.0
#include "core/theory/theory_runs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/parallel.h"
#include "core/base/part_of.h"
#include "core/base/random.h"
#include "core/compute/counting.h"
#include "core/theory/exponents.h"
#include "core/theory/pruning.h"

namespace isoflop {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Error out_of_range(const std::string& name, const std::string& range) {
  return invalid_argument("the parameter " + name + " must be " + range, name);
}

struct Run {
  double params = 0, tokens = 0;
};

// The best size at a budget, by a grid in log N whose best cell is what the sizes are spread about.
double best_params(const TheorySurface& surface, double flops) {
  constexpr double kLeastTokens = 10, kStep = 0.3, kBeyond = 20;  // there is one minimum, and it is wide
  double best = 0, least = kInfinity;
  for (double log_n = std::log(4.0);; log_n += kStep) {
    const double n = std::floor(std::exp(log_n)), d = flops / (kFlopsPerParameterAndToken * n);
    if (d < kLeastTokens * surface.batch || n >= surface.largest || (surface.below_tokens && n >= 0.95 * d)) break;
    if (const double loss = surface.loss(n, d); loss < least) {
      least = loss;
      best = n;
    }
    if (n > kBeyond * best) break;
  }
  return best;
}

Result<std::vector<Run>> runs_of(const TheoryPlan& plan, const TheorySurface& surface, const Control& control) {
  std::vector<double> best(plan.flops.size());
  if (!parallel_for(best.size(), plan.threads, 1, control,
                    [&](int, std::size_t i) { best[i] = best_params(surface, plan.flops[i]); }))
    return Error{ErrorCode::kCancelled, "cancelled", {}};
  std::vector<Run> runs;
  for (std::size_t b = 0; b < best.size(); ++b) {
    if (best[b] == 0)
      return invalid_argument(
          "the budget " + std::to_string(plan.flops[b]) + " is too small for 4 parameters and 10 steps of this model",
          "flops");
    double before = 0;
    for (int i = 0; i < plan.sizes; ++i) {
      const double place = plan.sizes == 1 ? 0 : 2.0 * i / (plan.sizes - 1) - 1;
      const double n = std::max(2.0, std::round(best[b] * std::pow(plan.spread, place)));
      const double d = surface.batch * std::round(plan.flops[b] / (kFlopsPerParameterAndToken * n * surface.batch));
      if (n == before || n >= surface.largest || d < surface.batch || (surface.below_tokens && n >= 0.95 * d)) continue;
      before = n;
      runs.push_back({n, d});
    }
  }
  return runs;
}

Column number_column(const std::string& name, const std::string& role, std::vector<double> values) {
  return Column{.name = name, .role = role, .values = std::move(values), .derived = {}};
}

RunTable table_of(std::vector<Column> columns, std::size_t rows) {
  RunTable table;
  table.columns = std::move(columns);
  table.lines.assign(rows, 0);
  table.state.assign(rows, RowState::kUsed);
  table.reason.assign(rows, "");
  return table;
}

double scattered(const TheoryPlan& plan, std::size_t row, double loss) {
  return plan.noise == 0 ? loss : loss * std::exp(plan.noise * Philox(plan.seed, row).normal());
}

Result<RunTable> surface_table(const TheoryPlan& plan, const Control& control) {
  if (plan.flops.empty()) return invalid_argument("a simulation needs at least one budget", "flops");
  for (const double flops : plan.flops)
    if (!(flops > 0 && std::isfinite(flops))) return invalid_argument("budgets must be positive", "flops");
  const auto surface = theory_surface(plan.model, plan.parameters);
  if (!surface) return surface.error();
  const auto runs = runs_of(plan, *surface, part_of(control, 0, 0.5));
  if (!runs) return runs.error();
  std::vector<double> run, params, tokens, flops;
  for (std::size_t i = 0; i < runs->size(); ++i) {
    const Run& whole = (*runs)[i];
    double before = 0;
    for (int k = 0; k < plan.checkpoints; ++k) {
      const double share =
          plan.checkpoints == 1
              ? 1
              : std::pow(1000.0, static_cast<double>(k + 1 - plan.checkpoints) / (plan.checkpoints - 1));
      const double d = surface->batch * std::round(whole.tokens * share / surface->batch);
      if (d <= before || (surface->below_tokens && whole.params >= 0.95 * d)) continue;
      before = d;
      run.push_back(static_cast<double>(i) + 1);
      params.push_back(whole.params);
      tokens.push_back(d);
      flops.push_back(training_flops(whole.params, d));
    }
  }
  std::vector<double> loss(params.size());
  if (!parallel_for(loss.size(), plan.threads, 1, part_of(control, 0.5, 1),
                    [&](int, std::size_t i) { loss[i] = scattered(plan, i, surface->loss(params[i], tokens[i])); }))
    return Error{ErrorCode::kCancelled, "cancelled", {}};
  const std::size_t rows = loss.size();
  std::vector<Column> columns;
  if (plan.checkpoints > 1) columns.push_back(number_column("run", "", std::move(run)));
  columns.push_back(number_column("params", "params", std::move(params)));
  columns.push_back(number_column("tokens", "tokens", std::move(tokens)));
  columns.push_back(number_column("flops", "flops", std::move(flops)));
  columns.push_back(number_column("loss", "loss", std::move(loss)));
  return table_of(std::move(columns), rows);
}

Result<RunTable> pruning_table(const TheoryPlan& plan, const Control& control) {
  const auto p = theory_values(plan.model, plan.parameters);
  if (!p) return p.error();
  const double draws = p->at("draws");
  if (!(draws >= 1 && draws <= 1e6 && draws == std::floor(draws)))
    return out_of_range("draws", "a whole number from 1");
  const std::vector<double> pools = plan.pools.empty() ? std::vector<double>{1, 2, 4, 8} : plan.pools;
  const std::vector<double> kept = plan.kept.empty() ? std::vector<double>{0.25, 0.5, 1} : plan.kept;
  std::vector<PruningPlan> rows;
  for (const double pool : pools)
    for (const double share : kept)
      for (const Selection selection : {Selection::kHard, Selection::kEasy, Selection::kRandom}) {
        if (share == 1 && selection != Selection::kRandom) continue;
        PruningPlan row{
            .pool = pool, .kept = share, .probe_angle = p->at("probe"), .selection = selection, .seed = plan.seed};
        const double dimensions = p->at("dimensions");
        if (!(dimensions >= 2 && dimensions <= 1e4)) return out_of_range("dimensions", "from 2 to 10000");
        row.dimensions = static_cast<int>(dimensions);
        if (auto status = validate(row); !status) return status.error();
        rows.push_back(row);
      }
  const auto repeats = static_cast<std::size_t>(draws);
  std::vector<double> errors(rows.size() * repeats);
  // The same draws for every row, so that selections are compared on the same samples.
  if (!parallel_for(errors.size(), plan.threads, 1, control, [&](int, std::size_t i) {
        PruningPlan one = rows[i / repeats];
        one.stream = i % repeats;
        errors[i] = pruned_error(one);
      }))
    return Error{ErrorCode::kCancelled, "cancelled", {}};
  std::vector<double> params, tokens, flops, loss, pool, share;
  std::vector<std::string> keep;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double n = rows[i].dimensions;
    double sum = 0;
    for (std::size_t k = 0; k < repeats; ++k) sum += errors[i * repeats + k];
    params.push_back(n);
    tokens.push_back(std::max(1.0, std::round(rows[i].kept * rows[i].pool * n)));
    flops.push_back(training_flops(n, tokens.back()));
    loss.push_back(scattered(plan, i, sum / draws));
    pool.push_back(rows[i].pool);
    share.push_back(rows[i].kept);
    keep.emplace_back(selection_name(rows[i].selection));
  }
  std::vector<Column> columns;
  columns.push_back(number_column("params", "params", std::move(params)));
  columns.push_back(number_column("tokens", "tokens", std::move(tokens)));
  columns.push_back(number_column("flops", "flops", std::move(flops)));
  columns.push_back(number_column("loss", "loss", std::move(loss)));
  columns.push_back(number_column("pool", "", std::move(pool)));
  columns.push_back(number_column("kept", "", std::move(share)));
  columns.push_back(Column{.name = "keep", .role = {}, .values = std::move(keep), .derived = {}});
  return table_of(std::move(columns), rows.size());
}

}  // namespace

Result<RunTable> simulate_theory(const TheoryPlan& plan, const Control& control) {
  if (plan.sizes < 1 || plan.sizes > 100'000)
    return invalid_argument("the number of sizes must be from 1 to 100000", "sizes");
  if (!(plan.spread >= 1 && std::isfinite(plan.spread)))
    return invalid_argument("the spread must be 1 or more: sizes run from N* / spread to N* spread", "spread");
  if (!(plan.noise >= 0 && plan.noise < 10))
    return invalid_argument("the noise must be 0 or more, as a share of the loss", "noise");
  if (plan.checkpoints < 1 || plan.checkpoints > 100'000)
    return invalid_argument("the number of checkpoints must be from 1 to 100000", "checkpoints");
  return plan.model == TheoryModel::kPruning ? pruning_table(plan, control) : surface_table(plan, control);
}

std::map<std::string, double> known_exponents(const TheoryPlan& plan) {
  const auto p = theory_values(plan.model, plan.parameters);
  if (!p) return {};
  if (plan.model == TheoryModel::kPlrf) {
    const auto known = plrf_exponents(p->at("alpha"), p->at("beta"));
    if (!known) return {};
    return {{"optimal_params", known->params}, {"optimal_loss", known->loss}};
  }
  if (plan.model == TheoryModel::kDynamical) {
    const DynamicalExponents known = dynamical_exponents(p->at("a"), p->at("b"));
    return {{"time", known.time},
            {"width", known.params},
            {"optimal_params", known.optimal.params},
            {"optimal_loss", known.optimal.loss}};
  }
  // While the noise of the steps, t^-(2 - 1/b), falls faster than what is left to learn.
  if (plan.model == TheoryModel::kStructuredSgd && p->at("noise") == 0 && p->at("a") < 2 * p->at("b")) {
    const double a = p->at("a"), b = p->at("b");
    return {
        {"time", (a - 1) / b}, {"width", a - 1}, {"optimal_params", 1 / (1 + b)}, {"optimal_loss", (a - 1) / (1 + b)}};
  }
  if (plan.model == TheoryModel::kSolvable)
    return {{"width", p->at("alpha")}, {"optimal_params", 0.5}, {"optimal_loss", p->at("alpha") / 2}};
  return {};
}

}  // namespace isoflop
