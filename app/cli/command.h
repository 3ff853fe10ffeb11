// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace isoflop::cli {

// A mistake in how the command was written: exit code 2. Other failures are Errors: exit code 1.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What a subcommand does once its options are read. The Status of a failure carries the sentence for stderr.
struct Command {
  CLI::App* app;
  std::function<Status()> run;
};

// Each adds its subcommand to the program, with storage for its options kept by `run`.
Command add_laws(CLI::App& program);
Command add_import(CLI::App& program);
Command add_fit(CLI::App& program);
Command add_predict(CLI::App& program);
Command add_allocate(CLI::App& program);
Command add_compare(CLI::App& program);
Command add_sensitivity(CLI::App& program);
Command add_envelope(CLI::App& program);
Command add_isoflop(CLI::App& program);
Command add_pareto(CLI::App& program);
Command add_simulate(CLI::App& program);
Command add_calculate(CLI::App& program);
Command add_curve(CLI::App& program);
Command add_chain(CLI::App& program);

// An option that may be repeated and takes one value each time; `type` is what the help calls the value.
inline CLI::Option* repeatable(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                               const std::string& type, const std::string& help) {
  return app.add_option(name, values, help)->allow_extra_args(false)->type_name(type);
}

// An option for a whole number within bounds.
template <class T>
CLI::Option* whole_number(CLI::App& app, const std::string& name, T& value, T least, T most, const std::string& help) {
  return app.add_option(name, value, help)->check(CLI::Range(least, most).description(""))->type_name("N");
}

}  // namespace isoflop::cli
