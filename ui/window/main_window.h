// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QPointer>
#include <filesystem>
#include <memory>
#include <optional>

#include "ui/document/law_draft.h"
#include "ui/jobs/background.h"
#include "ui/theme/appearance.h"
#include "ui/window/services.h"
#include "ui/window/window_actions.h"
#include "ui/window/window_state.h"
#include "ui/window/workspace.h"

class QSplitter;

namespace isoflop::ui {

class BudgetPanel;
class LawEditor;
class LawPicker;
class LawsPanel;
class RunsPanel;
class StatusLine;
class ViewGrid;

// The window: composes docks and views, and lets actions reach them. What it shows is the workspace's.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  // Everything given must outlive the window. An empty `settings_path` is the user's own settings.
  MainWindow(Appearance& appearance, Workspace& workspace, Services services, const QString& settings_path = {},
             QWidget* parent = nullptr);

  RunsPanel& runs_panel() { return *runs_panel_; }
  BudgetPanel& budget_panel() { return *budget_panel_; }
  LawsPanel& laws_panel() { return *laws_panel_; }
  ViewGrid& view_grid() { return *grid_; }
  StatusLine& status_line() { return *status_; }
  WindowActions& actions() { return *actions_; }

 public slots:
  // Reads behind the window; what is wrong with a file stands in the Runs dock.
  void open(const std::filesystem::path& path, const isoflop::Mapping& mapping = {});
  void open_files();
  void export_figure(int view);
  void export_runs();
  void exclude_selected();
  void exclude_where(const QString& condition);
  // The window for a new law, or for a copy of a law of the comparison.
  void new_law();
  void edit_law(const std::shared_ptr<const isoflop::Law>& law);
  void pick_law();
  void change_fit_settings(int law);  // index in Document::laws
  void show_shortcuts();
  void show_about();

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void moveEvent(QMoveEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  void compose();
  void restore_state();
  void collect_state(WindowState& state);
  void update_title();
  void open_editor(LawDraft draft, bool unsaved);

  Appearance& appearance_;
  Workspace& workspace_;
  Services services_;
  WindowState state_;
  WindowActions* actions_ = nullptr;
  QSplitter* columns_ = nullptr;  // runs | views | right
  QSplitter* right_ = nullptr;    // budget over laws
  RunsPanel* runs_panel_ = nullptr;
  BudgetPanel* budget_panel_ = nullptr;
  LawsPanel* laws_panel_ = nullptr;
  ViewGrid* grid_ = nullptr;
  StatusLine* status_ = nullptr;
  Background reader_;
  QPointer<LawPicker> picker_;
  std::optional<LawDraft> kept_draft_;  // of an editor that was closed with something unsaved in it
};

}  // namespace isoflop::ui
