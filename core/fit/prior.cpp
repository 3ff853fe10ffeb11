// SPDX-License-Identifier: Apache-2.0
#include "core/fit/prior.h"

#include <cmath>
#include <string>

#include "core/base/quantity.h"

namespace isoflop {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Error bad_prior(std::string_view text, const std::string& why) {
  return Error{ErrorCode::kParse,
               "\"" + std::string(text) + "\" is no prior: " + why +
                   "; write normal(MEAN, STANDARD DEVIATION) or lognormal(MEDIAN, SIGMA)",
               {}};
}

}  // namespace

PriorDeviation prior_deviation(const Prior& prior, bool logarithmic, double u) {
  const double inverse = 1 / prior.spread;
  if (prior.kind == Prior::Kind::kNormal) {
    const double theta = logarithmic ? std::exp(u) : u;
    const double slope = logarithmic ? theta * inverse : inverse;
    return {(theta - prior.centre) * inverse, slope, logarithmic ? slope : 0};
  }
  if (logarithmic) return {(u - std::log(prior.centre)) * inverse, inverse, 0};
  return {std::log(u / prior.centre) * inverse, inverse / u, -inverse / (u * u)};
}

Result<Prior> parse_prior(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const std::size_t open = whole.find('('), comma = whole.find(',');
  if (open == std::string_view::npos || comma == std::string_view::npos || whole.back() != ')' || comma < open)
    return bad_prior(text, "it lacks a name and two numbers in brackets");
  const std::string_view name = trimmed(whole.substr(0, open));
  Prior prior;
  if (name == "normal")
    prior.kind = Prior::Kind::kNormal;
  else if (name == "lognormal")
    prior.kind = Prior::Kind::kLognormal;
  else
    return bad_prior(text, "there is no distribution \"" + std::string(name) + "\"");
  const auto centre = parse_quantity(trimmed(whole.substr(open + 1, comma - open - 1)));
  if (!centre) return bad_prior(text, centre.error().message);
  const auto spread = parse_quantity(trimmed(whole.substr(comma + 1, whole.size() - comma - 2)));
  if (!spread) return bad_prior(text, spread.error().message);
  prior.centre = *centre;
  prior.spread = *spread;
  if (!(prior.spread > 0)) return bad_prior(text, "its spread must be positive");
  if (prior.kind == Prior::Kind::kLognormal && !(prior.centre > 0))
    return bad_prior(text, "the median of a lognormal must be positive");
  return prior;
}

}  // namespace isoflop
