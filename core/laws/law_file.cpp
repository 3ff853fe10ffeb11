// SPDX-License-Identifier: Apache-2.0
#include "core/laws/law_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/formula/evaluator.h"
#include "core/formula/typeset.h"
#include "core/laws/formula_reader.h"
#include "core/laws/law_tables.h"
#include "core/laws/suggestion.h"
#include "core/laws/toml_table.h"

namespace isoflop {
namespace {

// What objective_from_name() of core/fit knows.
constexpr std::array<std::string_view, 6> kObjectives{"log-huber", "log-mse", "log-mae", "huber", "mse", "mae"};

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
      law_.frontier = read_frontier(*table, formulas_, law_, names_);
    else
      law_.frontier = own_frontier(root_, law_, names_);
    for (TomlTable& table : root_.tables("coefficients"))
      law_.sets.push_back(read_coefficients(table, formulas_, law_));
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
        constant.value = formulas_.value(inner, "value");
        constant.meaning = inner.text_or("meaning", "");
        inner.finish();
      } else {
        constant.value = formulas_.value(table, name);
      }
      formulas_.define(name, constant.value);
      law_.constants.push_back(std::move(constant));
    }
  }

  void require_constants() {
    auto table = root_.table_if("constants");
    for (const LawConstant& constant : law_.constants)
      if (!formulas_.used(constant.name))
        table->fail(constant.name, "the constant \"" + constant.name + "\" does not appear in any formula");
  }

  std::string new_name(TomlTable& table, std::string_view key) {
    std::string name = table.text(key);
    take_name(table, key, name);
    return name;
  }

  void take_name(TomlTable& table, std::string_view key, const std::string& name) {
    if (!is_formula_name(name))
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
    const Expression written = formulas_.expression(root_, "formula");
    law_.expression = written;
    law_.formula_text = written.source;
    if (law_.is_template()) expand_columns();
    for (const LawVariable& variable : law_.variables) symbols_.push_back(variable.symbol);
    for (const LawParameter& parameter : law_.parameters)
      if (parameter.per.empty()) names_.push_back(parameter.name);
    if (!law_.is_template()) {
      auto program = Program::compile(law_.expression, symbols_, names_);
      if (!program) fail_inside(root_, "formula", program.error());
      law_.formula = *std::move(program);
    }
    // After the compiler, which points at a misspelt name where it stands.
    require_use(root_, "formula", written, symbols, "variable");
    require_use(root_, "formula", written, names, "parameter");
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
    if (!made) fail_inside(root_, "formula", made.error());
    if (!patterns) law_ = *std::move(made);
  }

  void read_compute() {
    const LawVariable* params = law_.find_role("params");
    const LawVariable* tokens = law_.find_role("tokens");
    if (root_.find("flops") != nullptr) {
      FormulaReader::Formula flops = formulas_.formula(root_, "flops", symbols_, {});
      if (params == nullptr || tokens == nullptr)
        root_.fail("flops", "\"flops\" needs variables with the roles params and tokens");
      law_.flops = std::move(flops.program);
      law_.flops_expression = std::move(flops.expression);
      require_proportional_to_tokens();
    } else if (params != nullptr && tokens != nullptr && law_.category == "loss") {
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
    FormulaReader::Formula formula = formulas_.formula(table, "formula", {}, names_);
    derived.formula = std::move(formula.program);
    derived.expression = std::move(formula.expression);
    table.finish();
    law_.derived.push_back(std::move(derived));
  }

  TomlTable root_;
  Law law_;
  std::vector<std::string> symbols_, names_, taken_;
  FormulaReader formulas_;
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
