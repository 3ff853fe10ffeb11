// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/base/quantity.h"
#include "core/laws/law_tables.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 5> kStatuses{"V1", "VR", "V2", "M", "none"};

}  // namespace

CoefficientSet read_coefficients(TomlTable& table, FormulaReader& formulas, const Law& law) {
  CoefficientSet set;
  set.id = table.text("id");
  if (law.find_set(set.id) != nullptr)
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
  if (law.is_template())
    table.file().fail(table.position(),
                      "a law of columns that only a table names has no coefficients: list the columns by name");

  table.need("values");
  TomlTable values = *table.table_if("values");
  for (const LawParameter& parameter : law.parameters) {
    if (values.find(parameter.name) == nullptr)
      table.fail("values", "the set \"" + set.id + "\" has no value for the parameter \"" + parameter.name + "\"");
    const double value = formulas.value(values, parameter.name);
    if (value < parameter.lower || value > parameter.upper)
      values.fail(parameter.name, "the value of \"" + parameter.name + "\" lies outside its bounds, " +
                                      format_number(parameter.lower) + " to " + format_number(parameter.upper));
    set.values.push_back(value);
  }
  values.finish();

  if (auto errors = table.table_if("standard_errors")) {
    for (const LawParameter& parameter : law.parameters) {
      const double error = errors->find(parameter.name) == nullptr ? kNaN : formulas.value(*errors, parameter.name);
      if (error < 0) errors->fail(parameter.name, "a standard error cannot be negative");
      set.standard_errors.push_back(error);
    }
    errors->finish();
  }

  if (auto stated = table.table_if("frontier")) {
    if (!law.frontier || law.frontier->kind != LawFrontier::Kind::kStated)
      table.fail("frontier", "only a law with a stated frontier has values for its parameters");
    for (const std::string& name : law.frontier->parameters) {
      if (stated->find(name) == nullptr)
        table.fail("frontier", "the set \"" + set.id + "\" has no value for the frontier's parameter \"" + name + "\"");
      set.frontier[name] = formulas.value(*stated, name);
    }
    stated->finish();
  }
  table.finish();
  return set;
}

}  // namespace isoflop
