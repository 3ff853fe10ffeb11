// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "core/base/quantity.h"
#include "core/schedule/schedule.h"

namespace isoflop {
namespace {

using Kind = Schedule::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds{{{"constant", Kind::kConstant},
                                                                   {"cosine", Kind::kCosine},
                                                                   {"wsd", Kind::kWsd},
                                                                   {"step", Kind::kStep},
                                                                   {"power", Kind::kPower}}};
constexpr CooldownShape kShapes[] = {CooldownShape::kLinear, CooldownShape::kOneMinusSqrt,
                                     CooldownShape::kCosine, CooldownShape::kMirrorCosine,
                                     CooldownShape::kSquare, CooldownShape::kExponential};
constexpr double kDefaultCooldown = 0.2;

std::string_view kind_name(Kind kind) {
  for (const auto& [name, known] : kKinds)
    if (known == kind) return name;
  return "";
}

struct Word {
  std::string_view key, value;
  long column = 1;  // of the key
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == ',') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" ,", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t colon = word.find(':');
    words.push_back({.key = word.substr(0, colon),
                     .value = colon == std::string_view::npos ? std::string_view() : word.substr(colon + 1),
                     .column = static_cast<long>(at) + 1});
    at = end;
  }
  return words;
}

class Reader {
 public:
  Result<Schedule> read(std::string_view text) {
    for (const Word& word : words_of(text))
      if (auto status = take(word); !status) return status.error();
    if (!has_kind_)
      return Error{ErrorCode::kParse,
                   "a schedule names its kind and steps: constant, cosine, wsd, step or power, as in "
                   "\"cosine:72000\"",
                   Where{.column = 1}};
    if (schedule_.kind == Kind::kWsd || (schedule_.kind == Kind::kPower && cooldown_))
      schedule_.cooldown = std::lround(cooldown_.value_or(kDefaultCooldown) *
                                       (cooldown_is_share_ ? static_cast<double>(schedule_.steps) : 1));
    if (auto status = validate(schedule_); !status) return status.error();
    return schedule_;
  }

 private:
  static Error fail(const Word& word, std::string message) {
    return Error{ErrorCode::kParse, std::move(message), Where{.column = word.column}};
  }
  static Result<double> number(const Word& word) {
    const auto value = parse_quantity(word.value);
    if (!value)
      return fail(word, "\"" + std::string(word.key) + "\" takes a number after the colon, not \"" +
                            std::string(word.value) + "\"");
    return *value;
  }
  static Status count(const Word& word, long& out) {
    const auto value = number(word);
    if (!value) return value.error();
    if (!(*value >= 0 && *value <= 1e9 && *value == std::floor(*value)))
      return fail(word, "\"" + std::string(word.key) + "\" takes a whole number of steps");
    out = static_cast<long>(*value);
    return Done{};
  }
  static Status real(const Word& word, double& out) {
    const auto value = number(word);
    if (!value) return value.error();
    out = *value;
    return Done{};
  }

  Status take(const Word& word) {
    for (const auto& [name, kind] : kKinds) {
      if (word.key != name) continue;
      if (has_kind_) return fail(word, "a schedule has one kind: there is a second one, \"" + std::string(name) + "\"");
      has_kind_ = true;
      schedule_.kind = kind;
      return count(word, schedule_.steps);
    }
    if (word.key == "warmup") return count(word, schedule_.warmup);
    if (word.key == "at") return count(word, schedule_.switch_at);
    if (word.key == "peak") return real(word, schedule_.peak);
    if (word.key == "min") return real(word, schedule_.final_share);
    if (word.key == "batch") return real(word, schedule_.batch);
    if (word.key == "a") return real(word, schedule_.scale);
    if (word.key == "b") return real(word, schedule_.exponent);
    if (word.key == "per-step") return real(word, schedule_.tokens_per_step);
    if (word.key == "cooldown") return cooldown(word);
    if (word.key == "shape") {
      std::string names;
      for (const CooldownShape shape : kShapes) {
        if (word.value == cooldown_name(shape)) {
          schedule_.shape = shape;
          return Done{};
        }
        names += (names.empty() ? "" : ", ") + std::string(cooldown_name(shape));
      }
      return fail(word, "the shapes of a cool-down are " + names);
    }
    return fail(word, "a schedule has no \"" + std::string(word.key) +
                          "\": it has warmup, peak, min, cooldown, shape, at, batch, a, b and per-step");
  }

  Status cooldown(Word word) {
    cooldown_is_share_ = word.value.ends_with('%');
    if (cooldown_is_share_) word.value.remove_suffix(1);
    const auto value = number(word);
    if (!value) return value.error();
    cooldown_ = cooldown_is_share_ ? *value / 100 : *value;
    return Done{};
  }

  Schedule schedule_;
  bool has_kind_ = false, cooldown_is_share_ = true;
  std::optional<double> cooldown_;
};

}  // namespace

Result<Schedule> parse_schedule(std::string_view text) {
  return Reader().read(text);
}

std::string to_text(const Schedule& s) {
  std::string text = std::string(kind_name(s.kind)) + ":" + std::to_string(s.steps);
  const auto add = [&](const char* key, const std::string& value) { text += std::string(" ") + key + ":" + value; };
  if (s.warmup > 0) add("warmup", std::to_string(s.warmup));
  add("peak", format_exact(s.peak));
  if (s.final_share > 0) add("min", format_exact(s.final_share));
  if (s.kind == Kind::kStep) add("at", std::to_string(s.switch_at));
  if (s.kind == Kind::kWsd || s.kind == Kind::kPower) {
    add("cooldown", std::to_string(s.cooldown));
    add("shape", std::string(cooldown_name(s.shape)));
  }
  if (s.kind == Kind::kPower) {
    add("batch", format_exact(s.batch));
    add("a", format_exact(s.scale));
    add("b", format_exact(s.exponent));
    add("per-step", format_exact(s.tokens_per_step));
  }
  return text;
}

}  // namespace isoflop
