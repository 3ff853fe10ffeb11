// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/math/math_view.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/formula/typeset.h"

namespace isoflop::ui {
namespace {

constexpr int kMargin = 4;
constexpr double kSmallest = 0.62;  // of the size asked for
constexpr int kHintWidth = 520;

}  // namespace

MathLayoutOptions law_layout(const Law& law) {
  MathLayoutOptions options;
  for (const LawParameter& parameter : law.parameters) {
    // A symbol that is only the name again is set by the rules for names, which know "b1".
    if (!parameter.symbol.empty() && parameter.symbol != parameter.name)
      options.symbols[parameter.name] = parameter.symbol;
  }
  options.result = law.response == "loss" ? "L" : law.response;
  for (const LawVariable& variable : law.variables) options.arguments.push_back(variable.symbol);
  return options;
}

MathView::MathView(const Appearance& appearance, QWidget* parent) : QWidget(parent), appearance_(appearance) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setAccessibleName(tr("Formula"));
  connect(&appearance_, &Appearance::themeChanged, this, [this] {
    lay_out();
    update();
  });
}

void MathView::set_size(double points) {
  size_ = points;
  lay_out();
}

void MathView::set_alignment(Qt::Alignment alignment) {
  alignment_ = alignment;
  update();
}

void MathView::set_law(const Law& law) {
  set_expression(law.expression, law_layout(law));
}

void MathView::set_expression(const Expression& expression, MathLayoutOptions options) {
  expression_ = expression;
  options_ = std::move(options);
  stale_ = false;
  setAccessibleDescription(is_empty() ? QString() : QString::fromStdString(to_unicode(expression_)));
  lay_out();
}

void MathView::clear() {
  set_expression({});
}

void MathView::set_marked(const std::string& name) {
  if (name == marked_) return;
  marked_ = name;
  update();
}

void MathView::set_stale(bool stale) {
  if (stale == stale_) return;
  stale_ = stale;
  update();
}

MathBox MathView::laid_out(int width) const {
  if (is_empty()) return {};
  MathLayoutOptions options = options_;
  options.size = size_;
  const double room = std::max(width - 2 * kMargin, 40);
  options.width = room;
  MathBox box = layout_math(expression_, options);
  // A product or a fraction cannot be broken; it is made smaller instead. Advances need not scale exactly.
  for (int attempt = 0; box.width > room && attempt < 3; ++attempt) {
    const double smaller = std::max(kSmallest * size_, 0.99 * options.size * room / box.width);
    if (smaller >= options.size) break;
    options.size = smaller;
    box = layout_math(expression_, options);
  }
  return box;
}

void MathView::lay_out() {
  box_ = laid_out(width());
  updateGeometry();
  update();
}

double MathView::scale() const {
  return std::min(1.0, std::max(width() - 2 * kMargin, 1) / std::max(box_.width, 1.0));
}

QPointF MathView::baseline() const {
  const double scaled = scale();
  double x = kMargin, y = kMargin + scaled * box_.ascent;
  const double free_x = width() - 2 * kMargin - scaled * box_.width;
  const double free_y = height() - 2 * kMargin - scaled * box_.height();
  if (alignment_ & Qt::AlignHCenter) x += std::max(0.0, free_x / 2);
  if (alignment_ & Qt::AlignVCenter) y += std::max(0.0, free_y / 2);
  return {x, y};
}

int MathView::heightForWidth(int width) const {
  return is_empty() ? 0 : static_cast<int>(std::ceil(laid_out(width).height())) + 2 * kMargin;
}

QSize MathView::sizeHint() const {
  const int wide = std::max(width(), kHintWidth);
  return {kHintWidth, heightForWidth(wide)};
}

QSize MathView::minimumSizeHint() const {
  return {120, is_empty() ? 0 : static_cast<int>(std::ceil(box_.height())) + 2 * kMargin};
}

void MathView::paintEvent(QPaintEvent*) {
  if (is_empty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Theme& theme = appearance_.theme();
  painter.translate(baseline());
  painter.scale(scale(), scale());
  if (!marked_.empty()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.selection);
    for (const PlacedBox& symbol : find_boxes(box_, [this](const MathBox& box) { return box.name == marked_; }))
      painter.drawRoundedRect(symbol.rect.adjusted(-2, -2, 2, 2), 3, 3);
  }
  const QColor ink = stale_ || !isEnabled() ? theme.disabled : theme.text;
  const QColor marked = theme.accent;
  draw_math(painter, box_, {},
            [&](const std::string& name) { return !marked_.empty() && name == marked_ ? marked : ink; });
}

void MathView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->size().width() != event->oldSize().width()) lay_out();
}

void MathView::contextMenuEvent(QContextMenuEvent* event) {
  if (is_empty()) return;
  QMenu menu(this);
  connect(menu.addAction(tr("Copy as LaTeX")), &QAction::triggered, this,
          [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(to_latex(expression_))); });
  connect(menu.addAction(tr("Copy as text")), &QAction::triggered, this,
          [this] { QGuiApplication::clipboard()->setText(QString::fromStdString(expression_.source)); });
  menu.exec(event->globalPos());
}

}  // namespace isoflop::ui
