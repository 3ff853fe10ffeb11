// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include "ui/panels/law_names_model.h"

namespace isoflop::ui {

// The table of names in the law editor. A cell is edited by typing into it, by F2 or by a double click; lists open at
// once.
class LawNamesTable : public QTableView {
  Q_OBJECT
 public:
  LawNamesTable(const Appearance& appearance, LawNamesModel& model, QWidget* parent = nullptr);

 signals:
  void currentNameChanged(const std::string& name);  // empty: none

 protected:
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void share_width();

  LawNamesModel& model_;
};

}  // namespace isoflop::ui
