// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/laws/law.h"
#include "core/runs/run_table.h"
#include "ui/theme/appearance.h"

class QLabel;
class QVBoxLayout;

namespace isoflop::ui {

class MathView;
class PillStrip;

// All there is to know of a law: what it says, its formula, where it comes from, the columns that a fit takes and
// whether the runs have them, what was published for it and how far that was checked, what to beware of.
class LawDetails : public QWidget {
  Q_OBJECT
 public:
  explicit LawDetails(const Appearance& appearance, QWidget* parent = nullptr);

  // `runs` may be null.
  void show_law(const Law& law, const RunTable* runs, bool in_comparison);
  // What stands between the law and the comparison.
  QString note() const;
  void set_note(const QString& text);

 private:
  void show_needs(const Law& law, const RunTable* runs);
  void show_sets(const Law& law);

  const Appearance& appearance_;
  QLabel* title_;
  QLabel* summary_;
  MathView* math_;
  QLabel* citation_;
  PillStrip* needs_;
  QLabel* note_;
  QWidget* sets_;
  QVBoxLayout* sets_column_;
  QLabel* notes_;
};

}  // namespace isoflop::ui
