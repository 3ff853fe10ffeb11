// SPDX-License-Identifier: Apache-2.0
#include "core/fit/sensitivity_choices.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/base/quantity.h"
#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/fit/budgets.h"

namespace isoflop {
namespace {

constexpr double kDeltas[] = {1e-4, 1e-3, 1e-2, 1e-1};
constexpr std::size_t kHighest[] = {1, 2, 5, 10};
constexpr double kSmallest[] = {0.1, 0.25};
constexpr std::size_t kFewestBudgetsToDrop = 4, kMostBudgetsToDrop = 16;
constexpr double kBudgetTolerance = 0.1;
constexpr std::size_t kRunsOfABudget = 4;
constexpr int kSingleStarts = 6;
constexpr std::uint64_t kStartStream = 2000;
// Two columns for one quantity are the same if they agree so well, and not the same quantity if they differ so much.
constexpr double kSameColumn = 1e-3, kOtherQuantity = 30;

struct Runs {
  const Law& law;
  const RunTable& table;
  const FitOptions& fit;
  const Observations& used;
};

// A number of the table for each used run; empty where the column is missing or not known for all of them.
std::vector<double> of_used(const Runs& runs, std::string_view name) {
  const auto values = runs.table.numbers(name);
  std::vector<double> out;
  for (const std::size_t row : runs.used.rows) {
    if (values.empty() || !(values[row] > 0) || !std::isfinite(values[row])) return {};
    out.push_back(values[row]);
  }
  return out;
}

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

ChoiceGroup objectives(const Runs& runs) {
  ChoiceGroup group{.name = "objective", .baseline = std::string(objective_name(runs.fit.objective)), .choices = {}};
  const bool positive =
      std::all_of(runs.used.response.begin(), runs.used.response.end(), [](double y) { return y > 0; });
  for (const Objective objective : {Objective::kLogHuber, Objective::kLogMse, Objective::kLogMae, Objective::kHuber,
                                    Objective::kMse, Objective::kMae})
    if (objective != runs.fit.objective && (positive || !uses_log(objective)))
      group.choices.push_back({.name = std::string(objective_name(objective)), .objective = objective});
  return group;
}

ChoiceGroup deltas(const Runs& runs) {
  ChoiceGroup group{.name = "delta", .baseline = format_exact(runs.fit.delta), .choices = {}};
  if (runs.fit.objective != Objective::kLogHuber && runs.fit.objective != Objective::kHuber) return group;
  for (const double delta : kDeltas)
    if (std::abs(std::log(delta / runs.fit.delta)) > 0.01)
      group.choices.push_back({.name = format_exact(delta), .delta = delta});
  return group;
}

ChoiceGroup highest_losses(const Runs& runs) {
  ChoiceGroup group{.name = "highest losses", .baseline = "all kept", .choices = {}};
  std::vector<std::size_t> order(runs.used.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return runs.used.response[a] > runs.used.response[b]; });
  for (const std::size_t count : kHighest) {
    if (count * 10 > order.size()) break;
    Choice choice{.name = "without the " + (count == 1 ? std::string("highest") : std::to_string(count) + " highest")};
    for (std::size_t i = 0; i < count; ++i) choice.drop.push_back(runs.used.rows[order[i]]);
    group.choices.push_back(std::move(choice));
  }
  return group;
}

ChoiceGroup excluded_runs(const Runs& runs) {
  ChoiceGroup group{.name = "excluded runs", .baseline = "left out", .choices = {}};
  std::vector<std::string> reasons;
  std::vector<std::size_t> all;
  for (std::size_t row = 0; row < runs.table.rows(); ++row) {
    if (runs.table.state[row] != RowState::kExcluded) continue;
    all.push_back(row);
    if (std::find(reasons.begin(), reasons.end(), runs.table.reason[row]) == reasons.end())
      reasons.push_back(runs.table.reason[row]);
  }
  constexpr std::size_t kMostReasons = 6;
  if (reasons.size() > 1 && reasons.size() <= kMostReasons)
    for (const std::string& reason : reasons) {
      Choice choice;
      for (const std::size_t row : all)
        if (runs.table.reason[row] == reason) choice.restore.push_back(row);
      choice.name = "with " + plural(choice.restore.size(), "run", "runs") + ": " + reason;
      group.choices.push_back(std::move(choice));
    }
  if (!all.empty()) {
    const std::string name = reasons.size() == 1 ? "with " + plural(all.size(), "run", "runs") + ": " + reasons.front()
                                                 : "with all " + std::to_string(all.size());
    group.choices.push_back({.name = name, .restore = all});
  }
  return group;
}

ChoiceGroup budgets(const Runs& runs) {
  ChoiceGroup group{.name = "budgets", .baseline = "all kept", .choices = {}};
  const std::vector<double> flops = of_used(runs, "flops");
  if (flops.empty()) return group;
  auto found = group_budgets(flops, kBudgetTolerance, kRunsOfABudget).runs;
  std::erase_if(found, [](const auto& members) { return members.size() < kRunsOfABudget; });
  if (found.size() < kFewestBudgetsToDrop) return group;
  for (std::size_t b = 0; b < found.size(); ++b) {
    if (found.size() > kMostBudgetsToDrop && b > 0 && b + 1 < found.size()) continue;
    double sum = 0;
    Choice choice;
    for (const std::size_t i : found[b]) {
      choice.drop.push_back(runs.used.rows[i]);
      sum += std::log(flops[i]);
    }
    const std::string size = format_number(std::exp(sum / static_cast<double>(found[b].size())), 2);
    choice.name = "without " + size + (b == 0 ? ", the smallest" : b + 1 == found.size() ? ", the largest" : "");
    group.choices.push_back(std::move(choice));
  }
  return group;
}

ChoiceGroup small_models(const Runs& runs) {
  ChoiceGroup group{.name = "small models", .baseline = "all kept", .choices = {}};
  const std::vector<double> params = of_used(runs, "params");
  if (params.empty() || std::set<double>(params.begin(), params.end()).size() < 8) return group;
  for (const double share : kSmallest) {
    const double limit = quantile(params, share);
    Choice choice{.name = "without those under " + format_count(limit)};
    for (std::size_t i = 0; i < params.size(); ++i)
      if (params[i] < limit) choice.drop.push_back(runs.used.rows[i]);
    if (!choice.drop.empty()) group.choices.push_back(std::move(choice));
  }
  return group;
}

// Whether two columns are different numbers for one quantity.
bool is_alternative(std::span<const double> now, std::span<const double> other, const std::vector<std::size_t>& rows) {
  std::vector<double> ratios;
  for (const std::size_t row : rows)
    if (now[row] > 0 && other[row] > 0 && std::isfinite(other[row]))
      ratios.push_back(std::abs(std::log(other[row] / now[row])));
  if (ratios.size() * 2 < rows.size()) return false;
  return quantile(ratios, 0.9) > kSameColumn && quantile(ratios, 0.5) < std::log(kOtherQuantity);
}

bool counts_parameters(const std::string& header) {
  std::string name;
  for (const char c : header)
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name.find("param") != std::string::npos || name.find("modelsize") != std::string::npos || name == "n";
}

ChoiceGroup conventions(const Runs& runs) {
  ChoiceGroup group{.name = "convention", .baseline = "columns as mapped", .choices = {}};
  const auto add = [&](const std::string& name, const std::string& role, std::vector<double> values) {
    const auto now = runs.table.numbers(role);
    if (!now.empty() && is_alternative(now, values, runs.used.rows))
      group.choices.push_back({.name = name, .columns = {{role, std::move(values)}}});
  };
  const auto params = runs.table.numbers("params"), tokens = runs.table.numbers("tokens"),
             flops = runs.table.numbers("flops");
  for (const LawVariable& variable : runs.law.variables) {
    const std::string& role = variable.role;
    if (role.find("params") != std::string::npos)
      for (const Column& column : runs.table.columns)
        if (column.numeric() && column.role != role && column.name != role && counts_parameters(column.name))
          add(role + " from \"" + column.name + "\"", role, std::get<std::vector<double>>(column.values));
    if (params.empty()) continue;
    std::vector<double> values(runs.table.rows());
    if (role == "tokens" && !flops.empty()) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = flops[i] / (6 * params[i]);
      add("tokens = C / (6 N)", role, std::move(values));
    } else if (role == "flops" && !tokens.empty()) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = 6 * params[i] * tokens[i];
      add("C = 6 N D", role, std::move(values));
    }
  }
  return group;
}

ChoiceGroup exponents(const Runs& runs) {
  ChoiceGroup group{.name = "exponents", .baseline = "each its own", .choices = {}};
  std::vector<std::string> names;
  for (const LawParameter& parameter : runs.law.parameters)
    if (parameter.meaning.starts_with("exponent of") && runs.fit.fixed.count(parameter.name) == 0 &&
        runs.fit.ties.count(parameter.name) == 0)
      names.push_back(parameter.name);
  if (names.size() == 2) group.choices.push_back({.name = names[0] + " = " + names[1], .ties = {{names[1], names[0]}}});
  return group;
}

ChoiceGroup starts(const Runs& runs) {
  ChoiceGroup group{.name = "start", .baseline = "global search", .choices = {}, .in_grid = false};
  for (int s = 0; s < kSingleStarts; ++s) {
    Choice choice{.name = "from start " + std::to_string(s + 1) + " alone"};
    Philox random(runs.fit.seed, kStartStream + static_cast<std::uint64_t>(s));
    for (const LawParameter& parameter : runs.law.parameters) {
      const double share = random.uniform();
      if (runs.fit.fixed.count(parameter.name) != 0 || runs.fit.ties.count(parameter.name) != 0) continue;
      const double low = parameter.start_lower, high = parameter.start_upper;
      choice.start[parameter.name] =
          parameter.transform == Transform::kLog ? low * std::pow(high / low, share) : low + share * (high - low);
    }
    group.choices.push_back(std::move(choice));
  }
  return group;
}

}  // namespace

Result<std::vector<ChoiceGroup>> suggest_choices(const Law& law, const RunTable& table,
                                                 const SensitivityOptions& options) {
  const auto used = observe(table, law.roles(), law.response, options.observe);
  if (!used) return used.error();
  const Runs runs{law, table, options.fit, *used};
  std::vector<ChoiceGroup> groups;
  for (auto* make :
       {objectives, deltas, highest_losses, excluded_runs, budgets, small_models, conventions, exponents, starts})
    if (ChoiceGroup group = make(runs); !group.choices.empty()) groups.push_back(std::move(group));
  return groups;
}

}  // namespace isoflop
