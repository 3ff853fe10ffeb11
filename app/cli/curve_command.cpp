// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/curve.h"
#include "app/cli/output.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/schedule/schedule.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ScheduleOptions {
  std::string text, output = "-";
  long every = 1;
  bool json = false;
};

Status print_schedule(const ScheduleOptions& options) {
  const auto schedule = parse_schedule(options.text);
  if (!schedule) return schedule.error();
  const std::vector<double> rates = learning_rates(*schedule);
  double area = 0;
  Json steps = Json::array(), lr = Json::array();
  std::string csv = "step,lr\n";
  for (std::size_t i = 0; i < rates.size(); ++i) {
    area += rates[i];
    const auto step = static_cast<long>(i) + 1;
    if (step % options.every != 0 && i + 1 != rates.size()) continue;
    csv += std::to_string(step) + "," + format_exact(rates[i]) + "\n";
    if (options.json) {
      steps.push_back(step);
      lr.push_back(rates[i]);
    }
  }
  if (!options.json) return write_output(options.output, csv);
  if (options.output != "-")
    if (auto status = write_output(options.output, csv); !status) return status;
  print_json({{"schedule", to_text(*schedule)},
              {"steps", schedule->steps},
              {"area", area},
              {"step", std::move(steps)},
              {"lr", std::move(lr)}});
  return Done{};
}

struct ReuseOptions {
  std::string horizons, cooldown = "20%";
  bool json = false;
};

Status print_reuse(const ReuseOptions& options) {
  std::string share_text = options.cooldown;
  const bool per_cent = share_text.ends_with('%');
  if (per_cent) share_text.pop_back();
  const double share = read_number(share_text, "--cooldown") / (per_cent ? 100 : 1);
  const auto saving = reuse_saving(read_list(options.horizons, "--horizons"), share);
  if (!saving) return saving.error();
  if (options.json) {
    print_json({{"separate", saving->separate},
                {"shared", saving->shared},
                {"longest", saving->longest},
                {"saving", saving->saving}});
    return Done{};
  }
  TextTable table({}, "<><");
  table.row({"each horizon by itself", format_count(saving->separate, 4), "steps"});
  table.row({"one trunk with cool-downs", format_count(saving->shared, 4),
             "saves " + format_number(100 * saving->saving, 3) + "%"});
  table.row({"the longest alone", format_count(saving->longest, 4), ""});
  std::cout << table.text();
  return Done{};
}

}  // namespace

Result<std::vector<double>> read_rates(const std::string& text) {
  const auto schedule = parse_schedule(text);
  if (schedule) return learning_rates(*schedule);
  Error error = schedule.error();
  error.message = "the schedule \"" + text + "\" cannot be read: " + error.message;
  return error;
}

nlohmann::ordered_json quality_json(const CurveFitQuality& quality) {
  return {{"curve", quality.name},
          {"points", quality.points},
          {"rmse_log", quality.rmse_log},
          {"mean_relative", quality.mean_relative},
          {"last_predicted", quality.last_predicted},
          {"last_loss", quality.last_loss}};
}

Command add_curve_schedule(CLI::App& curve) {
  auto options = std::make_shared<ScheduleOptions>();
  CLI::App* app = curve.add_subcommand("schedule", "the learning rate of every step, as CSV");
  app->add_option("schedule", options->text,
                  "e.g. \"cosine:72000 warmup:2160 peak:3e-4 min:0.1\", \"wsd:24000 cooldown:20% shape:1-sqrt\"")
      ->type_name("TEXT")
      ->required();
  whole_number<long>(*app, "--every", options->every, 1, 100'000'000, "steps between the rows")->capture_default_str();
  app->add_option("-o,--output", options->output, "CSV to write, or -")->type_name("FILE")->capture_default_str();
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return print_schedule(*options); }};
}

Command add_curve_reuse(CLI::App& curve) {
  auto options = std::make_shared<ReuseOptions>();
  CLI::App* app = curve.add_subcommand("reuse", "what one trunk with cool-downs saves over a run for each horizon");
  app->add_option("--horizons", options->horizons, "steps or tokens of the runs")->type_name("A,B,...")->required();
  app->add_option("--cooldown", options->cooldown, "share of each horizon")->type_name("X")->capture_default_str();
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return print_reuse(*options); }};
}

Command add_curve(CLI::App& program) {
  CLI::App* app = program.add_subcommand("curve", "loss curves under learning-rate schedules: fit, predict");
  app->require_subcommand(1);
  auto commands = std::make_shared<std::vector<Command>>();
  *commands = {add_curve_fit(*app), add_curve_predict(*app), add_curve_schedule(*app), add_curve_reuse(*app)};
  return {app, [=]() -> Status {
            for (const Command& command : *commands)
              if (command.app->parsed()) return command.run();
            return Done{};
          }};
}

}  // namespace isoflop::cli
