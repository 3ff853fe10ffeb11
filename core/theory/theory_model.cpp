// SPDX-License-Identifier: Apache-2.0
#include "core/theory/theory_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/theory/random_features.h"
#include "core/theory/resolvent.h"
#include "core/theory/solvable.h"

namespace isoflop {
namespace {

using Parameters = std::map<std::string, double>;

constexpr std::array<std::pair<std::string_view, TheoryModel>, 5> kModels{
    {{"plrf", TheoryModel::kPlrf},
     {"dynamical", TheoryModel::kDynamical},
     {"solvable", TheoryModel::kSolvable},
     {"structured-sgd", TheoryModel::kStructuredSgd},
     {"pruning", TheoryModel::kPruning}}};

Error out_of_range(const std::string& name, const std::string& range) {
  return invalid_argument("the parameter " + name + " must be " + range, name);
}

Result<TheorySurface> random_feature_surface(const Parameters& p, bool stochastic) {
  const double spectrum = stochastic ? 2 * p.at("alpha") : p.at("b");
  const double signal = stochastic ? 2 * p.at("alpha") + 2 * p.at("beta") : p.at("a");
  if (!stochastic && !(spectrum > 1 && spectrum < 20)) return out_of_range("b", "above 1 and below 20");
  if (stochastic && !(spectrum > 0 && spectrum != 1 && spectrum < 20))
    return out_of_range("alpha", "above 0, below 10 and not 1/2");
  if (!(signal > 1 && signal < 40))
    return stochastic ? out_of_range("beta", "above 1/2 - alpha") : out_of_range("a", "above 1");
  const double gain = stochastic ? p.at("gain") : 0, batch = stochastic ? p.at("batch") : 1, latents = p.at("latents");
  if (!(gain >= 0 && gain < 1)) return out_of_range("gain", "from 0 to below 1");
  if (!(batch >= 1 && batch == std::floor(batch))) return out_of_range("batch", "a whole number from 1");
  if (!(latents >= 2 && latents <= 1e15)) return out_of_range("latents", "from 2 to 1e15");
  if (stochastic && gain == 0) return out_of_range("gain", "above 0: it sets the learning rate");
  const double ratio = stochastic ? p.at("ratio") : 1;
  if (stochastic && !(ratio > 1 && ratio <= 1000)) return out_of_range("ratio", "above 1 and at most 1000");
  // Where the variances have no finite sum, only so many latents per feature leave a learning rate.
  const bool unbounded = spectrum < 1;
  TheorySurface surface{.largest = latents / (unbounded ? ratio : 1), .batch = batch};
  surface.loss = [=](double params, double tokens) {
    const RandomFeatureLoss loss(
        {.spectrum = spectrum, .signal = signal, .features = params, .latents = unbounded ? ratio * params : latents},
        gain);
    // gain = eta Tr K / (2 m), and tau = 2 eta r with r = tokens / m steps.
    const double rate = stochastic ? 2 * gain * batch / loss.trace() : 1;
    return loss.at(2 * rate * tokens / batch);
  };
  return surface;
}

Result<TheorySurface> solvable_surface(const Parameters& p) {
  const double alpha = p.at("alpha"), latents = p.at("latents");
  if (!(alpha > 0 && alpha < 10)) return out_of_range("alpha", "above 0 and below 10");
  if (!(latents >= 2 && latents <= 1e7)) return out_of_range("latents", "from 2 to 1e7");
  std::vector<double> spectrum;
  for (double i = 1; i <= latents; ++i) spectrum.push_back(std::pow(i, -(1 + alpha)));
  TheorySurface surface{.largest = latents, .below_tokens = true};
  surface.loss = [spectrum = std::move(spectrum)](double params, double tokens) {
    const auto loss = solvable_loss(spectrum, params, tokens);
    return loss ? *loss : std::nan("");
  };
  return surface;
}

Result<TheorySurface> structured_surface(const Parameters& p) {
  const double b = p.at("b"), a = p.at("a"), batch = p.at("batch"), gain = p.at("gain"), latents = p.at("latents"),
               noise = p.at("noise");
  if (!(b > 1 && b < 20)) return out_of_range("b", "above 1 and below 20");
  if (!(a > 1 && a < 40)) return out_of_range("a", "above 1 and below 40");
  if (!(batch >= 1 && batch == std::floor(batch))) return out_of_range("batch", "a whole number from 1");
  if (!(gain > 0 && gain <= 0.4)) return out_of_range("gain", "above 0 and at most 0.4");
  if (!(latents >= 2 && latents <= 1e6)) return out_of_range("latents", "from 2 to 1e6");
  if (!(noise >= 0)) return out_of_range("noise", "0 or more");
  LatentTarget target = LatentTarget::power_laws(static_cast<int>(latents), b, a);
  double trace = 0;
  for (const double variance : target.variance) trace += variance;
  TheorySurface surface{.largest = latents, .batch = batch};
  surface.loss = [=, target = std::move(target)](double params, double tokens) {
    SgdProblem problem = leading_features(target, static_cast<int>(params));
    problem.floor += noise;
    // No larger than what the largest eigenvalue bears: 2 m / (m + 1) / lambda_1 is where its mean square grows.
    problem.rate = std::min(2 * gain * batch / trace, batch / (batch + 1));
    problem.batch = batch;
    const double step = std::floor(tokens / batch);
    const auto losses = sgd_losses(problem, {&step, 1});
    return losses ? losses->front() : std::nan("");
  };
  return surface;
}

}  // namespace

std::string_view theory_model_name(TheoryModel model) {
  for (const auto& [name, known] : kModels)
    if (known == model) return name;
  return "";
}

Result<TheoryModel> theory_model_from_name(std::string_view name) {
  std::string names;
  for (const auto& [known, model] : kModels) {
    if (known == name) return model;
    names += (names.empty() ? "" : ", ") + std::string(known);
  }
  return not_found("there is no model \"" + std::string(name) + "\": there are " + names, "model");
}

const std::vector<TheoryParameter>& theory_parameters(TheoryModel model) {
  static const std::vector<TheoryParameter> plrf{{"alpha", 1, "latent j has standard deviation j^-alpha"},
                                                 {"beta", 0.7, "the target's weight on it is j^-beta"},
                                                 {"gain", 0.5, "share of the loss kept up by the steps' noise"},
                                                 {"batch", 1, "samples per step"},
                                                 {"latents", 1e12, "how many, for alpha above 1/2"},
                                                 {"ratio", 4, "latents per feature, for alpha below 1/2"}},
      dynamical{{"a", 2, "the target's variance along latent k is k^-a"},
                {"b", 1.5, "latent k has variance k^-b"},
                {"latents", 1e12, "how many"}},
      solvable{{"alpha", 1, "latent I has variance I^-(1+alpha)"}, {"latents", 100'000, "how many"}},
      structured{{"a", 2, "the target's variance along feature k is k^-a"},
                 {"b", 1.5, "feature k has variance k^-b"},
                 {"gain", 0.2, "share of the loss kept up by the steps' noise"},
                 {"batch", 1, "samples per step"},
                 {"noise", 0, "variance of the labels' noise"},
                 {"latents", 100'000, "how many features there are"}},
      pruning{{"dimensions", 100, "of the perceptrons"},
              {"probe", 0, "angle between the probe and the teacher, in radians"},
              {"draws", 4, "independent repetitions, averaged"}};
  switch (model) {
    case TheoryModel::kPlrf:
      return plrf;
    case TheoryModel::kDynamical:
      return dynamical;
    case TheoryModel::kSolvable:
      return solvable;
    case TheoryModel::kStructuredSgd:
      return structured;
    case TheoryModel::kPruning:
      break;
  }
  return pruning;
}

Result<std::map<std::string, double>> theory_values(TheoryModel model, const std::map<std::string, double>& given) {
  Parameters values;
  std::string names;
  for (const TheoryParameter& parameter : theory_parameters(model)) {
    values[parameter.name] = parameter.value;
    names += (names.empty() ? "" : ", ") + parameter.name;
  }
  for (const auto& [name, value] : given) {
    const auto found = values.find(name);
    if (found == values.end())
      return not_found(
          "the model " + std::string(theory_model_name(model)) + " has no parameter \"" + name + "\": it has " + names,
          name);
    found->second = value;
  }
  return values;
}

Result<TheorySurface> theory_surface(TheoryModel model, const std::map<std::string, double>& given) {
  const auto p = theory_values(model, given);
  if (!p) return p.error();
  switch (model) {
    case TheoryModel::kPlrf:
      return random_feature_surface(*p, true);
    case TheoryModel::kDynamical:
      return random_feature_surface(*p, false);
    case TheoryModel::kSolvable:
      return solvable_surface(*p);
    case TheoryModel::kStructuredSgd:
      return structured_surface(*p);
    case TheoryModel::kPruning:
      break;
  }
  return invalid_argument("pruning has no loss of parameters and tokens alone", "model");
}

}  // namespace isoflop
