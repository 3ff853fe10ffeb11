// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/estimator.h"

#include <QElapsedTimer>
#include <algorithm>
#include <utility>

namespace isoflop::ui {
namespace {

using Stage = LawFitState::Stage;

constexpr std::size_t kRemembered = 24;

template <class T>
struct Timed {
  Result<T> result;
  double ms;
};

double elapsed_ms(const QElapsedTimer& timer) {
  return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

}  // namespace

Estimator::Estimator(Methods methods, int resamples, QObject* parent)
    : QObject(parent), methods_(std::move(methods)), resamples_(resamples) {}

Estimator::~Estimator() {
  stop_.request_stop();
}

Estimator::Entry* Estimator::find(const FitKey& key) {
  const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
  return entry == entries_.end() ? nullptr : &*entry;
}

const Estimator::Entry* Estimator::find(const FitKey& key) const {
  return const_cast<Estimator*>(this)->find(key);
}

bool Estimator::wanted(const FitKey& key) const {
  return std::find(wanted_.begin(), wanted_.end(), key) != wanted_.end();
}

LawFitState Estimator::state(const FitKey& key) const {
  const Entry* entry = find(key);
  return entry == nullptr ? LawFitState{} : entry->state;
}

bool Estimator::estimates_pending() const {
  return std::any_of(wanted_.begin(), wanted_.end(), [&](const FitKey& key) {
    const Stage stage = state(key).stage;
    return stage == Stage::kNone || stage == Stage::kFitting;
  });
}

void Estimator::set_wanted(std::vector<FitKey> wanted_now) {
  wanted_ = std::move(wanted_now);
  for (const FitKey& key : wanted_) {
    auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
    if (entry == entries_.end())
      entries_.push_back({key, {}});
    else
      std::rotate(entry, entry + 1, entries_.end());
    Entry& last = entries_.back();
    if (last.state.stage == Stage::kCancelled) {
      last.state.stage = last.state.fit == nullptr ? Stage::kNone : Stage::kResampling;
    }
  }
  if (running_ && !wanted(running_key_)) stop_.request_stop();
  forget_old();
  start_next();
}

void Estimator::cancel() {
  stop_.request_stop();
  for (Entry& entry : entries_) {
    if (entry.state.stage == Stage::kNone || entry.state.stage == Stage::kFitting ||
        entry.state.stage == Stage::kResampling) {
      entry.state.stage = Stage::kCancelled;
    }
  }
  emit changed();
}

void Estimator::start_next() {
  if (running_) return;
  for (const Stage due : {Stage::kNone, Stage::kResampling}) {
    for (const FitKey& key : wanted_) {
      Entry& entry = *find(key);
      if (entry.state.stage != due) continue;
      if (due == Stage::kNone)
        start_fit(entry);
      else
        start_resampling(entry);
      return;
    }
  }
}

Control Estimator::begin(const FitKey& key, const QString& activity) {
  running_ = true;
  running_key_ = key;
  activity_ = activity;
  stop_ = std::stop_source();
  // Each job has a cell of its own, so that one that is being cancelled does not move the bar of the next.
  progress_ = std::make_shared<std::atomic<double>>(0);
  return {.progress = [cell = progress_](double share) { *cell = share; }, .stop = stop_.get_token()};
}

void Estimator::finish() {
  running_ = false;
  start_next();
  emit changed();
}

void Estimator::start_fit(Entry& entry) {
  entry.state.stage = Stage::kFitting;
  const FitKey key = entry.key;
  Control control = begin(key, tr("fitting %1").arg(QString::fromStdString(key.law->title)));
  background_.run(
      [fit = methods_.fit, key, control = std::move(control)]() -> Timed<Fit> {
        QElapsedTimer timer;
        timer.start();
        const Result<Observations> observations =
            observe(*key.runs, key.law->roles(), key.law->response, observe_options(key.settings));
        if (!observations.ok()) return {observations.error(), 0};
        Result<Fit> result = fit(*key.law, *observations, fit_options(key.settings, *key.law), control);
        return {std::move(result), elapsed_ms(timer)};
      },
      [this, key, token = stop_.get_token()](Timed<Fit> timed) {
        Entry* done = find(key);
        if (done != nullptr && done->state.stage == Stage::kFitting) {
          if (timed.result.ok()) {
            done->state = {.stage = Stage::kResampling,
                           .fit = std::make_shared<const Fit>(*std::move(timed.result)),
                           .fit_ms = timed.ms};
          } else if (token.stop_requested()) {
            done->state = {};
          } else {
            done->state = {.stage = Stage::kFailed, .error = timed.result.error().message};
          }
        }
        finish();
      });
  emit changed();
}

void Estimator::start_resampling(Entry& entry) {
  const FitKey key = entry.key;
  Control control = begin(key, tr("resampling %1").arg(QString::fromStdString(key.law->title)));
  const int count = key.settings.resamples > 0 ? key.settings.resamples : resamples_;
  background_.run(
      [resample = methods_.resample, key, count, fit = entry.state.fit,
       control = std::move(control)]() -> Timed<Bootstrap> {
        QElapsedTimer timer;
        timer.start();
        const Result<Observations> observations =
            observe(*key.runs, key.law->roles(), key.law->response, observe_options(key.settings));
        if (!observations.ok()) return {observations.error(), 0};
        Result<Bootstrap> result =
            resample(*key.law, *observations, *fit, {.resamples = count, .kind = key.settings.bootstrap}, control);
        return {std::move(result), elapsed_ms(timer)};
      },
      [this, key, token = stop_.get_token()](Timed<Bootstrap> timed) {
        Entry* done = find(key);
        if (done != nullptr && done->state.stage == Stage::kResampling) {
          if (timed.result.ok()) {
            done->state.stage = Stage::kDone;
            done->state.resamples = std::make_shared<const Bootstrap>(*std::move(timed.result));
            done->state.resample_ms = timed.ms;
          } else if (!token.stop_requested()) {
            done->state.stage = Stage::kDone;
            done->state.error = timed.result.error().message;
          }
        }
        finish();
      });
  emit changed();
}

void Estimator::forget_old() {
  for (auto entry = entries_.begin(); entries_.size() > kRemembered && entry != entries_.end();) {
    if (wanted(entry->key) || (running_ && running_key_ == entry->key))
      ++entry;
    else
      entry = entries_.erase(entry);
  }
}

}  // namespace isoflop::ui
