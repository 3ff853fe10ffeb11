// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/study.h"

#include <utility>

namespace isoflop::ui {
namespace {

constexpr int kPollMs = 60;

}  // namespace

Study::Study(QObject* parent) : QObject(parent) {
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, &Study::progressed);
}

Study::~Study() {
  stop_.request_stop();
}

void Study::start(Work work) {
  stop_.request_stop();
  stop_ = std::stop_source();
  progress_ = std::make_shared<std::atomic<double>>(0);
  const int generation = ++generation_;
  Control control{.progress = [share = progress_](double done) { *share = done; }, .stop = stop_.get_token()};
  background_.run(
      [work = std::move(work), control = std::move(control)] {
        return control.cancelled() ? std::function<void()>() : work(control);
      },
      [this, generation](const std::function<void()>& deliver) {
        if (generation != generation_) return;
        set_busy(false);
        if (deliver) deliver();
      });
  set_busy(true);
}

void Study::cancel() {
  stop_.request_stop();
  ++generation_;
  set_busy(false);
}

void Study::set_busy(bool busy) {
  if (busy == busy_) return;
  busy_ = busy;
  busy ? poll_.start() : poll_.stop();
  emit changed();
}

}  // namespace isoflop::ui
