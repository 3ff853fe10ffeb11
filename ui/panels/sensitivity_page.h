// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/study_page.h"

#include "ui/jobs/studies.h"

class QComboBox;
class QLabel;

namespace isoflop::ui {

class ChoicePlot;

// How far an estimate moves with the choices of the analysis, one at a time.
class SensitivityPage : public StudyPage {
  Q_OBJECT
 public:
  SensitivityPage(const Appearance& appearance, Document& document, QWidget* parent = nullptr);

  // For the header of the panel; the caller owns them.
  QWidget* new_law_selector(QWidget* parent);
  QWidget* new_tracked_selector(QWidget* parent);

  ChoicePlot& plot() { return *plot_; }
  const std::shared_ptr<const ShownSensitivity>& shown() const { return shown_; }  // null before the first
  QString details() const;

 public slots:
  void setLaw(int index);      // among those of studied_laws()
  void setTracked(int index);  // among those of the result

 protected:
  void restart() override;

 private:
  void list_laws();
  void show_sensitivity(std::shared_ptr<const ShownSensitivity> shown);
  void show_tracked();
  void show_details();

  ChoicePlot* plot_;
  QLabel* details_;
  QComboBox *law_box_ = nullptr, *tracked_box_ = nullptr;
  std::shared_ptr<const Law> law_;  // the one asked for; null: the focused one
  FitSettings settings_;
  std::string tracked_;  // the one asked for; empty: the first
  std::shared_ptr<const ShownSensitivity> shown_;
};

}  // namespace isoflop::ui
