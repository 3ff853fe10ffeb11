// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPainterPath>
#include <QRectF>
#include <QString>
#include <functional>
#include <string>
#include <vector>

class QPainter;

namespace isoflop::ui {

// A piece of set mathematics: its extent about a point on its baseline, and what stands in it. Lengths are in pixels
// of the device that the fonts were measured for; y grows downwards, as everywhere in Qt.
struct MathBox {
  enum class Kind {
    kRow,
    kText,  // `text` in `font`
    kPath,  // `path`, filled
    kFraction,
    kBar,  // the rule of a fraction, over a radicand
    kNumerator,
    kDenominator,
    kScripts,  // base, then kSuperscript and kSubscript
    kSuperscript,
    kSubscript,
    kFence,  // opening delimiter, content, closing delimiter
    kRadical,
    kCases,
    kOperator,  // a big one, with its limits
    kLine,      // of a formula that is broken into lines, and of definitions below it
  };
  Kind kind = Kind::kRow;
  double width = 0, ascent = 0, descent = 0;
  QPointF at;  // of its baseline's left end, in the box around it
  std::vector<MathBox> children;
  QString text;
  QFont font;
  std::string name;  // kText: the name in the formula that this is the symbol of; empty for all else
  QPainterPath path;
  std::size_t size = 1;  // boxes in it, itself included

  double height() const { return ascent + descent; }
  QRectF rect() const { return {at.x(), at.y() - ascent, width, height()}; }  // in the box around it

  void add(MathBox child, QPointF where);
};

// A box of `kind` around one other.
MathBox wrapped(MathBox::Kind kind, MathBox content);

// Every box of a kind, with where it stands in `box` (whose own baseline starts at the origin).
struct PlacedBox {
  const MathBox* box;
  QRectF rect;
  QPointF baseline;
};
std::vector<PlacedBox> find_boxes(const MathBox& box, const std::function<bool(const MathBox&)>& wanted);

// `color_of` is asked for each symbol by its name, and for everything else with an empty name.
void draw_math(QPainter& painter, const MathBox& box, QPointF baseline,
               const std::function<QColor(const std::string& name)>& color_of);

}  // namespace isoflop::ui
