// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <memory>
#include <vector>

#include "ui/document/document.h"
#include "ui/document/user_laws.h"
#include "ui/theme/appearance.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace isoflop::ui {

class LawDetails;

// The laws there are, by category and year, to look at and to add to the comparison. Those that the runs lack a column
// for are greyed, and say which.
class LawPicker : public QDialog {
  Q_OBJECT
 public:
  // `errors` are those of law files that could not be read. What is given by reference must outlive the dialog.
  LawPicker(const Appearance& appearance, Document& document, const std::vector<std::shared_ptr<const Law>>& library,
            UserLaws& user_laws, const std::vector<Error>& errors, QWidget* parent = nullptr);

  QLineEdit& search_field() { return *search_; }
  QTreeWidget& list() { return *list_; }
  QPushButton& add_button() { return *add_; }
  QComboBox& numbers_field() { return *numbers_; }
  // Titles shown, top to bottom.
  QStringList shown() const;
  std::shared_ptr<const Law> current() const;  // null: none
  void select(const Law& law);
  QString note() const;

 public slots:
  void add();

 signals:
  void editRequested(const std::shared_ptr<const isoflop::Law>& law);
  void newRequested();
  void mappingRequested();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* make_list();
  QWidget* make_details();
  void fill_list();
  void add_category(const QString& title, const std::vector<std::shared_ptr<const Law>>& laws);
  void filter();
  void show_law();
  void show_numbers(const Law& law);
  void move(int step);

  const Appearance& appearance_;
  Document& document_;
  const std::vector<std::shared_ptr<const Law>>& library_;
  UserLaws& user_laws_;
  const std::vector<Error>& errors_;
  std::vector<std::shared_ptr<const Law>> laws_;  // of the items, by their number

  QLineEdit* search_;
  QTreeWidget* list_;
  QLabel* nothing_;
  LawDetails* details_;
  QComboBox* numbers_;
  QPushButton* map_;
  QPushButton* edit_;
  QPushButton* add_;
};

// What the comparison starts a law with: the fit where there are runs for it, else the first published set, and that
// too where the fit is already there. Adds the law for the columns of the runs where it is a template.
Status add_to_comparison(Document& document, const std::shared_ptr<const Law>& law,
                         const std::optional<std::string>& set_id = std::nullopt);

}  // namespace isoflop::ui
