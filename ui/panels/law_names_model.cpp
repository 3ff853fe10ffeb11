// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/law_names_model.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/quantity.h"
#include "core/formula/typeset.h"
#include "ui/panels/number_text.h"
#include "ui/panels/quantity_text.h"

namespace isoflop::ui {
namespace {

QString number(double value) {
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  return number_plain(value, 4);
}

QString exact(double value) {
  return QString::fromStdString(format_exact(value));
}

std::optional<double> parse_number(QString text) {
  text = text.trimmed().replace(QChar(0x2212), '-');
  if (text == "inf" || text == "+inf" || text == QStringLiteral("∞")) return std::numeric_limits<double>::infinity();
  if (text == "-inf" || text == QStringLiteral("-∞")) return -std::numeric_limits<double>::infinity();
  const bool negative = text.startsWith('-');
  const auto value = parse_quantity(text.mid(negative ? 1 : 0).toStdString());
  if (!value) return std::nullopt;
  return negative ? -*value : *value;
}

bool same(const DraftName& a, const DraftName& b) {
  return a.name == b.name;
}

}  // namespace

std::optional<std::pair<double, double>> parse_range(const QString& text) {
  static const QRegularExpression kBetween(QStringLiteral("\\s*(?:,|;|\\.\\.+|…|\\bto\\b)\\s*"));
  QString inside = text.trimmed();
  if (inside.startsWith('[') && inside.endsWith(']')) inside = inside.mid(1, inside.size() - 2);
  const QStringList parts = inside.split(kBetween);
  if (parts.size() != 2) return std::nullopt;
  const auto lower = parse_number(parts[0]), upper = parse_number(parts[1]);
  if (!lower || !upper) return std::nullopt;
  return std::pair(*lower, *upper);
}

LawNamesModel::LawNamesModel(const Appearance& appearance, QObject* parent)
    : QAbstractTableModel(parent), appearance_(appearance) {}

void LawNamesModel::set_names(std::vector<DraftName> names, QStringList columns) {
  columns_ = std::move(columns);
  if (std::equal(names.begin(), names.end(), names_.begin(), names_.end(), same)) {
    names_ = std::move(names);
    if (!names_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    return;
  }
  beginResetModel();
  names_ = std::move(names);
  endResetModel();
}

void LawNamesModel::set_fit(std::shared_ptr<const Fit> fit) {
  if (fit == fit_) return;
  fit_ = std::move(fit);
  if (!names_.empty()) emit dataChanged(index(0, kEstimate), index(rowCount() - 1, kEstimate));
}

int LawNamesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(names_.size());
}

int LawNamesModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QString LawNamesModel::estimate(const DraftName& name) const {
  if (name.held) return tr("held");
  if (fit_ == nullptr) return {};
  const auto at = std::find(fit_->names.begin(), fit_->names.end(), name.name);
  if (at == fit_->names.end()) return {};
  const auto i = static_cast<std::size_t>(at - fit_->names.begin());
  QString text = number_text(fit_->theta[i], 4);
  if (i >= fit_->standard_errors.size() || !std::isfinite(fit_->standard_errors[i])) return text;
  // An error of many times the value says that the runs do not tell.
  if (fit_->standard_errors[i] > 1e3 * std::max(std::abs(fit_->theta[i]), 1e-3))
    text += tr(", undetermined");
  else
    text += QStringLiteral(" ± ") + number_text(fit_->standard_errors[i], 3);
  return text;
}

QString LawNamesModel::text(const DraftName& name, int column, bool editing) const {
  const LawParameter& parameter = name.parameter;
  const auto range = [&](double lower, double upper) {
    return editing ? QStringLiteral("%1, %2").arg(exact(lower), exact(upper))
                   : QStringLiteral("%1 to %2").arg(number(lower), number(upper));
  };
  switch (column) {
    case kSymbol:
      return QString::fromStdString(name.variable || parameter.symbol.empty() ? unicode_symbol(name.name)
                                                                              : parameter.symbol);
    case kRole:
      return name.variable ? QString::fromStdString(name.role) : tr("parameter");
    default:
      break;
  }
  if (name.variable) return {};
  switch (column) {
    case kTransform:
      return parameter.transform == Transform::kLog ? tr("log") : tr("linear");
    case kBounds:
      return range(parameter.lower, parameter.upper);
    case kStart:
      if (parameter.natural_start && !editing) return tr("by the columns");
      return range(parameter.start_lower, parameter.start_upper);
    case kHeld:
      return name.held ? (editing ? exact(*name.held) : number(*name.held)) : QString();
    case kEstimate:
      return estimate(name);
    case kMeaning:
      return QString::fromStdString(parameter.meaning);
    default:
      return {};
  }
}

QVariant LawNamesModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const DraftName& name = names_[static_cast<std::size_t>(index.row())];
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      if (column == kHeld && !name.variable && !name.held) return tr("free");
      return text(name, column, false);
    case Qt::EditRole:
      return text(name, column, true);
    case kNameRole:
      return QString::fromStdString(name.name);
    case kShownRole:
      return QString::fromStdString(name.variable || name.parameter.symbol == name.name ? std::string()
                                                                                        : name.parameter.symbol);
    case kChoicesRole:
      if (column == kRole) return QStringList{tr("parameter")} + columns_;
      if (column == kTransform) return QStringList{tr("linear"), tr("log")};
      return {};
    case Qt::ToolTipRole:
      if (!name.problem.empty()) return QString::fromStdString(name.problem);
      if (column == kTransform) return tr("Whether the search runs over the value or over its logarithm");
      if (column == kHeld) return tr("A value to hold it at; nothing: it is fitted");
      return text(name, column, false);
    case Qt::ForegroundRole:
      if (!name.problem.empty()) return appearance_.theme().error;
      if (column == kHeld && !name.held) return appearance_.theme().disabled;
      if (column == kEstimate || column == kSymbol || column == kRole) return appearance_.theme().text;
      return appearance_.theme().secondary;
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1, %2: %3")
          .arg(text(name, kSymbol, false), headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(),
               data(index, Qt::DisplayRole).toString());
    default:
      return {};
  }
}

QVariant LawNamesModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case kSymbol:
      return tr("Name");
    case kRole:
      return tr("Is");
    case kTransform:
      return tr("Search");
    case kBounds:
      return tr("Bounds");
    case kStart:
      return tr("Starts from");
    case kHeld:
      return tr("Held at");
    case kEstimate:
      return tr("Estimate");
    default:
      return tr("Meaning");
  }
}

Qt::ItemFlags LawNamesModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (!index.isValid()) return flags;
  const bool variable = names_[static_cast<std::size_t>(index.row())].variable;
  const int column = index.column();
  if (column == kRole || (!variable && column != kSymbol && column != kEstimate)) flags |= Qt::ItemIsEditable;
  return flags;
}

bool LawNamesModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
  // A copy: what is told below changes the rows.
  const DraftName before = names_[static_cast<std::size_t>(index.row())];
  const QString typed = value.toString().trimmed();
  const int column = index.column();
  if (typed == text(before, column, true).trimmed()) return true;
  ParameterDraft change;
  switch (column) {
    case kRole:
      emit roleChosen(before.name, typed == tr("parameter") ? std::string() : typed.toStdString());
      return true;
    case kTransform:
      change.transform = typed == tr("log") ? Transform::kLog : Transform::kIdentity;
      break;
    case kBounds:
    case kStart: {
      const auto range = parse_range(typed);
      if (!range) {
        emit refused(tr("\"%1\" is not a range: write two numbers, as in \"0.05, 2\"; inf has no end").arg(typed));
        return false;
      }
      (column == kBounds ? change.bounds : change.start) = range;
      break;
    }
    case kHeld:
      if (typed.isEmpty() || typed == tr("free")) {
        change.held = std::numeric_limits<double>::quiet_NaN();
        break;
      }
      change.held = parse_number(typed);
      if (!change.held || !std::isfinite(*change.held)) {
        emit refused(tr("\"%1\" is not a number").arg(typed));
        return false;
      }
      break;
    default:
      change.meaning = typed.toStdString();
      break;
  }
  emit parameterChanged(before.name, change);
  return true;
}

}  // namespace isoflop::ui
