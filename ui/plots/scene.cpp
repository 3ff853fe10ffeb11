// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scene.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/parallel.h"
#include "core/frontier/pareto.h"

namespace isoflop::ui {
namespace {

constexpr int kFlopsPerDecade = 8, kParamsPerDecade = 12, kContoursPerDecade = 12;
constexpr int kBandResamples = 1000;
constexpr double kSmallestHome = 1e18, kLargestHome = 1e26, kLargestBudget = 1e27;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double decade_below(double value) {
  return std::pow(10.0, std::floor(std::log10(value)));
}
double decade_above(double value) {
  return std::pow(10.0, std::ceil(std::log10(value)));
}

std::vector<double> grid(double from, double to, int per_decade) {
  return log_space(from, to, static_cast<int>(std::lround(std::log10(to / from) * per_decade)) + 1);
}

void widen(Interval& extent, double value) {
  extent.lower = std::min(extent.lower, value);
  extent.upper = std::max(extent.upper, value);
}

std::vector<SceneRun> runs_of(const RunTable& table) {
  const auto params = table.numbers("params"), tokens = table.numbers("tokens"), flops = table.numbers("flops"),
             loss = table.numbers("loss");
  std::vector<SceneRun> runs;
  if (params.empty() || loss.empty() || (tokens.empty() && flops.empty())) return runs;
  const auto usable = [](double value) { return std::isfinite(value) && value > 0; };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.state[row] == RowState::kUnusable) continue;
    SceneRun run{row, params[row], 0, 0, loss[row], table.state[row] == RowState::kUsed};
    run.flops = flops.empty() ? 6 * params[row] * tokens[row] : flops[row];
    run.tokens = tokens.empty() ? flops[row] / (6 * params[row]) : tokens[row];
    if (usable(run.params) && usable(run.tokens) && usable(run.flops) && usable(run.loss)) runs.push_back(run);
  }
  return runs;
}

void assign_budgets(Scene& scene) {
  if (!scene.has_runs()) {
    for (const double exponent : {18, 20, 22, 24, 26}) scene.budgets.push_back(std::pow(10.0, exponent));
    return;
  }
  std::vector<double> flops;
  for (const SceneRun& run : scene.runs)
    if (run.used) flops.push_back(run.flops);
  scene.budgets = budgets_of(std::move(flops));
  for (SceneRun& run : scene.runs) {
    const auto nearest = std::min_element(scene.budgets.begin(), scene.budgets.end(), [&](double a, double b) {
      return std::abs(std::log(a / run.flops)) < std::abs(std::log(b / run.flops));
    });
    run.budget = static_cast<int>(nearest - scene.budgets.begin());
  }
}

// Each run counts at its budget, so that runs spread over compute fall into the same groups as the curves that are
// drawn.
void find_parabolas(Scene& scene) {
  std::vector<double> params, flops, loss;
  for (const SceneRun& run : scene.runs) {
    if (!run.used) continue;
    params.push_back(run.params);
    flops.push_back(scene.budgets[static_cast<std::size_t>(run.budget)]);
    loss.push_back(run.loss);
  }
  IsoflopOptions options;
  options.resamples = 0;
  if (auto analysis = analyse_isoflops(params, flops, loss, options)) scene.parabolas = std::move(*analysis);
}

void find_pareto(Scene& scene) {
  std::vector<double> flops, loss;
  std::vector<std::size_t> used;
  for (std::size_t i = 0; i < scene.runs.size(); ++i) {
    if (!scene.runs[i].used) continue;
    used.push_back(i);
    flops.push_back(scene.runs[i].flops);
    loss.push_back(scene.runs[i].loss);
  }
  for (const std::size_t i : pareto_frontier(flops, loss)) scene.pareto.push_back(used[i]);
}

void set_extents(Scene& scene) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  scene.run_flops = scene.run_params = scene.run_tokens = scene.run_loss = {kInfinity, -kInfinity};
  for (const SceneRun& run : scene.runs) {
    if (!run.used) continue;
    widen(scene.run_flops, run.flops);
    widen(scene.run_params, run.params);
    widen(scene.run_tokens, run.tokens);
    widen(scene.run_loss, run.loss);
  }
  scene.home_flops = {kSmallestHome, kLargestHome};
  double smallest_params = 1e7;
  if (scene.has_runs()) {
    scene.home_flops.lower = decade_below(scene.run_flops.lower);
    // Four decades beyond the runs, from a ladder to the model it is for, as far as there are models.
    scene.home_flops.upper = std::min(decade_above(scene.run_flops.upper * 1e4),
                                      std::max(kLargestHome, decade_above(scene.run_flops.upper * 10)));
    smallest_params = decade_below(scene.run_params.lower);
  }
  scene.flops_grid = grid(std::min(1e15, scene.home_flops.lower / 1e3),
                          10 * std::max(kLargestBudget, scene.home_flops.upper), kFlopsPerDecade);
  scene.params_grid = grid(std::min(1e5, smallest_params / 100), 1e16, kParamsPerDecade);
}

// The law with its numbers; no law in it when it has none.
SceneLaw instantiate(const ComparedLaw& compared, double unique_tokens) {
  SceneLaw scene_law;
  LawInstance& instance = scene_law.instance;
  if (!compared.set_id.empty()) {
    const CoefficientSet* set = compared.law->find_set(compared.set_id);
    if (set == nullptr) return scene_law;
    instance = instance_of(*compared.law, *set);
  } else {
    if (compared.fit == nullptr || compared.fit->theta.size() != compared.law->parameters.size()) return scene_law;
    instance.law = compared.law.get();
    instance.theta = compared.fit->theta;
    instance.resamples = compared.resamples;
    scene_law.fitted = true;
  }
  if (unique_tokens > 0 && compared.law->find_role("unique_tokens") != nullptr)
    instance.context["unique_tokens"] = unique_tokens;
  return scene_law;
}

void compute_law(const Scene& scene, SceneLaw& law, int threads) {
  BandOptions bands;
  bands.resamples = kBandResamples;
  bands.threads = threads;
  law.frontier = frontier_curves(law.instance, scene.flops_grid, bands);
  bands.resamples = 0;
  for (const double flops : scene.budgets) {
    law.isoflops.push_back(isoflop_curve(law.instance, flops, scene.params_grid, bands));
    auto optimum = allocate(law.instance, flops);
    law.optima.push_back(optimum ? *optimum : Allocation{flops, kNaN, kNaN, kNaN});
    const auto near = near_optimal_params(law.instance, flops, kNearOptimal);
    law.near_optimal.push_back(near ? *near : Interval{kNaN, kNaN});
  }
}

// On the surface, like the contours it lies on.
BandedCurve near_optimal_curve(const Scene& scene, const LawInstance& instance) {
  BandedCurve curve;
  for (const double flops : scene.flops_grid) {
    const auto optimum = allocate(instance, flops);
    const auto near = near_optimal_params(instance, flops, kNearOptimal);
    if (!optimum || !near) continue;
    curve.x.push_back(flops);
    curve.y.push_back(optimum->params);
    curve.lower.push_back(near->lower);
    curve.upper.push_back(near->upper);
  }
  return curve;
}

// Round levels about as far apart as the best loss falls over half a decade of compute, so that contours cross the
// frontier evenly however flat it becomes. Decreasing.
std::vector<double> frontier_levels(const BandedCurve& best, double from_flops) {
  constexpr std::size_t kHalfDecade = kFlopsPerDecade / 2;
  std::vector<double> levels;
  for (std::size_t i = 0; i + kHalfDecade < best.y.size(); ++i) {
    if (best.x[i] < from_flops) continue;
    const double from = levels.empty() ? best.y[i] : std::min(best.y[i], levels.back());
    const double fall = best.y[i] - best.y[i + kHalfDecade];
    if (!(fall > 1e-9 * std::abs(from))) continue;
    const double power = std::pow(10.0, std::floor(std::log10(fall)));
    const double step = power * (fall < 1.5 * power ? 1 : fall < 3.5 * power ? 2 : fall < 7.5 * power ? 5 : 10);
    const double level = step * std::floor((from - (levels.empty() ? 0 : 0.6 * step)) / step + 1e-9);
    // One level for each stretch of the frontier: the next waits until the best loss is near it.
    if (level > 0 && level >= best.y[i + kHalfDecade] && (levels.empty() || level < levels.back()))
      levels.push_back(level);
  }
  return levels;
}

std::vector<Contour> contours_of(const Scene& scene, const SceneLaw& law) {
  const auto flops = grid(scene.flops_grid.front(), scene.flops_grid.back(), kContoursPerDecade);
  const auto params = grid(scene.params_grid.front(), scene.params_grid.back(), kContoursPerDecade);
  const auto loss = loss_over_compute(law.instance, flops, params);
  std::vector<Contour> contours;
  for (const double level : frontier_levels(law.frontier.loss, scene.home_flops.lower / 10))
    contours.push_back({level, contour_lines(flops, params, loss, level)});
  return contours;
}

}  // namespace

bool is_drawn(const Law& law) {
  if (law.response != "loss" || law.is_template()) return false;
  const LawVariable *params = law.find_role("params"), *tokens = law.find_role("tokens");
  if (params == nullptr || tokens == nullptr || law.flops.steps().empty()) return false;
  return std::all_of(law.variables.begin(), law.variables.end(), [](const LawVariable& variable) {
    return variable.role == "params" || variable.role == "tokens" || variable.role == "flops" ||
           variable.default_value.has_value();
  });
}

Scene build_scene(SceneInputs inputs, const Control& control) {
  Scene scene;
  scene.inputs = std::move(inputs);
  if (scene.inputs.runs) scene.runs = runs_of(*scene.inputs.runs);
  set_extents(scene);
  assign_budgets(scene);
  for (std::size_t i = 0; i < scene.inputs.laws.size(); ++i) {
    const ComparedLaw& compared = scene.inputs.laws[i];
    if (!compared.enabled || !compared.law || !is_drawn(*compared.law)) continue;
    SceneLaw law = instantiate(compared, scene.inputs.unique_tokens);
    if (law.instance.law == nullptr) continue;
    law.index = i;
    if (static_cast<int>(i) == scene.inputs.focus) scene.focus = static_cast<int>(scene.laws.size());
    scene.laws.push_back(std::move(law));
  }
  // A focused law that is off gives way to the first fitted one, or the first.
  for (std::size_t i = 0; i < scene.laws.size() && scene.focus < 0; ++i)
    if (scene.laws[i].fitted) scene.focus = static_cast<int>(i);
  if (scene.focus < 0 && !scene.laws.empty()) scene.focus = 0;

  if (scene.has_runs()) {
    find_pareto(scene);
    find_parabolas(scene);
  }
  const Control quiet{{}, control.stop};
  parallel_for(scene.laws.size(), 0, 1, quiet, [&](int, std::size_t i) { compute_law(scene, scene.laws[i], 1); });
  if (control.cancelled() || scene.focus < 0) return scene;
  const SceneLaw& focused = *scene.focused();
  scene.contours = contours_of(scene, focused);
  scene.near_optimal = near_optimal_curve(scene, focused.instance);
  return scene;
}

}  // namespace isoflop::ui
