// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// Linear regression on Gaussian features by one-pass SGD with the mean gradient of a batch of m fresh samples. Along
// the eigenvectors of the features' covariance, with eigenvalues lambda_i and c_i the expected squared distance of the
// weights from the best ones, the expected loss is P = floor + sum lambda_i c_i and, exactly,
//   c_i' = [(1 - eta lambda_i)^2 + (eta lambda_i)^2 / m] c_i + eta^2 lambda_i P / m
// (Bordelon and Pehlevan 2021, arXiv:2106.02713; Paquette et al. 2024, arXiv:2405.15074, whose Volterra equation is its
// sum). `floor` is what no weights explain: independent noise, and the target outside the features' span.
struct SgdProblem {
  std::vector<double> lambda;    // > 0
  std::vector<double> distance;  // c_i before the first step
  double floor = 0;
  double rate = 0;   // eta
  double batch = 1;  // m
};

// The share of the loss that noise of the steps keeps up for ever, sum (eta lambda / m) / (2 - eta lambda (m+1) / m):
// SGD converges where all terms are positive and it is below 1.
double noise_gain(const SgdProblem& problem);

// The expected loss after each of the steps given, increasing, 0 allowed. `resolution` > 0: blocks of steps grow to
// that share of the steps so far, with the loss linear within a block and everything else exact: error of second order,
// below 1e-4 of the loss for 1/32, and the work grows with the logarithm of the steps. 0: every step by itself,
// exactly. Errors: kInvalidArgument for steps out of order, shapes, rates for which SGD diverges.
Result<std::vector<double>> sgd_losses(const SgdProblem& problem, std::span<const double> steps,
                                       double resolution = 1.0 / 32);

// The same for gradient flow on the population, P(t) = floor + sum lambda_i c_i exp(-2 lambda_i t): no noise, any t >=
// 0.
std::vector<double> flow_losses(const SgdProblem& problem, std::span<const double> times);

}  // namespace isoflop
