// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "app/cli/runs_options.h"
#include "app/cli/study_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/fit/sensitivity_choices.h"
#include "core/frontier/tracking.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  RunsOptions runs;
  LawOptions law;
  StudyOptions study;
  std::vector<std::string> track, flops, at, only;
  bool grid = false, json = false;
  int resamples = 0;
};

// The choices asked for by --only, in the order of the suggestion.
std::vector<ChoiceGroup> select(std::vector<ChoiceGroup> groups, const std::vector<std::string>& only) {
  if (only.empty()) return groups;
  std::string names;
  for (const ChoiceGroup& group : groups) names += (names.empty() ? "" : ", ") + group.name;
  for (const std::string& name : only)
    if (std::ranges::find(groups, name, &ChoiceGroup::name) == groups.end())
      throw UsageError("--only " + name + ": these runs and this law have the choices " + names);
  std::erase_if(groups, [&](const ChoiceGroup& group) { return std::ranges::find(only, group.name) == only.end(); });
  return groups;
}

Result<std::vector<Tracked>> tracked_quantities(const Options& options, const Law& law, const RunTable& table) {
  const auto context = read_variables(law, options.at);
  if (!context) return context.error();
  std::vector<Tracked> tracked;
  for (const std::string& name : options.track) {
    auto one = track(law, name);
    if (!one) return one.error();
    tracked.push_back(*std::move(one));
  }
  for (const std::string& text : options.flops) {
    const auto budget = read_budget(text);
    if (!budget) return budget.error();
    tracked.push_back(track_params_at(law, *context, budget->flops));
  }
  if (!tracked.empty()) return tracked;
  const auto runs = observe(table, law.roles(), law.response, options.study.observe());
  if (!runs) return runs.error();
  const auto fit = fit_law(law, *runs, options.study.fit(law));
  if (!fit) return fit.error();
  double largest = 0;
  if (const auto flops = table.numbers("flops"); !flops.empty())
    for (const std::size_t row : runs->rows)
      if (std::isfinite(flops[row])) largest = std::max(largest, flops[row]);
  tracked.push_back(suggest_tracked(law, *context, largest, fit->theta));
  return tracked;
}

Json cell_json(const Sensitivity& result, const SensitivityCell& cell) {
  Json json{{"choices", Json::object()}};
  for (std::size_t g = 0; g < cell.choice.size(); ++g)
    if (cell.choice[g] >= 0)
      json["choices"][result.groups[g].name] = result.groups[g].choices[static_cast<std::size_t>(cell.choice[g])].name;
  json["n_runs"] = cell.n_runs;
  if (cell.failure) {
    json["failure"] = cell.failure->message;
    return json;
  }
  json["objective"] = cell.objective;
  json["rmse_log"] = cell.rmse_log;
  for (std::size_t t = 0; t < cell.values.size(); ++t) {
    Json value{{"value", cell.values[t]}};
    if (t < cell.standard_errors.size())
      value[result.spreads[t].logarithmic ? "standard_error_decades" : "standard_error"] = cell.standard_errors[t];
    if (t < cell.intervals.size() && cell.intervals[t]) value["ci95"] = interval_json(*cell.intervals[t]);
    json["tracked"][result.spreads[t].name] = std::move(value);
  }
  return json;
}

Json spread_json(const Sensitivity& result, const TrackedSpread& spread) {
  Json json{{"name", spread.name},
            {"baseline", spread.baseline},
            {spread.logarithmic ? "standard_error_decades" : "standard_error", spread.standard_error},
            {"least", spread.least},
            {"median", spread.median},
            {"greatest", spread.greatest},
            {"central90", interval_json(spread.central)},
            {"effects", Json::array()}};
  for (const Effect& effect : spread.effects) {
    Json entry{{"group", result.groups[effect.group].name},
               {spread.logarithmic ? "range_decades" : "range", effect.range}};
    if (!result.grid.empty()) {
      entry[spread.logarithmic ? "main_range_decades" : "main_range"] = effect.main_range;
      entry["variance_share"] = effect.variance_share;
    }
    json["effects"].push_back(std::move(entry));
  }
  return json;
}

void print_sensitivity(const Options& options, const Law& law, const RunTable& table, const Sensitivity& result) {
  Json json{{"law", law.id}, {"formula", law.formula_text}, {"n_runs", result.baseline.n_runs}};
  json["tracked"] = Json::array();
  for (const TrackedSpread& spread : result.spreads) json["tracked"].push_back(spread_json(result, spread));
  for (const auto& [key, cells] : {std::pair{"choices", &result.single}, std::pair{"grid", &result.grid}}) {
    if (cells->empty()) continue;
    json[key] = Json::array();
    for (const SensitivityCell& cell : *cells) json[key].push_back(cell_json(result, cell));
  }
  json["refits"] = result.refits;
  json["findings"] = findings_json(result.findings);
  json["provenance"] = runs_provenance(table);
  json["provenance"]["law_file"] = law.file;
  json["provenance"]["law_hash"] = law.hash;
  json["provenance"]["objective"] = objective_name(result.baseline.objective_kind);
  json["provenance"]["delta"] = result.baseline.delta;
  json["provenance"]["resamples"] = options.resamples;
  options.study.describe(json["provenance"]);
  print_json(json);
}

std::string value_text(const TrackedSpread& spread, double value) {
  return spread.logarithmic ? format_count(value, 4) : format_number(value, 4);
}

void print_sensitivity_text(const Law& law, const RunTable& table, const Sensitivity& result) {
  std::cout << law.title << ": " << describe_runs(table, result.baseline.n_runs) << "\n";
  std::vector<std::string> header{"", "", "runs"};
  std::string alignment = "<<>";
  for (const TrackedSpread& spread : result.spreads) {
    header.insert(header.end(), {spread.name, ""});
    alignment += "><";
  }
  TextTable rows(header, alignment);
  std::string last;
  for (const SensitivityCell& cell : result.single) {
    std::string group = "baseline", choice;
    for (std::size_t g = 0; g < cell.choice.size(); ++g)
      if (cell.choice[g] >= 0) {
        group = result.groups[g].name;
        choice = result.groups[g].choices[static_cast<std::size_t>(cell.choice[g])].name;
      }
    std::vector<std::string> cells{group == last ? "" : group, choice, std::to_string(cell.n_runs)};
    last = group;
    for (std::size_t t = 0; t < result.spreads.size(); ++t) {
      const TrackedSpread& spread = result.spreads[t];
      if (cell.failure) {
        cells.insert(cells.end(), {"-", t == 0 ? cell.failure->message : ""});
        continue;
      }
      std::string error;
      if (cell.intervals[t])
        error = spread.logarithmic ? count_interval_text(*cell.intervals[t]) : interval_text(*cell.intervals[t]);
      else if (std::isfinite(cell.standard_errors[t]))
        error = "± " + format_number(cell.standard_errors[t], 2) + (spread.logarithmic ? " decades" : "");
      cells.insert(cells.end(), {value_text(spread, cell.values[t]), error});
    }
    rows.row(std::move(cells));
  }
  std::cout << "\n" << rows.text();
  for (const TrackedSpread& spread : result.spreads) {
    const auto cells = result.grid.empty() ? result.single.size() : result.grid.size();
    std::cout << fmt::format("\n{}: {} to {} over {} {}, 90% of them {} to {}\n", spread.name,
                             value_text(spread, spread.least), value_text(spread, spread.greatest), cells,
                             result.grid.empty() ? "choices" : "combinations", value_text(spread, spread.central.lower),
                             value_text(spread, spread.central.upper));
    TextTable effects({"", "range", result.grid.empty() ? "" : "of means", result.grid.empty() ? "" : "of variance"},
                      "<>>>");
    for (const Effect& effect : spread.effects)
      effects.row({result.groups[effect.group].name,
                   format_number(effect.range, 3) + (spread.logarithmic ? " decades" : ""),
                   std::isfinite(effect.main_range) ? format_number(effect.main_range, 3) : "",
                   std::isfinite(effect.variance_share) ? fmt::format("{:.0f}%", 100 * effect.variance_share) : ""});
    std::cout << effects.text();
  }
  std::cout << findings_text(result.findings);
}

Status run(const Options& options) {
  const auto table = options.runs.load();
  if (!table) return table.error();
  if (!options.json) report_problems(*table);
  std::vector<std::string> names;
  for (const Column& column : table->columns)
    if (column.numeric()) names.push_back(column.name);
  auto law = options.law.load(names);
  if (!law) return law.error();
  if (!options.study.response.empty()) law->response = options.study.response;
  const SensitivityOptions settings{.fit = options.study.fit(*law),
                                    .observe = options.study.observe(),
                                    .full_grid = options.grid,
                                    .resamples = options.resamples,
                                    .seed = options.study.seed,
                                    .threads = options.study.threads};
  auto groups = suggest_choices(*law, *table, settings);
  if (!groups) return groups.error();
  const auto tracked = tracked_quantities(options, *law, *table);
  if (!tracked) return tracked.error();

  const Interrupt interrupt;
  Result<Sensitivity> result = [&] {
    Progress progress("sensitivity");
    return sensitivity(*law, *table, select(*std::move(groups), options.only), *tracked, settings,
                       {.progress = progress.reporter(), .stop = interrupt.token()});
  }();
  if (!result) return result.error();
  if (options.json)
    print_sensitivity(options, *law, *table, *result);
  else
    print_sensitivity_text(*law, *table, *result);
  return Done{};
}

}  // namespace

Command add_sensitivity(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("sensitivity", "how far an estimate moves with the choices of the analysis");
  options->runs.add_to(*app);
  options->law.add_to(*app);
  repeatable(*app, "--track", options->track, "NAME",
             "a parameter or derived quantity to watch; a where nothing is said");
  repeatable(*app, "--flops", options->flops, "BUDGET", "watch the best number of parameters of this budget");
  repeatable(*app, "--at", options->at, "NAME=VALUE", "for these budgets, e.g. unique_tokens=1.5B");
  repeatable(*app, "--only", options->only, "GROUP", "only these groups of choices, e.g. objective");
  app->add_flag("--grid", options->grid, "also every combination of the choices");
  whole_number(*app, "--bootstrap", options->resamples, 0, 1'000'000,
               "resamples of the runs for intervals of each choice");
  options->study.add_to(*app);
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
