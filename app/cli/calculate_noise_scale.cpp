// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <optional>

#include "app/cli/calculate.h"
#include "app/cli/output.h"
#include "app/cli/table_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/compute/noise_scale.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string path, small = "small", big = "big", small_batch, big_batch, batch, steps, critical;
  std::string decay = "0";
  int resamples = 1000, block = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

struct Estimate {
  GradientNoise scale;
  std::size_t steps = 0;
};

Result<Estimate> estimate(const Options& options) {
  if (options.small_batch.empty() || options.big_batch.empty())
    throw UsageError("give --small-batch and --big-batch: over how much the norms' gradients were averaged");
  const auto table = read_table(options.path);
  if (!table) return table.error();
  const auto small = need_column(*table, options.small), big = need_column(*table, options.big);
  if (!small) return small.error();
  if (!big) return big.error();
  GradientNorms norms{.small_batch = read_number(options.small_batch, "--small-batch"),
                      .big_batch = read_number(options.big_batch, "--big-batch")};
  norms.small_squared.assign(small->begin(), small->end());
  norms.big_squared.assign(big->begin(), big->end());
  const auto scale = estimate_noise_scale(norms, {.decay = read_number(options.decay, "--decay"),
                                                  .resamples = options.resamples,
                                                  .block = options.block,
                                                  .seed = options.seed});
  if (!scale) return scale.error();
  return Estimate{*scale, small->size()};
}

Status run(const Options& options) {
  if (options.path.empty() == options.critical.empty())
    throw UsageError("give a table of squared norms, or --critical-batch");
  std::optional<Estimate> found;
  double critical = 0;
  if (!options.path.empty()) {
    const auto estimated = estimate(options);
    if (!estimated) return estimated.error();
    found = *estimated;
    critical = found->scale.simple;
  } else {
    critical = read_number(options.critical, "--critical-batch");
    if (!(critical > 0)) throw UsageError("--critical-batch must be positive");
  }
  const std::vector<double> batches =
      options.batch.empty() ? std::vector<double>{} : read_list(options.batch, "--batch");
  std::optional<double> least_steps;
  if (!options.steps.empty()) least_steps = read_number(options.steps, "--min-steps");

  Json json;
  if (found)
    json = {{"n_steps", found->steps},
            {"trace", found->scale.trace},
            {"squared_gradient", found->scale.squared_gradient},
            {"noise_scale", found->scale.simple},
            {"ci95", {found->scale.lower, found->scale.upper}}};
  json["critical_batch"] = critical;
  json["batches"] = Json::array();
  TextTable rows({"batch", "S / S_min", "E / E_min", "lr / lr_max", "steps", "examples"}, ">>>>>>");
  for (const double batch : batches) {
    if (!(batch > 0)) throw UsageError("--batch takes positive numbers");
    const BatchTradeOff at = batch_trade_off(critical, batch);
    Json entry{{"batch", batch},
               {"steps_ratio", at.steps_ratio},
               {"examples_ratio", at.examples_ratio},
               {"learning_rate_ratio", at.learning_rate_ratio}};
    if (least_steps) {
      entry["steps"] = at.steps_ratio * *least_steps;
      entry["examples"] = at.examples_ratio * *least_steps * critical;
    }
    json["batches"].push_back(std::move(entry));
    rows.row({format_count(batch), format_number(at.steps_ratio, 4), format_number(at.examples_ratio, 4),
              format_number(at.learning_rate_ratio, 4), least_steps ? format_count(at.steps_ratio * *least_steps) : "",
              least_steps ? format_count(at.examples_ratio * *least_steps * critical) : ""});
  }
  if (options.json) {
    print_json(json);
    return Done{};
  }
  if (found)
    std::cout << "Noise scale of " << found->steps << " steps: " << format_count(critical)
              << " (95%: " << format_count(found->scale.lower) << " to " << format_count(found->scale.upper)
              << "), tr(Sigma) " << format_number(found->scale.trace) << ", |G|^2 "
              << format_number(found->scale.squared_gradient) << "\n";
  if (!batches.empty()) std::cout << rows.text();
  return Done{};
}

}  // namespace

Command add_calculate_noise_scale(CLI::App& calculate) {
  auto options = std::make_shared<Options>();
  CLI::App* app = calculate.add_subcommand(
      "noise-scale", "gradient noise scale from norms at two batches; steps and examples at a batch");
  const auto text = [&](const char* name, std::string& value, const char* type, const char* help) {
    return app->add_option(name, value, help)->type_name(type);
  };
  text("norms", options->path, "FILE", "a table with a row for each step");
  text("--small", options->small, "COLUMN", "squared norm over the small batch")->capture_default_str();
  text("--big", options->big, "COLUMN", "squared norm over the big batch")->capture_default_str();
  text("--small-batch", options->small_batch, "B", "its size, in examples or tokens");
  text("--big-batch", options->big_batch, "B", "its size");
  text("--decay", options->decay, "X", "of moving averages towards the last step; 0: plain averages")
      ->capture_default_str();
  text("--critical-batch", options->critical, "B", "in place of a table");
  text("--batch", options->batch, "A,B,...", "batches to be judged");
  text("--min-steps", options->steps, "S", "S_min, for steps and examples in numbers");
  whole_number(*app, "--bootstrap", options->resamples, 1, 1'000'000, "resamples of steps")->capture_default_str();
  whole_number(*app, "--block", options->block, 1, 1'000'000, "successive steps drawn together")->capture_default_str();
  app->add_option("--seed", options->seed, "of the resampling")->type_name("N")->capture_default_str();
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
