// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <memory>
#include <stop_token>
#include <vector>

#include "ui/document/document.h"
#include "ui/jobs/background.h"
#include "ui/jobs/estimator.h"
#include "ui/jobs/methods.h"
#include "ui/plots/frame_clock.h"
#include "ui/plots/scene.h"

namespace isoflop::ui {

struct AnalysisOptions {
  int resamples = 4000;
  std::shared_ptr<const std::vector<KnownModel>> models;
  Methods methods = Methods::standard();
};

// Keeps scene and frame in step with the document: fits and resamples laws behind, builds the scene behind, and builds
// a budget frame on each beat of the clock for which the budget or the scene changed. Results that no longer belong to
// the document's state are dropped; those that undo brings back are remembered.
//
// Views connect to sceneChanged and frameChanged. A frameChanged always follows a sceneChanged, in the same beat, so a
// view keeps what sceneChanged gave and draws what follows the budget in frameChanged.
class Analysis : public QObject {
  Q_OBJECT
 public:
  Analysis(Document& document, FrameClock& clock, AnalysisOptions options, QObject* parent = nullptr);
  ~Analysis() override;  // cancels, and waits for, what runs

  const std::shared_ptr<const Scene>& scene() const { return scene_; }  // null before the first
  const BudgetFrame& frame() const { return frame_; }                   // empty before the first
  LawFitState fit_state(int law) const;  // index in Document::laws; of the fit to the runs, whether it is shown or not
  // Whether anything is under way or due: when not, scene() and frame() belong to the document as it is.
  bool busy() const;
  // As a ComparedLaw states it.
  SceneInputs inputs() const;

  // Milliseconds that the last of each took; 0 before the first.
  struct Timings {
    double fit = 0, resample = 0, scene = 0, frame = 0;
    int resamples = 0;
  };
  int usual_resamples() const { return options_.resamples; }
  const Timings& timings() const { return timings_; }

 public slots:
  void cancel();        // the fits under way; they are tried again when runs or laws change
  void update_frame();  // at once, without waiting for the beat

 signals:
  void sceneChanged(const std::shared_ptr<const isoflop::ui::Scene>& scene);
  void frameChanged(const isoflop::ui::BudgetFrame& frame);
  void fitsChanged();                                       // some fit_state() changed
  void progressChanged(const QString& what, double share);  // a few times a second while fits are under way
  void busyChanged(bool busy);

 private:
  void want_fits();
  void want_scene();
  void start_scene();
  void finish_scene(int generation, std::shared_ptr<const Scene> scene, double ms);
  void on_fits_changed();
  void on_beat();
  void tell_busy();
  FitKey key(const LawChoice& choice) const;

  Document& document_;
  FrameClock& clock_;
  AnalysisOptions options_;
  std::shared_ptr<const Scene> scene_;
  BudgetFrame frame_;
  std::vector<ComparedLaw> requested_;  // laws of the last scene begun
  Timings timings_;
  bool scene_waits_ = false;  // wanted, but not begun: fits that belong to it will be there in a moment
  bool scene_runs_ = false;
  bool scene_due_again_ = false;
  bool scene_shown_ = true;
  bool frame_due_ = false;
  bool was_busy_ = false;
  int generation_ = 0;
  std::stop_source stop_scene_;
  QTimer patience_;  // how long a scene waits for its fits
  QTimer poll_;      // progress
  Estimator estimator_;
  Background background_;
};

}  // namespace isoflop::ui
