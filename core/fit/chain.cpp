// SPDX-License-Identifier: Apache-2.0
#include "core/fit/chain.h"

#include <algorithm>
#include <unordered_map>

#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/fit/refit.h"

namespace isoflop {
namespace {

// Entries of each step that are drawn together: rows of one run, or of one cluster.
struct Unit {
  std::vector<std::size_t> first, second;
};

// Sets of rows that share a run or a cluster.
class Groups {
 public:
  void join(std::size_t a, std::size_t b) { parent_[find(a)] = find(b); }
  std::size_t find(std::size_t row) {
    auto found = parent_.emplace(row, row).first;
    while (found->second != found->first) found = parent_.find(found->second);
    return found->first;
  }

 private:
  std::unordered_map<std::size_t, std::size_t> parent_;
};

void join_clusters(const Observations& runs, Groups& groups) {
  std::unordered_map<std::size_t, std::size_t> row_of_cluster;
  for (std::size_t i = 0; i < runs.size(); ++i)
    groups.join(runs.rows[i], row_of_cluster.emplace(runs.cluster(i), runs.rows[i]).first->second);
}

// In order of the rows of the table, so that a seed gives the same draw everywhere.
std::vector<Unit> units_of(const Observations* first, const Observations* second) {
  Groups groups;
  for (const Observations* runs : {first, second})
    if (runs != nullptr) join_clusters(*runs, groups);
  std::map<std::size_t, Unit> by_group;
  const auto collect = [&](const Observations* runs, std::vector<std::size_t> Unit::*entries) {
    if (runs == nullptr) return;
    for (std::size_t i = 0; i < runs->size(); ++i) (by_group[groups.find(runs->rows[i])].*entries).push_back(i);
  };
  collect(first, &Unit::first);
  collect(second, &Unit::second);
  std::vector<Unit> units;
  for (auto& [row, unit] : by_group) units.push_back(std::move(unit));
  return units;
}

void draw(Philox& random, const std::vector<Unit>& units, Unit& drawn) {
  for (std::size_t i = 0; i < units.size(); ++i) {
    const Unit& unit = units[random.below(static_cast<std::uint32_t>(units.size()))];
    drawn.first.insert(drawn.first.end(), unit.first.begin(), unit.first.end());
    drawn.second.insert(drawn.second.end(), unit.second.begin(), unit.second.end());
  }
}

// Optima this near to the best can be the best of a resample: each is a start.
constexpr double kWithinReach = 0.005;
constexpr std::size_t kMostStarts = 3;

std::vector<std::vector<double>> starts_of(const Fit& fit) {
  std::vector<std::vector<double>> starts;
  for (const LocalOptimum& optimum : fit.optima)
    if (starts.size() < kMostStarts && optimum.objective <= fit.objective * (1 + kWithinReach))
      starts.push_back(optimum.theta);
  return starts;
}

Result<Fit> fit_step(const char* step, const Law& law, const Observations& runs, const FitOptions& options,
                     const Control& control) {
  auto fit = fit_law(law, runs, options, control);
  if (fit || fit.error().code == ErrorCode::kCancelled) return fit;
  Error error = fit.error();
  error.message = std::string(step) + " step: " + error.message;
  return error;
}

// What a law predicts at one point.
Result<double> value_at(const Law& law, const std::vector<double>& theta, const std::map<std::string, double>& at) {
  std::vector<std::vector<double>> columns;
  for (const LawVariable& variable : law.variables) {
    const auto found = at.find(variable.role);
    if (found == at.end() && !variable.default_value)
      return invalid_argument("no value for " + variable.label + ": give " + variable.role, variable.role);
    columns.push_back({found == at.end() ? *variable.default_value : found->second});
  }
  return predict(law, columns, theta)[0];
}

}  // namespace

std::vector<std::string> Chain::roles() const {
  std::vector<std::string> roles = first->roles();
  for (const std::string& role : second->roles())
    if (role != link() && std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
  return roles;
}

Result<Chain> make_chain(const Law& first, const Law& second) {
  if (second.find_role(first.response) == nullptr)
    return invalid_argument(first.title + " predicts " + first.response + ", which is no variable of " + second.title +
                            ": choose a second law of " + first.response);
  if (second.response == first.response)
    return invalid_argument("both laws predict " + first.response + ": the second must predict a score");
  return Chain{.first = &first, .second = &second};
}

Result<ChainFit> fit_chain(const Chain& chain, const Observations& first, const Observations& second,
                           const ChainOptions& options, const Control& control) {
  ChainFit result{.chain = chain, .first = {}, .second = {}, .resamples = {}};
  auto first_fit = fit_step("first", *chain.first, first, options.first, control);
  if (!first_fit) return first_fit.error();
  auto second_fit = fit_step("second", *chain.second, second, options.second, control);
  if (!second_fit) return second_fit.error();
  result.first = *std::move(first_fit);
  result.second = *std::move(second_fit);
  if (options.resamples <= 0) return result;

  std::vector<std::vector<Unit>> tables;
  if (first.data_hash == second.data_hash)
    tables = {units_of(&first, &second)};
  else
    tables = {units_of(&first, nullptr), units_of(nullptr, &second)};
  FitOptions first_options = options.first, second_options = options.second;
  first_options.threads = second_options.threads = 1;
  first_options.start.clear();
  second_options.start.clear();
  const auto first_starts = starts_of(result.first), second_starts = starts_of(result.second);

  std::vector<ChainTheta> drawn(static_cast<std::size_t>(options.resamples));
  const bool finished = parallel_for(drawn.size(), options.threads, 8, control, [&](int, std::size_t i) {
    Philox random(options.seed, i);
    Unit entries;
    for (const std::vector<Unit>& units : tables) draw(random, units, entries);
    if (entries.first.empty() || entries.second.empty()) return;
    const auto one = refit(*chain.first, subset(first, entries.first), first_options, first_starts);
    if (!one || one->empty()) return;
    const auto two = refit(*chain.second, subset(second, entries.second), second_options, second_starts);
    if (!two || two->empty()) return;
    drawn[i] = {one->front().theta, two->front().theta};
  });
  if (!finished) return Error{ErrorCode::kCancelled, "the resampling of the chain was cancelled", {}};
  for (ChainTheta& theta : drawn) {
    if (theta.first.empty())
      ++result.failed;
    else
      result.resamples.push_back(std::move(theta));
  }
  if (result.resamples.empty()) return Error{ErrorCode::kNumerical, "no resample of the runs can be fitted", {}};
  return result;
}

Result<ChainValue> predict_chain(const Chain& chain, const ChainTheta& theta, const std::map<std::string, double>& at) {
  const auto loss = value_at(*chain.first, theta.first, at);
  if (!loss) return loss.error();
  std::map<std::string, double> with_loss = at;
  with_loss[chain.link()] = *loss;
  const auto score = value_at(*chain.second, theta.second, with_loss);
  if (!score) return score.error();
  return ChainValue{.loss = *loss, .score = *score};
}

}  // namespace isoflop
