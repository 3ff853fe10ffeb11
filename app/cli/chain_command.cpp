// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>

#include "app/cli/chain_report.h"
#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/law_options.h"
#include "app/cli/progress.h"
#include "app/cli/runs_options.h"
#include "app/cli/values.h"
#include "core/laws/suggestion.h"

namespace isoflop::cli {
namespace {

struct Options {
  RunsOptions runs;
  LawOptions first, second;
  std::string second_runs, models, first_objective, second_objective, cluster, weight;
  std::string reference_tokens = "1T";
  std::vector<std::string> at;
  int resamples = 0, threads = 0;
  std::uint64_t seed = 0;
  bool json = false;
};

std::vector<std::string> numeric_columns(const RunTable& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns)
    if (column.numeric()) names.push_back(column.name);
  return names;
}

// What the command says of a step's objective, or what the law's file says, or the usual one.
FitOptions fit_options(const Options& options, const Law& law, const std::string& named, const char* option) {
  FitOptions fit{.seed = options.seed, .threads = options.threads};
  const std::string& name = named.empty() ? law.objective : named;
  if (name.empty()) return fit;
  const auto objective = objective_from_name(name);
  if (!objective) throw UsageError(std::string(option) + ": " + objective.error().message);
  fit.objective = *objective;
  return fit;
}

Result<std::map<std::string, double>> read_point(const Chain& chain, const std::vector<std::string>& texts) {
  const std::vector<std::string> roles = chain.roles();
  std::map<std::string, double> at;
  for (const auto& [name, value] : read_assignments(texts, "--at")) {
    std::string role = name;
    for (const Law* law : {chain.first, chain.second})
      for (const LawVariable& variable : law->variables)
        if (variable.symbol == name && variable.role != chain.link()) role = variable.role;
    if (std::find(roles.begin(), roles.end(), role) == roles.end())
      return not_found("neither law has a variable \"" + name + "\"" + suggestion(name, roles), name);
    if (!at.emplace(role, value).second) throw UsageError("--at gives \"" + role + "\" twice");
  }
  return at;
}

Result<Law> load_law(const LawOptions& options, const RunTable& table, const char* option) {
  if (options.law.empty()) throw UsageError(std::string("give a law by ") + option + " ID");
  return options.load(numeric_columns(table));
}

// Densities of the models of a table, and their trend where it has days or dates.
Status add_models(const Options& options, ChainReport& report) {
  auto table = load_runs(options.models, {});
  if (!table) return table.error();
  if (!options.json) report_problems(*table);
  report.reference = report.at;
  report.reference.erase("params");
  report.reference["tokens"] = read_number(options.reference_tokens, "--reference-tokens");
  if (!(report.reference["tokens"] > 0)) throw UsageError("--reference-tokens must be positive");
  auto models = read_models(*table, report.fit.chain.second->response);
  if (!models) return models.error();
  std::vector<double> days, densities;
  for (ModelRow& model : *models) {
    auto density = density_of(report.fit, model.params, model.score, report.reference);
    if (!density) return density.error();
    model.density = *std::move(density);
    if (model.days) {
      days.push_back(*model.days);
      densities.push_back(model.density.density);
    }
  }
  report.models = *std::move(models);
  if (days.size() < 2) return Done{};
  auto trend = density_trend(days, densities);
  if (!trend) {
    report.trend_refusal = trend.error().message;
    return Done{};
  }
  report.trend = *std::move(trend);
  for (std::size_t k = 0; k < report.fit.resamples.size(); ++k) {
    densities.clear();
    for (const ModelRow& model : report.models)
      if (model.days) densities.push_back(model.density.sample[k]);
    if (const auto other = density_trend(days, densities)) report.trend_rates.push_back(other->rate);
  }
  return Done{};
}

Status run(const Options& options) {
  const auto table = options.runs.load();
  if (!table) return table.error();
  if (!options.json) report_problems(*table);
  std::optional<RunTable> other;
  if (!options.second_runs.empty()) {
    auto loaded = load_runs(options.second_runs, {});
    if (!loaded) return loaded.error();
    other = *std::move(loaded);
    if (!options.json) report_problems(*other);
  }
  const RunTable& second_table = other ? *other : *table;
  const auto first_law = load_law(options.first, *table, "--first");
  if (!first_law) return first_law.error();
  const auto second_law = load_law(options.second, second_table, "--second");
  if (!second_law) return second_law.error();
  const auto chain = make_chain(*first_law, *second_law);
  if (!chain) return chain.error();
  ChainOptions settings{.first = fit_options(options, *first_law, options.first_objective, "--first-objective"),
                        .second = fit_options(options, *second_law, options.second_objective, "--second-objective"),
                        .resamples = options.resamples,
                        .seed = options.seed,
                        .threads = options.threads};
  ChainReport report{.table = &*table, .second_table = &second_table, .seed = options.seed};
  const auto at = read_point(*chain, options.at);
  if (!at) return at.error();
  report.at = *at;

  const ObserveOptions observed{.weight = options.weight, .cluster = options.cluster};
  const auto first_runs = observe(*table, first_law->roles(), first_law->response, observed);
  if (!first_runs) return first_runs.error();
  const auto second_runs = observe(second_table, second_law->roles(), second_law->response, observed);
  if (!second_runs) return second_runs.error();
  report.first_runs = &*first_runs;
  report.second_runs = &*second_runs;
  {
    const Interrupt interrupt;
    Progress progress("chain");
    auto fit = fit_chain(*chain, *first_runs, *second_runs, settings,
                         Control{.progress = progress.reporter(), .stop = interrupt.token()});
    if (!fit) return fit.error();
    report.fit = *std::move(fit);
  }
  if (!options.at.empty()) {
    if (auto status = predict_at(report); !status) return status;
  }
  if (!options.models.empty()) {
    if (auto status = add_models(options, report); !status) return status;
  }
  if (options.json)
    print_chain_json(report);
  else
    print_chain_text(report);
  return Done{};
}

}  // namespace

Command add_chain(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("chain", "predicts a score in two steps: loss on the task, then the score");
  options->runs.add_to(*app);
  app->add_option("--first", options->first.law, "law of the task loss, e.g. ladder-task-loss")->type_name("ID");
  app->add_option("--second", options->second.law, "law of the score from that loss, e.g. ladder-accuracy")
      ->type_name("ID");
  app->add_option("--second-runs", options->second_runs, "table for the second step, if it is another")
      ->type_name("FILE");
  app->add_option("--first-objective", options->first_objective, "if not that of the law")->type_name("NAME");
  app->add_option("--second-objective", options->second_objective, "if not that of the law")->type_name("NAME");
  app->add_option("--cluster", options->cluster,
                  "column whose equal values are drawn together, e.g. the run of each checkpoint")
      ->type_name("COLUMN");
  app->add_option("--weight", options->weight, "column of weights of the rows")->type_name("COLUMN");
  repeatable(*app, "--at", options->at, "NAME=VALUE", "where to predict, e.g. params=7e9 and tokens=2T");
  app->add_option("--models", options->models,
                  "table of models with params, the score, and days or a date: their densities and the trend")
      ->type_name("FILE");
  app->add_option("--reference-tokens", options->reference_tokens, "tokens of the reference models of a density")
      ->type_name("X")
      ->capture_default_str();
  whole_number(*app, "--bootstrap", options->resamples, 0, 10'000'000,
               "joint resamples of the runs for 95% intervals, e.g. 1000");
  app->add_option("--seed", options->seed, "of the search and the resamples")->type_name("N")->capture_default_str();
  whole_number(*app, "--threads", options->threads, 0, 4096, "if not all cores; results do not depend on it");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
