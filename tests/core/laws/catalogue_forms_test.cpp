// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "core/laws/forms.h"
#include "support/law_points.h"
#include "support/role_values.h"

namespace isoflop {
namespace {

using test::Form;
using test::Named;
using test::Point;
constexpr double kPfDay = 8.64e19;

double power(double base, double exponent) {
  return std::pow(base, exponent);
}

// Clark et al. 2022: 1/E_hat = 1/(E - 1 + 1/(1/E_start - 1/E_max)) + 1/E_max.
double effective_experts(const Point& x) {
  const double offset = x("E_start") * x("E_max") / (x("E_max") - x("E_start"));
  const double shifted = x("E") - 1 + offset;
  return shifted * x("E_max") / (shifted + x("E_max"));
}

double chinchilla(const Point& x) {
  return x("E") + x("A") * power(x("N"), -x("alpha")) + x("B") * power(x("D"), -x("beta"));
}

double power_of_compute(const Point& x) {
  return x("A") * power(x("C"), -x("alpha"));
}

double share(double bits, double gamma) {
  return -std::expm1(-bits / gamma);
}

double precision(const Point& x, bool unified) {
  const double n_eff =
      x("N") * share(x("P_w"), x("gamma_w")) * share(x("P_a"), x("gamma_a")) * share(x("P_kv"), x("gamma_kv"));
  double harm = x("C_T") * power(x("D"), x("gamma_D")) * std::exp(-x("P_post") / x("gamma_post"));
  if (!unified) {
    harm /= power(x("N"), x("gamma_N"));
  } else {
    harm /= power(n_eff, x("gamma_N"));
    for (const std::string part : {"w", "a", "kv"}) {
      const double bits = x("P_" + part), post = x("P_post");
      harm *= bits > post ? 1 - std::exp(-x("C_" + part) * (bits - post)) : 0;
    }
  }
  return x("A") * power(n_eff, -x("alpha")) + x("B") * power(x("D"), -x("beta")) + x("E") + harm;
}

double broken(const Point& x, int breaks) {
  double product = 1;
  for (int i = 1; i <= breaks; ++i) {
    const std::string k = std::to_string(i);
    product *= power(1 + power(x("x") / x("d_" + k), 1 / x("f_" + k)), -x("c_" + k) * x("f_" + k));
  }
  return x("a") + x("b") * power(x("x"), -x("c_0")) * product;
}

double upcycled(const Point& x) {
  return x("A") * power(x("D_1"), -x("alpha_1")) * power(x("D_2"), -x("alpha_2") + x("alpha_3") * std::log(x("D_1"))) +
         x("E");
}

// Where g changes sign, from negative at low to positive at high.
double root(double low, double high, const std::function<double(double)>& g) {
  for (int i = 0; i < 300; ++i) {
    const double middle = low + (high - low) / 2;
    (g(middle) > 0 ? high : low) = middle;
  }
  return low;
}

// Goyal et al. 2024: epoch after epoch, each with half the utility of the one tau epochs before.
double worn_out(const Point& x) {
  const double epochs = x("E");
  double y = x("a");
  for (int k = 1; k <= 10; ++k) {
    const double before = k - 1.0, after = k < 10 ? std::min<double>(k, epochs) : epochs;
    if (after <= before && k > 1) break;
    const double utility = x("b") * std::exp2(-k / x("tau"));
    y *= k == 1 ? power(x("n") * after, utility) : power(after / before, utility);
  }
  return y + x("d");
}

// Su et al. 2024: the steps that count need the loss, so the two take turns until they agree.
double with_critical_batch(const Point& x) {
  const double size = power(x("N_c") / x("N"), x("alpha_N"));
  double loss = 2 * size;
  for (int i = 0; i < 2000; ++i) {
    const double critical = x("B_s") / power(loss, 1 / x("alpha_B"));
    const double steps = x("S") / (1 + critical / x("B"));
    // Half-way, since the two may overshoot each other.
    loss = std::sqrt(loss * (size + power(x("S_c") / steps, x("alpha_S"))));
  }
  return loss;
}

// The laws of loss but the first four a second time, as the paper writes them.
const std::map<std::string, Form>& loss_forms() {
  static const std::map<std::string, Form> all{
      {"powerlaw-data", [](const Point& x) { return x("a") * power(x("D"), x("b")) + x("gamma"); }},
      {"henighan-params", [](const Point& x) { return x("L_inf") + power(x("N") / x("N_0"), -x("alpha_N")); }},
      {"henighan-compute",
       [](const Point& x) { return x("L_inf") + power(x("C") / kPfDay / x("C_0"), -x("alpha_C")); }},
      {"kaplan-params", [](const Point& x) { return power(x("N_c") / x("N"), x("alpha_N")); }},
      {"kaplan-tokens", [](const Point& x) { return power(x("D_c") / x("D"), x("alpha_D")); }},
      {"kaplan-compute", [](const Point& x) { return power(x("C_c") / (x("C") / kPfDay), x("alpha_C")); }},
      {"kaplan-steps",
       [](const Point& x) { return power(x("N_c") / x("N"), x("alpha_N")) + power(x("S_c") / x("S"), x("alpha_S")); }},
      {"rosenfeld",
       [](const Point& x) {
         const double e = x("a") * power(x("D"), -x("alpha")) + x("b") * power(x("N"), -x("beta")) + x("c");
         return x("e_0") * e / std::hypot(e, x("eta"));
       }},
      {"gadre-overtraining",
       [](const Point& x) {
         const double c = 6 * x("N") * x("D"), m = x("D") / x("N"), eta = x("eta");
         return x("E") + (x("a") * power(m, eta) + x("b") * power(m, -eta)) * power(c, -eta);
       }},
      {"kim-regularized", [](const Point& x) { return x("A_D") / power(x("N") * 1e-9, x("alpha_D")) + x("E_D"); }},
      {"kim-ensemble", [](const Point& x) { return x("E_K") + x("B_K") / x("K"); }},
      {"abnar-sparsity",
       [](const Point& x) {
         const double active = 1 - x("S");
         return x("a") / power(x("N"), x("alpha")) + x("b") / power(x("D"), x("beta")) +
                x("c") / power(active, x("lambda")) + x("d") / (power(active, x("delta")) * power(x("N"), x("gamma"))) +
                x("e");
       }},
      {"joint-moe",
       [](const Point& x) {
         const double e = effective_experts(x);
         return x("a") * power(e, x("delta")) * power(x("N"), x("alpha") + x("gamma") * std::log(e)) +
                x("b") * power(e, x("omega")) * power(x("D"), x("beta") + x("zeta") * std::log(e)) + x("c");
       }},
      {"clark-routed",
       [](const Point& x) {
         const double n = std::log10(x("N")), e = std::log10(effective_experts(x));
         return power(10, x("a") * n + x("b") * e + x("c") * n * e + x("d"));
       }},
      {"krajewski-granularity",
       [](const Point& x) {
         return x("c") + (x("g") / power(x("G"), x("gamma")) + x("a")) / power(x("N"), x("alpha")) +
                x("b") / power(x("D"), x("beta"));
       }},
      {"yun-inference-moe",
       [](const Point& x) {
         const double e = effective_experts(x);
         return std::exp(std::log(x("A") / power(x("N"), x("alpha")) + x("B") / power(e, x("beta")) +
                                  x("G") / power(x("D"), x("gamma")) + x("F")) +
                         x("d") * std::log(x("N")) * std::log(e));
       }},
      {"zhao-comprehensive-moe",
       [](const Point& x) {
         const double g = x("G"), s = x("S"), n = x("N"), na = x("N_a"), alpha = x("alpha");
         return (x("e") * g + x("f") / g + x("m") * s * s + x("n") * s) *
                    (1 / power(n, alpha) + x("k") / power(na, alpha) + x("h") * na / n) +
                x("a") / power(n, alpha) + x("b") / power(x("D"), x("beta")) + x("c") / power(na, alpha) + x("eps");
       }},
      {"frantar-sparsity",
       [](const Point& x) {
         return (x("a_S") * power(1 - x("S"), x("b_S")) + x("c_S")) * power(1 / x("N"), x("b_N")) +
                power(x("a_D") / x("D"), x("b_D")) + x("c");
       }},
      {"kumar-precision", [](const Point& x) { return precision(x, false); }},
      {"kumar-unified", [](const Point& x) { return precision(x, true); }},
      {"jin-average-params", chinchilla},
      {"liew-upcycling", upcycled},
      {"liew-upcycling-size", [](const Point& x) { return upcycled(x) + x("B") * power(x("N_2"), -x("b")); }},
      {"tao-vocabulary",
       [](const Point& x) {
         const double v = std::log(std::min(x("V"), 2e5) / 1e3);
         const double text = x("H") / 1e9 * (.00639222 * v * v - .15811069 * v + 1.20470122);
         return -x("E") + x("A_1") / power(x("N") / 1e6, x("beta")) + x("A_2") / power(x("N_v") / 1e6, x("alpha_2")) +
                x("B") / power(text, x("beta"));
       }},
      {"minicpm",
       [](const Point& x) {
         return x("C_N") * power(x("N") / 1e9, -x("alpha")) + x("C_D") * power(x("D") / 1e9, -x("beta")) + x("L_0");
       }},
      {"cerebras-gpt", [](const Point& x) { return power(x("C") / x("C_0"), -x("alpha")) + x("L_inf"); }},
      {"guo-unified", [](const Point& x) { return x("k") * std::log(x("C")) + x("b"); }},
      {"dit-image", power_of_compute},
      {"dit-image-fid", power_of_compute},
      {"smdm", [](const Point& x) { return std::exp(x("beta") + x("alpha") * std::log(x("C"))); }},
      {"hernandez-transfer",
       [](const Point& x) { return x("k") * power(x("D_F"), x("alpha")) * power(x("N"), x("beta")); }},
      {"hernandez-transfer-loss",
       [](const Point& x) {
         const double transferred = power(x("D_F"), x("alpha")) * power(x("N"), x("beta"));
         return power(power(x("N_c") / x("N"), x("alpha_N") / x("alpha_D")) + x("q") / transferred, x("alpha_D"));
       }},
      {"rectified-finetuning",
       [](const Point& x) {
         const double b_0 = -std::log(x("D_l")), top = x("B") / x("D_l");
         return top / (1 + std::exp(x("beta") * std::log(x("D")) + b_0)) + x("E");
       }},
      {"pearce-song-params", [](const Point& x) { return x("N") + x("omega") * std::cbrt(x("N")); }},
      {"bnsl", [](const Point& x) { return broken(x, 1); }},
      {"bnsl-2", [](const Point& x) { return broken(x, 2); }},
      {"alabdulmohsin-m1", [](const Point& x) { return x("b") * power(x("x"), x("c")); }},
      {"alabdulmohsin-m3", [](const Point& x) { return x("b") * power(1 / x("x") + x("gamma"), -x("c")); }},
      {"alabdulmohsin-m4",
       [](const Point& x) {
         const double right = std::log(x("b")) + x("c") * std::log(x("x"));
         return root(x("e_inf"), x("e_0"),
                     [&](double e) { return std::log(e - x("e_inf")) - x("alpha") * std::log(x("e_0") - e) - right; });
       }},
      {"su-unravel", with_critical_batch},
      {"ziarko-embedding",
       [](const Point& x) {
         return x("E") + x("A") * power(x("N"), -x("alpha")) +
                x("F") * power(x("f"), x("phi")) * power(x("N"), -x("alpha")) + x("B") * power(x("D"), -x("beta"));
       }},
      {"data-mixing",
       [](const Point& x) {
         double sum = 0;
         for (const std::string part : {"[mix_a]", "[mix_b]", "[mix_c]"}) sum += x("t" + part) * x("r" + part);
         return x("c") + x("k") * std::exp(sum);
       }},
      {"goyal-filtering", worn_out},
      {"chang-quality",
       [](const Point& x) {
         const double log_tokens = std::log(x("D")) + x("q_0") + x("q_1") * x("d") + x("q_2") * x("s");
         return x("E") + x("A") * power(x("N"), -x("alpha")) + x("B") * std::exp(-x("beta") * log_tokens);
       }},
      {"dit-video", chinchilla},
      {"farseer",
       [](const Point& x) {
         const double n = x("N");
         return std::exp(x("s") * power(n, x("q")) + x("S")) +
                std::exp(x("B") * power(n, x("b")) + x("Q") -
                         std::exp(x("A") * power(n, x("a")) + x("E")) * std::log(x("D")));
       }},
      {"ho-algorithmic-progress",
       [](const Point& x) {
         const double t = x("Y") - 2020;
         return x("E") + x("A") * power(x("N"), -x("alpha")) * std::exp(-x("alpha_Y") * t) +
                x("B") * power(x("D"), -x("beta")) * std::exp(-x("beta_Y") * t);
       }},
      {"busbridge-distillation",
       [](const Point& x) {
         const double ratio = x("L_T") / (x("L_S") * x("d_1"));
         return x("L_T") +
                power(x("L_T"), -x("c_0")) * power(1 + power(ratio, 1 / x("f_1")), -x("c_1") * x("f_1")) *
                    power(x("A") / power(x("N"), x("alpha")) + x("B") / power(x("D"), x("beta")), x("gamma"));
       }},
      {"mixed-modal", chinchilla},
      {"mixed-modal-pair",
       [](const Point& x) {
         return (x("L_i") + x("L_j")) / 2 - x("C_ij") + x("A_ij") / power(x("N"), x("alpha_ij")) +
                x("B_ij") / power(x("D_i") + x("D_j"), x("beta_ij"));
       }},
      {"linear-complexity", [](const Point& x) { return x("A") * power(x("C") / kPfDay, -x("alpha")); }},
      {"xiong-context", [](const Point& x) { return power(x("alpha") / x("c"), x("beta")) + x("gamma"); }},
      {"cherti-clip", [](const Point& x) { return x("beta") * power(x("C"), x("alpha")); }},
      {"zhai-vit", [](const Point& x) { return x("a") * power(x("C") + x("d"), -x("b")) + x("c"); }},
      {"gqa", [](const Point& x) { return power(x("a") / x("N"), x("b")) + x("E"); }},
  };
  return all;
}

const std::map<std::string, Form>& forms() {
  static const std::map<std::string, Form> all = [] {
    std::map<std::string, Form> together = loss_forms();
    for (const auto* part :
         {&test::allocation_forms(), &test::hyperparameter_forms(), &test::inference_forms(), &test::task_forms()})
      together.insert(part->begin(), part->end());
    return together;
  }();
  return all;
}

// Published coefficients, the middle of the starts, and both shifted so that nothing holds by coincidence.
std::vector<std::vector<double>> coefficients(const Law& law) {
  std::vector<std::vector<double>> result{test::middle_of_starts(law)};
  for (const CoefficientSet& set : law.sets) result.push_back(set.values);
  for (std::size_t i = result.size(); i-- > 0;) {
    std::vector<double> shifted = result[i];
    for (std::size_t j = 0; j < shifted.size(); ++j) shifted[j] *= 1 + 0.02 * static_cast<double>(j + 1);
    result.push_back(shifted);
  }
  return result;
}

TEST(CatalogueForms, AgreeWithTheFormulasWrittenByHand) {
  for (const auto& [id, form] : forms()) {
    const Law* law = test::shipped_laws().find(id);
    ASSERT_NE(law, nullptr) << id;
    for (const std::vector<double>& theta : coefficients(*law)) {
      for (std::size_t k = 0; k < 9; ++k) {
        Named point;
        std::size_t turn = k;
        // Small, usual and large values against each other, not only together.
        for (const LawVariable& variable : law->variables) {
          point[variable.symbol] = test::role_values(variable.role)[turn % 3];
          turn = turn / 3 + k;
        }
        Named all = test::named_parameters(*law, theta);
        all.insert(point.begin(), point.end());
        const double expected = form(Point(all));
        EXPECT_NEAR(test::predict(*law, point, theta), expected, 1e-11 * std::abs(expected)) << id << " point " << k;
      }
    }
  }
}

TEST(CatalogueForms, CoverEveryLawThatIsNotCheckedElsewhere) {
  const std::set<std::string> elsewhere{"chinchilla", "chinchilla-tied", "kaplan", "data-constrained"};
  for (const Law& law : test::shipped_laws().laws)
    EXPECT_EQ(forms().count(law.id) + elsewhere.count(law.id), 1u) << "write " << law.id << " by hand here";
}

// Without a number of bits nothing is rounded: as with very many bits.
TEST(CatalogueForms, PrecisionWithoutLimitIsTheDefault) {
  for (const std::string id : {"kumar-precision", "kumar-unified"}) {
    const Law& law = *test::shipped_laws().find(id);
    const std::vector<double> theta = test::middle_of_starts(law);
    Named many{{"N", 1e8}, {"D", 1e10}, {"P_w", 500}, {"P_a", 500}, {"P_kv", 500}, {"P_post", 500}};
    EXPECT_DOUBLE_EQ(test::predict(law, {{"N", 1e8}, {"D", 1e10}}, theta), test::predict(law, many, theta)) << id;
  }
}

}  // namespace
}  // namespace isoflop
