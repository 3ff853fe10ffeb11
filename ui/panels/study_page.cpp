// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/study_page.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/law_summary.h"
#include "ui/panels/pill_strip.h"

namespace isoflop::ui {
namespace {

constexpr int kRestMs = 150, kDelayMs = 300;

}  // namespace

StudyPage::StudyPage(const Appearance& appearance, Document& document, QWidget* parent)
    : QWidget(parent),
      appearance_(appearance),
      document_(document),
      stack_(new QStackedWidget(this)),
      empty_(new EmptyState({}, {})),
      open_(empty_->add_action(tr("Open runs…"))),
      add_law_(empty_->add_action(tr("Add a law…"))),
      sentence_(new QLabel),
      pills_(new PillStrip(appearance)),
      busy_(new QWidget(this)),
      bar_(new QProgressBar(busy_)) {
  auto* result = new QWidget;
  column_ = new QVBoxLayout(result);
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(8);
  sentence_->setWordWrap(true);
  sentence_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  column_->addWidget(sentence_);
  column_->addWidget(pills_);
  stack_->addWidget(empty_);
  stack_->addWidget(result);
  stack_->addWidget(new QWidget);  // before there is anything to say
  stack_->setCurrentIndex(2);

  auto* row = new QHBoxLayout(busy_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  bar_->setRange(0, 1000);
  bar_->setTextVisible(false);
  bar_->setAccessibleName(tr("Progress"));
  auto* cancel = new QToolButton(busy_);
  cancel->setText(tr("Cancel"));
  cancel->setProperty("kind", "link");
  cancel->setToolTip(tr("Stop; it is tried again when runs or laws change"));
  row->addWidget(bar_, 1);
  row->addWidget(cancel);
  busy_->hide();
  auto* whole = new QVBoxLayout(this);
  whole->setContentsMargins(0, 6, 0, 0);
  whole->setSpacing(8);
  whole->addWidget(busy_);
  whole->addWidget(stack_, 1);

  rest_.setSingleShot(true);
  rest_.setInterval(kRestMs);
  delay_.setSingleShot(true);
  delay_.setInterval(kDelayMs);
  connect(&rest_, &QTimer::timeout, this, [this] {
    stale_ = false;
    restart();
  });
  connect(&delay_, &QTimer::timeout, busy_, &QWidget::show);
  connect(&study_, &Study::changed, this, [this] {
    if (study_.busy()) {
      bar_->setValue(0);
      delay_.start();
    } else {
      delay_.stop();
      busy_->hide();
    }
  });
  connect(&study_, &Study::progressed, this, [this] { bar_->setValue(static_cast<int>(1000 * study_.progress())); });
  connect(cancel, &QToolButton::clicked, &study_, &Study::cancel);
  connect(open_, &QPushButton::clicked, this, &StudyPage::openRequested);
  connect(add_law_, &QPushButton::clicked, this, &StudyPage::addLawRequested);
  connect(&document_, &Document::runsChanged, this, &StudyPage::changed);
  connect(&document_, &Document::lawsChanged, this, &StudyPage::changed);
}

void StudyPage::changed() {
  stale_ = true;
  if (isVisible()) rest_.start();
}

void StudyPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (stale_) rest_.start(0);
}

// What nobody sees is not computed.
void StudyPage::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  if (study_.busy() || rest_.isActive()) stale_ = true;
  rest_.stop();
  study_.cancel();
}

void StudyPage::show_empty(const QString& message, const QString& advice) {
  study_.cancel();
  empty_->set_text(message, advice);
  open_->setVisible(document_.runs() == nullptr);
  add_law_->setVisible(document_.runs() != nullptr && document_.laws().empty());
  stack_->setCurrentIndex(0);
  emit noteChanged({});
}

void StudyPage::show_result() {
  stack_->setCurrentIndex(1);
}

void StudyPage::set_sentence(const QString& text) {
  sentence_->setText(text);
  sentence_->setVisible(!text.isEmpty());
}

void StudyPage::set_findings(const std::vector<Finding>& findings) {
  std::vector<Pill> pills;
  for (const Finding& finding : findings) {
    const QString label = finding_label(finding), tip = QString::fromStdString(finding.message);
    const bool warning = finding.severity == Severity::kWarning;
    // One pill for what is said of several laws or choices.
    const auto same = std::find_if(pills.begin(), pills.end(), [&](const Pill& pill) { return pill.label == label; });
    if (same == pills.end()) {
      pills.push_back({label, tip, warning});
    } else {
      same->tip += QStringLiteral("\n\n") + tip;
      same->warning = same->warning || warning;
    }
  }
  pills_->set_pills(std::move(pills));
}

bool StudyPage::require_runs_and_laws(const QString& purpose) {
  if (document_.runs() == nullptr)
    show_empty(tr("No runs yet"), purpose);
  else if (document_.laws().empty())
    show_empty(tr("No laws yet"), purpose);
  else {
    if (stack_->currentIndex() == 0) stack_->setCurrentIndex(2);
    return true;
  }
  return false;
}

}  // namespace isoflop::ui
