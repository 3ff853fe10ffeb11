// SPDX-License-Identifier: Apache-2.0
// Li et al. 2025, Step Law, arXiv:2503.04715: the runs within .25% of the best loss of their size and data say what the
// best learning rate and batch are.
#include <map>

#include "published.h"

namespace isoflop {
namespace {

using test::expect_digits;
using test::observe_law;
using test::shipped_law;

Result<RunTable> nearly_best(const std::filesystem::path& path) {
  auto table = load_runs(path, {.roles = {{"params", "N"}, {"tokens", "D"}, {"loss", "smooth loss"}},
                                .derive = {"learning_rate = lr", "batch_tokens = bs * 2048"},
                                .exclude = {}});
  if (!table) return table;
  const auto params = table->numbers("params"), tokens = table->numbers("tokens"), loss = table->numbers("loss");
  std::map<std::pair<double, double>, double> best;
  for (std::size_t row = 0; row < table->rows(); ++row) {
    if (table->state[row] != RowState::kUsed) continue;
    auto& lowest = best.try_emplace({params[row], tokens[row]}, loss[row]).first->second;
    lowest = std::min(lowest, loss[row]);
  }
  std::vector<std::size_t> others;
  for (std::size_t row = 0; row < table->rows(); ++row)
    if (table->state[row] == RowState::kUsed && loss[row] > 1.0025 * best.at({params[row], tokens[row]}))
      others.push_back(row);
  exclude_rows(*table, others, "more than .25% above the best");
  return table;
}

TEST(StepLaw, ReleasedRunsGiveAnotherLearningRateThanPrinted) {
  NEED_DATA(path, "steplaw/dense_lr_bs_loss.csv");
  const auto table = nearly_best(path);
  ASSERT_TRUE(table) << table.error().to_string();
  const Law law = shipped_law("step-law-learning-rate");
  const Observations runs = observe_law(law, *table);
  ASSERT_EQ(runs.size(), 129u);
  const auto fit = fit_law(law, runs, {.objective = Objective::kLogMse});
  ASSERT_TRUE(fit) << fit.error().to_string();
  expect_digits(*fit, "c", 77.7, .05);
  expect_digits(*fit, "alpha", -.766, 5e-4);
  expect_digits(*fit, "beta", .197, 5e-4);
  const double printed = evaluate_objective(law, runs, {1.79, -.713, .307}, Objective::kLogMse);
  EXPECT_GT(printed, 1.1 * fit->objective) << "the printed law is no optimum of the released runs";
}

TEST(StepLaw, ReleasedRunsGiveAnotherBatchThanPrinted) {
  NEED_DATA(path, "steplaw/dense_lr_bs_loss.csv");
  const auto table = nearly_best(path);
  ASSERT_TRUE(table) << table.error().to_string();
  const Law law = shipped_law("step-law-batch");
  const Observations runs = observe_law(law, *table);
  ASSERT_EQ(runs.size(), 129u);
  const auto fit = fit_law(law, runs, {.objective = Objective::kLogMse});
  ASSERT_TRUE(fit) << fit.error().to_string();
  expect_digits(*fit, "k", .2085, 5e-5);
  expect_digits(*fit, "gamma", .6125, 5e-5);
  EXPECT_GT(evaluate_objective(law, runs, {.58, .571}, Objective::kLogMse), fit->objective);
}

}  // namespace
}  // namespace isoflop
