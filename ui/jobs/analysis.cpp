// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/analysis.h"

#include <algorithm>
#include <utility>

namespace isoflop::ui {
namespace {

// A refit is usually there sooner; until then the old scene stands rather than one without the law.
constexpr int kPatienceMs = 200;
constexpr int kPollMs = 60;

bool same_fits(const std::vector<ComparedLaw>& a, const std::vector<ComparedLaw>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const ComparedLaw& x, const ComparedLaw& y) {
    return x.law == y.law && x.fit == y.fit && x.resamples == y.resamples && x.fit_error == y.fit_error;
  });
}

double elapsed_ms(const QElapsedTimer& timer) {
  return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

}  // namespace

Analysis::Analysis(Document& document, FrameClock& clock, AnalysisOptions options, QObject* parent)
    : QObject(parent),
      document_(document),
      clock_(clock),
      options_(std::move(options)),
      estimator_(options_.methods, options_.resamples) {
  if (options_.models == nullptr) options_.models = std::make_shared<const std::vector<KnownModel>>();
  patience_.setSingleShot(true);
  patience_.setInterval(kPatienceMs);
  poll_.setInterval(kPollMs);
  connect(&patience_, &QTimer::timeout, this, &Analysis::start_scene);
  connect(&poll_, &QTimer::timeout, this,
          [this] { emit progressChanged(estimator_.activity(), estimator_.progress()); });
  connect(&estimator_, &Estimator::changed, this, &Analysis::on_fits_changed);
  connect(&clock_, &FrameClock::beat, this, &Analysis::on_beat);

  connect(&document_, &Document::runsChanged, this, &Analysis::want_fits);
  connect(&document_, &Document::lawsChanged, this, &Analysis::want_fits);
  connect(&document_, &Document::focusChanged, this, &Analysis::want_scene);
  connect(&document_, &Document::uniqueTokensChanged, this, [this] {
    // While the slider moves, each scene that gets done is shown, and the next begins with the newest value.
    if (scene_runs_)
      scene_due_again_ = true;
    else
      start_scene();
  });
  connect(&document_, &Document::budgetChanged, this, [this] {
    frame_due_ = true;
    clock_.request_frame();
  });
  want_fits();
}

Analysis::~Analysis() {
  stop_scene_.request_stop();
}

FitKey Analysis::key(const LawChoice& choice) const {
  return {choice.law, document_.runs(), choice.settings};
}

LawFitState Analysis::fit_state(int law) const {
  return estimator_.state(key(document_.laws().at(static_cast<std::size_t>(law))));
}

bool Analysis::busy() const {
  return estimator_.busy() || scene_waits_ || scene_runs_ || scene_due_again_ || !scene_shown_ || frame_due_;
}

SceneInputs Analysis::inputs() const {
  SceneInputs inputs{.runs = document_.runs(),
                     .laws = {},
                     .unique_tokens = document_.unique_tokens(),
                     .models = options_.models,
                     .focus = document_.focus()};
  for (const LawChoice& choice : document_.laws()) {
    const LawFitState state = estimator_.state(key(choice));
    inputs.laws.push_back({.law = choice.law,
                           .slot = choice.slot,
                           .enabled = choice.enabled,
                           .set_id = choice.set_id,
                           .fit = state.fit,
                           .resamples = state.resamples,
                           .fit_error = state.error});
  }
  return inputs;
}

void Analysis::want_fits() {
  std::vector<FitKey> wanted;
  if (document_.runs() != nullptr) {
    // What is drawn comes first.
    for (const bool enabled : {true, false}) {
      for (const LawChoice& choice : document_.laws()) {
        if (choice.set_id.empty() && choice.enabled == enabled) wanted.push_back(key(choice));
      }
    }
  }
  estimator_.set_wanted(std::move(wanted));
  emit fitsChanged();
  want_scene();
}

void Analysis::want_scene() {
  stop_scene_.request_stop();
  ++generation_;
  scene_waits_ = true;
  if (estimator_.estimates_pending()) {
    if (!patience_.isActive()) patience_.start();
    tell_busy();
  } else {
    start_scene();
  }
}

void Analysis::start_scene() {
  patience_.stop();
  scene_waits_ = false;
  scene_due_again_ = false;
  scene_runs_ = true;
  stop_scene_ = std::stop_source();
  const int generation = ++generation_;
  SceneInputs now = inputs();
  requested_ = now.laws;
  background_.run(
      [build = options_.methods.scene, inputs = std::move(now), token = stop_scene_.get_token()]() mutable {
        QElapsedTimer timer;
        timer.start();
        Control control;
        control.stop = token;
        auto scene = std::make_shared<const Scene>(build(std::move(inputs), control));
        return std::pair(std::move(scene), elapsed_ms(timer));
      },
      [this, generation](std::pair<std::shared_ptr<const Scene>, double> built) {
        finish_scene(generation, std::move(built.first), built.second);
      });
  tell_busy();
}

void Analysis::finish_scene(int generation, std::shared_ptr<const Scene> scene, double ms) {
  if (generation != generation_) return;  // a newer one is under way or waits
  scene_runs_ = false;
  scene_ = std::move(scene);
  scene_shown_ = false;
  frame_due_ = true;
  timings_.scene = ms;
  clock_.request_frame();
  if (scene_due_again_) start_scene();
  tell_busy();
}

void Analysis::on_fits_changed() {
  for (const LawChoice& choice : document_.laws()) {
    if (!choice.set_id.empty()) continue;
    const LawFitState state = estimator_.state(key(choice));
    if (state.fit_ms > 0) timings_.fit = state.fit_ms;
    if (state.resample_ms > 0) {
      timings_.resample = state.resample_ms;
      timings_.resamples = state.resamples == nullptr ? 0 : state.resamples->resamples();
    }
  }
  emit fitsChanged();
  // The start of a job changes nothing that is drawn.
  if (scene_waits_) {
    if (!estimator_.estimates_pending()) start_scene();
  } else if (!same_fits(requested_, inputs().laws)) {
    want_scene();
  }
  tell_busy();
}

void Analysis::on_beat() {
  if (frame_due_) update_frame();
}

void Analysis::update_frame() {
  if (scene_ == nullptr) return;
  frame_due_ = false;
  if (!scene_shown_) {
    scene_shown_ = true;
    emit sceneChanged(scene_);
  }
  QElapsedTimer timer;
  timer.start();
  frame_ = options_.methods.frame(*scene_, document_.budget());
  timings_.frame = elapsed_ms(timer);
  emit frameChanged(frame_);
  tell_busy();
}

void Analysis::cancel() {
  estimator_.cancel();
}

void Analysis::tell_busy() {
  if (estimator_.busy() && !poll_.isActive()) poll_.start();
  if (!estimator_.busy()) poll_.stop();
  if (busy() == was_busy_) return;
  was_busy_ = busy();
  emit busyChanged(was_busy_);
}

}  // namespace isoflop::ui
