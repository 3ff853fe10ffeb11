// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/text_table.h"
#include "core/base/quantity.h"
#include "core/formula/typeset.h"
#include "core/laws/law_write.h"
#include "core/laws/suggestion.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kListedSets = 2;

Json variable_json(const LawVariable& variable) {
  Json json{{"symbol", variable.symbol}, {"role", variable.role}, {"unit", variable.unit}};
  if (!variable.columns.empty()) json["columns"] = variable.columns;
  if (variable.default_value) {
    if (std::isinf(*variable.default_value))
      json["default"] = "inf";
    else
      json["default"] = *variable.default_value;
  }
  return json;
}

Json parameter_json(const LawParameter& parameter) {
  Json json{{"name", parameter.name},
            {"symbol", parameter.symbol},
            {"meaning", parameter.meaning},
            {"transform", parameter.transform == Transform::kLog ? "log" : "identity"},
            {"bounds", {parameter.lower, parameter.upper}},
            {"start", {parameter.start_lower, parameter.start_upper}}};
  if (!parameter.per.empty()) json["per"] = parameter.per;
  return json;
}

Json set_json(const Law& law, const CoefficientSet& set) {
  Json json{{"id", set.id},     {"label", set.label},         {"status", set.status}, {"source", set.source},
            {"data", set.data}, {"objective", set.objective}, {"url", set.url},       {"note", set.note}};
  for (std::size_t j = 0; j < set.values.size(); ++j) json["values"][law.parameters[j].name] = set.values[j];
  for (std::size_t j = 0; j < set.standard_errors.size(); ++j)
    json["standard_errors"][law.parameters[j].name] = set.standard_errors[j];
  for (const auto& [name, value] : set.frontier) json["frontier"][name] = value;
  return json;
}

std::string frontier_kind(const Law& law) {
  if (!law.frontier) return law.flops.steps().empty() ? "none" : "numerical";
  switch (law.frontier->kind) {
    case LawFrontier::Kind::kStated:
      return "stated";
    case LawFrontier::Kind::kFormula:
      return "formula";
    default:
      return "closed-form";
  }
}

Json law_json(const Law& law, bool whole) {
  Json json{{"id", law.id},
            {"title", law.title},
            {"summary", law.summary},
            {"category", law.category},
            {"response", law.response},
            {"year", law.year},
            {"formula", law.formula_text}};
  for (const LawVariable& variable : law.variables) json["variables"].push_back(variable_json(variable));
  if (!whole) {
    for (const LawParameter& parameter : law.parameters) json["parameters"].push_back(parameter.name);
    json["coefficients"] = Json::array();
    for (const CoefficientSet& set : law.sets) json["coefficients"].push_back(set.id);
    json["frontier"] = frontier_kind(law);
    return json;
  }
  for (const LawParameter& parameter : law.parameters) json["parameters"].push_back(parameter_json(parameter));
  json["constants"] = Json::array();
  for (const LawConstant& constant : law.constants)
    json["constants"].push_back({{"name", constant.name}, {"value", constant.value}, {"meaning", constant.meaning}});
  json["derived"] = Json::array();
  for (const DerivedQuantity& derived : law.derived)
    json["derived"].push_back({{"name", derived.name}, {"symbol", derived.symbol}, {"meaning", derived.meaning}});
  json["coefficients"] = Json::array();
  for (const CoefficientSet& set : law.sets) json["coefficients"].push_back(set_json(law, set));
  json["frontier"] = frontier_kind(law);
  json["frontier_note"] = law.frontier ? law.frontier->note : "";
  json["latex"] = to_latex(law.expression);
  json["citation"] = law.citation;
  json["url"] = law.url;
  json["notes"] = law.notes;
  json["file"] = law.file;
  json["hash"] = law.hash;
  return json;
}

Status list_laws(const std::string& category, bool as_json) {
  const std::vector<std::string> categories(law_categories().begin(), law_categories().end());
  if (!category.empty() && std::ranges::find(categories, category) == categories.end())
    throw UsageError("--category " + category + ": there is no such category" + suggestion(category, categories));
  auto library = load_library();
  if (!library) return library.error();
  if (!category.empty()) std::erase_if(library->laws, [&](const Law& law) { return law.category != category; });
  for (const Error& error : library->errors) std::cerr << "note: " << error.to_string() << "\n";
  if (as_json) {
    Json json{{"laws", Json::array()}, {"errors", Json::array()}};
    for (const Law& law : library->laws) json["laws"].push_back(law_json(law, false));
    for (const Error& error : library->errors) json["errors"].push_back(error.to_string());
    print_json(json);
    return Done{};
  }
  TextTable table({"law", "title", "category", "year", "coefficients"}, "<<<><");
  for (const Law& law : library->laws) {
    std::string sets;
    for (std::size_t k = 0; k < std::min(law.sets.size(), kListedSets); ++k)
      sets += (k > 0 ? ", " : "") + law.sets[k].id;
    if (law.sets.size() > kListedSets) sets += fmt::format(" and {} more", law.sets.size() - kListedSets);
    table.row({law.id, law.title, law.category, std::to_string(law.year), sets});
  }
  std::cout << table.text();
  return Done{};
}

void print_law(const Law& law) {
  std::cout << law.title << " (" << law.id << ", " << law.category << ")\n  " << law.summary << "\n  " << law.citation
            << "\n\n";
  for (std::size_t at = 0; at < law.formula_text.size();) {
    const std::size_t end = std::min(law.formula_text.find('\n', at), law.formula_text.size());
    std::cout << "    " << law.formula_text.substr(at, end - at) << "\n";
    at = end + 1;
  }
  if (!law.constants.empty()) {
    std::cout << "\nConstants\n";
    TextTable constants({}, "<><");
    for (const LawConstant& constant : law.constants)
      constants.row({constant.name, format_number(constant.value, 6), constant.meaning});
    std::cout << constants.text();
  }
  std::cout << "\nVariables\n";
  TextTable variables({}, "<<<");
  for (const LawVariable& variable : law.variables)
    variables.row(
        {variable.symbol, variable.role, variable.columns.empty() ? variable.unit : "every such column of the table"});
  std::cout << variables.text() << "\nParameters\n";
  TextTable parameters({"", "", "searched from", ""}, "<<<<");
  for (const LawParameter& p : law.parameters)
    parameters.row({p.name, p.meaning + (p.per.empty() ? "" : ", one for each " + p.per),
                    interval_text({p.start_lower, p.start_upper}, 3),
                    p.transform == Transform::kLog ? "by its logarithm" : ""});
  std::cout << parameters.text();
  if (!law.derived.empty()) {
    std::cout << "\nDerived\n";
    TextTable derived({}, "<<");
    for (const DerivedQuantity& quantity : law.derived) derived.row({quantity.name, quantity.meaning});
    std::cout << derived.text();
  }
  std::cout << "\nFrontier: " << frontier_kind(law) << (law.frontier ? " " + law.frontier->note : "") << "\n";
  for (const CoefficientSet& set : law.sets) {
    std::cout << "\n" << set.id << ": " << set.label << " [" << set.status << "]\n  " << set.source << "\n";
    if (!set.data.empty()) std::cout << "  " << set.data << (set.objective.empty() ? "" : "; " + set.objective) << "\n";
    TextTable values({}, "<><");
    for (std::size_t j = 0; j < set.values.size(); ++j) {
      const bool known = j < set.standard_errors.size() && !std::isnan(set.standard_errors[j]);
      values.row({law.parameters[j].name, format_number(set.values[j], 6),
                  known ? "± " + format_number(set.standard_errors[j], 3) : ""});
    }
    for (const auto& [name, value] : set.frontier) values.row({name, format_number(value, 6), "frontier"});
    std::cout << values.text();
    if (!set.note.empty()) std::cout << "  " << set.note << "\n";
  }
  if (!law.notes.empty()) std::cout << "\nNotes\n";
  for (const std::string& note : law.notes) std::cout << "  - " << note << "\n";
}

struct SaveOptions {
  std::string file, formula, title, response, summary, citation;
  std::vector<std::string> columns;
};

int this_year() {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<int>(std::chrono::year_month_day(today).year());
}

Status save_law(const SaveOptions& options, bool as_json) {
  const std::filesystem::path file = options.file;
  if (file.extension() != ".toml") throw UsageError("a law file ends in .toml, not \"" + options.file + "\"");
  auto law = law_from_formula(options.formula, options.columns);
  if (!law) return law.error();
  law->id = file.stem().string();
  law->title = options.title.empty() ? law->id : options.title;
  law->summary = options.summary;
  law->citation = options.citation;
  law->year = this_year();
  if (!options.response.empty()) law->response = options.response;
  if (const Status written = write_law(*law, file); !written) return written.error();
  if (as_json) {
    Json json = law_json(*law, true);
    json["file"] = options.file;
    json.erase("hash");
    print_json(json);
  } else {
    std::cout << "wrote " << options.file << ": " << law->parameters.size() << " parameters, " << law->variables.size()
              << " variables\n";
  }
  return Done{};
}

}  // namespace

Command add_laws(CLI::App& program) {
  struct Options {
    SaveOptions save;
    std::string id, category;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("laws", "the laws and their published coefficients");
  app->require_subcommand(0, 1);
  app->add_flag("--json", options->json, "print JSON");
  CLI::App* list = app->add_subcommand("list", "all laws");
  list->add_flag("--json", options->json, "print JSON");
  for (CLI::App* one : {app, list})
    one->add_option("--category", options->category,
                    "only these: loss, allocation, hyperparameters, inference, task or curve")
        ->type_name("NAME");
  CLI::App* show = app->add_subcommand("show", "one law: formula, parameters, coefficients, notes");
  show->add_option("ID", options->id, "a law of the library, or a law file")->required();
  show->add_flag("--json", options->json, "print JSON");
  CLI::App* save = app->add_subcommand("save", "writes a formula as a law file, with starts and bounds to edit");
  SaveOptions& saved = options->save;
  saved.summary = "A formula given by hand.";
  saved.citation = "Unpublished";
  save->add_option("FILE", saved.file, "where to write it: NAME.toml")->required();
  save->add_option("--formula", saved.formula, "for example 'E + A/N^a + B/D^b'")->required()->type_name("TEXT");
  repeatable(*save, "--column", saved.columns, "NAME", "a name in it that is a column, besides N, D, C and U");
  save->add_option("--response", saved.response, "what it predicts, if not loss")->type_name("COLUMN");
  save->add_option("--title", saved.title, "if not the file's name")->type_name("TEXT");
  save->add_option("--summary", saved.summary, "one sentence")->type_name("TEXT");
  save->add_option("--citation", saved.citation, "where it comes from")->type_name("TEXT");
  save->add_flag("--json", options->json, "print JSON");
  return {app, [=]() -> Status {
            if (save->parsed()) return save_law(options->save, options->json);
            if (!show->parsed()) return list_laws(options->category, options->json);
            const auto law = LawOptions{.law = options->id, .formula = {}}.load();
            if (!law) return law.error();
            if (options->json)
              print_json(law_json(*law, true));
            else
              print_law(*law);
            return Done{};
          }};
}

}  // namespace isoflop::cli
