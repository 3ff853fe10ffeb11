// SPDX-License-Identifier: Apache-2.0
// How often nominal 95% intervals of the isoFLOP methods hold the truth, by simulation: runs of nine budgets on the
// surface 1.8 + 480 / N^.35 + 2100 / D^.37 with known noise, and training curves on the same surface for the envelope.
//   isoflop_coverage_bench [data sets = 400] [resamples = 400]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/fit/envelope.h"
#include "core/fit/isoflop_minima.h"

namespace {

using namespace isoflop;

constexpr double kE = 1.8, kA = 480, kB = 2100, kAlpha = .35, kBeta = .37, kNoise = .004;
constexpr double kExponent = kBeta / (kAlpha + kBeta);
constexpr double kSpread = 6;  // sizes reach from N* / 6 to about 6 N*

double surface(double params, double tokens) {
  return kE + kA / std::pow(params, kAlpha) + kB / std::pow(tokens, kBeta);
}

double best_params(double flops) {
  return std::pow(kAlpha * kA / (kBeta * kB), 1 / (kAlpha + kBeta)) * std::pow(flops / 6, kExponent);
}

// Of the power law's exponent and, where there are any, of single minima.
struct Tally {
  int sets = 0, held = 0, minima = 0, minima_held = 0;
  double width = 0, squares = 0;

  void add(const PowerLaw& law) {
    const Interval interval = *law.exponent_ci95;
    ++sets;
    held += interval.lower <= kExponent && kExponent <= interval.upper;
    width += interval.upper - interval.lower;
    squares += (law.exponent - kExponent) * (law.exponent - kExponent);
  }

  void add(const IsoflopCurve& curve) {
    if (!curve.accepted || !curve.params_ci95) return;
    const double truth = best_params(curve.flops);
    ++minima;
    minima_held += curve.params_ci95->lower <= truth && truth <= curve.params_ci95->upper;
  }

  void print(const char* what, int sizes) const {
    std::printf("%5d  %-26s %8.3f %8.4f %8.4f", sizes, what, static_cast<double>(held) / sets, width / sets,
                std::sqrt(squares / sets));
    if (minima > 0) std::printf(" %8.3f", static_cast<double>(minima_held) / minima);
    std::printf("\n");
    std::fflush(stdout);
  }
};

void isoflops(const char* what, int sizes, int sets, const IsoflopOptions& options) {
  Tally tally;
  for (int set = 0; set < sets; ++set) {
    Philox random(static_cast<std::uint64_t>(set), 0);
    std::vector<double> params, flops, loss;
    for (const double c : {6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21})
      for (int i = 0; i < sizes; ++i) {
        const double n = best_params(c) * std::pow(kSpread, 2.0 * i / (sizes - 1) - .95);
        params.push_back(n);
        flops.push_back(c);
        loss.push_back(surface(n, c / (6 * n)) + kNoise * random.normal());
      }
    const auto analysis = analyse_isoflops(params, flops, loss, options);
    if (!analysis || !analysis->params || !analysis->params->exponent_ci95) continue;
    tally.add(*analysis->params);
    for (const IsoflopCurve& curve : analysis->curves) tally.add(curve);
  }
  tally.print(what, sizes);
}

void envelopes(int sizes, int sets, int resamples) {
  Tally tally;
  for (int set = 0; set < sets; ++set) {
    Philox random(static_cast<std::uint64_t>(set), 1);
    std::vector<std::size_t> run;
    std::vector<double> params, tokens, flops, loss;
    for (int s = 0; s < sizes; ++s) {
      const double n = 2e7 * std::pow(500.0, s / (sizes - 1.0));
      for (int i = 0; i < 120; ++i) {
        run.push_back(static_cast<std::size_t>(s));
        params.push_back(n);
        tokens.push_back(n * std::pow(10.0, -.5 + 3 * i / 119.0));
        flops.push_back(6 * n * tokens.back());
        loss.push_back(surface(n, tokens.back()) + kNoise * random.normal());
      }
    }
    const auto analysis = analyse_envelope({run, params, tokens, flops, loss},
                                           {.budgets = 300, .smoothing = .1, .resamples = resamples, .seed = 1});
    if (!analysis || !analysis->params || !analysis->params->exponent_ci95) continue;
    tally.add(*analysis->params);
  }
  tally.print("envelope", sizes);
}

}  // namespace

int main(int argc, char** argv) {
  const int sets = argc > 1 ? std::atoi(argv[1]) : 400, resamples = argc > 2 ? std::atoi(argv[2]) : 400;
  std::printf("%5s  %-26s %8s %8s %8s %8s\n", "sizes", "method", "exponent", "width", "rms", "one N*");
  for (const int sizes : {6, 9, 14, 25}) {
    IsoflopOptions options{.resamples = resamples, .seed = 1};
    for (const IsoflopMethod method : {IsoflopMethod::kParabola, IsoflopMethod::kAkima, IsoflopMethod::kLaw}) {
      options.method = method;
      isoflops((std::string(isoflop_method_name(method)) + ", runs drawn").c_str(), sizes,
               method == IsoflopMethod::kLaw ? (sets + 3) / 4 : sets, options);
    }
    options.noise = kNoise;
    options.method = IsoflopMethod::kParabola;
    isoflops("parabola, seed noise", sizes, sets, options);
    options.method = IsoflopMethod::kAkima;
    options.weights = IsoflopWeights::kSpread;
    isoflops("akima, seed noise, spread", sizes, sets, options);
  }
  for (const int sizes : {10, 20, 40}) envelopes(sizes, sets, resamples);
}
