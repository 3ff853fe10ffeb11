// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/law_options.h"
#include "app/cli/output.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/frontier/allocation.h"
#include "core/frontier/quantities.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  InstanceOptions instance;
  std::string flops;
  std::string within = "0.005", interval;
  bool json = false;
};

std::string method_of(const LawInstance& instance) {
  if (instance.has_stated_frontier()) return "stated";
  if (!instance.law->frontier || instance.law->frontier->kind == LawFrontier::Kind::kStated) return "numerical";
  return instance.law->frontier->kind == LawFrontier::Kind::kFormula ? "formula" : "closed-form";
}

struct Intervals {
  std::optional<Interval> params, tokens, loss;  // all or none
};

Intervals intervals_of(const LoadedInstance& loaded, double flops, IntervalMethod method) {
  if (method == IntervalMethod::kNone) return {};
  const AllocationQuantities quantities = allocation_quantities(loaded.instance, flops);
  Intervals found{.params = loaded.scatter.interval(quantities.params, method),
                  .tokens = loaded.scatter.interval(quantities.tokens, method),
                  .loss = loaded.scatter.interval(quantities.loss, method)};
  return found.params && found.tokens && found.loss ? found : Intervals{};
}

Status run(const Options& options) {
  const double within = read_number(options.within, "--within");
  if (!(within > 0 && within < 1e6)) throw UsageError("--within must be a positive share, e.g. 0.005 for 0.5%");
  auto loaded = load_instance(options.instance);
  if (!loaded) return loaded.error();
  const auto budget = read_budget(options.flops);
  if (!budget) return budget.error();
  LawInstance& instance = loaded->instance;
  for (const auto& [role, value] : loaded->at) {
    if (role == "params" || role == "tokens" || role == "flops")
      throw UsageError("--at " + role + " has no place here: the budget decides it");
    instance.context[role] = value;
  }

  const auto point = allocate(instance, budget->flops);
  if (!point) return point.error();
  const bool stated = instance.has_stated_frontier();
  // The band is that of the surface, whose optimum a stated frontier is not, and which a law of sizes has not.
  std::optional<Interval> band;
  if (!stated && !instance.law->flops.steps().empty()) {
    const auto found = near_optimal_params(instance, budget->flops, within);
    if (!found) return found.error();
    band = *found;
  }
  std::vector<Finding> findings;
  if (point->at_edge)
    findings.push_back(Finding{.code = FindingCode::kOptimumAtEdge,
                               .message = "the loss falls up to the edge of the search: no best size between " +
                                          format_count(kSmallestParams) + " parameters and " +
                                          format_count(budget->flops / 6e3),
                               .subject = loaded->law->id,
                               .value = point->params});

  const auto method = available_interval(*loaded, options.interval);
  if (!method) return method.error();
  const Intervals intervals = intervals_of(*loaded, budget->flops, *method);

  if (options.json) {
    Json json;
    describe_instance(*loaded, json);
    json["at"] = at_json(loaded->at);
    json["flops"] = budget->flops;
    if (!budget->explanation.empty()) json["budget"] = budget->explanation;
    json["params"] = point->params;
    json["tokens"] = point->tokens;
    json["tokens_per_param"] = point->tokens / point->params;
    json["loss"] = point->loss;
    json["method"] = method_of(instance);
    if (intervals.params) {
      json["interval"] = interval_method_name(*method);
      json["ci95"] = {{"params", interval_json(*intervals.params)},
                      {"tokens", interval_json(*intervals.tokens)},
                      {"loss", interval_json(*intervals.loss)}};
    }
    if (band)
      json["band"] = {{"within", within}, {"params", interval_json(*band)}};
    else
      json["band"] = nullptr;
    json["note"] = stated ? loaded->law->frontier->note : "";
    json["findings"] = findings_json(findings);
    print_json(json);
    return Done{};
  }
  std::cout << loaded->law->title << ", " << loaded->numbers << "\n";
  if (!budget->explanation.empty()) std::cout << "  " << budget->explanation << "\n";
  TextTable table({}, "<><");
  table.row({"compute", format_number(budget->flops, 4), "FLOP"});
  for (const auto& [role, value] : loaded->at) table.row({role, format_count(value), ""});
  table.row(
      {"parameters", format_count(point->params),
       band ? fmt::format("{} within {}% of the best loss", count_interval_text(*band), format_number(100 * within, 3))
            : ""});
  table.row({"tokens", format_count(point->tokens),
             fmt::format("{} per parameter", format_number(point->tokens / point->params, 3))});
  if (std::isfinite(point->loss)) table.row({"loss", format_number(point->loss, 5), "nats per token"});
  if (intervals.params) {
    table.row({"95% intervals", interval_method_name(*method), ""});
    table.row({"  parameters", count_interval_text(*intervals.params), ""});
    table.row({"  tokens", count_interval_text(*intervals.tokens), ""});
    table.row({"  loss", interval_text(*intervals.loss), ""});
  }
  std::cout << table.text();
  if (stated)
    std::cout << (instance.law->flops.steps().empty()
                      ? "  The published frontier. "
                      : "  The published frontier, which is not the optimum of the law's own surface. ")
              << loaded->law->frontier->note << "\n";
  std::cout << findings_text(findings);
  return Done{};
}

}  // namespace

Command add_allocate(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("allocate", "compute-optimal parameters and tokens at a budget");
  app->add_option("--flops", options->flops,
                  "the budget: 5.76e23, \"6667 PF-days\", \"8 H100 30 d 40% MFU\", \"$10k on A100\"")
      ->type_name("BUDGET")
      ->required();
  options->instance.add_to(*app, "what else limits the run, e.g. unique_tokens=1.5B");
  app->add_option("--within", options->within, "share of the best loss for the band of sizes")
      ->type_name("X")
      ->capture_default_str();
  app->add_option("--interval", options->interval, "with --fit: 95% intervals by bootstrap or delta")
      ->type_name("METHOD");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
