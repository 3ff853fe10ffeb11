// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/runs_options.h"
#include "app/cli/text_table.h"
#include "core/base/quantity.h"
#include "core/fit/fit.h"
#include "core/frontier/context.h"
#include "core/frontier/quantities.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  RunsOptions runs;
  InstanceOptions instance;
  std::string interval;
  bool json = false;
};

// Fills in tokens where params and flops are given, and defaults. Errors name what is missing.
Status complete(LoadedInstance& loaded) {
  const Law& law = *loaded.law;
  for (const auto& [role, value] : loaded.at) loaded.instance.context[role] = value;
  auto& at = loaded.at;
  if (at.count("tokens") == 0 && at.count("flops") != 0 && at.count("params") != 0 &&
      law.find_role("tokens") != nullptr) {
    const auto context = context_values(loaded.instance);
    if (!context) return context.error();
    at["tokens"] = tokens_for(law, *context, at["flops"], {&at["params"], 1})[0];
  }
  for (const LawVariable& variable : law.variables) {
    if (at.count(variable.role) != 0) continue;
    if (!variable.default_value)
      throw UsageError("no value for " + variable.label + ": give --at " + variable.role + "=VALUE");
    at[variable.role] = *variable.default_value;
  }
  if (law.find_role("flops") == nullptr) at.erase("flops");
  return Done{};
}

Status predict_point(const Options& options) {
  auto loaded = load_instance(options.instance);
  if (!loaded) return loaded.error();
  if (auto status = complete(*loaded); !status) return status;
  const Law& law = *loaded->law;
  std::vector<std::vector<double>> columns;
  for (const LawVariable& variable : law.variables) columns.push_back({loaded->at.at(variable.role)});
  const double value = predict(law, columns, loaded->instance.theta)[0];
  if (!std::isfinite(value))
    return Error{ErrorCode::kNumerical, "the law \"" + law.id + "\" has no finite value there", Where{}};
  const auto method = available_interval(*loaded, options.interval);
  if (!method) return method.error();
  std::vector<double> point;
  for (const LawVariable& variable : law.variables) point.push_back(loaded->at.at(variable.role));
  const auto interval = *method == IntervalMethod::kNone
                            ? std::nullopt
                            : loaded->scatter.interval(prediction_quantity(law, point), *method);
  if (options.json) {
    Json json;
    describe_instance(*loaded, json);
    json["at"] = at_json(loaded->at);
    json[law.response] = value;
    if (interval) {
      json["interval"] = interval_method_name(*method);
      json["ci95"] = interval_json(*interval);
    }
    print_json(json);
    return Done{};
  }
  std::cout << law.title << ", " << loaded->numbers << "\n";
  TextTable table({}, "<><");
  for (const LawVariable& variable : law.variables)
    table.row({variable.role, format_count(loaded->at.at(variable.role)),
               variable.unit == variable.role ? "" : variable.unit});
  table.row({law.response, format_number(value, 6), law.response == "loss" ? "nats per token" : ""});
  if (interval) table.row({"95% interval", interval_text(*interval, 5), interval_method_name(*method)});
  std::cout << table.text();
  return Done{};
}

Status predict_runs(const Options& options) {
  if (!options.instance.at.empty()) throw UsageError("give RUNS or --at, not both");
  const auto table = options.runs.load();
  if (!table) return table.error();
  report_problems(*table);
  std::vector<std::string> names;
  for (const Column& column : table->columns)
    if (column.numeric()) names.push_back(column.name);
  const auto loaded = load_instance(options.instance, names);
  if (!loaded) return loaded.error();
  const Law& law = *loaded->law;
  const auto runs = observe(*table, law.roles(), law.response);
  if (!runs) return runs.error();
  const std::vector<double> predicted = predict(law, runs->columns, loaded->instance.theta);

  if (options.json) {
    Json json;
    describe_instance(*loaded, json);
    json["n_runs"] = runs->size();
    json["predictions"] = Json::array();
    for (std::size_t i = 0; i < runs->size(); ++i) {
      Json row{{"line", table->lines[runs->rows[i]]}};
      for (std::size_t k = 0; k < runs->names.size(); ++k) row[runs->names[k]] = runs->columns[k][i];
      row["observed"] = runs->response[i];
      row["predicted"] = predicted[i];
      row["log_residual"] = std::log(predicted[i] / runs->response[i]);
      json["predictions"].push_back(std::move(row));
    }
    json["provenance"].update(runs_provenance(*table));
    print_json(json);
    return Done{};
  }
  std::cout << law.title << ", " << loaded->numbers << ": " << describe_runs(*table, runs->size()) << "\n";
  std::vector<std::string> header{"line"};
  header.insert(header.end(), runs->names.begin(), runs->names.end());
  header.insert(header.end(), {"observed", "predicted", "error"});
  TextTable rows(header, std::string(header.size(), '>'));
  for (std::size_t i = 0; i < runs->size(); ++i) {
    std::vector<std::string> cells{std::to_string(table->lines[runs->rows[i]])};
    for (const auto& column : runs->columns) cells.push_back(format_count(column[i]));
    cells.push_back(format_number(runs->response[i], 5));
    cells.push_back(format_number(predicted[i], 5));
    cells.push_back(fmt::format("{:+.2f}%", 100 * (predicted[i] / runs->response[i] - 1)));
    rows.row(std::move(cells));
  }
  std::cout << rows.text();
  return Done{};
}

}  // namespace

Command add_predict(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("predict", "loss of a law at a point, or for every run of a table");
  app->add_option("RUNS", options->runs.path, "table of runs (CSV), instead of --at")->type_name("FILE");
  options->runs.add_mapping_to(*app);
  options->instance.add_to(*app, "params, tokens, flops, unique_tokens or their symbols");
  app->add_option("--interval", options->interval, "at a point, with --fit: its 95% interval by bootstrap or delta")
      ->type_name("METHOD");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return options->runs.path.empty() ? predict_point(*options) : predict_runs(*options); }};
}

}  // namespace isoflop::cli
