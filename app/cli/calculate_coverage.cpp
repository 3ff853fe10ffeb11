// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <iostream>
#include <memory>

#include "app/cli/calculate.h"
#include "app/cli/interrupt.h"
#include "app/cli/output.h"
#include "app/cli/progress.h"
#include "app/cli/runs_options.h"
#include "app/cli/table_options.h"
#include "app/cli/text_table.h"
#include "app/cli/values.h"
#include "core/base/quantity.h"
#include "core/inference/coverage.h"

namespace isoflop::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::string path, samples = "samples", correct = "correct", ks, predict;
  int resamples = 1000, threads = 0;
  std::uint64_t seed = 1;
  bool json = false;
};

Result<std::int64_t> whole(double value, const RunTable& table, std::size_t row, const std::string& column) {
  if (value >= 0 && value <= 1e15 && value == std::floor(value)) return static_cast<std::int64_t>(value);
  return Error{ErrorCode::kInvalidArgument, "\"" + column + "\" must be a whole number, not " + format_exact(value),
               Where{.file = table.source, .line = table.lines[row], .parameter = column}};
}

Result<std::vector<ProblemCount>> read_problems(const Options& options, const RunTable& table) {
  const auto samples = need_column(table, options.samples), correct = need_column(table, options.correct);
  if (!samples) return samples.error();
  if (!correct) return correct.error();
  std::vector<ProblemCount> problems;
  for (std::size_t i = 0; i < samples->size(); ++i) {
    const auto n = whole((*samples)[i], table, i, options.samples), c = whole((*correct)[i], table, i, options.correct);
    if (!n) return n.error();
    if (!c) return c.error();
    problems.push_back({*n, *c});
  }
  return problems;
}

Json points_json(const std::vector<CoveragePoint>& points) {
  Json json = Json::array();
  for (const CoveragePoint& point : points)
    json.push_back({{"k", point.k}, {"coverage", point.coverage}, {"ci95", interval_json(point.interval)}});
  return json;
}

Status run(const Options& options) {
  const auto table = read_table(options.path);
  if (!table) return table.error();
  const auto problems = read_problems(options, *table);
  if (!problems) return problems.error();
  CoverageOptions asked{.resamples = options.resamples, .seed = options.seed, .threads = options.threads};
  if (!options.ks.empty())
    for (const double k : read_list(options.ks, "--k")) asked.ks.push_back(std::llround(k));
  if (!options.predict.empty()) asked.predict = read_list(options.predict, "--predict");
  for (const double k : asked.predict)
    if (!(k >= 1 && std::isfinite(k))) throw UsageError("--predict takes numbers of samples of 1 or more");

  const Interrupt interrupt;
  Progress progress("resampling");
  const auto analysis = analyse_coverage(*problems, asked, {progress.reporter(), interrupt.token()});
  if (!analysis) return analysis.error();
  const CoverageLaw& law = analysis->law;
  if (options.json) {
    print_json({{"n_problems", problems->size()},
                {"measured", points_json(analysis->measured)},
                {"formula", "exp(a * k^b)"},
                {"parameters",
                 {{"a", {{"value", law.a}, {"ci95", interval_json(analysis->a)}}},
                  {"b", {{"value", law.b}, {"ci95", interval_json(analysis->b)}}}}},
                {"rmse_log", law.rmse_log},
                {"predicted", points_json(analysis->predicted)},
                {"provenance",
                 {{"version", ISOFLOP_VERSION},
                  {"file", table->source},
                  {"content_hash", table->content_hash},
                  {"seed", options.seed},
                  {"resamples", options.resamples}}}});
    return Done{};
  }
  std::cout << "Coverage of " << problems->size() << " problems, unbiased, with 95% intervals over problems\n";
  TextTable rows({"k", "pass@k", "95%", "law", ""}, ">><><");
  const auto add = [&](const CoveragePoint& point, const char* note) {
    rows.row({format_count(point.k), note[0] == 0 ? format_number(point.coverage, 4) : "",
              interval_text(point.interval), format_number(coverage_at(law, point.k), 4), note});
  };
  for (const CoveragePoint& point : analysis->measured) add(point, "");
  for (const CoveragePoint& point : analysis->predicted) add(point, "by the law");
  std::cout << rows.text() << "  exp(a k^b): a " << format_number(law.a, 4) << " (" << interval_text(analysis->a)
            << "), b " << format_number(law.b, 4) << " (" << interval_text(analysis->b) << ")\n";
  return Done{};
}

}  // namespace

Command add_calculate_coverage(CLI::App& calculate) {
  auto options = std::make_shared<Options>();
  CLI::App* app = calculate.add_subcommand("coverage", "pass@k without bias from counts, and its law exp(a k^b)");
  app->add_option("problems", options->path, "a table with a row for each problem")->type_name("FILE")->required();
  app->add_option("--samples", options->samples, "column: how often the problem was tried")
      ->type_name("COLUMN")
      ->capture_default_str();
  app->add_option("--correct", options->correct, "column: how often it was solved")
      ->type_name("COLUMN")
      ->capture_default_str();
  app->add_option("--k", options->ks, "numbers of tries; powers of two unless given")->type_name("A,B,...");
  app->add_option("--predict", options->predict, "further numbers of tries, by the law")->type_name("A,B,...");
  whole_number(*app, "--bootstrap", options->resamples, 1, 1'000'000, "resamples of problems")->capture_default_str();
  app->add_option("--seed", options->seed, "of the resampling")->type_name("N")->capture_default_str();
  whole_number(*app, "--threads", options->threads, 0, 4096, "0: all cores; the answer is the same");
  app->add_flag("--json", options->json, "print JSON");
  return {app, [=] { return run(*options); }};
}

}  // namespace isoflop::cli
