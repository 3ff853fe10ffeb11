// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/curve_sets.h"

#include "core/base/atomic_file.h"
#include "core/laws/toml_table.h"

namespace isoflop {

Result<std::vector<CurveSet>> read_curve_sets(const std::filesystem::path& toml) {
  const auto bytes = read_file(toml);
  if (!bytes) return bytes.error();
  try {
    const TomlFile file(*bytes, toml);
    TomlTable root(file, file.root(), "");
    std::vector<CurveSet> sets;
    for (TomlTable& table : root.tables("coefficients")) {
      CurveSet set;
      const auto law = curve_law_from_id(table.text("law"));
      if (!law) table.fail("law", law.error().message);
      set.law = *law;
      set.id = table.text("id");
      set.label = table.text("label");
      set.status = table.text("status");
      set.source = table.text("source");
      set.data = table.text_or("data", "");
      set.url = table.text_or("url", "");
      for (const std::string& name : curve_parameters(set.law)) {
        set.theta.push_back(table.number(name));
        if (!(set.theta.back() > 0)) table.fail(name, "\"" + name + "\" must be positive");
      }
      if (set.law == CurveLaw::kAnnealing) set.lambda = table.number("lambda");
      table.finish();
      sets.push_back(std::move(set));
    }
    root.finish();
    return sets;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace isoflop
