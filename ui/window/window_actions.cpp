// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_actions.h"

#include <QActionGroup>
#include <QMenuBar>
#include <QToolBar>
#include <QToolButton>

namespace isoflop::ui {
namespace {

QString file_title(const std::filesystem::path& path) {
  QString title = QString::fromStdString(path.stem().string()).replace('-', ' ');
  if (!title.isEmpty()) title[0] = title[0].toUpper();
  return title;
}

}  // namespace

WindowActions::WindowActions(Appearance& appearance, Workspace& workspace, QWidget* window)
    : QObject(window),
      window_(window),
      appearance_(appearance),
      workspace_(workspace),
      view_group_(new QActionGroup(this)),
      theme_group_(new QActionGroup(this)) {
  open = make(tr("&Open…"), QKeySequence::Open, tr("Open a CSV of runs"));
  export_figure =
      make(tr("&Export figure…"), QKeySequence(Qt::CTRL | Qt::Key_E), tr("Write a view as PDF, SVG, PNG or CSV"));
  export_runs = make(tr("Export &runs as CSV…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
                     tr("Write the runs in use, with derived columns"));
  quit = make(tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
  QUndoStack& history = workspace_.document.undo_stack();
  undo = history.createUndoAction(this, tr("&Undo"));
  undo->setShortcut(QKeySequence::Undo);
  redo = history.createRedoAction(this, tr("&Redo"));
  redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});
  exclude = make(tr("&Exclude selected…"), QKeySequence(Qt::Key_Delete),
                 tr("Take the selected runs out of use, with a reason"));
  include = make(tr("&Include selected"), QKeySequence(Qt::SHIFT | Qt::Key_Delete),
                 tr("Bring the selected runs back into use"));
  select_all = make(tr("Select &all"), QKeySequence::SelectAll, tr("Select all runs in use"));
  select_none = make(tr("Select &none"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A));
  filter = make(tr("&Filter runs"), QKeySequence::Find, tr("Type a condition for the runs shown"));
  edit_budget = make(tr("Type a &budget"), QKeySequence(Qt::CTRL | Qt::Key_B),
                     tr("Type the compute budget: 1e21, 8 H100 30 d 40% MFU, $10k on A100"));
  reset_views = make(tr("&Reset views"), QKeySequence(Qt::CTRL | Qt::Key_0),
                     tr("Zoom every view back to what it shows at first"));
  full_screen = make(tr("&Full screen"), QKeySequence(Qt::Key_F11));
  full_screen->setCheckable(true);
  add_law = make(tr("&Add a law…"), QKeySequence(Qt::CTRL | Qt::Key_L),
                 tr("Choose a law of the library or of your own to compare"));
  new_law = make(tr("&New law…"), QKeySequence(Qt::CTRL | Qt::Key_N), tr("Write a formula and fit it to the runs"));
  shortcuts = make(tr("&Keyboard shortcuts"), QKeySequence(Qt::Key_F1));
  about = make(tr("&About Isoflop"), {});
  make_views();
  const QString dock_names[] = {tr("R&uns"), tr("&Budget"), tr("La&ws")};
  for (int i = 0; i < 3; ++i) {
    docks.push_back(make(dock_names[i], QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + i))));
    docks.back()->setCheckable(true);
    docks.back()->setChecked(true);
  }
  make_datasets();
  run_context = new QMenu(window_);
  run_context->addActions({exclude, include});
  run_context->addSeparator();
  run_context->addActions({select_all, select_none});

  Document& document = workspace_.document;
  connect(include, &QAction::triggered, &document, [&document] { document.include(document.selection()); });
  connect(select_none, &QAction::triggered, &document, [&document] { document.set_selection({}); });
  connect(select_all, &QAction::triggered, &document, [&document] {
    std::vector<int> rows;
    const auto runs = document.runs();
    for (std::size_t row = 0; runs != nullptr && row < runs->rows(); ++row) {
      if (runs->state[row] == RowState::kUsed) rows.push_back(static_cast<int>(row));
    }
    document.set_selection(std::move(rows));
  });
  connect(&document, &Document::selectionChanged, this, &WindowActions::update_enabled);
  connect(&document, &Document::runsChanged, this, &WindowActions::update_enabled);
  update_enabled();
}

QAction* WindowActions::make(const QString& text, const QKeySequence& shortcut, const QString& tip) {
  auto* action = new QAction(text, this);
  action->setShortcut(shortcut);
  if (!tip.isEmpty()) {
    const QString keys = shortcut.toString(QKeySequence::NativeText);
    action->setToolTip(keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys));
  }
  return action;
}

void WindowActions::make_views() {
  struct View {
    QString name, tip;
    Qt::Key key;
  };
  const QString fill = tr("Let this view fill the window");
  const View all[] = {{tr("All views"), tr("Show all views"), Qt::Key_5},
                      {tr("IsoFLOP"), fill, Qt::Key_1},
                      {tr("Frontier"), fill, Qt::Key_2},
                      {tr("Allocation"), fill, Qt::Key_3},
                      {tr("Landscape"), fill, Qt::Key_4},
                      {tr("Comparison"), tr("Laws by their error on runs they have not seen"), Qt::Key_6},
                      {tr("Sensitivity"), tr("How far an estimate moves with the choices of the analysis"), Qt::Key_7}};
  for (int i = 0; i < static_cast<int>(std::size(all)); ++i) {
    const View& view = all[i];
    QAction* action = make(view.name, QKeySequence(Qt::CTRL | view.key), view.tip);
    action->setCheckable(true);
    view_group_->addAction(action);
    if (i == 0)
      all_views = action;
    else
      views.push_back(action);
  }
  all_views->setChecked(true);
}

void WindowActions::make_datasets() {
  datasets = new QMenu(tr("Open dataset in the &box"), window_);
  for (const std::filesystem::path& path : workspace_.resources.datasets) {
    connect(datasets->addAction(file_title(path)), &QAction::triggered, this,
            [this, path] { emit datasetChosen(path); });
  }
  datasets->setEnabled(!workspace_.resources.datasets.empty());
}

void WindowActions::update_enabled() {
  const Document& document = workspace_.document;
  const auto runs = document.runs();
  bool some_used = false, some_excluded = false;
  for (const int row : document.selection()) {
    if (runs == nullptr || static_cast<std::size_t>(row) >= runs->rows()) continue;
    some_used = some_used || runs->state[static_cast<std::size_t>(row)] == RowState::kUsed;
    some_excluded = some_excluded || runs->state[static_cast<std::size_t>(row)] == RowState::kExcluded;
  }
  exclude->setEnabled(some_used);
  include->setEnabled(some_excluded);
  select_none->setEnabled(!document.selection().empty());
  select_all->setEnabled(runs != nullptr);
  filter->setEnabled(runs != nullptr);
  export_runs->setEnabled(runs != nullptr);
}

void WindowActions::fill(QMenuBar& bar) {
  const auto add = [&](const QString& title) {
    menus_.push_back(bar.addMenu(title));
    menus_.back()->setToolTipsVisible(true);
    return menus_.back();
  };
  QMenu* file = add(tr("&File"));
  file->addAction(open);
  file->addMenu(datasets);
  file->addSeparator();
  file->addActions({export_figure, export_runs});
  file->addSeparator();
  file->addAction(quit);
  QMenu* edit = add(tr("&Edit"));
  edit->addActions({undo, redo});
  edit->addSeparator();
  edit->addActions({exclude, include});
  edit->addSeparator();
  edit->addActions({select_all, select_none, filter});
  edit->addSeparator();
  edit->addAction(edit_budget);
  QMenu* laws = add(tr("&Laws"));
  connect(laws, &QMenu::aboutToShow, this, [this, laws] { fill_laws_menu(*laws); });
  fill_laws_menu(*laws);
  QMenu* view = add(tr("&View"));
  view->addAction(all_views);
  for (QAction* action : views) view->addAction(action);
  view->addSeparator();
  view->addActions({reset_views, full_screen});
  view->addSeparator();
  for (QAction* action : docks) view->addAction(action);
  view->addSeparator();
  const std::pair<QString, AppearanceChoice> looks[] = {{tr("&Light"), AppearanceChoice::kLight},
                                                        {tr("&Dark"), AppearanceChoice::kDark},
                                                        {tr("&System"), AppearanceChoice::kSystem}};
  for (const auto& [text, choice] : looks) {
    QAction* action = view->addAction(text);
    action->setCheckable(true);
    action->setChecked(appearance_.choice() == choice);
    theme_group_->addAction(action);
    connect(action, &QAction::triggered, &appearance_, [this, choice = choice] { appearance_.setChoice(choice); });
    connect(&appearance_, &Appearance::themeChanged, action,
            [this, action, choice = choice] { action->setChecked(appearance_.choice() == choice); });
  }
  QMenu* help = add(tr("&Help"));
  help->addActions({shortcuts, about});
}

void WindowActions::fill_laws_menu(QMenu& menu) {
  Document& document = workspace_.document;
  menu.clear();
  menu.addActions({add_law, new_law});
  menu.addSeparator();
  for (int i = 0; i < static_cast<int>(document.laws().size()); ++i) {
    const LawChoice& choice = document.laws()[static_cast<std::size_t>(i)];
    QAction* action = menu.addAction(QString::fromStdString(choice.law->title));
    action->setCheckable(true);
    action->setChecked(choice.enabled);
    connect(action, &QAction::toggled, &document, [&document, i](bool on) { document.set_law_enabled(i, on); });
  }
}

void WindowActions::fill(QToolBar& bar) {
  const std::pair<QAction*, QString> buttons[] = {
      {open, tr("Open")}, {exclude, tr("Exclude")}, {export_figure, tr("Figure")}};
  for (const auto& [action, text] : buttons) {
    action->setIconText(text);
    bar.addAction(action);
  }
  bar.addSeparator();
  bar.addActions({undo, redo});
  undo->setIconText(tr("Undo"));
  redo->setIconText(tr("Redo"));
  auto* space = new QWidget;
  space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar.addWidget(space);
  bar.addAction(all_views);
  for (QAction* action : views) bar.addAction(action);
  for (QAction* action : view_group_->actions()) {
    if (QWidget* button = bar.widgetForAction(action)) button->setProperty("kind", "tab");
  }
}

std::vector<std::pair<QString, QAction*>> WindowActions::with_shortcuts() const {
  std::vector<std::pair<QString, QAction*>> found;
  for (const QMenu* menu : menus_) {
    for (QAction* action : menu->actions()) {
      if (!action->shortcut().isEmpty()) found.emplace_back(menu->title().remove('&'), action);
    }
  }
  return found;
}

}  // namespace isoflop::ui
