// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/laws/forms.h"

namespace isoflop::test {

const std::map<std::string, Form>& task_forms() {
  using std::pow;
  static const std::map<std::string, Form> all{
      {"gadre-downstream", [](const Point& x) { return x("epsilon") - x("k") * std::exp(-x("gamma") * x("L")); }},
      {"ladder-task-loss",
       [](const Point& x) { return x("A") * pow(x("N"), -x("alpha")) + x("B") * pow(x("D"), -x("beta")) + x("E"); }},
      {"ladder-accuracy",
       [](const Point& x) { return x("b") + x("a") / 2 * (1 + std::tanh(x("k") * (x("L") - x("L_0")) / 2)); }},
      {"densing-loss",
       [](const Point& x) { return x("a") * pow(x("N"), -x("alpha")) + x("b") * pow(x("D"), -x("beta")); }},
      {"densing-performance",
       [](const Point& x) { return x("d") + x("c") / 2 * (1 + std::tanh(x("gamma") * (x("L") - x("l")) / 2)); }},
      {"densing-loss-of-performance",
       [](const Point& x) {
         const double share = (x("S") - x("d")) / x("c");
         return x("l") + std::log(share / (1 - share)) / x("gamma");
       }},
      {"densing-params",
       [](const Point& x) { return pow(x("a") / (x("L") - x("b") * pow(x("D"), -x("beta"))), 1 / x("alpha")); }},
      {"densing-trend", [](const Point& x) { return std::exp(x("A") * x("t")) * std::exp(x("B")); }},
      {"densing-growth", [](const Point& x) { return std::exp(x("A") * x("t") - x("A") * x("t_1")) * x("rho_1"); }},
      {"observational-accuracy",
       [](const Point& x) {
         const double logit = x("beta_1") * x("S_1") + x("beta_2") * x("S_2") + x("beta_3") * x("S_3") + x("alpha");
         return (1 + std::tanh(logit / 2)) / 2;
       }},
      {"observational-capability", [](const Point& x) { return x("nu") + x("theta") * std::log(x("C")); }},
      {"llama3-task-loss", [](const Point& x) { return x("a") + x("b") * std::log(x("C")) / std::log(10.0); }},
      {"llama3-accuracy",
       [](const Point& x) {
         const double share = 1 / (1 + std::exp(x("k") * (x("L") - x("L_0"))));
         return x("ceiling") * share + x("floor") * (1 - share);
       }},
      {"owen-benchmark",
       [](const Point& x) {
         const double wrong = (1 - x("g")) / (1 + std::exp(x("a") * std::log10(x("C")) + x("b")));
         return 1 - wrong;
       }},
      {"passuntil", [](const Point& x) { return std::exp(-x("c") / pow(x("N"), x("alpha"))); }},
      {"isik-translation",
       [](const Point& x) { return pow(std::log(x("A")) + x("alpha") * std::log(x("D")), x("beta")); }},
      {"exact-match", [](const Point& x) { return pow(std::exp(-x("L")), x("s") * x("k")); }},
  };
  return all;
}

}  // namespace isoflop::test
