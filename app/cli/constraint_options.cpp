// SPDX-License-Identifier: Apache-2.0
#include "app/cli/constraint_options.h"

#include <limits>
#include <utility>

#include "app/cli/command.h"
#include "app/cli/values.h"
#include "core/fit/prior.h"

namespace isoflop::cli {
namespace {

double read_bound(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' '), end = text.find_last_not_of(' ');
  if (begin == std::string::npos) throw UsageError("--bound takes 'PARAM = LOWER, UPPER'");
  const std::string trimmed = text.substr(begin, end - begin + 1);
  if (trimmed.front() == '-') return -read_number(trimmed.substr(1), "--bound");
  return read_number(trimmed, "--bound");
}

template <class Map, class Value>
void put_once(Map& map, const std::string& name, Value value, const char* option) {
  if (!map.emplace(name, std::move(value)).second)
    throw UsageError(std::string(option) + " gives \"" + name + "\" twice");
}

}  // namespace

void ConstraintOptions::add_to(CLI::App& app) {
  repeatable(app, "--tie", tie, "'PARAM = FORMULA'", "a parameter that follows others, e.g. 'beta = alpha'");
  repeatable(app, "--prior", prior, "'PARAM ~ PRIOR'",
             "what is known beforehand: normal(mean, sd) or lognormal(median, sigma)");
  repeatable(app, "--bound", bound, "'PARAM = LOWER, UPPER'", "in place of the law's own bounds; inf for none");
}

void ConstraintOptions::put_into(FitOptions& options) const {
  for (const std::string& text : tie) {
    auto [name, formula] = split_assignment(text, "--tie");
    put_once(options.ties, name, std::move(formula), "--tie");
  }
  for (const std::string& text : prior) {
    const std::size_t tilde = text.find('~');
    if (tilde == std::string::npos) throw UsageError("--prior takes 'PARAM ~ normal(MEAN, SD)', not \"" + text + "\"");
    const auto [name, ignored] = split_assignment(text.substr(0, tilde) + "=.", "--prior");
    const auto parsed = parse_prior(text.substr(tilde + 1));
    if (!parsed) throw UsageError("--prior " + name + ": " + parsed.error().message);
    put_once(options.priors, name, *parsed, "--prior");
  }
  for (const std::string& text : bound) {
    const auto [name, range] = split_assignment(text, "--bound");
    const std::size_t comma = range.find(',');
    if (comma == std::string::npos) throw UsageError("--bound takes 'PARAM = LOWER, UPPER', not \"" + text + "\"");
    put_once(options.bounds, name,
             ParameterBounds{read_bound(range.substr(0, comma)), read_bound(range.substr(comma + 1))}, "--bound");
  }
}

void describe_constraints(const FitOptions& options, nlohmann::ordered_json& provenance) {
  for (const auto& [name, formula] : options.ties) provenance["ties"][name] = formula;
  for (const auto& [name, prior] : options.priors) {
    const bool normal = prior.kind == Prior::Kind::kNormal;
    provenance["priors"][name] = {{"distribution", normal ? "normal" : "lognormal"},
                                  {normal ? "mean" : "median", prior.centre},
                                  {normal ? "sd" : "sigma", prior.spread}};
  }
  for (const auto& [name, bounds] : options.bounds) provenance["bounds"][name] = {bounds.lower, bounds.upper};
}

}  // namespace isoflop::cli
