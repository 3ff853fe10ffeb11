// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/choice_plot.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace isoflop::ui {
namespace {

constexpr int kRowHeight = 24, kHeadingHeight = 32, kAxisHeight = 40, kTop = 6;
constexpr int kGap = 12, kEdge = 4, kIndent = 12;
constexpr double kDot = 4;

int height_of(const ChoiceRow& row) {
  return row.heading ? kHeadingHeight : kRowHeight;
}

}  // namespace

ChoicePlot::ChoicePlot(const Appearance& appearance, QWidget* parent)
    : QAbstractScrollArea(parent), appearance_(appearance) {
  setObjectName("choices");
  setAccessibleName(tr("Estimates by choice"));
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::StrongFocus);
  viewport()->setMouseTracking(true);
  connect(&appearance_, &Appearance::themeChanged, viewport(), qOverload<>(&QWidget::update));
}

void ChoicePlot::set_rows(std::vector<ChoiceRow> rows, const AxisSpec& axis, const AxisRange& range, double baseline) {
  rows_ = std::move(rows);
  axis_ = axis;
  range_ = range;
  baseline_ = baseline;
  hovered_ = -1;
  const bool known =
      std::any_of(rows_.begin(), rows_.end(), [this](const ChoiceRow& row) { return row.id == chosen_; });
  update_scroll_bar();
  viewport()->update();
  if (!known && chosen_ >= 0) set_chosen(-1);
}

void ChoicePlot::set_chosen(int id) {
  if (id == chosen_) return;
  chosen_ = id;
  describe();
  viewport()->update();
  emit chosenChanged(id);
}

// What a screen reader says of the row chosen.
void ChoicePlot::describe() {
  QString text;
  for (const ChoiceRow& row : rows_)
    if (row.id >= 0 && row.id == chosen_)
      text = tr("%1: %2").arg(row.name, row.failure.isEmpty() ? row.value_text : row.failure);
  setAccessibleDescription(text);
}

QSize ChoicePlot::sizeHint() const {
  int height = kTop + kAxisHeight;
  for (const ChoiceRow& row : rows_) height += height_of(row);
  return {640, height};
}

ChoicePlot::Columns ChoicePlot::columns() const {
  const QFontMetrics metrics(appearance_.type().body);
  int names = 0, values = 0;
  for (const ChoiceRow& row : rows_) {
    if (row.heading) continue;
    names = std::max(names, metrics.horizontalAdvance(row.name));
    values = std::max(values, metrics.horizontalAdvance(row.value_text));
  }
  const int width = viewport()->width();
  Columns at;
  at.name_right = std::min(kEdge + kIndent + names, width * 2 / 5);
  at.plot_left = at.name_right + kGap;
  at.value_left = width - kEdge - std::min(values, width / 3);
  at.plot_right = std::max(at.value_left - kGap, at.plot_left + 40);
  return at;
}

double ChoicePlot::x_of(double value) const {
  const Columns at = columns();
  const bool log = axis_.scale == AxisScale::kLog;
  const auto place = [log](double v) { return log ? std::log(v) : v; };
  const double share = (place(value) - place(range_.lower)) / (place(range_.upper) - place(range_.lower));
  return at.plot_left + share * (at.plot_right - at.plot_left);
}

QRect ChoicePlot::row_rect(int row) const {
  int top = kTop - verticalScrollBar()->value();
  for (int i = 0; i < row; ++i) top += height_of(rows_[static_cast<std::size_t>(i)]);
  return {0, top, viewport()->width(), height_of(rows_[static_cast<std::size_t>(row)])};
}

int ChoicePlot::row_at(const QPoint& position) const {
  if (position.y() > viewport()->height() - kAxisHeight) return -1;
  for (int row = 0; row < static_cast<int>(rows_.size()); ++row)
    if (row_rect(row).contains(position)) return row;
  return -1;
}

void ChoicePlot::update_scroll_bar() {
  const int room = std::max(viewport()->height(), 1);
  verticalScrollBar()->setRange(0, std::max(0, sizeHint().height() - room));
  verticalScrollBar()->setPageStep(std::max(room - kAxisHeight, 1));
  verticalScrollBar()->setSingleStep(kRowHeight);
}

void ChoicePlot::resizeEvent(QResizeEvent* event) {
  QAbstractScrollArea::resizeEvent(event);
  update_scroll_bar();
}

// ---- the hand

void ChoicePlot::mousePressEvent(QMouseEvent* event) {
  const int row = row_at(event->pos());
  const int id = row < 0 ? -1 : rows_[static_cast<std::size_t>(row)].id;
  set_chosen(id == chosen_ ? -1 : id);
}

void ChoicePlot::mouseMoveEvent(QMouseEvent* event) {
  const int row = row_at(event->pos());
  const int hovered = row >= 0 && rows_[static_cast<std::size_t>(row)].id >= 0 ? row : -1;
  viewport()->setCursor(hovered >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
  if (hovered == hovered_) return;
  hovered_ = hovered;
  viewport()->update();
}

void ChoicePlot::leaveEvent(QEvent* event) {
  QAbstractScrollArea::leaveEvent(event);
  hovered_ = -1;
  viewport()->update();
}

void ChoicePlot::step(int by) {
  const int count = static_cast<int>(rows_.size());
  int row = -1;
  for (int i = 0; i < count; ++i)
    if (rows_[static_cast<std::size_t>(i)].id >= 0 && rows_[static_cast<std::size_t>(i)].id == chosen_) row = i;
  if (row < 0) row = by > 0 ? -1 : count;
  for (row += by; row >= 0 && row < count; row += by) {
    if (rows_[static_cast<std::size_t>(row)].id < 0) continue;
    set_chosen(rows_[static_cast<std::size_t>(row)].id);
    const QRect rect = row_rect(row);
    const int bottom = viewport()->height() - kAxisHeight;
    if (rect.top() < 0) verticalScrollBar()->setValue(verticalScrollBar()->value() + rect.top() - kTop);
    if (rect.bottom() > bottom)
      verticalScrollBar()->setValue(verticalScrollBar()->value() + rect.bottom() - bottom + 2);
    return;
  }
}

void ChoicePlot::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Down:
      return step(1);
    case Qt::Key_Up:
      return step(-1);
    case Qt::Key_Escape:
      if (chosen_ >= 0) return set_chosen(-1);
      break;
    default:
      break;
  }
  QAbstractScrollArea::keyPressEvent(event);
}

// Escape is the plot's before it is the window's.
bool ChoicePlot::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape &&
      chosen_ >= 0)
    event->accept();
  return QAbstractScrollArea::event(event);
}

bool ChoicePlot::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = row_at(help->pos());
    const QString tip = row < 0 ? QString() : rows_[static_cast<std::size_t>(row)].tip;
    QToolTip::showText(help->globalPos(), tip, viewport(), row < 0 ? QRect() : row_rect(row));
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

// ---- painting

void ChoicePlot::paint_axis(QPainter& painter, const Columns& at, bool grid) const {
  const Theme& theme = appearance_.theme();
  const Ticks ticks =
      make_ticks(range_, axis_.scale, axis_.format, std::clamp((at.plot_right - at.plot_left) / 80, 2, 6));
  const int bottom = viewport()->height() - kAxisHeight;
  if (grid) {
    painter.setPen(QPen(theme.grid, 1));
    for (const double tick : ticks.major) {
      const double x = std::round(x_of(tick)) + 0.5;
      painter.drawLine(QPointF(x, 0), QPointF(x, bottom));
    }
    return;
  }
  painter.fillRect(QRect(0, bottom, viewport()->width(), kAxisHeight), theme.panel);
  painter.setPen(QPen(theme.hairline, 1));
  painter.drawLine(QPointF(at.plot_left, bottom + 0.5), QPointF(at.plot_right, bottom + 0.5));
  painter.setFont(appearance_.type().note);
  painter.setPen(theme.secondary);
  const int line = painter.fontMetrics().height();
  for (std::size_t i = 0; i < ticks.major.size(); ++i) {
    const double x = x_of(ticks.major[i]);
    painter.drawText(QRectF(x - 60, bottom + 3, 120, line), Qt::AlignHCenter | Qt::AlignTop, ticks.labels[i]);
  }
  painter.drawText(QRectF(at.plot_left, bottom + 4 + line, at.plot_right - at.plot_left, line),
                   Qt::AlignHCenter | Qt::AlignTop, axis_.label);
}

void ChoicePlot::paint_row(QPainter& painter, const Columns& at, int index) const {
  const ChoiceRow& row = rows_[static_cast<std::size_t>(index)];
  const Theme& theme = appearance_.theme();
  const QRect rect = row_rect(index);
  if (row.heading) {
    painter.setFont(appearance_.type().title);
    painter.setPen(theme.text);
    const QRect text = rect.adjusted(kEdge, 8, 0, 0);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, row.name);
    const int used = painter.fontMetrics().horizontalAdvance(row.name);
    painter.setFont(appearance_.type().note);
    painter.setPen(theme.secondary);
    const QRect note = text.adjusted(used + 10, 0, -kEdge, 0);
    const QString shown = painter.fontMetrics().elidedText(row.note, Qt::ElideRight, note.width());
    const QRect under(note.left() - 4, note.center().y() - 8, painter.fontMetrics().horizontalAdvance(shown) + 8, 18);
    painter.fillRect(under, theme.panel);
    painter.drawText(note, Qt::AlignLeft | Qt::AlignVCenter, shown);
    return;
  }
  if (row.id >= 0 && row.id == chosen_)
    painter.fillRect(rect, theme.selection);
  else if (index == hovered_)
    painter.fillRect(rect, theme.field);
  painter.setFont(appearance_.type().body);
  painter.setPen(row.failure.isEmpty() ? theme.text : theme.secondary);
  const QRect name(kEdge + kIndent, rect.top(), at.name_right - kEdge - kIndent, rect.height());
  painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                   painter.fontMetrics().elidedText(row.name, Qt::ElideRight, name.width()));
  if (!row.failure.isEmpty()) {
    const QRect text(at.plot_left, rect.top(), rect.right() - kEdge - at.plot_left, rect.height());
    painter.setFont(appearance_.type().note);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(row.failure, Qt::ElideRight, text.width()));
    return;
  }
  painter.setPen(theme.secondary);
  painter.drawText(QRect(at.value_left, rect.top(), rect.right() - kEdge - at.value_left, rect.height()),
                   Qt::AlignRight | Qt::AlignVCenter, row.value_text);

  const double y = rect.center().y() + 0.5;
  const double left = at.plot_left, right = at.plot_right;
  const QColor ink = row.value == baseline_ ? theme.accent : theme.text;
  painter.setRenderHint(QPainter::Antialiasing);
  if (std::isfinite(row.lower) && std::isfinite(row.upper)) {
    QColor faint = ink;
    faint.setAlphaF(0.45F);
    painter.setPen(QPen(faint, 1.6, Qt::SolidLine, Qt::FlatCap));
    const double from = std::clamp(x_of(row.lower), left, right), to = std::clamp(x_of(row.upper), left, right);
    if (to > from) painter.drawLine(QPointF(from, y), QPointF(to, y));
  }
  const double x = x_of(row.value);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ink);
  if (x < left - 1 || x > right + 1) {
    const double end = x < left ? left : right, back = x < left ? 8 : -8;
    painter.drawPolygon(QPolygonF({QPointF(end, y), QPointF(end + back, y - 4.5), QPointF(end + back, y + 4.5)}));
  } else {
    painter.drawEllipse(QPointF(x, y), kDot, kDot);
  }
  painter.setBrush(Qt::NoBrush);
  painter.setRenderHint(QPainter::Antialiasing, false);
}

void ChoicePlot::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  const Theme& theme = appearance_.theme();
  painter.fillRect(viewport()->rect(), theme.panel);
  if (rows_.empty()) return;
  const Columns at = columns();
  const int bottom = viewport()->height() - kAxisHeight;
  painter.save();
  painter.setClipRect(QRect(0, 0, viewport()->width(), bottom));
  paint_axis(painter, at, true);
  for (int row = 0; row < static_cast<int>(rows_.size()); ++row) {
    const QRect rect = row_rect(row);
    if (rect.bottom() < 0 || rect.top() > bottom) continue;
    paint_row(painter, at, row);
  }
  const double x = x_of(baseline_);
  if (std::isfinite(x) && x >= at.plot_left && x <= at.plot_right) {
    QPen pen(theme.accent, 1.2);
    pen.setDashPattern({4, 3});
    painter.setPen(pen);
    painter.drawLine(QPointF(std::round(x) + 0.5, 0), QPointF(std::round(x) + 0.5, bottom));
  }
  painter.restore();
  paint_axis(painter, at, false);
  if (hasFocus()) {
    painter.setPen(QPen(theme.accent, 1));
    painter.drawLine(0, viewport()->height() - 1, viewport()->width(), viewport()->height() - 1);
  }
}

}  // namespace isoflop::ui
