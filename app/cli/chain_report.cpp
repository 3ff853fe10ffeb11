// SPDX-License-Identifier: Apache-2.0
#include "app/cli/chain_report.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <iostream>

#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/runs_options.h"
#include "app/cli/text_table.h"
#include "core/base/quantity.h"
#include "core/formula/typeset.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

// A date such as 2024-05-31.
std::optional<double> days_since_1970(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
  const auto number = [&](std::size_t from, std::size_t length) {
    int value = -1;
    const char* const end = text.data() + from + length;
    const auto [rest, error] = std::from_chars(text.data() + from, end, value);
    return error == std::errc{} && rest == end ? value : -1;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 0 || day < 0) return {};
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  return static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

struct Step {
  const char* name;
  const Law* law;
  const Fit* fit;
  const Observations* runs;
  const RunTable* table;
  std::vector<double> ChainTheta::*theta;
};

std::vector<Step> steps_of(const ChainReport& report) {
  const Chain& chain = report.fit.chain;
  return {{"first", chain.first, &report.fit.first, report.first_runs, report.table, &ChainTheta::first},
          {"second", chain.second, &report.fit.second, report.second_runs, report.second_table, &ChainTheta::second}};
}

std::optional<Interval> interval_of(std::vector<double> sample) {
  std::erase_if(sample, [](double x) { return !std::isfinite(x); });
  if (sample.empty()) return {};
  return percentile_interval(std::move(sample));
}

std::optional<Interval> parameter_interval(const ChainReport& report, const Step& step, std::size_t j) {
  std::vector<double> sample;
  for (const ChainTheta& theta : report.fit.resamples) sample.push_back((theta.*step.theta)[j]);
  return interval_of(std::move(sample));
}

std::optional<Interval> point_interval(const ChainReport& report, double ChainValue::*value) {
  std::vector<double> sample;
  for (const ChainValue& point : report.points) sample.push_back(point.*value);
  return interval_of(std::move(sample));
}

double residual_rms(const Step& step) {
  const std::vector<double> predicted = predict(*step.law, step.runs->columns, step.fit->theta);
  double squares = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) squares += std::pow(predicted[i] - step.runs->response[i], 2);
  return std::sqrt(squares / static_cast<double>(predicted.size()));
}

Json value_json(double value, const std::optional<Interval>& interval) {
  Json json{{"value", value}};
  if (interval) json["ci95"] = interval_json(*interval);
  return json;
}

Json step_json(const ChainReport& report, const Step& step) {
  const Fit& fit = *step.fit;
  Json json{{"law", fit.law_id},
            {"formula", step.law->formula_text},
            {"response", step.law->response},
            {"objective", fit.objective},
            {"n_runs", fit.n_runs}};
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    json["parameters"][fit.names[j]] = value_json(fit.theta[j], parameter_interval(report, step, j));
    json["parameters"][fit.names[j]]["standard_error"] = fit.standard_errors[j];
  }
  json["residual_rms"] = residual_rms(step);
  json["findings"] = findings_json(fit.findings);
  json["provenance"] = runs_provenance(*step.table);
  json["provenance"]["rows_without_values"] = step.runs->dropped;
  json["provenance"]["law_file"] = step.law->file;
  json["provenance"]["law_hash"] = fit.law_hash;
  json["provenance"]["objective"] = objective_name(fit.objective_kind);
  json["provenance"]["delta"] = fit.delta;
  return json;
}

Json models_json(const ChainReport& report) {
  Json json = Json::array();
  for (const ModelRow& model : report.models) {
    Json entry{{"row", model.row + 1}, {"name", model.name}, {"params", model.params}, {"score", model.score}};
    if (model.days) entry["days"] = *model.days;
    entry["effective_params"] = model.density.effective_params;
    entry["density"] = value_json(model.density.density, interval_of(model.density.sample));
    json.push_back(std::move(entry));
  }
  return json;
}

std::string text_of(const std::optional<Interval>& interval) {
  return interval ? interval_text(*interval) : "";
}

void print_step(const ChainReport& report, const Step& step) {
  const Fit& fit = *step.fit;
  std::cout << "\n"
            << step.law->title << ": " << step.law->response << " = " << to_unicode(step.law->expression) << "\n"
            << describe_runs(*step.table, fit.n_runs) << "\n"
            << fmt::format("{} = {}, root mean square residual {}\n", objective_name(fit.objective_kind),
                           format_number(fit.objective, 6), format_number(residual_rms(step), 3));
  TextTable table({"parameter", "estimate", report.fit.resamples.empty() ? "" : "95% interval", "standard error", ""},
                  "<><><");
  for (std::size_t j = 0; j < fit.names.size(); ++j)
    table.row({fit.names[j], format_number(fit.theta[j], 5), text_of(parameter_interval(report, step, j)),
               std::isnan(fit.standard_errors[j]) ? "unknown" : "± " + format_number(fit.standard_errors[j], 3),
               step.law->parameters[j].meaning});
  std::cout << table.text() << findings_text(fit.findings);
}

void print_models(const ChainReport& report) {
  std::cout << fmt::format("\nDensity: parameters that the reference models would need, trained on {} tokens\n",
                           format_count(report.reference.at("tokens")));
  TextTable table({"", "parameters", report.fit.chain.second->response, "effective", "density", ""}, "<>>>><");
  for (const ModelRow& model : report.models) {
    const bool known = std::isfinite(model.density.density);
    table.row({model.name.empty() ? "row " + std::to_string(model.row + 1) : model.name, format_count(model.params),
               format_number(model.score, 4), known ? format_count(model.density.effective_params) : "out of reach",
               known ? format_number(model.density.density, 3) : "", text_of(interval_of(model.density.sample))});
  }
  std::cout << table.text();
  if (report.trend)
    std::cout << fmt::format(
        "Density doubles in {} days (rate {} ± {} per day, from {} models denser than before)\n",
        format_number(report.trend->doubling_days, 3), format_number(report.trend->rate, 3),
        std::isnan(report.trend->rate_error) ? "unknown" : format_number(report.trend->rate_error, 2),
        report.trend->records.size());
  if (!report.trend_refusal.empty()) std::cout << "No trend: " << report.trend_refusal << "\n";
}

}  // namespace

Result<std::vector<ModelRow>> read_models(const RunTable& table, const std::string& score) {
  for (const std::string& needed : {std::string("params"), score})
    if (table.numbers(needed).empty())
      return Error{ErrorCode::kNotFound, "the table of models has no column of numbers \"" + needed + "\"",
                   Where{.file = table.source}};
  const Column* names = nullptr;
  for (const Column& column : table.columns)
    if (names == nullptr && !column.numeric() && column.name != "date") names = &column;
  const Column* dates = table.find("date");
  if (dates != nullptr && dates->numeric()) dates = nullptr;
  const auto params = table.numbers("params"), scores = table.numbers(score), days = table.numbers("days");
  std::vector<ModelRow> models;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (table.state[i] != RowState::kUsed || !std::isfinite(params[i]) || !std::isfinite(scores[i])) continue;
    ModelRow model{.row = i, .name = {}, .params = params[i], .score = scores[i], .days = {}};
    if (names != nullptr) model.name = std::get<std::vector<std::string>>(names->values)[i];
    if (!days.empty() && std::isfinite(days[i])) model.days = days[i];
    if (!model.days && dates != nullptr) {
      const std::string& text = std::get<std::vector<std::string>>(dates->values)[i];
      if (!text.empty()) model.days = days_since_1970(text);
      if (!text.empty() && !model.days)
        return Error{ErrorCode::kParse, "\"" + text + "\" is no date such as 2024-05-31",
                     Where{.file = table.source, .line = table.lines[i]}};
    }
    models.push_back(std::move(model));
  }
  return models;
}

Status predict_at(ChainReport& report) {
  const auto point = predict_chain(report.fit.chain, report.fit.estimate(), report.at);
  if (!point) return point.error();
  if (!std::isfinite(point->score)) return Error{ErrorCode::kNumerical, "the chain has no finite score there", Where{}};
  report.point = *point;
  for (const ChainTheta& theta : report.fit.resamples) {
    const auto other = predict_chain(report.fit.chain, theta, report.at);
    if (!other) return other.error();
    report.points.push_back(*other);
  }
  return Done{};
}

void print_chain_json(const ChainReport& report) {
  Json json;
  for (const Step& step : steps_of(report)) json[step.name] = step_json(report, step);
  if (report.point) {
    json["at"] = at_json(report.at);
    json["loss"] = value_json(report.point->loss, point_interval(report, &ChainValue::loss));
    json["score"] = value_json(report.point->score, point_interval(report, &ChainValue::score));
  }
  if (!report.reference.empty()) {
    json["reference"] = at_json(report.reference);
    json["models"] = models_json(report);
    json["trend"] = nullptr;
    if (report.trend) {
      json["trend"] = {{"rate", value_json(report.trend->rate, interval_of(report.trend_rates))},
                       {"standard_error", report.trend->rate_error},
                       {"offset", report.trend->offset},
                       {"doubling_days", report.trend->doubling_days},
                       {"records", report.trend->records.size()}};
    }
  }
  json["provenance"] = {{"resamples", static_cast<int>(report.fit.resamples.size()) + report.fit.failed},
                        {"resamples_failed", report.fit.failed},
                        {"seed", report.seed},
                        {"version", ISOFLOP_VERSION}};
  print_json(json);
}

void print_chain_text(const ChainReport& report) {
  const Chain& chain = report.fit.chain;
  std::cout << chain.second->response << " in two steps, by way of " << chain.link() << "\n";
  if (!report.fit.resamples.empty())
    std::cout << fmt::format("95% intervals from {} joint resamples of the runs, seed {}\n",
                             report.fit.resamples.size(), report.seed);
  for (const Step& step : steps_of(report)) print_step(report, step);
  if (report.point) {
    std::cout << "\nPrediction\n";
    TextTable table({}, "<><");
    for (const auto& [role, value] : report.at) table.row({role, format_count(value), ""});
    table.row({chain.link(), format_number(report.point->loss, 5), text_of(point_interval(report, &ChainValue::loss))});
    table.row({chain.second->response, format_number(report.point->score, 5),
               text_of(point_interval(report, &ChainValue::score))});
    std::cout << table.text();
  }
  if (!report.reference.empty()) print_models(report);
}

}  // namespace isoflop::cli
