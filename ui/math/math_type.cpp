// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/math/math_type.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/formula/typeset.h"

namespace isoflop::ui {
namespace {

constexpr std::array<double, 4> kScale{1, 1, 0.74, 0.6};

double scale(MathStyle style) {
  return kScale[static_cast<std::size_t>(style)];
}

QFont serif(double points) {
  static const QStringList kFamilies{"STIX Two Text",   "Latin Modern Roman", "TeX Gyre Termes",
                                     "Nimbus Roman",    "Libertinus Serif",   "Liberation Serif",
                                     "Times New Roman", "Noto Serif",         "DejaVu Serif"};
  const QStringList installed = QFontDatabase::families();
  QStringList families;
  for (const QString& family : kFamilies) {
    if (installed.contains(family)) families << family;
  }
  QFont font;
  if (!families.isEmpty()) font.setFamilies(families);
  font.setStyleHint(QFont::Serif);
  font.setPointSizeF(points);
  // Scaled advances, so that pieces of different sizes meet where they were measured to.
  font.setHintingPreference(QFont::PreferNoHinting);
  font.setWeight(QFont::Normal);
  return font;
}

// The ink of the letters, exactly: font metrics round it to pixels.
QRectF ink_of(const QFont& font, const QString& text) {
  QPainterPath outline;
  outline.addText(0, 0, font, text);
  return outline.boundingRect();
}

QFont sized(QFont font, double points) {
  font.setPointSizeF(points);
  return font;
}

struct Symbol {
  QString base, index;
};

// "R_D" and "b1": what stands below the base. Letters named in English become Greek.
Symbol split(const std::string& name) {
  std::string base = name, index;
  if (const std::size_t at = name.find('_'); at != std::string::npos && at > 0 && at + 1 < name.size()) {
    base = name.substr(0, at);
    index = name.substr(at + 1);
  } else {
    std::size_t digits = name.size();
    while (digits > 0 && std::isdigit(static_cast<unsigned char>(name[digits - 1])) != 0) --digits;
    const std::string letters = name.substr(0, digits);
    const bool letter = letters.size() == 1 || unicode_symbol(letters) != letters;
    if (letter && digits < name.size()) {
      base = letters;
      index = name.substr(digits);
    }
  }
  QString below;
  for (const QString& part : QString::fromStdString(index).split('_', Qt::SkipEmptyParts)) {
    below += (below.isEmpty() ? QString() : QStringLiteral(",")) +
             QString::fromStdString(unicode_symbol(part.toStdString()));
  }
  return {QString::fromStdString(unicode_symbol(base)), below};
}

// Single letters slant, except Greek capitals; words and digits stand upright.
bool slants(const QString& text) {
  if (text.size() != 1) return false;
  const QChar c = text[0];
  const bool greek_capital = c >= QChar(0x391) && c <= QChar(0x3A9);
  return c.isLetter() && !greek_capital;
}

}  // namespace

MathStyle script_of(MathStyle style) {
  return style <= MathStyle::kText ? MathStyle::kScript : MathStyle::kScriptScript;
}

MathStyle fraction_of(MathStyle style) {
  return style == MathStyle::kDisplay ? MathStyle::kText : script_of(style);
}

MathType::MathType(double size) : size_(size), roman_(serif(size)), italic_(serif(size)) {
  italic_.setItalic(true);
}

QFont MathType::roman(MathStyle style) const {
  return sized(roman_, size_ * scale(style));
}

QFont MathType::italic(MathStyle style) const {
  return sized(italic_, size_ * scale(style));
}

// The font's nominal size; families differ in how they report heights.
double MathType::em(MathStyle style) const {
  return QFontMetricsF(roman(style)).horizontalAdvance(QChar(0x2003));
}

double MathType::axis(MathStyle style) const {
  return -ink_of(roman(style), QString(QChar(0x2212))).center().y();
}

double MathType::rule(MathStyle style) const {
  return std::max(1.0, 0.05 * em(style));
}

MathBox MathType::glyphs(const QString& text, MathStyle style, bool slanted, const std::string& name) const {
  MathBox box;
  box.kind = MathBox::Kind::kText;
  box.text = text;
  box.font = slanted ? italic(style) : roman(style);
  box.name = name;
  const QFontMetricsF metrics(box.font);
  const QRectF ink = ink_of(box.font, text);
  // An italic letter may lean out of its advance.
  box.width = std::max(metrics.horizontalAdvance(text), ink.right());
  box.ascent = std::max(0.0, -ink.top());
  box.descent = std::max(0.0, ink.bottom());
  return box;
}

MathBox MathType::symbol(const std::string& name, MathStyle style, const std::string& shown,
                         const MathBox* exponent) const {
  const Symbol symbol = split(shown.empty() ? name : shown);
  MathBox base = glyphs(symbol.base, style, slants(symbol.base), name);
  if (symbol.index.isEmpty()) return exponent == nullptr ? base : scripts(std::move(base), exponent, nullptr, style);
  const MathBox index = glyphs(symbol.index, script_of(style), slants(symbol.index), name);
  return scripts(std::move(base), exponent, &index, style);
}

MathBox MathType::big_operator(QChar sign, MathStyle style) const {
  MathBox letter = glyphs(QString(sign), style, false);
  if (style == MathStyle::kDisplay) {
    letter.font = sized(letter.font, 1.4 * letter.font.pointSizeF());
    const QFontMetricsF metrics(letter.font);
    const QRectF ink = ink_of(letter.font, letter.text);
    letter.width = std::max(metrics.horizontalAdvance(letter.text), ink.right());
    letter.ascent = -ink.top();
    letter.descent = ink.bottom();
  }
  const double shift = (letter.ascent - letter.descent) / 2 - axis(style);
  MathBox box;
  box.kind = MathBox::Kind::kOperator;
  box.add(std::move(letter), {0, shift});
  return box;
}

MathBox MathType::bar(double width, double thickness) const {
  MathBox box;
  box.kind = MathBox::Kind::kBar;
  box.width = width;
  box.ascent = box.descent = thickness / 2;
  box.path.addRect(0, -thickness / 2, width, thickness);
  return box;
}

MathBox MathType::delimiter(QChar which, double above, double below, MathStyle style) const {
  const MathBox letter = glyphs(QString(which), style, false);
  const bool bracket = which == '(' || which == ')';
  if (bracket && above + below <= 1.2 * letter.height()) return letter;

  MathBox box;
  box.kind = MathBox::Kind::kPath;
  box.ascent = above;
  box.descent = below;
  const double height = above + below, em_width = em(style), thick = 0.07 * em_width, thin = 0.03 * em_width;
  const double top = -above, bottom = below, middle = (top + bottom) / 2;
  QPainterPath path;
  if (bracket) {
    const double width = std::min(0.5 * em_width, 0.26 * em_width + 0.04 * height);
    const double inside = 0.06 * em_width;  // room to the content
    // Two arcs that meet in points; a quadratic reaches half-way to its control point.
    path.moveTo(width, top);
    path.quadTo(-width, middle, width, bottom);
    path.lineTo(width + thin, bottom);
    path.quadTo(-width + 2 * thick, middle, width + thin, top);
    path.closeSubpath();
    box.width = width + thin + inside;
  } else if (which == '{') {
    const double width = 0.42 * em_width, x = width / 2, bend = std::min(0.5 * height / 2, 0.6 * em_width);
    QPainterPath line;
    line.moveTo(width, top);
    line.quadTo(x, top, x, top + bend);
    line.lineTo(x, middle - bend);
    line.quadTo(x, middle, 0, middle);
    line.quadTo(x, middle, x, middle + bend);
    line.lineTo(x, bottom - bend);
    line.quadTo(x, bottom, width, bottom);
    QPainterPathStroker pen;
    pen.setWidth(thick);
    pen.setJoinStyle(Qt::RoundJoin);
    pen.setCapStyle(Qt::RoundCap);
    path = pen.createStroke(line);
    box.width = width + 0.12 * em_width;
  } else if (which == '[' || which == ']') {
    const double width = 0.28 * em_width, line = rule(style);
    path.addRect(0.08 * em_width, top, line, height);
    path.addRect(0.08 * em_width, top, width - 0.08 * em_width, line);
    path.addRect(0.08 * em_width, bottom - line, width - 0.08 * em_width, line);
    path.setFillRule(Qt::WindingFill);
    box.width = width + 0.04 * em_width;
  } else {
    path.addRect(0.1 * em_width, top, rule(style), height);
    box.width = 0.2 * em_width + rule(style);
  }
  if (which == ')' || which == ']') {
    QTransform mirror(-1, 0, 0, 1, box.width, 0);
    path = mirror.map(path);
  }
  box.path = path;
  return box;
}

MathBox MathType::fraction(MathBox above, MathBox below, MathStyle style) const {
  const double thickness = rule(style), middle = axis(style), unit = em(style);
  const bool display = style == MathStyle::kDisplay;
  const double gap = (display ? 3 : 1.5) * thickness;
  const double rise = std::max((display ? 0.68 : 0.40) * unit, middle + thickness / 2 + gap + above.descent);
  const double fall = std::max((display ? 0.69 : 0.36) * unit, -middle + thickness / 2 + gap + below.ascent);
  const double overhang = 0.1 * unit, side = 0.12 * unit;
  const double width = std::max(above.width, below.width) + 2 * overhang;
  MathBox box;
  box.kind = MathBox::Kind::kFraction;
  const double above_x = side + (width - above.width) / 2, below_x = side + (width - below.width) / 2;
  box.add(wrapped(MathBox::Kind::kNumerator, std::move(above)), {above_x, -rise});
  box.add(bar(width, thickness), {side, -middle});
  box.add(wrapped(MathBox::Kind::kDenominator, std::move(below)), {below_x, fall});
  box.width = width + 2 * side;
  return box;
}

MathBox MathType::scripts(MathBox base, const MathBox* superscript, const MathBox* subscript, MathStyle style) const {
  const double unit = em(style), x_height = QFontMetricsF(roman(style)).xHeight();
  MathBox box;
  box.kind = MathBox::Kind::kScripts;
  const double right = base.width + 0.04 * unit, tall = base.ascent, deep = base.descent;
  const bool letter = base.kind == MathBox::Kind::kText;
  box.add(std::move(base), {0, 0});
  double rise = 0, fall = 0;
  if (superscript != nullptr) {
    rise = std::max({(style == MathStyle::kDisplay ? 0.42 : 0.37) * unit, letter ? 0.0 : tall - 0.3 * unit,
                     superscript->descent + 0.25 * x_height});
  }
  if (subscript != nullptr) {
    fall = std::max({(superscript == nullptr ? 0.16 : 0.25) * unit, letter ? 0.0 : deep + 0.05 * unit,
                     superscript == nullptr ? subscript->ascent - 0.8 * x_height : 0.0});
    if (superscript != nullptr)
      fall = std::max(fall, 4 * rule(style) - (rise - superscript->descent) + subscript->ascent);
  }
  if (superscript != nullptr) box.add(wrapped(MathBox::Kind::kSuperscript, *superscript), {right, -rise});
  if (subscript != nullptr) box.add(wrapped(MathBox::Kind::kSubscript, *subscript), {right, fall});
  box.width += 0.05 * unit;
  return box;
}

// Fences reach as far above the axis as below it, so that their middle lies on it.
MathBox MathType::fence(QChar open, MathBox content, QChar close, MathStyle style) const {
  const double middle = axis(style), beyond = 0.06 * em(style);
  const double reach = std::max(content.ascent - middle, content.descent + middle) + beyond;
  MathBox box;
  box.kind = MathBox::Kind::kFence;
  if (!open.isNull()) {
    MathBox left = delimiter(open, reach + middle, reach - middle, style);
    const double x = left.width;
    box.add(std::move(left), {0, 0});
    box.width = x;
  }
  const double x = box.width;
  box.add(std::move(content), {x, 0});
  if (!close.isNull()) {
    const double end = box.width;
    box.add(delimiter(close, reach + middle, reach - middle, style), {end, 0});
  }
  return box;
}

MathBox MathType::radical(MathBox radicand, MathStyle style) const {
  const double unit = em(style), thickness = rule(style), gap = 0.14 * unit;
  const double top = radicand.ascent + gap + thickness / 2, bottom = radicand.descent + 0.04 * unit;
  const double hook = 0.22 * unit, slope = 0.34 * unit, low = bottom - 0.45 * (top + bottom);
  QPainterPath line;
  line.moveTo(0.04 * unit, low + 0.06 * unit);
  line.lineTo(hook * 0.6, low);
  line.lineTo(hook + 0.06 * unit, bottom);
  line.lineTo(hook + slope, -top);
  line.lineTo(hook + slope + 0.06 * unit, -top);
  QPainterPathStroker pen;
  pen.setWidth(thickness);
  pen.setJoinStyle(Qt::MiterJoin);
  MathBox sign;
  sign.kind = MathBox::Kind::kPath;
  sign.path = pen.createStroke(line);
  sign.width = hook + slope;
  sign.ascent = top + thickness / 2;
  sign.descent = bottom;
  MathBox box;
  box.kind = MathBox::Kind::kRadical;
  const double x = sign.width, width = radicand.width + 0.1 * unit;
  box.add(std::move(sign), {0, 0});
  box.add(bar(width, thickness), {x, -top});
  box.add(std::move(radicand), {x + 0.05 * unit, 0});
  box.width += 0.05 * unit;
  return box;
}

}  // namespace isoflop::ui
