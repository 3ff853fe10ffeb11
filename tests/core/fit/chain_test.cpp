// SPDX-License-Identifier: Apache-2.0
#include "core/fit/chain.h"

#include <set>

#include "core/fit/bootstrap.h"
#include "fitting.h"
#include "support/shared_data.h"

namespace isoflop {
namespace {

using test::shipped_law;

const std::vector<double> kLossTruth{0.3, 200, 400, 0.35, 0.35};  // E, A, B, alpha, beta
const std::vector<double> kAccuracyTruth{-0.6, 9, 0.75, 0.9};     // a, k, L_0, b

// A ladder of four sizes at one to ten times 20 tokens per parameter, with a row for each in both steps.
struct Ladder {
  Law loss = shipped_law("ladder-task-loss"), accuracy = shipped_law("ladder-accuracy");
  Observations first, second;

  explicit Ladder(double noise, std::uint64_t seed) {
    std::vector<std::vector<double>> columns(2);
    for (const double size : {1.9e8, 3.7e8, 7.6e8, 1.3e9}) {
      for (const double times : {1, 2, 5, 10}) {
        columns[0].push_back(size);
        columns[1].push_back(20 * times * size);
      }
    }
    first = test::simulate(loss, kLossTruth, columns, noise, seed);
    second = {.names = accuracy.roles(),
              .columns = {first.response},
              .response = predict(accuracy, {first.response}, kAccuracyTruth),
              .rows = first.rows,
              .data_hash = first.data_hash};
    Philox random(seed, 1);
    for (double& value : second.response) value += noise * random.normal();
  }

  ChainOptions options(int resamples) const {
    return {
        .first = {.objective = Objective::kLogMse}, .second = {.objective = Objective::kMse}, .resamples = resamples};
  }
  Chain chain() const { return make_chain(loss, accuracy).value(); }
};

const std::map<std::string, double> kLarge{{"params", 7e9}, {"tokens", 4e12}};

TEST(Chain, RecoversTheScoreOfALargerModelWithinItsInterval) {
  int inside = 0;
  constexpr int kTrials = 12;
  const Ladder exact(0, 0);
  const double truth = predict_chain(exact.chain(), {kLossTruth, kAccuracyTruth}, kLarge)->score;
  for (int seed = 0; seed < kTrials; ++seed) {
    const Ladder ladder(0.005, static_cast<std::uint64_t>(seed));
    const auto fit = fit_chain(ladder.chain(), ladder.first, ladder.second, ladder.options(100));
    ASSERT_TRUE(fit) << fit.error().message;
    EXPECT_EQ(fit->resamples.size() + static_cast<std::size_t>(fit->failed), 100u);
    std::vector<double> scores;
    for (const ChainTheta& theta : fit->resamples) scores.push_back(predict_chain(fit->chain, theta, kLarge)->score);
    const Interval interval = percentile_interval(scores);
    inside += interval.lower <= truth && truth <= interval.upper;
    EXPECT_NEAR(predict_chain(fit->chain, fit->estimate(), kLarge)->score, truth, 0.1);
  }
  EXPECT_GE(inside, kTrials - 3);
}

TEST(Chain, IsExactWithoutNoise) {
  const Ladder ladder(0, 1);
  const auto fit = fit_chain(ladder.chain(), ladder.first, ladder.second, ladder.options(0));
  ASSERT_TRUE(fit) << fit.error().message;
  const auto value = predict_chain(fit->chain, fit->estimate(), kLarge);
  const auto truth = predict_chain(fit->chain, {kLossTruth, kAccuracyTruth}, kLarge);
  EXPECT_NEAR(value->loss, truth->loss, 1e-6);
  EXPECT_NEAR(value->score, truth->score, 1e-6);
}

TEST(Chain, DoesNotDependOnTheThreads) {
  const Ladder ladder(0.01, 5);
  ChainOptions options = ladder.options(40);
  options.threads = 1;
  const auto one = fit_chain(ladder.chain(), ladder.first, ladder.second, options);
  options.threads = 3;
  const auto three = fit_chain(ladder.chain(), ladder.first, ladder.second, options);
  ASSERT_TRUE(one && three);
  ASSERT_EQ(one->resamples.size(), three->resamples.size());
  for (std::size_t i = 0; i < one->resamples.size(); ++i) {
    EXPECT_EQ(one->resamples[i].first, three->resamples[i].first);
    EXPECT_EQ(one->resamples[i].second, three->resamples[i].second);
  }
}

// Two laws whose fits are means: of the loss, and of the score.
struct Means {
  Law loss = law("task_loss", "params", "N"), score = law("accuracy", "task_loss", "L");
  Observations first, second;

  static Law law(const std::string& response, const std::string& role, const std::string& symbol) {
    return parse_law("title = \"Mean\"\nsummary = \"s\"\ncitation = \"c\"\nyear = 2024\nresponse = \"" + response +
                         "\"\nformula = \"m * min(1, 2 + " + symbol + ")\"\n[[variable]]\nsymbol = \"" + symbol +
                         "\"\nrole = \"" + role +
                         "\"\n[[parameter]]\nname = \"m\"\nmeaning = \"mean\"\nbounds = [-10, 10]\nstart = [0, 1]\n",
                     "mean.toml")
        .value();
  }
  // The score of each run is its loss, so that equal draws have equal means.
  Means() {
    Philox random(3, 0);
    for (std::size_t i = 0; i < 30; ++i) {
      first.response.push_back(random.uniform());
      first.rows.push_back(i);
    }
    first.names = {"params"};
    first.columns = {std::vector<double>(30, 1e9)};
    first.data_hash = "one";
    second = first;
    second.names = {"task_loss"};
    second.columns = {first.response};
  }
  Result<ChainFit> fit() const {
    return fit_chain(
        make_chain(loss, score).value(), first, second,
        {.first = {.objective = Objective::kMse}, .second = {.objective = Objective::kMse}, .resamples = 50});
  }
};

TEST(Chain, DrawsARunForBothStepsTogether) {
  const Means means;
  const auto fit = means.fit();
  ASSERT_TRUE(fit) << fit.error().message;
  std::set<double> distinct;
  for (const ChainTheta& theta : fit->resamples) {
    EXPECT_NEAR(theta.first[0], theta.second[0], 1e-9);
    distinct.insert(theta.first[0]);
  }
  EXPECT_GT(distinct.size(), 40u);
}

TEST(Chain, DrawsTablesByThemselvesWhereThereAreTwo) {
  Means means;
  means.second.data_hash = "another";
  const auto fit = means.fit();
  ASSERT_TRUE(fit) << fit.error().message;
  int different = 0;
  for (const ChainTheta& theta : fit->resamples) different += std::abs(theta.first[0] - theta.second[0]) > 1e-6;
  EXPECT_GT(different, 45);
}

// Rows of a cluster stand or fall together: with two clusters of equal values, means are one of three numbers.
TEST(Chain, DrawsClustersWhole) {
  Means means;
  for (std::size_t i = 0; i < 30; ++i) {
    means.first.response[i] = means.second.response[i] = i < 15 ? 0.2 : 0.8;
    means.first.clusters.push_back(i < 15 ? 0 : 1);
  }
  means.second.columns = {means.first.response};
  const auto fit = means.fit();
  ASSERT_TRUE(fit) << fit.error().message;
  std::set<int> percent;
  for (const ChainTheta& theta : fit->resamples) {
    percent.insert(static_cast<int>(std::lround(100 * theta.first[0])));
    EXPECT_NEAR(theta.first[0], theta.second[0], 1e-9);
  }
  EXPECT_EQ(percent, (std::set<int>{20, 50, 80}));
}

TEST(Chain, SaysWhichStepFailsAndWhatIsMissing) {
  const Ladder ladder(0.01, 2);
  EXPECT_NE(make_chain(ladder.accuracy, ladder.loss).error().message.find("predicts accuracy"), std::string::npos);
  EXPECT_NE(make_chain(ladder.loss, shipped_law("gadre-downstream")).error().message.find("no variable"),
            std::string::npos);
  Observations few = ladder.second;
  few.columns[0].resize(2);
  few.response.resize(2);
  few.rows.resize(2);
  const auto fit = fit_chain(ladder.chain(), ladder.first, few, ladder.options(0));
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().message.rfind("second step: ", 0), 0u) << fit.error().message;
  const auto value = predict_chain(ladder.chain(), {kLossTruth, kAccuracyTruth}, {{"params", 1e9}});
  ASSERT_FALSE(value);
  EXPECT_NE(value.error().message.find("give tokens"), std::string::npos) << value.error().message;
  EXPECT_EQ(ladder.chain().roles(), (std::vector<std::string>{"params", "tokens"}));
}

TEST(Chain, StopsWhenCancelled) {
  const Ladder ladder(0.01, 2);
  std::stop_source source;
  source.request_stop();
  const auto fit = fit_chain(ladder.chain(), ladder.first, ladder.second, ladder.options(10),
                             {.progress = {}, .stop = source.get_token()});
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().code, ErrorCode::kCancelled);
}

// Bhagia et al. 2024: their ladder's checkpoints up to 760M parameters predict the score on HellaSwag of the 1.3B model
// of the same ladder, .488, to 2%, and its loss on the task, .8087, to 1%; runs are drawn whole.
TEST(Chain, PredictsTheHeldOutModelOfAPublishedLadder) {
  const std::filesystem::path folder = test::shared_data() / "olmo-ladder";
  if (test::shared_data().empty() || !std::filesystem::exists(folder)) GTEST_SKIP() << "no published run data";
  const Law loss_law = shipped_law("ladder-task-loss"), score_law = shipped_law("ladder-accuracy");
  Observations first{.names = loss_law.roles(), .columns = {{}, {}}, .response = {}, .rows = {}, .data_hash = "ladder"};
  struct Run {
    const char* file;
    double params;
  };
  const std::vector<Run> runs{{"190M-1xC", 190354176},
                              {"190M-5xC", 190354176},
                              {"370M-2xC", 371262464},
                              {"760M-1xC", 758220288},
                              {"1B-1xC", 1279395840}};
  std::vector<double> scores;
  double last_tokens = 0, last_loss = 0, last_score = 0;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    const auto table = load_runs(folder / (std::string(runs[r].file) + ".csv"), {});
    ASSERT_TRUE(table) << table.error().to_string();
    const auto tokens = table->numbers("throughput/total_tokens");
    const auto loss = table->numbers("eval/downstream_bpb/hellaswag_rc_5shot_bpb_bpb");
    const auto score = table->numbers("eval/downstream/hellaswag_rc_5shot_len_norm");
    ASSERT_FALSE(tokens.empty() || loss.empty() || score.empty());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (!(tokens[i] >= 2e9 && std::isfinite(loss[i]) && std::isfinite(score[i]))) continue;
      last_tokens = tokens[i];
      last_loss = loss[i];
      last_score = score[i];
      if (r + 1 == runs.size()) continue;
      first.columns[0].push_back(runs[r].params);
      first.columns[1].push_back(tokens[i]);
      first.response.push_back(loss[i]);
      first.rows.push_back(first.rows.size());
      first.clusters.push_back(r);
      scores.push_back(score[i]);
    }
  }
  Observations second = first;
  second.names = score_law.roles();
  second.columns = {first.response};
  second.response = scores;
  const auto fit = fit_chain(make_chain(loss_law, score_law).value(), first, second,
                             {.first = {}, .second = {.objective = Objective::kMse}, .resamples = 40});
  ASSERT_TRUE(fit) << fit.error().message;
  const std::map<std::string, double> held_out{{"params", runs.back().params}, {"tokens", last_tokens}};
  const auto value = predict_chain(fit->chain, fit->estimate(), held_out);
  EXPECT_NEAR(last_score, 0.488, 5e-4);
  EXPECT_NEAR(value->loss / last_loss, 1, 0.01);
  EXPECT_NEAR(value->score / last_score, 1, 0.02);
  std::vector<double> drawn;
  for (const ChainTheta& theta : fit->resamples) drawn.push_back(predict_chain(fit->chain, theta, held_out)->score);
  const Interval interval = percentile_interval(drawn);
  EXPECT_LT(interval.lower, last_score);
  EXPECT_GT(interval.upper, last_score);
}

// Gadre et al. 2024, RedPajama: the error that the chain predicts of a held-out run from its size and data is within
// 1.5% of what the second step gives for the loss that was measured.
TEST(Chain, ComposesThePublishedLawsOfLossAndError) {
  const std::filesystem::path file = test::shared_data() / "gadre" / "gadre_104_runs.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no published run data";
  const Law loss_law = shipped_law("gadre-overtraining"), error_law = shipped_law("gadre-downstream");
  const Chain chain = make_chain(loss_law, error_law).value();
  const ChainTheta theta{loss_law.find_set("gadre2024-redpajama")->values,
                         error_law.find_set("gadre2024-redpajama")->values};
  for (const std::string name : {"rpj-open_lm_1b-32.0", "rpj-open_lm_7b-1.0"}) {
    const Observations run =
        test::observe_file(loss_law, file,
                           Mapping{.roles = {{"params", "N"}, {"tokens", "D"}, {"loss", "loss_c4_val"}},
                                   .exclude = {{"name != \"" + name + "\"", "another run"}}});
    ASSERT_EQ(run.size(), 1u);
    const auto value = predict_chain(chain, theta, {{"params", run.columns[0][0]}, {"tokens", run.columns[1][0]}});
    ASSERT_TRUE(value);
    const double of_measured = predict(error_law, {{run.response[0]}}, theta.second)[0];
    EXPECT_NEAR(value->score / of_measured, 1, 0.015) << name;
    EXPECT_NEAR(value->score, 0.857 - 2.21 * std::exp(-0.715 * value->loss), 1e-12) << name;
  }
}

}  // namespace
}  // namespace isoflop
