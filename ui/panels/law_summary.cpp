// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/law_summary.h"

#include <QCoreApplication>
#include <cmath>
#include <span>

#include "core/formula/scalar.h"
#include "core/formula/typeset.h"
#include "ui/panels/quantity_text.h"

namespace isoflop::ui {
namespace {

struct Text {
  Q_DECLARE_TR_FUNCTIONS(LawSummary)
};

QString three_digits(double value) {
  return number_text(value, 3);
}

QString in_brackets(std::vector<double> sample) {
  return sample.empty() ? QString() : interval_text(percentile_interval(std::move(sample)), three_digits);
}

QString text(const std::string& s) {
  return QString::fromStdString(s);
}

}  // namespace

std::vector<LawNumber> law_numbers(const LawChoice& choice, const LawFitState& fit) {
  const Law& law = *choice.law;
  std::vector<LawNumber> numbers;
  std::vector<double> theta;
  const CoefficientSet* set = nullptr;
  const Bootstrap* resamples = nullptr;
  if (!choice.set_id.empty()) {
    set = law.find_set(choice.set_id);
    if (set != nullptr) theta = set->values;
  } else if (fit.fit != nullptr) {
    theta = fit.fit->theta;
    resamples = fit.resamples.get();
  }
  if (theta.empty()) return numbers;

  const auto over_resamples = [&](const auto& quantity) {
    std::vector<double> sample;
    if (resamples == nullptr) return sample;
    sample.reserve(static_cast<std::size_t>(resamples->resamples()));
    for (int i = 0; i < resamples->resamples(); ++i) sample.push_back(quantity(resamples->sample(i)));
    return sample;
  };
  for (std::size_t i = 0; i < law.parameters.size(); ++i) {
    const LawParameter& parameter = law.parameters[i];
    LawNumber number{.symbol = text(parameter.symbol),
                     .value = three_digits(theta[i]),
                     .spread = {},
                     .tip = text(parameter.meaning)};
    number.spread = in_brackets(over_resamples([i](std::span<const double> sample) { return sample[i]; }));
    if (set != nullptr && i < set->standard_errors.size() && std::isfinite(set->standard_errors[i])) {
      number.spread = QStringLiteral("± %1").arg(number_text(set->standard_errors[i], 2));
    }
    numbers.push_back(std::move(number));
  }
  for (const DerivedQuantity& derived : law.derived) {
    LawNumber number{.symbol = text(derived.symbol),
                     .value = three_digits(evaluate_scalar(derived.formula, theta)),
                     .spread = {},
                     .tip = text(derived.meaning)};
    number.spread = in_brackets(
        over_resamples([&](std::span<const double> sample) { return evaluate_scalar(derived.formula, sample); }));
    numbers.push_back(std::move(number));
  }
  if (set != nullptr) {
    for (const auto& [name, value] : set->frontier) {
      numbers.push_back({.symbol = text(unicode_symbol(name)),
                         .value = three_digits(value),
                         .spread = {},
                         .tip = Text::tr("of the published frontier")});
    }
  }
  return numbers;
}

QString law_origin(const LawChoice& choice, const LawFitState& fit) {
  if (!choice.set_id.empty()) {
    const CoefficientSet* set = choice.law->find_set(choice.set_id);
    // Sets are named by author and year: "hoffmann2022-unrounded".
    QString year;
    for (const QChar c : QString::fromStdString(set == nullptr ? std::string() : set->id)) {
      if (c.isDigit())
        year += c;
      else if (year.size() >= 4)
        break;
      else
        year.clear();
    }
    return year.size() == 4 ? Text::tr("published, %1").arg(year) : Text::tr("published");
  }
  using Stage = LawFitState::Stage;
  if (fit.stage == Stage::kFailed) return Text::tr("no fit");
  if (fit.fit != nullptr) return Text::tr("fitted to %n run(s)", nullptr, static_cast<int>(fit.fit->n_runs));
  return fit.stage == Stage::kCancelled ? Text::tr("fit cancelled") : Text::tr("fit to the runs");
}

QString finding_label(const Finding& finding) {
  switch (finding.code) {
    case FindingCode::kStartsDisagree:
      return Text::tr("starts disagree");
    case FindingCode::kFlatValley:
      return finding.subject.empty() ? Text::tr("flat valley")
                                     : Text::tr("flat valley: %1").arg(text(unicode_symbol(finding.subject)));
    case FindingCode::kParameterAtBound:
      return Text::tr("%1 at its bound").arg(text(unicode_symbol(finding.subject)));
    case FindingCode::kIllConditioned:
      return Text::tr("parameters trade off");
    case FindingCode::kCollinear:
      return Text::tr("N and D collinear");
    case FindingCode::kTooFewRuns:
      return Text::tr("too few runs");
    case FindingCode::kTooFewBudgets:
      return Text::tr("too few budgets");
    case FindingCode::kNoInteriorMinimum:
      return Text::tr("no interior minimum");
    case FindingCode::kParabolaOpensDown:
      return Text::tr("parabola opens down");
    case FindingCode::kOptimumAtEdge:
      return Text::tr("optimum at the edge");
    case FindingCode::kExtrapolation:
      return Text::tr("beyond data by %1 decades").arg(finding.value, 0, 'f', 1);
    case FindingCode::kNotConverged:
      return Text::tr("not converged");
    case FindingCode::kWithinNoise:
      return Text::tr("within the noise");
    case FindingCode::kSystematicError:
      return Text::tr("predictions are off to one side");
    case FindingCode::kRankingsDisagree:
      return Text::tr("rankings disagree");
    case FindingCode::kSensitiveChoice:
      return Text::tr("depends on a choice");
  }
  return {};
}

}  // namespace isoflop::ui
