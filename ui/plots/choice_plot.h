// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <optional>
#include <vector>

#include "ui/plots/axis.h"
#include "ui/theme/appearance.h"

namespace isoflop::ui {

// An estimate under one choice, or the heading of a group of choices.
struct ChoiceRow {
  bool heading = false;
  QString name;  // "log-mse"; of a heading: "objective"
  QString note;  // at the right: "240 runs"; of a heading what the baseline does
  double value = 0;
  double lower = 0, upper = 0;  // its interval; NaN where unknown
  QString value_text;           // "0.514"
  QString tip;
  QString failure;  // why there is no value; empty where there is one
  int id = -1;      // what chosen() says; -1: cannot be chosen
};

// Estimates one under the other on a shared axis, each a dot with its interval, beside the line of the baseline. Rows
// scroll, the axis stays. Click or arrows choose a row.
class ChoicePlot : public QAbstractScrollArea {
  Q_OBJECT
 public:
  ChoicePlot(const Appearance& appearance, QWidget* parent = nullptr);

  // `range`: what the axis spans; values outside are drawn as arrows at its ends. The row with the baseline's id is the
  // baseline; -1: none.
  void set_rows(std::vector<ChoiceRow> rows, const AxisSpec& axis, const AxisRange& range, double baseline);
  const std::vector<ChoiceRow>& rows() const { return rows_; }
  const AxisRange& range() const { return range_; }

  int chosen() const { return chosen_; }  // id; -1: none
  void set_chosen(int id);

  // Where a value and a row are drawn, in the viewport.
  double x_of(double value) const;
  QRect row_rect(int row) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {320, 160}; }

 signals:
  void chosenChanged(int id);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  struct Columns {
    int name_right = 0, plot_left = 0, plot_right = 0, value_left = 0;
  };
  Columns columns() const;
  int row_at(const QPoint& position) const;  // -1: none
  void update_scroll_bar();
  void step(int by);
  void describe();
  void paint_axis(QPainter& painter, const Columns& at, bool grid) const;
  void paint_row(QPainter& painter, const Columns& at, int index) const;

  const Appearance& appearance_;
  std::vector<ChoiceRow> rows_;
  AxisSpec axis_;
  AxisRange range_;
  double baseline_ = 0;
  int chosen_ = -1, hovered_ = -1;
};

}  // namespace isoflop::ui
