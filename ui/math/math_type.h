// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>
#include <string>

#include "ui/math/math_box.h"

namespace isoflop::ui {

// Sizes of type inside a formula, as in TeX: displayed, in a line, in scripts, in scripts of scripts.
enum class MathStyle { kDisplay, kText, kScript, kScriptScript };

MathStyle script_of(MathStyle style);    // of superscripts and subscripts
MathStyle fraction_of(MathStyle style);  // of numerator and denominator

// The measures that a formula is set by, all from the fonts themselves; the proportions are those of TeX (Knuth, The
// TeXbook, appendix G), as fractions of the em.
class MathType {
 public:
  // `size` is the point size of displayed letters. Letters are of the first of some serif families that is installed.
  explicit MathType(double size);

  QFont roman(MathStyle style) const;
  QFont italic(MathStyle style) const;
  double em(MathStyle style) const;    // pixels
  double axis(MathStyle style) const;  // height of the minus sign, where fractions and fences are centred
  double rule(MathStyle style) const;  // thickness of a fraction's bar

  // One run of letters, as tall as its ink.
  MathBox glyphs(const QString& text, MathStyle style, bool slanted, const std::string& name = {}) const;
  // The symbol of a name: "alpha" is α, "R_D" and "b1" have a subscript, a word of several letters stands upright.
  // `shown`, where given, says how the name is shown otherwise, in the same notation with letters of its own: "α_N".
  // An exponent stands above the subscript.
  MathBox symbol(const std::string& name, MathStyle style, const std::string& shown = {},
                 const MathBox* exponent = nullptr) const;

  // A sum's sign and its like: larger than letters where there is room, centred on the axis.
  MathBox big_operator(QChar sign, MathStyle style) const;
  MathBox bar(double width, double thickness) const;
  // "(", "[", "|" or "{" (and their right halves) that covers `above` and `below` the baseline.
  MathBox delimiter(QChar which, double above, double below, MathStyle style) const;

  MathBox fraction(MathBox above, MathBox below, MathStyle style) const;
  // Either script may be null. A base that is itself tall carries its scripts at its corners.
  MathBox scripts(MathBox base, const MathBox* superscript, const MathBox* subscript, MathStyle style) const;
  MathBox fence(QChar open, MathBox content, QChar close, MathStyle style) const;
  MathBox radical(MathBox radicand, MathStyle style) const;

 private:
  double size_;
  QFont roman_, italic_;
};

}  // namespace isoflop::ui
