// SPDX-License-Identifier: Apache-2.0
#include "core/laws/law_write.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "core/base/atomic_file.h"
#include "core/base/quantity.h"
#include "core/formula/typeset.h"

namespace isoflop {
namespace {

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string escaped(std::string_view text, bool many_lines) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n' && many_lines) {
      out += c;
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      out += "\\u00";
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out;
}

std::string toml_text(std::string_view text) {
  return "\"" + escaped(text, false) + "\"";
}

// Where the text has lines of its own the quotes stand alone; a line break right after them is not part of it.
std::string formula(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return toml_text(text);
  return "\"\"\"\n" + escaped(text, true) + "\"\"\"";
}

std::string list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + toml_text(text);
  return out + "]";
}

std::string range(double lower, double upper) {
  return "[" + format_exact(lower) + ", " + format_exact(upper) + "]";
}

class Writer {
 public:
  std::string take() { return std::move(text_); }

  void table(const char* header) { text_ += std::string("\n") + header + "\n"; }
  void put(const char* key, const std::string& value) { text_ += std::string(key) + " = " + value + "\n"; }
  void text(const char* key, const std::string& value) { put(key, toml_text(value)); }
  void text_unless(const char* key, const std::string& value, const std::string& otherwise) {
    if (value != otherwise) text(key, value);
  }

 private:
  std::string text_;
};

void write_constants(const Law& law, Writer& out) {
  if (law.constants.empty()) return;
  out.table("[constants]");
  for (const LawConstant& constant : law.constants) {
    const std::string value = format_exact(constant.value);
    out.put(constant.name.c_str(), constant.meaning.empty()
                                       ? value
                                       : "{ value = " + value + ", meaning = " + toml_text(constant.meaning) + " }");
  }
}

void write_variable(const LawVariable& variable, Writer& out) {
  out.table("[[variable]]");
  out.text("symbol", variable.symbol);
  if (variable.columns.empty())
    out.text("role", variable.role);
  else
    out.put("columns", list(variable.columns));
  out.text_unless("unit", variable.unit, variable.role);
  out.text_unless("label", variable.label, variable.unit + " " + variable.symbol);
  if (variable.default_value) out.put("default", format_exact(*variable.default_value));
}

void write_parameter(const LawParameter& parameter, Writer& out) {
  out.table("[[parameter]]");
  out.text("name", parameter.name);
  out.text_unless("symbol", parameter.symbol, unicode_symbol(parameter.name));
  out.text("meaning", parameter.meaning);
  if (!parameter.per.empty()) out.text("per", parameter.per);
  if (parameter.transform == Transform::kLog) out.text("transform", "log");
  out.put("bounds", range(parameter.lower, parameter.upper));
  out.put("start", parameter.natural_start ? "\"natural\"" : range(parameter.start_lower, parameter.start_upper));
}

void write_frontier(const Law& law, Writer& out) {
  // A law that is itself the frontier says no more.
  if (!law.frontier || law.frontier->kind == LawFrontier::Kind::kFormula) return;
  const LawFrontier& frontier = *law.frontier;
  const bool stated = frontier.kind == LawFrontier::Kind::kStated;
  out.table("[frontier]");
  out.text("kind", stated ? "stated" : "closed-form");
  if (stated) out.put("parameters", list(frontier.parameters));
  const auto write = [&](const char* key, const Expression& expression) {
    if (expression.root) out.put(key, formula(expression.source));
  };
  write("params", frontier.params_expression);
  write("tokens", frontier.tokens_expression);
  write("loss", frontier.loss_expression);
  if (!frontier.note.empty()) out.text("note", frontier.note);
}

void write_set(const Law& law, const CoefficientSet& set, Writer& out) {
  out.table("[[coefficients]]");
  out.text("id", set.id);
  out.text("label", set.label);
  out.text("status", set.status);
  out.text("source", set.source);
  out.text_unless("data", set.data, "");
  out.text_unless("objective", set.objective, "");
  out.text_unless("url", set.url, "");
  out.text_unless("note", set.note, "");
  const auto inline_table = [](const std::vector<std::pair<std::string, double>>& values) {
    std::string text = "{ ";
    for (const auto& [name, value] : values) text += (text.size() > 2 ? ", " : "") + name + " = " + format_exact(value);
    return text + " }";
  };
  std::vector<std::pair<std::string, double>> values, errors;
  for (std::size_t j = 0; j < law.parameters.size(); ++j) {
    values.emplace_back(law.parameters[j].name, set.values[j]);
    if (j < set.standard_errors.size() && std::isfinite(set.standard_errors[j]))
      errors.emplace_back(law.parameters[j].name, set.standard_errors[j]);
  }
  out.put("values", inline_table(values));
  if (!errors.empty()) out.put("standard_errors", inline_table(errors));
  if (!set.frontier.empty()) out.put("frontier", inline_table({set.frontier.begin(), set.frontier.end()}));
}

Status check_names(const Law& law) {
  const auto refuse = [](const std::string& name) {
    return invalid_argument("\"" + name +
                                "\" cannot stand in a law file: names in its formula are letters, digits and "
                                "underscores. Give it a short name and say which column it is",
                            name);
  };
  for (const LawVariable& variable : law.variables)
    if (!is_name(variable.symbol)) return refuse(variable.symbol);
  for (const LawParameter& parameter : law.parameters)
    if (!is_name(parameter.name)) return refuse(parameter.name);
  return Done{};
}

}  // namespace

Result<std::string> law_to_toml(const Law& law) {
  if (const Status named = check_names(law); !named) return named.error();
  Writer out;
  out.text("title", law.title);
  out.text("summary", law.summary);
  out.text("citation", law.citation);
  if (!law.url.empty()) out.text("url", law.url);
  out.put("year", std::to_string(law.year));
  out.text_unless("category", law.category, "loss");
  out.text_unless("response", law.response, "loss");
  out.text_unless("objective", law.objective, "");
  if (!law.notes.empty()) out.put("notes", list(law.notes));
  out.put("formula", formula(law.formula_text));
  const LawVariable* params = law.find_role("params");
  const LawVariable* tokens = law.find_role("tokens");
  const bool usual = params != nullptr && tokens != nullptr && law.category == "loss" &&
                     law.flops_expression.source == "6 * " + params->symbol + " * " + tokens->symbol;
  if (law.flops_expression.root && !usual) out.put("flops", formula(law.flops_expression.source));
  write_constants(law, out);
  for (const LawVariable& variable : law.variables) write_variable(variable, out);
  for (const LawParameter& parameter : law.parameters) write_parameter(parameter, out);
  for (const DerivedQuantity& derived : law.derived) {
    out.table("[[derived]]");
    out.text("name", derived.name);
    out.text_unless("symbol", derived.symbol, unicode_symbol(derived.name));
    out.text("meaning", derived.meaning);
    out.put("formula", formula(derived.expression.source));
  }
  write_frontier(law, out);
  for (const CoefficientSet& set : law.sets) write_set(law, set, out);
  return out.take();
}

Status write_law(const Law& law, const std::filesystem::path& file) {
  const auto text = law_to_toml(law);
  if (!text) return text.error();
  return write_file_atomically(file, *text);
}

std::string law_file_name(const std::string& title) {
  std::string name;
  for (const char c : title) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      name += upper ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() ? "law" : name;
}

}  // namespace isoflop
