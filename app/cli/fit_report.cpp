// SPDX-License-Identifier: Apache-2.0
#include "app/cli/fit_report.h"

#include <fmt/format.h>

#include <cmath>
#include <iostream>

#include "app/cli/constraint_options.h"
#include "app/cli/output.h"
#include "app/cli/runs_options.h"
#include "app/cli/text_table.h"
#include "core/base/quantity.h"
#include "core/formula/scalar.h"
#include "core/formula/typeset.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestFormula = 100;  // on one line of a terminal

// A number and, where runs were resampled, its interval.
struct Estimate {
  double value;
  std::optional<Interval> interval;
};

Estimate parameter_estimate(const FitReport& report, std::size_t j) {
  Estimate estimate{report.fit.theta[j], {}};
  if (report.fit.free[j] || report.fit.tied[j])
    estimate.interval = report.scatter().interval(parameter_quantity(*report.law, j), report.intervals);
  return estimate;
}

Estimate derived_estimate(const FitReport& report, const DerivedQuantity& derived) {
  const Quantity quantity = derived_quantity(derived);
  return {quantity.value(report.fit.theta), report.scatter().interval(quantity, report.intervals)};
}

double derived_error(const FitReport& report, const DerivedQuantity& derived) {
  return delta_method(derived_quantity(derived), scatter_of(report.fit)).standard_error;
}

std::string plus_minus(double error) {
  return std::isnan(error) ? "unknown" : "± " + format_number(error, 3);
}

Json estimate_json(const Estimate& estimate) {
  Json json{{"value", estimate.value}};
  if (estimate.interval) json["ci95"] = interval_json(*estimate.interval);
  return json;
}

Json optima_json(const Fit& fit) {
  Json optima = Json::array();
  for (const LocalOptimum& optimum : fit.optima) {
    Json entry{{"objective", optimum.objective}, {"starts", optimum.starts}};
    for (std::size_t j = 0; j < fit.names.size(); ++j) entry["parameters"][fit.names[j]] = optimum.theta[j];
    optima.push_back(std::move(entry));
  }
  return optima;
}

Json provenance_json(const FitReport& report) {
  const Fit& fit = report.fit;
  Json json = runs_provenance(*report.table);
  json["rows_without_values"] = report.runs->dropped;
  json["response"] = report.law->response;
  json["law_file"] = report.law->file;
  json["law_hash"] = fit.law_hash;
  json["objective"] = objective_name(fit.objective_kind);
  json["delta"] = fit.delta;
  json["held"] = Json::object();
  for (std::size_t j = 0; j < fit.names.size(); ++j)
    if (!fit.free[j] && !fit.tied[j]) json["held"][fit.names[j]] = fit.theta[j];
  describe_constraints(fit.options, json);
  if (!report.weight.empty()) json["weight"] = report.weight;
  if (!report.cluster.empty()) {
    json["cluster"] = report.cluster;
    json["clusters"] = fit.n_clusters;
  }
  json["seed"] = fit.seed;
  json["starts_tried"] = fit.starts_tried;
  json["starts_polished"] = fit.starts_polished;
  json["resamples"] = report.resamples ? report.resamples->resamples() + report.resamples->failed : 0;
  if (report.resamples) json["bootstrap_kind"] = bootstrap_kind_name(report.resamples->kind);
  json["resamples_failed"] = report.resamples ? report.resamples->failed : 0;
  json["version"] = ISOFLOP_VERSION;
  return json;
}

double residual_rms(const FitReport& report) {
  const std::vector<double> predicted = predict(*report.law, report.runs->columns, report.fit.theta);
  double squares = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) squares += std::pow(predicted[i] - report.runs->response[i], 2);
  return std::sqrt(squares / static_cast<double>(predicted.size()));
}

// An open end is null.
Json profile_json(const Profile& profile) {
  Json json{{"value", profile.value},
            {"ci95", interval_json(profile.interval)},
            {"open_lower", profile.open_lower},
            {"open_upper", profile.open_upper},
            {"threshold", profile.threshold}};
  json["at"] = profile.at;
  json["deviance"] = profile.deviance;
  return json;
}

std::string profiles_text(const std::vector<Profile>& profiles) {
  if (profiles.empty()) return "";
  TextTable table({}, "<><");
  for (const Profile& profile : profiles) {
    const std::string lower = profile.open_lower ? "open" : format_number(profile.interval.lower, 4);
    const std::string upper = profile.open_upper ? "open" : format_number(profile.interval.upper, 4);
    table.row({profile.name, format_number(profile.value, 5), lower + " to " + upper});
  }
  return "\n95% intervals by profile\n" + table.text();
}

std::string with_interval(const Estimate& estimate) {
  return estimate.interval ? interval_text(*estimate.interval) : "";
}

}  // namespace

void print_fit_json(const FitReport& report) {
  const Fit& fit = report.fit;
  Json json{
      {"law", fit.law_id}, {"formula", report.law->formula_text}, {"objective", fit.objective}, {"n_runs", fit.n_runs}};
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    Json entry = estimate_json(parameter_estimate(report, j));
    if (fit.free[j] || fit.tied[j]) entry["standard_error"] = fit.standard_errors[j];
    if (fit.tied[j])
      entry["tied"] = fit.options.ties.at(fit.names[j]);
    else if (!fit.free[j])
      entry["held"] = true;
    json["parameters"][fit.names[j]] = std::move(entry);
  }
  json["derived"] = Json::object();
  for (const DerivedQuantity& derived : report.law->derived) {
    json["derived"][derived.name] = estimate_json(derived_estimate(report, derived));
    json["derived"][derived.name]["standard_error"] = derived_error(report, derived);
  }
  if (!report.allocations.empty()) json["allocations"] = Json::array();
  for (const auto& [point, params, tokens, loss] : report.allocations)
    json["allocations"].push_back({{"flops", point.flops},
                                   {"params", estimate_json({point.params, params})},
                                   {"tokens", estimate_json({point.tokens, tokens})},
                                   {"loss", estimate_json({point.loss, loss})},
                                   {"at_edge", point.at_edge}});
  for (const Profile& profile : report.profiles) json["profiles"][profile.name] = profile_json(profile);
  json["interval"] = interval_method_name(report.intervals);
  json["covariance"] = covariance_json(scatter_of(fit));
  json["degrees_of_freedom"] = degrees_of_freedom(fit);
  json["noise"] = {{"tau", fit.noise.tau}, {"log_likelihood", fit.noise.log_likelihood}};
  if (!fit.options.priors.empty()) json["penalty"] = fit.penalty;
  json["rmse_log"] = fit.rmse_log;
  json["condition"] = fit.condition;
  json["optima"] = optima_json(fit);
  json["findings"] = findings_json(fit.findings);
  json["provenance"] = provenance_json(report);
  if (report.keep_resamples && report.resamples) json["resamples"] = resamples_json(*report.resamples);
  print_json(json);
}

void print_fit_text(const FitReport& report) {
  const Fit& fit = report.fit;
  const Law& law = *report.law;
  const std::string formula = to_unicode(law.expression);
  std::cout << law.title << (formula.size() <= kLongestFormula ? ": " + formula : "") << "\n"
            << describe_runs(*report.table, fit.n_runs) << "\n";
  if (report.runs->dropped > 0) std::cout << report.runs->dropped << " more lack one of the values\n";
  const bool log = std::isfinite(fit.rmse_log);  // of numbers that are not positive there is none
  std::cout << fmt::format("{}{} = {} over {} runs, root mean square of {}residuals {}\n",
                           objective_name(fit.objective_kind),
                           fit.objective_kind == Objective::kLogHuber || fit.objective_kind == Objective::kHuber
                               ? " (delta " + format_number(fit.delta, 3) + ")"
                               : "",
                           format_number(fit.objective, 9), fit.n_runs, log ? "log " : "",
                           format_number(log ? fit.rmse_log : residual_rms(report), 3));
  if (fit.starts_polished > 1)
    std::cout << fmt::format("{} of {} starts that were followed to the end found this optimum; {} were tried\n",
                             fit.optima.front().starts, fit.starts_polished, fit.starts_tried);
  if (fit.n_clusters < fit.n_runs) std::cout << fit.n_clusters << " clusters of runs\n";
  if (report.intervals == IntervalMethod::kBootstrap)
    std::cout << fmt::format("95% intervals from {} resamples of the {}, seed {}\n", report.resamples->resamples(),
                             report.resamples->kind == BootstrapKind::kResidual ? "residuals"
                             : fit.n_clusters < fit.n_runs                      ? "clusters"
                                                                                : "runs",
                             report.seed);
  if (report.intervals == IntervalMethod::kDelta) std::cout << "95% intervals to first order\n";

  const bool intervals = report.intervals != IntervalMethod::kNone;
  TextTable table({"parameter", "estimate", intervals ? "95% interval" : "", "standard error", ""}, "<><><");
  for (std::size_t j = 0; j < fit.names.size(); ++j)
    table.row({fit.names[j], format_number(fit.theta[j], 5), with_interval(parameter_estimate(report, j)),
               fit.free[j] || fit.tied[j] ? plus_minus(fit.standard_errors[j]) : "held", law.parameters[j].meaning});
  for (const DerivedQuantity& derived : law.derived) {
    const Estimate estimate = derived_estimate(report, derived);
    table.row({derived.name, format_number(estimate.value, 5), with_interval(estimate),
               plus_minus(derived_error(report, derived)), derived.meaning});
  }
  std::cout << "\n" << table.text();

  if (!report.allocations.empty()) {
    TextTable budgets({"FLOP", "parameters", "", "tokens", "", "loss", ""}, ">><><><");
    for (const auto& [point, params, tokens, loss] : report.allocations) {
      const auto count = [](const std::optional<Interval>& found) { return found ? count_interval_text(*found) : ""; };
      budgets.row({format_number(point.flops, 4), format_count(point.params), count(params), format_count(point.tokens),
                   count(tokens), std::isfinite(point.loss) ? format_number(point.loss, 4) : "",
                   loss && std::isfinite(loss->lower) ? interval_text(*loss) : ""});
    }
    std::cout << "\nCompute-optimal\n" << budgets.text();
  }
  std::cout << profiles_text(report.profiles);
  if (fit.optima.size() > 1) {
    std::cout << "\nOther optima\n";
    TextTable optima({}, "<<");
    for (std::size_t k = 1; k < std::min<std::size_t>(fit.optima.size(), 6); ++k) {
      std::string values;
      for (std::size_t j = 0; j < fit.names.size(); ++j)
        if (fit.free[j])
          values += (values.empty() ? "" : "  ") + fit.names[j] + " " + format_number(fit.optima[k].theta[j], 4);
      optima.row({format_number(fit.optima[k].objective, 9), values});
    }
    std::cout << optima.text();
  }
  std::cout << findings_text(fit.findings);
}

}  // namespace isoflop::cli
