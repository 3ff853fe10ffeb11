// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/fit_settings_dialog.h"

#include <QComboBox>
#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>
#include <cmath>
#include <utility>

#include "core/base/quantity.h"
#include "core/fit/ties.h"
#include "ui/panels/checked_field.h"
#include "ui/panels/law_names_model.h"

namespace isoflop::ui {
namespace {

enum Kind { kFree, kHeld, kTied };
constexpr Objective kObjectives[] = {Objective::kLogHuber, Objective::kLogMse, Objective::kLogMae,
                                     Objective::kHuber,    Objective::kMse,    Objective::kMae};

QString text(const std::string& s) {
  return QString::fromStdString(s);
}

QString exact(double value) {
  return text(format_exact(value));
}

void set_invalid(QLineEdit& field, bool invalid) {
  if (field.property("invalid").toBool() == invalid) return;
  field.setProperty("invalid", invalid);
  field.style()->unpolish(&field);
  field.style()->polish(&field);
}

std::optional<double> number_in(const QString& typed) {
  // One number is the first of a pair of itself: signs and suffixes are read alike.
  const auto pair = parse_range(typed + QStringLiteral(", 0"));
  return pair && std::isfinite(pair->first) ? std::optional(pair->first) : std::nullopt;
}

QComboBox* new_columns(const RunTable* runs, bool numbers_only, const QString& none, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->addItem(none, QString());
  if (runs == nullptr) return box;
  for (const Column& column : runs->columns) {
    const QString name = text(column.role.empty() ? column.name : column.role);
    if (column.numeric() || !numbers_only) box->addItem(name, name);
  }
  return box;
}

}  // namespace

FitSettingsDialog::FitSettingsDialog(std::shared_ptr<const Law> law, std::shared_ptr<const RunTable> runs,
                                     const FitSettings& settings, int usual_resamples, QWidget* parent)
    : QDialog(parent), law_(std::move(law)), runs_(std::move(runs)) {
  setWindowTitle(tr("Fit settings of %1").arg(text(law_->title)));
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(20, 16, 20, 16);
  whole->setSpacing(10);
  whole->addWidget(make_whole());
  whole->addWidget(make_parameters(), 1);
  resamples_->setSpecialValueText(tr("as usual (%1)").arg(usual_resamples));
  message_ = new QLabel(this);
  message_->setProperty("role", "error");
  message_->setWordWrap(true);
  message_->hide();
  whole->addWidget(message_);
  auto* usual = new QPushButton(tr("As &usual"), this);
  usual->setToolTip(tr("Every setting back to what it is without saying anything"));
  auto* cancel = new QPushButton(tr("Cancel"), this);
  apply_ = new QPushButton(tr("&Fit"), this);
  apply_->setDefault(true);
  for (QPushButton* button : {usual, cancel}) button->setAutoDefault(false);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(usual);
  buttons->addStretch(1);
  buttons->addWidget(cancel);
  buttons->addWidget(apply_);
  whole->addLayout(buttons);
  connect(usual, &QPushButton::clicked, this, [this] { fill({}); });
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(apply_, &QPushButton::clicked, this, &FitSettingsDialog::apply);
  fill(settings);
  const int rows = static_cast<int>(rows_.size());
  resize(820, std::min(250 + 34 * rows, 640));
}

QWidget* FitSettingsDialog::make_whole() {
  auto* top = new QWidget(this);
  objective_ = new QComboBox(top);
  for (const Objective objective : kObjectives) {
    const bool usual = objective == usual_objective(*law_);
    objective_->addItem(usual ? tr("%1 (usual)").arg(objective_label(objective)) : objective_label(objective),
                        static_cast<int>(objective));
  }
  delta_ = new QLineEdit(top);
  delta_->setToolTip(tr("Residuals beyond it count linearly"));
  weight_ = new_columns(runs_.get(), true, tr("all alike"), top);
  weight_->setToolTip(tr("Column of precisions: a run's noise has 1 / weight of the variance"));
  cluster_ = new_columns(runs_.get(), false, tr("each run by itself"), top);
  cluster_->setToolTip(tr("Column that names each run's cluster: checkpoints of one run, seeds of one configuration"));
  bootstrap_ = new QComboBox(top);
  bootstrap_->addItem(tr("runs, or clusters"), static_cast<int>(BootstrapKind::kRuns));
  bootstrap_->addItem(tr("residuals about the law"), static_cast<int>(BootstrapKind::kResidual));
  resamples_ = new QSpinBox(top);
  resamples_->setRange(0, 100000);
  resamples_->setSingleStep(1000);
  auto* left = new QFormLayout;
  auto* right = new QFormLayout;
  for (QFormLayout* form : {left, right}) {
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(7);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  }
  left->addRow(tr("&Minimise"), objective_);
  left->addRow(tr("Huber's &δ"), delta_);
  left->addRow(tr("&Weights"), weight_);
  right->addRow(tr("&Clusters"), cluster_);
  right->addRow(tr("&Intervals resample"), bootstrap_);
  right->addRow(tr("&Resamples"), resamples_);
  auto* row = new QHBoxLayout(top);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(24);
  row->addLayout(left, 1);
  row->addLayout(right, 1);
  connect(objective_, &QComboBox::currentIndexChanged, this, &FitSettingsDialog::update_fields);
  return top;
}

QWidget* FitSettingsDialog::make_parameters() {
  auto* body = new QWidget;
  auto* grid = new QGridLayout(body);
  grid->setContentsMargins(0, 4, 6, 4);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(5);
  const QString heads[] = {tr("Parameter"), tr("In the fit"), tr("Value or formula"),
                           tr("Bounds"),    tr("Prior"),      tr("Centre, spread")};
  for (int i = 0; i < 6; ++i) {
    auto* head = new QLabel(heads[i], body);
    head->setProperty("role", "note");
    grid->addWidget(head, 0, i);
  }
  for (const LawParameter& parameter : law_->parameters) {
    const QString symbol = text(parameter.symbol.empty() ? parameter.name : parameter.symbol);
    Row row{.name = parameter.name};
    row.kind = new QComboBox(body);
    row.kind->addItems({tr("fitted"), tr("held at"), tr("tied to")});
    row.value = new QLineEdit(body);
    row.bounds = new QLineEdit(body);
    row.bounds->setPlaceholderText(QStringLiteral("%1, %2").arg(exact(parameter.lower), exact(parameter.upper)));
    row.bounds->setToolTip(tr("In place of the law's own; inf has no end"));
    row.prior = new QComboBox(body);
    row.prior->addItems({tr("none"), tr("normal"), tr("lognormal")});
    row.prior_numbers = new QLineEdit(body);
    row.prior_numbers->setToolTip(
        tr("Normal: mean and standard deviation. Lognormal: median and standard deviation of the logarithm."));
    auto* label = new QLabel(symbol, body);
    label->setToolTip(text(parameter.meaning));
    label->setBuddy(row.kind);
    const std::pair<QWidget*, QString> named[] = {{row.kind, tr("%1 in the fit")},
                                                  {row.value, tr("Value or formula of %1")},
                                                  {row.bounds, tr("Bounds of %1")},
                                                  {row.prior, tr("Prior of %1")},
                                                  {row.prior_numbers, tr("Centre and spread of the prior of %1")}};
    const int line = static_cast<int>(rows_.size()) + 1;
    grid->addWidget(label, line, 0);
    for (int i = 0; i < 5; ++i) {
      named[i].first->setAccessibleName(named[i].second.arg(symbol));
      grid->addWidget(named[i].first, line, i + 1);
    }
    connect(row.kind, &QComboBox::currentIndexChanged, this, &FitSettingsDialog::update_fields);
    connect(row.prior, &QComboBox::currentIndexChanged, this, &FitSettingsDialog::update_fields);
    for (QLineEdit* field : {row.value, row.bounds, row.prior_numbers})
      connect(field, &QLineEdit::textEdited, this, &FitSettingsDialog::clear_errors);
    rows_.push_back(row);
  }
  for (const int stretched : {2, 3, 5}) grid->setColumnStretch(stretched, 1);
  grid->setRowStretch(static_cast<int>(rows_.size()) + 1, 1);
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  body->setStyleSheet(QStringLiteral("QLineEdit:disabled { background: transparent; border-color: transparent; }"));
  scroll->setWidget(body);
  body->setAutoFillBackground(false);
  scroll->viewport()->setAutoFillBackground(false);
  return scroll;
}

void FitSettingsDialog::fill(const FitSettings& settings) {
  objective_->setCurrentIndex(
      objective_->findData(static_cast<int>(settings.objective.value_or(usual_objective(*law_)))));
  delta_->setText(exact(settings.delta));
  weight_->setCurrentIndex(std::max(0, weight_->findData(text(settings.weight))));
  cluster_->setCurrentIndex(std::max(0, cluster_->findData(text(settings.cluster))));
  bootstrap_->setCurrentIndex(bootstrap_->findData(static_cast<int>(settings.bootstrap)));
  resamples_->setValue(settings.resamples);
  for (const Row& row : rows_) {
    row.kind->setCurrentIndex(kFree);
    for (QLineEdit* field : {row.value, row.bounds, row.prior_numbers}) field->clear();
    row.prior->setCurrentIndex(0);
    if (const auto held = settings.fixed.find(row.name); held != settings.fixed.end()) {
      row.kind->setCurrentIndex(kHeld);
      row.value->setText(exact(held->second));
    }
    if (const auto tied = settings.ties.find(row.name); tied != settings.ties.end()) {
      row.kind->setCurrentIndex(kTied);
      row.value->setText(text(tied->second));
    }
    if (const auto bounds = settings.bounds.find(row.name); bounds != settings.bounds.end())
      row.bounds->setText(QStringLiteral("%1, %2").arg(exact(bounds->second.lower), exact(bounds->second.upper)));
    if (const auto prior = settings.priors.find(row.name); prior != settings.priors.end()) {
      row.prior->setCurrentIndex(prior->second.kind == Prior::Kind::kNormal ? 1 : 2);
      row.prior_numbers->setText(
          QStringLiteral("%1, %2").arg(exact(prior->second.centre), exact(prior->second.spread)));
    }
  }
  clear_errors();
  update_fields();
}

void FitSettingsDialog::update_fields() {
  const auto objective = static_cast<Objective>(objective_->currentData().toInt());
  delta_->setEnabled(objective == Objective::kLogHuber || objective == Objective::kHuber);
  for (const Row& row : rows_) {
    const int kind = row.kind->currentIndex();
    row.value->setEnabled(kind != kFree);
    row.value->setPlaceholderText(kind == kHeld   ? tr("a number")
                                  : kind == kTied ? tr("a formula of parameters")
                                                  : QString());
    row.bounds->setEnabled(kind == kFree);
    row.prior->setEnabled(kind == kFree);
    row.prior_numbers->setEnabled(kind == kFree && row.prior->currentIndex() > 0);
  }
  clear_errors();
}

bool FitSettingsDialog::fail(QLineEdit* field, const QString& message) {
  if (field != nullptr) {
    set_invalid(*field, true);
    field->setFocus();
    field->setAccessibleDescription(message);
  }
  message_->setText(message);
  message_->show();
  return false;
}

void FitSettingsDialog::clear_errors() {
  if (message_ == nullptr) return;
  message_->hide();
  set_invalid(*delta_, false);
  for (const Row& row : rows_)
    for (QLineEdit* field : {row.value, row.bounds, row.prior_numbers}) {
      set_invalid(*field, false);
      field->setAccessibleDescription({});
    }
}

bool FitSettingsDialog::read_row(const Row& row, FitSettings& settings) {
  const QString name = text(row.name);
  const int kind = row.kind->currentIndex();
  if (kind == kHeld) {
    const auto value = number_in(row.value->text());
    if (!value) return fail(row.value, tr("%1: write the number to hold it at").arg(name));
    settings.fixed[row.name] = *value;
    return true;
  }
  if (kind == kTied) {
    if (row.value->text().trimmed().isEmpty())
      return fail(row.value, tr("%1: write what it equals, for example the name of another parameter").arg(name));
    settings.ties[row.name] = row.value->text().trimmed().toStdString();
    return true;
  }
  if (!row.bounds->text().trimmed().isEmpty()) {
    const auto bounds = parse_range(row.bounds->text());
    if (!bounds || !(bounds->first < bounds->second))
      return fail(row.bounds, tr("%1: write bounds as two numbers, the lower first; inf has no end").arg(name));
    settings.bounds[row.name] = {bounds->first, bounds->second};
  }
  if (row.prior->currentIndex() > 0) {
    const bool normal = row.prior->currentIndex() == 1;
    const auto numbers = parse_range(row.prior_numbers->text());
    if (!numbers || !std::isfinite(numbers->first) || !std::isfinite(numbers->second) || !(numbers->second > 0) ||
        (!normal && !(numbers->first > 0)))
      return fail(row.prior_numbers, normal
                                         ? tr("%1: write mean and standard deviation, as in \"0.35, 0.05\"").arg(name)
                                         : tr("%1: write a positive median and the standard deviation of the "
                                              "logarithm, as in \"400, 0.5\"")
                                               .arg(name));
    settings.priors[row.name] = {.kind = normal ? Prior::Kind::kNormal : Prior::Kind::kLognormal,
                                 .centre = numbers->first,
                                 .spread = numbers->second};
  }
  return true;
}

std::optional<FitSettings> FitSettingsDialog::settings() {
  clear_errors();
  FitSettings settings;
  const auto objective = static_cast<Objective>(objective_->currentData().toInt());
  if (objective != usual_objective(*law_)) settings.objective = objective;
  const auto delta = number_in(delta_->text());
  if (!delta || !(*delta > 0)) {
    fail(delta_, tr("δ must be a positive number"));
    return std::nullopt;
  }
  settings.delta = *delta;
  settings.weight = weight_->currentData().toString().toStdString();
  settings.cluster = cluster_->currentData().toString().toStdString();
  settings.bootstrap = static_cast<BootstrapKind>(bootstrap_->currentData().toInt());
  settings.resamples = resamples_->value();
  for (const Row& row : rows_)
    if (!read_row(row, settings)) return std::nullopt;
  if (const auto ties = resolve_ties(*law_, settings.ties); !ties) {
    QLineEdit* field = nullptr;
    for (const Row& row : rows_)
      if (row.name == ties.error().where.parameter || (field == nullptr && settings.ties.count(row.name) != 0))
        field = row.value;
    fail(field, error_sentence(ties.error()));
    return std::nullopt;
  }
  if (settings.fixed.size() + settings.ties.size() >= rows_.size()) {
    fail(nullptr, tr("Every parameter is held or tied: nothing is left to fit."));
    return std::nullopt;
  }
  if (!settings.cluster.empty() && settings.bootstrap == BootstrapKind::kResidual) {
    fail(nullptr, tr("Residuals cannot be resampled where runs have clusters: resample clusters."));
    return std::nullopt;
  }
  if (runs_ != nullptr) {
    const auto seen = observe(*runs_, law_->roles(), law_->response, observe_options(settings));
    if (!seen) {
      fail(nullptr, error_sentence(seen.error()));
      return std::nullopt;
    }
  }
  return settings;
}

void FitSettingsDialog::apply() {
  const auto read = settings();
  if (!read) return;
  emit applied(*read);
  accept();
}

QString FitSettingsDialog::message() const {
  return message_->isHidden() ? QString() : message_->text();
}

}  // namespace isoflop::ui
