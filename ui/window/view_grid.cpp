// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/view_grid.h"

#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/comparison_page.h"
#include "ui/panels/sensitivity_page.h"
#include "ui/plots/allocation_view.h"
#include "ui/plots/frontier_view.h"
#include "ui/plots/isoflop_view.h"
#include "ui/plots/landscape_view.h"

namespace isoflop::ui {
namespace {

constexpr int kGap = 8;

QSplitter* new_splitter(Qt::Orientation orientation, QWidget* parent) {
  auto* splitter = new QSplitter(orientation, parent);
  splitter->setHandleWidth(kGap);
  splitter->setChildrenCollapsible(false);
  return splitter;
}

}  // namespace

std::vector<int> combine_selection(const std::vector<int>& selection, const std::vector<int>& ids, SelectionMode mode) {
  if (mode == SelectionMode::kReplace) return ids;
  std::vector<int> result = selection;
  for (const int id : ids) {
    const auto found = std::find(result.begin(), result.end(), id);
    if (found == result.end())
      result.push_back(id);
    else if (mode == SelectionMode::kToggle)
      result.erase(found);
  }
  return result;
}

ViewGrid::ViewGrid(const Appearance& appearance, Document& document, FrameClock& clock, Analysis& analysis,
                   QWidget* parent)
    : QWidget(parent),
      document_(document),
      analysis_(analysis),
      rows_{new_splitter(Qt::Horizontal, nullptr), new_splitter(Qt::Horizontal, nullptr)},
      column_(new_splitter(Qt::Vertical, this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(column_);
  for (QSplitter* row : rows_) {
    column_->addWidget(row);
    connect(row, &QSplitter::splitterMoved, this, [this, row] { align(*row); });
  }
  add_view(new IsoflopView(appearance, clock), appearance);
  add_view(new FrontierView(appearance, clock), appearance);
  add_view(new AllocationView(appearance, clock), appearance);
  add_view(new LandscapeView(appearance, clock), appearance);
  for (QSplitter* splitter : {rows_[0], rows_[1], column_}) splitter->setSizes({10000, 10000});

  auto* compared = new Panel(appearance, tr("Comparison"), this);
  comparison_ = new ComparisonPage(appearance, document, clock);
  compared->add_header_widget(comparison_->new_hold_out_selector(compared));
  connect(comparison_, &StudyPage::noteChanged, compared, &Panel::set_note);
  QToolButton* save = compared->add_button(tr("Export the errors as a figure"), Glyph::kExport);
  connect(save, &QToolButton::clicked, this, [this] { emit exportRequested(current()); });
  // The note is there when there is something to export.
  save->setEnabled(false);
  connect(comparison_, &StudyPage::noteChanged, save,
          [save](const QString& note) { save->setEnabled(!note.isEmpty()); });
  link_runs(comparison_->residuals());
  add_page(compared, comparison_);
  auto* weighed = new Panel(appearance, tr("Sensitivity"), this);
  sensitivity_ = new SensitivityPage(appearance, document);
  weighed->add_header_widget(sensitivity_->new_tracked_selector(weighed));
  weighed->add_header_widget(sensitivity_->new_law_selector(weighed));
  connect(sensitivity_, &StudyPage::noteChanged, weighed, &Panel::set_note);
  add_page(weighed, sensitivity_);
}

std::vector<PlotView*> ViewGrid::plots() const {
  std::vector<PlotView*> plots(views_.begin(), views_.end());
  if (comparison_->shown() != nullptr && comparison_->shown()->result) plots.push_back(&comparison_->residuals());
  return plots;
}

int ViewGrid::current() const {
  const int page = static_cast<int>(views_.size());
  return maximised_ == page && plots().size() > views_.size() ? page : current_;
}

void ViewGrid::add_page(Panel* panel, QWidget* content) {
  QToolButton* back = panel->add_button(tr("Show all views"), Glyph::kRestore);
  connect(back, &QToolButton::clicked, this, [this] { maximise(-1); });
  connect(panel, &Panel::headerDoubleClicked, this, [this] { maximise(-1); });
  panel->set_content(content);
  panel->hide();
  layout()->addWidget(panel);
  pages_.push_back(panel);
}

void ViewGrid::add_view(SceneView* view, const Appearance& appearance) {
  const int index = static_cast<int>(views_.size());
  auto* panel = new Panel(appearance, view->view_name());
  if (QWidget* selector = view->new_selector(panel)) panel->add_header_widget(selector);
  QToolButton* save = panel->add_button(tr("Export %1 as a figure").arg(view->view_name()), Glyph::kExport);
  QToolButton* fill = panel->add_button(tr("Let %1 fill the window").arg(view->view_name()), Glyph::kMaximise);
  panel->set_content(view, 4);
  panel->set_note(view->note());
  rows_[index / 2]->addWidget(panel);
  rows_[index / 2]->setStretchFactor(index % 2, 1);
  views_.push_back(view);
  panels_.push_back(panel);
  maximise_buttons_.push_back(fill);
  view->installEventFilter(this);
  connect(view, &SceneView::noteChanged, panel, &Panel::set_note);
  connect(save, &QToolButton::clicked, this, [this, index] { emit exportRequested(index); });
  const auto toggle = [this, index] { maximise(maximised_ == index ? -1 : index); };
  connect(fill, &QToolButton::clicked, this, toggle);
  connect(panel, &Panel::headerDoubleClicked, this, toggle);
  link(*view);
}

void ViewGrid::link(SceneView& view) {
  view.set_budget_limits(kSmallestBudget, kLargestBudget);
  connect(&analysis_, &Analysis::sceneChanged, &view, &SceneView::setScene);
  connect(&analysis_, &Analysis::frameChanged, &view, &SceneView::setFrame);
  connect(&view, &SceneView::budgetDragStarted, &document_, &Document::finish_edit);
  connect(&view, &SceneView::budgetDragFinished, &document_, &Document::finish_edit);
  connect(&view, &SceneView::budgetDragged, &document_,
          [this](double flops) { document_.set_budget(flops, Edit::kContinues); });
  link_runs(view);
}

void ViewGrid::link_runs(PlotView& view) {
  connect(&view, &PlotView::selectionRequested, &document_, [this](const std::vector<int>& ids, SelectionMode mode) {
    document_.set_selection(combine_selection(document_.selection(), ids, mode));
  });
  connect(&view, &PlotView::pointHovered, &document_, &Document::set_highlight);
  connect(&document_, &Document::selectionChanged, &view, &PlotView::set_selection);
  connect(&document_, &Document::highlightChanged, &view, &PlotView::set_highlight);
}

// Both rows part at the same place.
void ViewGrid::align(const QSplitter& moved) {
  QSplitter& other = *rows_[&moved == rows_[0] ? 1 : 0];
  if (maximised_ < 0) other.setSizes(moved.sizes());
}

void ViewGrid::maximise(int index) {
  const int views = static_cast<int>(panels_.size());
  if (index == maximised_ || index >= views + static_cast<int>(pages_.size())) return;
  maximised_ = index;
  column_->setVisible(index < views);
  for (int i = 0; i < static_cast<int>(pages_.size()); ++i)
    pages_[static_cast<std::size_t>(i)]->setVisible(index == views + i);
  for (int i = 0; i < views; ++i) {
    const auto at = static_cast<std::size_t>(i);
    panels_[at]->setVisible(index < 0 || index >= views || i == index);
    maximise_buttons_[at]->setProperty("glyph", static_cast<int>(i == index ? Glyph::kRestore : Glyph::kMaximise));
    maximise_buttons_[at]->setIcon(glyph_icon(i == index ? Glyph::kRestore : Glyph::kMaximise, views_[at]->theme()));
    maximise_buttons_[at]->setToolTip(i == index ? tr("Show all views")
                                                 : tr("Let %1 fill the window").arg(panels_[at]->title()));
    maximise_buttons_[at]->setAccessibleName(maximise_buttons_[at]->toolTip());
  }
  for (int row = 0; row < 2; ++row) rows_[row]->setVisible(index < 0 || index >= views || index / 2 == row);
  if (index >= views)
    pages_[static_cast<std::size_t>(index - views)]->content()->setFocus();
  else if (index >= 0)
    views_[static_cast<std::size_t>(index)]->setFocus();
  emit maximisedChanged(index);
}

void ViewGrid::reset_views() {
  for (SceneView* view : views_) view->set_ranges(view->home_x(), view->home_y());
}

QByteArray ViewGrid::save_layout() const {
  QByteArray layout;
  QDataStream stream(&layout, QIODevice::WriteOnly);
  stream << column_->saveState() << rows_[0]->saveState() << rows_[1]->saveState();
  return layout;
}

void ViewGrid::restore_layout(const QByteArray& layout) {
  QDataStream stream(layout);
  QByteArray column, top, bottom;
  stream >> column >> top >> bottom;
  if (stream.status() != QDataStream::Ok) return;
  column_->restoreState(column);
  rows_[0]->restoreState(top);
  rows_[1]->restoreState(bottom);
}

bool ViewGrid::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn) {
    const auto found = std::find(views_.begin(), views_.end(), watched);
    if (found != views_.end()) current_ = static_cast<int>(found - views_.begin());
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace isoflop::ui
