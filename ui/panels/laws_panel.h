// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "ui/document/document.h"
#include "ui/jobs/analysis.h"
#include "ui/panels/panel.h"

class QAction;
class QScrollArea;
class QVBoxLayout;

namespace isoflop::ui {

class EmptyState;
class LawCard;

// The Laws dock: a card for each law compared.
class LawsPanel : public Panel {
  Q_OBJECT
 public:
  // `add_law` offers the laws there are, `new_law` a formula to write; the window shows them in its menu too.
  LawsPanel(const Appearance& appearance, Document& document, Analysis& analysis, QAction* add_law, QAction* new_law,
            QWidget* parent = nullptr);

  const std::vector<LawCard*>& cards() const { return cards_; }

 signals:
  void editRequested(int law);         // a copy of it
  void fitSettingsRequested(int law);  // index in Document::laws

 private:
  void rebuild();
  void refresh();
  void show_frame(const BudgetFrame& frame);

  const Appearance& appearance_;
  Document& document_;
  Analysis& analysis_;
  QWidget* body_;
  QScrollArea* scroll_;
  QVBoxLayout* column_;
  EmptyState* empty_;
  std::vector<LawCard*> cards_;
  std::vector<std::pair<const Law*, int>> shown_;  // law and slot of each card
};

}  // namespace isoflop::ui
