// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/document/document.h"
#include "ui/jobs/study.h"
#include "ui/panels/empty_state.h"

class QLabel;
class QProgressBar;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace isoflop::ui {

class PillStrip;

// A page that shows the result of one study of the document. The study is made while the page is seen, a moment after
// runs or laws have changed; meanwhile what was found before stands, with progress above it.
class StudyPage : public QWidget {
  Q_OBJECT
 public:
  StudyPage(const Appearance& appearance, Document& document, QWidget* parent = nullptr);

  Study& study() { return study_; }
  EmptyState& empty() { return *empty_; }

 signals:
  void openRequested();
  void addLawRequested();
  void noteChanged(const QString& note);  // for the header of the panel

 protected:
  // Starts study() for the document as it is, or says by show_empty() what is missing.
  virtual void restart() = 0;
  void changed();  // restarts soon, or when the page is seen
  void show_empty(const QString& message, const QString& advice);
  void show_result();
  void set_sentence(const QString& text);
  void set_findings(const std::vector<Finding>& findings);
  // True where there are runs and laws; else says what is missing.
  bool require_runs_and_laws(const QString& purpose);

  QVBoxLayout& column() { return *column_; }  // below sentence and findings
  const Appearance& appearance() const { return appearance_; }
  Document& document() { return document_; }

  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  const Appearance& appearance_;
  Document& document_;
  bool stale_ = true;
  QStackedWidget* stack_;
  EmptyState* empty_;
  QPushButton *open_, *add_law_;
  QVBoxLayout* column_;
  QLabel* sentence_;
  PillStrip* pills_;
  QWidget* busy_;
  QProgressBar* bar_;
  QTimer rest_;   // after the last change
  QTimer delay_;  // short work shows no progress
  Study study_;
};

}  // namespace isoflop::ui
