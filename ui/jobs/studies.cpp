// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/studies.h"

#include <algorithm>
#include <cmath>

#include "core/fit/sensitivity_choices.h"
#include "core/frontier/tracking.h"

namespace isoflop::ui {
namespace {

constexpr int kFolds = 10, kResamples = 1000, kResamplesPerChoice = 200;

}  // namespace

std::vector<StudiedLaw> studied_laws(const Document& document) {
  std::vector<StudiedLaw> laws;
  for (const LawChoice& choice : document.laws()) {
    StudiedLaw law{choice.law, choice.slot, choice.settings, choice.law->title};
    const bool known = std::any_of(laws.begin(), laws.end(), [&](const StudiedLaw& other) {
      return other.law == law.law && other.settings == law.settings;
    });
    if (!known) laws.push_back(std::move(law));
  }
  for (StudiedLaw& law : laws) {
    const QString how = describe_settings(law.settings, *law.law).join(QStringLiteral(", "));
    const auto same =
        std::count_if(laws.begin(), laws.end(), [&](const StudiedLaw& other) { return other.law == law.law; });
    if (same > 1 && !how.isEmpty()) law.label += " (" + how.toStdString() + ")";
  }
  return laws;
}

ShownComparison run_comparison(ComparisonInputs inputs, const Control& control) {
  ShownComparison shown{.inputs = std::move(inputs), .law_slots = {}, .params = {}, .tokens = {}};
  std::vector<isoflop::ComparedLaw> laws;
  ComparisonOptions options{.hold_out = shown.inputs.hold_out, .folds = kFolds, .resamples = kResamples};
  for (const StudiedLaw& law : shown.inputs.laws) {
    laws.push_back({law.law.get(), fit_options(law.settings, *law.law), law.label});
    const ObserveOptions observe = observe_options(law.settings);
    if (options.observe.weight.empty()) options.observe.weight = observe.weight;
    if (options.observe.cluster.empty()) options.observe.cluster = observe.cluster;
  }
  shown.result = compare_laws(*shown.inputs.runs, laws, options, control);
  if (!shown.result) return shown;
  for (const ComparedFit& fit : shown.result->laws)
    for (const StudiedLaw& law : shown.inputs.laws)
      if (law.label == fit.label && law.law->id == fit.law_id) {
        shown.law_slots.push_back(law.slot);
        break;
      }
  for (const auto& [name, values] : {std::pair{"params", &shown.params}, std::pair{"tokens", &shown.tokens}}) {
    const auto column = shown.inputs.runs->numbers(name);
    if (column.empty()) continue;
    for (const std::size_t row : shown.result->rows) values->push_back(column[row]);
  }
  return shown;
}

ShownSensitivity run_sensitivity(SensitivityInputs inputs, const Control& control) {
  ShownSensitivity shown{.inputs = std::move(inputs)};
  const Law& law = *shown.inputs.law.law;
  const SensitivityOptions options{.fit = fit_options(shown.inputs.law.settings, law),
                                   .observe = observe_options(shown.inputs.law.settings),
                                   .resamples = kResamplesPerChoice};
  std::vector<Tracked> tracked;
  for (const DerivedQuantity& derived : law.derived)
    if (auto one = track(law, derived.name)) tracked.push_back(*std::move(one));
  if (law.find_role("params") != nullptr && law.find_role("tokens") != nullptr)
    tracked.push_back(track_params_at(law, {}, shown.inputs.budget));
  for (const LawParameter& parameter : law.parameters)
    if (auto one = track(law, parameter.name)) tracked.push_back(*std::move(one));
  auto groups = suggest_choices(law, *shown.inputs.runs, options);
  shown.result = groups ? sensitivity(law, *shown.inputs.runs, *std::move(groups), tracked, options, control)
                        : Result<Sensitivity>(groups.error());
  return shown;
}

}  // namespace isoflop::ui
