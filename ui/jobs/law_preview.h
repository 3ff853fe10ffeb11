// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "ui/document/document.h"
#include "ui/jobs/background.h"
#include "ui/jobs/methods.h"

namespace isoflop::ui {

// Fits a law that is still being written, a moment after it was last changed, and the laws it is to be measured by with
// it. One at a time; what is no longer wanted is cancelled.
class LawPreview : public QObject {
  Q_OBJECT
 public:
  struct Inputs {
    std::shared_ptr<const Law> law;
    FitSettings settings;
    std::shared_ptr<const RunTable> runs;
    std::vector<LawChoice> rivals;  // fitted by the objective of `settings`, or as published
  };
  // How well a law describes the runs.
  struct Score {
    std::string title;
    double objective = 0, rmse_log = 0;
    std::size_t runs = 0;
    int parameters = 0;  // estimated
    std::string error;   // why there is no number
  };
  enum class Stage { kNone, kWaiting, kFitting, kDone, kFailed, kCancelled };

  explicit LawPreview(Methods methods, QObject* parent = nullptr);
  ~LawPreview() override;

  // Law or runs null: nothing to fit.
  void set_inputs(Inputs inputs);
  void cancel();
  void retry();

  Stage stage() const { return stage_; }
  double progress() const { return *progress_; }
  // Of the last fit that was done; null before, and once there is nothing to fit.
  const std::shared_ptr<const Fit>& fit() const { return fit_; }
  const std::vector<Score>& rivals() const { return rivals_; }
  const std::string& error() const { return error_; }

 signals:
  void changed();

 private:
  struct Outcome;
  void start();
  void finish(int generation, Outcome outcome);

  Methods methods_;
  Inputs inputs_;
  Stage stage_ = Stage::kNone;
  std::shared_ptr<const Fit> fit_;
  std::vector<Score> rivals_;
  std::string error_;
  int generation_ = 0;
  std::stop_source stop_;
  std::shared_ptr<std::atomic<double>> progress_ = std::make_shared<std::atomic<double>>(0);
  QTimer rest_;  // after the last key
  Background background_;
};

}  // namespace isoflop::ui
