// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/law_editor.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>
#include <cmath>
#include <utility>

#include "core/laws/law_file.h"
#include "ui/dialogs/law_scores.h"
#include "ui/math/math_view.h"
#include "ui/panels/checked_field.h"
#include "ui/panels/formula_edit.h"
#include "ui/panels/law_names_table.h"

namespace isoflop::ui {
namespace {

constexpr int kRightWidth = 328;
constexpr double kMathPoints = 15;

QLabel* new_label(const QString& text, const char* role, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", role);
  return label;
}

QLabel* new_message(QWidget* parent) {
  QLabel* label = new_label({}, "error", parent);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  label->hide();
  return label;
}

// A rounded surface for what is shown rather than typed.
class Surface : public QFrame {
 public:
  Surface(const Appearance& appearance, QWidget* content, int margin, QWidget* parent)
      : QFrame(parent), appearance_(appearance) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(margin, margin, margin, margin);
    column->addWidget(content);
    connect(&appearance_, &Appearance::themeChanged, this, [this] { update(); });
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(appearance_.theme().hairline, 1));
    painter.setBrush(appearance_.theme().panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
  }

 private:
  const Appearance& appearance_;
};

}  // namespace

LawEditor::LawEditor(const Appearance& appearance, Document& document, UserLaws& user_laws, const Services& services,
                     Methods methods, std::shared_ptr<const Law> yardstick, QWidget* parent)
    : QDialog(parent, Qt::Window),
      appearance_(appearance),
      document_(document),
      user_laws_(user_laws),
      services_(services),
      yardstick_(std::move(yardstick)),
      preview_(std::move(methods)) {
  setWindowTitle(tr("Law editor"));
  auto* columns = new QHBoxLayout;
  columns->setSpacing(20);
  columns->addWidget(make_left(), 1);
  columns->addWidget(make_right());
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(18, 14, 18, 14);
  whole->setSpacing(12);
  whole->addLayout(columns, 1);
  whole->addWidget(make_footer());
  resize(QSize(1120, 640).boundedTo(screen()->availableSize() - QSize(16, 48)));

  connect(formula_, &QPlainTextEdit::textChanged, this, &LawEditor::take_fields);
  for (QLineEdit* field : {title_, summary_, citation_})
    connect(field, &QLineEdit::textChanged, this, &LawEditor::take_fields);
  connect(response_, &QComboBox::currentTextChanged, this, &LawEditor::take_fields);
  connect(year_, &QSpinBox::valueChanged, this, &LawEditor::take_fields);
  connect(names_, &LawNamesModel::roleChosen, this, [this](const std::string& name, const std::string& role) {
    draft_.variables[name] = role;
    unsaved_ = true;
    refresh();
  });
  connect(names_, &LawNamesModel::parameterChanged, this,
          [this](const std::string& name, const ParameterDraft& change) {
            ParameterDraft& said = draft_.parameters[name];
            if (change.transform) said.transform = change.transform;
            if (change.bounds) said.bounds = change.bounds;
            if (change.start) said.start = change.start;
            if (change.meaning) said.meaning = change.meaning;
            if (change.held) said.held = std::isnan(*change.held) ? std::nullopt : change.held;
            unsaved_ = true;
            refresh();
          });
  connect(names_, &LawNamesModel::refused, this, [this](const QString& why) {
    table_message_->setText(why);
    table_message_->show();
  });
  connect(table_, &LawNamesTable::currentNameChanged, math_, &MathView::set_marked);
  connect(&preview_, &LawPreview::changed, this, [this] {
    names_->set_fit(preview_.fit());
    scores_->show_preview(preview_, reading_.law == nullptr ? std::string() : reading_.law->title);
  });
  connect(scores_, &LawScores::cancelRequested, &preview_, &LawPreview::cancel);
  connect(scores_, &LawScores::retryRequested, &preview_, &LawPreview::retry);
  connect(&document_, &Document::runsChanged, this, &LawEditor::refresh);
  connect(&document_, &Document::lawsChanged, this, &LawEditor::want_preview);
  connect(&document_, &Document::focusChanged, this, &LawEditor::want_preview);
  set_draft(LawDraft::blank(QDate::currentDate().year()));
  formula_->setFocus();
}

QWidget* LawEditor::make_left() {
  auto* left = new QWidget(this);
  formula_ = new FormulaEdit(appearance_, left);
  formula_->setPlaceholderText(QStringLiteral("E + A / N^alpha + B / D^beta"));
  formula_message_ = new_message(left);
  math_ = new MathView(appearance_);
  math_->set_size(kMathPoints);
  math_->set_alignment(Qt::AlignHCenter | Qt::AlignVCenter);
  auto* math_surface = new Surface(appearance_, math_, 8, left);
  math_surface->setMinimumHeight(92);
  names_ = new LawNamesModel(appearance_, this);
  table_ = new LawNamesTable(appearance_, *names_);
  auto* table_surface = new Surface(appearance_, table_, 4, left);
  table_surface->setMinimumHeight(120);
  table_message_ = new_message(left);
  QLabel* formula_label = new_label(tr("&Formula"), "title", left);
  formula_label->setBuddy(formula_);
  QLabel* hint = new_label(tr("N, D, C and U are variables, and so are columns of the runs; other names are fitted."),
                           "note", left);
  auto* heading = new QHBoxLayout;
  heading->addWidget(formula_label);
  heading->addStretch(1);
  heading->addWidget(hint);
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addLayout(heading);
  column->addWidget(formula_);
  column->addWidget(formula_message_);
  column->addSpacing(2);
  column->addWidget(math_surface, 2);
  column->addSpacing(4);
  QLabel* names_label = new_label(tr("&Names"), "title", left);
  names_label->setBuddy(table_);
  column->addWidget(names_label);
  column->addWidget(table_surface, 3);
  column->addWidget(table_message_);
  return left;
}

QWidget* LawEditor::make_right() {
  auto* right = new QWidget(this);
  right->setFixedWidth(kRightWidth);
  title_ = new QLineEdit(right);
  response_ = new QComboBox(right);
  response_->setEditable(true);
  year_ = new QSpinBox(right);
  year_->setRange(1900, 2200);
  summary_ = new QLineEdit(right);
  citation_ = new QLineEdit(right);
  auto* predicts = new QHBoxLayout;
  predicts->setSpacing(8);
  predicts->addWidget(response_, 1);
  QLabel* year_label = new QLabel(tr("&Year"), right);
  year_label->setBuddy(year_);
  predicts->addWidget(year_label);
  predicts->addWidget(year_);
  for (QWidget* part : {static_cast<QWidget*>(response_), static_cast<QWidget*>(response_->lineEdit())})
    part->setAccessibleName(tr("What it predicts"));
  for (QWidget* part : {static_cast<QWidget*>(year_), static_cast<QWidget*>(year_->findChild<QLineEdit*>())})
    part->setAccessibleName(tr("Year"));
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(12);
  form->setVerticalSpacing(7);
  form->addRow(tr("&Title"), title_);
  form->addRow(tr("&Predicts"), predicts);
  form->addRow(tr("S&ummary"), summary_);
  form->addRow(tr("&Citation"), citation_);
  if (auto* label = qobject_cast<QLabel*>(form->labelForField(predicts))) label->setBuddy(response_);
  scores_ = new LawScores(appearance_);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(scores_);
  scores_->setAutoFillBackground(false);
  scroll->viewport()->setAutoFillBackground(false);
  auto* column = new QVBoxLayout(right);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(new_label(tr("The law"), "title", right));
  column->addLayout(form);
  column->addSpacing(10);
  column->addWidget(new_label(tr("On the runs"), "title", right));
  column->addWidget(new Surface(appearance_, scroll, 10, right), 1);
  return right;
}

QWidget* LawEditor::make_footer() {
  auto* bar = new QWidget(this);
  auto* open = new QPushButton(tr("&Open…"), bar);
  save_ = new QPushButton(tr("&Save"), bar);
  save_as_ = new QPushButton(tr("Save &as…"), bar);
  auto* close = new QPushButton(tr("Close"), bar);
  add_ = new QPushButton(tr("A&dd to comparison"), bar);
  open->setToolTip(tr("Read a law file"));
  footer_ = new QLabel(bar);
  footer_->setProperty("role", "note");
  footer_->setWordWrap(true);
  footer_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  // Return in a field changes the field.
  for (QPushButton* button : {open, save_, save_as_, close, add_}) button->setAutoDefault(false);
  add_->setProperty("kind", "primary");
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(open);
  row->addWidget(save_);
  row->addWidget(save_as_);
  row->addSpacing(8);
  row->addWidget(footer_, 1);
  row->addWidget(close);
  row->addWidget(add_);
  connect(open, &QPushButton::clicked, this, &LawEditor::open_file);
  connect(save_, &QPushButton::clicked, this, &LawEditor::save);
  connect(save_as_, &QPushButton::clicked, this, &LawEditor::save_as);
  connect(close, &QPushButton::clicked, this, &QDialog::close);
  connect(add_, &QPushButton::clicked, this, &LawEditor::add);
  return bar;
}

void LawEditor::set_draft(LawDraft draft) {
  draft_ = std::move(draft);
  filling_ = true;
  formula_->setPlainText(QString::fromStdString(draft_.formula));
  formula_->moveCursor(QTextCursor::End);
  title_->setText(QString::fromStdString(draft_.title));
  summary_->setText(QString::fromStdString(draft_.summary));
  citation_->setText(QString::fromStdString(draft_.citation));
  for (QLineEdit* field : {title_, summary_, citation_}) field->setCursorPosition(0);
  year_->setValue(draft_.year);
  response_->setCurrentText(QString::fromStdString(draft_.response));
  filling_ = false;
  unsaved_ = false;
  refresh();
}

void LawEditor::take_fields() {
  if (filling_) return;
  draft_.formula = formula_->toPlainText().toStdString();
  draft_.title = title_->text().trimmed().toStdString();
  draft_.summary = summary_->text().trimmed().toStdString();
  draft_.citation = citation_->text().trimmed().toStdString();
  draft_.response = response_->currentText().trimmed().toStdString();
  draft_.year = year_->value();
  unsaved_ = true;
  say({}, false);
  refresh();
}

void LawEditor::refresh() {
  const RunTable* runs = document_.runs().get();
  reading_ = read_draft(draft_, runs);
  // While the formula makes no sense, its names stay as they were.
  const bool broken = reading_.expression.root == nullptr && reading_.formula_error.has_value();
  if (!broken) names_->set_names(reading_.names, choosable_columns(runs));
  table_->setEnabled(!broken);
  scores_->setEnabled(!broken);
  const QString response = response_->currentText();
  filling_ = true;
  response_->clear();
  response_->addItem(QStringLiteral("loss"));
  for (const std::string& name : runs == nullptr ? std::vector<std::string>() : numeric_columns(*runs)) {
    if (name != "loss") response_->addItem(QString::fromStdString(name));
  }
  response_->setCurrentText(response);
  filling_ = false;
  show_math();
  show_messages();
  broken ? preview_.cancel() : want_preview();
}

// The formula stays as it was last understood, in grey, while what is typed makes no sense.
void LawEditor::show_math() {
  if (reading_.expression.root == nullptr) {
    reading_.formula_error ? math_->set_stale(true) : math_->clear();
    return;
  }
  MathLayoutOptions options;
  if (reading_.law != nullptr) {
    options = law_layout(*reading_.law);
  } else {
    options.result = draft_.response == "loss" ? std::string(1, 'L') : draft_.response;
    for (const DraftName& name : reading_.names)
      if (name.variable) options.arguments.push_back(name.name);
  }
  math_->set_expression(reading_.expression, std::move(options));
}

void LawEditor::show_messages() {
  formula_->set_error(reading_.formula_error);
  const auto show = [](QLabel& label, const QString& text) {
    label.setText(text);
    label.setVisible(!text.isEmpty());
  };
  show(*formula_message_, reading_.formula_error ? error_sentence(*reading_.formula_error) : QString());
  QString problem;
  if (const DraftName* wrong = reading_.first_problem())
    problem = QStringLiteral("%1: %2").arg(QString::fromStdString(wrong->name), QString::fromStdString(wrong->problem));
  show(*table_message_, problem);

  QString missing;
  if (draft_.title.empty())
    missing = tr("Give the law a title");
  else if (draft_.summary.empty())
    missing = tr("Say in a sentence what the law says");
  else if (draft_.citation.empty())
    missing = tr("Say where the law comes from");
  else if (draft_.response.empty())
    missing = tr("Say which column the law predicts");
  const bool sound = reading_.law != nullptr && missing.isEmpty();
  const QString why = !missing.isEmpty()           ? missing
                      : reading_.formula_error     ? error_sentence(*reading_.formula_error)
                      : reading_.law == nullptr    ? (problem.isEmpty() ? tr("Type a formula") : problem)
                      : reading_.fitted == nullptr ? QString::fromStdString(reading_.not_fitted)
                                                   : QString();
  add_->setEnabled(sound && reading_.fitted != nullptr);
  add_->setToolTip(add_->isEnabled() ? tr("Compare it with the other laws, fitted to the runs") : why);
  const bool can_save = sound && reading_.not_saved.empty();
  const QString why_not_saved = sound ? QString::fromStdString(reading_.not_saved) : why;
  for (QPushButton* button : {save_, save_as_}) button->setEnabled(can_save);
  save_->setToolTip(can_save
                        ? tr("Write it to your laws (%1)").arg(QString::fromStdString(user_laws_.folder().string()))
                        : why_not_saved);
  save_as_->setToolTip(can_save ? tr("Write it to a file elsewhere") : why_not_saved);
}

void LawEditor::want_preview() {
  LawPreview::Inputs inputs{.law = reading_.fitted, .settings = reading_.settings, .runs = document_.runs()};
  const auto add = [&](const LawChoice& rival) {
    if (reading_.fitted == nullptr || rival.law->response != reading_.fitted->response || rival.law->is_template())
      return;
    for (const LawChoice& other : inputs.rivals)
      if (other.law == rival.law && other.set_id == rival.set_id) return;
    inputs.rivals.push_back(rival);
  };
  const auto& laws = document_.laws();
  if (const auto focus = static_cast<std::size_t>(document_.focus()); focus < laws.size()) add(laws[focus]);
  if (yardstick_ != nullptr) add({.law = yardstick_});
  preview_.set_inputs(std::move(inputs));
}

void LawEditor::add() {
  if (!add_->isEnabled()) return;
  const QString title = QString::fromStdString(reading_.law->title);
  document_.add_law(reading_.fitted, {}, reading_.settings);
  unsaved_ = false;
  emit added(title);
  close();
}

void LawEditor::save() {
  if (!save_->isEnabled()) return;
  if (!draft_.file.empty()) return save_to(draft_.file);
  const std::filesystem::path path = user_laws_.path_for(draft_.title);
  std::error_code ignored;
  // Another law of this name is not written over unasked.
  if (std::filesystem::exists(path, ignored)) return save_as();
  save_to(path);
}

void LawEditor::save_as() {
  if (!save_as_->isEnabled()) return;
  const std::filesystem::path suggestion = user_laws_.path_for(draft_.title);
  QString path =
      services_.save_file(this, tr("Save law"), QString::fromStdString(suggestion.string()), tr("Law files (*.toml)"));
  if (path.isEmpty()) return;
  if (!path.endsWith(QStringLiteral(".toml"), Qt::CaseInsensitive)) path += QStringLiteral(".toml");
  save_to(path.toStdString());
}

void LawEditor::save_to(const std::filesystem::path& path) {
  const auto saved = user_laws_.save(*reading_.law, path);
  if (!saved) return say(QString::fromStdString(saved.error().to_string()), true);
  draft_.file = path;
  unsaved_ = false;
  say(tr("Saved as %1").arg(QString::fromStdString(path.string())), false);
}

void LawEditor::open_file() {
  const QString path = services_.open_file(this, tr("Open law"), tr("Law files (*.toml);;All files (*)"));
  if (path.isEmpty()) return;
  auto law = read_law(path.toStdString());
  if (!law) return say(QString::fromStdString(law.error().to_string()), true);
  set_draft(LawDraft::of_file(std::make_shared<const Law>(*std::move(law))));
  say(tr("Opened %1").arg(path), false);
}

void LawEditor::say(const QString& text, bool error) {
  footer_->setText(text);
  footer_->setProperty("role", error ? "error" : "note");
  footer_->style()->unpolish(footer_);
  footer_->style()->polish(footer_);
}

QString LawEditor::formula_message() const {
  return formula_message_->isHidden() ? QString() : formula_message_->text();
}

QString LawEditor::table_message() const {
  return table_message_->isHidden() ? QString() : table_message_->text();
}

QString LawEditor::footer() const {
  return footer_->text();
}

}  // namespace isoflop::ui
