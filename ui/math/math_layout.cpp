// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/math/math_layout.h"

#include <algorithm>
#include <utility>

#include "core/base/quantity.h"
#include "core/formula/functions.h"
#include "ui/math/formula_parts.h"

namespace isoflop::ui {
namespace {

using Kind = MathBox::Kind;

// Boxes; more are not for reading, and repeated `let` names can double a formula with every line.
constexpr std::size_t kLargest = 4000;

// Binding strength, so that brackets stand only where they are needed.
enum Strength { kLoosest, kOr, kAnd, kComparison, kSum, kProduct, kUnary, kPowerBase, kAtom };

struct Piece {
  MathBox box;
  Strength strength = kAtom;
  bool starts_with_digit = false;
};

// A chain of + and − as its terms, the first without a sign.
struct Term {
  const Node* node;
  bool minus;
};

void collect_terms(const Node& node, bool minus, std::vector<Term>& terms) {
  if (node.kind == NodeKind::kCall && (node.function == Function::kAdd || node.function == Function::kSubtract)) {
    collect_terms(*node.arguments[0], minus, terms);
    terms.push_back({node.arguments[1].get(), node.function == Function::kSubtract});
    return;
  }
  terms.push_back({&node, minus});
}

class Layout {
 public:
  explicit Layout(const MathLayoutOptions& options) : options_(options), type_(options.size) {}

  MathBox line(const MathBox& head, const Node& root, double width) {
    MathBox box = head;
    const double unit = type_.em(MathStyle::kDisplay);
    if (!box.children.empty()) append(box, text(QStringLiteral("="), MathStyle::kDisplay), 0.3 * unit, 0.3 * unit);
    const double indent = width > 0 && box.width > 0.3 * width ? 2 * unit : box.width;
    std::vector<Term> terms;
    collect_terms(root, false, terms);
    if (terms.size() == 1) {
      append(box, set(root, MathStyle::kDisplay).box);
      return box;
    }
    // Terms go on the line until they no longer fit; the next line starts with its sign.
    MathBox lines;
    lines.kind = Kind::kLine;
    double baseline = 0;
    bool first_in_line = true;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      MathBox term = within(set(*terms[i].node, MathStyle::kDisplay), i == 0 ? kSum : kProduct, MathStyle::kDisplay);
      MathBox sign;
      if (i > 0) sign = text(QString(terms[i].minus ? QChar(0x2212) : QChar('+')), MathStyle::kDisplay);
      const double space = 0.22 * unit;
      const double needed = (i > 0 ? sign.width + 2 * space : 0) + term.width;
      if (width > 0 && i > 0 && !first_in_line && box.width + needed > width) {
        push_line(lines, std::move(box), baseline);
        box = MathBox();
        append(box, gap(indent));
      }
      if (i > 0) append(box, std::move(sign), box.children.size() == 1 && i > 0 ? 0 : space, space);
      append(box, std::move(term));
      first_in_line = false;
    }
    if (lines.children.empty()) return box;
    push_line(lines, std::move(box), baseline);
    return lines;
  }

  // `below` under everything in `above`, with room for a line between them.
  void push_line(MathBox& above, MathBox below, double& baseline) const {
    if (!above.children.empty()) baseline = above.descent + 0.45 * type_.em(MathStyle::kDisplay) + below.ascent;
    above.add(std::move(below), {0, baseline});
  }

  MathBox symbol(const std::string& name, MathStyle style, const MathBox* exponent = nullptr) const {
    const auto shown = options_.symbols.find(name);
    return type_.symbol(name, style, shown == options_.symbols.end() ? std::string() : shown->second, exponent);
  }

  MathBox text(const QString& letters, MathStyle style) const { return type_.glyphs(letters, style, false); }

  static MathBox gap(double width) {
    MathBox box;
    box.width = width;
    return box;
  }

  static void append(MathBox& row, MathBox box, double before = 0, double after = 0) {
    const double x = row.width + before;
    row.add(std::move(box), {x, 0});
    row.width += after;
  }

  Piece set(const Node& node, MathStyle style) {
    Piece piece = compute(node, style);
    if (piece.box.size > kLargest) piece = {text(QString(QChar(0x2026)), style), kAtom};
    return piece;
  }

 private:
  double em(MathStyle style) const { return type_.em(style); }

  MathBox within(Piece piece, Strength needed, MathStyle style) const {
    if (piece.strength >= needed) return std::move(piece.box);
    return type_.fence('(', std::move(piece.box), ')', style);
  }

  Piece number(double value, MathStyle style) const {
    const std::string written = format_exact(value);
    QString digits = QString::fromStdString(written);
    const qsizetype e = digits.indexOf('e');
    const auto minus = [](QString s) { return s.replace('-', QChar(0x2212)); };
    Piece piece{.box = {}, .strength = value < 0 ? kUnary : kAtom, .starts_with_digit = true};
    if (digits == QLatin1String("inf")) {
      piece.box = text(QString(QChar(0x221E)), style);
      return piece;
    }
    if (e < 0) {
      piece.box = text(minus(digits), style);
      return piece;
    }
    const QString mantissa = digits.left(e);
    const MathBox exponent = text(minus(digits.mid(e + 1)), script_of(style));
    MathBox power = type_.scripts(text(QStringLiteral("10"), style), &exponent, nullptr, style);
    piece.strength = kProduct;
    if (mantissa == "1") {
      piece.box = std::move(power);
      piece.strength = kPowerBase;
      return piece;
    }
    append(piece.box, text(minus(mantissa), style));
    append(piece.box, text(QString(QChar(0xD7)), style), 0.2 * em(style), 0.2 * em(style));
    append(piece.box, std::move(power));
    return piece;
  }

  Piece infix(const Node& node, const QString& sign, Strength own, Strength right, MathStyle style, double space) {
    Piece piece{.box = {}, .strength = own};
    const double room = (style <= MathStyle::kText ? space : 0.4 * space) * em(style);
    Piece first = set(*node.arguments[0], style), second = set(*node.arguments[1], style);
    piece.starts_with_digit = first.strength >= own && first.starts_with_digit;
    append(piece.box, within(std::move(first), own, style));
    append(piece.box, text(sign, style), room, room);
    append(piece.box, within(std::move(second), right, style));
    return piece;
  }

  Piece product(const Node& node, MathStyle style) {
    Piece left = set(*node.arguments[0], style), right = set(*node.arguments[1], style);
    // N · 3: a digit after something would read as part of it.
    const bool digit_after = right.strength >= kUnary && right.starts_with_digit;
    const bool starts = left.strength >= kProduct && left.starts_with_digit;
    Piece piece{.box = {}, .strength = kProduct, .starts_with_digit = starts};
    append(piece.box, within(std::move(left), kProduct, style));
    const double thin = (style <= MathStyle::kText ? 0.17 : 0.1) * em(style);
    if (digit_after)
      append(piece.box, text(QString(QChar(0x22C5)), style), 0.2 * em(style), 0.2 * em(style));
    else
      piece.box.width += thin;
    append(piece.box, within(std::move(right), kUnary, style));
    return piece;
  }

  Piece power(const Node& node, MathStyle style) {
    const MathBox exponent = set(*node.arguments[1], script_of(style)).box;
    if (node.arguments[0]->kind == NodeKind::kName)
      return {symbol(node.arguments[0]->text, style, &exponent), kPowerBase};
    Piece base = set(*node.arguments[0], style);
    const bool digit = base.strength >= kAtom && base.starts_with_digit;
    MathBox below = within(std::move(base), kAtom, style);
    return {type_.scripts(std::move(below), &exponent, nullptr, style), kPowerBase, digit};
  }

  MathBox arguments(const Node& node, MathStyle style) {
    MathBox row;
    for (const NodePtr& argument : node.arguments) {
      if (!row.children.empty()) append(row, text(QStringLiteral(","), style), 0, 0.2 * em(style));
      append(row, set(*argument, style).box);
    }
    return row;
  }

  Piece applied(MathBox name, MathBox inside, MathStyle style) const {
    Piece piece;
    append(piece.box, std::move(name));
    append(piece.box, type_.fence('(', std::move(inside), ')', style), 0.06 * em(style));
    return piece;
  }

  // condition ? a : other ? b : c, as three cases.
  Piece cases(const Node& node, MathStyle style) {
    const MathStyle inner = style == MathStyle::kDisplay ? MathStyle::kText : style;
    struct Row {
      MathBox value, condition;
    };
    std::vector<Row> rows;
    const Node* at = &node;
    const double space = em(style);
    while (at->kind == NodeKind::kCall && at->function == Function::kIf && rows.size() < 16) {
      MathBox condition = text(QStringLiteral("if"), inner);
      condition = wrapped(Kind::kRow, std::move(condition));
      append(condition, set(*at->arguments[0], inner).box, 0.3 * space);
      rows.push_back({set(*at->arguments[1], inner).box, std::move(condition)});
      at = at->arguments[2].get();
    }
    rows.push_back({set(*at, inner).box, text(QStringLiteral("otherwise"), inner)});

    double value_width = 0;
    for (const Row& row : rows) value_width = std::max(value_width, row.value.width);
    MathBox table;
    table.kind = Kind::kCases;
    double baseline = 0;
    for (Row& row : rows) {
      MathBox line;
      line.add(std::move(row.value), {0, 0});
      line.add(std::move(row.condition), {value_width + space, 0});
      line.ascent = std::max(line.ascent, 0.7 * space);
      line.descent = std::max(line.descent, 0.2 * space);
      if (!table.children.empty()) baseline = table.descent + 0.25 * space + line.ascent;
      table.add(std::move(line), {0, baseline});
    }
    // The middle of the table lies on the axis.
    const double shift = -type_.axis(style) - (table.descent - table.ascent) / 2;
    MathBox centred;
    centred.add(std::move(table), {0, shift});
    return {type_.fence('{', std::move(centred), QChar(), style), kUnary};
  }

  Piece exponential(const Node& argument, MathStyle style) {
    Piece inner = set(argument, style);
    return applied(text(QStringLiteral("exp"), style), std::move(inner.box), style);
  }

  Piece compute(const Node& node, MathStyle style) {
    switch (node.kind) {
      case NodeKind::kNumber:
        if (!node.text.empty()) return {symbol(node.text, style)};
        return number(node.number, style);
      case NodeKind::kText:
        return {text(QString(QChar(0x201C)) + QString::fromStdString(node.text) + QChar(0x201D), style)};
      case NodeKind::kName:
      case NodeKind::kUnknown:
        return {symbol(node.text, style)};
      case NodeKind::kCall:
        break;
    }
    return call(node, style);
  }

  // The unknown in [low, high] for which left = right.
  Piece solution(const Node& node, MathStyle style) {
    const double unit = em(style);
    const Node& g = *node.arguments[3];
    const bool difference = g.kind == NodeKind::kCall && g.function == Function::kSubtract;
    Piece piece{.box = {}, .strength = kLoosest};
    append(piece.box, set(*node.arguments[0], style).box);
    append(piece.box, text(QString(QChar(0x2208)), style), 0.28 * unit, 0.28 * unit);
    MathBox range;
    append(range, set(*node.arguments[1], style).box);
    append(range, text(QStringLiteral(","), style), 0, 0.2 * unit);
    append(range, set(*node.arguments[2], style).box);
    append(piece.box, type_.fence('[', std::move(range), ']', style));
    append(piece.box, text(QStringLiteral(":"), style), 0.12 * unit, 0.5 * unit);
    append(piece.box, set(difference ? *g.arguments[0] : g, style).box);
    append(piece.box, text(QStringLiteral("="), style), 0.28 * unit, 0.28 * unit);
    append(piece.box, difference ? set(*g.arguments[1], style).box : text(QStringLiteral("0"), style));
    return piece;
  }

  Piece call(const Node& node, MathStyle style) {
    const auto& args = node.arguments;
    switch (node.function) {
      case Function::kAdd:
        return infix(node, QStringLiteral("+"), kSum, kSum, style, 0.22);
      case Function::kSubtract:
        return infix(node, QString(QChar(0x2212)), kSum, kProduct, style, 0.22);
      case Function::kNegate: {
        Piece piece{.box = {}, .strength = kUnary};
        append(piece.box, text(QString(QChar(0x2212)), style));
        append(piece.box, within(set(*args[0], style), kProduct, style), 0.04 * em(style));
        return piece;
      }
      case Function::kMultiply:
        return product(node, style);
      case Function::kDivide: {
        // A quotient inside a script stays in the line: a bar there is too small to read.
        if (style >= MathStyle::kScript) {
          Piece piece{.box = {}, .strength = kProduct};
          append(piece.box, within(set(*args[0], style), kProduct, style));
          append(piece.box, text(QStringLiteral("/"), style), 0.04 * em(style), 0.04 * em(style));
          append(piece.box, within(set(*args[1], style), kPowerBase, style));
          return piece;
        }
        const MathStyle inner = fraction_of(style);
        return {type_.fraction(set(*args[0], inner).box, set(*args[1], inner).box, style), kProduct};
      }
      case Function::kPower:
        return power(node, style);
      case Function::kLess:
        return infix(node, QStringLiteral("<"), kComparison, kSum, style, 0.28);
      case Function::kLessEqual:
        return infix(node, QString(QChar(0x2264)), kComparison, kSum, style, 0.28);
      case Function::kGreater:
        return infix(node, QStringLiteral(">"), kComparison, kSum, style, 0.28);
      case Function::kGreaterEqual:
        return infix(node, QString(QChar(0x2265)), kComparison, kSum, style, 0.28);
      case Function::kEqual:
        return infix(node, QStringLiteral("="), kComparison, kSum, style, 0.28);
      case Function::kNotEqual:
        return infix(node, QString(QChar(0x2260)), kComparison, kSum, style, 0.28);
      case Function::kAnd:
        return infix(node, QStringLiteral("and"), kAnd, kComparison, style, 0.3);
      case Function::kOr:
        return infix(node, QStringLiteral("or"), kOr, kAnd, style, 0.3);
      case Function::kNot: {
        Piece piece{.box = {}, .strength = kComparison};
        append(piece.box, text(QStringLiteral("not"), style));
        append(piece.box, within(set(*args[0], style), kComparison, style), 0.25 * em(style));
        return piece;
      }
      case Function::kIf:
        return cases(node, style);
      case Function::kExp:
        return exponential(*args[0], style);
      case Function::kExpm1: {
        Piece piece{.box = {}, .strength = kSum};
        append(piece.box, exponential(*args[0], style).box);
        append(piece.box, text(QString(QChar(0x2212)), style), 0.22 * em(style), 0.22 * em(style));
        append(piece.box, text(QStringLiteral("1"), style));
        return piece;
      }
      case Function::kLog1p: {
        MathBox inside;
        append(inside, text(QStringLiteral("1"), style));
        append(inside, text(QStringLiteral("+"), style), 0.22 * em(style), 0.22 * em(style));
        append(inside, within(set(*args[0], style), kSum, style));
        return applied(text(QStringLiteral("log"), style), std::move(inside), style);
      }
      case Function::kLog2:
      case Function::kLog10: {
        const MathBox base =
            text(node.function == Function::kLog2 ? QStringLiteral("2") : QStringLiteral("10"), script_of(style));
        MathBox name = type_.scripts(text(QStringLiteral("log"), style), nullptr, &base, style);
        return applied(std::move(name), set(*args[0], style).box, style);
      }
      case Function::kSqrt:
        return {type_.radical(set(*args[0], style).box, style)};
      case Function::kAbs:
        return {type_.fence('|', set(*args[0], style).box, '|', style)};
      case Function::kSum: {
        Piece piece{.box = {}, .strength = kProduct};
        append(piece.box, type_.big_operator(QChar(0x2211), style));
        append(piece.box, within(set(*args[0], style), kProduct, style), 0.14 * em(style));
        return piece;
      }
      case Function::kSolve:
        return solution(node, style);
      case Function::kAtan:
        return applied(text(QStringLiteral("arctan"), style), set(*args[0], style).box, style);
      default:
        break;
    }
    const std::string_view name = info(node.function).name;
    return applied(text(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())), style),
                   arguments(node, style), style);
  }

  const MathLayoutOptions& options_;
  MathType type_;
};

}  // namespace

MathBox layout_math(const Expression& expression, const MathLayoutOptions& options) {
  if (expression.root == nullptr) return {};
  Layout layout(options);
  const MathStyle display = MathStyle::kDisplay;
  const FormulaParts parts = split_formula(expression);
  MathBox head;
  if (!options.result.empty()) {
    Layout::append(head, layout.symbol(options.result, display));
    if (!options.arguments.empty()) {
      MathBox inside;
      for (const std::string& name : options.arguments) {
        if (!inside.children.empty()) Layout::append(inside, layout.text(QStringLiteral(", "), display));
        Layout::append(inside, layout.symbol(name, display));
      }
      Layout::append(head, MathType(options.size).fence('(', std::move(inside), ')', display));
    }
  }
  MathBox box = layout.line(head, *parts.body.root, options.width);
  if (parts.definitions.empty()) return box;
  MathBox lines;
  lines.kind = Kind::kLine;
  double baseline = 0;
  layout.push_line(lines, std::move(box), baseline);
  for (const FormulaParts::Definition& definition : parts.definitions) {
    MathBox name;
    Layout::append(name, Layout::gap(1.5 * MathType(options.size).em(display)));
    Layout::append(name, layout.symbol(definition.name, display));
    layout.push_line(lines, layout.line(name, *definition.value.root, options.width), baseline);
  }
  return lines;
}

}  // namespace isoflop::ui
