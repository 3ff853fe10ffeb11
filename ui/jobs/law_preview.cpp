// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/law_preview.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace isoflop::ui {
namespace {

constexpr int kRestMs = 250;

double rmse_of_log(const Law& law, const Observations& observations, const std::vector<double>& theta) {
  const std::vector<double> predicted = predict(law, observations.columns, theta);
  double squares = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i)
    squares += std::pow(std::log(predicted[i] / observations.response[i]), 2);
  return std::sqrt(squares / static_cast<double>(predicted.size()));
}

LawPreview::Score score(const Methods& methods, const LawChoice& rival, const FitOptions& options, const RunTable& runs,
                        const Control& control) {
  LawPreview::Score score{.title = rival.law->title};
  const auto observations = observe(runs, rival.law->roles(), rival.law->response);
  if (!observations) {
    score.error = observations.error().message;
    return score;
  }
  score.runs = observations->size();
  if (const CoefficientSet* set = rival.law->find_set(rival.set_id)) {
    score.title += " (" + set->label + ")";
    score.objective = evaluate_objective(*rival.law, *observations, set->values, options.objective, options.delta);
    score.rmse_log = rmse_of_log(*rival.law, *observations, set->values);
    return score;
  }
  FitOptions own = fit_options(rival.settings, *rival.law);
  own.objective = options.objective;
  own.delta = options.delta;
  const auto fit = methods.fit(*rival.law, *observations, own, control);
  if (!fit) {
    score.error = fit.error().message;
    return score;
  }
  score.objective = fit->objective;
  score.rmse_log = fit->rmse_log;
  score.parameters = static_cast<int>(std::count(fit->free.begin(), fit->free.end(), 1));
  return score;
}

}  // namespace

struct LawPreview::Outcome {
  Result<Fit> fit = Error{};
  std::vector<Score> rivals;
};

LawPreview::LawPreview(Methods methods, QObject* parent) : QObject(parent), methods_(std::move(methods)) {
  rest_.setSingleShot(true);
  rest_.setInterval(kRestMs);
  connect(&rest_, &QTimer::timeout, this, &LawPreview::start);
}

LawPreview::~LawPreview() {
  stop_.request_stop();
}

void LawPreview::set_inputs(Inputs inputs) {
  stop_.request_stop();
  ++generation_;
  inputs_ = std::move(inputs);
  if (inputs_.law == nullptr || inputs_.runs == nullptr) {
    rest_.stop();
    stage_ = Stage::kNone;
    fit_ = nullptr;
    rivals_.clear();
  } else {
    stage_ = Stage::kWaiting;
    rest_.start();
  }
  emit changed();
}

void LawPreview::cancel() {
  if (stage_ != Stage::kWaiting && stage_ != Stage::kFitting) return;
  stop_.request_stop();
  rest_.stop();
  ++generation_;
  stage_ = Stage::kCancelled;
  emit changed();
}

void LawPreview::retry() {
  set_inputs(inputs_);
}

void LawPreview::start() {
  stage_ = Stage::kFitting;
  stop_ = std::stop_source();
  progress_ = std::make_shared<std::atomic<double>>(0);
  const int generation = ++generation_;
  const Control control{.progress = [cell = progress_](double share) { *cell = share; }, .stop = stop_.get_token()};
  background_.run(
      [methods = methods_, inputs = inputs_, control] {
        Outcome outcome;
        const auto observations =
            observe(*inputs.runs, inputs.law->roles(), inputs.law->response, observe_options(inputs.settings));
        if (!observations) {
          outcome.fit = observations.error();
          return outcome;
        }
        const FitOptions options = fit_options(inputs.settings, *inputs.law);
        outcome.fit = methods.fit(*inputs.law, *observations, options, control);
        for (const LawChoice& rival : inputs.rivals) {
          if (control.cancelled()) break;
          outcome.rivals.push_back(score(methods, rival, options, *inputs.runs, control));
        }
        return outcome;
      },
      [this, generation](Outcome outcome) { finish(generation, std::move(outcome)); });
  emit changed();
}

void LawPreview::finish(int generation, Outcome outcome) {
  if (generation != generation_) return;
  rivals_ = std::move(outcome.rivals);
  if (outcome.fit.ok()) {
    stage_ = Stage::kDone;
    fit_ = std::make_shared<const Fit>(*std::move(outcome.fit));
    error_.clear();
  } else {
    stage_ = Stage::kFailed;
    fit_ = nullptr;
    error_ = outcome.fit.error().message;
  }
  emit changed();
}

}  // namespace isoflop::ui
