// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "ui/jobs/law_preview.h"
#include "ui/theme/appearance.h"

class QGridLayout;
class QLabel;
class QProgressBar;
class QToolButton;

namespace isoflop::ui {

class PillStrip;

// How well a law that is being written describes the runs, beside the laws it is measured by, and what speaks against
// its fit.
class LawScores : public QWidget {
  Q_OBJECT
 public:
  explicit LawScores(const Appearance& appearance, QWidget* parent = nullptr);

  void show_preview(const LawPreview& preview, const std::string& title);

  // What stands in a row: title, objective, error, parameters. For tests and for screen readers.
  QStringList row(int index) const;
  int rows() const { return static_cast<int>(cells_.size()); }
  QString status() const;
  PillStrip& findings() { return *findings_; }

 signals:
  void cancelRequested();
  void retryRequested();

 private:
  void show_rows(const std::vector<LawPreview::Score>& scores);

  QLabel* status_;
  QLabel* error_;
  QProgressBar* bar_;
  QToolButton* button_;
  QGridLayout* grid_;
  QLabel* verdict_;
  PillStrip* findings_;
  std::vector<std::vector<QLabel*>> cells_;
  std::vector<QLabel*> heads_;
  const LawPreview* shown_ = nullptr;
  QTimer poll_;
  bool cancels_ = true;
};

}  // namespace isoflop::ui
