// SPDX-License-Identifier: Apache-2.0
#include "core/theory/sgd_dynamics.h"

#include <algorithm>
#include <cmath>

namespace isoflop {
namespace {

Status check(const SgdProblem& problem, std::span<const double> steps, double resolution) {
  if (problem.lambda.size() != problem.distance.size())
    return invalid_argument("each eigenvalue needs a distance", "lambda");
  for (const double lambda : problem.lambda)
    if (!(lambda > 0 && std::isfinite(lambda))) return invalid_argument("eigenvalues must be positive", "lambda");
  if (!(problem.rate > 0 && problem.batch >= 1))
    return invalid_argument("the rate must be positive, and a batch has a sample or more", "rate");
  const double gain = noise_gain(problem);
  if (!(gain < 1)) return invalid_argument("SGD diverges at this rate: lower it, or take larger batches", "rate");
  if (!(resolution >= 0 && resolution <= 1))
    return invalid_argument("the resolution is a share from 0 to 1", "resolution");
  double before = 0;
  for (const double step : steps) {
    if (!(step >= before && step == std::floor(step) && step <= 1e15))
      return invalid_argument("steps must be whole, increasing and at most 1e15", "steps");
    before = step;
  }
  return Done{};
}

// sum_{s<n} rho^(n-1-s) and sum_{s<n} s rho^(n-1-s), with rho = 1 - a.
struct Sums {
  double power = 0, plain = 0, linear = 0;  // rho^n and the two
};
Sums sums_of(double a, double n) {
  Sums sums;
  const double log_power = n * std::log1p(-a);
  sums.power = std::exp(log_power);
  sums.plain = -std::expm1(log_power) / a;
  // The closed form cancels where a n is small.
  sums.linear = a * n > 1e-3 ? (n - sums.plain) / a : n * (n - 1) / 2 * (1 - a * (n - 2) / 3);
  return sums;
}

}  // namespace

double noise_gain(const SgdProblem& problem) {
  double gain = 0;
  for (const double lambda : problem.lambda) {
    const double x = problem.rate * lambda, left = 2 - x * (problem.batch + 1) / problem.batch;
    if (!(left > 0)) return INFINITY;
    gain += x / problem.batch / left;
  }
  return gain;
}

Result<std::vector<double>> sgd_losses(const SgdProblem& problem, std::span<const double> steps, double resolution) {
  if (auto status = check(problem, steps, resolution); !status) return status.error();
  const std::size_t count = problem.lambda.size();
  std::vector<double> c = problem.distance, shrink(count), noise(count);
  double loss = problem.floor;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = problem.rate * problem.lambda[i];
    shrink[i] = x * (2 - x * (problem.batch + 1) / problem.batch);  // 1 - rho
    noise[i] = problem.rate * x / problem.batch;
    loss += problem.lambda[i] * c[i];
  }
  std::vector<double> losses, linear(count);
  double now = 0;
  for (const double target : steps) {
    while (now < target) {
      const double n = std::min(target - now, std::max(1.0, std::floor(resolution * now)));
      // Over the block P(s) = P0 + (P1 - P0) s / n, and P1 is what comes out.
      double known = problem.floor, gain = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (n == 1) {
          c[i] += -shrink[i] * c[i] + noise[i] * loss;
        } else {
          const Sums sums = sums_of(shrink[i], n);
          linear[i] = noise[i] * sums.linear / n;
          c[i] = sums.power * c[i] + (noise[i] * sums.plain - linear[i]) * loss;
          gain += problem.lambda[i] * linear[i];
        }
        known += problem.lambda[i] * c[i];
      }
      loss = known / (1 - gain);
      if (n > 1)
        for (std::size_t i = 0; i < count; ++i) c[i] += linear[i] * loss;
      now += n;
    }
    losses.push_back(loss);
  }
  return losses;
}

std::vector<double> flow_losses(const SgdProblem& problem, std::span<const double> times) {
  std::vector<double> losses;
  for (const double t : times) {
    double loss = problem.floor;
    for (std::size_t i = 0; i < problem.lambda.size(); ++i)
      loss += problem.lambda[i] * problem.distance[i] * std::exp(-2 * problem.lambda[i] * t);
    losses.push_back(loss);
  }
  return losses;
}

}  // namespace isoflop
