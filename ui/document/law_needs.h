// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/laws/law.h"
#include "core/runs/run_table.h"

namespace isoflop::ui {

// A column that a fit of a law takes, and whether the runs have it.
struct LawNeed {
  QString label;     // "tokens D"
  std::string role;  // role or name of the column, patterns for a group
  bool there = false;
};

// What the law predicts first, then its variables. Without runs nothing is there.
std::vector<LawNeed> law_needs(const Law& law, const RunTable* runs);

// Why the law cannot be added to the comparison: runs lack a column and nothing is published that could stand for the
// fit. Empty: it can.
QString why_not_added(const Law& law, const RunTable* runs);

// Why the views do not draw it, though its card shows the fit. Empty: they do.
QString why_not_drawn(const Law& law);

// Whether a fit to these runs is possible.
bool can_be_fitted(const Law& law, const RunTable* runs);

// "Loss", "Best size for a budget" ...: the heading of a category of laws.
QString category_label(const std::string& category);

// How far published coefficients were checked, in words.
QString status_label(const std::string& status);

}  // namespace isoflop::ui
