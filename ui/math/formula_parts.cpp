// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/math/formula_parts.h"

#include <string_view>
#include <utility>

#include "core/formula/lexer.h"

namespace isoflop::ui {
namespace {

std::vector<std::size_t> line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts.push_back(i + 1);
  return starts;
}

}  // namespace

FormulaParts split_formula(const Expression& expression) {
  const FormulaParts whole{.definitions = {}, .body = expression};
  const auto tokens = tokenize(expression.source);
  if (!tokens) return whole;
  const std::string_view source = expression.source;
  const std::vector<std::size_t> starts = line_starts(source);
  const auto offset = [&](const Token& token) {
    return starts[static_cast<std::size_t>(token.line - 1)] + static_cast<std::size_t>(token.column - 1);
  };

  FormulaParts parts;
  std::size_t i = 0;
  while ((*tokens)[i].kind == TokenKind::kName && (*tokens)[i].text == "let") {
    std::size_t end = i;
    while ((*tokens)[end].kind != TokenKind::kEnd && (*tokens)[end].text != ";") ++end;
    if (end < i + 4 || (*tokens)[end].kind == TokenKind::kEnd) return whole;
    const std::size_t from = offset((*tokens)[i + 3]);
    auto value = parse_expression(source.substr(from, offset((*tokens)[end]) - from));
    if (!value) return whole;
    parts.definitions.push_back({(*tokens)[i + 1].text, *std::move(value)});
    i = end + 1;
  }
  if (parts.definitions.empty()) return whole;
  auto body = parse_expression(source.substr(offset((*tokens)[i])));
  if (!body) return whole;
  parts.body = *std::move(body);
  return parts;
}

}  // namespace isoflop::ui
