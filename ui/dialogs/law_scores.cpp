// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/law_scores.h"

#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/panels/checked_field.h"
#include "ui/panels/law_summary.h"
#include "ui/panels/pill_strip.h"
#include "ui/panels/quantity_text.h"

namespace isoflop::ui {
namespace {

using Stage = LawPreview::Stage;
constexpr int kPollMs = 80;

QString percent(double share) {
  return std::isfinite(share) ? QStringLiteral("%1%").arg(100 * share, 0, 'f', 2) : QString(QChar(0x2013));
}

}  // namespace

LawScores::LawScores(const Appearance& appearance, QWidget* parent)
    : QWidget(parent),
      status_(new QLabel(this)),
      error_(new QLabel(this)),
      bar_(new QProgressBar(this)),
      button_(new QToolButton(this)),
      grid_(new QGridLayout),
      verdict_(new QLabel(this)),
      findings_(new PillStrip(appearance, this)) {
  status_->setProperty("role", "note");
  status_->setWordWrap(true);
  error_->setProperty("role", "error");
  error_->setWordWrap(true);
  verdict_->setProperty("role", "note");
  verdict_->setWordWrap(true);
  bar_->setRange(0, 100);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress of the fit"));
  button_->setProperty("kind", "link");
  grid_->setHorizontalSpacing(10);
  grid_->setVerticalSpacing(4);
  grid_->setColumnStretch(0, 1);
  auto* line = new QHBoxLayout;
  line->setSpacing(6);
  line->addWidget(status_, 1);
  line->addWidget(bar_, 1);
  line->addWidget(button_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addLayout(line);
  column->addWidget(error_);
  column->addLayout(grid_);
  column->addWidget(verdict_);
  column->addWidget(findings_);
  column->addStretch(1);
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, [this] {
    if (shown_ != nullptr) bar_->setValue(static_cast<int>(100 * shown_->progress()));
  });
  connect(button_, &QToolButton::clicked, this, [this] { cancels_ ? emit cancelRequested() : emit retryRequested(); });
}

void LawScores::show_rows(const std::vector<LawPreview::Score>& scores) {
  for (const auto& row : cells_) qDeleteAll(row);
  qDeleteAll(heads_);
  cells_.clear();
  heads_.clear();
  if (scores.empty()) return;
  const QString names[] = {QString(), tr("objective"), tr("rms"), tr("free")};
  const QString tips[] = {QString(), tr("What the fit minimises, summed over the runs: less is better"),
                          tr("Root mean square error of log(prediction)"), tr("Parameters that were fitted")};
  for (int i = 0; i < 4; ++i) {
    auto* head = new QLabel(names[i], this);
    head->setProperty("role", "note");
    head->setToolTip(tips[i]);
    grid_->addWidget(head, 0, i, i == 0 ? Qt::AlignLeft : Qt::AlignRight);
    heads_.push_back(head);
  }
  double best = INFINITY;
  for (const LawPreview::Score& score : scores)
    if (score.error.empty() && score.objective < best) best = score.objective;
  for (const LawPreview::Score& score : scores) {
    const bool known = score.error.empty();
    const QString texts[] = {QString::fromStdString(score.title), known ? number_text(score.objective, 4) : tr("none"),
                             known ? percent(score.rmse_log) : QString(),
                             known ? QString::number(score.parameters) : QString()};
    std::vector<QLabel*> row;
    for (int i = 0; i < 4; ++i) {
      auto* cell = new QLabel(texts[i], this);
      cell->setTextFormat(Qt::PlainText);
      if (i == 0) cell->setWordWrap(true);
      if (known && score.objective <= best * (1 + 1e-6)) cell->setProperty("role", "title");
      if (!known) cell->setToolTip(QString::fromStdString(score.error));
      grid_->addWidget(cell, static_cast<int>(cells_.size()) + 1, i,
                       i == 0 ? Qt::Alignment() : Qt::AlignRight | Qt::AlignTop);
      row.push_back(cell);
    }
    cells_.push_back(std::move(row));
  }
}

void LawScores::show_preview(const LawPreview& preview, const std::string& title) {
  shown_ = &preview;
  const Stage stage = preview.stage();
  const bool running = stage == Stage::kFitting || stage == Stage::kWaiting;
  QString status;
  if (stage == Stage::kNone) status = title.empty() ? tr("What is fitted stands here.") : tr("No runs to fit it to.");
  if (stage == Stage::kCancelled) status = tr("Fit cancelled.");
  if (stage == Stage::kDone) status = tr("Fitted to %n run(s).", nullptr, static_cast<int>(preview.fit()->n_runs));
  status_->setText(status);
  status_->setVisible(!status.isEmpty());
  bar_->setVisible(running);
  running ? poll_.start() : poll_.stop();
  if (!running) bar_->setValue(0);
  button_->setVisible(running || stage == Stage::kCancelled);
  cancels_ = running;
  button_->setText(running ? tr("Cancel") : tr("Fit again"));
  error_->setText(stage == Stage::kFailed ? error_sentence(Error{ErrorCode::kNumerical, preview.error(), {}})
                                          : QString());
  error_->setVisible(stage == Stage::kFailed);
  // While the next fit is under way the last numbers stand, greyed.
  for (const auto& row : cells_)
    for (QLabel* cell : row) cell->setEnabled(!running);
  if (running) return;

  std::vector<LawPreview::Score> scores;
  std::vector<Pill> pills;
  if (stage == Stage::kDone) {
    const Fit& fit = *preview.fit();
    scores.push_back({.title = title,
                      .objective = fit.objective,
                      .rmse_log = fit.rmse_log,
                      .runs = fit.n_runs,
                      .parameters = static_cast<int>(std::count(fit.free.begin(), fit.free.end(), 1))});
    scores.insert(scores.end(), preview.rivals().begin(), preview.rivals().end());
    for (const Finding& finding : fit.findings) {
      pills.push_back(
          {finding_label(finding), QString::fromStdString(finding.message), finding.severity == Severity::kWarning});
    }
  }
  show_rows(scores);
  QString verdict;
  for (const LawPreview::Score& score : scores) {
    if (score.error.empty() && score.runs != scores.front().runs)
      verdict = tr("%1 has %n run(s) only, so its objective is of fewer terms.", nullptr, static_cast<int>(score.runs))
                    .arg(QString::fromStdString(score.title));
  }
  verdict_->setText(verdict);
  verdict_->setVisible(!verdict.isEmpty());
  findings_->set_pills(std::move(pills));
}

QStringList LawScores::row(int index) const {
  QStringList texts;
  for (const QLabel* cell : cells_.at(static_cast<std::size_t>(index))) texts << cell->text();
  return texts;
}

QString LawScores::status() const {
  return error_->isHidden() ? status_->text() : error_->text();
}

}  // namespace isoflop::ui
