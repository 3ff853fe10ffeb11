// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace isoflop {

// The formula language, shared by laws, derived columns and filters:
//
//   expression  = { "let" name "=" expression ";" } conditional
//   conditional = or [ "?" expression ":" conditional ]
//   or, and     = with "or" "||", "and" "&&"; "not" "!"
//   comparison  = sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
//   sum, product: + -, * /; "-x" binds looser than "^", which is right-associative: -x^2 is -(x^2), N^-alpha is
//   N^(-alpha) atom        = number [suffix] | name | `column name` | "text" | function "(" arguments ")" | "("
//   expression ")"
//
// A number may carry a count suffix: 300M, 1.5B (core/base/quantity.h). Names are letters, digits and underscores, not
// starting with a digit; any other column name goes between backticks. "#" starts a comment that runs to the end of the
// line. Functions of numbers: exp expm1 log (natural; also ln) log1p log2 log10 sqrt abs sin cos tan atan tanh sigmoid
// min max clamp(x, low, high) pow if(condition, then, else). Over a whole column, in derived columns and filters only:
// mean median sum count std quantile(x, p) rank(x[, ascending | descending]). Constants: pi.
//
// In laws only: solve(x, low, high, g), the x in [low, high] where g, a formula of x and of anything else, is zero. The
// bounds are finite and g has opposite signs there; where it has not, the value is NaN. g should cross zero once, and
// not level. sum(g) in a law goes over a variable that stands for several columns (core/laws/law.h).
enum class NodeKind { kNumber, kText, kName, kUnknown, kCall };

enum class Function {
  kNegate,
  kNot,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kPower,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kAnd,
  kOr,
  kIf,
  kExp,
  kExpm1,
  kLog,
  kLog1p,
  kLog2,
  kLog10,
  kSqrt,
  kAbs,
  kSin,
  kCos,
  kTan,
  kAtan,
  kTanh,
  kSigmoid,
  kMin,
  kMax,
  kClamp,
  kMean,
  kMedian,
  kSum,
  kCount,
  kStd,
  kQuantile,
  kRank,
  kSolve,  // arguments: the unknown (kUnknown), low, high, g
};

struct Node;
using NodePtr = std::shared_ptr<const Node>;

// A node of the parsed expression. A `let` name stands for the same node wherever it is used, so this is a graph
// without cycles, not a tree.
struct Node {
  NodeKind kind = NodeKind::kNumber;
  double number = 0;    // kNumber
  std::string text;     // kText, kName, kUnknown; of kNumber the name of the constant, if it has one
  Function function{};  // kCall; operators are calls too
  std::vector<NodePtr> arguments;
  long line = 1, column = 1;  // where it starts in the source text, 1-based
};

struct Expression {
  NodePtr root;
  std::string source;  // the text it was parsed from

  // Names used, each once, in order of appearance; `let` names are resolved and not among them.
  std::vector<std::string> names() const;
};

// `constants` are names for numbers, which are put in their place. Errors: kParse with line and column of the offending
// character.
Result<Expression> parse_expression(std::string_view text, const std::map<std::string, double>& constants = {});

// "name = expression", as in --derive. The name may stand between backticks.
struct Assignment {
  std::string name;
  Expression value;
};
Result<Assignment> parse_assignment(std::string_view text);

}  // namespace isoflop
