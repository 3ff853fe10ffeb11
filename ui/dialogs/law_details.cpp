// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/law_details.h"

#include <QLabel>
#include <QVBoxLayout>
#include <utility>
#include <vector>

#include "ui/document/law_needs.h"
#include "ui/math/math_view.h"
#include "ui/panels/pill_strip.h"

namespace isoflop::ui {
namespace {

QString text(const std::string& s) {
  return QString::fromStdString(s);
}

QLabel* new_label(const char* role, QWidget* parent) {
  auto* label = new QLabel(parent);
  if (role != nullptr) label->setProperty("role", role);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

LawDetails::LawDetails(const Appearance& appearance, QWidget* parent)
    : QWidget(parent),
      appearance_(appearance),
      title_(new_label("title", this)),
      summary_(new_label(nullptr, this)),
      math_(new MathView(appearance, this)),
      citation_(new_label("note", this)),
      needs_(new PillStrip(appearance, this)),
      note_(new_label("note", this)),
      sets_(new QWidget(this)),
      sets_column_(new QVBoxLayout(sets_)),
      notes_(new_label("note", this)) {
  QLabel* needs_title = new_label("note", this);
  needs_title->setText(tr("A fit takes the columns"));
  sets_column_->setContentsMargins(0, 0, 0, 0);
  sets_column_->setSpacing(6);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(2, 2, 8, 2);
  column->setSpacing(8);
  column->addWidget(title_);
  column->addWidget(summary_);
  column->addWidget(math_);
  column->addWidget(citation_);
  column->addSpacing(4);
  column->addWidget(needs_title);
  column->addWidget(needs_);
  column->addWidget(note_);
  column->addSpacing(4);
  column->addWidget(sets_);
  column->addWidget(notes_);
  column->addStretch(1);
}

void LawDetails::show_law(const Law& law, const RunTable* runs, bool in_comparison) {
  title_->setText(text(law.title));
  summary_->setText(text(law.summary));
  math_->set_law(law);
  citation_->setText(text(law.citation));
  show_needs(law, runs);
  QStringList remarks;
  const QString reason = why_not_added(law, runs);
  if (!reason.isEmpty())
    remarks << reason;
  else if (runs != nullptr && !can_be_fitted(law, runs))
    remarks << tr("The runs lack a column for a fit, so that only published coefficients can be shown.");
  if (const QString why = why_not_drawn(law); !why.isEmpty()) remarks << why;
  if (in_comparison) remarks << tr("It is in the comparison.");
  set_note(remarks.join(' '));
  show_sets(law);
  QStringList notes;
  for (const std::string& note : law.notes) notes << QStringLiteral("• ") + text(note);
  notes_->setText(notes.join('\n'));
  notes_->setVisible(!notes.isEmpty());
}

void LawDetails::show_needs(const Law& law, const RunTable* runs) {
  std::vector<Pill> pills;
  for (const LawNeed& need : law_needs(law, runs)) {
    const QString role = text(need.role);
    pills.push_back({need.label == role ? need.label : QStringLiteral("%1: %2").arg(need.label, role),
                     runs == nullptr ? tr("No runs are open")
                     : need.there    ? tr("The runs have it")
                                     : tr("The runs have no such column: map one to it or derive it"),
                     runs != nullptr && !need.there});
  }
  needs_->set_pills(std::move(pills));
}

void LawDetails::show_sets(const Law& law) {
  for (QLabel* label : sets_->findChildren<QLabel*>()) delete label;
  auto* title = new_label("note", sets_);
  title->setText(law.sets.empty() ? tr("No coefficients are published for it: it is fitted.")
                                  : tr("Published coefficients"));
  sets_column_->addWidget(title);
  for (const CoefficientSet& set : law.sets) {
    auto* line = new QLabel(sets_);
    line->setTextFormat(Qt::RichText);
    line->setWordWrap(true);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->setText(QStringLiteral("<b>%1</b> — %2<br><span style='color:%3'>%4</span>")
                      .arg(text(set.label).toHtmlEscaped(), status_label(set.status).toHtmlEscaped(),
                           appearance_.theme().secondary.name(), text(set.source).toHtmlEscaped()));
    if (!set.note.empty()) line->setToolTip(text(set.note));
    sets_column_->addWidget(line);
  }
}

QString LawDetails::note() const {
  return note_->isHidden() ? QString() : note_->text();
}

void LawDetails::set_note(const QString& text) {
  note_->setText(text);
  note_->setVisible(!text.isEmpty());
}

}  // namespace isoflop::ui
