// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/provenance.h"

#include <QStringList>
#include <cmath>

#include "core/base/quantity.h"
#include "ui/panels/rules_list.h"

namespace isoflop::ui {

QString provenance_line(const Document& document) {
  QStringList parts{QStringLiteral("isoflop " ISOFLOP_VERSION)};
  if (const RunSource* source = document.source(); source != nullptr && source->runs != nullptr) {
    parts << QStringLiteral("runs %1 %2, %3 of %4 used")
                 .arg(QString::fromStdString(source->path.filename().string()),
                      QString::fromStdString(source->runs->content_hash))
                 .arg(source->runs->used())
                 .arg(source->runs->rows());
    for (const RowRule& rule : source->rules)
      parts << QStringLiteral("excluded %1 (%2)").arg(describe_rule(rule), QString::fromStdString(rule.reason));
  }
  for (const LawChoice& choice : document.laws()) {
    if (!choice.enabled) continue;
    parts << QStringLiteral("law %1 %2 %3")
                 .arg(QString::fromStdString(choice.law->id), QString::fromStdString(choice.law->hash),
                      choice.set_id.empty() ? QStringLiteral("fit") : QString::fromStdString(choice.set_id));
    const QStringList settings = describe_settings(choice.settings, *choice.law);
    if (choice.set_id.empty() && !settings.isEmpty())
      parts.back() += QStringLiteral(" (%1)").arg(settings.join(QStringLiteral(", ")));
  }
  if (std::isfinite(document.unique_tokens()))
    parts << QStringLiteral("unique tokens %1").arg(QString::fromStdString(format_exact(document.unique_tokens())));
  parts << QStringLiteral("budget %1 FLOP").arg(QString::fromStdString(format_exact(document.budget())));
  return parts.join(QStringLiteral("; "));
}

}  // namespace isoflop::ui
