// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>

#include "core/base/control.h"
#include "ui/jobs/background.h"

namespace isoflop::ui {

// One piece of long work behind the window, of which only the last one asked for counts: a newer one stops the one
// under way, and what a stopped one found is dropped.
class Study : public QObject {
  Q_OBJECT
 public:
  // Runs behind; what it returns runs here, unless the work was stopped or replaced.
  using Work = std::function<std::function<void()>(const Control& control)>;

  explicit Study(QObject* parent = nullptr);
  ~Study() override;  // stops, and waits for, what runs

  void start(Work work);
  void cancel();  // nothing is delivered
  bool busy() const { return busy_; }
  double progress() const { return *progress_; }

 signals:
  void changed();     // busy()
  void progressed();  // a few times a second while busy

 private:
  void set_busy(bool busy);

  int generation_ = 0;
  bool busy_ = false;
  std::stop_source stop_;
  std::shared_ptr<std::atomic<double>> progress_ = std::make_shared<std::atomic<double>>(0);
  QTimer poll_;
  Background background_;
};

}  // namespace isoflop::ui
