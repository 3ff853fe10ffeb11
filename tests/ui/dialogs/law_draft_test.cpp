// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/law_draft.h"

#include <QtTest>

#include "core/laws/law_file.h"
#include "core/laws/law_write.h"
#include "core/laws/library.h"
#include "core/runs/csv.h"
#include "core/runs/mapping.h"

using namespace isoflop;
using namespace isoflop::ui;

class LawDraftTest : public QObject {
  Q_OBJECT

  static LawDraft draft(const char* formula) {
    LawDraft draft = LawDraft::blank(2026);
    draft.formula = formula;
    return draft;
  }
  static RunTable runs() {
    auto table = parse_csv("params,tokens,loss,width,lr\n1e8,2e9,3.5,512,1e-3\n1e9,2e10,2.8,1024,5e-4\n");
    if (!table) qFatal("%s", table.error().to_string().c_str());
    if (const Status mapped = apply_mapping(*table, {}); !mapped) qFatal("%s", mapped.error().to_string().c_str());
    return *std::move(table);
  }
  static const DraftName& name(const DraftReading& reading, const std::string& name) {
    for (const DraftName& n : reading.names)
      if (n.name == name) return n;
    qFatal("no name %s", name.c_str());
  }
  static std::shared_ptr<const Law> shipped(const char* id) {
    const LawLibrary library = load_laws(*find_resources() / "laws");
    return std::make_shared<const Law>(*library.find(id));
  }

 private slots:
  void namesFindTheirRolesByThemselves() {
    const RunTable table = runs();
    const DraftReading reading = read_draft(draft("E + A / N^alpha + B / D^beta + k * width"), &table);
    QVERIFY(reading.law != nullptr);
    QCOMPARE(reading.law->roles(), (std::vector<std::string>{"params", "tokens", "width"}));
    QVERIFY(!name(reading, "alpha").variable);
    QCOMPARE(reading.law->parameters.size(), std::size_t{6});
    // Without the runs a width is a parameter as any other.
    QVERIFY(!name(read_draft(draft("E + k * width / N"), nullptr), "width").variable);
  }

  void aMistakeHasItsPlace() {
    const DraftReading reading = read_draft(draft("E + A / N^"), nullptr);
    QVERIFY(reading.formula_error.has_value());
    QCOMPARE(reading.formula_error->where.column, 11L);
    QVERIFY(reading.law == nullptr);
    QVERIFY(read_draft(draft("  \n "), nullptr).law == nullptr);
    QVERIFY(!read_draft(draft("  \n "), nullptr).formula_error.has_value());
  }

  void whatTheUserSaysWins() {
    LawDraft said = draft("E + A / N^alpha");
    said.parameters["alpha"] = {.bounds = std::pair(0.1, 0.5), .meaning = "slope"};
    said.parameters["E"] = {.held = 1.7};
    const DraftReading reading = read_draft(said, nullptr);
    QVERIFY(reading.law != nullptr);
    const LawParameter& alpha = name(reading, "alpha").parameter;
    QCOMPARE(alpha.lower, 0.1);
    QCOMPARE(alpha.upper, 0.5);
    QVERIFY(alpha.start_lower >= 0.1 && alpha.start_upper <= 0.5);
    QCOMPARE(alpha.meaning, std::string("slope"));
    QCOMPARE(reading.settings.fixed.at("E"), 1.7);
  }

  void settingsThatMakeNoSenseAreNamed_data() {
    QTest::addColumn<double>("lower");
    QTest::addColumn<double>("upper");
    QTest::addColumn<QString>("problem");
    QTest::newRow("reversed") << 2.0 << 1.0 << "below";
    QTest::newRow("logarithm of zero") << 0.0 << 10.0 << "positive";
  }
  void settingsThatMakeNoSenseAreNamed() {
    QFETCH(double, lower);
    QFETCH(double, upper);
    QFETCH(QString, problem);
    LawDraft said = draft("E + A / N^alpha");
    said.parameters["A"] = {.transform = Transform::kLog, .bounds = std::pair(lower, upper)};
    const DraftReading reading = read_draft(said, nullptr);
    QVERIFY(reading.law == nullptr);
    QCOMPARE(reading.first_problem()->name, std::string("A"));
    QVERIFY(QString::fromStdString(reading.first_problem()->problem).contains(problem));
  }

  void aNameBecomesTheColumnThatIsChosen() {
    const RunTable table = runs();
    LawDraft said = draft("E + A / x^alpha + B / D^beta");
    said.variables["x"] = "width";
    said.variables["D"] = "";
    const DraftReading reading = read_draft(said, &table);
    QVERIFY(reading.law != nullptr);
    QCOMPARE(reading.law->roles(), std::vector<std::string>{"width"});
    QVERIFY(reading.law->parameter_index("D") >= 0);
    said.variables["D"] = "width";
    const DraftReading twice = read_draft(said, &table);
    QVERIFY(twice.law == nullptr);
    QVERIFY(QString::fromStdString(twice.first_problem()->problem).contains("same column"));
  }

  void nothingIsPredictedFromItself() {
    const RunTable table = runs();
    LawDraft said = draft("E + A / N^alpha + k * loss");
    QVERIFY(read_draft(said, &table).law == nullptr);
    QCOMPARE(read_draft(said, &table).first_problem()->name, std::string("loss"));
    said.response = "tokens";
    QVERIFY(read_draft(said, &table).law != nullptr);
  }

  void aCopyKeepsWhatStaysTrue() {
    const auto chinchilla = shipped("chinchilla");
    LawDraft copy = LawDraft::copy_of(chinchilla);
    DraftReading reading = read_draft(copy, nullptr);
    QVERIFY(reading.law != nullptr);
    QCOMPARE(reading.law->sets.size(), chinchilla->sets.size());
    QCOMPARE(reading.law->derived.size(), chinchilla->derived.size());
    QVERIFY(reading.law->frontier.has_value());
    QVERIFY(reading.law->title != chinchilla->title);
    // Published numbers belong to the published formula.
    copy.formula += " + G / (N * D)^gamma";
    reading = read_draft(copy, nullptr);
    QVERIFY(reading.law->sets.empty());
    QVERIFY(!reading.law->frontier.has_value());
    QCOMPARE(name(reading, "alpha").parameter.meaning, chinchilla->parameters[3].meaning);
  }

  // What the editor makes of every law of the library can be saved and read.
  void everyLawOfTheLibraryCanBeEditedAndSaved() {
    const LawLibrary library = load_laws(*find_resources() / "laws");
    int edited = 0;
    for (const Law& law : library.laws) {
      const bool members = std::any_of(law.parameters.begin(), law.parameters.end(), [](const LawParameter& parameter) {
        return parameter.name.find('[') != std::string::npos;
      });
      if (members) continue;
      const DraftReading reading = read_draft(LawDraft::copy_of(std::make_shared<const Law>(law)), nullptr);
      QVERIFY2(reading.law != nullptr, law.id.c_str());
      QVERIFY2(reading.not_saved.empty(), reading.not_saved.c_str());
      const auto text = law_to_toml(*reading.law);
      const auto read = parse_law(*text, "copy.toml");
      QVERIFY2(read.ok(), read.ok() ? "" : read.error().to_string().c_str());
      QCOMPARE(read->formula_text, law.formula_text);
      QCOMPARE(read->roles(), law.roles());
      ++edited;
    }
    QVERIFY(edited >= 40);
  }
};

QTEST_MAIN(LawDraftTest)
#include "law_draft_test.moc"
