// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <atomic>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "ui/document/fit_settings.h"
#include "ui/jobs/background.h"
#include "ui/jobs/methods.h"

namespace isoflop::ui {

// What a fit is a function of. Tables are never changed in place, so the pointer stands for the values.
struct FitKey {
  std::shared_ptr<const Law> law;
  std::shared_ptr<const RunTable> runs;
  FitSettings settings = {};
  bool operator==(const FitKey&) const = default;
};

// Where the fit of a law to a run table stands.
struct LawFitState {
  enum class Stage { kNone, kFitting, kResampling, kDone, kFailed, kCancelled };
  Stage stage = Stage::kNone;
  std::shared_ptr<const Fit> fit;              // once it is found
  std::shared_ptr<const Bootstrap> resamples;  // kDone
  std::string error;                           // kFailed; also kDone when there could be no resamples
  double fit_ms = 0, resample_ms = 0;
};

// Fits laws behind the window, estimates first and resamples after them, one job at a time (each uses all cores). Jobs
// for what is no longer wanted are cancelled; finished ones are remembered for a while, so that undo finds them.
class Estimator : public QObject {
  Q_OBJECT
 public:
  Estimator(Methods methods, int resamples, QObject* parent = nullptr);
  ~Estimator() override;

  // In order of urgency.
  void set_wanted(std::vector<FitKey> wanted);
  LawFitState state(const FitKey& key) const;
  // Whether some wanted estimate (not its resamples) is still to come.
  bool estimates_pending() const;
  bool busy() const { return running_; }
  // Share done of the job under way, and what it is.
  double progress() const { return *progress_; }
  const QString& activity() const { return activity_; }

  // Stops the job under way and forgets those that wait, until the next set_wanted().
  void cancel();

 signals:
  void changed();  // a state, or busy()

 private:
  struct Entry {
    FitKey key;
    LawFitState state;
  };
  Entry* find(const FitKey& key);
  const Entry* find(const FitKey& key) const;
  bool wanted(const FitKey& key) const;
  void start_next();
  void start_fit(Entry& entry);
  void start_resampling(Entry& entry);
  Control begin(const FitKey& key, const QString& activity);
  void finish();
  void forget_old();

  Methods methods_;
  int resamples_;
  std::vector<FitKey> wanted_;
  std::vector<Entry> entries_;  // the last used last
  bool running_ = false;
  FitKey running_key_;
  std::stop_source stop_;
  std::shared_ptr<std::atomic<double>> progress_ = std::make_shared<std::atomic<double>>(0);
  QString activity_;
  Background background_;
};

}  // namespace isoflop::ui
