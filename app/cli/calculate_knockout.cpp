// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "app/cli/calculate.h"
#include "app/cli/output.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/inference/knockout.h"

namespace isoflop::cli {
namespace {

struct Options {
  std::string p_generate, p_compare;
  std::int64_t candidates = 0, comparisons = 0, calls = 0;
  bool json = false;
};

Status run(const Options& options) {
  Knockout knockout{.p_generate = read_number(options.p_generate, "--p-gen"),
                    .p_compare = read_number(options.p_compare, "--p-comp"),
                    .candidates = options.candidates,
                    .comparisons = options.comparisons};
  const bool sized = options.candidates > 0 && options.comparisons > 0;
  if (sized == (options.calls > 0) || (options.calls > 0 && options.candidates + options.comparisons > 0))
    throw UsageError("give --candidates and --comparisons, or --calls for the best of both within so many calls");
  if (options.calls > 0) knockout.candidates = knockout.comparisons = 1;
  if (auto status = validate(knockout); !status) return status.error();
  if (options.calls > 0) knockout = best_knockout(knockout.p_generate, knockout.p_compare, options.calls);
  const double bound = failure_bound(knockout), exact = failure_probability(knockout);
  const auto n = static_cast<double>(knockout.candidates), k = static_cast<double>(knockout.comparisons);
  const double counted = n * (k + 1);
  if (options.json) {
    print_json({{"p_gen", knockout.p_generate},
                {"p_comp", knockout.p_compare},
                {"candidates", knockout.candidates},
                {"comparisons", knockout.comparisons},
                {"failure_bound", bound},
                {"failure_probability", exact},
                {"calls", calls(knockout)},
                {"calls_bound", counted}});
    return Done{};
  }
  std::cout << "Knockout of " << knockout.candidates << " answers with " << knockout.comparisons
            << " comparisons for each match\n";
  TextTable table({}, "<><");
  table.row({"fails at most", format_number(bound, 4), "(bound)"});
  table.row({"fails", format_number(exact, 4), "(exact, if all draws are independent)"});
  table.row({"calls", format_count(calls(knockout), 4), "N (K + 1) = " + format_count(counted, 4) + " as published"});
  std::cout << table.text();
  return Done{};
}

}  // namespace

Command add_calculate_knockout(CLI::App& calculate) {
  auto options = std::make_shared<Options>();
  CLI::App* app = calculate.add_subcommand("knockout", "how often a tournament among sampled answers fails");
  app->add_option("--p-gen", options->p_generate, "chance that an answer is right")->type_name("P")->required();
  app->add_option("--p-comp", options->p_compare, "chance that a comparison names the right one")
      ->type_name("P")
      ->required();
  constexpr std::int64_t kMost = 1'000'000'000'000;
  whole_number<std::int64_t>(*app, "--candidates", options->candidates, 1, kMost, "answers sampled");
  whole_number<std::int64_t>(*app, "--comparisons", options->comparisons, 1, 1'000'000, "comparisons for each match");
  whole_number<std::int64_t>(*app, "--calls", options->calls, 1, 10'000'000, "budget: the best of both within it");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
