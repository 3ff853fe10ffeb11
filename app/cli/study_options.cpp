// SPDX-License-Identifier: Apache-2.0
#include "app/cli/study_options.h"

#include <cmath>

#include "app/cli/command.h"
#include "app/cli/values.h"

namespace isoflop::cli {

void StudyOptions::add_to(CLI::App& app) {
  app.add_option("--response", response, "column that is predicted, if not the law's")->type_name("COLUMN");
  app.add_option("--objective", objective,
                 "log-huber, log-mse, log-mae, huber, mse or mae, if not the law's (log-huber)")
      ->type_name("NAME");
  app.add_option("--delta", delta, "of the Huber loss: residuals beyond it count linearly")
      ->type_name("X")
      ->capture_default_str();
  app.add_option("--weight", weight, "column of the runs' weights")->type_name("COLUMN");
  app.add_option("--cluster", cluster, "column that names runs which share noise, e.g. the seeds of one configuration")
      ->type_name("COLUMN");
  app.add_option("--seed", seed, "of searches, folds and resamples")->type_name("N")->capture_default_str();
  whole_number(app, "--threads", threads, 0, 4096, "if not all cores; results do not depend on it");
}

FitOptions StudyOptions::fit(const Law& law) const {
  FitOptions options{.seed = seed, .threads = threads};
  if (const std::string& name = objective.empty() ? law.objective : objective; !name.empty()) {
    const auto found = objective_from_name(name);
    if (!found) throw UsageError("--objective: " + found.error().message);
    options.objective = *found;
  }
  options.delta = read_number(delta, "--delta");
  if (!(options.delta > 0) || !std::isfinite(options.delta)) throw UsageError("--delta must be positive");
  return options;
}

void StudyOptions::describe(nlohmann::ordered_json& provenance) const {
  if (!weight.empty()) provenance["weight"] = weight;
  if (!cluster.empty()) provenance["cluster"] = cluster;
  provenance["seed"] = seed;
  provenance["version"] = ISOFLOP_VERSION;
}

}  // namespace isoflop::cli
