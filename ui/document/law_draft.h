// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/laws/law.h"
#include "core/runs/run_table.h"
#include "ui/document/fit_settings.h"

namespace isoflop::ui {

// What a user says of a parameter, in place of what its use in the formula suggests.
struct ParameterDraft {
  std::optional<Transform> transform;
  std::optional<std::pair<double, double>> bounds, start;
  std::optional<std::string> meaning;
  std::optional<double> held;
};

// A law while it is being written. Names keep what was said of them while they are out of the formula.
struct LawDraft {
  std::string formula;
  std::string title, summary, citation;
  int year = 0;
  std::string response = "loss";
  std::map<std::string, std::string> variables;  // name -> role or column; empty: a parameter after all
  std::map<std::string, ParameterDraft> parameters;
  std::shared_ptr<const Law> base;  // the law it started from; null: none
  std::filesystem::path file;       // that it was read from or written to; empty: none

  static LawDraft blank(int year);
  // To be changed into another law: a title of its own, and no file.
  static LawDraft copy_of(std::shared_ptr<const Law> law);
  // To be gone on with.
  static LawDraft of_file(std::shared_ptr<const Law> law);
};

// A name in the formula, and what it is taken for.
struct DraftName {
  std::string name;
  bool variable = false;
  std::string role;        // of a variable
  LawParameter parameter;  // otherwise
  std::optional<double> held;
  std::string problem;  // what is wrong with what was said of it; empty: nothing
};

// A draft as far as it makes sense.
struct DraftReading {
  std::optional<Error> formula_error;  // at its place
  Expression expression;               // no root: empty, or wrong
  std::vector<DraftName> names;        // in order of appearance
  std::shared_ptr<const Law> law;      // null while something is wrong
  std::shared_ptr<const Law> fitted;   // the law for the columns of the runs; the same unless it is a template
  std::string not_fitted;              // why there is none, though there is a law
  FitSettings settings;                // of its fit: what is held
  std::string not_saved;               // why the law cannot be written to a file; empty: it can

  const DraftName* first_problem() const;  // null: none
};

// `runs` may be null. A name that is a column of them is a variable.
DraftReading read_draft(const LawDraft& draft, const RunTable* runs);

// Roles and columns that a variable can be, the roles first.
QStringList choosable_columns(const RunTable* runs);

// Names of the numeric columns, by role where they have one.
std::vector<std::string> numeric_columns(const RunTable& runs);

}  // namespace isoflop::ui
