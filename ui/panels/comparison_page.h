// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/study_page.h"
#include "ui/plots/residual_view.h"

class QComboBox;

namespace isoflop::ui {

class ComparisonTable;

// The laws of the document by their error on runs that their fits have not seen, and where they are off.
class ComparisonPage : public StudyPage {
  Q_OBJECT
 public:
  ComparisonPage(const Appearance& appearance, Document& document, FrameClock& clock, QWidget* parent = nullptr);

  // For the header of the panel; the caller owns them.
  QWidget* new_hold_out_selector(QWidget* parent);

  ResidualView& residuals() { return *residuals_; }
  ComparisonTable& table() { return *table_; }
  const std::shared_ptr<const ShownComparison>& shown() const { return shown_; }  // null before the first

  void set_hold_out(const HoldOut& hold_out);

 protected:
  void restart() override;

 private:
  QWidget* new_against_selector();
  void show_comparison(std::shared_ptr<const ShownComparison> shown);
  QString verdict() const;

  ComparisonTable* table_;
  ResidualView* residuals_;
  HoldOut hold_out_;
  std::shared_ptr<const ShownComparison> shown_;
};

}  // namespace isoflop::ui
