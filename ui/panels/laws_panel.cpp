// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/laws_panel.h"

#include <QAction>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <tuple>

#include "ui/panels/empty_state.h"
#include "ui/panels/law_card.h"

namespace isoflop::ui {

LawsPanel::LawsPanel(const Appearance& appearance, Document& document, Analysis& analysis, QAction* add_law,
                     QAction* new_law, QWidget* parent)
    : Panel(appearance, tr("Laws"), parent),
      appearance_(appearance),
      document_(document),
      analysis_(analysis),
      body_(new QWidget),
      scroll_(new QScrollArea) {
  const std::tuple<QAction*, QString, QString> links[] = {{new_law, tr("new law"), tr("New law")},
                                                          {add_law, tr("+ add"), tr("Add a law")}};
  for (const auto& [action, text, name] : links) {
    auto* link = new QToolButton;
    link->setText(text);
    link->setAccessibleName(name);
    link->setToolTip(action->toolTip());
    link->setProperty("kind", "link");
    connect(link, &QToolButton::clicked, action, &QAction::trigger);
    add_header_widget(link);
  }
  empty_ =
      new EmptyState(tr("No laws to compare"), tr("A law says what loss a model of some size reaches on some tokens."));
  QPushButton* first = empty_->add_action(tr("Add a law"));
  connect(first, &QPushButton::clicked, add_law, &QAction::trigger);
  column_ = new QVBoxLayout(body_);
  column_->setContentsMargins(0, 0, 2, 0);
  column_->setSpacing(8);
  column_->addWidget(empty_, 1);
  column_->addStretch(1);
  scroll_->setWidgetResizable(true);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setFocusPolicy(Qt::NoFocus);
  scroll_->setWidget(body_);
  body_->setAutoFillBackground(false);
  scroll_->viewport()->setAutoFillBackground(false);
  set_content(scroll_, 10);
  connect(&document_, &Document::lawsChanged, this, &LawsPanel::refresh);
  connect(&document_, &Document::focusChanged, this, &LawsPanel::refresh);
  connect(&analysis_, &Analysis::fitsChanged, this, &LawsPanel::refresh);
  connect(&analysis_, &Analysis::frameChanged, this, &LawsPanel::show_frame);
  refresh();
}

void LawsPanel::refresh() {
  std::vector<std::pair<const Law*, int>> now;
  for (const LawChoice& choice : document_.laws()) now.emplace_back(choice.law.get(), choice.slot);
  if (now != shown_) {
    shown_ = std::move(now);
    rebuild();
  } else {
    for (LawCard* card : cards_) card->refresh();
  }
  // Cards are never cut off at the side.
  scroll_->setMinimumWidth(body_->minimumSizeHint().width() + scroll_->verticalScrollBar()->sizeHint().width());
}

void LawsPanel::rebuild() {
  for (LawCard* card : cards_) {
    column_->removeWidget(card);
    card->hide();
    card->deleteLater();
    disconnect(&document_, nullptr, card, nullptr);
  }
  cards_.clear();
  for (int i = 0; i < static_cast<int>(shown_.size()); ++i) {
    cards_.push_back(new LawCard(appearance_, document_, analysis_, i, body_));
    column_->insertWidget(i + 1, cards_.back());
    connect(cards_.back(), &LawCard::editRequested, this, [this, i] { emit editRequested(i); });
    connect(cards_.back(), &LawCard::fitSettingsRequested, this, [this, i] { emit fitSettingsRequested(i); });
  }
  empty_->setVisible(cards_.empty());
}

void LawsPanel::show_frame(const BudgetFrame& frame) {
  const Scene* scene = analysis_.scene().get();
  std::vector<double> decades(cards_.size(), 0.0);
  for (std::size_t i = 0; scene != nullptr && i < frame.laws.size() && i < scene->laws.size(); ++i) {
    if (scene->laws[i].index < decades.size()) decades[scene->laws[i].index] = frame.laws[i].extrapolation;
  }
  for (std::size_t i = 0; i < cards_.size(); ++i) cards_[i]->show_extrapolation(decades[i]);
}

}  // namespace isoflop::ui
