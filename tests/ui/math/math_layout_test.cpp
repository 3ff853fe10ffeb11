// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/math/math_layout.h"

#include <QtTest>

#include "ui/math/formula_parts.h"
#include "ui/math/math_view.h"

using namespace isoflop;
using namespace isoflop::ui;
using Kind = MathBox::Kind;

// Geometry is asserted through the boxes, so it holds for every font.
class MathLayoutTest : public QObject {
  Q_OBJECT

  static MathBox lay_out(const char* formula, MathLayoutOptions options = {}) {
    const auto expression = parse_expression(formula);
    if (!expression) qFatal("%s", expression.error().to_string().c_str());
    return layout_math(*expression, options);
  }
  static std::vector<PlacedBox> all(const MathBox& box, Kind kind) {
    return find_boxes(box, [kind](const MathBox& b) { return b.kind == kind; });
  }
  static PlacedBox symbol(const MathBox& box, const char* name, std::size_t which = 0) {
    const auto found = find_boxes(box, [name](const MathBox& b) { return b.name == name; });
    if (found.size() <= which) qFatal("no symbol %s", name);
    return found[which];
  }
  static QStringList texts(const MathBox& box) {
    QStringList list;
    for (const PlacedBox& placed : find_boxes(box, [](const MathBox& b) { return !b.text.isEmpty(); }))
      list << placed.box->text;
    return list;
  }

 private slots:
  void numeratorStandsAboveTheBarAndDenominatorBelow() {
    const MathBox box = lay_out("E + A / N");
    const auto bars = all(box, Kind::kBar), above = all(box, Kind::kNumerator), below = all(box, Kind::kDenominator);
    QCOMPARE(bars.size(), std::size_t{1});
    QVERIFY(above.front().rect.bottom() < bars.front().rect.top());
    QVERIFY(below.front().rect.top() > bars.front().rect.bottom());
    // Both are centred on the bar, which covers them.
    for (const PlacedBox& part : {above.front(), below.front()}) {
      QVERIFY(std::abs(part.rect.center().x() - bars.front().rect.center().x()) < 0.01);
      QVERIFY(part.rect.width() <= bars.front().rect.width());
    }
    // The bar lies on the axis, half-way up the plus sign.
    const auto plus = find_boxes(box, [](const MathBox& b) { return b.text == "+"; });
    QVERIFY(std::abs(plus.front().rect.center().y() - bars.front().rect.center().y()) < 1.5);
    // E and the plus share one baseline.
    QCOMPARE(symbol(box, "E").baseline.y(), plus.front().baseline.y());
  }

  void exponentsAreSmallerAndRaised() {
    const MathBox box = lay_out("N^alpha");
    const PlacedBox base = symbol(box, "N"), exponent = symbol(box, "alpha");
    QCOMPARE(exponent.box->text, QStringLiteral(u"α"));
    QVERIFY(exponent.box->font.pointSizeF() < base.box->font.pointSizeF());
    QVERIFY(exponent.baseline.y() < base.baseline.y());
    QVERIFY(exponent.rect.left() >= base.rect.right() - 0.01);
    QVERIFY(exponent.rect.top() < base.rect.top());
    // A power of a power goes on rising.
    const MathBox tower = lay_out("a^b^c");
    QVERIFY(symbol(tower, "c").baseline.y() < symbol(tower, "b").baseline.y());
  }

  void indicesStandBelow() {
    const MathBox box = lay_out("R_D + b12 + alpha_N + width");
    QCOMPARE(texts(box), (QStringList{u"R"_qs, u"D"_qs, u"+"_qs, u"b"_qs, u"12"_qs, u"+"_qs, u"α"_qs, u"N"_qs, u"+"_qs,
                                      u"width"_qs}));
    QVERIFY(symbol(box, "R_D", 1).baseline.y() > symbol(box, "R_D", 0).baseline.y());
    QVERIFY(symbol(box, "R_D", 0).box->font.italic());
    QVERIFY(!symbol(box, "width").box->font.italic());
  }

  void symbolsOfALawReplaceNames() {
    const MathLayoutOptions options{.symbols = {{"k", "κ_N"}}, .result = "L", .arguments = {"N"}};
    const MathBox box = lay_out("k / N", options);
    QCOMPARE(symbol(box, "k", 0).box->text, QStringLiteral(u"κ"));
    QCOMPARE(symbol(box, "k", 1).box->text, QStringLiteral(u"N"));
    QCOMPARE(texts(box).mid(0, 3), (QStringList{u"L"_qs, u"("_qs, u"N"_qs}));
  }

  void bracketsStandWhereTheyAreNeededOnly() {
    const auto brackets = [](const char* formula) { return all(lay_out(formula), Kind::kFence).size(); };
    QCOMPARE(brackets("a + b * c"), std::size_t{0});
    QCOMPARE(brackets("(a + b) * c"), std::size_t{1});
    QCOMPARE(brackets("a - (b + c)"), std::size_t{1});
    QCOMPARE(brackets("(a + b) / (c + d)"), std::size_t{0});
    QCOMPARE(brackets("(a * b)^c"), std::size_t{1});
    QCOMPARE(brackets("a^(b + c)"), std::size_t{0});
    QCOMPARE(brackets("-x^2"), std::size_t{0});
    QCOMPARE(brackets("(-x)^2"), std::size_t{1});
    QCOMPARE(brackets("2^3^4"), std::size_t{0});
    QCOMPARE(brackets("(2^3)^4"), std::size_t{1});
  }

  void bracketsGrowWithWhatTheyHold() {
    const MathBox box = lay_out("(a / b)^c");
    const PlacedBox fence = all(box, Kind::kFence).front();
    const MathBox& open = fence.box->children.front();
    const MathBox& inside = fence.box->children[1];
    QVERIFY(open.height() >= inside.height());
    QVERIFY(open.ascent >= inside.ascent && open.descent >= inside.descent);
    // The exponent stands at the corner of the bracket, not at its middle.
    const PlacedBox exponent = symbol(box, "c");
    QVERIFY(exponent.rect.bottom() < fence.rect.center().y());
    QVERIFY(exponent.rect.top() <= fence.rect.top() + 2);
  }

  void aRootCoversItsRadicand() {
    const MathBox box = lay_out("sqrt(a / b)");
    const PlacedBox root = all(box, Kind::kRadical).front();
    const auto bars = all(box, Kind::kBar);
    const PlacedBox fraction = all(box, Kind::kFraction).front();
    QCOMPARE(bars.size(), std::size_t{2});
    QVERIFY(bars[0].rect.bottom() < fraction.rect.top());
    QVERIFY(bars[0].rect.width() >= fraction.rect.width());
    QVERIFY(root.rect.contains(fraction.rect));
  }

  void casesStandBelowEachOtherAndAligned() {
    const MathBox box = lay_out("N < 1M ? a : N < 1B ? b + c : d");
    const PlacedBox cases = all(box, Kind::kCases).front();
    QCOMPARE(cases.box->children.size(), std::size_t{3});
    for (std::size_t i = 0; i + 1 < 3; ++i) {
      const MathBox &upper = cases.box->children[i], &lower = cases.box->children[i + 1];
      QVERIFY(upper.rect().bottom() < lower.rect().top());
      QCOMPARE(upper.children[1].at.x(), lower.children[1].at.x());
    }
    const MathBox& brace = all(box, Kind::kFence).front().box->children.front();
    QVERIFY(brace.height() >= cases.rect.height());
    // Its middle lies on the axis, like a minus sign's.
    const double axis = MathType(15).axis(MathStyle::kDisplay);
    QVERIFY(std::abs(cases.rect.center().y() + axis) < 0.5);
  }

  void scientificNumbersArePowersOfTen() {
    QCOMPARE(texts(lay_out("8.8e13")), (QStringList{u"8.8"_qs, u"×"_qs, u"10"_qs, u"13"_qs}));
    QCOMPARE(texts(lay_out("1e19 * N")), (QStringList{u"10"_qs, u"19"_qs, u"N"_qs}));
    QCOMPARE(texts(lay_out("6 * N * D")), (QStringList{u"6"_qs, u"N"_qs, u"D"_qs}));
    QCOMPARE(texts(lay_out("N * 6")), (QStringList{u"N"_qs, u"⋅"_qs, u"6"_qs}));
  }

  void nothingOverlapsWithinALine() {
    for (const char* formula : {"E + A / N^alpha + B / D^beta", "E + (A_N^(a / b) + k * exp(-x / R_D))^2 / log10(D)",
                                "exp(s * N^q + S) + exp(B * N^b + Q) / D^exp(A * N^a + E)"}) {
      const MathBox box = lay_out(formula);
      for (const PlacedBox& row : find_boxes(box, [](const MathBox& b) { return b.kind == Kind::kRow; })) {
        for (std::size_t i = 0; i + 1 < row.box->children.size(); ++i) {
          const MathBox &left = row.box->children[i], &right = row.box->children[i + 1];
          QVERIFY2(left.at.x() + left.width <= right.at.x() + 0.01, formula);
        }
        QVERIFY(row.rect.right() <= box.width + 0.01);
      }
      for (const PlacedBox& part : find_boxes(box, [](const MathBox& b) { return !b.text.isEmpty(); }))
        QVERIFY2(QRectF(-0.01, -box.ascent - 0.01, box.width + 0.02, box.height() + 0.02).contains(part.rect), formula);
    }
  }

  void longSumsAreBrokenBeforeATerm() {
    MathLayoutOptions options;
    options.result = "L";
    options.arguments = {"N", "D"};
    const char* formula = "E + A / N^alpha + B / D^beta + C / N^gamma - F * D^delta";
    const double whole = lay_out(formula, options).width;
    options.width = 0.55 * whole;
    const MathBox box = lay_out(formula, options);
    QVERIFY(box.kind == Kind::kLine);
    QVERIFY(box.children.size() >= 2);
    QVERIFY(box.width <= options.width);
    for (std::size_t i = 0; i + 1 < box.children.size(); ++i)
      QVERIFY(box.children[i].rect().bottom() < box.children[i + 1].rect().top());
    QCOMPARE(texts(box).size(), texts(lay_out(formula)).size() + 7);  // L ( N ,  D ) =
  }

  void letNamesStandBelowWithWhatTheyMean() {
    const auto expression = parse_expression("let x = N / N_c;\nlet y = x^2 + 1; # squared\nE + y^-a");
    const FormulaParts parts = split_formula(*expression);
    QCOMPARE(parts.definitions.size(), std::size_t{2});
    QCOMPARE(parts.definitions[1].value.names(), std::vector<std::string>{"x"});
    const MathBox box = layout_math(*expression, {});
    QCOMPARE(box.children.size(), std::size_t{3});
    QVERIFY(symbol(box, "y", 0).baseline.y() < symbol(box, "x", 0).baseline.y());
    QVERIFY(texts(box).contains(u"E"_qs));
  }

  // Forty doublings are 10^12 symbols if each is written out.
  void doublingLetsAreSetInNoTime() {
    std::string formula;
    for (int i = 0; i < 40; ++i) {
      const QString before = i == 0 ? QStringLiteral("N") : QStringLiteral("x%1").arg(i - 1);
      formula += QStringLiteral("let x%1 = %2 * %2 + 1;\n").arg(i).arg(before).toStdString();
    }
    QElapsedTimer timer;
    timer.start();
    const MathBox box = lay_out((formula + "x39 + E").c_str());
    QVERIFY(box.size < 5000);
    QVERIFY(timer.elapsed() < 1000);
  }

  void theViewKeepsWithinItsWidth() {
    const Appearance appearance(*qApp, AppearanceChoice::kLight);
    MathView view(appearance);
    const auto law =
        law_from_formula("E + (A / N^alpha + B / D^beta + G / (N * D)^gamma)^delta * (k + N^a + D^b + N^c)");
    view.set_law(*law);
    for (const int width : {900, 400, 260}) {
      view.resize(width, view.heightForWidth(width));
      QVERIFY2(view.box().width * view.scale() <= width, qPrintable(QString::number(view.box().width)));
      QVERIFY(view.box().height() * view.scale() <= view.height());
      QVERIFY(width < 900 || view.scale() == 1);
    }
    QVERIFY(view.accessibleDescription().contains(u"N^α"));
    view.clear();
    QCOMPARE(view.heightForWidth(400), 0);
  }

  void markedSymbolsAreDrawnInTheAccent() {
    const Appearance appearance(*qApp, AppearanceChoice::kLight);
    MathView view(appearance);
    view.set_law(*law_from_formula("E + A / N^alpha"));
    view.resize(300, 80);
    const auto has = [&](const QColor& color) {
      const QImage image = view.grab().toImage();
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
          if (image.pixelColor(x, y) == color) return true;
      return false;
    };
    QVERIFY(!has(appearance.theme().selection));
    view.set_marked("alpha");
    QVERIFY(has(appearance.theme().selection));
    view.set_marked("beta");
    QVERIFY(!has(appearance.theme().selection));
  }
};

QTEST_MAIN(MathLayoutTest)
#include "math_layout_test.moc"
