// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/comparison_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/plots/sprites.h"

namespace isoflop::ui {
namespace {

constexpr int kRowHeight = 24, kMostRows = 9;
constexpr int kPadding = 2 * CellDelegate::kPadding + 2, kHeadPadding = kPadding + 12;
constexpr int kNarrowestLaw = 120;
// The widest that each column of numbers shows.
constexpr const char* kWidest[] = {"88.88%", "+8.88% [8.88, 8.88]", "−88.88%", "88.88%", "88888", "88888", "8.88"};
// What goes first where there is no room.
constexpr ComparisonModel::Column kDispensable[] = {ComparisonModel::kBic, ComparisonModel::kBias,
                                                    ComparisonModel::kExcess, ComparisonModel::kFolds};

QString percent(double log_ratio) {
  if (!std::isfinite(log_ratio)) return QStringLiteral("–");
  return QString::number(100 * log_ratio, 'f', 2).replace('-', QStringLiteral("−")) + '%';
}

QString difference(double value) {
  if (!std::isfinite(value)) return QStringLiteral("–");
  return QString::number(value, 'f', value < 99.95 ? 1 : 0);
}

class LawDelegate : public CellDelegate {
 public:
  using CellDelegate::CellDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    draw_ground(*painter, option, index);
    const Theme& theme = appearance().theme();
    const bool failed = index.data(ComparisonModel::kFailedRole).toBool();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    int left = option.rect.left() + 4;
    if (const QVariant slot = index.data(ComparisonModel::kSlotRole); slot.isValid()) {
      const LawStyle style = theme.law(slot.toInt());
      const double y = option.rect.center().y() + 0.5;
      QPen pen(style.color, 1.6);
      pen.setCapStyle(Qt::FlatCap);
      if (!style.dash.isEmpty()) pen.setDashPattern(style.dash);
      painter->setPen(pen);
      painter->drawLine(QPointF(left, y), QPointF(left + 20, y));
      draw_marker(*painter, style.marker, QPointF(left + 10, y), 4, style.color, false);
    }
    left += 28;
    painter->setPen(failed ? theme.secondary : theme.text);
    painter->setFont(option.font);
    const QRect text(left, option.rect.top(), option.rect.right() - left - 2, option.rect.height());
    painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, text.width()));
    painter->restore();
  }
};

}  // namespace

// ---- model

void ComparisonModel::set_comparison(std::shared_ptr<const ShownComparison> shown) {
  beginResetModel();
  shown_ = std::move(shown);
  endResetModel();
}

const Comparison* ComparisonModel::comparison() const {
  return shown_ != nullptr && shown_->result ? &*shown_->result : nullptr;
}

bool ComparisonModel::has_stack() const {
  return comparison() != nullptr && comparison()->stacked_cross_validated.runs > 0 && comparison()->laws.size() > 1;
}

int ComparisonModel::rowCount(const QModelIndex& parent) const {
  if (parent.isValid() || comparison() == nullptr) return 0;
  return static_cast<int>(comparison()->laws.size()) + (has_stack() ? 1 : 0);
}

QString ComparisonModel::text(const ComparedFit& law, int column) const {
  switch (column) {
    case kHeldOut:
      return percent(law.held_out.mean_absolute);
    case kExcess:
      if (law.excess.difference == 0 && !law.excess.ci95) return tr("best");
      if (!law.excess.ci95) return "+" + percent(law.excess.difference);
      return QStringLiteral("+%1 [%2, %3]")
          .arg(percent(law.excess.difference), percent(law.excess.ci95->lower).chopped(1),
               percent(law.excess.ci95->upper).chopped(1));
    case kBias:
      return percent(law.held_out.bias);
    case kFolds:
      return percent(law.cross_validated.mean_absolute);
    case kAicc:
      return difference(law.aicc_excess);
    case kBic:
      return difference(law.bic_excess);
    case kWeight:
      return QString::number(law.weight, 'f', 2);
    default:
      return {};
  }
}

QString ComparisonModel::stack_text(int column) const {
  switch (column) {
    case kLaw:
      return tr("stacked");
    case kHeldOut:
      return percent(comparison()->stacked_held_out.mean_absolute);
    case kBias:
      return percent(comparison()->stacked_held_out.bias);
    case kFolds:
      return percent(comparison()->stacked_cross_validated.mean_absolute);
    default:
      return {};
  }
}

QVariant ComparisonModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  if (role == Qt::TextAlignmentRole && index.column() != kLaw)
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  const auto row = static_cast<std::size_t>(index.row());
  const Comparison& all = *comparison();
  if (row == all.laws.size()) {
    if (role == Qt::DisplayRole) return stack_text(index.column());
    if (role == Qt::ToolTipRole)
      return tr(
          "The weighted geometric mean of the laws, with the weights of the last column chosen on the folds; judged "
          "with weights that have not seen the runs");
    return {};
  }
  const ComparedFit& law = all.laws[row];
  switch (role) {
    case Qt::DisplayRole:
      if (index.column() == kLaw)
        return law.failure
                   ? tr("%1: %2").arg(QString::fromStdString(law.label), QString::fromStdString(law.failure->message))
                   : QString::fromStdString(law.label);
      return law.failure ? QString() : text(law, index.column());
    case Qt::ToolTipRole:
      if (law.failure) return QString::fromStdString(law.failure->message);
      if (index.column() == kExcess && law.excess.ci95)
        return law.excess.distinct ? tr("More than the luck of which runs were left out")
                                   : tr("Within the luck of which runs were left out");
      if (index.column() == kLaw) return tr("%n parameter(s) estimated", nullptr, law.parameters);
      return headerData(index.column(), Qt::Horizontal, Qt::ToolTipRole);
    case kSlotRole:
      return row < shown_->law_slots.size() ? QVariant(shown_->law_slots[row]) : QVariant();
    case kFailedRole:
      return law.failure.has_value();
    default:
      return {};
  }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>((section == kLaw ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  const bool tip = role == Qt::ToolTipRole;
  if (role != Qt::DisplayRole && !tip) return {};
  switch (section) {
    case kLaw:
      return tip ? tr("The best first") : tr("law");
    case kHeldOut:
      return tip ? tr("Mean error on the largest runs, which the fit has not seen") : tr("left out");
    case kExcess:
      return tip ? tr("How much larger that error is than the best law's, with its 95% interval over resampled runs")
                 : tr("over the best");
    case kBias:
      return tip ? tr("Mean error with its sign: above 0 where the law predicts too high a loss") : tr("bias");
    case kFolds:
      return tip ? tr("Mean error on runs of all sizes, each predicted without its fold") : tr("folds");
    case kAicc:
      return tip ? tr("Akaike's criterion over the least: parameters that bring nothing cost 2 and more")
                 : QStringLiteral("ΔAICc");
    case kBic:
      return tip ? tr("Schwarz's criterion over the least") : QStringLiteral("ΔBIC");
    case kWeight:
      return tip ? tr("Share in the stacked prediction") : tr("weight");
    default:
      return {};
  }
}

// ---- table

ComparisonTable::ComparisonTable(const Appearance& appearance, QWidget* parent)
    : QTableView(parent), model_(new ComparisonModel(this)) {
  setModel(model_);
  setItemDelegate(new CellDelegate(appearance, this));
  setItemDelegateForColumn(ComparisonModel::kLaw, new LawDelegate(appearance, this));
  setStyleSheet(QStringLiteral("QHeaderView::section { padding: 4px %1px; }").arg(CellDelegate::kPadding));
  setObjectName("comparison");
  setAccessibleName(tr("Laws by error"));
  setSelectionMode(SingleSelection);
  setSelectionBehavior(SelectRows);
  setEditTriggers(NoEditTriggers);
  setTabKeyNavigation(false);
  setShowGrid(false);
  setWordWrap(false);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  verticalHeader()->hide();
  verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  verticalHeader()->setDefaultSectionSize(kRowHeight);
  horizontalHeader()->setSectionsClickable(false);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setMinimumSectionSize(30);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(&appearance, &Appearance::themeChanged, viewport(), qOverload<>(&QWidget::update));
  connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    const QModelIndexList rows = selectionModel()->selectedRows();
    const int row = rows.isEmpty() ? -1 : rows.front().row();
    const bool law = row >= 0 && model_->index(row, 0).data(ComparisonModel::kSlotRole).isValid() &&
                     !model_->index(row, 0).data(ComparisonModel::kFailedRole).toBool();
    emit lawChosen(law ? row : -1);
  });
}

void ComparisonTable::set_comparison(std::shared_ptr<const ShownComparison> shown) {
  model_->set_comparison(std::move(shown));
  clearSpans();
  for (int row = 0; row < model_->rowCount(); ++row)
    if (model_->index(row, 0).data(ComparisonModel::kFailedRole).toBool())
      setSpan(row, 0, 1, ComparisonModel::kColumns);
  fit_columns();
  updateGeometry();
}

QSize ComparisonTable::sizeHint() const {
  const int rows = std::clamp(model_->rowCount(), 1, kMostRows);
  return {500, horizontalHeader()->sizeHint().height() + rows * kRowHeight + 2};
}

QSize ComparisonTable::minimumSizeHint() const {
  return {200, horizontalHeader()->sizeHint().height() + 2 * kRowHeight};
}

void ComparisonTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fit_columns();
}

void ComparisonTable::fit_columns() {
  int widths[ComparisonModel::kColumns] = {};
  int rest = viewport()->width();
  for (int column = 1; column < ComparisonModel::kColumns; ++column) {
    const QString title = model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    widths[column] = std::max(fontMetrics().horizontalAdvance(QString::fromUtf8(kWidest[column - 1])) + kPadding,
                              horizontalHeader()->fontMetrics().horizontalAdvance(title) + kHeadPadding);
    rest -= widths[column];
  }
  for (int column = 1; column < ComparisonModel::kColumns; ++column) setColumnHidden(column, false);
  for (const ComparisonModel::Column column : kDispensable) {
    if (rest >= kNarrowestLaw) break;
    rest += widths[column];
    setColumnHidden(column, true);
  }
  for (int column = 1; column < ComparisonModel::kColumns; ++column) setColumnWidth(column, widths[column]);
  setColumnWidth(ComparisonModel::kLaw, std::max(rest, kNarrowestLaw));
}

void ComparisonTable::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && selectionModel()->hasSelection()) return clearSelection();
  QTableView::keyPressEvent(event);
}

// Escape is the table's before it is the window's.
bool ComparisonTable::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape &&
      selectionModel()->hasSelection())
    event->accept();
  return QTableView::event(event);
}

// A second click on the chosen law shows all again.
void ComparisonTable::mousePressEvent(QMouseEvent* event) {
  const QModelIndex index = indexAt(event->pos());
  if (!index.isValid() || selectionModel()->isRowSelected(index.row())) return clearSelection();
  QTableView::mousePressEvent(event);
}

}  // namespace isoflop::ui
