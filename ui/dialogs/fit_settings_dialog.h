// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <memory>
#include <vector>

#include "core/laws/law.h"
#include "core/runs/run_table.h"
#include "ui/document/fit_settings.h"
#include "ui/theme/appearance.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace isoflop::ui {

// How a law is fitted: what is minimised, which parameters are held or follow others, their bounds and priors, weights
// and clusters of runs, and how intervals are made.
class FitSettingsDialog : public QDialog {
  Q_OBJECT
 public:
  FitSettingsDialog(std::shared_ptr<const Law> law, std::shared_ptr<const RunTable> runs, const FitSettings& settings,
                    int usual_resamples, QWidget* parent = nullptr);

  // As the fields say; what is wrong with them stands in message() and in the field.
  std::optional<FitSettings> settings();
  QString message() const;

  // Widgets of a parameter.
  struct Row {
    std::string name;
    QComboBox* kind = nullptr;  // free, held, tied
    QLineEdit* value = nullptr;
    QLineEdit* bounds = nullptr;
    QComboBox* prior = nullptr;  // none, normal, lognormal
    QLineEdit* prior_numbers = nullptr;
  };
  const std::vector<Row>& rows() const { return rows_; }
  QComboBox& objective_field() { return *objective_; }
  QLineEdit& delta_field() { return *delta_; }
  QComboBox& weight_field() { return *weight_; }
  QComboBox& cluster_field() { return *cluster_; }
  QPushButton& apply_button() { return *apply_; }

 signals:
  void applied(const isoflop::ui::FitSettings& settings);

 private:
  QWidget* make_whole();
  QWidget* make_parameters();
  void fill(const FitSettings& settings);
  void update_fields();
  void apply();
  bool read_row(const Row& row, FitSettings& settings);
  bool fail(QLineEdit* field, const QString& message);
  void clear_errors();

  std::shared_ptr<const Law> law_;
  std::shared_ptr<const RunTable> runs_;
  std::vector<Row> rows_;
  QComboBox* objective_;
  QLineEdit* delta_;
  QComboBox* weight_;
  QComboBox* cluster_;
  QComboBox* bootstrap_;
  QSpinBox* resamples_;
  QLabel* message_ = nullptr;
  QPushButton* apply_;
};

}  // namespace isoflop::ui
