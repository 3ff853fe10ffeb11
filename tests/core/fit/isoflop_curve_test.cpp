// SPDX-License-Identifier: Apache-2.0
#include "core/fit/isoflop_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.h"
#include "core/fit/isoflop_shape.h"

namespace isoflop {
namespace {

// Slices E + A N^-alpha + B N^beta through x = ln N, weights 1.
IsoflopPoints slice(double e, double a, double alpha, double b, double beta, const std::vector<double>& x) {
  IsoflopPoints points{.x = x, .loss = {}, .weight = std::vector<double>(x.size(), 1)};
  for (const double at : x) points.loss.push_back(e + a * std::exp(-alpha * at) + b * std::exp(beta * at));
  return points;
}

const std::vector<double> kSizes{-1.5, -1.1, -.4, 0, .3, .9, 1.6, 2};
double true_minimum(double a, double alpha, double b, double beta) {
  return std::log(alpha * a / (beta * b)) / (alpha + beta);
}

IsoflopCurve curve_of(const IsoflopFit& fit, const IsoflopShape& shape) {
  IsoflopCurve curve;
  curve.c0 = fit.c0;
  curve.c1 = fit.c1;
  curve.c2 = fit.c2;
  curve.shape = shape;
  curve.interpolant = fit.interpolant;
  return curve;
}

TEST(IsoflopCurve, LawIsExactOnASumOfPowers) {
  for (const IsoflopShape shape : {IsoflopShape{.34, .7}, IsoflopShape{.05, 1.3}, IsoflopShape{0, .4},
                                   IsoflopShape{.4, 0}, IsoflopShape{1e-6, 2e-6}}) {
    const bool has_powers = shape.alpha > 1e-3 && shape.beta > 1e-3;
    const IsoflopPoints points =
        has_powers ? slice(2, .9, shape.alpha, .1, shape.beta, kSizes) : slice(2, .9, .3, .7, .3, kSizes);
    const IsoflopFit fit = fit_isoflop_curve(points, IsoflopMethod::kLaw, shape, 4);
    ASSERT_FALSE(fit.refusal) << shape.alpha << " " << shape.beta;
    if (!has_powers) continue;
    EXPECT_NEAR(fit.minimum, true_minimum(.9, shape.alpha, .1, shape.beta), 1e-10);
    EXPECT_LT(fit.residual, 1e-24);
    const IsoflopCurve curve = curve_of(fit, shape);
    for (double x = -2; x < 3; x += .31)
      EXPECT_NEAR(loss_on(curve, std::exp(x)), 2 + .9 * std::exp(-shape.alpha * x) + .1 * std::exp(shape.beta * x),
                  1e-10);
  }
}

// The three terms of the law become those of the parabola.
TEST(IsoflopCurve, LawWithVanishingExponentsIsTheParabola) {
  const IsoflopPoints points = slice(2, .9, .3, .7, .5, kSizes);
  const IsoflopFit parabola = fit_isoflop_curve(points, IsoflopMethod::kParabola, {}, 4);
  for (const IsoflopShape shape : {IsoflopShape{0, 0}, IsoflopShape{1e-9, 0}, IsoflopShape{1e-6, 1e-6}}) {
    const IsoflopFit law = fit_isoflop_curve(points, IsoflopMethod::kLaw, shape, 4);
    EXPECT_NEAR(law.minimum, parabola.minimum, 1e-5);
    EXPECT_NEAR(law.c2, parabola.c2, 1e-5);
  }
}

// The two ways of computing the terms, on either side of where the series takes over.
TEST(IsoflopCurve, TermsOfTheLawAreContinuousWhereTheSeriesEnds) {
  IsoflopCurve curve;
  curve.c2 = 1;
  for (const double x : {1.0, -1.0}) {
    curve.shape = {.00002, .00007999};
    const double below = loss_on(curve, std::exp(x));
    curve.shape = {.00002, .00008001};
    const double above = loss_on(curve, std::exp(x));
    EXPECT_NEAR(below, above, 1e-8);
    EXPECT_NEAR(below, 1 + x * (.00008 - .00002) / 3, 1e-8);
  }
}

TEST(IsoflopCurve, MinimumIsTheLowestOfAFineGrid) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Philox random(seed, 1);
    IsoflopPoints points = slice(2, .9, .3, .7, .5, kSizes);
    for (double& loss : points.loss) loss += .02 * random.normal();
    for (const IsoflopMethod method :
         {IsoflopMethod::kParabola, IsoflopMethod::kAkima, IsoflopMethod::kMakima, IsoflopMethod::kLaw}) {
      const IsoflopShape shape = method == IsoflopMethod::kLaw ? IsoflopShape{.6, .2} : IsoflopShape{};
      const IsoflopFit fit = fit_isoflop_curve(points, method, shape, 4);
      if (fit.refusal) continue;
      const IsoflopCurve curve = curve_of(fit, shape);
      const double lowest = loss_on(curve, std::exp(fit.minimum));
      for (double x = -1.5; x <= 2; x += .001)
        EXPECT_GE(loss_on(curve, std::exp(x)), lowest - 1e-10) << seed << " " << isoflop_method_name(method);
    }
  }
}

TEST(IsoflopCurve, AWeightCountsARunThatManyTimes) {
  IsoflopPoints weighted = slice(2, .9, .3, .7, .5, kSizes);
  weighted.loss[2] += .05;
  weighted.weight = {1, 0, 3, 1, 1, 2, 1, 1};
  IsoflopPoints repeated;
  for (std::size_t i = 0; i < weighted.size(); ++i)
    for (int k = 0; k < weighted.weight[i]; ++k) {
      repeated.x.push_back(weighted.x[i]);
      repeated.loss.push_back(weighted.loss[i]);
      repeated.weight.push_back(1);
    }
  for (const IsoflopMethod method : {IsoflopMethod::kParabola, IsoflopMethod::kAkima, IsoflopMethod::kLaw}) {
    const IsoflopShape shape{.3, .5};
    EXPECT_NEAR(fit_isoflop_curve(weighted, method, shape, 4).minimum,
                fit_isoflop_curve(repeated, method, shape, 4).minimum, 1e-10);
  }
}

TEST(IsoflopCurve, InterpolantTakesSizesWithinTwoPercentForOne) {
  IsoflopPoints points = slice(2, .9, .3, .7, .5, kSizes);
  const double before = fit_isoflop_curve(points, IsoflopMethod::kAkima, {}, 4).minimum;
  // Two runs a thousandth apart whose losses differ by noise: between them the interpolant would plunge.
  points.x.push_back(.301);
  points.loss.push_back(points.loss[4] - .002);
  points.weight.push_back(1);
  const IsoflopFit fit = fit_isoflop_curve(points, IsoflopMethod::kAkima, {}, 4);
  ASSERT_FALSE(fit.refusal);
  EXPECT_EQ(fit.interpolant->x().size(), kSizes.size());
  EXPECT_NEAR(fit.minimum, before, .1);
}

TEST(IsoflopCurve, SaysWhenOneSizeAloneBoundsTheMinimum) {
  for (const IsoflopMethod method : {IsoflopMethod::kParabola, IsoflopMethod::kAkima, IsoflopMethod::kLaw}) {
    const IsoflopShape shape{.3, .5};
    IsoflopPoints points = slice(2, .9, .3, .7, .5, kSizes);
    EXPECT_FALSE(fit_isoflop_curve(points, method, shape, 4).bounded_by_one);
    const double minimum = true_minimum(.9, .3, .7, .5);
    points = slice(2, .9, .3, .7, .5, {minimum - .9, minimum - .6, minimum - .3, minimum - .05, minimum + .3});
    const IsoflopFit fit = fit_isoflop_curve(points, method, shape, 4);
    EXPECT_FALSE(fit.refusal);
    EXPECT_TRUE(fit.bounded_by_one) << isoflop_method_name(method);
  }
}

TEST(IsoflopShape, IsRecoveredFromSlicesOfALaw) {
  std::vector<IsoflopPoints> budgets;
  for (const double shift : {0.0, 1.0, 2.0})
    budgets.push_back(slice(1.7 + shift, .9, .34, .7 * std::exp(-.3 * shift), .36, kSizes));
  const IsoflopShape shape = fit_isoflop_shape(budgets);
  EXPECT_NEAR(shape.alpha, .34, 1e-4);
  EXPECT_NEAR(shape.beta, .36, 1e-4);
}

TEST(IsoflopShape, IsTheBestOfADenseGridUnderNoise) {
  std::vector<IsoflopPoints> budgets;
  Philox random(3, 0);
  for (int b = 0; b < 5; ++b) {
    budgets.push_back(slice(2, .9, .4, .7, .6, kSizes));
    for (double& loss : budgets.back().loss) loss += .003 * random.normal();
  }
  const auto misfit = [&](const IsoflopShape& shape) {
    double sum = 0;
    for (const IsoflopPoints& budget : budgets)
      sum += fit_isoflop_curve(budget, IsoflopMethod::kLaw, shape, 4).residual;
    return sum;
  };
  const IsoflopShape shape = fit_isoflop_shape(budgets);
  const double best = misfit(shape);
  for (double alpha = 0; alpha <= kLargestIsoflopExponent; alpha += .05)
    for (double beta = 0; beta <= kLargestIsoflopExponent; beta += .05)
      EXPECT_GE(misfit({alpha, beta}), best * (1 - 1e-9)) << alpha << " " << beta;
}

TEST(IsoflopMethods, ReadBackByName) {
  for (const IsoflopMethod method :
       {IsoflopMethod::kParabola, IsoflopMethod::kAkima, IsoflopMethod::kMakima, IsoflopMethod::kLaw})
    EXPECT_EQ(*isoflop_method_from_name(isoflop_method_name(method)), method);
  EXPECT_FALSE(isoflop_method_from_name("spline"));
}

}  // namespace
}  // namespace isoflop
