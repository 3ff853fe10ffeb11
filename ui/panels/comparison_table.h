// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QTableView>
#include <memory>

#include "ui/jobs/studies.h"
#include "ui/panels/cell_delegate.h"

namespace isoflop::ui {

// A row per law of a comparison, the best first, and one for the stacked prediction.
class ComparisonModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { kLaw, kHeldOut, kExcess, kBias, kFolds, kAicc, kBic, kWeight, kColumns };
  enum Role { kSlotRole = Qt::UserRole, kFailedRole };

  using QAbstractTableModel::QAbstractTableModel;
  void set_comparison(std::shared_ptr<const ShownComparison> shown);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : kColumns; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const Comparison* comparison() const;
  bool has_stack() const;
  QString text(const ComparedFit& law, int column) const;
  QString stack_text(int column) const;

  std::shared_ptr<const ShownComparison> shown_;
};

// Selecting a row asks for the residuals of that law alone.
class ComparisonTable : public QTableView {
  Q_OBJECT
 public:
  explicit ComparisonTable(const Appearance& appearance, QWidget* parent = nullptr);

  void set_comparison(std::shared_ptr<const ShownComparison> shown);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  void lawChosen(int law);  // its place in the comparison; -1: none

 protected:
  bool event(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void fit_columns();

  ComparisonModel* model_;
};

}  // namespace isoflop::ui
