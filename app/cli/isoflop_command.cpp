// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/power_law_report.h"
#include "app/cli/progress.h"
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
  std::string response = "loss", method = "parabola", weights = "equal";
  std::vector<double> shape;
  IsoflopOptions analysis;
  bool json = false;
};

IsoflopOptions analysis_options(const Options& options) {
  IsoflopOptions analysis = options.analysis;
  const auto method = isoflop_method_from_name(options.method);
  if (!method) throw UsageError("--method: " + method.error().message);
  analysis.method = *method;
  if (options.weights != "equal" && options.weights != "spread") throw UsageError("--weights is equal or spread");
  if (options.weights == "spread") analysis.weights = IsoflopWeights::kSpread;
  if (analysis.resamples == 0 && (analysis.noise > 0 || analysis.weights == IsoflopWeights::kSpread))
    throw UsageError("--noise and --weights spread need resamples: --bootstrap 0 contradicts them");
  if (!options.shape.empty()) {
    if (analysis.method != IsoflopMethod::kLaw) throw UsageError("--shape is for --method law");
    analysis.shape = IsoflopShape{options.shape[0], options.shape[1]};
  }
  return analysis;
}

Json curve_json(const IsoflopCurve& curve, IsoflopMethod method) {
  Json json{{"flops", curve.flops}, {"n_runs", curve.runs.size()}, {"accepted", curve.accepted}};
  if (curve.accepted) {
    json["params"] = curve.params;
    json["tokens"] = curve.tokens;
    json["loss"] = curve.loss;
    if (curve.params_ci95) {
      json["ci95"] = interval_json(*curve.params_ci95);
      json["spread"] = curve.params_spread;
    }
  } else {
    json["refusal"] = finding_name(*curve.refusal);
  }
  if (method == IsoflopMethod::kParabola)
    json["parabola"] = {{"center", curve.center}, {"c0", curve.c0}, {"c1", curve.c1}, {"c2", curve.c2}};
  if (curve.interpolant) {
    Json knots = Json::array();
    for (const double x : curve.interpolant->x())
      knots.push_back({curve.center * std::exp(x), std::exp((*curve.interpolant)(x))});
    json["knots"] = std::move(knots);
  }
  if (method == IsoflopMethod::kLaw)
    json["curve"] = {{"center", curve.center},     {"c0", curve.c0},          {"c1", curve.c1}, {"c2", curve.c2},
                     {"alpha", curve.shape.alpha}, {"beta", curve.shape.beta}};
  return json;
}

Result<IsoflopAnalysis> analyse(const Observations& runs, const IsoflopOptions& options) {
  const Interrupt interrupt;
  Progress progress("isoflop");
  return analyse_isoflops(runs.columns[0], runs.columns[1], runs.response, options,
                          Control{.progress = progress.reporter(), .stop = interrupt.token()});
}

Status run(const Options& options) {
  const IsoflopOptions settings = analysis_options(options);
  const auto table = options.runs.load();
  if (!table) return table.error();
  report_problems(*table);
  const auto runs = observe(*table, {"params", "flops"}, options.response);
  if (!runs) return runs.error();
  const auto analysis = analyse(*runs, settings);
  if (!analysis) return analysis.error();

  if (options.json) {
    Json json{{"n_runs", runs->size()}, {"curves", Json::array()}};
    for (const IsoflopCurve& curve : analysis->curves) json["curves"].push_back(curve_json(curve, settings.method));
    json["params"] = power_law_json(analysis->params);
    json["tokens"] = power_law_json(analysis->tokens);
    if (analysis->shape) json["shape"] = {{"alpha", analysis->shape->alpha}, {"beta", analysis->shape->beta}};
    json["findings"] = findings_json(analysis->findings);
    json["provenance"] = runs_provenance(*table);
    json["provenance"].update(Json{{"method", "isoflop-" + options.method},
                                   {"weights", options.weights},
                                   {"noise", settings.noise},
                                   {"budget_tolerance", settings.budget_tolerance},
                                   {"minimum_runs", settings.minimum_runs},
                                   {"resamples", settings.resamples},
                                   {"seed", settings.seed},
                                   {"version", ISOFLOP_VERSION}});
    print_json(json);
    return Done{};
  }
  std::cout << "IsoFLOP curves (" << options.method << "): " << describe_runs(*table, runs->size()) << "\n\n";
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
  if (analysis->shape)
    std::cout << "\n  shape: loss = E_C + A_C N^-alpha + B_C N^beta with alpha = "
              << format_number(analysis->shape->alpha, 4) << ", beta = " << format_number(analysis->shape->beta, 4)
              << "\n";
  if (analysis->params)
    std::cout << "\n" << power_law_text("N*", *analysis->params) << power_law_text("D*", *analysis->tokens);
  std::cout << findings_text(analysis->findings);
  return Done{};
}

}  // namespace

Command add_isoflop(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app =
      program.add_subcommand("isoflop", "minima of isoFLOP curves and their power law (Hoffmann's approach 2)");
  options->runs.add_to(*app);
  IsoflopOptions& analysis = options->analysis;
  app->add_option("--response", options->response, "column to minimise")->type_name("COLUMN")->capture_default_str();
  app->add_option("--method", options->method, "how loss is read between sizes: parabola, akima, makima or law")
      ->type_name("NAME")
      ->capture_default_str();
  app->add_option("--weights", options->weights, "of budgets in the power law: equal, or spread of their minima")
      ->type_name("NAME")
      ->capture_default_str();
  app->add_option("--noise", analysis.noise,
                  "resample by adding noise of this standard deviation to the loss, not by drawing runs")
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("X");
  app->add_option("--shape", options->shape, "exponents alpha,beta of --method law, if not fitted to the curves")
      ->delimiter(',')
      ->expected(2)
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("ALPHA,BETA");
  app->add_option("--budget-tolerance", analysis.budget_tolerance, "decades of compute that still count as one budget")
      ->check(CLI::PositiveNumber.description(""))
      ->type_name("X")
      ->capture_default_str();
  whole_number(*app, "--minimum-runs", analysis.minimum_runs, 3, 1'000'000, "runs of different size that a curve needs")
      ->capture_default_str();
  whole_number(*app, "--bootstrap", analysis.resamples, 0, 10'000'000, "resamples for intervals; 0 for none")
      ->capture_default_str();
  app->add_option("--seed", analysis.seed, "of the resamples")->type_name("N")->capture_default_str();
  whole_number(*app, "--threads", analysis.threads, 0, 4096, "if not all cores; results do not depend on it");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
