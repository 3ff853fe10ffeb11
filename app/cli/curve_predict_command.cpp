// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/curve.h"
#include "app/cli/output.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/atomic_file.h"
#include "core/base/quantity.h"
#include "core/laws/library.h"
#include "core/laws/suggestion.h"
#include "core/schedule/curve_sets.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string coefficients, fit, schedule, at;
  bool json = false;
};

struct Numbers {
  CurveLaw law = CurveLaw::kMultiPower;
  std::vector<double> theta;
  double lambda = kDefaultLambda;
  std::string name;
};

Result<Numbers> published(const std::string& id) {
  const auto resources = find_resources();
  if (!resources) return resources.error();
  const auto sets = read_curve_sets(*resources / "curve_laws.toml");
  if (!sets) return sets.error();
  std::vector<std::string> ids;
  for (const CurveSet& set : *sets) {
    if (set.id == id) return Numbers{set.law, set.theta, set.lambda, set.label};
    ids.push_back(set.id);
  }
  return not_found("there are no coefficients \"" + id + "\"" + suggestion(id, ids), "coefficients");
}

Result<Numbers> fitted(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  const auto json = nlohmann::json::parse(*bytes, nullptr, false);
  const Error wrong{ErrorCode::kParse, "this is not what curve fit --json writes", Where{.file = path}};
  if (!json.is_object() || !json.contains("law") || !json["law"].is_string() || !json.contains("parameters"))
    return wrong;
  const auto law = curve_law_from_id(json["law"].get<std::string>());
  if (!law) return wrong;
  Numbers numbers{.law = *law, .name = path};
  for (const std::string& name : curve_parameters(*law)) {
    const auto& parameters = json["parameters"];
    if (!parameters.is_object() || !parameters.contains(name) || !parameters[name].is_object() ||
        !parameters[name].contains("value") || !parameters[name]["value"].is_number())
      return wrong;
    numbers.theta.push_back(parameters[name]["value"].get<double>());
  }
  if (json.contains("lambda") && json["lambda"].is_number()) numbers.lambda = json["lambda"].get<double>();
  return numbers;
}

Status run(const Options& options) {
  if (options.coefficients.empty() == options.fit.empty()) throw UsageError("give --coefficients SET or --fit FILE");
  const auto numbers = options.fit.empty() ? published(options.coefficients) : fitted(options.fit);
  if (!numbers) return numbers.error();
  const auto rates = read_rates(options.schedule);
  if (!rates) return rates.error();
  std::vector<long> steps;
  if (options.at.empty()) {
    steps.push_back(static_cast<long>(rates->size()));
  } else {
    for (const double step : read_list(options.at, "--at")) {
      if (!(step >= 1 && step <= 1e8)) throw UsageError("--at takes steps from 1");
      if (const long whole = std::lround(step); steps.empty() || whole != steps.back()) steps.push_back(whole);
    }
  }
  const auto loss = predict_curve(numbers->law, numbers->theta, numbers->lambda, *rates, steps);
  if (!loss) return loss.error();
  if (options.json) {
    Json json{{"law", curve_law_id(numbers->law)}, {"formula", curve_formula(numbers->law)}};
    json["coefficients"] = options.coefficients.empty() ? Json(nullptr) : Json(options.coefficients);
    const auto& names = curve_parameters(numbers->law);
    for (std::size_t j = 0; j < names.size(); ++j) json["parameters"][names[j]] = {{"value", numbers->theta[j]}};
    if (numbers->law == CurveLaw::kAnnealing) json["lambda"] = numbers->lambda;
    json["schedule"] = options.schedule;
    json["predictions"] = Json::array();
    for (std::size_t i = 0; i < steps.size(); ++i)
      json["predictions"].push_back(
          {{"step", steps[i]}, {"lr", (*rates)[static_cast<std::size_t>(steps[i] - 1)]}, {"loss", (*loss)[i]}});
    print_json(json);
    return Done{};
  }
  std::cout << curve_law_id(numbers->law) << ", " << numbers->name << "\n";
  TextTable table({"step", "rate", "loss"}, ">>>");
  for (std::size_t i = 0; i < steps.size(); ++i)
    table.row({std::to_string(steps[i]), format_number((*rates)[static_cast<std::size_t>(steps[i] - 1)], 4),
               format_number((*loss)[i], 5)});
  std::cout << table.text();
  return Done{};
}

}  // namespace

Command add_curve_predict(CLI::App& curve) {
  auto options = std::make_shared<Options>();
  CLI::App* app = curve.add_subcommand("predict", "the loss curve of a schedule that nobody has trained");
  app->add_option("--coefficients", options->coefficients, "a published set, e.g. luo2025-25m")->type_name("SET");
  app->add_option("--fit", options->fit, "what curve fit --json wrote")->type_name("FILE");
  app->add_option("--schedule", options->schedule, "as `curve schedule` reads it")->type_name("TEXT")->required();
  app->add_option("--at", options->at, "steps; the last one unless given")->type_name("A,B,...");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
