// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "core/laws/forms.h"

namespace isoflop::test {
namespace {

// Known value of y at x_1, carried to x.
double carried(double known, double x, double x_1, double exponent) {
  return known * std::exp(exponent * (std::log(x) - std::log(x_1)));
}

}  // namespace

const std::map<std::string, Form>& hyperparameter_forms() {
  using std::pow;
  static const std::map<std::string, Form> all{
      {"mccandlish-steps", [](const Point& x) { return x("S_min") + x("S_min") * x("B_crit") / x("B"); }},
      {"mccandlish-examples", [](const Point& x) { return x("E_min") + x("E_min") / x("B_crit") * x("B"); }},
      // Solved for S: S / S_min - 1 = 1 / (E / E_min - 1).
      {"mccandlish-tradeoff", [](const Point& x) { return x("S_min") * x("E") / (x("E") - x("E_min")); }},
      {"mccandlish-learning-rate", [](const Point& x) { return x("epsilon_max") * x("B") / (x("B") + x("B_noise")); }},
      {"kaplan-critical-batch", [](const Point& x) { return x("B_star") * pow(x("L"), -1 / x("alpha_B")); }},
      {"zhang-critical-batch", [](const Point& x) { return x("k") * pow(x("D"), x("gamma")); }},
      {"zhang-critical-batch-params", [](const Point& x) { return x("k") * pow(x("N"), x("gamma")); }},
      {"zhang-critical-batch-transfer", [](const Point& x) { return carried(x("B_1"), x("D"), x("D_1"), x("gamma")); }},
      {"power-lines-timescale", [](const Point& x) { return x("c") * pow(x("D") / x("N"), -x("m")); }},
      {"power-lines-weight-decay",
       [](const Point& x) {
         const double timescale = x("c") / pow(x("D") / x("N"), x("m"));
         return x("B") / (x("eta") * timescale * x("D"));
       }},
      {"time-transfer-batch", [](const Point& x) { return carried(x("B_1"), x("T"), x("T_1"), x("gamma")); }},
      {"time-transfer-learning-rate", [](const Point& x) { return carried(x("eta_1"), x("T"), x("T_1"), x("gamma")); }},
      {"surge-learning-rate",
       [](const Point& x) {
         const double root = std::sqrt(x("B_noise") / x("B"));
         return 2 * x("eta_max") / (root + 1 / root);
       }},
      {"shuai-steps-transfer", [](const Point& x) { return carried(x("S_1"), x("C"), x("C_1"), x("gamma")); }},
      {"shuai-batch-transfer", [](const Point& x) { return carried(x("B_1"), x("C"), x("C_1"), x("gamma")); }},
      {"shuai-learning-rate", [](const Point& x) { return x("k") * pow(x("B"), x("g")); }},
      {"bjorck-learning-rate",
       [](const Point& x) { return x("kappa") * pow(x("N"), -x("alpha")) * pow(x("D"), -x("beta")); }},
      {"bjorck-transfer", [](const Point& x) { return carried(x("eta_1"), x("D"), x("D_1"), -x("beta")); }},
      {"power-scheduler", [](const Point& x) { return std::min(x("eta_max"), x("B") * x("a") * pow(x("n"), x("b"))); }},
      {"deepseek-learning-rate", [](const Point& x) { return x("k") * pow(x("C"), -x("gamma")); }},
      {"deepseek-batch", [](const Point& x) { return x("k") * pow(x("C"), x("gamma")); }},
      {"porian-learning-rate", [](const Point& x) { return x("k") * pow(x("N"), -x("gamma")); }},
      {"porian-batch", [](const Point& x) { return x("k") * pow(x("N"), x("gamma")); }},
      {"minicpm-batch", [](const Point& x) { return x("k") * pow(x("L"), -x("m")); }},
      {"step-law-learning-rate",
       [](const Point& x) { return x("c") * pow(x("N"), x("alpha")) * pow(x("D"), x("beta")); }},
      {"step-law-batch", [](const Point& x) { return x("k") * pow(x("D"), x("gamma")); }},
      {"mm1-learning-rate", [](const Point& x) { return std::exp(x("b")) * pow(x("N"), x("a")); }},
      {"ema-scaling", [](const Point& x) { return std::exp(std::log(x("rho")) * pow(x("kappa"), x("p"))); }},
      {"norm-test-batch", [](const Point& x) { return x("v") / x("g") / pow(x("vartheta"), 2); }},
      {"mup-learning-rate", [](const Point& x) { return carried(x("eta_1"), x("d"), x("d_1"), -x("p")); }},
      {"mu-scaling", [](const Point& x) { return x("c") + x("a") * std::exp(x("b") * std::log(x("N"))); }},
      {"dit-video-batch",
       [](const Point& x) {
         return x("k_B") * std::exp(x("beta_B") * std::log(x("D") / 1e9) + x("gamma_B") * std::log(x("N") / 1e9));
       }},
      {"dit-video-learning-rate",
       [](const Point& x) {
         return x("k_eta") * std::exp(x("beta_eta") * std::log(x("D") / 1e9) + x("gamma_eta") * std::log(x("N") / 1e9));
       }},
      {"granziol-learning-rate",
       [](const Point& x) {
         return x("B") < x("B_max") ? x("k") * pow(x("B"), x("p")) : x("k") * pow(x("B_max"), x("p"));
       }},
  };
  return all;
}

}  // namespace isoflop::test
