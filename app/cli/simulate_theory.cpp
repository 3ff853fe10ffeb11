// SPDX-License-Identifier: Apache-2.0
#include "app/cli/simulate_theory.h"

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/runs/csv.h"
#include "core/theory/theory_runs.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr TheoryModel kModels[] = {TheoryModel::kPlrf, TheoryModel::kDynamical, TheoryModel::kSolvable,
                                   TheoryModel::kStructuredSgd, TheoryModel::kPruning};

// Budgets for which every model has its best size well within its range, in a second or so.
std::string default_flops(TheoryModel model) {
  if (model == TheoryModel::kSolvable) return "1e6:1e8:9";
  if (model == TheoryModel::kStructuredSgd) return "1e7:1e9:9";
  return "1e10:1e14:9";
}

Result<TheoryPlan> plan_of(const TheoryOptions& options) {
  const auto model = theory_model_from_name(options.model);
  if (!model) return model.error();
  TheoryPlan plan{.model = *model,
                  .parameters = read_assignments(options.params, "--param"),
                  .sizes = options.sizes,
                  .spread = read_number(options.spread, "--spread"),
                  .checkpoints = options.checkpoints,
                  .noise = read_number(options.noise, "--noise"),
                  .seed = options.seed};
  if (*model != TheoryModel::kPruning)
    plan.flops = read_list(options.flops.empty() ? default_flops(*model) : options.flops, "--flops");
  for (const std::string& text : options.at) {
    const auto [name, list] = split_assignment(text, "--at");
    if (*model != TheoryModel::kPruning || (name != "pool" && name != "kept"))
      throw UsageError("--at " + name + " has no place here: pruning takes --at pool=A,B and --at kept=A,B");
    (name == "pool" ? plan.pools : plan.kept) = read_list(list, "--at");
  }
  return plan;
}

std::vector<std::string> command_of(const TheoryOptions& options) {
  std::vector<std::string> command{"simulate", "--model", options.model};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) command.insert(command.end(), {name, value});
  };
  for (const std::string& param : options.params) add("--param", param);
  for (const std::string& at : options.at) add("--at", at);
  add("--flops", options.flops);
  add("--sizes", std::to_string(options.sizes));
  add("--spread", options.spread);
  add("--checkpoints", std::to_string(options.checkpoints));
  add("--noise", options.noise);
  add("--seed", std::to_string(options.seed));
  return command;
}

Json description(const TheoryOptions& options, const TheoryPlan& plan, const RunTable& table) {
  Json json{{"simulated", true},
            {"title", "Simulated: " + options.model},
            {"summary", "Nobody trained these runs: each loss is what theory expects of the model."},
            {"model", options.model}};
  for (const TheoryParameter& parameter : theory_parameters(plan.model)) {
    const auto given = plan.parameters.find(parameter.name);
    json["model_parameters"][parameter.name] = {
        {"value", given == plan.parameters.end() ? parameter.value : given->second}, {"meaning", parameter.meaning}};
  }
  json["known_exponents"] = Json::object();
  for (const auto& [name, value] : known_exponents(plan)) json["known_exponents"][name] = value;
  json["noise"] = plan.noise;
  json["seed"] = plan.seed;
  json["runs"] = table.rows();
  json["command"] = command_of(options);
  return json;
}

}  // namespace

std::string theory_model_names() {
  std::string names;
  for (const TheoryModel model : kModels) names += (names.empty() ? "" : ", ") + std::string(theory_model_name(model));
  return names;
}

Status simulate_theory_runs(const TheoryOptions& options) {
  const auto plan = plan_of(options);
  if (!plan) return plan.error();
  const Interrupt interrupt;
  Progress progress("simulating");
  const auto table = simulate_theory(*plan, {progress.reporter(), interrupt.token()});
  if (!table) return table.error();
  const std::string csv = to_csv(*table);
  if (options.output == "-") return write_output("-", csv);
  const std::filesystem::path beside = std::filesystem::path(options.output).replace_extension(".json");
  if (beside == options.output)
    throw UsageError("-o takes the name of a CSV file: its description goes beside it as .json");
  const Json what = description(options, *plan, *table);
  if (auto status = write_output(options.output, csv); !status) return status;
  if (auto status = write_output(beside.string(), what.dump(2) + "\n"); !status) return status;
  if (options.json) {
    print_json({{"output", options.output},
                {"description", beside.string()},
                {"rows", table->rows()},
                {"simulated", true},
                {"model", options.model},
                {"known_exponents", what["known_exponents"]},
                {"noise", plan->noise},
                {"seed", plan->seed}});
    return Done{};
  }
  std::cout << options.output << ": " << table->rows() << " simulated runs of " << options.model << "\n";
  for (const auto& [name, value] : known_exponents(*plan))
    std::cout << "  exponent " << name << " " << format_number(value, 4) << "\n";
  return Done{};
}

}  // namespace isoflop::cli
