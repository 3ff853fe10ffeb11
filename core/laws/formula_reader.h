// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/formula/program.h"
#include "core/laws/toml_table.h"

namespace isoflop {

// Formulas of a law file, with its constants in them. Mistakes are thrown as Error at the character of the file where
// they are.
class FormulaReader {
 public:
  struct Formula {
    Expression expression;
    Program program;
  };

  // For the formulas read from now on.
  void define(const std::string& constant, double value) { constants_[constant] = value; }
  // Whether any formula read so far has the constant.
  bool used(const std::string& constant) const { return used_.count(constant) != 0; }

  Expression expression(TomlTable& table, std::string_view key);
  Formula formula(TomlTable& table, std::string_view key, const std::vector<std::string>& variables,
                  const std::vector<std::string>& parameters);
  // A finite number, or a formula of constants between quotes: "exp(6.255414)".
  double value(TomlTable& table, std::string_view key);

 private:
  std::map<std::string, double> constants_;
  std::set<std::string, std::less<>> used_;
};

// Throws a mistake in the formula that stands at this key, its place counted from the start of the formula, as one in
// the file.
[[noreturn]] void fail_inside(TomlTable& table, std::string_view key, const Error& error);

// Letters, digits and underscores, not a digit first.
bool is_formula_name(std::string_view text);

}  // namespace isoflop
