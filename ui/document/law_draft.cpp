// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/law_draft.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/formula/typeset.h"
#include "core/laws/law_write.h"

namespace isoflop::ui {
namespace {

struct Text {
  Q_DECLARE_TR_FUNCTIONS(LawDraft)
};

std::string tr(const char* text) {
  return Text::tr(text).toStdString();
}

struct UsualVariable {
  const char* symbol;
  const char* role;
  const char* unit;
};
constexpr UsualVariable kUsual[] = {
    {"N", "params", "parameters"}, {"D", "tokens", "tokens"}, {"C", "flops", "FLOP"}, {"U", "unique_tokens", "tokens"}};

const UsualVariable* usual_variable(const std::string& name) {
  for (const UsualVariable& usual : kUsual)
    if (name == usual.symbol || name == usual.role) return &usual;
  return nullptr;
}

const UsualVariable* usual_role(const std::string& role) {
  for (const UsualVariable& usual : kUsual)
    if (role == usual.role) return &usual;
  return nullptr;
}

const LawVariable* variable_of(const Law* law, const std::string& symbol) {
  if (law == nullptr) return nullptr;
  const auto found = std::find_if(law->variables.begin(), law->variables.end(),
                                  [&](const LawVariable& variable) { return variable.symbol == symbol; });
  return found == law->variables.end() ? nullptr : &*found;
}

// What a name is a variable of; nothing for a parameter.
std::optional<std::string> role_of(const LawDraft& draft, const std::string& name, const RunTable* runs) {
  if (const auto said = draft.variables.find(name); said != draft.variables.end())
    return said->second.empty() ? std::nullopt : std::optional(said->second);
  if (const LawVariable* variable = variable_of(draft.base.get(), name)) return variable->role;
  if (draft.base != nullptr && draft.base->parameter_index(name) >= 0) return std::nullopt;
  // A column of its own name wins over the short names of the roles.
  const Column* column = runs == nullptr ? nullptr : runs->find(name);
  if (column != nullptr && column->numeric()) return name;
  if (const UsualVariable* usual = usual_variable(name)) return usual->role;
  return std::nullopt;
}

LawParameter unknown_parameter(const std::string& name) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {.name = name,
          .symbol = unicode_symbol(name),
          .meaning = "parameter",
          .transform = Transform::kIdentity,
          .lower = -kInfinity,
          .upper = kInfinity,
          .start_lower = -1,
          .start_upper = 1,
          .natural_start = true};
}

void apply(const ParameterDraft& said, LawParameter& parameter) {
  if (said.meaning) parameter.meaning = *said.meaning;
  if (said.bounds) {
    std::tie(parameter.lower, parameter.upper) = *said.bounds;
    // A range that may be negative has no logarithm, whatever the formula suggested.
    if (!said.transform && !(parameter.lower > 0)) parameter.transform = Transform::kIdentity;
    if (!said.start) {
      const double lower = std::max(parameter.start_lower, parameter.lower);
      const double upper = std::min(parameter.start_upper, parameter.upper);
      const bool inside = lower < upper;
      parameter.start_lower = inside ? lower : parameter.lower;
      parameter.start_upper = inside ? upper : parameter.upper;
    }
  }
  if (said.transform) {
    parameter.transform = *said.transform;
    if (*said.transform == Transform::kLog && !said.bounds && !(parameter.lower > 0)) {
      parameter.lower = 1e-12;
      if (!std::isfinite(parameter.upper)) parameter.upper = 1e30;
      if (!said.start && !(parameter.start_lower > 0)) {
        parameter.start_lower = 1e-3;
        parameter.start_upper = std::max(parameter.start_upper, 1e3);
      }
      parameter.natural_start = false;
    }
  }
  if (said.start) {
    std::tie(parameter.start_lower, parameter.start_upper) = *said.start;
    parameter.natural_start = false;
  }
}

std::string problem_of(const LawParameter& parameter, const std::optional<double>& held) {
  if (!(parameter.lower < parameter.upper)) return tr("the lower bound must be below the upper one");
  if (parameter.transform == Transform::kLog && !(parameter.lower > 0))
    return tr("a logarithmic search needs a positive lower bound");
  if (!std::isfinite(parameter.start_lower) || !std::isfinite(parameter.start_upper))
    return tr("starts must be finite");
  if (!(parameter.start_lower < parameter.start_upper)) return tr("the first start must be below the last one");
  if (parameter.start_lower < parameter.lower || parameter.start_upper > parameter.upper)
    return tr("starts must lie within the bounds");
  if (held && (*held < parameter.lower || *held > parameter.upper))
    return tr("the value it is held at lies outside its bounds");
  if (parameter.meaning.empty()) return tr("say in a word or two what it means");
  return {};
}

LawVariable make_variable(const LawDraft& draft, const DraftName& name) {
  if (const LawVariable* before = variable_of(draft.base.get(), name.name);
      before != nullptr && before->role == name.role)
    return *before;
  LawVariable variable{.symbol = name.name, .role = name.role, .unit = name.role, .label = {}};
  if (const UsualVariable* usual = usual_role(name.role)) variable.unit = usual->unit;
  variable.label = variable.unit + " " + variable.symbol;
  return variable;
}

// Variables and parameters that the law had before come first, in its order: published values are lists in it.
void keep_order(const Law& base, Law& law) {
  const auto before = [](int a, int b) { return (a < 0 ? 1 << 20 : a) < (b < 0 ? 1 << 20 : b); };
  const auto place = [&](const LawVariable& variable) {
    const LawVariable* known = variable_of(&base, variable.symbol);
    return known == nullptr ? -1 : static_cast<int>(known - base.variables.data());
  };
  std::stable_sort(law.variables.begin(), law.variables.end(),
                   [&](const LawVariable& a, const LawVariable& b) { return before(place(a), place(b)); });
  std::stable_sort(law.parameters.begin(), law.parameters.end(), [&](const LawParameter& a, const LawParameter& b) {
    return before(base.parameter_index(a.name), base.parameter_index(b.name));
  });
}

// What a change of the formula leaves true of the law it started from.
void keep_from_base(const Law& base, Law& law) {
  law.category = base.category;
  law.objective = base.objective;
  law.notes = base.notes;
  law.url = base.url;
  const bool same_surface =
      law.formula_text == base.formula_text && law.response == base.response && law.roles() == base.roles() &&
      std::equal(law.parameters.begin(), law.parameters.end(), base.parameters.begin(), base.parameters.end(),
                 [](const LawParameter& a, const LawParameter& b) { return a.name == b.name; });
  const auto known = [&](const Expression& expression) {
    const std::vector<std::string> names = expression.names();
    return std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return law.parameter_index(name) >= 0; });
  };
  for (const DerivedQuantity& derived : base.derived)
    if (same_surface && known(derived.expression)) law.derived.push_back(derived);
  if (!same_surface) return;
  law.frontier = base.frontier;
  law.flops = base.flops;
  law.flops_expression = base.flops_expression;
  for (const CoefficientSet& set : base.sets) {
    bool inside = true;
    for (std::size_t j = 0; j < law.parameters.size(); ++j)
      inside = inside && set.values[j] >= law.parameters[j].lower && set.values[j] <= law.parameters[j].upper;
    if (inside) law.sets.push_back(set);
  }
}

void derive_flops(Law& law, const std::vector<std::string>& symbols) {
  const LawVariable *params = law.find_role("params"), *tokens = law.find_role("tokens");
  if (!law.flops.steps().empty() || params == nullptr || tokens == nullptr || law.category != "loss") return;
  auto flops = parse_expression("6 * " + params->symbol + " * " + tokens->symbol);
  if (!flops) return;
  if (auto program = Program::compile(*flops, symbols, {})) {
    law.flops_expression = *std::move(flops);
    law.flops = *std::move(program);
  }
}

std::map<std::string, double> constants_of(const LawDraft& draft) {
  std::map<std::string, double> constants;
  if (draft.base != nullptr)
    for (const LawConstant& constant : draft.base->constants) constants[constant.name] = constant.value;
  return constants;
}

void note_constants(const Node& node, std::map<std::string, bool>& used, std::map<const Node*, bool>& seen) {
  if (!seen.emplace(&node, true).second) return;
  if (node.kind == NodeKind::kNumber && !node.text.empty()) used[node.text] = true;
  for (const NodePtr& argument : node.arguments) note_constants(*argument, used, seen);
}

// The names of the formula with what they are; what the formula suggests of a parameter, what the law it started from
// had, and then what the user said.
std::vector<DraftName> read_names(const LawDraft& draft, const Expression& expression, const RunTable* runs) {
  std::vector<DraftName> names;
  std::vector<std::string> variables;
  std::map<std::string, double> held;
  for (const std::string& name : expression.names()) {
    DraftName read{.name = name};
    if (const auto role = role_of(draft, name, runs)) {
      read.variable = true;
      read.role = *role;
      variables.push_back(name);
    } else if (const auto said = draft.parameters.find(name); said != draft.parameters.end()) {
      read.held = said->second.held;
      if (read.held) held[name] = *read.held;
    }
    names.push_back(std::move(read));
  }
  // N and D that stand for other columns say nothing of the sizes of parameters.
  std::vector<std::string> columns;
  for (const std::string& name : variables) {
    const UsualVariable* usual = usual_variable(name);
    const auto read =
        std::find_if(names.begin(), names.end(), [&](const DraftName& other) { return other.name == name; });
    if (usual == nullptr || read->role != usual->role) columns.push_back(name);
  }
  const auto guess = law_from_formula(draft.formula, columns, held);
  for (DraftName& name : names) {
    if (name.variable) continue;
    const int before = draft.base == nullptr ? -1 : draft.base->parameter_index(name.name);
    const int guessed = guess ? guess->parameter_index(name.name) : -1;
    name.parameter = before >= 0    ? draft.base->parameters[static_cast<std::size_t>(before)]
                     : guessed >= 0 ? guess->parameters[static_cast<std::size_t>(guessed)]
                                    : unknown_parameter(name.name);
    if (const auto said = draft.parameters.find(name.name); said != draft.parameters.end())
      apply(said->second, name.parameter);
    name.problem = problem_of(name.parameter, name.held);
  }
  return names;
}

Error without_place(std::string message) {
  return Error{ErrorCode::kInvalidArgument, std::move(message), {}};
}

std::optional<Error> check_roles(std::vector<DraftName>& names, const std::string& response) {
  bool variables = false, parameters = false, free = false;
  std::map<std::string, std::string> taken;
  for (DraftName& name : names) {
    (name.variable ? variables : parameters) = true;
    free = free || (!name.variable && !name.held);
    if (!name.variable) continue;
    if (name.role == response) name.problem = tr("this is what the law predicts: it cannot be told from itself");
    const auto [other, first] = taken.emplace(name.role, name.name);
    if (!first)
      name.problem = Text::tr("\"%1\" is the same column: use one of them")
                         .arg(QString::fromStdString(other->second))
                         .toStdString();
  }
  if (!variables)
    return without_place(
        tr("no name in it is a variable: use N (parameters), D (tokens), C (compute), or say below which column a name "
           "is"));
  if (!parameters) return without_place(tr("no name in it is a parameter to fit: every name is a column"));
  if (!free) return without_place(tr("every parameter is held: nothing is left to fit"));
  return std::nullopt;
}

}  // namespace

LawDraft LawDraft::blank(int year) {
  LawDraft draft;
  draft.title = tr("My law");
  draft.summary = tr("A law of my own.");
  draft.citation = tr("Unpublished");
  draft.year = year;
  return draft;
}

LawDraft LawDraft::of_file(std::shared_ptr<const Law> law) {
  LawDraft draft;
  draft.formula = law->formula_text;
  draft.title = law->title;
  draft.summary = law->summary;
  draft.citation = law->citation;
  draft.year = law->year;
  draft.response = law->response;
  draft.file = law->file;
  draft.base = std::move(law);
  return draft;
}

LawDraft LawDraft::copy_of(std::shared_ptr<const Law> law) {
  LawDraft draft = of_file(std::move(law));
  draft.title = Text::tr("%1, changed").arg(QString::fromStdString(draft.title)).toStdString();
  draft.citation = Text::tr("After %1").arg(QString::fromStdString(draft.citation)).toStdString();
  draft.file.clear();
  return draft;
}

const DraftName* DraftReading::first_problem() const {
  const auto found =
      std::find_if(names.begin(), names.end(), [](const DraftName& name) { return !name.problem.empty(); });
  return found == names.end() ? nullptr : &*found;
}

std::vector<std::string> numeric_columns(const RunTable& runs) {
  std::vector<std::string> names;
  for (const Column& column : runs.columns)
    if (column.numeric()) names.push_back(column.role.empty() ? column.name : column.role);
  return names;
}

QStringList choosable_columns(const RunTable* runs) {
  QStringList columns;
  for (const UsualVariable& usual : kUsual) columns << QString::fromLatin1(usual.role);
  if (runs == nullptr) return columns;
  for (const std::string& name : numeric_columns(*runs)) {
    const QString text = QString::fromStdString(name);
    if (!columns.contains(text)) columns << text;
  }
  return columns;
}

DraftReading read_draft(const LawDraft& draft, const RunTable* runs) {
  DraftReading reading;
  const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  if (std::all_of(draft.formula.begin(), draft.formula.end(), blank)) return reading;
  auto expression = parse_expression(draft.formula, constants_of(draft));
  if (!expression) {
    reading.formula_error = expression.error();
    return reading;
  }
  reading.expression = *expression;
  reading.names = read_names(draft, *expression, runs);
  reading.formula_error = check_roles(reading.names, draft.response);
  if (reading.formula_error) return reading;

  auto law = std::make_shared<Law>();
  law->title = draft.title;
  law->summary = draft.summary;
  law->citation = draft.citation;
  law->year = draft.year;
  law->response = draft.response;
  law->id = draft.file.empty() ? law_file_name(draft.title) : draft.file.stem().string();
  law->file = draft.file.string();
  law->formula_text = expression->source;
  law->expression = *expression;
  for (const DraftName& name : reading.names) {
    if (name.variable) {
      law->variables.push_back(make_variable(draft, name));
    } else {
      law->parameters.push_back(name.parameter);
      if (name.held) reading.settings.fixed[name.name] = *name.held;
    }
  }
  if (draft.base != nullptr) keep_order(*draft.base, *law);
  std::vector<std::string> symbols, names;
  for (const LawVariable& variable : law->variables) symbols.push_back(variable.symbol);
  for (const LawParameter& parameter : law->parameters) names.push_back(parameter.name);
  std::map<std::string, bool> used;
  std::map<const Node*, bool> seen;
  note_constants(*expression->root, used, seen);
  if (draft.base != nullptr) {
    for (const LawConstant& constant : draft.base->constants)
      if (used.count(constant.name) != 0) law->constants.push_back(constant);
  }
  if (!law->is_template()) {
    auto program = Program::compile(*expression, symbols, names);
    if (!program) {
      reading.formula_error = program.error();
      return reading;
    }
    law->formula = *std::move(program);
  }
  if (reading.first_problem() != nullptr) return reading;
  if (draft.base != nullptr) keep_from_base(*draft.base, *law);
  derive_flops(*law, symbols);
  const auto text = law_to_toml(*law);
  if (!text) reading.not_saved = text.error().message;
  law->hash = content_hash(text ? *text : law->formula_text);
  reading.law = law;
  reading.fitted = law;
  if (law->is_template()) {
    reading.fitted = nullptr;
    if (runs == nullptr) {
      reading.not_fitted = tr("it needs the columns of runs to say what its sums go over");
    } else if (auto made = instantiate(*law, numeric_columns(*runs))) {
      reading.fitted = std::make_shared<const Law>(*std::move(made));
    } else {
      reading.not_fitted = made.error().message;
    }
  }
  return reading;
}

}  // namespace isoflop::ui
