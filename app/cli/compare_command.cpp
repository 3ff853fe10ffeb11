// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "app/cli/runs_options.h"
#include "app/cli/study_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/fit/comparison.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  RunsOptions runs;
  StudyOptions study;
  std::vector<std::string> laws, formulas;
  std::string hold_out = "2", above, by;
  int folds = 10, resamples = 2000;
  bool json = false;
};

// "2" budgets, "20%" of the runs, "0" for none.
HoldOut read_hold_out(const Options& options) {
  HoldOut hold_out{.by = options.by};
  if (!options.above.empty()) {
    hold_out.kind = HoldOut::Kind::kThreshold;
    hold_out.above = read_number(options.above, "--hold-out-above");
  } else if (options.hold_out.ends_with('%')) {
    hold_out.kind = HoldOut::Kind::kShare;
    hold_out.share = read_number(options.hold_out.substr(0, options.hold_out.size() - 1), "--hold-out") / 100;
    if (!(hold_out.share > 0 && hold_out.share < 1)) throw UsageError("--hold-out: a share lies between 0% and 100%");
  } else {
    const double count = read_number(options.hold_out, "--hold-out");
    if (count < 0 || count != std::floor(count) || count > 1e6)
      throw UsageError("--hold-out is a number of budgets, e.g. 2, or a share of the runs, e.g. 20%");
    hold_out.kind = count == 0 ? HoldOut::Kind::kNone : HoldOut::Kind::kBudgets;
    hold_out.budgets = static_cast<int>(count);
  }
  return hold_out;
}

std::string_view ranking_name(Ranking ranking) {
  return ranking == Ranking::kHeldOut ? "held-out" : ranking == Ranking::kCrossValidated ? "cross-validated" : "aicc";
}

Json error_json(const PredictionError& error) {
  if (error.runs == 0) return nullptr;
  return {{"runs", error.runs},
          {"mean_absolute_log", error.mean_absolute},
          {"rms_log", error.root_mean_square},
          {"bias_log", error.bias}};
}

Json law_json(const ComparedFit& law) {
  Json json{{"law", law.law_id}, {"label", law.label}};
  if (law.failure) {
    json["failure"] = law.failure->message;
    return json;
  }
  for (std::size_t j = 0; j < law.fit->names.size(); ++j)
    json["parameters"][law.fit->names[j]] = {{"value", law.fit->theta[j]}};
  json["n_parameters"] = law.parameters;
  json["held_out"] = error_json(law.held_out);
  json["cross_validated"] = error_json(law.cross_validated);
  json["in_sample"] = error_json(law.in_sample);
  json["log_likelihood"] = law.log_likelihood;
  json["aicc"] = law.aicc;
  json["bic"] = law.bic;
  json["aicc_excess"] = law.aicc_excess;
  json["bic_excess"] = law.bic_excess;
  json["excess"] = {{"mean_absolute_log", law.excess.difference}};
  if (law.excess.ci95) json["excess"]["ci95"] = interval_json(*law.excess.ci95);
  json["excess"]["distinct"] = law.excess.distinct;
  json["weight"] = law.weight;
  json["objective"] = objective_name(law.fit->objective_kind);
  json["law_hash"] = law.fit->law_hash;
  return json;
}

void print_compared(const Options& options, const RunTable& table, const Comparison& comparison) {
  Json json{{"response", comparison.response}, {"n_runs", comparison.rows.size()}};
  json["hold_out"] = {{"by", comparison.size_name}, {"runs", comparison.n_held_out}};
  if (comparison.n_held_out > 0) {
    json["hold_out"]["from"] = comparison.threshold;
    json["hold_out"]["decades"] = comparison.decades;
  }
  json["ranking"] = ranking_name(comparison.ranking);
  json["laws"] = Json::array();
  for (const ComparedFit& law : comparison.laws) json["laws"].push_back(law_json(law));
  json["stacked"] = {{"held_out", error_json(comparison.stacked_held_out)},
                     {"cross_validated", error_json(comparison.stacked_cross_validated)}};
  json["findings"] = findings_json(comparison.findings);
  json["provenance"] = runs_provenance(table);
  json["provenance"]["rows_without_values"] = comparison.dropped;
  json["provenance"]["folds"] = options.folds;
  json["provenance"]["resamples"] = options.resamples;
  options.study.describe(json["provenance"]);
  print_json(json);
}

std::string percent(double log_ratio) {
  return std::isfinite(log_ratio) ? fmt::format("{:.2f}%", 100 * log_ratio) : "";
}

std::string plus(double excess) {
  return std::isfinite(excess) ? fmt::format("{:.1f}", excess) : format_number(excess);
}

void print_compared_text(const RunTable& table, const Comparison& comparison) {
  std::cout << "Laws by error: " << describe_runs(table, comparison.rows.size()) << "\n";
  if (comparison.dropped > 0) std::cout << comparison.dropped << " more lack one of the values\n";
  if (comparison.n_held_out > 0)
    std::cout << fmt::format("{} runs of {} {} or more are left out of the fits that predict them\n",
                             comparison.n_held_out, comparison.size_name, format_number(comparison.threshold, 3));
  const bool held_out = comparison.n_held_out > 0, folds = !comparison.fold.empty();
  TextTable rows({"law", "parameters", held_out ? "held out" : "", held_out ? "bias" : "", "than the best",
                  folds ? "folds" : "", "fitted", "AICc", "BIC", folds ? "weight" : ""},
                 "<>>>>>>>>>");
  for (const ComparedFit& law : comparison.laws) {
    if (law.failure) continue;
    const std::string excess = !law.excess.ci95
                                   ? ""
                                   : "+" + percent(law.excess.difference) + " (" + percent(law.excess.ci95->lower) +
                                         " to " + percent(law.excess.ci95->upper) + ")";
    rows.row({law.label, std::to_string(law.parameters), percent(law.held_out.mean_absolute),
              percent(law.held_out.bias), excess, percent(law.cross_validated.mean_absolute),
              percent(law.in_sample.mean_absolute), plus(law.aicc_excess), plus(law.bic_excess),
              folds ? fmt::format("{:.2f}", law.weight) : ""});
  }
  if (folds)
    rows.row({"stacked", "", percent(comparison.stacked_held_out.mean_absolute),
              percent(comparison.stacked_held_out.bias), "", percent(comparison.stacked_cross_validated.mean_absolute),
              "", "", "", ""});
  std::cout << "\n"
            << rows.text() << "\nErrors are means of |log(predicted / observed)|; AICc and BIC are over the least.\n";
  for (const ComparedFit& law : comparison.laws)
    if (law.failure) std::cout << law.label << ": " << law.failure->message << "\n";
  std::cout << findings_text(comparison.findings);
}

Status run(const Options& options) {
  if (options.laws.empty() && options.formulas.empty())
    throw UsageError("name the laws to compare: --law ID or --formula TEXT, each as often as needed");
  const HoldOut hold_out = read_hold_out(options);
  const auto table = options.runs.load();
  if (!table) return table.error();
  if (!options.json) report_problems(*table);
  std::vector<std::string> names;
  for (const Column& column : table->columns)
    if (column.numeric()) names.push_back(column.name);

  std::vector<std::unique_ptr<Law>> laws;
  std::vector<ComparedLaw> entries;
  const auto add = [&](const LawOptions& which, const std::string& label) -> Status {
    auto law = which.load(names);
    if (!law) return law.error();
    if (!options.study.response.empty()) law->response = options.study.response;
    laws.push_back(std::make_unique<Law>(*std::move(law)));
    entries.push_back({laws.back().get(), options.study.fit(*laws.back()), label});
    return Done{};
  };
  for (const std::string& law : options.laws)
    if (auto status = add({.law = law, .formula = {}}, law); !status) return status;
  for (const std::string& formula : options.formulas)
    if (auto status = add({.law = {}, .formula = formula}, formula); !status) return status;

  const Interrupt interrupt;
  Result<Comparison> comparison = [&] {
    Progress progress("compare");
    return compare_laws(*table, entries,
                        {.hold_out = hold_out,
                         .observe = options.study.observe(),
                         .folds = options.folds,
                         .resamples = options.resamples,
                         .seed = options.study.seed,
                         .threads = options.study.threads},
                        {.progress = progress.reporter(), .stop = interrupt.token()});
  }();
  if (!comparison) return comparison.error();
  if (options.json)
    print_compared(options, *table, *comparison);
  else
    print_compared_text(*table, *comparison);
  return Done{};
}

}  // namespace

Command add_compare(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app =
      program.add_subcommand("compare", "laws on the same runs: errors on larger runs left out, folds, AICc, BIC");
  options->runs.add_to(*app);
  repeatable(*app, "--law", options->laws, "LAW", "a law of the library or a law file");
  repeatable(*app, "--formula", options->formulas, "TEXT", "a law as a formula, e.g. \"E + A/N^a + B/D^b\"");
  app->add_option("--hold-out", options->hold_out,
                  "how many of the largest budgets are left out, or e.g. 20% of the runs")
      ->type_name("N")
      ->capture_default_str();
  app->add_option("--hold-out-above", options->above, "leave out runs of this size or more instead")->type_name("SIZE");
  app->add_option("--by", options->by, "column that is the size, if not flops")->type_name("COLUMN");
  whole_number(*app, "--folds", options->folds, 0, 1'000'000, "of cross-validation; 0 for none")->capture_default_str();
  whole_number(*app, "--bootstrap", options->resamples, 0, 10'000'000,
               "resamples of the runs for differences between laws; 0 for none")
      ->capture_default_str();
  options->study.add_to(*app);
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
