// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/simulate_theory.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/frontier/simulated_runs.h"
#include "core/runs/csv.h"

namespace isoflop::cli {
namespace {

struct Options {
  InstanceOptions instance;
  std::string flops = "6e18,1e19,3e19,6e19,1e20,3e20,6e20,1e21,3e21", output, spread = "5", noise = "0.01";
  std::vector<std::string> at;
  std::string model;
  int sizes = 12, checkpoints = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

// The command that gives the same bytes again.
std::vector<std::string> command_of(const Options& options) {
  std::vector<std::string> command{"simulate"};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) command.insert(command.end(), {name, value});
  };
  add("--law", options.instance.law.law);
  add("--formula", options.instance.law.formula);
  add("--coefficients", options.instance.coefficients);
  for (const std::string& param : options.instance.params) add("--param", param);
  for (const std::string& at : options.at) add("--at", at);
  add("--flops", options.flops);
  add("--sizes", std::to_string(options.sizes));
  add("--spread", options.spread);
  add("--noise", options.noise);
  add("--seed", std::to_string(options.seed));
  return command;
}

// What stands beside the table, since a CSV file has no place for it: that nobody trained these runs.
nlohmann::ordered_json description(const Options& options, const LoadedInstance& loaded, const RunTable& table) {
  nlohmann::ordered_json json{
      {"simulated", true},
      {"title", "Simulated: " + loaded.law->title + ", " + loaded.numbers},
      {"summary", "Nobody trained these runs: each loss is the law's, times exp(noise z) with z a standard normal."},
      {"law", loaded.law->id},
      {"formula", loaded.law->formula_text}};
  if (loaded.instance.set != nullptr) json["coefficients"] = loaded.instance.set->id;
  for (std::size_t j = 0; j < loaded.instance.theta.size(); ++j)
    json["parameters"][loaded.law->parameters[j].name] = {{"value", loaded.instance.theta[j]}};
  json["noise"] = read_number(options.noise, "--noise");
  json["seed"] = options.seed;
  json["runs"] = table.rows();
  json["command"] = command_of(options);
  return json;
}

// One instance for each combination of the lists of --at.
std::vector<LawInstance> instances_of(const LoadedInstance& loaded, const std::vector<std::string>& at) {
  std::vector<LawInstance> instances{loaded.instance};
  for (const std::string& text : at) {
    const auto [name, list] = split_assignment(text, "--at");
    std::string role;
    for (const LawVariable& variable : loaded.law->variables)
      if (variable.symbol == name || variable.role == name) role = variable.role;
    if (role.empty() || role == "params" || role == "tokens" || role == "flops")
      throw UsageError("--at " + name + ": the law \"" + loaded.law->id + "\" has no such variable to set");
    std::vector<LawInstance> next;
    for (const LawInstance& instance : instances) {
      for (const double value : read_list(list, "--at")) {
        next.push_back(instance);
        next.back().context[role] = value;
      }
    }
    instances = std::move(next);
  }
  return instances;
}

Status run_model(const Options& options, bool flops_given) {
  const LawOptions& law = options.instance.law;
  if (!law.law.empty() || !law.formula.empty() || !options.instance.coefficients.empty())
    throw UsageError("--model stands in place of --law, --formula and --coefficients");
  return simulate_theory_runs({.model = options.model,
                               .flops = flops_given ? options.flops : "",
                               .spread = options.spread,
                               .noise = options.noise,
                               .output = options.output,
                               .params = options.instance.params,
                               .at = options.at,
                               .sizes = options.sizes,
                               .checkpoints = options.checkpoints,
                               .seed = options.seed,
                               .json = options.json});
}

Status run(const Options& options) {
  if (options.checkpoints != 1) throw UsageError("--checkpoints is for --model");
  const auto loaded = load_instance(options.instance);
  if (!loaded) return loaded.error();
  const SimulationPlan plan{.flops = read_list(options.flops, "--flops"),
                            .sizes = options.sizes,
                            .spread = read_number(options.spread, "--spread"),
                            .noise = read_number(options.noise, "--noise"),
                            .seed = options.seed};
  const auto table = simulate_runs(instances_of(*loaded, options.at), plan);
  if (!table) return table.error();
  const std::string csv = to_csv(*table);
  if (options.output == "-") return write_output("-", csv);

  const std::filesystem::path beside = std::filesystem::path(options.output).replace_extension(".json");
  if (beside == options.output)
    throw UsageError("-o takes the name of a CSV file: its description goes beside it as .json");
  if (auto status = write_output(options.output, csv); !status) return status;
  if (auto status = write_output(beside.string(), description(options, *loaded, *table).dump(2) + "\n"); !status)
    return status;
  if (options.json) {
    print_json({{"output", options.output},
                {"description", beside.string()},
                {"simulated", true},
                {"rows", table->rows()},
                {"law", loaded->law->id},
                {"noise", plan.noise},
                {"seed", plan.seed},
                {"version", ISOFLOP_VERSION}});
  } else {
    std::cout << table->rows() << " simulated runs written to " << options.output << ", what they are to "
              << beside.string() << "\n";
  }
  return Done{};
}

}  // namespace

Command add_simulate(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app =
      program.add_subcommand("simulate", "runs made up from a law or a model of learning, for teaching and tests");
  InstanceOptions& instance = options->instance;
  instance.law.add_to(*app);
  app->add_option("--coefficients", instance.coefficients, "a published set, e.g. besiroglu2024")->type_name("SET");
  app->add_option("--model", options->model, "a model of learning instead: " + theory_model_names())->type_name("NAME");
  repeatable(*app, "--param", instance.params, "NAME=VALUE", "a parameter's value, over that of the set or model");
  repeatable(*app, "--at", options->at, "NAME=A,B,...", "other variables, e.g. unique_tokens=100M,1.5B");
  const auto with_default = [&](const char* name, std::string& value, const char* type, const char* help) {
    app->add_option(name, value, help)->type_name(type)->capture_default_str();
  };
  with_default("--flops", options->flops, "A,B,...", "budgets, or FROM:TO:COUNT");
  whole_number(*app, "--sizes", options->sizes, 1, 100'000, "models per budget")->capture_default_str();
  with_default("--spread", options->spread, "X", "sizes run from N* / X to N* X");
  whole_number(*app, "--checkpoints", options->checkpoints, 1, 100'000, "rows per run, with --model")
      ->capture_default_str();
  with_default("--noise", options->noise, "X", "standard deviation of log loss");
  app->add_option("--seed", options->seed, "of the noise")->type_name("N")->capture_default_str();
  app->add_option("-o,--output", options->output, "CSV to write, with a .json beside it that says what it is; or -")
      ->type_name("FILE")
      ->required();
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return options->model.empty() ? run(*options) : run_model(*options, app->count("--flops") > 0); }};
}

}  // namespace isoflop::cli
