// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <memory>
#include <string>
#include <vector>

#include "core/laws/law.h"
#include "ui/document/fit_settings.h"
#include "ui/document/run_source.h"

namespace isoflop::ui {

// A law as the user compares it; what was fitted for it is not here but in Analysis.
struct LawChoice {
  std::shared_ptr<const Law> law;
  int slot = 0;         // colour and dash, fixed while the law is in the list
  bool enabled = true;  // drawn
  std::string set_id;   // published coefficients in use; empty: the fit to the runs
  FitSettings settings = {};
  bool operator==(const LawChoice&) const = default;
};

// Everything that undo and redo move between. A value: commands swap members of it.
struct DocumentState {
  struct Sources {
    std::vector<RunSource> list;
    int active = -1;  // -1: none
  };
  struct Laws {
    std::vector<LawChoice> list;
    int focus = 0;  // whose contours the landscape shows
  };
  Sources sources;
  Laws laws;
  double budget = 5.76e23;   // FLOP
  double unique_tokens = 0;  // for laws that have them; infinity: no limit
};

// Where an edit belongs in the history: kWhole is a step of its own; kContinues joins the step before it when that was
// the same slider, until finish_edit() or a second of rest.
enum class Edit { kWhole, kContinues };

inline constexpr double kSmallestBudget = 1e15, kLargestBudget = 1e27;  // FLOP
inline constexpr double kSmallestUniqueTokens = 1e8, kLargestUniqueTokens = 1e15;

// The open project. Setters go through the undo stack and do nothing when nothing changes; each signal comes after the
// state has changed, also on undo and redo. Selection, highlight and filter say what one looks at, and stay out of the
// history.
class Document : public QObject {
  Q_OBJECT
 public:
  explicit Document(QObject* parent = nullptr);

  QUndoStack& undo_stack() { return undo_stack_; }
  // Forgets the history, e.g. after start-up has filled the document; keeps the state.
  void begin_history();

  // ---- runs
  const std::vector<RunSource>& sources() const { return state_.sources.list; }
  int active() const { return state_.sources.active; }
  const RunSource* source() const;               // null: none open
  std::shared_ptr<const RunTable> runs() const;  // of the active source; null: none, or it could not be mapped

  void add_source(RunSource source);  // and makes it active; a source of the same path is replaced
  void remove_source(int index);
  void set_active(int index);
  void set_mapping(const Mapping& mapping);  // of the active source
  void exclude(const std::vector<int>& rows, const std::string& reason);
  void include(const std::vector<int>& rows);
  Status exclude_where(const std::string& condition, const std::string& reason);  // kParse, kNotFound with a place
  void remove_rule(int index);

  // ---- laws
  const std::vector<LawChoice>& laws() const { return state_.laws.list; }
  int focus() const { return state_.laws.focus; }
  // Takes the smallest free slot. An empty set_id is the fit to the runs.
  void add_law(std::shared_ptr<const Law> law, const std::string& set_id, FitSettings settings = {});
  void remove_law(int index);
  void set_law_enabled(int index, bool enabled);
  void set_law_set(int index, const std::string& set_id);
  // How it is fitted; it then shows the fit to the runs.
  void set_law_settings(int index, const FitSettings& settings);
  void set_focus(int index);

  // ---- sliders. Values are clamped to the limits above; unique tokens beyond the largest mean no limit (infinity).
  double budget() const { return state_.budget; }
  void set_budget(double flops, Edit edit = Edit::kWhole);
  double unique_tokens() const { return state_.unique_tokens; }
  void set_unique_tokens(double tokens, Edit edit = Edit::kWhole);
  void finish_edit();  // the next kContinues begins a new step

  // ---- looking: rows of the active table
  const std::vector<int>& selection() const { return selection_; }  // increasing
  void set_selection(std::vector<int> rows);
  int highlight() const { return highlight_; }  // -1: none
  void set_highlight(int row);

 signals:
  void sourcesChanged();  // list, active one, mapping or rules
  void runsChanged();     // runs() is another table; follows sourcesChanged
  void lawsChanged();     // list, on/off, coefficients, how they are fitted
  void focusChanged(int index);
  void budgetChanged(double flops);
  void uniqueTokensChanged(double tokens);
  void selectionChanged(const std::vector<int>& rows);
  void highlightChanged(int row);

 private:
  template <class T>
  class Swap;
  template <class T>
  void push(T DocumentState::*member, T value, const QString& text, int merge_id = -1, Edit edit = Edit::kWhole);
  void announce(const DocumentState::Sources& before);
  void announce(const DocumentState::Laws& before);
  void announce_number(double DocumentState::*member);
  void replace_rules(std::vector<RowRule> rules, const QString& text);

  DocumentState state_;
  QUndoStack undo_stack_;
  int edit_ = 0;  // commands of one slider merge while this stays the same
  QTimer rest_;
  std::vector<int> selection_;
  int highlight_ = -1;
};

}  // namespace isoflop::ui
