// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/output.h"
#include "app/cli/runs_options.h"
#include "app/cli/text_table.h"
#include "core/base/quantity.h"
#include "core/fit/isoflop_minima.h"
#include "core/runs/observations.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  RunsOptions runs;
  std::string response = "loss";
  IsoflopOptions analysis;
  bool json = false;
};

Json power_law_json(const std::optional<PowerLaw>& law) {
  if (!law) return nullptr;
  Json json{{"scale", law->scale}, {"exponent", law->exponent}, {"standard_error", law->standard_error}};
  if (law->exponent_ci95) json["ci95"] = interval_json(*law->exponent_ci95);
  return json;
}

Json curve_json(const IsoflopCurve& curve) {
  Json json{{"flops", curve.flops}, {"n_runs", curve.runs.size()}, {"accepted", curve.accepted}};
  if (curve.accepted) {
    json["params"] = curve.params;
    json["tokens"] = curve.tokens;
    json["loss"] = curve.loss;
    if (curve.params_ci95) json["ci95"] = interval_json(*curve.params_ci95);
  } else {
    json["refusal"] = finding_name(*curve.refusal);
  }
  json["parabola"] = {{"center", curve.center}, {"c0", curve.c0}, {"c1", curve.c1}, {"c2", curve.c2}};
  return json;
}

std::string power_law_text(const char* what, const PowerLaw& law) {
  const std::string interval = law.exponent_ci95 ? "95% interval " + interval_text(*law.exponent_ci95)
                                                 : "± " + format_number(law.standard_error, 2);
  return fmt::format("  {} = {} C^{}   {}\n", what, format_number(law.scale, 4), format_number(law.exponent, 4),
                     interval);
}

Status run(const Options& options) {
  const auto table = options.runs.load();
  if (!table) return table.error();
  report_problems(*table);
  const auto runs = observe(*table, {"params", "flops"}, options.response);
  if (!runs) return runs.error();
  const auto analysis = analyse_isoflops(runs->columns[0], runs->columns[1], runs->response, options.analysis);
  if (!analysis) return analysis.error();

  if (options.json) {
    Json json{{"n_runs", runs->size()}, {"curves", Json::array()}};
    for (const IsoflopCurve& curve : analysis->curves) json["curves"].push_back(curve_json(curve));
    json["params"] = power_law_json(analysis->params);
    json["tokens"] = power_law_json(analysis->tokens);
    json["findings"] = findings_json(analysis->findings);
    json["provenance"] = runs_provenance(*table);
    json["provenance"].update(Json{{"method", "isoflop-parabola"},
                                   {"budget_tolerance", options.analysis.budget_tolerance},
                                   {"minimum_runs", options.analysis.minimum_runs},
                                   {"resamples", options.analysis.resamples},
                                   {"seed", options.analysis.seed},
                                   {"version", ISOFLOP_VERSION}});
    print_json(json);
    return Done{};
  }
  std::cout << "IsoFLOP parabolas: " << describe_runs(*table, runs->size()) << "\n\n";
  TextTable curves({"FLOP", "runs", "parameters", "95% interval", "tokens", "loss"}, ">>><>>");
  for (const IsoflopCurve& curve : analysis->curves) {
    std::vector<std::string> cells{format_number(curve.flops, 3), std::to_string(curve.runs.size())};
    if (curve.accepted)
      cells.insert(cells.end(),
                   {format_count(curve.params), curve.params_ci95 ? count_interval_text(*curve.params_ci95) : "",
                    format_count(curve.tokens), format_number(curve.loss, 5)});
    else
      cells.insert(cells.end(), {"-", std::string(finding_name(*curve.refusal)), "-", "-"});
    curves.row(std::move(cells));
  }
  std::cout << curves.text();
  if (analysis->params)
    std::cout << "\n" << power_law_text("N*", *analysis->params) << power_law_text("D*", *analysis->tokens);
  std::cout << findings_text(analysis->findings);
  return Done{};
}

}  // namespace

Command add_isoflop(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app =
      program.add_subcommand("isoflop", "isoFLOP parabolas and the power law of their minima (Hoffmann's approach 2)");
  options->runs.add_to(*app);
  IsoflopOptions& analysis = options->analysis;
  app->add_option("--response", options->response, "column to minimise")->type_name("COLUMN")->capture_default_str();
  app->add_option("--budget-tolerance", analysis.budget_tolerance, "decades of compute that still count as one budget")
      ->check(CLI::PositiveNumber.description(""))
      ->type_name("X")
      ->capture_default_str();
  whole_number(*app, "--minimum-runs", analysis.minimum_runs, 3, 1'000'000,
               "runs of different size that a parabola needs")
      ->capture_default_str();
  whole_number(*app, "--bootstrap", analysis.resamples, 0, 10'000'000,
               "resamples of the runs for intervals; 0 for none")
      ->capture_default_str();
  app->add_option("--seed", analysis.seed, "of the resamples")->type_name("N")->capture_default_str();
  whole_number(*app, "--threads", analysis.threads, 0, 4096, "if not all cores; results do not depend on it");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
