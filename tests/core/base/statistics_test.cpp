// SPDX-License-Identifier: Apache-2.0
#include "core/base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <tuple>

namespace isoflop {
namespace {

TEST(NormalQuantile, HasTheTabledValues) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(0.025), -1.959963984540054, 1e-13);
  EXPECT_NEAR(normal_quantile(0.9999), 3.719016485455709, 1e-12);
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_TRUE(std::isnan(normal_quantile(1)));
}

TEST(StudentQuantile, HasTheTabledValues) {
  // One degree of freedom is Cauchy's distribution and two have a closed form; the others are from tables.
  EXPECT_NEAR(student_quantile(0.975, 1), 12.706204736174698, 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 2), 0.95 * std::sqrt(2 / (1 - 0.95 * 0.95)), 1e-12);
  for (const auto& [p, freedom, expected] : {std::tuple{0.975, 4.0, 2.7764451},
                                             {0.975, 10.0, 2.2281389},
                                             {0.975, 55.0, 2.0040448},
                                             {0.995, 30.0, 2.7499957},
                                             {0.9, 120.0, 1.2886462}})
    EXPECT_NEAR(student_quantile(p, freedom), expected, 1e-7) << p << " " << freedom;
  EXPECT_EQ(student_quantile(0.025, 10), -student_quantile(0.975, 10));
  EXPECT_NEAR(student_quantile(0.975, 1e7), normal_quantile(0.975), 1e-6);
  EXPECT_EQ(student_quantile(0.975, std::numeric_limits<double>::infinity()), normal_quantile(0.975));
  EXPECT_TRUE(std::isnan(student_quantile(0.975, 0)));
}

TEST(Quantile, IsTheOneOfNumpy) {
  EXPECT_NEAR(quantile({16, 1, 8, 2, 4}, 0.025), 1.1, 1e-12);
  EXPECT_NEAR(quantile({16, 1, 8, 2, 4}, 0.975), 15.2, 1e-12);
}

}  // namespace
}  // namespace isoflop
