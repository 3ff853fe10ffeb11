// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/law_needs.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

#include "ui/document/law_draft.h"
#include "ui/plots/scene.h"

namespace isoflop::ui {
namespace {

struct Text {
  Q_DECLARE_TR_FUNCTIONS(LawNeeds)
};

bool has_column(const RunTable& runs, const std::string& name) {
  const Column* column = runs.find(name);
  return column != nullptr && column->numeric();
}

}  // namespace

std::vector<LawNeed> law_needs(const Law& law, const RunTable* runs) {
  std::vector<LawNeed> needs;
  needs.push_back(
      {QString::fromStdString(law.response), law.response, runs != nullptr && has_column(*runs, law.response)});
  const bool groups = runs != nullptr && law.is_template() && isoflop::instantiate(law, numeric_columns(*runs)).ok();
  for (const LawVariable& variable : law.variables) {
    const bool there = runs != nullptr && (variable.columns.empty() ? has_column(*runs, variable.role) : groups);
    needs.push_back({QString::fromStdString(variable.label), variable.role, there});
  }
  return needs;
}

bool can_be_fitted(const Law& law, const RunTable* runs) {
  const std::vector<LawNeed> needs = law_needs(law, runs);
  return std::all_of(needs.begin(), needs.end(), [](const LawNeed& need) { return need.there; });
}

QString why_not_added(const Law& law, const RunTable* runs) {
  if (!law.sets.empty() && !law.is_template()) return {};
  if (runs == nullptr) return Text::tr("No runs are open to fit it to, and nothing is published for it.");
  QStringList missing;
  for (const LawNeed& need : law_needs(law, runs)) {
    if (!need.there)
      missing << (need.label == QString::fromStdString(need.role)
                      ? need.label
                      : QStringLiteral("%1 (%2)").arg(need.label, QString::fromStdString(need.role)));
  }
  if (missing.isEmpty()) return {};
  return Text::tr("The runs have no column for %1. Map one to it or derive it.")
      .arg(missing.join(QStringLiteral(", ")));
}

QString why_not_drawn(const Law& law) {
  if (is_drawn(law)) return {};
  if (law.response != "loss")
    return Text::tr("The views draw loss over parameters and tokens; this law is of %1, so only its card shows it.")
        .arg(QString::fromStdString(law.response));
  return Text::tr("The views draw loss over parameters and tokens alone; only the card shows this law.");
}

QString category_label(const std::string& category) {
  if (category == "loss") return Text::tr("Loss over scale");
  if (category == "allocation") return Text::tr("Best size or tokens for a budget");
  if (category == "hyperparameters") return Text::tr("Hyperparameters");
  if (category == "inference") return Text::tr("Inference and test time");
  if (category == "task") return Text::tr("Downstream tasks");
  if (category == "curve") return Text::tr("Training curves");
  QString label = QString::fromStdString(category);
  if (!label.isEmpty()) label[0] = label[0].toUpper();
  return label;
}

QString status_label(const std::string& status) {
  if (status == "V1") return Text::tr("read in the paper or the authors' repository");
  if (status == "VR") return Text::tr("refitted or recomputed from the authors' data");
  if (status == "V2") return Text::tr("read in notes that cite the place");
  return QString::fromStdString(status);
}

}  // namespace isoflop::ui
