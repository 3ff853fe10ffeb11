// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/formula_edit.h"

#include <QFontDatabase>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QTextBlock>
#include <algorithm>

#include "ui/panels/checked_field.h"

namespace isoflop::ui {
namespace {

constexpr int kFewestLines = 2, kMostLines = 7;

}  // namespace

int position_in(const QString& text, long line, long byte) {
  qsizetype start = 0;
  for (long i = 1; i < line; ++i) {
    const qsizetype end = text.indexOf('\n', start);
    if (end < 0) return static_cast<int>(text.size());
    start = end + 1;
  }
  const qsizetype end = text.indexOf('\n', start);
  const QString whole = text.mid(start, end < 0 ? -1 : end - start);
  const QByteArray bytes = whole.toUtf8();
  return static_cast<int>(start + QString::fromUtf8(bytes.left(static_cast<qsizetype>(byte) - 1)).size());
}

FormulaEdit::FormulaEdit(const Appearance& appearance, QWidget* parent)
    : QPlainTextEdit(parent), appearance_(appearance) {
  QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  mono.setPointSizeF(appearance.type().body.pointSizeF() + 0.5);
  setFont(mono);
  setTabChangesFocus(true);
  setAccessibleName(tr("Formula"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(this, &QPlainTextEdit::textChanged, this, [this] {
    setVerticalScrollBarPolicy(line_count() > kMostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    updateGeometry();
  });
}

void FormulaEdit::set_error(const std::optional<Error>& error) {
  error_position_ =
      error && error->where.column > 0 ? position_in(toPlainText(), error->where.line, error->where.column) : -1;
  setAccessibleDescription(error ? error_sentence(*error) : QString());
  if (property("invalid").toBool() != error.has_value()) {
    setProperty("invalid", error.has_value());
    style()->unpolish(this);
    style()->polish(this);
  }
  viewport()->update();
}

QRect FormulaEdit::error_rect() const {
  if (error_position_ < 0) return {};
  QTextCursor cursor(document());
  cursor.setPosition(std::min(error_position_, document()->characterCount() - 1));
  QRect rect = cursorRect(cursor);
  rect.setWidth(QFontMetrics(font()).horizontalAdvance('0'));
  return rect;
}

int FormulaEdit::line_count() const {
  int lines = 0;
  for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
    lines += std::max(1, block.layout()->lineCount());
  return lines;
}

QSize FormulaEdit::sizeHint() const {
  // Border and padding of the style sheet, and a little room for the wave under the last line.
  constexpr int kAround = 14;
  const int lines = std::clamp(line_count(), kFewestLines, kMostLines);
  const int margin = static_cast<int>(document()->documentMargin());
  return {320, lines * QFontMetrics(font()).lineSpacing() + 2 * margin + kAround};
}

void FormulaEdit::paintEvent(QPaintEvent* event) {
  QPlainTextEdit::paintEvent(event);
  const QRect rect = error_rect();
  if (rect.isEmpty()) return;
  QPainter painter(viewport());
  painter.setRenderHint(QPainter::Antialiasing);
  QColor ground = appearance_.theme().error;
  ground.setAlphaF(0.14F);
  painter.fillRect(rect, ground);
  QPainterPath wave;
  const double y = rect.bottom() + 0.5;
  wave.moveTo(rect.left() - 1, y);
  for (int i = 0; rect.left() - 1 + 2 * (i + 1) <= rect.right() + 3; ++i)
    wave.lineTo(rect.left() - 1 + 2 * (i + 1), i % 2 == 0 ? y + 2 : y);
  painter.setPen(QPen(appearance_.theme().error, 1.2));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(wave);
}

}  // namespace isoflop::ui
