// SPDX-License-Identifier: Apache-2.0
#include "core/laws/law_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/formula/evaluator.h"
#include "core/formula/scalar.h"
#include "core/formula/typeset.h"
#include "core/laws/suggestion.h"
#include "core/laws/toml_table.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 5> kStatuses{"V1", "VR", "V2", "M", "none"};
// What objective_from_name() of core/fit knows.
constexpr std::array<std::string_view, 6> kObjectives{"log-huber", "log-mse", "log-mae", "huber", "mse", "mae"};

struct Formula {
  Expression expression;
  Program program;
};

using Constants = std::map<std::string, double>;

// Puts the place of a mistake in a formula where the formula stands in the file.
[[noreturn]] void fail_inside(const TomlFile& file, const toml::node& node, const Error& error) {
  Error placed = error;
  placed.where = file.inside(node, error.where.line, error.where.column);
  throw placed;
}

Expression read_expression(TomlTable& table, std::string_view key, const Constants& constants) {
  auto expression = parse_expression(table.text(key), constants);
  if (!expression) fail_inside(table.file(), table.need(key), expression.error());
  return *std::move(expression);
}

Formula read_formula(TomlTable& table, std::string_view key, const std::vector<std::string>& variables,
                     const std::vector<std::string>& parameters, const Constants& constants) {
  Expression expression = read_expression(table, key, constants);
  auto program = Program::compile(expression, variables, parameters);
  if (!program) fail_inside(table.file(), table.need(key), program.error());
  return {std::move(expression), *std::move(program)};
}

// A number, or a formula of constants between quotes: "exp(6.255414)".
double read_value(TomlTable& table, std::string_view key, const Constants& constants) {
  const toml::node& node = table.need(key);
  const double value =
      node.is_string() ? evaluate_scalar(read_formula(table, key, {}, {}, constants).program, {}) : table.number(key);
  if (!std::isfinite(value)) table.fail(key, "the value of \"" + std::string(key) + "\" is not finite");
  return value;
}

NodePtr number_node(double value) {
  auto node = std::make_shared<Node>();
  node->number = value;
  return node;
}

NodePtr call_node(Function function, std::vector<NodePtr> arguments) {
  auto node = std::make_shared<Node>();
  node->kind = NodeKind::kCall;
  node->function = function;
  node->arguments = std::move(arguments);
  return node;
}

NodePtr name_node(std::string name) {
  auto node = std::make_shared<Node>();
  node->kind = NodeKind::kName;
  node->text = std::move(name);
  return node;
}

// Tokens from parameters, or the other way round, where C = 6 N D.
Expression other_of_six(const Expression& one) {
  return {call_node(Function::kDivide, {name_node("C"), call_node(Function::kMultiply, {number_node(6), one.root})}),
          "C / (6 * (" + one.source + "))"};
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

class LawReader {
 public:
  LawReader(const TomlFile& file, std::string id) : root_(file, file.root(), "") { law_.id = std::move(id); }

  Law read() {
    read_description();
    if (auto table = root_.table_if("constants")) read_constants(*table);
    for (TomlTable& table : required_tables("variable")) read_variable(table);
    for (TomlTable& table : required_tables("parameter")) read_parameter(table);
    read_surface();
    read_compute();
    for (TomlTable& table : root_.tables("derived")) read_derived(table);
    if (auto table = root_.table_if("frontier"))
      read_frontier(*table);
    else
      derive_frontier();
    for (TomlTable& table : root_.tables("coefficients")) read_set(table);
    require_constants();
    root_.finish();
    return std::move(law_);
  }

 private:
  std::vector<TomlTable> required_tables(std::string_view key) {
    root_.need(key);
    return root_.tables(key);
  }

  void read_description() {
    law_.title = root_.text("title");
    law_.summary = root_.text("summary");
    law_.citation = root_.text("citation");
    law_.url = root_.text_or("url", "");
    const double year = root_.number("year");
    if (!(year >= 1900 && year <= 2200)) root_.fail("year", "\"year\" must be the year of publication");
    law_.year = static_cast<int>(year);
    law_.notes = root_.texts("notes");
    law_.category = root_.text_or("category", "loss");
    const std::vector<std::string> categories(law_categories().begin(), law_categories().end());
    if (std::find(categories.begin(), categories.end(), law_.category) == categories.end())
      root_.fail("category", "there is no category \"" + law_.category + "\"" + suggestion(law_.category, categories));
    law_.response = root_.text_or("response", "loss");
    law_.objective = root_.text_or("objective", "");
    if (!law_.objective.empty() &&
        std::find(kObjectives.begin(), kObjectives.end(), law_.objective) == kObjectives.end())
      root_.fail("objective", "there is no objective \"" + law_.objective +
                                  "\": it is log-huber, log-mse, log-mae, huber, mse or mae");
    if (law_.category == "allocation" && law_.response != "params" && law_.response != "tokens")
      root_.fail("category",
                 "a law of the category \"allocation\" predicts the best params or tokens: say which by \"response\"");
  }

  // name = number, name = "formula of the constants before it", or name = { value = ..., meaning = "..." }.
  void read_constants(TomlTable& table) {
    for (const std::string& name : table.keys()) {
      take_name(table, name, name);
      LawConstant constant{.name = name};
      if (table.need(name).is_table()) {
        TomlTable inner = *table.table_if(name);
        constant.value = read_value(inner, "value", constants_);
        constant.meaning = inner.text_or("meaning", "");
        note_constants(inner, "value");
        inner.finish();
      } else {
        constant.value = read_value(table, name, constants_);
        note_constants(table, name);
      }
      constants_[name] = constant.value;
      law_.constants.push_back(std::move(constant));
    }
    constants_table_ = table;
  }

  void note_constants(const Node& node) {
    if (node.kind == NodeKind::kNumber && !node.text.empty()) used_constants_.insert(node.text);
    for (const NodePtr& argument : node.arguments) note_constants(*argument);
  }
  void note_constants(TomlTable& table, std::string_view key) {
    if (constants_.empty() || !table.need(key).is_string()) return;
    note_constants(*read_expression(table, key, constants_).root);
  }

  void require_constants() {
    for (const LawConstant& constant : law_.constants)
      if (used_constants_.count(constant.name) == 0)
        constants_table_->fail(constant.name, "the constant \"" + constant.name + "\" does not appear in any formula");
  }

  Formula formula_of(TomlTable& table, std::string_view key, const std::vector<std::string>& variables,
                     const std::vector<std::string>& parameters) {
    note_constants(table, key);
    return read_formula(table, key, variables, parameters, constants_);
  }

  std::string new_name(TomlTable& table, std::string_view key) {
    std::string name = table.text(key);
    take_name(table, key, name);
    return name;
  }

  void take_name(TomlTable& table, std::string_view key, const std::string& name) {
    if (!is_name(name))
      table.fail(key, "\"" + name + "\" is not a name that a formula can use: letters, digits and underscores");
    if (std::find(taken_.begin(), taken_.end(), name) != taken_.end())
      table.fail(key, "\"" + name + "\" is already the name of another variable, parameter or constant");
    taken_.push_back(name);
  }

  void read_variable(TomlTable& table) {
    LawVariable variable;
    variable.symbol = new_name(table, "symbol");
    if (table.find("columns") != nullptr) {
      read_columns(table, variable);
    } else {
      variable.role = table.text("role");
    }
    if (law_.find_role(variable.role) != nullptr)
      table.fail("role", "another variable already has the role \"" + variable.role + "\"");
    variable.unit = table.text_or("unit", variable.role);
    variable.label = table.text_or("label", variable.unit + " " + variable.symbol);
    variable.default_value = table.number_if("default");
    table.finish();
    law_.variables.push_back(std::move(variable));
  }

  // columns = "mix_*", or a list of patterns and names. Names alone are known without a table.
  void read_columns(TomlTable& table, LawVariable& variable) {
    if (table.find("role") != nullptr)
      table.fail("role", "a variable has a \"role\" or stands for several \"columns\", not both");
    variable.columns = table.need("columns").is_string() ? std::vector{table.text("columns")} : table.texts("columns");
    for (const std::string& pattern : variable.columns) {
      if (pattern.empty()) table.fail("columns", "\"columns\" must be names of columns, or patterns such as \"mix_*\"");
      variable.role += (variable.role.empty() ? "" : ", ") + pattern;
    }
    if (variable.columns.empty()) table.fail("columns", "\"columns\" names no column");
  }

  void read_parameter(TomlTable& table) {
    LawParameter parameter;
    parameter.name = new_name(table, "name");
    parameter.symbol = table.text_or("symbol", unicode_symbol(parameter.name));
    parameter.meaning = table.text("meaning");
    const std::string transform = table.text_or("transform", "identity");
    if (transform != "identity" && transform != "log")
      table.fail("transform", "\"transform\" is \"identity\" or \"log\", not \"" + transform + "\"");
    parameter.transform = transform == "log" ? Transform::kLog : Transform::kIdentity;
    std::tie(parameter.lower, parameter.upper) = table.range("bounds");
    read_start(table, parameter);
    if (!std::isfinite(parameter.start_lower) || !std::isfinite(parameter.start_upper) ||
        parameter.start_lower < parameter.lower || parameter.start_upper > parameter.upper)
      table.fail("start", "the starts of \"" + parameter.name + "\" must be finite and lie within its bounds");
    if (parameter.transform == Transform::kLog && !(parameter.lower > 0))
      table.fail("bounds", "the lower bound of \"" + parameter.name +
                               "\" must be positive, since it is searched by its logarithm");
    if (table.find("per") != nullptr) {
      parameter.per = table.text("per");
      const bool known = std::any_of(law_.variables.begin(), law_.variables.end(), [&](const LawVariable& v) {
        return v.symbol == parameter.per && !v.columns.empty();
      });
      if (!known)
        table.fail("per", "\"per\" is the symbol of a variable that stands for several columns, not \"" +
                              parameter.per + "\"");
    }
    table.finish();
    law_.parameters.push_back(std::move(parameter));
  }

  // [lower, upper], or "natural" where nothing is known of its size.
  static void read_start(TomlTable& table, LawParameter& parameter) {
    if (!table.need("start").is_string()) {
      std::tie(parameter.start_lower, parameter.start_upper) = table.range("start");
      return;
    }
    if (table.text("start") != "natural") table.fail("start", "\"start\" is [lower, upper] or \"natural\"");
    parameter.natural_start = true;
    const bool around_zero = parameter.lower < 1 && parameter.upper > -1;
    parameter.start_lower = around_zero ? std::max(-1.0, parameter.lower) : parameter.lower;
    parameter.start_upper = around_zero ? std::min(1.0, parameter.upper) : parameter.upper;
  }

  void require_use(TomlTable& table, std::string_view key, const Expression& expression,
                   const std::vector<std::string>& names, std::string_view what) {
    const std::vector<std::string> used = expression.names();
    for (const std::string& name : names) {
      if (std::find(used.begin(), used.end(), name) == used.end())
        table.fail(key, "the " + std::string(what) + " \"" + name + "\" does not appear in the formula");
    }
  }

  void read_surface() {
    std::vector<std::string> symbols, names;
    for (const LawVariable& variable : law_.variables) symbols.push_back(variable.symbol);
    for (const LawParameter& parameter : law_.parameters) names.push_back(parameter.name);
    note_constants(root_, "formula");
    law_.expression = read_expression(root_, "formula", constants_);
    require_use(root_, "formula", law_.expression, symbols, "variable");
    require_use(root_, "formula", law_.expression, names, "parameter");
    law_.formula_text = law_.expression.source;
    if (law_.is_template()) expand_columns();
    symbols_.clear();
    names_.clear();
    for (const LawVariable& variable : law_.variables) symbols_.push_back(variable.symbol);
    for (const LawParameter& parameter : law_.parameters)
      if (parameter.per.empty()) names_.push_back(parameter.name);
    if (law_.is_template()) return;
    auto program = Program::compile(law_.expression, symbols_, names_);
    if (!program) fail_inside(root_.file(), root_.need("formula"), program.error());
    law_.formula = *std::move(program);
  }

  // A list of names makes an ordinary law at once. For patterns any two columns tell whether the formula is sound.
  void expand_columns() {
    std::vector<std::string> columns;
    bool patterns = false;
    for (const LawVariable& variable : law_.variables)
      for (std::string column : variable.columns) {
        const std::size_t star = column.find('*');
        patterns |= star != std::string::npos;
        for (const char* tried : {"1", "2"}) {
          std::string name = column;
          if (star != std::string::npos) name.replace(star, 1, tried);
          if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(std::move(name));
        }
      }
    auto made = instantiate(law_, columns);
    if (!made) fail_inside(root_.file(), root_.need("formula"), made.error());
    if (!patterns) law_ = *std::move(made);
  }

  void read_compute() {
    const LawVariable* params = law_.find_role("params");
    const LawVariable* tokens = law_.find_role("tokens");
    if (root_.find("flops") != nullptr) {
      Formula flops = formula_of(root_, "flops", symbols_, {});
      if (params == nullptr || tokens == nullptr)
        root_.fail("flops", "\"flops\" needs variables with the roles params and tokens");
      law_.flops = std::move(flops.program);
      law_.flops_expression = std::move(flops.expression);
      require_proportional_to_tokens();
    } else if (params != nullptr && tokens != nullptr && law_.category == "loss" && !law_.is_template()) {
      law_.flops_expression = parse_expression("6 * " + params->symbol + " * " + tokens->symbol).value();
      law_.flops = Program::compile(law_.flops_expression, symbols_, {}).value();
    }
  }

  // The budget is met by D = C / flops(N, 1), which holds only for compute that grows in proportion to D.
  void require_proportional_to_tokens() {
    const std::vector<double> sizes{1e6, 1e6, 1e11, 1e11}, tokens{1, 1e10, 1, 1e10}, other(4, 1e9);
    std::vector<std::span<const double>> columns;
    for (const LawVariable& variable : law_.variables)
      columns.emplace_back(variable.role == "params" ? sizes : variable.role == "tokens" ? tokens : other);
    std::vector<double> flops(4);
    Evaluator(law_.flops, columns, 4).predict({}, flops);
    for (const std::size_t i : {0u, 2u}) {
      if (!(flops[i] > 0) || !(std::abs(flops[i + 1] / flops[i] / 1e10 - 1) < 1e-9))
        root_.fail("flops", "\"flops\" must be positive and proportional to the tokens");
    }
  }

  void read_derived(TomlTable& table) {
    DerivedQuantity derived;
    derived.name = new_name(table, "name");
    derived.symbol = table.text_or("symbol", unicode_symbol(derived.name));
    derived.meaning = table.text("meaning");
    Formula formula = formula_of(table, "formula", {}, names_);
    derived.formula = std::move(formula.program);
    derived.expression = std::move(formula.expression);
    table.finish();
    law_.derived.push_back(std::move(derived));
  }

  bool of_compute_alone() const { return law_.variables.size() == 1 && law_.variables[0].role == "flops"; }

  void read_frontier(TomlTable& table) {
    LawFrontier frontier;
    const std::string kind = table.text("kind");
    if (kind != "closed-form" && kind != "stated")
      table.fail("kind", "\"kind\" is \"closed-form\" or \"stated\", not \"" + kind + "\"");
    const bool stated = kind == "stated";
    if (law_.category == "allocation")
      table.file().fail(table.position(), "a law of the category \"allocation\" is its own frontier");
    if (law_.flops.steps().empty() && !(stated && of_compute_alone()))
      table.file().fail(table.position(), "a frontier needs variables with the roles params and tokens");
    frontier.kind = stated ? LawFrontier::Kind::kStated : LawFrontier::Kind::kClosedForm;
    frontier.parameters = names_;
    if (stated) {
      table.need("parameters");
      frontier.parameters = table.texts("parameters");
      for (const std::string& name : frontier.parameters)
        if (!is_name(name)) table.fail("parameters", "\"" + name + "\" is not a name that a formula can use");
    }
    require_free_c(table, frontier);

    std::vector<std::string> used;
    const auto read = [&](std::string_view key, Program& program, Expression& expression) {
      Formula formula = formula_of(table, key, {"C"}, frontier.parameters);
      for (const std::string& name : formula.expression.names()) used.push_back(name);
      program = std::move(formula.program);
      expression = std::move(formula.expression);
    };
    // A stated frontier may leave out the loss, and what follows from C = 6 N D.
    const bool has_params = table.find("params") != nullptr, has_tokens = table.find("tokens") != nullptr;
    if (has_params || !stated || !has_tokens) read("params", frontier.params, frontier.params_expression);
    if (has_tokens || !stated) read("tokens", frontier.tokens, frontier.tokens_expression);
    if (table.find("loss") != nullptr || !stated) read("loss", frontier.loss, frontier.loss_expression);
    complete(frontier);
    for (const std::string& name : frontier.parameters) {
      if (stated && std::find(used.begin(), used.end(), name) == used.end())
        table.fail("parameters", "the parameter \"" + name + "\" does not appear in the frontier's formulas");
    }
    frontier.note = table.text_or("note", "");
    table.finish();
    law_.frontier = std::move(frontier);
  }

  static void require_free_c(const TomlTable& table, const LawFrontier& frontier) {
    if (std::find(frontier.parameters.begin(), frontier.parameters.end(), "C") != frontier.parameters.end())
      table.file().fail(table.position(), "in a frontier C is the compute: no parameter can have that name");
  }

  static void complete(LawFrontier& frontier) {
    const auto fill = [&](const Expression& from, Expression& expression, Program& program) {
      if (expression.root) return;
      expression = other_of_six(from);
      program = Program::compile(expression, {"C"}, frontier.parameters).value();
    };
    if (frontier.params_expression.root)
      fill(frontier.params_expression, frontier.tokens_expression, frontier.tokens);
    else
      fill(frontier.tokens_expression, frontier.params_expression, frontier.params);
  }

  // The best params or tokens of a budget as the law's own formula.
  void derive_frontier() {
    if (law_.category != "allocation" || !of_compute_alone()) return;
    if (law_.variables[0].symbol != "C")
      root_.fail("category", "in a law of the category \"allocation\" the symbol of the compute is C");
    LawFrontier frontier{.kind = LawFrontier::Kind::kFormula, .parameters = names_};
    (law_.response == "params" ? frontier.params : frontier.tokens) = law_.formula;
    (law_.response == "params" ? frontier.params_expression : frontier.tokens_expression) = law_.expression;
    complete(frontier);
    law_.frontier = std::move(frontier);
  }

  void read_set(TomlTable& table) {
    CoefficientSet set;
    set.id = table.text("id");
    if (law_.find_set(set.id) != nullptr)
      table.fail("id", "another coefficient set already has the id \"" + set.id + "\"");
    set.label = table.text("label");
    set.status = table.text("status");
    if (std::find(kStatuses.begin(), kStatuses.end(), set.status) == kStatuses.end())
      table.fail("status", "\"status\" is V1, VR, V2, M or none, not \"" + set.status + "\"");
    if (set.status == "M" || set.status == "none")
      table.fail("status", "coefficients that nobody checked (status " + set.status +
                               ") cannot be shown as published: leave the set out");
    set.source = table.text("source");
    set.data = table.text_or("data", "");
    set.objective = table.text_or("objective", "");
    set.url = table.text_or("url", "");
    set.note = table.text_or("note", "");
    if (law_.is_template())
      table.file().fail(table.position(),
                        "a law of columns that only a table names has no coefficients: list the columns by name");

    table.need("values");
    TomlTable values = *table.table_if("values");
    for (const LawParameter& parameter : law_.parameters) {
      if (values.find(parameter.name) == nullptr)
        table.fail("values", "the set \"" + set.id + "\" has no value for the parameter \"" + parameter.name + "\"");
      const double value = read_value(values, parameter.name, {});
      if (value < parameter.lower || value > parameter.upper)
        values.fail(parameter.name, "the value of \"" + parameter.name + "\" lies outside its bounds, " +
                                        format_number(parameter.lower) + " to " + format_number(parameter.upper));
      set.values.push_back(value);
    }
    values.finish();

    if (auto errors = table.table_if("standard_errors")) {
      for (const LawParameter& parameter : law_.parameters) {
        const double error = errors->find(parameter.name) == nullptr ? kNaN : read_value(*errors, parameter.name, {});
        if (error < 0) errors->fail(parameter.name, "a standard error cannot be negative");
        set.standard_errors.push_back(error);
      }
      errors->finish();
    }

    if (auto stated = table.table_if("frontier")) {
      if (!law_.frontier || law_.frontier->kind != LawFrontier::Kind::kStated)
        table.fail("frontier", "only a law with a stated frontier has values for its parameters");
      for (const std::string& name : law_.frontier->parameters) {
        if (stated->find(name) == nullptr)
          table.fail("frontier",
                     "the set \"" + set.id + "\" has no value for the frontier's parameter \"" + name + "\"");
        set.frontier[name] = read_value(*stated, name, {});
      }
      stated->finish();
    }
    table.finish();
    law_.sets.push_back(std::move(set));
  }

  TomlTable root_;
  Law law_;
  std::vector<std::string> symbols_, names_, taken_;
  Constants constants_;
  std::set<std::string, std::less<>> used_constants_;
  std::optional<TomlTable> constants_table_;
};

}  // namespace

Result<Law> parse_law(std::string_view toml, const std::filesystem::path& file) {
  try {
    const TomlFile source(toml, file);
    Law law = LawReader(source, file.stem().string()).read();
    law.file = file.string();
    law.hash = content_hash(toml);
    return law;
  } catch (const Error& error) {
    return error;
  }
}

Result<Law> read_law(const std::filesystem::path& file) {
  const auto bytes = read_file(file);
  if (!bytes) return bytes.error();
  return parse_law(*bytes, file);
}

}  // namespace isoflop
