// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QWidget>
#include <vector>

#include "ui/document/document.h"
#include "ui/jobs/analysis.h"
#include "ui/panels/panel.h"
#include "ui/plots/scene_view.h"

class QSplitter;
class QToolButton;

namespace isoflop::ui {

class ComparisonPage;
class SensitivityPage;

// The views in two rows of two, any of which can have the whole place, and pages that always have it. Links them with
// document and analysis. Views and pages are numbered together, the pages after the views.
class ViewGrid : public QWidget {
  Q_OBJECT
 public:
  ViewGrid(const Appearance& appearance, Document& document, FrameClock& clock, Analysis& analysis,
           QWidget* parent = nullptr);

  const std::vector<SceneView*>& views() const { return views_; }
  const std::vector<Panel*>& panels() const { return panels_; }
  ComparisonPage& comparison() { return *comparison_; }
  SensitivityPage& sensitivity() { return *sensitivity_; }
  // What can be exported as a figure: the views, and the errors of the comparison once there are any.
  std::vector<PlotView*> plots() const;
  // Which of plots() is looked at: the page's own, else the view that has the focus or had it last.
  int current() const;

  int maximised() const { return maximised_; }  // -1: none
  void maximise(int index);                     // -1: all views again
  void reset_views();                           // home ranges everywhere

  QByteArray save_layout() const;
  void restore_layout(const QByteArray& layout);

 signals:
  void exportRequested(int index);
  void maximisedChanged(int index);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void add_view(SceneView* view, const Appearance& appearance);
  void add_page(Panel* panel, QWidget* content);
  void link(SceneView& view);
  void link_runs(PlotView& view);  // selection and highlight
  void align(const QSplitter& moved);

  Document& document_;
  Analysis& analysis_;
  QSplitter* rows_[2];
  QSplitter* column_;
  std::vector<SceneView*> views_;
  std::vector<Panel*> panels_;
  std::vector<Panel*> pages_;
  ComparisonPage* comparison_;
  SensitivityPage* sensitivity_;
  std::vector<QToolButton*> maximise_buttons_;
  int current_ = 0;
  int maximised_ = -1;
};

// The selection after the user asked for `ids` in a view.
std::vector<int> combine_selection(const std::vector<int>& selection, const std::vector<int>& ids, SelectionMode mode);

}  // namespace isoflop::ui
