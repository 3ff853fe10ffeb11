// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/calculate.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/compute/hardware.h"
#include "core/inference/serving.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  InstanceOptions instance;
  std::string loss, tokens = "0", prompt_tokens = "0", train_mfu = "1", prompt_mfu = "1", produced_mfu = "1";
  std::string train_on, serve_on;
  bool json = false;
};

// Dollars per FLOP at peak speed.
Result<double> price_of(const std::string& device) {
  const auto resources = find_resources();
  if (!resources) return resources.error();
  const auto hardware = load_hardware(*resources / "hardware.toml");
  if (!hardware) return hardware.error();
  const Accelerator* found = hardware->find(device);
  if (found == nullptr) {
    std::string names;
    for (const Accelerator& known : hardware->accelerators) names += (names.empty() ? "" : ", ") + known.name;
    return not_found("there is no accelerator \"" + device + "\": there are " + names, device);
  }
  if (!found->price)
    return not_found("no price is known for " + found->name + ": choose a device that has one", device);
  return found->price->dollars_per_hour / (found->peak_flops * 3600);
}

Result<ServingDemand> demand_of(const Options& options) {
  ServingDemand demand{.prompt_tokens = read_number(options.prompt_tokens, "--prompt-tokens"),
                       .produced_tokens = read_number(options.tokens, "--tokens"),
                       .training_mfu = read_number(options.train_mfu, "--train-mfu"),
                       .prompt_mfu = read_number(options.prompt_mfu, "--prompt-mfu"),
                       .produced_mfu = read_number(options.produced_mfu, "--mfu")};
  if (options.train_on.empty() != options.serve_on.empty())
    throw UsageError("give --train-on and --serve-on, or neither: costs in dollars and in FLOP do not add up");
  if (options.train_on.empty()) return demand;
  const auto training = price_of(options.train_on), serving = price_of(options.serve_on);
  if (!training) return training.error();
  if (!serving) return serving.error();
  demand.training_price = *training;
  demand.serving_price = *serving;
  return demand;
}

Json point_json(const ServingPoint& point) {
  return {{"params", point.params},
          {"tokens", point.tokens},
          {"tokens_per_param", point.tokens / point.params},
          {"training_flops", point.training_flops},
          {"serving_flops", point.serving_flops},
          {"training_cost", point.training_cost},
          {"serving_cost", point.serving_cost},
          {"cost", point.cost()},
          {"at_edge", point.at_edge}};
}

Status run(const Options& options) {
  auto loaded = load_instance(options.instance);
  if (!loaded) return loaded.error();
  LawInstance& instance = loaded->instance;
  std::optional<double> params, tokens;
  for (const auto& [role, value] : loaded->at) {
    if (role == "params")
      params = value;
    else if (role == "tokens")
      tokens = value;
    else
      instance.context[role] = value;
  }
  if (params.has_value() != tokens.has_value() || params.has_value() != options.loss.empty())
    throw UsageError("say which quality is meant: by --loss X, or by --at params=N and --at tokens=D of a model");
  const auto demand = demand_of(options);
  if (!demand) return demand.error();
  double loss = 0;
  if (params && tokens)
    loss = surface_loss(instance, {&*params, 1}, {&*tokens, 1}).front();
  else
    loss = read_number(options.loss, "--loss");
  const auto plan = plan_serving(instance, *demand, loss);
  if (!plan) return plan.error();
  std::optional<ServingPoint> given;
  if (params && tokens) given = serving_point(instance, *demand, *params, *tokens);
  const bool dollars = !options.train_on.empty();

  if (options.json) {
    Json json;
    describe_instance(*loaded, json);
    json["at"] = at_json(loaded->at);
    json["loss"] = loss;
    json["unit"] = dollars ? "USD" : "FLOP";
    json["best"] = point_json(plan->best);
    json["training_optimal"] = point_json(plan->training);
    json["saving"] = plan->saving;
    json["given"] = given ? point_json(*given) : Json(nullptr);
    json["saving_over_given"] = given ? Json(1 - plan->best.cost() / given->cost()) : Json(nullptr);
    print_json(json);
    return Done{};
  }
  std::cout << loaded->law->title << ", " << loaded->numbers << ": models of loss " << format_number(loss, 5) << "\n";
  TextTable table({"", "parameters", "tokens", "per parameter", "training", "serving", "together", "saved"},
                  "<>>>>>>>");
  const auto cost = [&](double value) { return dollars ? "$" + format_count(value) : flops_text(value); };
  const auto row = [&](const char* name, const ServingPoint& point) {
    table.row({name, format_count(point.params), format_count(point.tokens),
               format_number(point.tokens / point.params, 3), cost(point.training_cost), cost(point.serving_cost),
               cost(point.cost()), fmt::format("{:.1f}%", 100 * (1 - plan->best.cost() / point.cost()))});
  };
  row("cheapest", plan->best);
  row("cheapest to train", plan->training);
  if (given) row("as given", *given);
  std::cout << table.text();
  if (plan->best.at_edge) std::cout << "  The cost falls up to the edge of the search: no best size.\n";
  return Done{};
}

}  // namespace

Command add_calculate_inference(CLI::App& calculate) {
  auto options = std::make_shared<Options>();
  CLI::App* app = calculate.add_subcommand("inference", "the cheapest model of a quality, counting what it will serve");
  options->instance.add_to(*app, "a model whose quality is meant (params, tokens), and what else the law asks for");
  const auto number = [&](const char* name, std::string& value, const char* help) {
    app->add_option(name, value, help)->type_name("X")->capture_default_str();
  };
  number("--loss", options->loss, "the loss to reach");
  number("--tokens", options->tokens, "tokens the model will produce over its life");
  number("--prompt-tokens", options->prompt_tokens, "tokens it will read in prompts");
  number("--train-mfu", options->train_mfu, "share of peak speed used in training");
  number("--prompt-mfu", options->prompt_mfu, "... in reading prompts");
  number("--mfu", options->produced_mfu, "... in producing tokens");
  app->add_option("--train-on", options->train_on, "accelerator, for costs in dollars")->type_name("NAME");
  app->add_option("--serve-on", options->serve_on, "accelerator, for costs in dollars")->type_name("NAME");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
