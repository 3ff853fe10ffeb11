// SPDX-License-Identifier: Apache-2.0
#include "core/formula/column_expression.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "core/base/statistics.h"
#include "core/formula/functions.h"

namespace isoflop {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// The value of a node: one number for all rows, a column of numbers, a column of text, or one text.
struct Value {
  enum class Kind { kNumber, kNumbers, kText, kTexts } kind = Kind::kNumber;
  double number = 0;
  std::span<const double> numbers;
  std::vector<double> owned;  // what `numbers` refers to when the node computed it
  std::span<const std::string> texts;
  std::string text;

  double at(std::size_t row) const { return kind == Kind::kNumber ? number : numbers[row]; }
  const std::string& text_at(std::size_t row) const { return kind == Kind::kText ? text : texts[row]; }
  bool numeric() const { return kind == Kind::kNumber || kind == Kind::kNumbers; }
};
using ValuePtr = std::shared_ptr<const Value>;

ValuePtr column_of(std::vector<double> numbers) {
  auto value = std::make_shared<Value>();
  value->kind = Value::Kind::kNumbers;
  value->owned = std::move(numbers);
  value->numbers = value->owned;
  return value;
}

ValuePtr constant(double number) {
  auto value = std::make_shared<Value>();
  value->number = number;
  return value;
}

[[noreturn]] void fail(ErrorCode code, std::string message, const Node& at) {
  throw Error{code, std::move(message), Where{.line = at.line, .column = at.column}};
}

double apply(Function function, double a) {
  switch (function) {
    case Function::kNegate:
      return -a;
    case Function::kNot:
      return std::isnan(a) ? a : a == 0;
    case Function::kExp:
      return std::exp(a);
    case Function::kExpm1:
      return std::expm1(a);
    case Function::kLog:
      return a < 0 ? kMissing : std::log(a);
    case Function::kLog1p:
      return std::log1p(a);
    case Function::kLog2:
      return std::log2(a);
    case Function::kLog10:
      return std::log10(a);
    case Function::kSqrt:
      return std::sqrt(a);
    case Function::kAbs:
      return std::abs(a);
    case Function::kSin:
      return std::sin(a);
    case Function::kCos:
      return std::cos(a);
    case Function::kTan:
      return std::tan(a);
    case Function::kAtan:
      return std::atan(a);
    case Function::kTanh:
      return std::tanh(a);
    case Function::kSigmoid:
      return 1 / (1 + std::exp(-a));
    default:
      return kMissing;
  }
}

double apply(Function function, double a, double b) {
  switch (function) {
    case Function::kAdd:
      return a + b;
    case Function::kSubtract:
      return a - b;
    case Function::kMultiply:
      return a * b;
    case Function::kDivide:
      return a / b;
    case Function::kPower:
      return std::pow(a, b);
    case Function::kLess:
      return a < b;
    case Function::kLessEqual:
      return a <= b;
    case Function::kGreater:
      return a > b;
    case Function::kGreaterEqual:
      return a >= b;
    case Function::kEqual:
      return a == b;
    case Function::kNotEqual:
      return !std::isnan(a) && !std::isnan(b) && a != b;
    case Function::kAnd:
      return a != 0 && b != 0 && !std::isnan(a) && !std::isnan(b);
    case Function::kOr:
      return (a != 0 && !std::isnan(a)) || (b != 0 && !std::isnan(b));
    case Function::kMin:
      return std::isnan(a) || std::isnan(b) ? kMissing : std::min(a, b);
    case Function::kMax:
      return std::isnan(a) || std::isnan(b) ? kMissing : std::max(a, b);
    default:
      return kMissing;
  }
}

class Walker {
 public:
  Walker(std::size_t rows, const ColumnSource& source, std::span<const char> active)
      : rows_(rows), source_(source), active_(active) {}

  ValuePtr value(const NodePtr& node) {
    if (const auto found = values_.find(node.get()); found != values_.end()) return found->second;
    ValuePtr result = compute(*node);
    values_.emplace(node.get(), result);
    return result;
  }

 private:
  ValuePtr compute(const Node& node) {
    switch (node.kind) {
      case NodeKind::kNumber:
        return constant(node.number);
      case NodeKind::kText: {
        auto text = std::make_shared<Value>();
        text->kind = Value::Kind::kText;
        text->text = node.text;
        return text;
      }
      case NodeKind::kName:
        return column(node);
      case NodeKind::kUnknown:
      case NodeKind::kCall:
        break;
    }
    if (node.function == Function::kSolve) fail(ErrorCode::kInvalidArgument, "solve() has a place in laws only", node);
    if (info(node.function).aggregate) return aggregate(node);
    if (node.function == Function::kIf) return choose(node);
    if (node.function == Function::kEqual || node.function == Function::kNotEqual) {
      const ValuePtr a = value(node.arguments[0]), b = value(node.arguments[1]);
      if (!a->numeric() && !b->numeric()) return compare_texts(*a, *b, node.function == Function::kEqual);
    }
    if (node.arguments.size() == 1) return map(node, number(node.arguments[0]));
    ValuePtr result = number(node.arguments[0]);
    for (std::size_t i = 1; i < node.arguments.size(); ++i) result = map(node, result, number(node.arguments[i]));
    return result;
  }

  ValuePtr column(const Node& node) {
    const auto view = source_(node.text);
    if (!view) fail(ErrorCode::kNotFound, "there is no column \"" + node.text + "\"", node);
    auto value = std::make_shared<Value>();
    if (const auto* numbers = std::get_if<std::span<const double>>(&*view)) {
      value->kind = Value::Kind::kNumbers;
      value->numbers = *numbers;
    } else {
      value->kind = Value::Kind::kTexts;
      value->texts = std::get<std::span<const std::string>>(*view);
    }
    return value;
  }

  // A numeric operand; text is an error at its place.
  ValuePtr number(const NodePtr& node) {
    ValuePtr result = value(node);
    if (!result->numeric())
      fail(ErrorCode::kInvalidArgument,
           "\"" + node->text + "\" is text: it can be compared with == and != to other text, nothing else", *node);
    return result;
  }

  template <class Operation>
  ValuePtr each(bool constant_operands, const Operation& operation) {
    if (constant_operands) return constant(operation(0));
    std::vector<double> out(rows_);
    for (std::size_t row = 0; row < rows_; ++row) out[row] = operation(row);
    return column_of(std::move(out));
  }

  static bool single(const ValuePtr& value) { return value->kind == Value::Kind::kNumber; }

  ValuePtr map(const Node& node, const ValuePtr& a) {
    return each(single(a), [&](std::size_t row) { return apply(node.function, a->at(row)); });
  }
  ValuePtr map(const Node& node, const ValuePtr& a, const ValuePtr& b) {
    return each(single(a) && single(b), [&](std::size_t row) { return apply(node.function, a->at(row), b->at(row)); });
  }

  ValuePtr choose(const Node& node) {
    const ValuePtr condition = number(node.arguments[0]), yes = number(node.arguments[1]),
                   no = number(node.arguments[2]);
    return each(single(condition) && single(yes) && single(no), [&](std::size_t row) {
      const double c = condition->at(row);
      return std::isnan(c) ? kMissing : c != 0 ? yes->at(row) : no->at(row);
    });
  }

  ValuePtr compare_texts(const Value& a, const Value& b, bool equal) {
    const bool constants = a.kind == Value::Kind::kText && b.kind == Value::Kind::kText;
    return each(constants, [&](std::size_t row) { return (a.text_at(row) == b.text_at(row)) == equal ? 1.0 : 0.0; });
  }

  bool counts(std::size_t row, double x) const { return (active_.empty() || active_[row]) && !std::isnan(x); }

  ValuePtr aggregate(const Node& node) {
    const ValuePtr argument = number(node.arguments[0]);
    if (node.function == Function::kRank) return rank(node, *argument);
    std::vector<double> present;
    for (std::size_t row = 0; row < rows_; ++row)
      if (counts(row, argument->at(row))) present.push_back(argument->at(row));
    switch (node.function) {
      case Function::kCount:
        return constant(static_cast<double>(present.size()));
      case Function::kSum:
        return constant(std::accumulate(present.begin(), present.end(), 0.0));
      case Function::kMean:
        return constant(mean(present));
      case Function::kStd:
        return constant(standard_deviation(present));
      case Function::kMedian:
        return constant(quantile(std::move(present), 0.5));
      case Function::kQuantile: {
        const ValuePtr p = number(node.arguments[1]);
        if (!single(p) || !(p->number >= 0 && p->number <= 1))
          fail(ErrorCode::kInvalidArgument, "the second argument of quantile is one number between 0 and 1",
               *node.arguments[1]);
        return constant(quantile(std::move(present), p->number));
      }
      default:
        fail(ErrorCode::kInvalidArgument, "unknown aggregate", node);
    }
  }

  ValuePtr rank(const Node& node, const Value& argument) {
    bool descending = false;
    if (node.arguments.size() == 2) {
      const Node& order = *node.arguments[1];
      if (order.kind != NodeKind::kName || (order.text != "descending" && order.text != "ascending"))
        fail(ErrorCode::kInvalidArgument, "the second argument of rank is ascending or descending", order);
      descending = order.text == "descending";
    }
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < rows_; ++row)
      if (counts(row, argument.at(row))) rows.push_back(row);
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
      return descending ? argument.at(a) > argument.at(b) : argument.at(a) < argument.at(b);
    });
    std::vector<double> out(rows_, kMissing);
    for (std::size_t i = 0; i < rows.size(); ++i)
      out[rows[i]] =
          i > 0 && argument.at(rows[i]) == argument.at(rows[i - 1]) ? out[rows[i - 1]] : static_cast<double>(i + 1);
    return column_of(std::move(out));
  }

  std::size_t rows_;
  const ColumnSource& source_;
  std::span<const char> active_;
  std::map<const Node*, ValuePtr> values_;
};

}  // namespace

Result<std::vector<double>> evaluate_columns(const Expression& expression, std::size_t rows, const ColumnSource& source,
                                             std::span<const char> active) {
  try {
    const ValuePtr value = Walker(rows, source, active).value(expression.root);
    if (!value->numeric())
      fail(ErrorCode::kInvalidArgument, "the expression gives text where a number or a condition is needed",
           *expression.root);
    std::vector<double> out(rows);
    for (std::size_t row = 0; row < rows; ++row) out[row] = value->at(row);
    return out;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace isoflop
