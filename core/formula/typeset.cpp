// SPDX-License-Identifier: Apache-2.0
#include "core/formula/typeset.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "core/base/quantity.h"
#include "core/formula/functions.h"

namespace isoflop {
namespace {

struct Greek {
  std::string_view name, letter;
};
constexpr std::array kGreek = {
    Greek{"alpha", "α"}, Greek{"beta", "β"},  Greek{"gamma", "γ"}, Greek{"delta", "δ"}, Greek{"epsilon", "ε"},
    Greek{"zeta", "ζ"},  Greek{"eta", "η"},   Greek{"theta", "θ"}, Greek{"kappa", "κ"}, Greek{"lambda", "λ"},
    Greek{"mu", "μ"},    Greek{"nu", "ν"},    Greek{"xi", "ξ"},    Greek{"pi", "π"},    Greek{"rho", "ρ"},
    Greek{"sigma", "σ"}, Greek{"tau", "τ"},   Greek{"phi", "φ"},   Greek{"chi", "χ"},   Greek{"psi", "ψ"},
    Greek{"omega", "ω"}, Greek{"Gamma", "Γ"}, Greek{"Delta", "Δ"}, Greek{"Theta", "Θ"}, Greek{"Lambda", "Λ"},
    Greek{"Sigma", "Σ"}, Greek{"Phi", "Φ"},   Greek{"Psi", "Ψ"},   Greek{"Omega", "Ω"},
};

// Name up to the first underscore, and the rest.
std::pair<std::string, std::string> split_symbol(std::string_view name) {
  const std::size_t at = name.find('_');
  if (at == std::string_view::npos || at == 0 || at + 1 == name.size()) return {std::string(name), ""};
  return {std::string(name.substr(0, at)), std::string(name.substr(at + 1))};
}

const Greek* greek(std::string_view name) {
  const auto found = std::find_if(kGreek.begin(), kGreek.end(), [&](const Greek& g) { return g.name == name; });
  return found == kGreek.end() ? nullptr : &*found;
}

std::string latex_word(const std::string& word) {
  if (greek(word)) return "\\" + word;
  if (word.size() == 1) return word;
  std::string escaped;
  for (const char c : word) {
    if (c == '_' || c == '%' || c == '&' || c == '#' || c == '$' || c == '{' || c == '}') escaped += '\\';
    if (c == '\\' || c == '^' || c == '~')
      escaped += ' ';
    else
      escaped += c;
  }
  return "\\mathrm{" + escaped + "}";
}

std::string latex_symbol(std::string_view name) {
  const auto [base, index] = split_symbol(name);
  return index.empty() ? latex_word(base) : latex_word(base) + "_{" + latex_word(index) + "}";
}

// Binding strength, so that brackets stand only where they are needed.
enum Strength { kLoosest, kOr, kAnd, kComparison, kSum, kProduct, kUnary, kPowerBase, kAtom };

struct Written {
  std::string text;
  Strength strength;
};

// What differs between the two notations.
class Style {
 public:
  virtual ~Style() = default;
  virtual std::string symbol(std::string_view name) const = 0;
  virtual std::string number(double value) const = 0;
  virtual std::string bracket(const std::string& inside) const = 0;
  virtual Written fraction(const Written& above, const Written& below) const = 0;
  virtual std::string times(const Written& left, const Written& right) const = 0;
  virtual Written power(const Written& base, const Written& exponent) const = 0;
  virtual std::string function(std::string_view name, const std::string& arguments) const = 0;
  virtual Written conditional(const std::string& condition, const std::string& yes, const std::string& no) const = 0;
  virtual std::string comparison(Function function) const = 0;
  // The unknown in [low, high] that solves left = right.
  virtual Written solution(const std::string& unknown, const std::string& low, const std::string& high,
                           const std::string& left, const std::string& right) const = 0;
};

// Text longer than this is not for reading: repeated `let` expansions can grow without bound.
constexpr std::size_t kLongest = 20000;

class Writer {
 public:
  explicit Writer(const Style& style) : style_(style) {}

  // Each shared node once: `let` can double the tree with every line.
  Written write(const Node& node) {
    if (const auto found = written_.find(&node); found != written_.end()) return found->second;
    Written result = compute(node);
    written_.emplace(&node, result);
    return result;
  }

 private:
  Written compute(const Node& node) {
    switch (node.kind) {
      case NodeKind::kNumber:
        if (!node.text.empty()) return {style_.symbol(node.text), kAtom};
        return {style_.number(node.number), node.number < 0 ? kUnary : kAtom};
      case NodeKind::kText:
        return {"\"" + node.text + "\"", kAtom};
      case NodeKind::kName:
      case NodeKind::kUnknown:
        return {style_.symbol(node.text), kAtom};
      case NodeKind::kCall:
        break;
    }
    Written written = call(node);
    if (written.text.size() > kLongest) written = {"…", kAtom};
    return written;
  }

  std::string within(const Written& inner, Strength needed) const {
    return inner.strength < needed ? style_.bracket(inner.text) : inner.text;
  }

  Written infix(const Node& node, const std::string& symbol, Strength own, Strength right) {
    return {within(write(*node.arguments[0]), own) + " " + symbol + " " + within(write(*node.arguments[1]), right),
            own};
  }

  Written call(const Node& node) {
    const auto& args = node.arguments;
    switch (node.function) {
      case Function::kAdd:
        return infix(node, "+", kSum, kSum);
      case Function::kSubtract:
        return infix(node, "−", kSum, kProduct);
      case Function::kNegate:
        return {"−" + within(write(*args[0]), kProduct), kUnary};
      case Function::kMultiply: {
        Written left = write(*args[0]), right = write(*args[1]);
        left.text = within(left, kProduct);
        right.text = within(right, kUnary);
        return {style_.times(left, right), kProduct};
      }
      case Function::kDivide:
        return style_.fraction(write(*args[0]), write(*args[1]));
      case Function::kPower:
        return style_.power(write(*args[0]), write(*args[1]));
      case Function::kLess:
      case Function::kLessEqual:
      case Function::kGreater:
      case Function::kGreaterEqual:
      case Function::kEqual:
      case Function::kNotEqual:
        return infix(node, style_.comparison(node.function), kComparison, kSum);
      case Function::kAnd:
        return infix(node, "and", kAnd, kComparison);
      case Function::kOr:
        return infix(node, "or", kOr, kAnd);
      case Function::kNot:
        return {"not " + within(write(*args[0]), kComparison), kComparison};
      case Function::kIf:
        return style_.conditional(write(*args[0]).text, write(*args[1]).text, write(*args[2]).text);
      case Function::kSolve: {
        const Node& g = *args[3];
        const bool difference = g.kind == NodeKind::kCall && g.function == Function::kSubtract;
        return style_.solution(write(*args[0]).text, write(*args[1]).text, write(*args[2]).text,
                               difference ? write(*g.arguments[0]).text : write(g).text,
                               difference ? write(*g.arguments[1]).text : "0");
      }
      default:
        break;
    }
    std::string arguments;
    for (const NodePtr& argument : args) arguments += (arguments.empty() ? "" : ", ") + write(*argument).text;
    return {style_.function(info(node.function).name, arguments), kAtom};
  }

  const Style& style_;
  std::map<const Node*, Written> written_;
};

class Latex : public Style {
 public:
  std::string symbol(std::string_view name) const override { return latex_symbol(name); }
  std::string number(double value) const override {
    std::string text = format_exact(value);
    if (const std::size_t e = text.find('e'); e != std::string::npos) {
      const std::string mantissa = text.substr(0, e), exponent = text.substr(e + 1);
      return (mantissa == "1" ? "" : mantissa + " \\times ") + "10^{" + exponent + "}";
    }
    return text;
  }
  std::string bracket(const std::string& inside) const override { return "\\left(" + inside + "\\right)"; }
  Written fraction(const Written& above, const Written& below) const override {
    return {"\\frac{" + above.text + "}{" + below.text + "}", kProduct};
  }
  std::string times(const Written& left, const Written& right) const override {
    const bool digits = std::isdigit(static_cast<unsigned char>(right.text.front())) != 0;
    return left.text + (digits ? " \\cdot " : "\\,") + right.text;
  }
  Written power(const Written& base, const Written& exponent) const override {
    return {(base.strength < kAtom ? bracket(base.text) : base.text) + "^{" + exponent.text + "}", kPowerBase};
  }
  std::string function(std::string_view name, const std::string& arguments) const override {
    if (name == "sqrt") return "\\sqrt{" + arguments + "}";
    if (name == "abs") return "\\left|" + arguments + "\\right|";
    if (name == "log2" || name == "log10") return "\\log_{" + std::string(name.substr(3)) + "}" + bracket(arguments);
    if (name == "atan") return "\\arctan" + bracket(arguments);
    for (const std::string_view known : {"exp", "log", "sin", "cos", "tan", "tanh", "min", "max"})
      if (name == known) return "\\" + std::string(name) + bracket(arguments);
    return "\\operatorname{" + std::string(name) + "}" + bracket(arguments);
  }
  Written conditional(const std::string& condition, const std::string& yes, const std::string& no) const override {
    return {"\\begin{cases}" + yes + " & \\text{if } " + condition + " \\\\ " + no + " & \\text{otherwise}\\end{cases}",
            kAtom};
  }
  std::string comparison(Function function) const override {
    switch (function) {
      case Function::kLess:
        return "<";
      case Function::kLessEqual:
        return "\\le";
      case Function::kGreater:
        return ">";
      case Function::kGreaterEqual:
        return "\\ge";
      case Function::kEqual:
        return "=";
      default:
        return "\\ne";
    }
  }
  Written solution(const std::string& unknown, const std::string& low, const std::string& high, const std::string& left,
                   const std::string& right) const override {
    return {unknown + " \\in [" + low + ", " + high + "] : " + left + " = " + right, kLoosest};
  }
};

class UnicodeText : public Style {
 public:
  std::string symbol(std::string_view name) const override { return unicode_symbol(name); }
  std::string number(double value) const override { return format_exact(value); }
  std::string bracket(const std::string& inside) const override { return "(" + inside + ")"; }
  Written fraction(const Written& above, const Written& below) const override {
    return {(above.strength < kProduct ? bracket(above.text) : above.text) + "/" +
                (below.strength < kPowerBase ? bracket(below.text) : below.text),
            kProduct};
  }
  std::string times(const Written& left, const Written& right) const override { return left.text + "·" + right.text; }
  Written power(const Written& base, const Written& exponent) const override {
    return {(base.strength < kAtom ? bracket(base.text) : base.text) + "^" +
                (exponent.strength < kUnary ? bracket(exponent.text) : exponent.text),
            kPowerBase};
  }
  std::string function(std::string_view name, const std::string& arguments) const override {
    return std::string(name) + "(" + arguments + ")";
  }
  Written conditional(const std::string& condition, const std::string& yes, const std::string& no) const override {
    return {condition + " ? " + yes + " : " + no, kLoosest};
  }
  std::string comparison(Function function) const override {
    switch (function) {
      case Function::kLess:
        return "<";
      case Function::kLessEqual:
        return "≤";
      case Function::kGreater:
        return ">";
      case Function::kGreaterEqual:
        return "≥";
      case Function::kEqual:
        return "=";
      default:
        return "≠";
    }
  }
  Written solution(const std::string& unknown, const std::string& low, const std::string& high, const std::string& left,
                   const std::string& right) const override {
    return {unknown + " ∈ [" + low + ", " + high + "]: " + left + " = " + right, kLoosest};
  }
};

}  // namespace

std::string unicode_symbol(std::string_view name) {
  const auto [base, index] = split_symbol(name);
  const auto letter = [](const std::string& word) { return greek(word) ? std::string(greek(word)->letter) : word; };
  return index.empty() ? letter(base) : letter(base) + "_" + letter(index);
}

std::string to_latex(const Expression& expression) {
  std::string text = Writer(Latex()).write(*expression.root).text;
  // The minus sign of the shared writer is a hyphen in LaTeX.
  for (std::size_t at; (at = text.find("−")) != std::string::npos;) text.replace(at, std::string("−").size(), "-");
  return text;
}

std::string to_unicode(const Expression& expression) {
  return Writer(UnicodeText()).write(*expression.root).text;
}

}  // namespace isoflop
