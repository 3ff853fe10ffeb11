// SPDX-License-Identifier: Apache-2.0
#include "core/fit/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/base/parallel.h"
#include "core/base/part_of.h"
#include "core/fit/fit_evaluator.h"
#include "core/fit/polish.h"
#include "core/fit/sensitivity_effects.h"
#include "core/formula/scalar.h"

namespace isoflop {
namespace {

// Optima of the baseline that a combination may be refitted from, and how many starts are.
constexpr std::size_t kMostOptima = 3, kMostStarts = 3;
// Widths at which absolute errors are smoothed on the way to their own: their kinks stop a descent that comes from
// afar.
constexpr double kSmoothing[] = {1e-2, 1e-4};

constexpr double kNormal95 = 2 * 1.959964;  // standard errors that a 95% interval is wide

Error cancelled() {
  return Error{ErrorCode::kCancelled, "the sensitivity analysis was cancelled", {}};
}

bool has_delta(Objective objective) {
  return objective == Objective::kLogHuber || objective == Objective::kHuber;
}

void put_column(RunTable& table, const std::string& role, const std::vector<double>& values) {
  for (Column& column : table.columns)
    if (column.role == role || (column.role.empty() && column.name == role)) {
      column.values = values;
      return;
    }
  table.columns.push_back(Column{.name = role, .role = role, .values = values, .derived = {}});
}

// The runs under one convention, with those that some choice brings back, and what is fitted to all of them.
struct Version {
  std::vector<int> choice;  // of the groups that change columns; -1 elsewhere
  Observations runs;
};

struct Worker {
  explicit Worker(const FitProblem& problem) : evaluator(problem), weights(problem.padded()) {}
  FitEvaluator evaluator;
  std::vector<double> weights;
};

class Analysis {
 public:
  Analysis(const Law& law, const RunTable& table, const std::vector<Tracked>& tracked,
           const SensitivityOptions& options, const Control& control)
      : law_(law), table_(table), tracked_(tracked), options_(options), control_(control) {}

  Result<Sensitivity> run(std::vector<ChoiceGroup> groups) {
    result_.groups = std::move(groups);
    if (tracked_.empty()) return invalid_argument("there is nothing to track");
    if (auto status = gather(); !status) return status.error();
    if (auto status = fit_baseline(); !status) return status.error();
    if (!fit_single()) return cancelled();
    if (options_.full_grid) {
      if (auto status = plan_grid(); !status) return status.error();
      if (!fit_grid()) return cancelled();
    }
    measure_effects(tracked_, result_);
    return std::move(result_);
  }

 private:
  const Choice* choice(const std::vector<int>& cell, std::size_t group) const {
    return cell[group] < 0 ? nullptr : &result_.groups[group].choices[static_cast<std::size_t>(cell[group])];
  }

  Status gather() {
    RunTable wide = table_;
    std::vector<char> changes(result_.groups.size(), 0);
    for (std::size_t g = 0; g < result_.groups.size(); ++g)
      for (const Choice& one : result_.groups[g].choices) {
        changes[g] |= static_cast<char>(!one.columns.empty());
        for (const auto* rows : {&one.drop, &one.restore})
          for (const std::size_t row : *rows)
            if (row >= table_.rows())
              return invalid_argument("\"" + one.name + "\" names row " + std::to_string(row) + " of " +
                                      std::to_string(table_.rows()));
        for (const auto& [role, values] : one.columns)
          if (values.size() != table_.rows())
            return invalid_argument("\"" + one.name + "\" gives " + role + " " + std::to_string(values.size()) +
                                    " values for " + std::to_string(table_.rows()) + " rows");
        for (const std::size_t row : one.restore)
          if (wide.state[row] == RowState::kExcluded) wide.state[row] = RowState::kUsed;
      }
    // One version of the runs for each combination of conventions.
    std::vector<std::vector<int>> conventions{std::vector<int>(result_.groups.size(), -1)};
    for (std::size_t g = 0; g < result_.groups.size(); ++g) {
      if (!changes[g]) continue;
      const std::size_t known = conventions.size();
      for (std::size_t c = 0; c < result_.groups[g].choices.size(); ++c)
        for (std::size_t v = 0; v < known; ++v) {
          conventions.push_back(conventions[v]);
          conventions.back()[g] = static_cast<int>(c);
        }
    }
    for (auto& convention : conventions) {
      RunTable seen = wide;
      for (std::size_t g = 0; g < convention.size(); ++g)
        if (const Choice* one = choice(convention, g))
          for (const auto& [role, values] : one->columns) put_column(seen, role, values);
      auto observed = observe(seen, law_.roles(), law_.response, options_.observe);
      if (!observed) return observed.error();
      versions_.push_back({std::move(convention), *std::move(observed)});
    }
    return Done{};
  }

  const Version& version_of(const std::vector<int>& cell) const {
    for (const Version& version : versions_) {
      bool same = true;
      for (std::size_t g = 0; g < cell.size() && same; ++g)
        same = changes_columns(cell, g) ? version.choice[g] == cell[g] : version.choice[g] < 0;
      if (same) return version;
    }
    return versions_.front();
  }
  bool changes_columns(const std::vector<int>& cell, std::size_t group) const {
    const Choice* one = choice(cell, group);
    return one != nullptr && !one->columns.empty();
  }

  // Entries of the version's runs that the cell fits.
  std::vector<std::size_t> entries(const std::vector<int>& cell, const Observations& runs) const {
    std::vector<char> keep(table_.rows());
    for (std::size_t row = 0; row < keep.size(); ++row) keep[row] = table_.state[row] == RowState::kUsed;
    for (std::size_t g = 0; g < cell.size(); ++g)
      if (const Choice* one = choice(cell, g))
        for (const std::size_t row : one->restore) keep[row] = table_.state[row] != RowState::kUnusable;
    for (std::size_t g = 0; g < cell.size(); ++g)
      if (const Choice* one = choice(cell, g))
        for (const std::size_t row : one->drop) keep[row] = 0;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (keep[runs.rows[i]]) kept.push_back(i);
    return kept;
  }

  FitOptions fit_options(const std::vector<int>& cell) const {
    FitOptions fit = options_.fit;
    fit.threads = 1;  // the cells run side by side
    for (std::size_t g = 0; g < cell.size(); ++g) {
      const Choice* one = choice(cell, g);
      if (one == nullptr) continue;
      if (one->objective) fit.objective = *one->objective;
      if (one->delta) fit.delta = *one->delta;
      if (!one->start.empty()) fit.start = one->start;
      for (const auto& [name, formula] : one->ties) {
        fit.ties[name] = formula;
        fit.start.erase(name);
      }
    }
    return fit;
  }

  void put_estimate(SensitivityCell& cell, const Observations& runs, const std::vector<std::size_t>& kept,
                    std::vector<double> theta, double objective) const {
    cell.n_runs = kept.size();
    cell.objective = objective;
    const std::vector<double> predicted = predict(law_, runs.columns, theta);
    double squares = 0;
    for (const std::size_t i : kept) squares += std::pow(std::log(predicted[i] / runs.response[i]), 2);
    cell.rmse_log = std::sqrt(squares / static_cast<double>(kept.size()));
    for (const Tracked& one : tracked_) cell.values.push_back(one.value(theta));
    cell.theta = std::move(theta);
  }

  // Standard errors and, with resamples, intervals of the cell's estimate.
  void put_errors(SensitivityCell& cell, const Observations& runs, const Fit& fit, int threads) const {
    cell.standard_errors = tracked_errors(tracked_, fit);
    cell.intervals.assign(tracked_.size(), std::nullopt);
    if (options_.resamples == 0) return;
    const auto resamples =
        bootstrap(law_, runs, fit, {.resamples = options_.resamples, .seed = options_.seed, .threads = threads},
                  {.progress = {}, .stop = control_.stop});
    if (!resamples) return;
    for (std::size_t t = 0; t < tracked_.size(); ++t) {
      std::vector<double> sample;
      for (int r = 0; r < resamples->resamples(); ++r) {
        const double value = tracked_[t].value(resamples->sample(r));
        if (std::isfinite(value)) sample.push_back(value);
      }
      if (sample.size() < 2) continue;
      const Interval interval = percentile_interval(std::move(sample));
      cell.intervals[t] = interval;
      const double width =
          tracked_[t].logarithmic ? std::log10(interval.upper / interval.lower) : interval.upper - interval.lower;
      if (std::isfinite(width)) cell.standard_errors[t] = width / kNormal95;
    }
  }

  Status fit_baseline() {
    SensitivityCell cell{.choice = std::vector<int>(result_.groups.size(), -1), .failure = {}};
    const Observations& all = versions_.front().runs;
    const auto kept = entries(cell.choice, all);
    if (kept.empty()) return invalid_argument("no run is left to fit");
    const Observations runs = subset(all, kept);
    auto fit = fit_law(law_, runs, options_.fit, part_of(control_, 0, 0.05));
    if (!fit) return fit.error();
    result_.baseline = *std::move(fit);
    put_estimate(cell, all, kept, result_.baseline.theta, result_.baseline.objective);
    put_errors(cell, runs, result_.baseline, options_.threads);
    if (control_.cancelled()) return cancelled();
    result_.single.push_back(std::move(cell));
    result_.refits = 1;
    return Done{};
  }

  bool fit_single() {
    for (std::size_t g = 0; g < result_.groups.size(); ++g)
      for (std::size_t c = 0; c < result_.groups[g].choices.size(); ++c) {
        SensitivityCell& cell = result_.single.emplace_back();
        cell.choice.assign(result_.groups.size(), -1);
        cell.choice[g] = static_cast<int>(c);
      }
    const std::size_t count = result_.single.size() - 1;
    result_.refits += count;
    return parallel_for(count, options_.threads, 1, part_of(control_, 0.05, options_.full_grid ? 0.5 : 1),
                        [&](int, std::size_t i) { fit_alone(result_.single[i + 1]); });
  }

  void fit_alone(SensitivityCell& cell) const {
    const Observations& all = version_of(cell.choice).runs;
    const auto kept = entries(cell.choice, all);
    cell.n_runs = kept.size();
    cell.intervals.resize(tracked_.size());
    const Observations runs = subset(all, kept);
    const FitOptions options = fit_options(cell.choice);
    const Control quiet{.progress = {}, .stop = control_.stop};
    const auto fit = fit_law(law_, runs, options, quiet);
    if (!fit) {
      cell.failure = fit.error();
      return;
    }
    put_estimate(cell, all, kept, fit->theta, fit->objective);
    put_errors(cell, runs, *fit, 1);
  }

  // All combinations of the groups in the grid.
  Status plan_grid() {
    std::size_t count = 1;
    for (const ChoiceGroup& group : result_.groups) {
      if (!group.in_grid) continue;
      count *= group.choices.size() + 1;
      if (count > kMostCells)
        return invalid_argument("the full grid has more than " + std::to_string(kMostCells) +
                                    " combinations: leave out some groups of choices",
                                "grid");
    }
    result_.grid.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<int>& cell = result_.grid[i].choice;
      cell.assign(result_.groups.size(), -1);
      std::size_t rest = i;
      for (std::size_t g = result_.groups.size(); g-- > 0;) {
        if (!result_.groups[g].in_grid) continue;
        const std::size_t size = result_.groups[g].choices.size() + 1;
        cell[g] = static_cast<int>(rest % size) - 1;
        rest /= size;
      }
    }
    return Done{};
  }

  // The combination with the same fit that has no delta where the objective has none.
  std::vector<int> canonical(std::vector<int> cell) const {
    if (has_delta(fit_options(cell).objective)) return cell;
    for (std::size_t g = 0; g < cell.size(); ++g) {
      const Choice* one = choice(cell, g);
      if (one != nullptr && one->delta && !one->objective) cell[g] = -1;
    }
    return cell;
  }

  std::size_t grid_index(const std::vector<int>& cell) const {
    std::size_t index = 0;
    for (std::size_t g = 0; g < cell.size(); ++g)
      if (result_.groups[g].in_grid)
        index = index * (result_.groups[g].choices.size() + 1) + static_cast<std::size_t>(cell[g] + 1);
    return index;
  }

  // Combinations with the same columns, objective and ties are one problem, with a weight of zero for the runs that a
  // combination leaves out.
  struct Problem {
    const Version* version;
    Objective objective;
    std::map<std::string, std::string> ties;
    Result<FitProblem> problem;
  };

  bool fit_grid() {
    std::vector<std::unique_ptr<Problem>> problems;
    std::vector<std::size_t> problem_of(result_.grid.size()), todo, same_as(result_.grid.size());
    for (std::size_t i = 0; i < result_.grid.size(); ++i) {
      same_as[i] = grid_index(canonical(result_.grid[i].choice));
      if (same_as[i] != i) continue;
      todo.push_back(i);
      const FitOptions fit = fit_options(result_.grid[i].choice);
      const Version& version = version_of(result_.grid[i].choice);
      std::size_t p = 0;
      while (p < problems.size() && !(problems[p]->version == &version && problems[p]->objective == fit.objective &&
                                      problems[p]->ties == fit.ties))
        ++p;
      if (p == problems.size()) {
        auto problem = make_fit_problem(law_, version.runs, fit);
        if (problem) problem->prior_scale = problem->unit() * result_.baseline.noise.tau;
        problems.push_back(std::make_unique<Problem>(Problem{&version, fit.objective, fit.ties, std::move(problem)}));
      }
      problem_of[i] = p;
    }
    result_.refits += todo.size();

    const auto workers = static_cast<std::size_t>(resolve_threads(options_.threads));
    std::vector<std::vector<std::unique_ptr<Worker>>> scratch(workers);
    for (auto& own : scratch) own.resize(problems.size());
    const bool finished =
        parallel_for(todo.size(), options_.threads, 8, part_of(control_, 0.5, 1), [&](int index, std::size_t k) {
          SensitivityCell& cell = result_.grid[todo[k]];
          const std::size_t p = problem_of[todo[k]];
          const Problem& own = *problems[p];
          if (!own.problem) {
            cell.failure = own.problem.error();
            return;
          }
          auto& worker = scratch[static_cast<std::size_t>(index)][p];
          if (!worker) worker = std::make_unique<Worker>(*own.problem);
          fit_combination(cell, own.version->runs, *own.problem, *worker);
        });
    if (!finished) return false;
    for (std::size_t i = 0; i < result_.grid.size(); ++i) {
      if (same_as[i] == i) continue;
      std::vector<int> choice = std::move(result_.grid[i].choice);
      result_.grid[i] = result_.grid[same_as[i]];
      result_.grid[i].choice = std::move(choice);
    }
    return true;
  }

  void fit_combination(SensitivityCell& cell, const Observations& runs, const FitProblem& problem,
                       Worker& worker) const {
    const auto kept = entries(cell.choice, runs);
    cell.n_runs = kept.size();
    if (kept.size() < static_cast<std::size_t>(problem.size())) {
      cell.failure = invalid_argument(std::to_string(problem.size()) + " free parameters need at least as many runs");
      return;
    }
    std::fill(worker.weights.begin(), worker.weights.end(), 0.0);
    for (const std::size_t i : kept) worker.weights[i] = problem.weights[i];
    const FitOptions options = fit_options(cell.choice);
    const double delta = has_delta(options.objective) ? options.delta : problem.delta;

    // Of the optima of the baseline and of the single choices, those that are nearest to an optimum already.
    std::vector<std::pair<double, SmallVector>> starts;
    const auto add = [&](const std::vector<double>& theta) {
      const SmallVector u = problem.coordinates(theta).cwiseMax(problem.lower).cwiseMin(problem.upper);
      starts.emplace_back(worker.evaluator.value(u, worker.weights, delta), u);
    };
    for (std::size_t k = 0; k < std::min(kMostOptima, result_.baseline.optima.size()); ++k)
      add(result_.baseline.optima[k].theta);
    std::size_t single = 1;
    for (std::size_t g = 0; g < cell.choice.size(); ++g)
      for (std::size_t c = 0; c < result_.groups[g].choices.size(); ++c, ++single)
        if (cell.choice[g] == static_cast<int>(c) && !result_.single[single].failure) add(result_.single[single].theta);
    std::stable_sort(starts.begin(), starts.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
    if (starts.size() > kMostStarts) starts.resize(kMostStarts);

    Polished best{.u = {}, .value = std::numeric_limits<double>::infinity()};
    for (auto& [value, u] : starts) {
      if (problem.unit() != 1)
        for (const double width : kSmoothing)
          u = polish(worker.evaluator, u, worker.weights, {.delta = width, .tolerance = 1e-8, .damping = 1e-3}).u;
      Polished point = polish(worker.evaluator, u, worker.weights,
                              {.delta = delta, .iterations = 200, .tolerance = 1e-10, .damping = 1e-3});
      if (point.value < best.value) best = std::move(point);
    }
    if (!std::isfinite(best.value)) {
      cell.failure = Error{ErrorCode::kNumerical, "no finite objective on these runs", {}};
      return;
    }
    // Absolute errors are minimised smoothed, but reported as they are.
    const std::vector<double> theta = problem.theta_at(best.u);
    const double objective =
        problem.unit() == 1 ? best.value : evaluate_objective(law_, subset(runs, kept), theta, options.objective);
    put_estimate(cell, runs, kept, theta, objective);
    cell.intervals.resize(tracked_.size());
  }

  const Law& law_;
  const RunTable& table_;
  const std::vector<Tracked>& tracked_;
  const SensitivityOptions& options_;
  const Control& control_;
  Sensitivity result_;
  std::vector<Version> versions_;
};

}  // namespace

Result<Tracked> track(const Law& law, const std::string& name) {
  if (const int index = law.parameter_index(name); index >= 0) {
    const auto j = static_cast<std::size_t>(index);
    return Tracked{.name = name,
                   .logarithmic = law.parameters[j].transform == Transform::kLog,
                   .value = [j](std::span<const double> theta) { return theta[j]; }};
  }
  std::string names;
  for (const DerivedQuantity& derived : law.derived) {
    if (derived.name == name)
      return Tracked{.name = name, .value = [formula = derived.formula](std::span<const double> theta) {
                       return evaluate_scalar(formula, theta);
                     }};
    names += derived.name + ", ";
  }
  for (const LawParameter& parameter : law.parameters) names += parameter.name + ", ";
  names.resize(names.size() < 2 ? 0 : names.size() - 2);
  return not_found("the law \"" + law.id + "\" has no quantity \"" + name + "\" to track; it has " + names, name);
}

Result<Sensitivity> sensitivity(const Law& law, const RunTable& table, std::vector<ChoiceGroup> groups,
                                const std::vector<Tracked>& tracked, const SensitivityOptions& options,
                                const Control& control) {
  return Analysis(law, table, tracked, options, control).run(std::move(groups));
}

}  // namespace isoflop
