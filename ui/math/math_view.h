// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>

#include "core/laws/law.h"
#include "ui/math/math_layout.h"
#include "ui/theme/appearance.h"

namespace isoflop::ui {

// A formula set as mathematics, in the colours of the theme. As tall as its width asks for: long sums are broken, and
// what is wider still is made smaller, down to a legible size. Its menu copies the formula as LaTeX or as text.
class MathView : public QWidget {
  Q_OBJECT
 public:
  explicit MathView(const Appearance& appearance, QWidget* parent = nullptr);

  // Of letters, in points.
  void set_size(double points);
  void set_alignment(Qt::Alignment alignment);
  // The formula of a law as "L(N, D) = ...", with the symbols of its parameters.
  void set_law(const Law& law);
  void set_expression(const Expression& expression, MathLayoutOptions options = {});
  void clear();
  bool is_empty() const { return expression_.root == nullptr; }

  // Symbols of this name stand on a coloured ground; empty: none.
  void set_marked(const std::string& name);
  // The formula is not what is being written: it stands in the colour of what cannot be used now.
  void set_stale(bool stale);
  bool stale() const { return stale_; }

  const MathBox& box() const { return box_; }  // as it is laid out for the present width
  QPointF baseline() const;                    // where box() stands in the widget
  double scale() const;                        // at which it is drawn; below 1 where it would not fit otherwise

  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  MathBox laid_out(int width) const;
  void lay_out();

  const Appearance& appearance_;
  Expression expression_;
  MathLayoutOptions options_;
  MathBox box_;
  std::string marked_;
  bool stale_ = false;
  double size_ = 14;
  Qt::Alignment alignment_ = Qt::AlignLeft | Qt::AlignVCenter;
};

// "L" for a loss, else the column's name, and the law's variables: what stands before "=".
MathLayoutOptions law_layout(const Law& law);

}  // namespace isoflop::ui
