// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "app/cli/calculate.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/table_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/inference/sampling.h"
#include "core/laws/suggestion.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string path, budget;
  std::vector<std::string> columns, costs;
  bool exact = false, json = false;
};

Result<SamplingProblem> read_problem(const Options& options, const RunTable& table,
                                     const std::vector<std::string>& names) {
  SamplingProblem problem{.problems = table.rows(), .configurations = names.size()};
  problem.budget = read_number(options.budget, "--budget");
  problem.costs.assign(names.size(), 1.0);
  for (const auto& [name, cost] : read_assignments(options.costs, "--cost")) {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return not_found("there is no configuration \"" + name + "\"" + suggestion(name, names));
    problem.costs[static_cast<std::size_t>(found - names.begin())] = cost;
  }
  problem.success.resize(problem.problems * problem.configurations);
  for (std::size_t j = 0; j < names.size(); ++j) {
    const auto values = need_column(table, names[j]);
    if (!values) return values.error();
    for (std::size_t i = 0; i < values->size(); ++i) problem.success[i * names.size() + j] = (*values)[i];
  }
  return problem;
}

Status run(const Options& options) {
  const auto table = read_table(options.path);
  if (!table) return table.error();
  std::vector<std::string> names = options.columns;
  if (names.empty())
    for (const Column& column : table->columns)
      if (column.numeric()) names.push_back(column.name);
  const auto problem = read_problem(options, *table, names);
  if (!problem) return problem.error();
  const Interrupt interrupt;
  const Control control{.progress = {}, .stop = interrupt.token()};
  const auto best = options.exact ? allocate_samples_exactly(*problem, control) : allocate_samples(*problem, control);
  if (!best) return best.error();
  const auto alone = best_single_configuration(*problem);
  if (!alone) return alone.error();

  if (options.json) {
    Json json{{"n_problems", problem->problems}, {"budget", problem->budget}, {"exact", options.exact}};
    json["samples"] = Json::object();
    for (std::size_t j = 0; j < names.size(); ++j) json["samples"][names[j]] = best->samples[j];
    json["solved"] = best->solved;
    json["cost"] = best->cost;
    json["single"] = {{"solved", alone->solved}, {"cost", alone->cost}, {"samples", Json::object()}};
    for (std::size_t j = 0; j < names.size(); ++j) json["single"]["samples"][names[j]] = alone->samples[j];
    print_json(json);
    return Done{};
  }
  std::cout << "Samples for " << problem->problems << " problems within a budget of " << format_count(problem->budget)
            << "\n";
  TextTable rows({"configuration", "cost", "samples", "alone"}, "<>>>");
  for (std::size_t j = 0; j < names.size(); ++j)
    rows.row({names[j], format_number(problem->costs[j], 3), std::to_string(best->samples[j]),
              std::to_string(alone->samples[j])});
  rows.row({"solved", "", format_number(best->solved, 4), format_number(alone->solved, 4)});
  std::cout << rows.text();
  return Done{};
}

}  // namespace

Command add_calculate_sampling(CLI::App& calculate) {
  auto options = std::make_shared<Options>();
  CLI::App* app = calculate.add_subcommand("sampling", "how many samples to draw from which model or prompt");
  app->add_option("chances", options->path, "a row for each problem, a column with its success rate for each choice")
      ->type_name("FILE")
      ->required();
  app->add_option("--budget", options->budget, "what all samples together may cost")->type_name("X")->required();
  repeatable(*app, "--column", options->columns, "COLUMN", "a configuration; all numeric columns unless given");
  repeatable(*app, "--cost", options->costs, "COLUMN=X", "of one sample of a configuration; 1 unless given");
  app->add_flag("--exact", options->exact, "look at every allocation (small cases)");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
