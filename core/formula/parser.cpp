// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <numbers>
#include <set>

#include "core/formula/expression.h"
#include "core/formula/functions.h"
#include "core/formula/lexer.h"

namespace isoflop {
namespace {

// Depth of nesting that the recursive descent and everything that walks the result may rely on.
constexpr int kMaximumDepth = 200;
// A left-leaning chain a + b + c ... is as deep as it is long; this bounds it.
constexpr std::size_t kMaximumTokens = 4096;

// Recursive descent over the grammar of expression.h. Errors are thrown inside and caught at the entry points, so that
// the productions read like the grammar.
class Parser {
 public:
  Parser(std::vector<Token> tokens, const std::map<std::string, double>& constants)
      : tokens_(std::move(tokens)), constants_(constants) {}

  NodePtr whole() {
    while (peek().kind == TokenKind::kName && peek().text == "let") read_let();
    NodePtr root = conditional();
    if (peek().kind != TokenKind::kEnd) fail(unexpected("after the end of the formula"));
    return root;
  }

  // name "=" expression
  std::pair<std::string, NodePtr> assignment() {
    if (peek().kind != TokenKind::kName && peek().kind != TokenKind::kQuotedName)
      fail("write name = expression, for example tokens = flops / (6 * params)");
    std::string name = take().text;
    expect("=", "after the name: write name = expression");
    return {std::move(name), whole()};
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }

  bool accept(std::string_view symbol) {
    const bool word = peek().kind == TokenKind::kName && (symbol == "and" || symbol == "or" || symbol == "not");
    if (!(peek().kind == TokenKind::kSymbol || word) || peek().text != symbol) return false;
    take();
    return true;
  }

  [[noreturn]] void fail(std::string message) const { fail(std::move(message), peek()); }
  [[noreturn]] static void fail(std::string message, const Token& token) {
    throw Error{ErrorCode::kParse, std::move(message), Where{.line = token.line, .column = token.column}};
  }

  std::string unexpected(std::string_view where) const {
    if (peek().kind == TokenKind::kEnd) return "the formula ends too early";
    return "unexpected \"" + (peek().kind == TokenKind::kNumber ? std::string("number") : peek().text) + "\" " +
           std::string(where);
  }

  void expect(std::string_view symbol, std::string_view where) {
    if (!accept(symbol)) fail("\"" + std::string(symbol) + "\" is missing " + std::string(where));
  }

  static NodePtr call(Function function, std::vector<NodePtr> arguments, const Token& at) {
    auto node = std::make_shared<Node>();
    node->kind = NodeKind::kCall;
    node->function = function;
    node->arguments = std::move(arguments);
    node->line = at.line;
    node->column = at.column;
    return node;
  }

  void require_new(const Token& name) const {
    if (bindings_.count(name.text) != 0) fail("\"" + name.text + "\" is bound twice", name);
    if (constants_.count(name.text) != 0 || name.text == "pi")
      fail("\"" + name.text + "\" is already the name of a constant", name);
  }

  void read_let() {
    take();
    if (peek().kind != TokenKind::kName) fail("a name must follow \"let\"");
    const Token name = take();
    require_new(name);
    expect("=", "after let " + name.text);
    NodePtr value = conditional();
    expect(";", "after the value of " + name.text);
    bindings_.emplace(name.text, std::move(value));
  }

  // Counts nesting; every production that recurses holds one.
  struct Depth {
    explicit Depth(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaximumDepth) parser_.fail("the formula is nested too deeply");
    }
    ~Depth() { --parser_.depth_; }
    Parser& parser_;
  };

  NodePtr conditional() {
    const Depth depth(*this);
    NodePtr condition = either();
    const Token at = peek();
    if (!accept("?")) return condition;
    NodePtr yes = conditional();
    expect(":", "between the two values of a condition");
    return call(Function::kIf, {std::move(condition), std::move(yes), conditional()}, at);
  }

  NodePtr either() {
    NodePtr left = both();
    for (Token at = peek(); accept("or") || accept("||"); at = peek()) left = call(Function::kOr, {left, both()}, at);
    return left;
  }

  NodePtr both() {
    NodePtr left = negation();
    for (Token at = peek(); accept("and") || accept("&&"); at = peek())
      left = call(Function::kAnd, {left, negation()}, at);
    return left;
  }

  NodePtr negation() {
    const Depth depth(*this);
    const Token at = peek();
    if (accept("not") || accept("!")) return call(Function::kNot, {negation()}, at);
    return comparison();
  }

  NodePtr comparison() {
    static const std::map<std::string, Function, std::less<>> kComparisons = {
        {"<", Function::kLess},          {"<=", Function::kLessEqual}, {">", Function::kGreater},
        {">=", Function::kGreaterEqual}, {"==", Function::kEqual},     {"!=", Function::kNotEqual}};
    NodePtr left = sum();
    if (peek().kind != TokenKind::kSymbol) return left;
    if (peek().text == "=") fail("a comparison is written ==");
    const auto found = kComparisons.find(peek().text);
    if (found == kComparisons.end()) return left;
    const Token at = take();
    NodePtr result = call(found->second, {left, sum()}, at);
    if (peek().kind == TokenKind::kSymbol && kComparisons.count(peek().text))
      fail("comparisons cannot be chained: write a < b and b < c");
    return result;
  }

  NodePtr sum() {
    NodePtr left = product();
    for (;;) {
      const Token at = peek();
      if (accept("+"))
        left = call(Function::kAdd, {left, product()}, at);
      else if (accept("-"))
        left = call(Function::kSubtract, {left, product()}, at);
      else
        return left;
    }
  }

  NodePtr product() {
    NodePtr left = signed_power();
    for (;;) {
      const Token at = peek();
      if (accept("*"))
        left = call(Function::kMultiply, {left, signed_power()}, at);
      else if (accept("/"))
        left = call(Function::kDivide, {left, signed_power()}, at);
      else
        return left;
    }
  }

  NodePtr signed_power() {
    const Depth depth(*this);
    const Token at = peek();
    if (accept("-")) return call(Function::kNegate, {signed_power()}, at);
    if (accept("+")) return signed_power();
    NodePtr base = atom();
    const Token caret = peek();
    if (!accept("^")) return base;
    return call(Function::kPower, {std::move(base), signed_power()}, caret);
  }

  NodePtr atom() {
    const Token at = peek();
    if (at.kind == TokenKind::kNumber) return leaf(NodeKind::kNumber, take());
    if (at.kind == TokenKind::kText) return leaf(NodeKind::kText, take());
    if (at.kind == TokenKind::kQuotedName) return leaf(NodeKind::kName, take());
    if (at.kind == TokenKind::kName) {
      take();
      if (accept("(")) return at.text == "solve" ? solve_call(at) : function_call(at);
      if (const auto bound = bindings_.find(at.text); bound != bindings_.end()) return bound->second;
      if (const auto constant = constants_.find(at.text); constant != constants_.end())
        return named_number(at, constant->second);
      if (at.text == "pi") return named_number(at, std::numbers::pi);
      return leaf(NodeKind::kName, at);
    }
    if (accept("(")) {
      NodePtr inside = conditional();
      expect(")", "to close the bracket");
      return inside;
    }
    fail(unexpected("where a number, a name or a bracket should stand"));
  }

  static NodePtr leaf(NodeKind kind, const Token& token) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->number = token.number;
    node->text = kind == NodeKind::kNumber ? "" : token.text;
    node->line = token.line;
    node->column = token.column;
    return node;
  }

  static NodePtr named_number(const Token& token, double value) {
    auto node = std::make_shared<Node>();
    node->number = value;
    node->text = token.text;
    node->line = token.line;
    node->column = token.column;
    return node;
  }

  // "solve(" name "," low "," high "," g ")": the name is known inside g alone.
  NodePtr solve_call(const Token& at) {
    if (peek().kind != TokenKind::kName) fail("solve() begins with the name of the unknown: solve(x, low, high, g)");
    const Token name = take();
    require_new(name);
    expect(",", "after the unknown: solve(x, low, high, g)");
    NodePtr low = conditional();
    expect(",", "after the lower bound: solve(x, low, high, g)");
    NodePtr high = conditional();
    expect(",", "after the upper bound: solve(x, low, high, g)");
    const NodePtr unknown = leaf(NodeKind::kUnknown, name);
    bindings_.emplace(name.text, unknown);
    NodePtr equation = conditional();
    bindings_.erase(name.text);
    expect(")", "to close solve(");
    std::set<const Node*> seen;
    if (!contains(*equation, *unknown, seen))
      fail("the unknown \"" + name.text + "\" does not appear in the equation", name);
    return call(Function::kSolve, {unknown, std::move(low), std::move(high), std::move(equation)}, at);
  }

  static bool contains(const Node& node, const Node& wanted, std::set<const Node*>& seen) {
    if (&node == &wanted) return true;
    return seen.insert(&node).second && std::ranges::any_of(node.arguments, [&](const NodePtr& argument) {
             return contains(*argument, wanted, seen);
           });
  }

  NodePtr function_call(const Token& name) {
    const FunctionInfo* function = find_function(name.text);
    if (!function) fail("there is no function \"" + name.text + "\"; a product is written with *", name);
    std::vector<NodePtr> arguments;
    if (!accept(")")) {
      do arguments.push_back(conditional());
      while (accept(","));
      expect(")", "to close " + name.text + "(");
    }
    const int count = static_cast<int>(arguments.size());
    if (count < function->minimum_arguments || count > function->maximum_arguments)
      fail(name.text + " takes " + std::to_string(function->minimum_arguments) +
               (function->maximum_arguments > 3 ? " or more"
                : function->maximum_arguments != function->minimum_arguments
                    ? " or " + std::to_string(function->maximum_arguments)
                    : "") +
               " arguments, here are " + std::to_string(count),
           name);
    if (function->function == Function::kClamp)  // clamp(x, low, high) = min(max(x, low), high)
      return call(Function::kMin, {call(Function::kMax, {arguments[0], arguments[1]}, name), arguments[2]}, name);
    return call(function->function, std::move(arguments), name);
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  const std::map<std::string, double>& constants_;
  std::map<std::string, NodePtr> bindings_;
};

Result<std::vector<Token>> bounded_tokens(std::string_view text) {
  auto tokens = tokenize(text);
  if (tokens && tokens->size() > kMaximumTokens)
    return Error{ErrorCode::kParse, "the formula is too long: more than " + std::to_string(kMaximumTokens) + " tokens",
                 Where{.line = (*tokens)[kMaximumTokens].line, .column = (*tokens)[kMaximumTokens].column}};
  return tokens;
}

void collect_names(const Node& node, std::vector<const Node*>& seen, std::vector<std::string>& names) {
  if (std::find(seen.begin(), seen.end(), &node) != seen.end()) return;
  seen.push_back(&node);
  if (node.kind == NodeKind::kName && std::find(names.begin(), names.end(), node.text) == names.end())
    names.push_back(node.text);
  for (const NodePtr& argument : node.arguments) collect_names(*argument, seen, names);
}

}  // namespace

std::vector<std::string> Expression::names() const {
  std::vector<const Node*> seen;
  std::vector<std::string> names;
  collect_names(*root, seen, names);
  return names;
}

Result<Expression> parse_expression(std::string_view text, const std::map<std::string, double>& constants) {
  auto tokens = bounded_tokens(text);
  if (!tokens) return tokens.error();
  try {
    return Expression{Parser(*std::move(tokens), constants).whole(), std::string(text)};
  } catch (const Error& error) {
    return error;
  }
}

Result<Assignment> parse_assignment(std::string_view text) {
  auto tokens = bounded_tokens(text);
  if (!tokens) return tokens.error();
  try {
    const std::map<std::string, double> none;
    auto [name, root] = Parser(*std::move(tokens), none).assignment();
    return Assignment{std::move(name), Expression{std::move(root), std::string(text)}};
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace isoflop
