// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <vector>

namespace isoflop {

// Random features of power-law latents in the limit of many features, where the loss no longer depends on the draw:
// latents j = 1, 2, ... with variance j^-spectrum and signal j^-signal (variance of the target along them), projected
// on `features` random directions as in random_features(). Their number is limited only by `latents`, as neighbours of
// large j are taken together.
struct PowerLawFeatures {
  double spectrum = 2, signal = 2.6;  // not 1; signal > 1, and spectrum too where latents is as good as infinite
  double features = 1;
  double latents = 1e12;
};

// The expected loss of SGD with batch m and small rate eta after r steps, or of gradient flow, from the Laplace
// transform in tau = 2 eta r of its Volterra equation (Paquette et al. 2024, arXiv:2405.15074; Bordelon et al. 2024,
// arXiv:2402.01092):
//   P^(s) = F^(s) / (1 - g (Tr K - s Tr K (K+s)^-1)),   F^(s) = sum_j signal_j / (variance_j m(s) + s),
//   m + (1 / features) sum_j variance_j m / (variance_j m + s) = 1,   Tr K (K+s)^-1 = features (1 - m),
// inverted on Talbot's contour (Abate and Valko 2004). g = eta / (2 m), and `gain` = g Tr K in [0, 1) is the share of
// the loss that the steps' noise keeps up; 0 is gradient flow. Not for steps of large eta: SGD's (1 - eta lambda)^2 is
// exp(-2 eta lambda) here.
class RandomFeatureLoss {
 public:
  RandomFeatureLoss(const PowerLawFeatures& features, double gain);

  // Sum of the latents' variances, Tr K.
  double trace() const { return trace_; }
  // P at tau >= 0.
  double at(double tau) const;
  // P after any time: the floor, F with the gain of the noise.
  double at_rest() const;

 private:
  std::complex<double> transform(std::complex<double> s, std::complex<double>& m) const;
  void solve(std::complex<double> s, std::complex<double>& m) const;
  double solve_real(double s) const;

  double features_, gain_, trace_ = 0, power_ = 0;
  std::vector<double> count_, variance_, signal_;  // of groups of latents: how many, mean variance, summed signal
};

}  // namespace isoflop
