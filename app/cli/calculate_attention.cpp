// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/cli/calculate.h"
#include "app/cli/output.h"
#include "app/cli/table_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/inference/attention.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string path, loss, context, lambda = "0.9", memory_exponent = "0.5", compute_exponent = "0.3333333333333333";
  bool json = false;
};

Result<std::vector<HeadConfiguration>> read_configurations(const RunTable& table) {
  std::vector<HeadConfiguration> configurations(table.rows());
  const auto fill = [&](const char* name, double HeadConfiguration::*field) -> Status {
    const auto values = need_column(table, name);
    if (!values) return values.error();
    for (std::size_t i = 0; i < values->size(); ++i) configurations[i].*field = (*values)[i];
    return Done{};
  };
  if (auto status = fill("heads", &HeadConfiguration::query_heads); !status) return status.error();
  if (auto status = fill("kv_heads", &HeadConfiguration::key_value_heads); !status) return status.error();
  if (auto status = fill("head_dim", &HeadConfiguration::head_dim); !status) return status.error();
  if (auto status = fill("layers", &HeadConfiguration::layers); !status) return status.error();
  if (table.find("params") != nullptr) {
    const auto params = need_column(table, "params");
    if (!params) return params.error();
    for (std::size_t i = 0; i < params->size(); ++i) configurations[i].params = (*params)[i];
  } else {
    if (auto status = fill("a", &HeadConfiguration::a); !status) return status.error();
    if (auto status = fill("b", &HeadConfiguration::b); !status) return status.error();
    if (auto status = fill("E", &HeadConfiguration::floor); !status) return status.error();
  }
  for (HeadConfiguration& h : configurations) h.name = fmt::format("({:g},{:g})", h.query_heads, h.key_value_heads);
  return configurations;
}

Status run(const Options& options) {
  const auto table = read_table(options.path);
  if (!table) return table.error();
  const auto configurations = read_configurations(*table);
  if (!configurations) return configurations.error();
  const bool sized = table->find("params") != nullptr;
  if (!sized && options.loss.empty())
    throw UsageError("give --loss: the sizes follow from it and the columns a, b and E");
  const double loss = options.loss.empty() ? 0 : read_number(options.loss, "--loss");
  const AttentionWeights weights{.lambda = read_number(options.lambda, "--lambda"),
                                 .memory_exponent = read_number(options.memory_exponent, "--memory-exponent"),
                                 .compute_exponent = read_number(options.compute_exponent, "--compute-exponent")};
  const std::vector<double> contexts = read_list(options.context, "--context");

  Json json{{"loss", sized ? Json(nullptr) : Json(loss)}, {"contexts", Json::array()}};
  TextTable rows({"context", "heads", "parameters", "FLOP per token", "values kept", "Z"}, "><>>>>");
  for (const double context : contexts) {
    const auto choice = choose_attention(*configurations, context, loss, weights);
    if (!choice) return choice.error();
    Json entry{
        {"context", context}, {"best", (*configurations)[choice->index].name}, {"configurations", Json::array()}};
    for (std::size_t i = 0; i < configurations->size(); ++i) {
      const HeadConfiguration& h = (*configurations)[i];
      const auto& cost = choice->costs[i];
      entry["configurations"].push_back({{"heads", h.query_heads},
                                         {"kv_heads", h.key_value_heads},
                                         {"params", cost ? Json(cost->params) : Json(nullptr)},
                                         {"flops_per_token", cost ? Json(cost->flops) : Json(nullptr)},
                                         {"values", cost ? Json(cost->values) : Json(nullptr)},
                                         {"z", cost ? Json(cost->z) : Json(nullptr)}});
    }
    json["contexts"].push_back(std::move(entry));
    const AttentionCost& best = choice->best;
    rows.row({format_count(context, 4), (*configurations)[choice->index].name, format_count(best.params),
              format_number(best.flops, 3), format_count(best.values), format_number(best.z, 5)});
  }
  if (options.json)
    print_json(json);
  else
    std::cout << "Heads (query, key-value) of least Z = lambda M^a + (1 - lambda) C^b\n" << rows.text();
  return Done{};
}

}  // namespace

Command add_calculate_attention(CLI::App& calculate) {
  auto options = std::make_shared<Options>();
  CLI::App* app = calculate.add_subcommand("attention", "query and key-value heads of least cost at a context length");
  app->add_option("configurations", options->path,
                  "a table with heads, kv_heads, head_dim, layers, and params or the a, b, E of (a/N)^b + E")
      ->type_name("FILE")
      ->required();
  app->add_option("--context", options->context, "tokens before the one produced")->type_name("A,B,...")->required();
  app->add_option("--loss", options->loss, "the loss that every configuration is to reach")->type_name("X");
  const auto number = [&](const char* name, std::string& value, const char* help) {
    app->add_option(name, value, help)->type_name("X")->capture_default_str();
  };
  number("--lambda", options->lambda, "weight of memory against compute");
  number("--memory-exponent", options->memory_exponent, "of the values kept");
  number("--compute-exponent", options->compute_exponent, "of the FLOP per token");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
