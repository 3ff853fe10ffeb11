// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/fit/bootstrap.h"
#include "fitting.h"
#include "support/shared_data.h"

#define NEED_DATA(file, name)                                                 \
  const std::filesystem::path file = ::isoflop::test::shared_data() / (name); \
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "published data is not here: " << file

namespace isoflop::test {

// The runs of a table as the law wants them, with the law's own response.
inline Observations observe_law(const Law& law, const RunTable& table) {
  auto observations = observe(table, law.roles(), law.response);
  EXPECT_TRUE(observations) << (observations ? "" : observations.error().to_string());
  return observations ? *std::move(observations) : Observations{};
}

inline Observations observe_law(const Law& law, const std::filesystem::path& path, const Mapping& mapping) {
  auto table = load_runs(path, mapping);
  EXPECT_TRUE(table) << (table ? "" : table.error().to_string());
  return table ? observe_law(law, *table) : Observations{};
}

inline double value_of(const Fit& fit, const std::string& name) {
  const auto found = std::find(fit.names.begin(), fit.names.end(), name);
  if (found != fit.names.end()) return fit.theta[static_cast<std::size_t>(found - fit.names.begin())];
  ADD_FAILURE() << "the law has no parameter " << name;
  return std::numeric_limits<double>::quiet_NaN();
}

// To half a unit of the last digit that is stated.
inline void expect_digits(const Fit& fit, const std::string& name, double want, double half_unit) {
  EXPECT_NEAR(value_of(fit, name), want, half_unit) << name;
}

inline std::vector<double> samples_of(const Bootstrap& resamples, const Fit& fit, const std::string& name) {
  const auto j = static_cast<std::size_t>(std::find(fit.names.begin(), fit.names.end(), name) - fit.names.begin());
  std::vector<double> sample;
  for (int i = 0; i < resamples.resamples(); ++i) sample.push_back(resamples.sample(i)[j]);
  return sample;
}

}  // namespace isoflop::test
