// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "core/laws/forms.h"

namespace isoflop::test {

const std::map<std::string, Form>& inference_forms() {
  using std::pow;
  static const std::map<std::string, Form> all{
      {"brown-coverage", [](const Point& x) { return std::exp(x("a") * pow(x("k"), x("b"))); }},
      // Training costs r times serving per token: (r D_pre + D_inf) M serves as much as D_inf with the multiplier.
      {"snell-exchange",
       [](const Point& x) {
         const double before = x("r") * x("D_pre") + x("D_inf"), after = x("M") * before;
         return (after - x("r") * x("D_pre")) / x("D_inf");
       }},
      {"rag-inference",
       [](const Point& x) {
         const double logit = (x("a_doc") + x("b_doc") * x("i_doc")) * std::log(x("k") + x("epsilon")) +
                              (x("a_shot") + x("b_shot") * x("i_shot")) * std::log(x("m") + x("epsilon")) +
                              x("a_iter") * std::log(x("n") + x("epsilon")) + x("c");
         return 1 / (1 + std::exp(-logit));
       }},
      {"jones-elo",
       [](const Point& x) {
         const double plateau = x("p_s") * x("s") + x("p_0");
         const double incline = x("i_C") * std::log10(x("C")) + x("i_s") * x("s") + x("i_0");
         return std::clamp(incline, std::min(plateau, 0.0), 0.0);
       }},
      {"jones-train-test", [](const Point& x) { return pow(x("C"), x("a")) * pow(10, x("b") * x("R") + x("c")); }},
      {"gao-best-of-n", [](const Point& x) { return x("alpha") * std::sqrt(x("K")) - x("beta") * x("K"); }},
      {"gao-rl", [](const Point& x) { return std::sqrt(x("K")) * (x("alpha") - x("beta") * std::log(x("K")) / 2); }},
      {"khatri-rl-compute",
       [](const Point& x) { return x("R_0") + (x("A") - x("R_0")) / (1 + pow(x("C_mid") / x("C"), x("B"))); }},
      {"rl-post-training",
       [](const Point& x) {
         const double k = x("K_max") * x("N") / (x("N") + x("N_0"));
         return std::exp(x("e_0")) * pow(x("N"), -x("e_1")) * pow(x("X"), -k);
       }},
      {"rybkin-data", [](const Point& x) { return x("D_min") + x("D_min") * pow(x("s") / x("b_J"), -x("a_J")); }},
      {"rybkin-batch", [](const Point& x) { return x("k") / pow(x("s"), x("a")); }},
      {"rybkin-learning-rate", [](const Point& x) { return x("k") / pow(x("s"), x("a")); }},
  };
  return all;
}

}  // namespace isoflop::test
