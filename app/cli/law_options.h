// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/interval_options.h"
#include "core/base/result.h"
#include "core/frontier/allocation.h"
#include "core/laws/library.h"

namespace isoflop::cli {

// The laws that ship.
Result<LawLibrary> load_library();

// Which law: --law ID or a law file, or --formula TEXT.
struct LawOptions {
  std::string law, formula;

  void add_to(CLI::App& app);
  // `columns`: names that a formula may use besides the roles, and those that a law's groups of columns are looked for
  // among; none leaves such a law a template. Throws UsageError unless exactly one is given.
  // `values`: of parameters, which a formula's guessed bounds must not refuse.
  Result<Law> load(const std::vector<std::string>& columns = {},
                   const std::map<std::string, double>& values = {}) const;
};

// The set of that name. Errors: kNotFound with those there are.
Result<const CoefficientSet*> find_set(const Law& law, const std::string& id);

// --at NAME=VALUE by role, where NAME is a role or a symbol of the law. Throws UsageError; errors: kNotFound.
Result<std::map<std::string, double>> read_variables(const Law& law, const std::vector<std::string>& at);

// Which law and which numbers in it: --coefficients SET, --fit FILE (what `fit --json` wrote), --param p=v.
struct InstanceOptions {
  LawOptions law;
  std::string coefficients, fit;
  std::vector<std::string> params;
  std::vector<std::string> at;  // --at NAME=VALUE

  void add_to(CLI::App& app, const std::string& at_help);
};

struct LoadedInstance {
  std::unique_ptr<const Law> law;
  LawInstance instance;              // with no context
  std::map<std::string, double> at;  // by role
  std::string numbers;               // where the numbers come from, for people: "besiroglu2024"
  FitScatter scatter;                // of the fit; empty where the numbers are not all from one
};

// The method that --interval asks for: none, unless the numbers are those of a fit that holds what it needs. Throws
// UsageError for a name that is none; errors: kInvalidArgument where the fit lacks it, saying how to get it.
Result<IntervalMethod> available_interval(const LoadedInstance& loaded, const std::string& name);

// Throws UsageError for options that contradict each other.
Result<LoadedInstance> load_instance(const InstanceOptions& options, const std::vector<std::string>& columns = {});

// {"params": 7e10}, by role; infinite values as "inf".
nlohmann::ordered_json at_json(const std::map<std::string, double>& at);

// law, formula, coefficients and parameters: what the numbers of an answer rest on.
void describe_instance(const LoadedInstance& loaded, nlohmann::ordered_json& json);

}  // namespace isoflop::cli
