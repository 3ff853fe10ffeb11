// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/law_card.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/panels/checked_field.h"
#include "ui/panels/elided_label.h"
#include "ui/panels/law_summary.h"
#include "ui/panels/log_slider.h"
#include "ui/panels/number_text.h"
#include "ui/panels/parameter_grid.h"
#include "ui/panels/pill_strip.h"
#include "ui/panels/quantity_text.h"

namespace isoflop::ui {

LawCard::LawCard(const Appearance& appearance, Document& document, Analysis& analysis, int index, QWidget* parent)
    : Card(appearance, parent),
      document_(document),
      analysis_(analysis),
      index_(index),
      enabled_(new QCheckBox(this)),
      origin_(new QToolButton(this)),
      numbers_(new ParameterGrid(appearance, this)),
      status_(new ElidedLabel(this)),
      settings_(new ElidedLabel(this)),
      error_(new QLabel(this)),
      pills_(new PillStrip(appearance, this)) {
  const QString title = QString::fromStdString(choice().law->title);
  set_bar(Ink::law(choice().slot));
  set_tinted(false);
  setAccessibleName(title);
  setAccessibleDescription(QString::fromStdString(choice().law->summary));
  setToolTip(QString::fromStdString(choice().law->summary));
  enabled_->setText(title);
  enabled_->setFont(appearance.type().title);
  enabled_->setToolTip(tr("Draw %1").arg(title));
  origin_->setProperty("kind", "link");
  origin_->setPopupMode(QToolButton::InstantPopup);
  origin_->setMenu(new QMenu(origin_));
  origin_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
  status_->setProperty("role", "note");
  settings_->setProperty("role", "note");
  error_->setProperty("role", "error");
  error_->setWordWrap(true);

  auto* header = new QHBoxLayout;
  header->setSpacing(2);
  header->addWidget(enabled_);
  header->addStretch(1);
  header->addWidget(origin_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(14, 6, 6, 10);
  column->setSpacing(4);
  column->addLayout(header);
  column->addWidget(numbers_);
  column->addWidget(status_);
  column->addWidget(settings_);
  column->addWidget(error_);
  column->addWidget(pills_);
  if (choice().law->find_role("unique_tokens") != nullptr) column->addWidget(make_unique_tokens());

  connect(this, &Card::clicked, this, [this] { document_.set_focus(index_); });
  connect(enabled_, &QCheckBox::toggled, this, [this](bool on) { document_.set_law_enabled(index_, on); });
  connect(origin_->menu(), &QMenu::aboutToShow, this, &LawCard::fill_origin_menu);
  refresh();
}

QWidget* LawCard::make_unique_tokens() {
  auto* row = new QWidget(this);
  unique_tokens_text_ = new ElidedLabel(row);
  unique_tokens_text_->setProperty("role", "note");
  unique_tokens_ = new LogSlider(appearance(), kSmallestUniqueTokens, kLargestUniqueTokens, row);
  unique_tokens_->set_ink(Ink::law(choice().slot));
  unique_tokens_->set_unit(tr("tokens"));
  unique_tokens_->set_labels_visible(false);
  unique_tokens_->setAccessibleName(tr("Unique tokens"));
  unique_tokens_->setToolTip(
      tr("How many different tokens there are to train on; at the right end as many as one likes"));
  auto* line = new QVBoxLayout(row);
  line->setContentsMargins(0, 2, 6, 0);
  line->setSpacing(0);
  line->addWidget(unique_tokens_text_);
  line->addWidget(unique_tokens_);
  connect(unique_tokens_, &LogSlider::valueEdited, this, [this](double tokens) {
    const bool at_the_end = tokens >= kLargestUniqueTokens;
    document_.set_unique_tokens(at_the_end ? std::numeric_limits<double>::infinity() : tokens, Edit::kContinues);
  });
  connect(unique_tokens_, &LogSlider::dragStarted, &document_, &Document::finish_edit);
  connect(unique_tokens_, &LogSlider::dragFinished, &document_, &Document::finish_edit);
  connect(&document_, &Document::uniqueTokensChanged, this, &LawCard::show_unique_tokens);
  show_unique_tokens(document_.unique_tokens());
  return row;
}

void LawCard::show_unique_tokens(double tokens) {
  unique_tokens_->setValue(std::isfinite(tokens) ? tokens : kLargestUniqueTokens);
  unique_tokens_text_->setText(std::isfinite(tokens) ? tr("unique tokens %1").arg(count_text(tokens))
                                                     : tr("unique tokens: no limit"));
}

void LawCard::fill_origin_menu() {
  QMenu* menu = origin_->menu();
  menu->clear();
  auto* group = new QActionGroup(menu);
  const auto add = [&](const QString& text, const QString& tip, const std::string& set_id) {
    QAction* action = menu->addAction(text);
    action->setToolTip(tip);
    action->setCheckable(true);
    action->setChecked(choice().set_id == set_id);
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, set_id] { document_.set_law_set(index_, set_id); });
    return action;
  };
  menu->setToolTipsVisible(true);
  QAction* fit = add(tr("Fit to the runs"), {}, {});
  fit->setEnabled(document_.runs() != nullptr);
  if (!fit->isEnabled()) fit->setToolTip(tr("No runs are open"));
  menu->addSeparator();
  for (const CoefficientSet& set : choice().law->sets) {
    const QString detail = QString::fromStdString(set.note.empty() ? set.source : set.source + ". " + set.note);
    add(QString::fromStdString(set.label), detail, set.id);
  }
  menu->addSeparator();
  QAction* settings = menu->addAction(tr("Fit settings…"));
  settings->setEnabled(document_.runs() != nullptr);
  settings->setToolTip(settings->isEnabled() ? tr("Objective, held and tied parameters, bounds, priors, weights")
                                             : tr("No runs are open"));
  connect(settings, &QAction::triggered, this, &LawCard::fitSettingsRequested);
  QAction* edit = menu->addAction(tr("Edit law…"));
  edit->setToolTip(tr("A law of the library is copied first"));
  connect(edit, &QAction::triggered, this, &LawCard::editRequested);
  menu->addSeparator();
  connect(menu->addAction(tr("Remove %1").arg(QString::fromStdString(choice().law->title))), &QAction::triggered, this,
          [this] { document_.remove_law(index_); });
}

void LawCard::refresh() {
  const LawFitState fit = analysis_.fit_state(index_);
  using Stage = LawFitState::Stage;
  const bool fitted = choice().set_id.empty();
  enabled_->setChecked(choice().enabled);
  origin_->setText(law_origin(choice(), fit) + QStringLiteral(" ▾"));
  origin_->setAccessibleName(
      tr("Coefficients of %1: %2").arg(QString::fromStdString(choice().law->title), law_origin(choice(), fit)));
  set_picked(document_.focus() == index_ && document_.laws().size() > 1);

  const bool waiting = fitted && fit.fit == nullptr && (fit.stage == Stage::kNone || fit.stage == Stage::kFitting);
  const bool same =
      shown_ && shown_set_ == choice().set_id && shown_fit_ == fit.fit && shown_resamples_ == fit.resamples;
  // While a refit is under way the old numbers stand, greyed by the status below, rather than a hole.
  if (!same && !(waiting && document_.runs() != nullptr)) {
    numbers_->set_numbers(law_numbers(choice(), fit));
    shown_set_ = choice().set_id;
    shown_fit_ = fit.fit;
    shown_resamples_ = fit.resamples;
    shown_ = true;
  }
  numbers_->setEnabled(!waiting);

  QString status, error;
  if (!fitted) {
    if (const CoefficientSet* set = choice().law->find_set(choice().set_id))
      status = QString::fromStdString(set->label);
  } else if (document_.runs() == nullptr) {
    status = tr("no runs to fit it to");
  } else if (waiting) {
    status = tr("fitting…");
  } else if (fit.stage == Stage::kFailed) {
    error = error_sentence(Error{ErrorCode::kNumerical, fit.error, {}});
  } else if (fit.stage == Stage::kCancelled) {
    status = fit.fit == nullptr ? tr("fit cancelled") : tr("intervals cancelled");
  } else if (fit.fit != nullptr) {
    status = tr("objective %1, rms %2%").arg(number_text(fit.fit->objective)).arg(100 * fit.fit->rmse_log, 0, 'f', 2);
    if (fit.resamples == nullptr && fit.stage != Stage::kDone) status += tr(" · intervals…");
    if (fit.resamples == nullptr && fit.stage == Stage::kDone)
      error = tr("No intervals: %1").arg(QString::fromStdString(fit.error));
  }
  const QString settings =
      fitted ? describe_settings(choice().settings, *choice().law).join(QStringLiteral(" · ")) : QString();
  settings_->setText(settings);
  settings_->setVisible(!settings.isEmpty());
  status_->setText(status);
  status_->setVisible(!status.isEmpty());
  error_->setText(error);
  error_->setVisible(!error.isEmpty());
  show_pills();
}

QSize LawCard::minimumSizeHint() const {
  const int narrowest = Card::minimumSizeHint().width();
  return {narrowest, heightForWidth(std::max(width(), narrowest))};
}

void LawCard::show_extrapolation(double decades) {
  // Tenths of a decade are what the pill says.
  decades = decades < 0.05 ? 0 : std::round(decades * 10) / 10;
  if (decades == extrapolation_) return;
  extrapolation_ = decades;
  show_pills();
}

void LawCard::show_pills() {
  std::vector<Pill> pills;
  const LawFitState fit = analysis_.fit_state(index_);
  if (choice().set_id.empty() && fit.fit != nullptr) {
    for (const Finding& finding : fit.fit->findings) {
      pills.push_back(
          {finding_label(finding), QString::fromStdString(finding.message), finding.severity == Severity::kWarning});
    }
  }
  if (choice().enabled && choice().set_id.empty() && extrapolation_ > 0) {
    pills.push_back(
        {tr("beyond data by %1 decades").arg(extrapolation_, 0, 'f', 1),
         tr("The budget is %1 times the largest of the runs.").arg(number_plain(std::pow(10, extrapolation_), 2)),
         extrapolation_ >= 1});
  }
  pills_->set_pills(std::move(pills));
}

}  // namespace isoflop::ui
