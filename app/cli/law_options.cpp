// SPDX-License-Identifier: Apache-2.0
#include "app/cli/law_options.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/cli/command.h"
#include "app/cli/values.h"
#include "core/base/atomic_file.h"
#include "core/base/quantity.h"
#include "core/laws/law_file.h"
#include "core/laws/suggestion.h"
#include "core/runs/run_table.h"

namespace isoflop::cli {
namespace {

// Parameters of a fit, as `fit --json` writes them.
Result<std::map<std::string, double>> read_fit(const nlohmann::json& json, const std::string& path) {
  std::map<std::string, double> values;
  const auto parameters = json.find("parameters");
  if (parameters == json.end() || !parameters->is_object())
    return Error{ErrorCode::kParse, "this is not what fit --json writes: there is no object \"parameters\"",
                 Where{.file = path}};
  for (const auto& [name, entry] : parameters->items()) {
    if (!entry.is_object() || !entry.contains("value") || !entry["value"].is_number())
      return Error{ErrorCode::kParse, "the parameter \"" + name + "\" has no number \"value\"", Where{.file = path}};
    values[name] = entry["value"].get<double>();
  }
  return values;
}

Result<nlohmann::json> read_json(const std::string& path) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  nlohmann::json json = nlohmann::json::parse(*bytes, nullptr, false);
  if (json.is_discarded() || !json.is_object())
    return Error{ErrorCode::kParse, "this is not a JSON object, as fit --json writes it", Where{.file = path}};
  return json;
}

// The law that a fit was made with, unless the command names one.
LawOptions law_of_fit(const nlohmann::json& json) {
  LawOptions options;
  const auto text = [&](const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  options.law = text(json, "law");
  if (options.law == "formula") {
    options.law.clear();
    options.formula = text(json, "formula");
  } else if (const auto provenance = json.find("provenance"); provenance != json.end() && provenance->is_object()) {
    const auto library = load_library();
    const std::string file = text(*provenance, "law_file");
    if (!file.empty() && (!library || library->find(options.law) == nullptr)) options.law = file;
  }
  return options;
}

// As the file or the text has it: a law of groups of columns stays a template.
Result<Law> load_as_written(const std::string& law, const std::string& formula, const std::vector<std::string>& columns,
                            const std::map<std::string, double>& values) {
  if (law.empty() == formula.empty()) throw UsageError("give a law by --law ID or by --formula TEXT");
  if (!formula.empty()) {
    auto made = law_from_formula(formula, columns, values);
    if (made) return made;
    Error error = made.error();
    error.message = "--formula: " + error.message;
    return error;
  }
  if (law.ends_with(".toml") || law.find('/') != std::string::npos) return read_law(law);
  auto library = load_library();
  if (!library) return library.error();
  if (const Law* found = library->find(law)) return *found;
  for (const Error& error : library->errors)
    if (std::filesystem::path(error.where.file).stem() == law) return error;
  std::vector<std::string> ids;
  for (const Law& known : library->laws) ids.push_back(known.id);
  return not_found("there is no law \"" + law + "\"" + suggestion(law, ids), "law");
}

}  // namespace

Result<LawLibrary> load_library() {
  const auto resources = find_resources();
  if (!resources) return resources.error();
  return load_laws(*resources / "laws");
}

void LawOptions::add_to(CLI::App& app) {
  CLI::Option* by_law = app.add_option("--law", law, "a law of the library (isoflop-cli laws), or a law file");
  by_law->type_name("ID");
  app.add_option("--formula", formula, "a formula instead, e.g. \"E + A / N^a + B / D^b\"")->type_name("TEXT");
}

Result<Law> LawOptions::load(const std::vector<std::string>& columns,
                             const std::map<std::string, double>& values) const {
  auto loaded = load_as_written(law, formula, columns, values);
  if (!loaded || columns.empty()) return loaded;
  return instantiate(*loaded, columns);
}

Result<const CoefficientSet*> find_set(const Law& law, const std::string& id) {
  if (const CoefficientSet* set = law.find_set(id)) return set;
  std::vector<std::string> ids;
  for (const CoefficientSet& set : law.sets) ids.push_back(set.id);
  return not_found("the law \"" + law.id + "\" has no coefficients \"" + id + "\"" + suggestion(id, ids),
                   "coefficients");
}

void InstanceOptions::add_to(CLI::App& app, const std::string& at_help) {
  law.add_to(app);
  app.add_option("--coefficients", coefficients, "a published set, e.g. besiroglu2024")->type_name("SET");
  app.add_option("--fit", fit, "what fit --json wrote: its law and estimates")->type_name("FILE");
  repeatable(app, "--param", params, "NAME=VALUE", "a parameter's value, over that of the set or fit");
  repeatable(app, "--at", at, "NAME=VALUE", at_help);
}

Result<std::map<std::string, double>> read_variables(const Law& law, const std::vector<std::string>& at) {
  std::vector<std::string> roles = law.roles();
  if (std::ranges::find(roles, "flops") == roles.end()) roles.push_back("flops");
  std::map<std::string, double> values;
  for (const auto& [name, value] : read_assignments(at, "--at")) {
    std::string role = name == "C" ? "flops" : name;
    for (const LawVariable& variable : law.variables)
      if (variable.symbol == name) role = variable.role;
    if (std::ranges::find(roles, role) == roles.end())
      return not_found("the law \"" + law.id + "\" has no variable \"" + name + "\"" + suggestion(name, roles), name);
    if (std::ranges::find(kRoles, role) != std::end(kRoles) && !(value > 0))
      throw UsageError("--at " + name + " must be positive, not " + format_number(value));
    if (!values.emplace(role, value).second) throw UsageError("--at gives \"" + role + "\" twice");
  }
  return values;
}

Result<LoadedInstance> load_instance(const InstanceOptions& options, const std::vector<std::string>& columns) {
  if (!options.coefficients.empty() && !options.fit.empty()) throw UsageError("give --coefficients or --fit, not both");
  LawOptions law_options = options.law;
  std::map<std::string, double> values;
  LoadedInstance loaded;
  nlohmann::json fit;
  if (!options.fit.empty()) {
    const auto json = read_json(options.fit);
    if (!json) return json.error();
    auto read = read_fit(*json, options.fit);
    if (!read) return read.error();
    values = *std::move(read);
    fit = *json;
    if (law_options.law.empty() && law_options.formula.empty()) law_options = law_of_fit(*json);
    loaded.numbers = options.fit;
  }
  // Without a table the columns of a group are those that --at gives a value.
  std::vector<std::string> given;
  for (const auto& [name, value] : read_assignments(options.at, "--at")) given.push_back(name);
  auto law = law_options.load(columns);
  if (law) law = instantiate(*law, given);
  if (!law) return law.error();
  loaded.law = std::make_unique<const Law>(*std::move(law));

  std::string set_id = options.coefficients;
  if (set_id.empty() && options.fit.empty() && options.params.empty() && loaded.law->sets.size() == 1)
    set_id = loaded.law->sets.front().id;
  const CoefficientSet* set = nullptr;
  if (!set_id.empty()) {
    const auto found = find_set(*loaded.law, set_id);
    if (!found) return found.error();
    set = *found;
    loaded.numbers = set->id;
    for (std::size_t j = 0; j < set->values.size(); ++j) values[loaded.law->parameters[j].name] = set->values[j];
  }
  for (const auto& [name, value] : read_assignments(options.params, "--param")) {
    std::vector<std::string> names;
    for (const LawParameter& parameter : loaded.law->parameters) names.push_back(parameter.name);
    if (loaded.law->parameter_index(name) < 0)
      return not_found("the law \"" + loaded.law->id + "\" has no parameter \"" + name + "\"" + suggestion(name, names),
                       name);
    values[name] = value;
    loaded.numbers += (loaded.numbers.empty() ? "" : ", ") + name + " = " + format_number(value, 6);
  }
  LawInstance& instance = loaded.instance;
  instance.law = loaded.law.get();
  instance.set = options.params.empty() ? set : nullptr;
  for (const LawParameter& parameter : loaded.law->parameters) {
    const auto value = values.find(parameter.name);
    if (value == values.end()) {
      std::string ids;
      for (const CoefficientSet& known : loaded.law->sets) ids += (ids.empty() ? "" : ", ") + known.id;
      throw UsageError("no value for the parameter \"" + parameter.name + "\": give " +
                       (ids.empty() ? "" : "--coefficients (" + ids + "), ") + "--fit FILE or --param " +
                       parameter.name + "=VALUE");
    }
    instance.theta.push_back(value->second);
  }

  if (!options.fit.empty() && options.params.empty()) loaded.scatter = read_scatter(fit, *loaded.law, instance.theta);
  auto at = read_variables(*loaded.law, options.at);
  if (!at) return at.error();
  loaded.at = *std::move(at);
  return loaded;
}

Result<IntervalMethod> available_interval(const LoadedInstance& loaded, const std::string& name) {
  const IntervalMethod method = interval_method(name, IntervalMethod::kNone);
  if (method == IntervalMethod::kNone) return method;
  if (loaded.scatter.scatter.theta.empty())
    return invalid_argument("an interval needs the numbers of a fit as they are: give --fit FILE and no --param",
                            "interval");
  if (method == IntervalMethod::kBootstrap && !loaded.scatter.resamples)
    return invalid_argument("the fit holds no resamples: make it with --bootstrap 4000 --keep-resamples", "interval");
  if (method == IntervalMethod::kDelta && loaded.scatter.scatter.covariance.empty())
    return invalid_argument("the fit holds no covariance: its runs do not determine all parameters", "interval");
  return method;
}

nlohmann::ordered_json at_json(const std::map<std::string, double>& at) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [role, value] : at) {
    if (std::isinf(value))
      json[role] = "inf";
    else
      json[role] = value;
  }
  return json;
}

void describe_instance(const LoadedInstance& loaded, nlohmann::ordered_json& json) {
  json["law"] = loaded.law->id;
  json["formula"] = loaded.law->formula_text;
  json["coefficients"] = loaded.instance.set != nullptr ? nlohmann::ordered_json(loaded.instance.set->id) : nullptr;
  for (std::size_t j = 0; j < loaded.instance.theta.size(); ++j)
    json["parameters"][loaded.law->parameters[j].name] = {{"value", loaded.instance.theta[j]}};
  json["provenance"] = {{"version", ISOFLOP_VERSION}, {"law_file", loaded.law->file}, {"law_hash", loaded.law->hash}};
}

}  // namespace isoflop::cli
