// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/control.h"
#include "core/fit/bootstrap.h"
#include "core/fit/fit.h"
#include "core/fit/isoflop_minima.h"
#include "core/frontier/contour.h"
#include "core/frontier/curves.h"
#include "core/laws/known_models.h"
#include "core/laws/law.h"
#include "core/runs/run_table.h"

// What the views draw, as plain values without Qt. A Scene holds all that does not depend on the budget and is built in
// the background when runs, laws or fits change; a BudgetFrame holds what follows the budget and is built for every
// frame of a drag, in a few milliseconds.
namespace isoflop::ui {

// A law as the user compares it: one row of the Laws dock.
struct ComparedLaw {
  std::shared_ptr<const Law> law;
  int slot = 0;                                // colour and dash, fixed while the law is in the list
  bool enabled = true;                         // drawn
  std::string set_id;                          // published coefficients in use; empty: the fit to the user's runs
  std::shared_ptr<const Fit> fit;              // null while there is none
  std::shared_ptr<const Bootstrap> resamples;  // of the fit; null while they are computed
  std::string fit_error;                       // why there is no fit
};

struct SceneInputs {
  std::shared_ptr<const RunTable> runs;  // null: none open
  std::vector<ComparedLaw> laws;
  double unique_tokens = 0;  // limit for laws that have one; infinity: none
  std::shared_ptr<const std::vector<KnownModel>> models;
  int focus = 0;  // index into laws: whose contours the landscape shows
};

struct SceneRun {
  std::size_t row = 0;  // in the run table
  double params = 0, tokens = 0, flops = 0, loss = 0;
  bool used = true;
  int budget = -1;  // index into Scene::budgets
};

struct SceneLaw {
  std::size_t index = 0;  // in SceneInputs::laws
  LawInstance instance;
  bool fitted = false;
  FrontierCurves frontier;             // over Scene::flops_grid
  std::vector<BandedCurve> isoflops;   // one per entry of Scene::budgets, over Scene::params_grid
  std::vector<Allocation> optima;      // one per entry of Scene::budgets
  std::vector<Interval> near_optimal;  // params within kNearOptimal of the best loss, per budget
};

struct Contour {
  double level = 0;
  std::vector<Polyline> lines;  // over (flops, params)
};

// Share of the best loss that counts as "as good": flat optima are shown as bands, not stars.
inline constexpr double kNearOptimal = 0.005;

struct Scene {
  SceneInputs inputs;
  std::vector<SceneRun> runs;  // rows with params, tokens, flops and loss; excluded ones with used == false
  // Compute budgets of the used runs, increasing: their clusters, or round values where the runs are spread over
  // compute. Without runs, every second decade from 1e18 to 1e26.
  std::vector<double> budgets;
  std::optional<IsoflopAnalysis> parabolas;              // one curve per budget that has enough runs
  std::vector<std::size_t> pareto;                       // indices into runs
  Interval run_flops, run_params, run_tokens, run_loss;  // extents of the used runs; lower > upper when there are none
  Interval home_flops;  // compute that is worth showing: the runs and some decades beyond
  std::vector<double> flops_grid, params_grid;
  std::vector<SceneLaw> laws;     // the enabled ones that have numbers
  int focus = -1;                 // index into laws of the one that is looked at; -1: none
  std::vector<Contour> contours;  // of the focused law
  BandedCurve near_optimal;       // its best params over flops_grid, within kNearOptimal of the best loss

  bool has_runs() const { return run_flops.lower <= run_flops.upper; }
  const SceneLaw* focused() const { return focus < 0 ? nullptr : &laws[static_cast<std::size_t>(focus)]; }
};

struct LawFrame {
  Allocation optimum;
  std::optional<Interval> params_ci95, tokens_ci95, loss_ci95;
  std::optional<Interval> near_optimal;
  BandedCurve isoflop;       // loss at this budget, over the part of Scene::params_grid about the optimum
  double extrapolation = 0;  // decades beyond the largest budget of the used runs; <= 0 inside
  std::string error;         // why there is no optimum
};

struct BudgetFrame {
  double flops = 0;
  std::vector<LawFrame> laws;  // as Scene::laws
};

// Budgets of runs from their compute: clusters no wider than a fifth of a decade, a tenth apart; where the runs are not
// in such clusters or in more than fourteen, round values. Exposed for its tests.
std::vector<double> budgets_of(std::vector<double> flops);

// Whether the views can draw a law: a loss of parameters and tokens, and of nothing else that has no default, that has
// compute. Others are no part of a scene.
bool is_drawn(const Law& law);

// Pure; polls control and returns early (with what there is) when it is cancelled.
Scene build_scene(SceneInputs inputs, const Control& control = {});
BudgetFrame build_frame(const Scene& scene, double flops);

}  // namespace isoflop::ui
