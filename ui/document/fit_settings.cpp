// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/fit_settings.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "core/formula/typeset.h"
#include "ui/panels/number_text.h"

namespace isoflop::ui {
namespace {

struct Text {
  Q_DECLARE_TR_FUNCTIONS(FitSettings)
};

QString number(double value) {
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  return number_plain(value, 4);
}

QString symbol(const Law& law, const std::string& name) {
  const int index = law.parameter_index(name);
  return QString::fromStdString(index < 0 ? name : law.parameters[static_cast<std::size_t>(index)].symbol);
}

template <class Map, class Same>
bool same_maps(const Map& a, const Map& b, Same same) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

}  // namespace

bool operator==(const FitSettings& a, const FitSettings& b) {
  return a.objective == b.objective && a.delta == b.delta && a.fixed == b.fixed && a.ties == b.ties &&
         same_maps(a.bounds, b.bounds,
                   [](const ParameterBounds& x, const ParameterBounds& y) {
                     return x.lower == y.lower && x.upper == y.upper;
                   }) &&
         same_maps(a.priors, b.priors,
                   [](const Prior& x, const Prior& y) {
                     return x.kind == y.kind && x.centre == y.centre && x.spread == y.spread;
                   }) &&
         a.weight == b.weight && a.cluster == b.cluster && a.resamples == b.resamples && a.bootstrap == b.bootstrap;
}

Objective usual_objective(const Law& law) {
  const auto named = objective_from_name(law.objective);
  return named ? *named : Objective::kLogHuber;
}

FitOptions fit_options(const FitSettings& settings, const Law& law) {
  FitOptions options;
  options.objective = settings.objective.value_or(usual_objective(law));
  options.delta = settings.delta;
  options.fixed = settings.fixed;
  options.ties = settings.ties;
  options.bounds = settings.bounds;
  options.priors = settings.priors;
  return options;
}

ObserveOptions observe_options(const FitSettings& settings) {
  return {.weight = settings.weight, .cluster = settings.cluster};
}

QString objective_label(Objective objective) {
  switch (objective) {
    case Objective::kLogHuber:
      return Text::tr("Huber loss of log");
    case Objective::kLogMse:
      return Text::tr("squared error of log");
    case Objective::kLogMae:
      return Text::tr("absolute error of log");
    case Objective::kHuber:
      return Text::tr("Huber loss");
    case Objective::kMse:
      return Text::tr("squared error");
    case Objective::kMae:
      return Text::tr("absolute error");
  }
  return {};
}

QStringList describe_settings(const FitSettings& settings, const Law& law) {
  QStringList notes;
  if (settings.objective && *settings.objective != usual_objective(law)) notes << objective_label(*settings.objective);
  if (settings.delta != FitSettings().delta) notes << Text::tr("δ = %1").arg(number(settings.delta));
  for (const auto& [name, formula] : settings.ties) {
    const auto expression = parse_expression(formula);
    notes << QStringLiteral("%1 = %2").arg(symbol(law, name),
                                           QString::fromStdString(expression ? to_unicode(*expression) : formula));
  }
  for (const auto& [name, value] : settings.fixed)
    notes << Text::tr("%1 held at %2").arg(symbol(law, name), number(value));
  for (const auto& [name, bounds] : settings.bounds) {
    notes << Text::tr("%1 in [%2, %3]").arg(symbol(law, name), number(bounds.lower), number(bounds.upper));
  }
  for (const auto& [name, prior] : settings.priors) {
    const QString text =
        prior.kind == Prior::Kind::kNormal ? Text::tr("%1 ~ normal(%2, %3)") : Text::tr("%1 ~ lognormal(%2, %3)");
    notes << text.arg(symbol(law, name), number(prior.centre), number(prior.spread));
  }
  if (!settings.weight.empty()) notes << Text::tr("weights: %1").arg(QString::fromStdString(settings.weight));
  if (!settings.cluster.empty()) notes << Text::tr("clusters: %1").arg(QString::fromStdString(settings.cluster));
  if (settings.bootstrap == BootstrapKind::kResidual) notes << Text::tr("residuals resampled");
  if (settings.resamples > 0) notes << Text::tr("%1 resamples").arg(settings.resamples);
  return notes;
}

}  // namespace isoflop::ui
