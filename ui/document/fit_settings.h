// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <map>
#include <optional>
#include <string>

#include "core/fit/bootstrap.h"
#include "core/fit/fit.h"
#include "core/laws/law.h"
#include "core/runs/observations.h"

namespace isoflop::ui {

// How a law of the comparison is fitted to the runs, where that is not as usual.
struct FitSettings {
  std::optional<Objective> objective;  // none: what the law asks for
  double delta = 1e-3;
  std::map<std::string, double> fixed;
  std::map<std::string, std::string> ties;
  std::map<std::string, ParameterBounds> bounds;
  std::map<std::string, Prior> priors;
  std::string weight, cluster;  // columns of the runs; empty: none
  int resamples = 0;            // 0: as many as the window usually takes
  BootstrapKind bootstrap = BootstrapKind::kRuns;
};
bool operator==(const FitSettings& a, const FitSettings& b);

// What a fit of `law` minimises where nobody says.
Objective usual_objective(const Law& law);

FitOptions fit_options(const FitSettings& settings, const Law& law);
ObserveOptions observe_options(const FitSettings& settings);

// The settings that are not as usual, each in a few words: "β = α", "E held at 1.69", "clusters: seed". Empty where all
// are.
QStringList describe_settings(const FitSettings& settings, const Law& law);

// "Huber loss of the logarithm", "squared error" ...
QString objective_label(Objective objective);

}  // namespace isoflop::ui
