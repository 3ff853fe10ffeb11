// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>
#include <vector>

#include "ui/theme/appearance.h"
#include "ui/window/workspace.h"

class QActionGroup;
class QMenuBar;
class QToolBar;

namespace isoflop::ui {

// The actions of the window, with their texts, shortcuts and tips; menus and toolbar are made of them. What an action
// does is connected by the window, except where document or appearance alone are concerned.
class WindowActions : public QObject {
  Q_OBJECT
 public:
  WindowActions(Appearance& appearance, Workspace& workspace, QWidget* window);

  void fill(QMenuBar& bar);
  void fill(QToolBar& bar);

  QAction *open, *export_figure, *export_runs, *quit;
  QAction *undo, *redo, *exclude, *include, *select_all, *select_none, *filter, *edit_budget;
  QAction *all_views, *reset_views, *full_screen;
  std::vector<QAction*> views;  // each fills the window: the views, then the pages
  std::vector<QAction*> docks;  // on and off: runs, budget, laws
  QAction *add_law, *new_law;
  QAction *shortcuts, *about;
  QMenu* datasets;     // the runs that come with the program
  QMenu* run_context;  // of the table of runs

  // All actions with a shortcut, with the menu they stand in.
  std::vector<std::pair<QString, QAction*>> with_shortcuts() const;

 signals:
  void datasetChosen(const std::filesystem::path& path);

 private:
  QAction* make(const QString& text, const QKeySequence& shortcut, const QString& tip = {});
  void make_datasets();
  void make_views();
  void fill_laws_menu(QMenu& menu);
  void update_enabled();

  QWidget* window_;
  Appearance& appearance_;
  Workspace& workspace_;
  QActionGroup* view_group_;
  QActionGroup* theme_group_;
  std::vector<QMenu*> menus_;
};

}  // namespace isoflop::ui
