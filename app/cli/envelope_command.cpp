// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <iostream>
#include <map>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/power_law_report.h"
#include "app/cli/progress.h"
#include "app/cli/runs_options.h"
#include "app/cli/text_table.h"
#include "core/base/quantity.h"
#include "core/fit/envelope.h"
#include "core/runs/observations.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  RunsOptions runs;
  std::string response = "loss", run;
  EnvelopeOptions analysis;
  bool json = false;
};

// Which curve each point belongs to, and what the curves are called.
struct Curves {
  std::string column;
  std::vector<std::size_t> run;
  std::vector<std::string> names;
};

std::string label(const Column& column, std::size_t row) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&column.values)) return (*texts)[row];
  return format_exact(std::get<std::vector<double>>(column.values)[row]);
}

Result<Curves> curves_of(const RunTable& table, const Observations& points, const std::string& asked) {
  static constexpr std::array kNames{"run", "run_id", "run_name", "name", "exp_name", "experiment", "hyper_id", "id"};
  const Column* column = asked.empty() ? nullptr : table.find(asked);
  if (!asked.empty() && column == nullptr)
    return not_found("--run: there is no column \"" + asked + "\" in " + table.source, asked);
  if (asked.empty())
    for (const char* name : kNames)
      if (column == nullptr) column = table.find(name);
  if (column == nullptr) column = table.find("params");
  Curves curves{.column = column->name, .run = {}, .names = {}};
  std::map<std::string, std::size_t> known;
  for (const std::size_t row : points.rows) {
    const auto [entry, fresh] = known.try_emplace(label(*column, row), curves.names.size());
    if (fresh) curves.names.push_back(entry->first);
    curves.run.push_back(entry->second);
  }
  return curves;
}

Result<EnvelopeAnalysis> analyse(const Observations& points, const Curves& curves, const EnvelopeOptions& options) {
  const Interrupt interrupt;
  Progress progress("envelope");
  return analyse_envelope({.run = curves.run,
                           .params = points.columns[0],
                           .tokens = points.columns[1],
                           .flops = points.columns[2],
                           .loss = points.response},
                          options, Control{.progress = progress.reporter(), .stop = interrupt.token()});
}

Json analysis_json(const EnvelopeAnalysis& analysis, const Curves& curves) {
  Json json{{"n_runs", analysis.runs.size()}, {"n_points", curves.run.size()}, {"runs", Json::array()}};
  for (std::size_t i = 0; i < analysis.runs.size(); ++i) {
    const EnvelopeRun& run = analysis.runs[i];
    json["runs"].push_back({{"run", curves.names[i]},
                            {"params", run.params},
                            {"points", run.points},
                            {"flops", {run.lowest_flops, run.highest_flops}},
                            {"budgets", run.budgets}});
  }
  json["envelope"] = Json::array();
  for (const EnvelopePoint& point : analysis.points)
    json["envelope"].push_back({{"flops", point.flops},
                                {"params", point.params},
                                {"tokens", point.tokens},
                                {"loss", point.loss},
                                {"run", curves.names[point.run]},
                                {"at_edge", point.at_edge}});
  json["params"] = power_law_json(analysis.params);
  json["tokens"] = power_law_json(analysis.tokens);
  json["findings"] = findings_json(analysis.findings);
  return json;
}

// The envelope as stretches of one run, from budget to budget.
std::string stretches_text(const EnvelopeAnalysis& analysis, const Curves& curves) {
  TextTable rows({"from FLOP", "to FLOP", "parameters", "run", ""}, ">>><<");
  for (std::size_t begin = 0, end = 0; begin < analysis.points.size(); begin = end) {
    const EnvelopePoint& first = analysis.points[begin];
    while (end < analysis.points.size() && analysis.points[end].run == first.run &&
           analysis.points[end].at_edge == first.at_edge)
      ++end;
    rows.row({format_number(first.flops, 3), format_number(analysis.points[end - 1].flops, 3),
              format_count(first.params), curves.names[first.run], first.at_edge ? "at the edge, left out" : ""});
  }
  return rows.text();
}

Status run(const Options& options) {
  const auto table = options.runs.load();
  if (!table) return table.error();
  report_problems(*table);
  const auto points = observe(*table, {"params", "tokens", "flops"}, options.response);
  if (!points) return points.error();
  const auto curves = curves_of(*table, *points, options.run);
  if (!curves) return curves.error();
  const auto analysis = analyse(*points, *curves, options.analysis);
  if (!analysis) return analysis.error();

  if (options.json) {
    Json json = analysis_json(*analysis, *curves);
    json["provenance"] = runs_provenance(*table);
    json["provenance"].update(Json{{"method", "envelope"},
                                   {"run", curves->column},
                                   {"budgets", options.analysis.budgets},
                                   {"smoothing", options.analysis.smoothing},
                                   {"minimum_sizes", options.analysis.minimum_sizes},
                                   {"resamples", options.analysis.resamples},
                                   {"seed", options.analysis.seed},
                                   {"version", ISOFLOP_VERSION}});
    print_json(json);
    return Done{};
  }
  std::cout << fmt::format("Envelope of {} curves by \"{}\": {}\n\n", analysis->runs.size(), curves->column,
                           describe_runs(*table, points->size()))
            << stretches_text(*analysis, *curves);
  if (analysis->params)
    std::cout << "\n" << power_law_text("N*", *analysis->params) << power_law_text("D*", *analysis->tokens);
  std::cout << findings_text(analysis->findings);
  return Done{};
}

}  // namespace

Command add_envelope(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand(
      "envelope", "lower envelope of training curves and its power laws (Hoffmann's approach 1)");
  options->runs.add_to(*app);
  EnvelopeOptions& analysis = options->analysis;
  app->add_option("--run", options->run, "column that tells the curves apart, if not run, name or the like")
      ->type_name("COLUMN");
  app->add_option("--response", options->response, "column to minimise")->type_name("COLUMN")->capture_default_str();
  whole_number(*app, "--budgets", analysis.budgets, 3, 1'000'000, "equally spaced in log C")->capture_default_str();
  app->add_option("--smooth", analysis.smoothing, "width of the smoothing in decades of compute; 0 for none")
      ->check(CLI::NonNegativeNumber.description(""))
      ->type_name("X")
      ->capture_default_str();
  whole_number(*app, "--minimum-sizes", analysis.minimum_sizes, 3, 1'000'000,
               "different sizes whose curves must reach a budget")
      ->capture_default_str();
  whole_number(*app, "--bootstrap", analysis.resamples, 0, 10'000'000,
               "resamples of the curves for intervals; 0 for none")
      ->capture_default_str();
  app->add_option("--seed", analysis.seed, "of the resamples")->type_name("N")->capture_default_str();
  whole_number(*app, "--threads", analysis.threads, 0, 4096, "if not all cores; results do not depend on it");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
