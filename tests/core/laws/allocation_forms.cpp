// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/laws/forms.h"

namespace isoflop::test {

const std::map<std::string, Form>& allocation_forms() {
  using std::exp;
  using std::log;
  using std::pow;
  constexpr double kPfDay = 8.64e19;
  static const std::map<std::string, Form> all{
      {"hestness-model-size", [](const Point& x) { return x("s_0") * pow(x("D"), x("b_p")); }},
      {"henighan-allocation", [](const Point& x) { return exp(x("b") * (log(x("C") / kPfDay) - log(x("C_k")))); }},
      // N D = C / 6 and N / D = K^2 (C / 6)^eta with N and D in billions: N^2 is their product.
      {"minicpm-allocation",
       [](const Point& x) {
         const double product = x("C") / 6e18, ratio = x("K_squared") * pow(product, x("eta"));
         return 1e9 * pow(product * ratio, 0.5);
       }},
      {"deepseek-allocation", [](const Point& x) { return x("k_M") / 6 * exp(x("a") * log(x("C"))); }},
      {"llama3-allocation", [](const Point& x) { return x("A") * exp(x("alpha") * log(x("C"))); }},
      {"dit-video-allocation", [](const Point& x) { return x("k_N") * exp(x("a") * log(x("C"))); }},
      {"agents-allocation", [](const Point& x) { return x("a_0") * exp(x("a") * log(x("C"))); }},
      {"agents-allocation-transfer",
       [](const Point& x) { return x("N_1") * exp(x("a") * (log(x("C")) - log(x("C_1")))); }},
      {"protein-allocation", [](const Point& x) { return x("k") * exp(x("a") * log(x("C"))); }},
      {"linear-complexity-allocation", [](const Point& x) { return x("k_N") * pow(x("C") / kPfDay, x("a")); }},
  };
  return all;
}

}  // namespace isoflop::test
