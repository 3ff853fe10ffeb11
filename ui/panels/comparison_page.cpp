// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/comparison_page.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/panels/comparison_table.h"

namespace isoflop::ui {
namespace {

QString percent(double log_ratio) {
  return QString::number(100 * log_ratio, 'f', 2) + '%';
}

}  // namespace

ComparisonPage::ComparisonPage(const Appearance& appearance, Document& document, FrameClock& clock, QWidget* parent)
    : StudyPage(appearance, document, parent),
      table_(new ComparisonTable(appearance)),
      residuals_(new ResidualView(appearance, clock)) {
  setAccessibleName(tr("Comparison of laws"));
  column().addWidget(table_);
  auto* heading = new QWidget;
  auto* row = new QHBoxLayout(heading);
  row->setContentsMargins(0, 4, 0, 0);
  auto* title = new QLabel(tr("Errors on runs that the fit has not seen"));
  title->setProperty("role", "title");
  row->addWidget(title);
  row->addStretch(1);
  row->addWidget(new_against_selector());
  column().addWidget(heading);
  column().addWidget(residuals_, 1);

  connect(table_, &ComparisonTable::lawChosen, residuals_, &ResidualView::setOnly);
}

QWidget* ComparisonPage::new_against_selector() {
  auto* selector = new QWidget;
  selector->setAccessibleName(tr("What errors are drawn against"));
  auto* row = new QHBoxLayout(selector);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  auto* group = new QButtonGroup(selector);
  const std::pair<QString, QString> choices[] = {{tr("C"), tr("errors against compute")},
                                                 {tr("N"), tr("errors against parameters")},
                                                 {tr("D"), tr("errors against tokens")}};
  for (int i = 0; i < 3; ++i) {
    auto* button = new QToolButton(selector);
    button->setText(choices[i].first);
    button->setToolTip(choices[i].second);
    button->setAccessibleName(choices[i].second);
    button->setProperty("kind", "tab");
    button->setStyleSheet(QStringLiteral("QToolButton { padding: 0px 6px; min-height: 18px; }"));
    button->setCheckable(true);
    button->setChecked(i == 0);
    group->addButton(button, i);
    row->addWidget(button);
  }
  connect(group, &QButtonGroup::idClicked, residuals_, &ResidualView::setAgainst);
  return selector;
}

QWidget* ComparisonPage::new_hold_out_selector(QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->setObjectName("hold-out");
  box->setAccessibleName(tr("Which runs are left out"));
  box->setToolTip(tr("The largest runs are left out of the fits, which then have to predict them"));
  const std::pair<QString, HoldOut> choices[] = {
      {tr("leave out 1 budget"), {.kind = HoldOut::Kind::kBudgets, .budgets = 1}},
      {tr("leave out 2 budgets"), {.kind = HoldOut::Kind::kBudgets, .budgets = 2}},
      {tr("leave out 3 budgets"), {.kind = HoldOut::Kind::kBudgets, .budgets = 3}},
      {tr("leave out 10% of the runs"), {.kind = HoldOut::Kind::kShare, .share = 0.1}},
      {tr("leave out 25% of the runs"), {.kind = HoldOut::Kind::kShare, .share = 0.25}},
      {tr("folds alone"), {.kind = HoldOut::Kind::kNone}}};
  for (const auto& [text, hold_out] : choices) box->addItem(text);
  box->setCurrentIndex(1);
  connect(box, &QComboBox::currentIndexChanged, this,
          [this, all = std::vector(std::begin(choices), std::end(choices))](int index) {
            set_hold_out(all[static_cast<std::size_t>(index)].second);
          });
  return box;
}

void ComparisonPage::set_hold_out(const HoldOut& hold_out) {
  hold_out_ = hold_out;
  changed();
}

void ComparisonPage::restart() {
  if (!require_runs_and_laws(
          tr("Laws are fitted without the largest runs, and compared by how well they predict them"))) {
    shown_.reset();
    return;
  }
  ComparisonInputs inputs{document().runs(), studied_laws(document()), hold_out_};
  study().start([this, inputs = std::move(inputs)](const Control& control) -> std::function<void()> {
    auto shown = std::make_shared<const ShownComparison>(run_comparison(inputs, control));
    return [this, shown] { show_comparison(shown); };
  });
}

void ComparisonPage::show_comparison(std::shared_ptr<const ShownComparison> shown) {
  shown_ = std::move(shown);
  if (!shown_->result) {
    show_empty(tr("These laws cannot be compared on these runs"),
               QString::fromStdString(shown_->result.error().message));
    return;
  }
  table_->set_comparison(shown_);
  residuals_->set_comparison(shown_);
  set_sentence(verdict());
  set_findings(shown_->result->findings);
  emit noteChanged(tr("%n run(s)", nullptr, static_cast<int>(shown_->result->rows.size())));
  show_result();
}

// Which law predicts best, and whether another comes as near.
QString ComparisonPage::verdict() const {
  const Comparison& comparison = *shown_->result;
  const ComparedFit& best = comparison.laws.front();
  const QString name = QString::fromStdString(best.label);
  QString text;
  switch (comparison.ranking) {
    case Ranking::kHeldOut:
      text = tr("%1 predicts the %2 largest runs best without having seen them: its mean error is %3.")
                 .arg(name)
                 .arg(comparison.n_held_out)
                 .arg(percent(best.held_out.mean_absolute));
      break;
    case Ranking::kCrossValidated:
      text = tr("%1 predicts the runs of each fold best without having seen them: its mean error is %2.")
                 .arg(name, percent(best.cross_validated.mean_absolute));
      break;
    case Ranking::kAicc:
      text = tr("%1 has the least AICc.").arg(name);
  }
  QStringList level;
  int valid = 0;
  for (const ComparedFit& law : comparison.laws) {
    if (law.failure) continue;
    ++valid;
    if (&law != &best && !law.excess.distinct) level << QString::fromStdString(law.label);
  }
  if (valid < 2) return text + ' ' + tr("Add another law to compare it with.");
  if (level.isEmpty()) return text + ' ' + tr("The others are worse by more than chance.");
  return text + ' ' + tr("Within chance of it: %1.").arg(level.join(QStringLiteral(", ")));
}

}  // namespace isoflop::ui
