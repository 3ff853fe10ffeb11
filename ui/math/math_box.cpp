// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/math/math_box.h"

#include <QPainter>
#include <algorithm>
#include <utility>

namespace isoflop::ui {
namespace {

void collect(const MathBox& box, QPointF baseline, const std::function<bool(const MathBox&)>& wanted,
             std::vector<PlacedBox>& found) {
  if (wanted(box))
    found.push_back({&box, QRectF(baseline.x(), baseline.y() - box.ascent, box.width, box.height()), baseline});
  for (const MathBox& child : box.children) collect(child, baseline + child.at, wanted, found);
}

}  // namespace

void MathBox::add(MathBox child, QPointF where) {
  child.at = where;
  size += child.size;
  width = std::max(width, where.x() + child.width);
  ascent = std::max(ascent, child.ascent - where.y());
  descent = std::max(descent, child.descent + where.y());
  children.push_back(std::move(child));
}

MathBox wrapped(MathBox::Kind kind, MathBox content) {
  MathBox box;
  box.kind = kind;
  box.add(std::move(content), {0, 0});
  return box;
}

std::vector<PlacedBox> find_boxes(const MathBox& box, const std::function<bool(const MathBox&)>& wanted) {
  std::vector<PlacedBox> found;
  collect(box, {}, wanted, found);
  return found;
}

void draw_math(QPainter& painter, const MathBox& box, QPointF baseline,
               const std::function<QColor(const std::string& name)>& color_of) {
  if (!box.text.isEmpty()) {
    painter.setFont(box.font);
    painter.setPen(color_of(box.name));
    painter.drawText(baseline, box.text);
  }
  if (!box.path.isEmpty()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(color_of({}));
    painter.drawPath(box.path.translated(baseline));
  }
  for (const MathBox& child : box.children) draw_math(painter, child, baseline + child.at, color_of);
}

}  // namespace isoflop::ui
