// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/sensitivity_page.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/formula/typeset.h"
#include "ui/panels/quantity_text.h"
#include "ui/plots/choice_plot.h"
#include "ui/plots/scene_series.h"

namespace isoflop::ui {
namespace {

constexpr double kWidth95 = 1.96;
// An interval much wider than the choices reach is cut at the edge of the axis.
constexpr double kMostErrors = 3;

QComboBox* new_box(QWidget* parent, const QString& name, const QString& tip) {
  auto* box = new QComboBox(parent);
  box->setAccessibleName(name);
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  return box;
}

bool in_grid(const Sensitivity& result, const SensitivityCell& cell) {
  for (std::size_t g = 0; g < cell.choice.size(); ++g)
    if (cell.choice[g] >= 0 && !result.groups[g].in_grid) return false;
  return true;
}

QString value_text(const TrackedSpread& spread, double value) {
  return spread.logarithmic ? count_text(value) : number_text(value);
}

// "α = β" for "alpha = beta", "α" for "alpha"; names of other kinds as they are.
QString symbols(const std::string& name) {
  const auto equals = name.find(" = ");
  if (equals != std::string::npos)
    return QString::fromStdString(unicode_symbol(name.substr(0, equals)) + " = " +
                                  unicode_symbol(name.substr(equals + 3)));
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; });
  return QString::fromStdString(plain ? unicode_symbol(name) : name);
}

// To the third decimal, as the values themselves.
QString difference_text(double range) {
  const QString text = QString::number(range, 'f', 3);
  return text.startsWith('0') && range >= 5e-4 && range < 100 ? text.mid(1) : number_text(range, 2);
}

// What a quantity is: its symbol, and in words.
QString meaning(const Law& law, const std::string& name) {
  for (const DerivedQuantity& derived : law.derived)
    if (derived.name == name)
      return QStringLiteral("%1, %2").arg(symbols(name), QString::fromStdString(derived.meaning));
  if (const int j = law.parameter_index(name); j >= 0)
    return QStringLiteral("%1, %2").arg(symbols(name),
                                        QString::fromStdString(law.parameters[static_cast<std::size_t>(j)].meaning));
  return SensitivityPage::tr("%1, best number of parameters of the budget").arg(symbols(name));
}

Interval interval_of(const TrackedSpread& spread, const SensitivityCell& cell, std::size_t tracked) {
  if (cell.intervals[tracked]) return *cell.intervals[tracked];
  const double value = cell.values[tracked], error = kWidth95 * cell.standard_errors[tracked];
  if (!spread.logarithmic) return {value - error, value + error};
  return {value * std::pow(10, -error), value * std::pow(10, error)};
}

}  // namespace

SensitivityPage::SensitivityPage(const Appearance& appearance, Document& document, QWidget* parent)
    : StudyPage(appearance, document, parent), plot_(new ChoicePlot(appearance)), details_(new QLabel) {
  setAccessibleName(tr("Sensitivity of an estimate"));
  column().addWidget(plot_, 1);
  details_->setObjectName("choice-details");
  details_->setTextFormat(Qt::RichText);
  details_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  details_->setWordWrap(true);
  column().addWidget(details_);
  connect(plot_, &ChoicePlot::chosenChanged, this, &SensitivityPage::show_details);
  connect(&document, &Document::focusChanged, this, [this] {
    if (law_ == nullptr) changed();
  });
  connect(&document, &Document::budgetChanged, this, [this] {
    if (tracked_.starts_with("N*")) changed();
  });
}

QWidget* SensitivityPage::new_law_selector(QWidget* parent) {
  law_box_ = new_box(parent, tr("Law"), tr("The law whose estimates are watched"));
  law_box_->setObjectName("sensitivity-law");
  connect(law_box_, &QComboBox::activated, this, &SensitivityPage::setLaw);
  return law_box_;
}

QWidget* SensitivityPage::new_tracked_selector(QWidget* parent) {
  tracked_box_ = new_box(parent, tr("Quantity"), tr("The quantity that is watched"));
  tracked_box_->setObjectName("sensitivity-tracked");
  connect(tracked_box_, &QComboBox::activated, this, &SensitivityPage::setTracked);
  return tracked_box_;
}

void SensitivityPage::setLaw(int index) {
  const std::vector<StudiedLaw> laws = studied_laws(document());
  if (index < 0 || index >= static_cast<int>(laws.size())) return;
  law_ = laws[static_cast<std::size_t>(index)].law;
  settings_ = laws[static_cast<std::size_t>(index)].settings;
  changed();
}

void SensitivityPage::setTracked(int index) {
  if (shown_ == nullptr || !shown_->result || index < 0 || index >= static_cast<int>(shown_->result->spreads.size()))
    return;
  const bool budget = shown_->inputs.budget != document().budget();
  tracked_ = shown_->result->spreads[static_cast<std::size_t>(index)].name;
  show_tracked();
  if (budget && tracked_.starts_with("N*")) changed();
}

void SensitivityPage::restart() {
  if (!require_runs_and_laws(tr("A law is fitted in every way that one might have chosen, to see how far its numbers "
                                "move"))) {
    shown_.reset();
    return;
  }
  const std::vector<StudiedLaw> laws = studied_laws(document());
  const auto wanted = [&](const StudiedLaw& law) { return law.law == law_ && law.settings == settings_; };
  auto at = std::find_if(laws.begin(), laws.end(), wanted);
  if (at == laws.end()) {
    law_.reset();
    const auto& all = document().laws();
    const auto focus = static_cast<std::size_t>(document().focus());
    at = laws.begin();
    for (auto it = laws.begin(); focus < all.size() && it != laws.end(); ++it)
      if (it->law == all[focus].law && it->settings == all[focus].settings) at = it;
  }
  if (law_box_ != nullptr) {
    law_box_->clear();
    for (const StudiedLaw& law : laws) law_box_->addItem(QString::fromStdString(law.label));
    law_box_->setCurrentIndex(static_cast<int>(at - laws.begin()));
  }
  SensitivityInputs inputs{document().runs(), *at, document().budget()};
  study().start([this, inputs = std::move(inputs)](const Control& control) -> std::function<void()> {
    auto shown = std::make_shared<const ShownSensitivity>(run_sensitivity(inputs, control));
    return [this, shown] { show_sensitivity(shown); };
  });
}

void SensitivityPage::show_sensitivity(std::shared_ptr<const ShownSensitivity> shown) {
  shown_ = std::move(shown);
  if (!shown_->result) {
    show_empty(tr("%1 cannot be fitted to these runs").arg(QString::fromStdString(shown_->inputs.law.label)),
               QString::fromStdString(shown_->result.error().message));
    return;
  }
  const Sensitivity& result = *shown_->result;
  if (tracked_box_ != nullptr) {
    tracked_box_->clear();
    for (const TrackedSpread& spread : result.spreads) tracked_box_->addItem(symbols(spread.name));
  }
  show_tracked();
  emit noteChanged(tr("%n fit(s)", nullptr, static_cast<int>(result.refits)));
  show_result();
}

void SensitivityPage::show_tracked() {
  const Sensitivity& result = *shown_->result;
  std::size_t tracked = 0;
  for (std::size_t t = 0; t < result.spreads.size(); ++t) {
    // The budget in the name of N* moves on.
    const std::string& name = result.spreads[t].name;
    if (name == tracked_ || (name.starts_with("N*") && tracked_.starts_with("N*"))) tracked = t;
  }
  if (tracked_box_ != nullptr) tracked_box_->setCurrentIndex(static_cast<int>(tracked));
  const TrackedSpread& spread = result.spreads[tracked];
  const QString name = symbols(spread.name);

  std::vector<ChoiceRow> rows;
  const auto add = [&](std::size_t index, const QString& label) {
    const SensitivityCell& cell = result.single[index];
    ChoiceRow row{.name = label,
                  .note = {},
                  .value = kNoValue,
                  .lower = kNoValue,
                  .upper = kNoValue,
                  .value_text = {},
                  .tip = {},
                  .failure = {},
                  .id = static_cast<int>(index)};
    if (cell.failure || !std::isfinite(cell.values[tracked])) {
      row.failure = cell.failure ? QString::fromStdString(cell.failure->message) : tr("no finite value");
      row.tip = row.failure;
    } else {
      const Interval interval = interval_of(spread, cell, tracked);
      row.value = cell.values[tracked];
      row.lower = interval.lower;
      row.upper = interval.upper;
      row.value_text = value_text(spread, row.value);
      row.tip = tr("%1: %2 = %3 on %n run(s)", nullptr, static_cast<int>(cell.n_runs)).arg(label, name, row.value_text);
      if (std::isfinite(row.lower) && std::isfinite(row.upper))
        row.tip += tr(", 95% interval %1 to %2").arg(value_text(spread, row.lower), value_text(spread, row.upper));
    }
    rows.push_back(std::move(row));
  };
  add(0, tr("baseline"));
  for (const Effect& effect : spread.effects) {
    const ChoiceGroup& group = result.groups[effect.group];
    const QString range = spread.logarithmic
                              ? tr("moves it by a factor of %1").arg(number_text(std::pow(10, effect.range)))
                              : tr("moves it by %1").arg(difference_text(effect.range));
    rows.push_back({.heading = true,
                    .name = QString::fromStdString(group.name),
                    .note = tr("%1; baseline: %2").arg(range, QString::fromStdString(group.baseline)),
                    .value_text = {},
                    .tip = {},
                    .failure = {}});
    for (std::size_t i = 1; i < result.single.size(); ++i) {
      const int choice = result.single[i].choice[effect.group];
      if (choice >= 0)
        add(i, group.name == "exponents"
                   ? symbols(group.choices[static_cast<std::size_t>(choice)].name)
                   : QString::fromStdString(group.choices[static_cast<std::size_t>(choice)].name));
    }
  }

  // Single starts may end anywhere: they do not decide what the axis spans.
  Extent reach;
  const auto put = [&](double value) { reach.add(spread.logarithmic ? std::log10(value) : value); };
  for (const SensitivityCell& cell : result.single)
    if (!cell.failure && in_grid(result, cell)) put(cell.values[tracked]);
  if (std::isfinite(spread.standard_error)) {
    const double centre = spread.logarithmic ? std::log10(spread.baseline) : spread.baseline;
    const double most = kMostErrors * spread.standard_error;
    const double width = reach.empty() ? most : std::max(reach.upper() - reach.lower(), 1e-12);
    reach.add(centre - std::min(most, width));
    reach.add(centre + std::min(most, width));
  }
  AxisRange range{0, 1};
  if (!reach.empty()) {
    const double pad = std::max(0.06 * (reach.upper() - reach.lower()), 1e-6 * std::max(1.0, std::abs(reach.upper())));
    range = {reach.lower() - pad, reach.upper() + pad};
    if (spread.logarithmic) range = {std::pow(10, range.lower), std::pow(10, range.upper)};
  }
  const AxisSpec axis{meaning(*shown_->inputs.law.law, spread.name),
                      spread.logarithmic ? AxisScale::kLog : AxisScale::kLinear,
                      spread.logarithmic ? AxisFormat::kCount : AxisFormat::kNumber};
  plot_->set_rows(std::move(rows), axis, range, spread.baseline);

  const Effect* first = spread.effects.empty() ? nullptr : &spread.effects.front();
  QString text = tr("%1 lies between %2 and %3 over these choices; the baseline has %4.")
                     .arg(name, value_text(spread, spread.least), value_text(spread, spread.greatest),
                          value_text(spread, spread.baseline));
  if (first != nullptr && result.groups[first->group].in_grid)
    text += ' ' + tr("The choice of %1 moves it most.").arg(QString::fromStdString(result.groups[first->group].name));
  set_sentence(text);
  std::vector<Finding> findings;
  for (const Finding& finding : result.findings)
    if (finding.message.starts_with(spread.name + " ") || finding.code == FindingCode::kNotConverged ||
        (finding.code == FindingCode::kStartsDisagree && finding.subject == spread.name))
      findings.push_back(finding);
  set_findings(findings);
  show_details();
}

QString SensitivityPage::details() const {
  return details_->text();
}

// The estimates under the choice, over those of the baseline.
void SensitivityPage::show_details() {
  const int id = plot_->chosen();
  if (shown_ == nullptr || !shown_->result || id < 0 || id >= static_cast<int>(shown_->result->single.size()) ||
      shown_->result->single[static_cast<std::size_t>(id)].failure) {
    details_->setText(QStringLiteral("<span style='color:%1'>%2</span>")
                          .arg(appearance().theme().secondary.name(), tr("Click a choice to see its estimates.")));
    return;
  }
  const Sensitivity& result = *shown_->result;
  const SensitivityCell& cell = result.single[static_cast<std::size_t>(id)];
  const SensitivityCell& baseline = result.single.front();
  QString head, before, after;
  const auto add = [&](const QString& name, const QString& was, const QString& is) {
    const QString pattern = QStringLiteral("<td align=right style='padding-left:14px'>%1</td>");
    head += pattern.arg(
        QStringLiteral("<span style='color:%1'>%2</span>").arg(appearance().theme().secondary.name(), name));
    before += pattern.arg(was);
    after += pattern.arg(is);
  };
  for (std::size_t j = 0; j < result.baseline.names.size(); ++j)
    add(QString::fromStdString(unicode_symbol(result.baseline.names[j])).toHtmlEscaped(),
        number_text(baseline.theta[j]), number_text(cell.theta[j]));
  add(tr("runs"), QString::number(baseline.n_runs), QString::number(cell.n_runs));
  add(tr("rms error"), QString::number(100 * baseline.rmse_log, 'f', 2) + '%',
      QString::number(100 * cell.rmse_log, 'f', 2) + '%');
  QString name = tr("baseline");
  for (const ChoiceRow& row : plot_->rows())
    if (row.id == id) name = row.name;
  QString rows = QStringLiteral("<tr><td></td>%1</tr><tr><td>%2</td>%3</tr>").arg(head, tr("baseline"), before);
  if (id != 0) rows += QStringLiteral("<tr><td><b>%1</b></td>%2</tr>").arg(name.toHtmlEscaped(), after);
  details_->setText(QStringLiteral("<table cellspacing=0 cellpadding=1>%1</table>").arg(rows));
}

}  // namespace isoflop::ui
