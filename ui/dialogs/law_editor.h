// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <memory>

#include "ui/document/law_draft.h"
#include "ui/document/user_laws.h"
#include "ui/jobs/law_preview.h"
#include "ui/theme/appearance.h"
#include "ui/window/services.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace isoflop::ui {

class FormulaEdit;
class LawNamesModel;
class LawNamesTable;
class LawScores;
class MathView;

// A window in which a law is written: its formula, set as mathematics while it is typed, what its names stand for, and
// how well it describes the runs that are open.
class LawEditor : public QDialog {
  Q_OBJECT
 public:
  // `yardstick` is measured beside the law in focus; may be null. What is given by reference must outlive the window.
  LawEditor(const Appearance& appearance, Document& document, UserLaws& user_laws, const Services& services,
            Methods methods, std::shared_ptr<const Law> yardstick, QWidget* parent = nullptr);

  void set_draft(LawDraft draft);
  const LawDraft& draft() const { return draft_; }
  const DraftReading& reading() const { return reading_; }
  // Whether something was written since it was last saved or added.
  bool unsaved() const { return unsaved_; }
  void keep_unsaved() { unsaved_ = true; }

  FormulaEdit& formula() { return *formula_; }
  MathView& math() { return *math_; }
  LawNamesTable& table() { return *table_; }
  LawNamesModel& names() { return *names_; }
  LawPreview& preview() { return preview_; }
  LawScores& scores() { return *scores_; }
  QString formula_message() const;
  QString table_message() const;
  QString footer() const;
  QLineEdit& title_field() { return *title_; }
  QComboBox& response_field() { return *response_; }
  QPushButton& add_button() { return *add_; }
  QPushButton& save_button() { return *save_; }

 public slots:
  void add();
  void save();
  void save_as();
  void open_file();

 signals:
  void added(const QString& title);

 private:
  QWidget* make_left();
  QWidget* make_right();
  QWidget* make_footer();
  void take_fields();
  void refresh();
  void show_math();
  void show_messages();
  void want_preview();
  void save_to(const std::filesystem::path& path);
  void say(const QString& text, bool error);

  const Appearance& appearance_;
  Document& document_;
  UserLaws& user_laws_;
  const Services& services_;
  std::shared_ptr<const Law> yardstick_;
  LawDraft draft_;
  DraftReading reading_;
  LawPreview preview_;
  bool unsaved_ = false;
  bool filling_ = false;

  FormulaEdit* formula_;
  QLabel* formula_message_;
  MathView* math_;
  LawNamesModel* names_;
  LawNamesTable* table_;
  QLabel* table_message_;
  QLineEdit* title_;
  QComboBox* response_;
  QSpinBox* year_;
  QLineEdit* summary_;
  QLineEdit* citation_;
  LawScores* scores_;
  QLabel* footer_;
  QPushButton* save_;
  QPushButton* save_as_;
  QPushButton* add_;
};

}  // namespace isoflop::ui
