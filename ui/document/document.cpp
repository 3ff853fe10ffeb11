// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/document.h"

#include <QUndoCommand>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace isoflop::ui {
namespace {

constexpr int kMergeBudget = 1, kMergeUniqueTokens = 2;
constexpr int kRestMs = 1000;

std::vector<int> increasing(std::vector<int> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

std::vector<std::size_t> indices(const std::vector<int>& rows) {
  std::vector<std::size_t> result;
  for (const int row : rows) {
    if (row >= 0) result.push_back(static_cast<std::size_t>(row));
  }
  return result;
}

bool same(const Mapping& a, const Mapping& b) {
  return a.roles == b.roles && a.derive == b.derive && a.exclude == b.exclude && a.recount == b.recount;
}

bool in_range(int index, std::size_t size) {
  return index >= 0 && static_cast<std::size_t>(index) < size;
}

}  // namespace

// Undo and redo are the same: the command and the document exchange values.
template <class T>
class Document::Swap : public QUndoCommand {
 public:
  Swap(Document& document, T DocumentState::*member, T value, const QString& text, int merge_id, int edit)
      : QUndoCommand(text),
        document_(document),
        member_(member),
        value_(std::move(value)),
        merge_id_(merge_id),
        edit_(edit) {}

  void redo() override {
    std::swap(document_.state_.*member_, value_);
    if constexpr (std::is_same_v<T, double>)
      document_.announce_number(member_);
    else
      document_.announce(value_);
  }
  void undo() override { redo(); }

  int id() const override { return merge_id_; }
  // The command holds the value before it, whatever came after within the same edit.
  bool mergeWith(const QUndoCommand* next) override {
    if constexpr (std::is_same_v<T, double>) {
      if (static_cast<const Swap*>(next)->edit_ != edit_) return false;
      setObsolete(document_.state_.*member_ == value_);
      return true;
    }
    return false;
  }

 private:
  Document& document_;
  T DocumentState::*member_;
  T value_;
  int merge_id_;
  int edit_;
};

template <class T>
void Document::push(T DocumentState::*member, T value, const QString& text, int merge_id, Edit edit) {
  if (edit == Edit::kWhole) ++edit_;
  undo_stack_.push(new Swap<T>(*this, member, std::move(value), text, merge_id, edit_));
  if (edit == Edit::kWhole)
    ++edit_;
  else
    rest_.start();
}

Document::Document(QObject* parent) : QObject(parent) {
  state_.unique_tokens = std::numeric_limits<double>::infinity();
  rest_.setSingleShot(true);
  rest_.setInterval(kRestMs);
  connect(&rest_, &QTimer::timeout, this, &Document::finish_edit);
}

void Document::begin_history() {
  undo_stack_.clear();
  finish_edit();
}

const RunSource* Document::source() const {
  return in_range(active(), sources().size()) ? &sources()[static_cast<std::size_t>(active())] : nullptr;
}

std::shared_ptr<const RunTable> Document::runs() const {
  const RunSource* open = source();
  return open == nullptr ? nullptr : open->runs;
}

// ---- runs

void Document::add_source(RunSource source) {
  DocumentState::Sources next = state_.sources;
  const QString text = tr("open %1").arg(QString::fromStdString(source.title));
  const auto before = std::find_if(next.list.begin(), next.list.end(), [&](const RunSource& open) {
    return !source.path.empty() && open.path == source.path;
  });
  next.active = static_cast<int>(before - next.list.begin());
  if (before == next.list.end())
    next.list.push_back(std::move(source));
  else
    *before = std::move(source);
  push(&DocumentState::sources, std::move(next), text);
}

void Document::remove_source(int index) {
  if (!in_range(index, sources().size())) return;
  DocumentState::Sources next = state_.sources;
  const QString text = tr("close %1").arg(QString::fromStdString(next.list[static_cast<std::size_t>(index)].title));
  next.list.erase(next.list.begin() + index);
  if (next.active > index || next.active >= static_cast<int>(next.list.size())) --next.active;
  push(&DocumentState::sources, std::move(next), text);
}

void Document::set_active(int index) {
  if (!in_range(index, sources().size()) || index == active()) return;
  DocumentState::Sources next = state_.sources;
  next.active = index;
  push(&DocumentState::sources, std::move(next), tr("switch runs"));
}

void Document::set_mapping(const Mapping& mapping) {
  if (source() == nullptr || same(source()->mapping, mapping)) return;
  DocumentState::Sources next = state_.sources;
  RunSource& open = next.list[static_cast<std::size_t>(next.active)];
  open.mapping = mapping;
  rebuild(open);
  push(&DocumentState::sources, std::move(next), tr("map columns"));
}

void Document::replace_rules(std::vector<RowRule> rules, const QString& text) {
  DocumentState::Sources next = state_.sources;
  RunSource& open = next.list[static_cast<std::size_t>(next.active)];
  open.rules = std::move(rules);
  rebuild(open);
  push(&DocumentState::sources, std::move(next), text);
}

void Document::exclude(const std::vector<int>& rows, const std::string& reason) {
  if (runs() == nullptr) return;
  std::vector<RowRule> rules = with_excluded(*source(), indices(rows), reason);
  if (rules != source()->rules)
    replace_rules(std::move(rules), tr("exclude %n run(s)", nullptr, static_cast<int>(rows.size())));
}

void Document::include(const std::vector<int>& rows) {
  if (runs() == nullptr) return;
  std::vector<RowRule> rules = with_included(*source(), indices(rows));
  if (rules != source()->rules)
    replace_rules(std::move(rules), tr("include %n run(s)", nullptr, static_cast<int>(rows.size())));
}

Status Document::exclude_where(const std::string& condition, const std::string& reason) {
  if (runs() == nullptr) return invalid_argument(tr("no runs are open").toStdString());
  RunTable trial = *runs();
  const Result<std::size_t> excluded = isoflop::exclude_where(trial, condition, reason);
  if (!excluded.ok()) return excluded.error();
  if (*excluded == 0) return invalid_argument(tr("this holds for none of the runs in use").toStdString());
  std::vector<RowRule> rules = source()->rules;
  rules.push_back({.kind = RowRule::Kind::kExcludeWhere, .condition = condition, .rows = {}, .reason = reason});
  replace_rules(std::move(rules), tr("exclude where %1").arg(QString::fromStdString(condition)));
  return Done{};
}

void Document::remove_rule(int index) {
  if (source() == nullptr || !in_range(index, source()->rules.size())) return;
  std::vector<RowRule> rules = source()->rules;
  rules.erase(rules.begin() + index);
  replace_rules(std::move(rules), tr("remove exclusion"));
}

// ---- laws

void Document::add_law(std::shared_ptr<const Law> law, const std::string& set_id, FitSettings settings) {
  DocumentState::Laws next = state_.laws;
  int slot = 0;
  while (std::any_of(next.list.begin(), next.list.end(), [&](const LawChoice& choice) { return choice.slot == slot; }))
    ++slot;
  const QString text = tr("add %1").arg(QString::fromStdString(law->title));
  next.list.push_back(
      {.law = std::move(law), .slot = slot, .enabled = true, .set_id = set_id, .settings = std::move(settings)});
  push(&DocumentState::laws, std::move(next), text);
}

void Document::remove_law(int index) {
  if (!in_range(index, laws().size())) return;
  DocumentState::Laws next = state_.laws;
  const QString text =
      tr("remove %1").arg(QString::fromStdString(next.list[static_cast<std::size_t>(index)].law->title));
  next.list.erase(next.list.begin() + index);
  if (next.focus > index || next.focus >= static_cast<int>(next.list.size())) next.focus = std::max(0, next.focus - 1);
  push(&DocumentState::laws, std::move(next), text);
}

void Document::set_law_enabled(int index, bool enabled) {
  if (!in_range(index, laws().size()) || laws()[static_cast<std::size_t>(index)].enabled == enabled) return;
  DocumentState::Laws next = state_.laws;
  LawChoice& choice = next.list[static_cast<std::size_t>(index)];
  choice.enabled = enabled;
  const QString title = QString::fromStdString(choice.law->title);
  push(&DocumentState::laws, std::move(next), (enabled ? tr("show %1") : tr("hide %1")).arg(title));
}

void Document::set_law_set(int index, const std::string& set_id) {
  if (!in_range(index, laws().size()) || laws()[static_cast<std::size_t>(index)].set_id == set_id) return;
  DocumentState::Laws next = state_.laws;
  LawChoice& choice = next.list[static_cast<std::size_t>(index)];
  choice.set_id = set_id;
  const QString title = QString::fromStdString(choice.law->title);
  push(&DocumentState::laws, std::move(next), (set_id.empty() ? tr("fit %1") : tr("published %1")).arg(title));
}

void Document::set_law_settings(int index, const FitSettings& settings) {
  if (!in_range(index, laws().size())) return;
  const LawChoice& before = laws()[static_cast<std::size_t>(index)];
  if (before.settings == settings && before.set_id.empty()) return;
  DocumentState::Laws next = state_.laws;
  LawChoice& choice = next.list[static_cast<std::size_t>(index)];
  choice.settings = settings;
  choice.set_id.clear();
  push(&DocumentState::laws, std::move(next), tr("fit %1 otherwise").arg(QString::fromStdString(choice.law->title)));
}

void Document::set_focus(int index) {
  if (!in_range(index, laws().size()) || index == focus()) return;
  DocumentState::Laws next = state_.laws;
  next.focus = index;
  push(&DocumentState::laws, std::move(next), tr("focus on a law"));
}

// ---- sliders

void Document::set_budget(double flops, Edit edit) {
  if (!std::isfinite(flops) || !(flops > 0)) return;
  flops = std::clamp(flops, kSmallestBudget, kLargestBudget);
  if (flops != budget()) push(&DocumentState::budget, flops, tr("change budget"), kMergeBudget, edit);
}

void Document::set_unique_tokens(double tokens, Edit edit) {
  if (std::isnan(tokens) || !(tokens > 0)) return;
  tokens =
      tokens > kLargestUniqueTokens ? std::numeric_limits<double>::infinity() : std::max(tokens, kSmallestUniqueTokens);
  if (tokens != unique_tokens()) {
    push(&DocumentState::unique_tokens, tokens, tr("change unique tokens"), kMergeUniqueTokens, edit);
  }
}

void Document::finish_edit() {
  rest_.stop();
  ++edit_;
}

// ---- looking

void Document::set_selection(std::vector<int> rows) {
  const int count = runs() == nullptr ? 0 : static_cast<int>(runs()->rows());
  std::erase_if(rows, [&](int row) { return row < 0 || row >= count; });
  rows = increasing(std::move(rows));
  if (rows == selection_) return;
  selection_ = std::move(rows);
  emit selectionChanged(selection_);
}

void Document::set_highlight(int row) {
  if (row == highlight_) return;
  highlight_ = row;
  emit highlightChanged(row);
}

// ---- telling

void Document::announce(const DocumentState::Sources& before) {
  const RunSource* was =
      in_range(before.active, before.list.size()) ? &before.list[static_cast<std::size_t>(before.active)] : nullptr;
  const RunSource* is = source();
  const auto file = [](const RunSource* open) { return open == nullptr ? nullptr : open->file; };
  emit sourcesChanged();
  // Rows mean the same runs only within one file.
  if (file(was) != file(is)) {
    set_highlight(-1);
    set_selection({});
  }
  if ((was == nullptr ? nullptr : was->runs) != runs()) emit runsChanged();
}

void Document::announce(const DocumentState::Laws& before) {
  const bool focus_moved = before.focus != focus();
  if (before.list != laws()) emit lawsChanged();
  if (focus_moved) emit focusChanged(focus());
}

void Document::announce_number(double DocumentState::*member) {
  if (member == &DocumentState::budget)
    emit budgetChanged(state_.budget);
  else
    emit uniqueTokensChanged(state_.unique_tokens);
}

}  // namespace isoflop::ui
