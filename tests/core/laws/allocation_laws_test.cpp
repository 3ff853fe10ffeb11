// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "support/law_points.h"

namespace isoflop {
namespace {

const Law& law_of(const std::string& id) {
  const Law* law = test::shipped_laws().find(id);
  if (law == nullptr) throw std::runtime_error("no law " + id);
  return *law;
}

struct Optimum {
  double params, tokens;
};

Optimum optimum(const std::string& id, const std::string& set, double flops) {
  const Law& law = law_of(id);
  const CoefficientSet* found = law.find_set(set);
  if (found == nullptr || !law.frontier) throw std::runtime_error("no frontier with " + set + " of " + id);
  std::vector<double> theta = found->values;
  if (law.frontier->kind == LawFrontier::Kind::kStated) {
    theta.clear();
    for (const std::string& name : law.frontier->parameters) theta.push_back(found->frontier.at(name));
  }
  return {test::at(law.frontier->params, {{"C", flops}}, theta), test::at(law.frontier->tokens, {{"C", flops}}, theta)};
}

TEST(AllocationLaws, AreTheirOwnFrontierAndSpendTheBudget) {
  int found = 0;
  for (const Law& law : test::shipped_laws().laws) {
    if (!law.frontier || law.frontier->kind != LawFrontier::Kind::kFormula) continue;
    ++found;
    EXPECT_EQ(law.category, "allocation") << law.id;
    EXPECT_TRUE(law.flops.steps().empty()) << law.id << " has no surface";
    EXPECT_FALSE(law.frontier->loss_expression.root) << law.id;
    std::vector<std::vector<double>> points{test::middle_of_starts(law)};
    for (const CoefficientSet& set : law.sets) points.push_back(set.values);
    for (const std::vector<double>& theta : points) {
      for (const double flops : {1e18, 3e22}) {
        const double n = test::at(law.frontier->params, {{"C", flops}}, theta);
        const double d = test::at(law.frontier->tokens, {{"C", flops}}, theta);
        EXPECT_NEAR(6 * n * d / flops, 1, 1e-12) << law.id;
        EXPECT_EQ(law.response == "params" ? n : d, test::predict(law, {{"C", flops}}, theta)) << law.id;
      }
    }
  }
  EXPECT_GE(found, 8);
}

// M and D at 1e20 FLOP; the published D* is 5.8316 C^.4757.
TEST(AllocationLaws, DeepSeek) {
  const Optimum at = optimum("deepseek-allocation", "deepseek2024", 1e20);
  EXPECT_NEAR(6 * at.params, 5.251e9, 0.0005e9);
  EXPECT_NEAR(at.tokens, 1.9045e10, 0.0005e10);
  for (const double flops : {1e17, 1e20, 1e24})
    EXPECT_NEAR(optimum("deepseek-allocation", "deepseek2024", flops).tokens / (5.8316 * std::pow(flops, 0.4757)), 1,
                2e-4);
}

TEST(AllocationLaws, Llama3) {
  const Optimum at = optimum("llama3-allocation", "grattafiori2024", 3.8e25);
  EXPECT_NEAR(at.tokens, 1.629e13, 0.0005e13);
  EXPECT_NEAR(at.params, 3.89e11, 0.005e11);
}

// The language row is Kaplan's: 1.3e9 parameters at one PF-day, with an exponent of .73.
TEST(AllocationLaws, HenighanOfLanguageIsKaplan) {
  for (const double flops : {8.64e19, 8.64e23}) {
    const double ours = optimum("henighan-allocation", "henighan2020-language", flops).params;
    EXPECT_NEAR(ours / optimum("kaplan", "kaplan2020", flops).params, 1, 0.01);
  }
  EXPECT_EQ(law_of("henighan-allocation").sets.size(), 10u);
  for (const CoefficientSet& set : law_of("henighan-allocation").sets)
    EXPECT_NE(law_of("henighan-compute").find_set(set.id), nullptr) << set.id;
}

TEST(AllocationLaws, DiffusionTransformersOfImages) {
  const Optimum at = optimum("dit-image", "liang2024", 1.5e21);
  EXPECT_NEAR(at.params, 9.65e8, 0.005e8);
  EXPECT_NEAR(at.tokens, 2.615e11, 0.0005e11);
  const Law& law = law_of("dit-image");
  std::vector<double> theta;
  for (const std::string& name : law.frontier->parameters) theta.push_back(law.sets[0].frontier.at(name));
  EXPECT_NEAR(test::at(law.frontier->loss, {{"C", 1.5e21}}, theta), 0.63252, 5e-6);
}

TEST(AllocationLaws, DiffusionTransformersOfVideo) {
  const Law& batch = law_of("dit-video-batch");
  EXPECT_NEAR(test::predict(batch, {{"N", 1.07e9}, {"D", 1e10}}, batch.find_set("yin2024")->values), 1.43e5, 0.005e5);
  const Law& rate = law_of("dit-video-learning-rate");
  EXPECT_NEAR(test::predict(rate, {{"N", 1.07e9}, {"D", 1e10}}, rate.find_set("yin2024")->values), 1.78e-4, 0.005e-4);
  EXPECT_NEAR(optimum("dit-video-allocation", "yin2024", 1e21).params, 1.5787 * std::pow(10, 21 * 0.4146), 1);
}

// 192 tokens per parameter, near 4e21 FLOP.
TEST(AllocationLaws, MiniCpm) {
  const Optimum at = optimum("minicpm-allocation", "hu2024", 4e21);
  EXPECT_NEAR(at.tokens / at.params, 192, 1);
  // K^2 is (alpha C_N / (beta C_D))^(2 / (alpha + beta)) of its law of loss, eta (beta - alpha) / (alpha + beta).
  const double alpha = 0.29, beta = 0.23, c_n = 0.13, c_d = 0.7;
  const double k_squared = std::pow(alpha * c_n / (beta * c_d), 2 / (alpha + beta));
  const Law& loss = law_of("minicpm");
  const Law& sizes = law_of("minicpm-allocation");
  std::vector<double> theta;
  for (const LawParameter& p : loss.parameters)
    theta.push_back(p.name == "alpha"  ? alpha
                    : p.name == "beta" ? beta
                    : p.name == "C_N"  ? c_n
                    : p.name == "C_D"  ? c_d
                                       : 1);
  for (const double flops : {1e19, 1e23}) {
    const double n = test::predict(sizes, {{"C", flops}}, {k_squared, (beta - alpha) / (alpha + beta)});
    const auto at_size = [&](double size) {
      return test::predict(loss, {{"N", size}, {"D", flops / 6 / size}}, theta);
    };
    EXPECT_LT(at_size(n), at_size(n * 1.001));
    EXPECT_LT(at_size(n), at_size(n / 1.001));
  }
}

TEST(AllocationLaws, LinearComplexityAtOnePfDay) {
  const std::pair<const char*, double> sizes[] = {{"shen2024-llama", 1.82e8},
                                                  {"shen2024-tnl", 2.74e8},
                                                  {"shen2024-hgrn2", 2.66e8},
                                                  {"shen2024-cosformer2", 2.65e8}};
  for (const auto& [set, size] : sizes)
    EXPECT_NEAR(optimum("linear-complexity-allocation", set, 8.64e19).params, size, 1) << set;
}

}  // namespace
}  // namespace isoflop
