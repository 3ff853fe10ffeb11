// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <optional>

#include "core/base/error.h"
#include "ui/theme/appearance.h"

namespace isoflop::ui {

// Where a formula is typed: letters of one width, as many lines as it has, and a wave under the character that is
// wrong.
class FormulaEdit : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit FormulaEdit(const Appearance& appearance, QWidget* parent = nullptr);

  // Marks the place of the error, where it has one, and is read out with its sentence.
  void set_error(const std::optional<Error>& error);
  int error_position() const { return error_position_; }  // character in the text, or its end; -1: none
  QRect error_rect() const;                               // in the viewport; empty: none

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int line_count() const;  // as they are wrapped

  const Appearance& appearance_;
  int error_position_ = -1;
};

// The character in `text` at line and byte of a place, both from 1; the end where it lies beyond.
int position_in(const QString& text, long line, long byte);

}  // namespace isoflop::ui
