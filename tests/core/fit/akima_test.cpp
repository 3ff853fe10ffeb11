// SPDX-License-Identifier: Apache-2.0
#include "core/fit/akima.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.h"

namespace isoflop {
namespace {

const std::vector<double> kX{0, .3, 1, 1.4, 2.5, 3, 4.2, 5}, kY{1.2, .7, .65, .2, -.1, .4, .4, 1.9};
const std::vector<double> kBetween{.1, .5, 1.2, 1.9, 2.7, 3.5, 4.8};

// SciPy 1.17, Akima1DInterpolator(x, y, method=...).
TEST(Akima, AgreesWithSciPy) {
  const Akima akima(kX, kY);
  const std::vector<double> values{0.9765340942869032,  0.6489967544198757, 0.4240441966847279, -0.07832423974669231,
                                   0.06993554960023055, 0.4220890231779418, 1.37367527173913};
  const std::vector<double> slopes{-2.4642857142857144, -0.7059390048154094, -0.7581251381826222, -0.7390090718771808,
                                   0.3128834355828221,  0.5956678700361011,  0.6521739130434783,  2.8125};
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(akima(kBetween[i]), values[i], 1e-13) << kBetween[i];
  for (std::size_t i = 0; i < slopes.size(); ++i) EXPECT_NEAR(akima.slopes()[i], slopes[i], 1e-12) << kX[i];
}

TEST(Akima, ModifiedWeightsAgreeWithSciPy) {
  const Akima makima(kX, kY, AkimaWeights::kModified);
  const std::vector<double> values{0.986616786021718,   0.6650274624650693, 0.423942702795273, -0.07966870091320699,
                                   0.07260489308418437, 0.4523191686984791, 1.408451704545454};
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(makima(kBetween[i]), values[i], 1e-13) << kBetween[i];
}

TEST(Akima, ThreePointsAreEnough) {
  const Akima akima(std::vector<double>{0, 1, 3}, std::vector<double>{1, 0, 2});
  EXPECT_NEAR(akima(.5), .25, 1e-14);
  EXPECT_NEAR(akima(2), .5, 1e-14);
  EXPECT_NEAR(akima(2.9), 1.805, 1e-14);
  const Akima line(std::vector<double>{1, 3}, std::vector<double>{2, 6});
  EXPECT_NEAR(line(2.5), 5, 1e-14);
  EXPECT_EQ(line.minimum().x, 1);
}

TEST(Akima, PassesThroughItsPoints) {
  for (const AkimaWeights weights : {AkimaWeights::kOriginal, AkimaWeights::kModified}) {
    const Akima akima(kX, kY, weights);
    for (std::size_t i = 0; i < kX.size(); ++i) EXPECT_NEAR(akima(kX[i]), kY[i], 1e-14);
  }
}

TEST(Akima, ReproducesAParabolaOnEqualSteps) {
  std::vector<double> x, y;
  const auto parabola = [](double at) { return 2 - 3 * at + .7 * at * at; };
  for (int i = 0; i < 9; ++i) {
    x.push_back(.5 * i);
    y.push_back(parabola(x.back()));
  }
  const Akima akima(x, y);
  for (double at = 0; at <= 4; at += .037) EXPECT_NEAR(akima(at), parabola(at), 1e-13);
  EXPECT_NEAR(akima.minimum().x, 3 / 1.4, 1e-12);
}

// Akima 1970: the curve between two points depends on three points to either side.
TEST(Akima, APointBendsTheCurveOnlyNearIt) {
  std::vector<double> moved = kY;
  moved[1] += .3;
  const Akima before(kX, kY), after(kX, moved);
  EXPECT_NE(before(.5), after(.5));
  for (const double x : {3.1, 3.9, 4.5, 4.9}) EXPECT_EQ(before(x), after(x));
}

TEST(Akima, ModifiedWeightsKeepAFlatStretchFlat) {
  const std::vector<double> x{0, 1, 2, 3, 4, 5, 6}, y{3, 1, 1, 1, 1, 2, 5};
  const Akima makima(x, y, AkimaWeights::kModified);
  for (double at = 1.2; at < 4; at += .1) EXPECT_NEAR(makima(at), 1, 1e-14);
}

TEST(Akima, MinimumIsThatOfAFineGrid) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Philox random(seed, 0);
    std::vector<double> x{0}, y{random.normal()};
    const int n = 3 + static_cast<int>(random.below(10));
    while (static_cast<int>(x.size()) < n) {
      x.push_back(x.back() + .1 + random.uniform());
      y.push_back(random.normal());
    }
    const Akima akima(x, y, seed % 2 == 0 ? AkimaWeights::kOriginal : AkimaWeights::kModified);
    double lowest = y[0];
    for (int i = 0; i <= 20000; ++i) lowest = std::min(lowest, akima(x.back() * i / 20000));
    const Akima::Point minimum = akima.minimum();
    EXPECT_LE(minimum.y, lowest + 1e-12) << seed;
    EXPECT_NEAR(minimum.y, lowest, 1e-4) << seed;
    EXPECT_NEAR(akima(minimum.x), minimum.y, 1e-12) << seed;
  }
}

}  // namespace
}  // namespace isoflop
