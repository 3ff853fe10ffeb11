// SPDX-License-Identifier: Apache-2.0
#include "core/fit/sensitivity_effects.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/base/quantity.h"
#include "core/base/statistics.h"

namespace isoflop {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// A choice is worth a finding when it moves the estimate by more than this many times what noise explains.
constexpr double kBeyondNoise = 1.96;

// A tracked value in the unit of its changes.
double scaled(double value, bool logarithmic) {
  return logarithmic ? value > 0 ? std::log10(value) : kNaN : value;
}

// By the delta method, with central differences of the tracked quantity.
double standard_error(const Tracked& tracked, const Fit& fit) {
  const std::size_t p = fit.theta.size();
  if (fit.full_covariance.size() != p * p) return kNaN;
  std::vector<double> gradient(p), theta = fit.theta;
  for (std::size_t j = 0; j < p; ++j) {
    const double step = 1e-5 * std::max(std::abs(theta[j]), 1e-8);
    theta[j] = fit.theta[j] + step;
    const double above = scaled(tracked.value(theta), tracked.logarithmic);
    theta[j] = fit.theta[j] - step;
    const double below = scaled(tracked.value(theta), tracked.logarithmic);
    theta[j] = fit.theta[j];
    gradient[j] = (above - below) / (2 * step);
  }
  double variance = 0;
  for (std::size_t j = 0; j < p; ++j)
    for (std::size_t k = 0; k < p; ++k) variance += gradient[j] * fit.full_covariance[j * p + k] * gradient[k];
  return variance >= 0 ? std::sqrt(variance) : kNaN;
}

class Measuring {
 public:
  Measuring(const Tracked& tracked, std::size_t index, const Sensitivity& result)
      : tracked_(tracked), index_(index), result_(result) {}

  TrackedSpread spread() {
    TrackedSpread spread{.name = tracked_.name, .logarithmic = tracked_.logarithmic, .central = {}, .effects = {}};
    spread.baseline = result_.single.front().values[index_];
    spread.standard_error = error_of(result_.single.front());
    std::vector<double> all;
    const bool full = !result_.grid.empty();
    for (const SensitivityCell& cell : full ? result_.grid : result_.single) {
      bool counts = !cell.failure;
      for (std::size_t g = 0; g < cell.choice.size(); ++g)
        counts = counts && (cell.choice[g] < 0 || result_.groups[g].in_grid);
      if (counts && std::isfinite(cell.values[index_])) all.push_back(cell.values[index_]);
    }
    spread.least = quantile(all, 0);
    spread.greatest = quantile(all, 1);
    spread.median = quantile(all, 0.5);
    spread.central = {quantile(all, 0.05), quantile(all, 0.95)};
    for (std::size_t g = 0; g < result_.groups.size(); ++g) spread.effects.push_back(effect(g));
    std::stable_sort(spread.effects.begin(), spread.effects.end(), [this](const Effect& a, const Effect& b) {
      const bool first = result_.groups[a.group].in_grid, second = result_.groups[b.group].in_grid;
      return first != second ? first : a.range > b.range;
    });
    return spread;
  }

  Effect effect(std::size_t group) const {
    Effect effect{.group = group, .range = 0, .main_range = kNaN, .variance_share = kNaN};
    double least = at(result_.single.front()), greatest = least;
    for (const SensitivityCell& cell : result_.single) {
      if (cell.choice[group] < 0 || !std::isfinite(at(cell))) continue;
      least = std::min(least, at(cell));
      greatest = std::max(greatest, at(cell));
    }
    effect.range = greatest - least;
    if (result_.grid.empty() || !result_.groups[group].in_grid) return effect;

    struct Level {
      double sum = 0, count = 0;
    };
    std::map<int, Level> levels;
    Level all;
    double squares = 0;
    for (const SensitivityCell& cell : result_.grid) {
      const double value = at(cell);
      if (!std::isfinite(value)) continue;
      for (Level* level : {&levels[cell.choice[group]], &all}) {
        level->sum += value;
        level->count += 1;
      }
    }
    const double mean = all.sum / all.count;
    for (const SensitivityCell& cell : result_.grid)
      if (std::isfinite(at(cell))) squares += std::pow(at(cell) - mean, 2);
    double low = std::numeric_limits<double>::infinity(), high = -low, between = 0;
    for (const auto& [choice, level] : levels) {
      low = std::min(low, level.sum / level.count);
      high = std::max(high, level.sum / level.count);
      between += level.count * std::pow(level.sum / level.count - mean, 2);
    }
    effect.main_range = high - low;
    effect.variance_share = squares > 0 ? between / squares : 0;
    return effect;
  }

  // Choices that move the estimate by more than its own uncertainty.
  void add_findings(const TrackedSpread& spread, std::vector<Finding>& findings) const {
    for (const Effect& effect : spread.effects) {
      const ChoiceGroup& group = result_.groups[effect.group];
      double least = spread.baseline, greatest = least, furthest = 0;
      int elsewhere = 0;
      const Choice* worst = nullptr;
      for (const SensitivityCell& cell : result_.single) {
        const int choice = cell.choice[effect.group];
        if (choice < 0 || cell.failure || !std::isfinite(at(cell))) continue;
        least = std::min(least, cell.values[index_]);
        greatest = std::max(greatest, cell.values[index_]);
        const double moved = std::abs(at(cell) - at(result_.single.front())), errors = moved / noise(spread, cell);
        elsewhere += moved > 0.1 * spread.standard_error;
        if (errors > furthest) {
          furthest = errors;
          worst = &group.choices[static_cast<std::size_t>(choice)];
        }
      }
      const std::string range = format_number(least, 4) + " to " + format_number(greatest, 4);
      if (!group.in_grid) {
        if (elsewhere > 0)
          findings.push_back({FindingCode::kStartsDisagree, Severity::kNote,
                              std::to_string(elsewhere) + " of " + std::to_string(group.choices.size()) +
                                  " single starts end away from the optimum of the global search: " + spread.name +
                                  " " + range,
                              spread.name, effect.range});
      } else if (furthest > kBeyondNoise) {
        findings.push_back({FindingCode::kSensitiveChoice, Severity::kWarning,
                            spread.name + " goes from " + range + " with the choice of " + group.name + "; \"" +
                                worst->name + "\" moves it by " + format_number(furthest, 2) +
                                " times what noise explains",
                            group.name, furthest});
      }
    }
  }

 private:
  double error_of(const SensitivityCell& cell) const {
    return index_ < cell.standard_errors.size() ? cell.standard_errors[index_] : kNaN;
  }

  // The standard deviation of the difference between the cell's estimate and the baseline's where both are right: that
  // of fewer runs adds what they know less (Hausman 1978), and it is not taken for less than the baseline's own.
  double noise(const TrackedSpread& spread, const SensitivityCell& cell) const {
    const double own = spread.standard_error, other = error_of(cell);
    const double added = std::sqrt(std::abs(other * other - own * own));
    return std::isfinite(added) ? std::max(own, added) : own;
  }

  double at(const SensitivityCell& cell) const {
    return cell.failure ? kNaN : scaled(cell.values[index_], tracked_.logarithmic);
  }

  const Tracked& tracked_;
  std::size_t index_;
  const Sensitivity& result_;
};

}  // namespace

std::vector<double> tracked_errors(const std::vector<Tracked>& tracked, const Fit& fit) {
  std::vector<double> errors;
  for (const Tracked& one : tracked) errors.push_back(standard_error(one, fit));
  return errors;
}

void measure_effects(const std::vector<Tracked>& tracked, Sensitivity& result) {
  for (std::size_t t = 0; t < tracked.size(); ++t) {
    Measuring measuring(tracked[t], t, result);
    result.spreads.push_back(measuring.spread());
    measuring.add_findings(result.spreads.back(), result.findings);
  }
  std::size_t failed = 0;
  for (const SensitivityCell& cell : result.single) failed += cell.failure.has_value();
  if (failed > 0)
    result.findings.push_back({FindingCode::kNotConverged, Severity::kNote,
                               std::to_string(failed) + (failed == 1 ? " choice has" : " choices have") + " no fit", "",
                               static_cast<double>(failed)});
}

}  // namespace isoflop
