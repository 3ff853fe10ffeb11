// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>

#include "app/cli/curve.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "app/cli/table_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string path, law = "multi-power", delta = "0.001", lambda = "0.999";
  std::string curve = "curve", step = "step", loss = "loss", rate = "lr";
  std::vector<std::string> schedules, hold_out;
  int points = 200, starts = 0, threads = 0;
  bool json = false;
};

Result<std::map<std::string, std::vector<double>>> read_schedules(const std::vector<std::string>& texts) {
  std::map<std::string, std::vector<double>> rates;
  for (const std::string& text : texts) {
    const auto [name, schedule] = split_assignment(text, "--schedule");
    auto read = read_rates(schedule);
    if (!read) return read.error();
    rates[name] = *std::move(read);
  }
  return rates;
}

// Rates of every step from those logged at some: straight lines between, and from the first one back as it rises from
// 0.
std::vector<double> between(const std::vector<long>& steps, const std::vector<double>& logged) {
  std::vector<double> rates(static_cast<std::size_t>(steps.back()));
  long before = 0;
  double rate_before = steps.front() > 1 ? 0 : logged.front();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (long t = before + 1; t <= steps[i]; ++t)
      rates[static_cast<std::size_t>(t - 1)] = rate_before + (logged[i] - rate_before) *
                                                                 static_cast<double>(t - before) /
                                                                 static_cast<double>(steps[i] - before);
    before = steps[i];
    rate_before = logged[i];
  }
  return rates;
}

// Row by row into curves, in the order of their first rows.
Result<std::vector<LossCurve>> read_curves(const Options& options) {
  const auto table = read_table(options.path);
  if (!table) return table.error();
  const auto scheduled = read_schedules(options.schedules);
  if (!scheduled) return scheduled.error();
  const auto steps = need_column(*table, options.step), losses = need_column(*table, options.loss);
  if (!steps) return steps.error();
  if (!losses) return losses.error();
  const bool logged = table->find(options.rate) != nullptr;
  std::span<const double> rates;
  if (logged) {
    const auto column = need_column(*table, options.rate);
    if (!column) return column.error();
    rates = *column;
  }
  const Column* names = table->find(options.curve);
  std::vector<LossCurve> curves;
  std::vector<std::vector<double>> logged_rates;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    std::string name = "all";
    if (names != nullptr)
      name = names->numeric() ? format_exact(std::get<0>(names->values)[row]) : std::get<1>(names->values)[row];
    auto found = std::ranges::find(curves, name, &LossCurve::name);
    if (found == curves.end()) {
      curves.push_back({.name = name, .rates = {}, .steps = {}, .loss = {}});
      logged_rates.emplace_back();
      found = curves.end() - 1;
    }
    const double step = (*steps)[row];
    if (!(step >= 1 && step <= 1e8 && step == std::floor(step)) ||
        (!found->steps.empty() && static_cast<double>(found->steps.back()) >= step))
      return Error{ErrorCode::kInvalidArgument,
                   "the steps of a curve are increasing whole numbers from 1, and this one is " + format_exact(step),
                   Where{.file = table->source, .line = table->lines[row], .parameter = options.step}};
    found->steps.push_back(static_cast<long>(step));
    found->loss.push_back((*losses)[row]);
    if (logged) logged_rates[static_cast<std::size_t>(found - curves.begin())].push_back(rates[row]);
  }
  for (std::size_t c = 0; c < curves.size(); ++c) {
    if (const auto found = scheduled->find(curves[c].name); found != scheduled->end())
      curves[c].rates = found->second;
    else if (logged)
      curves[c].rates = between(curves[c].steps, logged_rates[c]);
    else
      throw UsageError("give the schedule of the curve \"" + curves[c].name + "\" by --schedule " + curves[c].name +
                       "=TEXT, or its rates in a column \"" + options.rate + "\"");
  }
  for (const auto& [name, unused] : *scheduled)
    if (std::ranges::find(curves, name, &LossCurve::name) == curves.end())
      return not_found("there is no curve \"" + name + "\" in " + options.path, name);
  return curves;
}

Status run(const Options& options) {
  const auto law = curve_law_from_id(options.law);
  if (!law) return law.error();
  CurveFitOptions asked{.delta = read_number(options.delta, "--delta"),
                        .points_per_curve = options.points,
                        .starts = options.starts,
                        .threads = options.threads};
  if (options.lambda == "fit")
    asked.lambda.reset();
  else
    asked.lambda = read_number(options.lambda, "--lambda");
  auto curves = read_curves(options);
  if (!curves) return curves.error();
  std::vector<LossCurve> held;
  for (const std::string& name : options.hold_out) {
    const auto found = std::ranges::find(*curves, name, &LossCurve::name);
    if (found == curves->end()) return not_found("there is no curve \"" + name + "\" to hold out", name);
    held.push_back(std::move(*found));
    curves->erase(found);
  }

  const Interrupt interrupt;
  Progress progress("fitting");
  const auto fit = fit_curves(*law, *curves, asked, {progress.reporter(), interrupt.token()});
  if (!fit) return fit.error();
  std::vector<CurveFitQuality> unseen;
  for (const LossCurve& curve : held) {
    const auto quality = curve_quality(*law, fit->theta, fit->lambda, curve);
    if (!quality) return quality.error();
    unseen.push_back(*quality);
  }
  const auto& names = curve_parameters(*law);

  if (options.json) {
    Json json{{"law", curve_law_id(*law)},
              {"formula", curve_formula(*law)},
              {"objective", fit->objective},
              {"points", fit->points}};
    for (std::size_t j = 0; j < names.size(); ++j) json["parameters"][names[j]] = {{"value", fit->theta[j]}};
    if (*law == CurveLaw::kAnnealing) json["lambda"] = fit->lambda;
    json["at_bound"] = fit->at_bound;
    json["curves"] = Json::array();
    for (const auto& quality : fit->quality) json["curves"].push_back(quality_json(quality));
    json["held_out"] = Json::array();
    for (const auto& quality : unseen) json["held_out"].push_back(quality_json(quality));
    json["provenance"] = {{"version", ISOFLOP_VERSION},
                          {"file", options.path},
                          {"delta", asked.delta},
                          {"starts_tried", fit->starts_tried},
                          {"starts_polished", fit->starts_polished},
                          {"starts_agreeing", fit->starts_agreeing}};
    print_json(json);
    return Done{};
  }
  std::cout << curve_formula(*law) << "\n" << fit->points << " points of " << curves->size() << " curves\n";
  TextTable parameters({}, "<>");
  for (std::size_t j = 0; j < names.size(); ++j) parameters.row({names[j], format_number(fit->theta[j], 5)});
  if (*law == CurveLaw::kAnnealing) parameters.row({"lambda", format_number(fit->lambda, 5)});
  std::cout << parameters.text();
  for (const std::string& name : fit->at_bound)
    std::cout << "  ! " << name << " ended at the edge of its range: these curves do not determine it.\n";
  TextTable quality({"curve", "points", "mean error", "last loss", "predicted", ""}, "<>>>><");
  const auto add = [&](const CurveFitQuality& q, const char* note) {
    quality.row({q.name, std::to_string(q.points), format_number(100 * q.mean_relative, 3) + "%",
                 format_number(q.last_loss, 5), format_number(q.last_predicted, 5), note});
  };
  for (const auto& q : fit->quality) add(q, "");
  for (const auto& q : unseen) add(q, "not in the fit");
  std::cout << quality.text();
  return Done{};
}

}  // namespace

Command add_curve_fit(CLI::App& curve) {
  auto options = std::make_shared<Options>();
  CLI::App* app = curve.add_subcommand("fit", "one law for the loss curves of several schedules");
  app->add_option("curves", options->path, "a table with a row for each logged step of each run")
      ->type_name("FILE")
      ->required();
  const auto text = [&](const char* name, std::string& value, const char* type, const char* help) {
    app->add_option(name, value, help)->type_name(type)->capture_default_str();
  };
  text("--law", options->law, "ID", "multi-power or annealing");
  repeatable(*app, "--schedule", options->schedules, "CURVE=TEXT", "of a curve, as `curve schedule` reads it");
  repeatable(*app, "--hold-out", options->hold_out, "CURVE", "predict this one instead of fitting it");
  text("--curve", options->curve, "COLUMN", "column: which run");
  text("--step", options->step, "COLUMN", "column: optimizer step");
  text("--loss", options->loss, "COLUMN", "column: loss");
  text("--lr", options->rate, "COLUMN", "column: learning rate, where --schedule does not give it");
  text("--lambda", options->lambda, "X", "annealing: decay of the momentum; or fit");
  text("--delta", options->delta, "X", "Huber's, of the log residual");
  whole_number(*app, "--points", options->points, 2, 1'000'000, "most points per curve")->capture_default_str();
  whole_number(*app, "--starts", options->starts, 0, 1'000'000, "of the search; 0 chooses");
  whole_number(*app, "--threads", options->threads, 0, 4096, "0: all cores; the answer is the same");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
