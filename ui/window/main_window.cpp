// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QShortcut>
#include <QSplitter>
#include <QToolBar>
#include <QUrl>
#include <QVBoxLayout>

#include "core/base/atomic_file.h"
#include "core/runs/csv.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/fit_settings_dialog.h"
#include "ui/dialogs/law_editor.h"
#include "ui/dialogs/law_picker.h"
#include "ui/panels/budget_field.h"
#include "ui/panels/budget_panel.h"
#include "ui/panels/checked_field.h"
#include "ui/panels/comparison_page.h"
#include "ui/panels/laws_panel.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/runs_table.h"
#include "ui/panels/sensitivity_page.h"
#include "ui/window/provenance.h"
#include "ui/window/status_line.h"
#include "ui/window/view_grid.h"

namespace isoflop::ui {
namespace {

constexpr int kGap = 8;
constexpr int kLeftWidth = 252, kRightWidth = 332;

std::vector<std::filesystem::path> files_in(const QMimeData& data) {
  std::vector<std::filesystem::path> files;
  for (const QUrl& url : data.urls()) {
    if (url.isLocalFile()) files.emplace_back(url.toLocalFile().toStdString());
  }
  return files;
}

}  // namespace

MainWindow::MainWindow(Appearance& appearance, Workspace& workspace, Services services, const QString& settings_path,
                       QWidget* parent)
    : QMainWindow(parent),
      appearance_(appearance),
      workspace_(workspace),
      services_(std::move(services)),
      state_(settings_path) {
  setAcceptDrops(true);
  setContextMenuPolicy(Qt::NoContextMenu);
  actions_ = new WindowActions(appearance_, workspace_, this);
  compose();

  connect(actions_->open, &QAction::triggered, this, &MainWindow::open_files);
  connect(actions_, &WindowActions::datasetChosen, this, [this](const std::filesystem::path& path) { open(path); });
  connect(actions_->export_figure, &QAction::triggered, this, [this] { export_figure(grid_->current()); });
  connect(actions_->export_runs, &QAction::triggered, this, &MainWindow::export_runs);
  connect(actions_->quit, &QAction::triggered, this, &QWidget::close);
  connect(actions_->exclude, &QAction::triggered, this, &MainWindow::exclude_selected);
  connect(actions_->filter, &QAction::triggered, this, [this] {
    actions_->docks[0]->setChecked(true);
    runs_panel_->filter().edit().setFocus();
  });
  connect(actions_->edit_budget, &QAction::triggered, this, [this] {
    actions_->docks[1]->setChecked(true);
    budget_panel_->field().start_editing();
  });
  connect(actions_->all_views, &QAction::triggered, this, [this] { grid_->maximise(-1); });
  for (int i = 0; i < static_cast<int>(actions_->views.size()); ++i) {
    connect(actions_->views[static_cast<std::size_t>(i)], &QAction::triggered, this, [this, i] { grid_->maximise(i); });
  }
  auto* restore = new QShortcut(QKeySequence(Qt::Key_Escape), this);
  restore->setEnabled(false);
  connect(restore, &QShortcut::activated, this, [this] { grid_->maximise(-1); });
  connect(grid_, &ViewGrid::maximisedChanged, this, [this, restore](int index) {
    restore->setEnabled(index >= 0);
    (index < 0 ? actions_->all_views : actions_->views[static_cast<std::size_t>(index)])->setChecked(true);
  });
  connect(actions_->reset_views, &QAction::triggered, grid_, &ViewGrid::reset_views);
  connect(actions_->full_screen, &QAction::toggled, this, [this](bool on) { on ? showFullScreen() : showNormal(); });
  connect(actions_->add_law, &QAction::triggered, this, &MainWindow::pick_law);
  connect(actions_->new_law, &QAction::triggered, this, &MainWindow::new_law);
  connect(laws_panel_, &LawsPanel::editRequested, this,
          [this](int law) { edit_law(workspace_.document.laws().at(static_cast<std::size_t>(law)).law); });
  connect(laws_panel_, &LawsPanel::fitSettingsRequested, this, &MainWindow::change_fit_settings);
  connect(actions_->shortcuts, &QAction::triggered, this, &MainWindow::show_shortcuts);
  connect(actions_->about, &QAction::triggered, this, &MainWindow::show_about);

  connect(runs_panel_, &RunsPanel::openRequested, this, &MainWindow::open_files);
  connect(runs_panel_, &RunsPanel::excludeWhereRequested, this, &MainWindow::exclude_where);
  connect(runs_panel_, &RunsPanel::exampleRequested, this, [this] {
    if (!workspace_.resources.datasets.empty())
      open(workspace_.resources.datasets.front());
    else
      runs_panel_->show_open_error(
          not_found(tr("the simulated runs are missing from this installation").toStdString()));
  });
  connect(grid_, &ViewGrid::exportRequested, this, &MainWindow::export_figure);
  for (StudyPage* page :
       {static_cast<StudyPage*>(&grid_->comparison()), static_cast<StudyPage*>(&grid_->sensitivity())}) {
    connect(page, &StudyPage::openRequested, this, &MainWindow::open_files);
    connect(page, &StudyPage::addLawRequested, actions_->add_law, &QAction::trigger);
  }
  connect(&workspace_.document, &Document::sourcesChanged, this, &MainWindow::update_title);
  connect(&workspace_.document.undo_stack(), &QUndoStack::cleanChanged, this,
          [this](bool clean) { setWindowModified(!clean); });
  state_.set_collector([this](WindowState& state) { collect_state(state); });
  update_title();
  restore_state();
  grid_->views().front()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::compose() {
  Document& document = workspace_.document;
  actions_->fill(*menuBar());
  auto* bar = addToolBar(tr("Tools"));
  bar->setMovable(false);
  bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
  actions_->fill(*bar);

  runs_panel_ = new RunsPanel(appearance_, document);
  runs_panel_->table().set_context_menu(actions_->run_context);
  grid_ = new ViewGrid(appearance_, document, workspace_.clock, workspace_.analysis);
  budget_panel_ = new BudgetPanel(appearance_, document, workspace_.analysis, workspace_.resources.hardware);
  laws_panel_ = new LawsPanel(appearance_, document, workspace_.analysis, actions_->add_law, actions_->new_law);
  right_ = new QSplitter(Qt::Vertical);
  right_->addWidget(budget_panel_);
  right_->addWidget(laws_panel_);
  right_->setStretchFactor(1, 1);
  columns_ = new QSplitter(Qt::Horizontal);
  columns_->addWidget(runs_panel_);
  columns_->addWidget(grid_);
  columns_->addWidget(right_);
  columns_->setStretchFactor(1, 1);
  columns_->setSizes({kLeftWidth, 1440 - kLeftWidth - kRightWidth, kRightWidth});
  for (QSplitter* splitter : {columns_, right_}) {
    splitter->setHandleWidth(kGap);
    splitter->setChildrenCollapsible(false);
    connect(splitter, &QSplitter::splitterMoved, &state_, &WindowState::changed);
  }
  runs_panel_->setMinimumWidth(210);
  auto* centre = new QWidget;
  auto* layout = new QVBoxLayout(centre);
  layout->setContentsMargins(kGap, kGap, kGap, kGap);
  layout->addWidget(columns_);
  setCentralWidget(centre);
  status_ = new StatusLine(appearance_, document, workspace_.clock, workspace_.analysis);
  setStatusBar(status_);

  QWidget* docks[] = {runs_panel_, budget_panel_, laws_panel_};
  for (std::size_t i = 0; i < 3; ++i) {
    connect(actions_->docks[i], &QAction::toggled, this, [this, dock = docks[i]](bool on) {
      dock->setVisible(on);
      right_->setVisible(actions_->docks[1]->isChecked() || actions_->docks[2]->isChecked());
      state_.changed();
    });
  }
}

// ---- files

void MainWindow::open(const std::filesystem::path& path, const Mapping& mapping) {
  runs_panel_->show_busy_opening(QString::fromStdString(path.filename().string()));
  reader_.run([path, mapping] { return read_source(path, mapping); },
              [this](Result<RunSource> source) {
                runs_panel_->show_busy_opening({});
                if (!source.ok()) return runs_panel_->show_open_error(source.error());
                // What the window starts with is nothing that one would lose.
                const bool first = !isWindowModified() && workspace_.document.sources().empty();
                workspace_.open(*std::move(source));
                if (first) workspace_.document.undo_stack().setClean();
              });
}

void MainWindow::open_files() {
  const QString path =
      services_.open_file(this, tr("Open runs"),
                          tr("Tables of runs (*.csv *.tsv *.txt *.json *.jsonl *.gz *.bz2 *.xz *.zst);;All files (*)"));
  if (!path.isEmpty()) open(path.toStdString());
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (!files_in(*event->mimeData()).empty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const std::filesystem::path& path : files_in(*event->mimeData())) open(path);
  event->acceptProposedAction();
}

void MainWindow::export_figure(int view) {
  auto* dialog = new ExportDialog(grid_->plots(), view, provenance_line(workspace_.document), services_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ExportDialog::exported, this,
          [this](const QString& path) { status_->say(tr("wrote %1").arg(path)); });
  dialog->open();
}

void MainWindow::export_runs() {
  const RunSource* source = workspace_.document.source();
  if (source == nullptr || source->runs == nullptr) return;
  const QString path = services_.save_file(
      this, tr("Export runs"), QString::fromStdString(source->title) + QStringLiteral("-used.csv"), tr("CSV (*.csv)"));
  if (path.isEmpty()) return;
  const Status written = write_file_atomically(path.toStdString(), to_csv(*source->runs));
  if (!written.ok()) return runs_panel_->show_open_error(written.error());
  status_->say(tr("wrote %n run(s) to %1", nullptr, static_cast<int>(source->runs->used())).arg(path));
  workspace_.document.undo_stack().setClean();
}

// ---- exclusions

void MainWindow::exclude_selected() {
  Document& document = workspace_.document;
  const std::vector<int> rows = document.selection();
  if (rows.empty()) return;
  const auto reason = services_.ask_reason(this, tr("Exclude %n run(s)", nullptr, static_cast<int>(rows.size())));
  if (reason) document.exclude(rows, reason->isEmpty() ? tr("by hand").toStdString() : reason->toStdString());
}

void MainWindow::exclude_where(const QString& condition) {
  const auto reason = services_.ask_reason(this, tr("Exclude the runs where %1").arg(condition));
  if (!reason) return;
  const Status status = workspace_.document.exclude_where(condition.toStdString(), reason->toStdString());
  if (status.ok())
    runs_panel_->filter().edit().clear();
  else
    runs_panel_->filter().set_error(status.error());
}

// ---- laws

void MainWindow::open_editor(LawDraft draft, bool unsaved) {
  auto* editor = new LawEditor(appearance_, workspace_.document, workspace_.user_laws, services_, workspace_.methods,
                               workspace_.resources.law("chinchilla"), this);
  editor->setAttribute(Qt::WA_DeleteOnClose);
  editor->set_draft(std::move(draft));
  if (unsaved) editor->keep_unsaved();
  connect(editor, &LawEditor::added, this, [this](const QString& title) { status_->say(tr("added %1").arg(title)); });
  connect(editor, &QDialog::finished, this, [this, editor] {
    if (editor->unsaved()) kept_draft_ = editor->draft();
  });
  editor->show();
}

// What was closed unsaved is there again.
void MainWindow::new_law() {
  const bool kept = kept_draft_.has_value();
  LawDraft draft = kept ? *std::move(kept_draft_) : LawDraft::blank(QDate::currentDate().year());
  kept_draft_.reset();
  open_editor(std::move(draft), kept);
}

void MainWindow::edit_law(const std::shared_ptr<const Law>& law) {
  const bool own = std::filesystem::path(law->file).parent_path() == workspace_.user_laws.folder();
  open_editor(own ? LawDraft::of_file(law) : LawDraft::copy_of(law), false);
}

void MainWindow::pick_law() {
  if (picker_ == nullptr) {
    picker_ = new LawPicker(appearance_, workspace_.document, workspace_.resources.laws, workspace_.user_laws,
                            workspace_.resources.errors, this);
    picker_->setAttribute(Qt::WA_DeleteOnClose);
    connect(picker_, &LawPicker::newRequested, this, &MainWindow::new_law);
    connect(picker_, &LawPicker::editRequested, this, &MainWindow::edit_law);
    connect(picker_, &LawPicker::mappingRequested, this, [this] {
      picker_->close();
      actions_->docks[0]->setChecked(true);
      runs_panel_->show_mapping();
    });
  }
  picker_->show();
  picker_->raise();
  picker_->activateWindow();
}

void MainWindow::change_fit_settings(int law) {
  const LawChoice& choice = workspace_.document.laws().at(static_cast<std::size_t>(law));
  auto* dialog = new FitSettingsDialog(choice.law, workspace_.document.runs(), choice.settings,
                                       workspace_.analysis.usual_resamples(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &FitSettingsDialog::applied, this, [this, law, of = choice.law](const FitSettings& settings) {
    const auto& laws = workspace_.document.laws();
    // The list may have changed meanwhile.
    if (static_cast<std::size_t>(law) < laws.size() && laws[static_cast<std::size_t>(law)].law == of)
      workspace_.document.set_law_settings(law, settings);
  });
  dialog->open();
}

// ---- help

void MainWindow::show_shortcuts() {
  QString rows;
  for (const auto& [menu, action] : actions_->with_shortcuts()) {
    // Undo and redo name what they would take back.
    QString text = action == actions_->undo || action == actions_->redo ? action->iconText() : action->text();
    rows += QStringLiteral("<tr><td>%1</td><td width=24></td><td>%2</td></tr>")
                .arg(action->shortcut().toString(QKeySequence::NativeText),
                     text.remove('&').remove(QStringLiteral("…")).toHtmlEscaped());
  }
  const QString views =
      tr("<p><b>In a view</b>: wheel or + and − zoom, arrows pan, Home resets, Ctrl + arrows move the budget, "
         "Shift + drag selects runs, Escape clears.</p>");
  services_.show_text(this, tr("Keyboard shortcuts"), QStringLiteral("<table>%1</table>%2").arg(rows, views));
}

void MainWindow::show_about() {
  services_.show_text(
      this, tr("About Isoflop"),
      tr("<p><b>Isoflop %1</b></p><p>An explorer for the scaling laws of neural networks.</p>"
         "<p>Free software under the GNU General Public License, version 3 or later; its core under the Apache "
         "License 2.0. Drawn with Qt and QCustomPlot, fitted with Eigen and Ceres.</p>")
          .arg(QStringLiteral(ISOFLOP_VERSION)));
}

// ---- state of the window

void MainWindow::update_title() {
  const RunSource* source = workspace_.document.source();
  setWindowTitle(source == nullptr ? tr("Isoflop[*]")
                                   : tr("%1[*] — Isoflop").arg(QString::fromStdString(source->title)));
}

void MainWindow::restore_state() {
  resize(1440, 900);
  if (!restoreGeometry(state_.value("window/geometry").toByteArray())) resize(1440, 900);
  columns_->restoreState(state_.value("window/columns").toByteArray());
  right_->restoreState(state_.value("window/right").toByteArray());
  grid_->restore_layout(state_.value("window/views").toByteArray());
  for (std::size_t i = 0; i < actions_->docks.size(); ++i) {
    actions_->docks[i]->setChecked(state_.value(QStringLiteral("window/dock%1").arg(i), true).toBool());
  }
}

void MainWindow::collect_state(WindowState& state) {
  state.set("window/geometry", saveGeometry());
  state.set("window/columns", columns_->saveState());
  state.set("window/right", right_->saveState());
  state.set("window/views", grid_->save_layout());
  for (std::size_t i = 0; i < actions_->docks.size(); ++i) {
    state.set(QStringLiteral("window/dock%1").arg(i), actions_->docks[i]->isChecked());
  }
  state.set("window/theme", static_cast<int>(appearance_.choice()));
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  state_.changed();
}

void MainWindow::moveEvent(QMoveEvent* event) {
  QMainWindow::moveEvent(event);
  state_.changed();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  state_.save();
  QMainWindow::closeEvent(event);
}

}  // namespace isoflop::ui
