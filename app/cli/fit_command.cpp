// SPDX-License-Identifier: Apache-2.0
#include "core/fit/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/constraint_options.h"
#include "app/cli/fit_report.h"
#include "app/cli/interrupt.h"
#include "app/cli/law_options.h"
#include "app/cli/progress.h"
#include "app/cli/runs_options.h"
#include "app/cli/values.h"
#include "core/fit/bootstrap.h"
#include "core/formula/evaluator.h"
#include "core/frontier/quantities.h"
#include "core/laws/suggestion.h"

namespace isoflop::cli {
namespace {

struct Options {
  RunsOptions runs;
  LawOptions law;
  std::string response, objective, delta = "0.001", coefficients;
  std::string weight, cluster, bootstrap_kind = "runs", interval;
  std::vector<std::string> start, fix, free, flops, at, profile;
  ConstraintOptions constraints;
  int resamples = 0, starts = 0, threads = 0;
  std::uint64_t seed = 0;
  bool json = false, keep_resamples = false;
};

std::string names_of(const Law& law) {
  std::string names;
  for (const LawParameter& parameter : law.parameters) names += (names.empty() ? "" : ", ") + parameter.name;
  return names;
}

Status require_parameter(const Law& law, const std::string& name, const char* option) {
  if (law.parameter_index(name) >= 0) return Done{};
  return not_found(
      std::string(option) + " " + name + ": the law \"" + law.id + "\" has the parameters " + names_of(law), name);
}

// What is held and where the search begins. Throws UsageError for options that contradict each other.
Result<FitOptions> fit_options(const Options& options, const Law& law) {
  FitOptions fit{.starts = options.starts, .seed = options.seed, .threads = options.threads};
  if (const std::string& name = options.objective.empty() ? law.objective : options.objective; !name.empty()) {
    const auto objective = objective_from_name(name);
    if (!objective) throw UsageError("--objective: " + objective.error().message);
    fit.objective = *objective;
  }
  fit.delta = read_number(options.delta, "--delta");
  if (!(fit.delta > 0) || !std::isfinite(fit.delta)) throw UsageError("--delta must be positive");

  if (options.coefficients.empty() != options.free.empty())
    throw UsageError(
        "--coefficients SET and --free PARAMETER go together: all parameters that are not free are held at the set");
  if (!options.coefficients.empty()) {
    const auto set = find_set(law, options.coefficients);
    if (!set) return set.error();
    for (const std::string& name : options.free)
      if (auto status = require_parameter(law, name, "--free"); !status) return status.error();
    for (std::size_t j = 0; j < law.parameters.size(); ++j)
      if (std::ranges::find(options.free, law.parameters[j].name) == options.free.end())
        fit.fixed[law.parameters[j].name] = (*set)->values[j];
  }
  for (const auto& [name, value] : read_assignments(options.fix, "--fix")) {
    if (auto status = require_parameter(law, name, "--fix"); !status) return status.error();
    if (std::ranges::find(options.free, name) != options.free.end())
      throw UsageError("--fix and --free both name \"" + name + "\"");
    fit.fixed[name] = value;
  }
  fit.start = read_assignments(options.start, "--start");
  for (const auto& [name, value] : fit.start) {
    if (auto status = require_parameter(law, name, "--start"); !status) return status.error();
    if (fit.fixed.count(name) != 0) throw UsageError("--start gives \"" + name + "\", which is held");
  }
  options.constraints.put_into(fit);
  if (fit.fixed.size() == law.parameters.size()) throw UsageError("every parameter is held: nothing is left to fit");
  return fit;
}

Result<Bootstrap> resample(const Options& options, const Law& law, const Observations& runs, const Fit& fit,
                           const Interrupt& interrupt) {
  Progress progress("bootstrap");
  const auto kind = bootstrap_kind_from_name(options.bootstrap_kind);
  if (!kind) throw UsageError("--bootstrap-kind: " + kind.error().message);
  return bootstrap(law, runs, fit,
                   {.resamples = options.resamples, .seed = options.seed, .threads = options.threads, .kind = *kind},
                   Control{.progress = progress.reporter(), .stop = interrupt.token()});
}

// Of the runs: from their column of compute, or from the law's variables. 0 where neither says.
double largest_budget(const FitReport& report) {
  double largest = 0;
  std::vector<double> flops;
  if (const auto column = report.table->numbers("flops"); !column.empty()) {
    for (const std::size_t row : report.runs->rows) flops.push_back(column[row]);
  } else if (!report.law->flops.steps().empty()) {
    const std::vector<std::span<const double>> columns(report.runs->columns.begin(), report.runs->columns.end());
    flops.resize(report.runs->size());
    Evaluator(report.law->flops, columns, flops.size()).predict({}, flops);
  }
  for (const double value : flops)
    if (std::isfinite(value)) largest = std::max(largest, value);
  return largest;
}

// The optimum at each budget asked for, with its spread.
Status add_allocations(const Options& options, const std::map<std::string, double>& context, FitReport& report) {
  if (options.flops.empty()) return Done{};
  LawInstance instance{.law = report.law, .theta = report.fit.theta, .resamples = report.resamples, .context = context};
  const double largest = largest_budget(report);
  for (const std::string& text : options.flops) {
    const auto budget = read_budget(text);
    if (!budget) return budget.error();
    const auto point = allocate(instance, budget->flops);
    if (!point) return point.error();
    FitReport::AtBudget at{*point, {}, {}, {}};
    if (report.intervals == IntervalMethod::kBootstrap) {
      const AllocationSample sample = allocate_resamples(instance, budget->flops, std::numeric_limits<int>::max());
      at.params = percentile_interval(sample.params);
      at.tokens = percentile_interval(sample.tokens);
      at.loss = percentile_interval(sample.loss);
    } else if (report.intervals == IntervalMethod::kDelta) {
      const AllocationQuantities quantities = allocation_quantities(instance, budget->flops);
      at.params = report.scatter().interval(quantities.params, report.intervals);
      at.tokens = report.scatter().interval(quantities.tokens, report.intervals);
      at.loss = report.scatter().interval(quantities.loss, report.intervals);
    }
    report.allocations.push_back(at);
    const double decades = std::log10(budget->flops / largest);
    if (largest > 0 && decades > 1)
      report.fit.findings.push_back(
          Finding{.code = FindingCode::kExtrapolation,
                  .message = fmt::format("{:.3g} FLOP is {:.1f} decades beyond the largest run, {:.3g} FLOP",
                                         budget->flops, decades, largest),
                  .subject = fmt::format("{:.3g} FLOP", budget->flops),
                  .value = decades});
  }
  return Done{};
}

Status add_profiles(const Options& options, const Interrupt& interrupt, FitReport& report) {
  if (options.profile.empty()) return Done{};
  std::vector<Quantity> quantities;
  for (const std::string& name : options.profile) {
    auto quantity = find_quantity(*report.law, name);
    if (!quantity) return quantity.error();
    quantities.push_back(*std::move(quantity));
  }
  Progress progress("profile");
  auto profiles = profile(*report.law, *report.runs, report.fit, quantities, {.threads = options.threads},
                          Control{.progress = progress.reporter(), .stop = interrupt.token()});
  if (!profiles) return profiles.error();
  report.profiles = *std::move(profiles);
  return Done{};
}

Status run(const Options& options) {
  const IntervalMethod intervals =
      interval_method(options.interval, options.resamples > 0 ? IntervalMethod::kBootstrap : IntervalMethod::kNone);
  if (intervals == IntervalMethod::kBootstrap && options.resamples == 0)
    throw UsageError("--interval bootstrap needs --bootstrap RESAMPLES");
  if (options.keep_resamples && options.resamples == 0)
    throw UsageError("--keep-resamples needs --bootstrap RESAMPLES");
  const auto table = options.runs.load();
  if (!table) return table.error();
  if (!options.json) report_problems(*table);
  std::vector<std::string> names;
  for (const Column& column : table->columns)
    if (column.numeric()) names.push_back(column.name);
  std::map<std::string, double> values = read_assignments(options.start, "--start");
  values.merge(read_assignments(options.fix, "--fix"));
  auto law = options.law.load(names, values);
  if (!law) return law.error();
  if (!options.response.empty()) law->response = options.response;
  const auto settings = fit_options(options, *law);
  if (!settings) return settings.error();
  const auto context = read_variables(*law, options.at);
  if (!context) return context.error();
  const auto runs =
      observe(*table, law->roles(), law->response, {.weight = options.weight, .cluster = options.cluster});
  if (!runs) return runs.error();

  FitReport report{.law = &*law, .table = &*table, .runs = &*runs, .seed = options.seed};
  report.intervals = intervals;
  report.keep_resamples = options.keep_resamples;
  report.weight = options.weight;
  report.cluster = options.cluster;
  {
    const Interrupt interrupt;
    {
      Progress progress("fit");
      auto fit = fit_law(*law, *runs, *settings, Control{.progress = progress.reporter(), .stop = interrupt.token()});
      if (!fit) return fit.error();
      report.fit = *std::move(fit);
    }
    if (options.resamples > 0) {
      auto resamples = resample(options, *law, *runs, report.fit, interrupt);
      if (!resamples) return resamples.error();
      report.resamples = std::make_shared<const Bootstrap>(*std::move(resamples));
      if (const int failed = report.resamples->failed; failed > 0)
        report.fit.findings.push_back(Finding{
            .code = FindingCode::kNotConverged,
            .message = fmt::format("{} of {} resamples have no finite optimum and are left out of the intervals",
                                   failed, options.resamples),
            .value = static_cast<double>(failed)});
    }
    if (auto status = add_profiles(options, interrupt, report); !status) return status;
  }
  if (auto status = add_allocations(options, *context, report); !status) return status;
  if (options.json)
    print_fit_json(report);
  else
    print_fit_text(report);
  return Done{};
}

}  // namespace

Command add_fit(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("fit", "fits a law to a table of runs");
  options->runs.add_to(*app);
  options->law.add_to(*app);
  app->add_option("--response", options->response, "column that the law predicts, if not loss")->type_name("COLUMN");
  app->add_option("--objective", options->objective,
                  "log-huber, log-mse, log-mae, huber, mse or mae, if not the law's (log-huber)")
      ->type_name("NAME");
  app->add_option("--delta", options->delta, "of the Huber loss: residuals beyond it count linearly")
      ->type_name("X")
      ->capture_default_str();
  repeatable(*app, "--start", options->start, "PARAM=VALUE",
             "where to start; with all free parameters, only from there");
  repeatable(*app, "--fix", options->fix, "PARAM=VALUE", "hold a parameter there");
  app->add_option("--coefficients", options->coefficients, "hold all parameters at this set but those that are --free")
      ->type_name("SET");
  repeatable(*app, "--free", options->free, "PARAM", "a parameter to estimate, with --coefficients");
  options->constraints.add_to(*app);
  app->add_option("--weight", options->weight, "column of the runs' weights: the noise has 1 / weight of the variance")
      ->type_name("COLUMN");
  app->add_option("--cluster", options->cluster,
                  "column that names runs which share noise, e.g. the seeds of one configuration")
      ->type_name("COLUMN");
  whole_number(*app, "--bootstrap", options->resamples, 0, 10'000'000,
               "resamples of the runs for 95% intervals, e.g. 4000");
  app->add_option("--bootstrap-kind", options->bootstrap_kind,
                  "runs (random weights, whole clusters), draws (with replacement) or residual")
      ->type_name("KIND")
      ->capture_default_str();
  app->add_option("--interval", options->interval, "bootstrap (with --bootstrap) or delta, to first order")
      ->type_name("METHOD");
  repeatable(*app, "--profile", options->profile, "NAME",
             "95% interval of a parameter or derived quantity by its profile");
  app->add_flag("--keep-resamples", options->keep_resamples, "with --json: write them, for allocate and predict");
  repeatable(*app, "--flops", options->flops, "BUDGET", "also allocate this budget by the fit");
  repeatable(*app, "--at", options->at, "NAME=VALUE", "for these allocations, e.g. unique_tokens=1.5B");
  whole_number(*app, "--starts", options->starts, 0, 10'000'000,
               "starts of the global search, if not as many as usual");
  app->add_option("--seed", options->seed, "of the search and the resamples")->type_name("N")->capture_default_str();
  whole_number(*app, "--threads", options->threads, 0, 4096, "if not all cores; results do not depend on it");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
