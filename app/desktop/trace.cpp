// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/trace.h"

#include <unistd.h>

#include <QCoreApplication>
#include <QEvent>
#include <QFile>
#include <QTimer>
#include <QWidget>
#include <cstdio>
#include <ctime>

#include "core/base/statistics.h"
#include "ui/plots/frame_clock.h"

namespace isoflop::ui {
namespace {

// Milliseconds since the kernel started the process (field 22 of /proc/self/stat, in clock ticks since boot), so that
// loading libraries counts. 0 where there is no such file.
double ms_since_process_start() {
  QFile file("/proc/self/stat");
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray text = file.readAll();
  const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
  if (fields.size() < 20) return 0;
  const double started = fields[19].toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 - started) * 1e3;
}

}  // namespace

bool Trace::wanted() {
  return qEnvironmentVariableIsSet("ISOFLOP_TRACE");
}

Trace::Trace(QWidget& window, FrameClock& clock, QObject* parent) : QObject(parent) {
  window.installEventFilter(this);
  connect(&clock, &FrameClock::frameFinished, this, [this](double ms) { frames_.push_back(ms); });
}

Trace::~Trace() {
  if (frames_.empty()) return;
  std::fprintf(stderr, "isoflop: %zu frames, median %.1f ms, p99 %.1f ms, longest %.1f ms\n", frames_.size(),
               quantile(frames_, 0.5), quantile(frames_, 0.99), quantile(frames_, 1));
}

bool Trace::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Paint && !painted_) {
    painted_ = true;
    // Once the paint has been dealt with, and the events that were waiting with it.
    QTimer::singleShot(0, this,
                       [] { std::fprintf(stderr, "isoflop: first paint after %.0f ms\n", ms_since_process_start()); });
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace isoflop::ui
