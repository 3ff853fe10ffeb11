// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "ui/document/law_draft.h"
#include "ui/theme/appearance.h"

namespace isoflop::ui {

// The names of a formula that is being written, one a row: what each stands for, and how a parameter is searched for.
class LawNamesModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { kSymbol, kRole, kTransform, kBounds, kStart, kHeld, kEstimate, kMeaning, kColumns };
  // What a cell with a list offers.
  static constexpr int kChoicesRole = Qt::UserRole + 1;
  // Of the symbol's cell: the name as it is written, and what shows it otherwise.
  static constexpr int kNameRole = Qt::UserRole + 2, kShownRole = Qt::UserRole + 3;

  explicit LawNamesModel(const Appearance& appearance, QObject* parent = nullptr);

  void set_names(std::vector<DraftName> names, QStringList columns);
  const std::vector<DraftName>& names() const { return names_; }
  // Of the last fit, by name; null: none.
  void set_fit(std::shared_ptr<const Fit> fit);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  // Takes what a user types: "1e-3, 10" or "0 to inf" for a range, nothing for a parameter that is free. Says no, and
  // why by refused(), to what it cannot read.
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

 signals:
  void roleChosen(const std::string& name, const std::string& role);  // empty: a parameter
  // Only what changed; held is NaN for a parameter that is free again.
  void parameterChanged(const std::string& name, const isoflop::ui::ParameterDraft& change);
  void refused(const QString& why);

 private:
  QString text(const DraftName& name, int column, bool editing) const;
  QString estimate(const DraftName& name) const;

  const Appearance& appearance_;
  std::vector<DraftName> names_;
  QStringList columns_;
  std::shared_ptr<const Fit> fit_;
};

// "[1e-3, 10]" without its brackets, as a user may write it: two numbers with a comma or "to" between them, infinite
// ones as inf or ∞. Nothing where it is neither.
std::optional<std::pair<double, double>> parse_range(const QString& text);

}  // namespace isoflop::ui
