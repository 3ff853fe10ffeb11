// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/law_editor.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

#include "core/laws/library.h"
#include "ui/dialogs/law_scores.h"
#include "ui/math/math_view.h"
#include "ui/panels/formula_edit.h"
#include "ui/panels/law_names_table.h"
#include "ui/panels/pill_strip.h"
#include "ui/window/english_plurals.h"

using namespace isoflop;
using namespace isoflop::ui;
using Stage = LawPreview::Stage;

namespace {

const std::filesystem::path kSimulated =
    std::filesystem::path(ISOFLOP_SOURCE_DIR) / "datasets/simulated-chinchilla.csv";
constexpr const char* kChinchilla = "E + A / N^alpha + B / D^beta";

struct Fixture {
  explicit Fixture(bool with_runs = true, Methods methods = Methods::standard())
      : appearance(*qApp, AppearanceChoice::kLight), user_laws(folder.filePath("laws").toStdString()) {
    services.open_file = [this](QWidget*, const QString&, const QString&) { return answer; };
    services.save_file = [this](QWidget*, const QString&, const QString& suggestion, const QString&) {
      suggested = suggestion;
      return answer;
    };
    if (with_runs) {
      auto source = read_source(kSimulated);
      if (!source) qFatal("%s", source.error().to_string().c_str());
      document.add_source(*std::move(source));
      document.begin_history();
    }
    const LawLibrary library = load_laws(*find_resources() / "laws");
    yardstick = std::make_shared<const Law>(*library.find("chinchilla"));
    editor = std::make_unique<LawEditor>(appearance, document, user_laws, services, std::move(methods), yardstick);
    editor->show();
  }

  void type(const char* formula) {
    editor->formula().setFocus();
    editor->formula().selectAll();
    QTest::keyClicks(&editor->formula(), formula);
  }
  bool settle() {
    return QTest::qWaitFor(
        [this] {
          const Stage stage = editor->preview().stage();
          return stage != Stage::kWaiting && stage != Stage::kFitting;
        },
        30000);
  }
  QModelIndex cell(const char* name, int column) {
    const auto& names = editor->names().names();
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names[i].name == name) return editor->names().index(static_cast<int>(i), column);
    return {};
  }
  QString text(const char* name, int column) { return cell(name, column).data().toString(); }
  // Types into a cell as a user does.
  void edit(const char* name, int column, const char* typed) {
    LawNamesTable& table = editor->table();
    table.setFocus();
    table.setCurrentIndex(cell(name, column));
    QTest::keyClick(&table, Qt::Key_F2);
    // Editors of before wait to be deleted.
    QLineEdit* field = nullptr;
    for (QLineEdit* candidate : table.findChildren<QLineEdit*>())
      if (candidate->isVisible()) field = candidate;
    QVERIFY(field != nullptr);
    field->selectAll();
    QTest::keyClicks(field, typed);
    QTest::keyClick(field, Qt::Key_Return);
    QCoreApplication::processEvents();
  }

  QTemporaryDir folder;
  Appearance appearance;
  Document document;
  UserLaws user_laws;
  Services services;
  QString answer, suggested;
  std::shared_ptr<const Law> yardstick;
  std::unique_ptr<LawEditor> editor;
};

}  // namespace

class LawEditorTest : public QObject {
  Q_OBJECT

 private slots:
  void aWrongFormulaIsMarkedAtTheCharacter_data() {
    QTest::addColumn<QString>("formula");
    QTest::addColumn<int>("position");
    QTest::newRow("in the middle") << "E + A / / N^alpha" << 8;
    QTest::newRow("at the end") << "E + A / N^" << 10;
    QTest::newRow("second line") << "let x = N / 2;\nE + $x" << 19;
    QTest::newRow("unknown function") << "E + foo(N)" << 4;
  }
  void aWrongFormulaIsMarkedAtTheCharacter() {
    QFETCH(QString, formula);
    QFETCH(int, position);
    Fixture f(false);
    f.editor->formula().setPlainText(formula);
    QCOMPARE(f.editor->formula().error_position(), position);
    const QRect mark = f.editor->formula().error_rect();
    QVERIFY(!mark.isEmpty());
    // The mark stands where the text cursor would.
    QTextCursor cursor(f.editor->formula().document());
    cursor.setPosition(position);
    QCOMPARE(mark.left(), f.editor->formula().cursorRect(cursor).left());
    QVERIFY(f.editor->formula_message().startsWith("Character"));
    QVERIFY(!f.editor->add_button().isEnabled());
    QVERIFY(!f.editor->save_button().isEnabled());
    QCOMPARE(f.editor->add_button().toolTip(), f.editor->formula_message());
    QCOMPARE(f.editor->formula().accessibleDescription(), f.editor->formula_message());
  }

  void aMistakeAfterLettersOfOtherAlphabetsIsMarkedWhereItIs() {
    QCOMPARE(position_in(QStringLiteral("# é∞ 𝛼\nab"), 2, 2), 9);
    QCOMPARE(position_in(QStringLiteral("é∞x"), 1, 6), 2);
    QCOMPARE(position_in(QStringLiteral("ab"), 5, 1), 2);
  }

  void theFormulaIsSetWhileItIsTyped() {
    Fixture f(false);
    QVERIFY(f.editor->math().is_empty());
    f.type("E + A / N");
    const auto bars = [&] {
      return find_boxes(f.editor->math().box(), [](const MathBox& b) { return b.kind == MathBox::Kind::kBar; }).size();
    };
    QCOMPARE(bars(), std::size_t{1});
    QVERIFY(!f.editor->math().stale());
    QTest::keyClicks(&f.editor->formula(), " + B /");
    // What was understood last stays, greyed.
    QCOMPARE(bars(), std::size_t{1});
    QVERIFY(f.editor->math().stale());
    QCOMPARE(f.editor->names().rowCount(), 4);
    QVERIFY(!f.editor->table().isEnabled());
    QTest::keyClicks(&f.editor->formula(), " D");
    QCOMPARE(bars(), std::size_t{2});
    QVERIFY(!f.editor->math().stale());
  }

  void namesAreFoundAndChoosingOneMarksIt() {
    Fixture f(false);
    f.type(kChinchilla);
    QCOMPARE(f.editor->names().rowCount(), 7);
    QCOMPARE(f.text("N", LawNamesModel::kRole), QString("params"));
    QCOMPARE(f.text("alpha", LawNamesModel::kSymbol), QStringLiteral("α"));
    QCOMPARE(f.text("alpha", LawNamesModel::kBounds), QString("0 to 10"));
    QCOMPARE(f.text("A", LawNamesModel::kTransform), QString("log"));
    QCOMPARE(f.text("E", LawNamesModel::kHeld), QString("free"));
    QVERIFY(f.editor->add_button().isEnabled());
    f.editor->table().setCurrentIndex(f.cell("beta", LawNamesModel::kBounds));
    QVERIFY(f.editor->math().grab().toImage() != QImage());
    f.type("E + A / N^alpha");
    QCOMPARE(f.editor->names().rowCount(), 4);
  }

  // The simulated runs are of besiroglu2024 with known noise.
  void thePreviewRecoversTheLawBehindTheRuns() {
    Fixture f;
    f.type(kChinchilla);
    QVERIFY(f.settle());
    QVERIFY(f.editor->preview().stage() == Stage::kDone);
    const Fit& fit = *f.editor->preview().fit();
    QCOMPARE(fit.n_runs, std::size_t{108});
    QVERIFY(std::abs(fit.theta[2] - 0.3478) < 0.03);
    QVERIFY(std::abs(fit.theta[4] - 0.3658) < 0.03);
    QVERIFY(f.text("alpha", LawNamesModel::kEstimate).contains(QStringLiteral("±")));
    // The yardstick is the same law in other words, so the two agree.
    QCOMPARE(f.editor->scores().rows(), 2);
    QCOMPARE(f.editor->scores().row(1)[0], QString("Chinchilla"));
    QCOMPARE(f.editor->scores().row(0)[1], f.editor->scores().row(1)[1]);
    QCOMPARE(f.editor->scores().row(0)[3], QString("5"));
    QCOMPARE(f.editor->scores().status(), QString("Fitted to 108 runs."));
    // A law of parameters alone describes them worse.
    f.type("E + A / N^alpha");
    QVERIFY(f.settle());
    QVERIFY(f.editor->preview().fit()->objective > 2 * f.editor->preview().rivals()[0].objective);
  }

  void heldParametersAreNotFitted() {
    Fixture f;
    f.type(kChinchilla);
    f.edit("E", LawNamesModel::kHeld, "1.9");
    QCOMPARE(f.text("E", LawNamesModel::kHeld), QString("1.9"));
    QCOMPARE(f.text("E", LawNamesModel::kEstimate), QString("held"));
    QVERIFY(f.settle());
    QCOMPARE(f.editor->preview().fit()->theta[0], 1.9);
    QCOMPARE(f.editor->scores().row(0)[3], QString("4"));
    f.editor->add();
    QCOMPARE(f.document.laws().back().settings.fixed.at("E"), 1.9);
  }

  void boundsAreTakenOrRefusedWithTheReason() {
    Fixture f(false);
    f.type(kChinchilla);
    f.edit("alpha", LawNamesModel::kBounds, "0.1 to 0.6");
    QCOMPARE(f.text("alpha", LawNamesModel::kBounds), QString("0.1 to 0.6"));
    f.edit("alpha", LawNamesModel::kBounds, "nonsense");
    QVERIFY(f.editor->table_message().contains("is not a range"));
    QCOMPARE(f.text("alpha", LawNamesModel::kBounds), QString("0.1 to 0.6"));
    f.edit("alpha", LawNamesModel::kBounds, "0.9, 0.2");
    QVERIFY(f.editor->table_message().startsWith("alpha"));
    QVERIFY(!f.editor->add_button().isEnabled());
    f.edit("alpha", LawNamesModel::kBounds, "[0, inf]");
    QVERIFY(f.editor->table_message().isEmpty());
    QVERIFY(f.editor->add_button().isEnabled());
  }

  void anotherColumnIsPredictedWhenItIsChosen() {
    Fixture f;
    f.type("a * N^b");
    f.editor->response_field().setCurrentText("tokens");
    QVERIFY(f.settle());
    QCOMPARE(f.editor->reading().law->response, std::string("tokens"));
    QVERIFY(f.editor->preview().stage() == Stage::kDone);
    // The yardstick predicts something else, so it is not measured.
    QCOMPARE(f.editor->scores().rows(), 1);
  }

  void addingIsOneStepThatUndoTakesBack() {
    Fixture f;
    f.type(kChinchilla);
    f.editor->title_field().selectAll();
    QTest::keyClicks(&f.editor->title_field(), "Two powers");
    QTest::mouseClick(&f.editor->add_button(), Qt::LeftButton);
    QCOMPARE(f.document.laws().size(), std::size_t{1});
    QCOMPARE(f.document.laws()[0].law->title, std::string("Two powers"));
    QVERIFY(f.document.laws()[0].set_id.empty());
    QVERIFY(!f.editor->isVisible());
    QVERIFY(!f.editor->unsaved());
    f.document.undo_stack().undo();
    QVERIFY(f.document.laws().empty());
    f.document.undo_stack().redo();
    QCOMPARE(f.document.laws().size(), std::size_t{1});
  }

  void aSavedLawIsAmongMyLawsAndOpensAgain() {
    Fixture f;
    f.type(kChinchilla);
    f.edit("alpha", LawNamesModel::kBounds, "0.1, 0.6");
    f.editor->title_field().setText("Two powers");
    QTest::mouseClick(&f.editor->save_button(), Qt::LeftButton);
    QVERIFY2(f.editor->footer().startsWith("Saved as"), qPrintable(f.editor->footer()));
    QCOMPARE(f.user_laws.laws().size(), std::size_t{1});
    const Law& law = *f.user_laws.laws()[0];
    QCOMPARE(law.id, std::string("two-powers"));
    QCOMPARE(law.parameters[static_cast<std::size_t>(law.parameter_index("alpha"))].upper, 0.6);
    QVERIFY(!f.editor->unsaved());

    f.answer = QString::fromStdString(law.file);
    f.editor->set_draft(LawDraft::blank(2026));
    f.editor->open_file();
    QCOMPARE(f.editor->formula().toPlainText(), QString(kChinchilla));
    QCOMPARE(f.editor->title_field().text(), QString("Two powers"));
    QCOMPARE(f.text("alpha", LawNamesModel::kBounds), QString("0.1 to 0.6"));
    // Saving again writes the same file; a new law of that name asks where.
    f.editor->title_field().setText("Two powers, again");
    f.editor->save();
    QCOMPARE(f.user_laws.laws().size(), std::size_t{1});
    QCOMPARE(f.user_laws.laws()[0]->title, std::string("Two powers, again"));
    f.editor->set_draft(LawDraft::blank(2026));
    f.type("E + A / N^alpha");
    f.editor->title_field().setText("Two powers");
    f.answer = f.folder.filePath("elsewhere");
    f.editor->save();
    QVERIFY(f.suggested.endsWith("two-powers.toml"));
    QVERIFY(QFile::exists(f.folder.filePath("elsewhere.toml")));
    QCOMPARE(f.user_laws.laws().size(), std::size_t{1});
  }

  void aBrokenFileIsRefusedWithItsPlace() {
    Fixture f(false);
    f.type(kChinchilla);
    const QString path = f.folder.filePath("broken.toml");
    std::ofstream(path.toStdString()) << "title = \"x\"\nsummary = \"y\"\ncitation = \"z\"\nyear = 2024\n"
                                         "formula = \"E + A / N^\"\n[[variable]]\nsymbol = \"N\"\nrole = \"params\"\n"
                                         "[[parameter]]\nname = \"E\"\nmeaning = \"m\"\nbounds = [0, 1]\n"
                                         "start = [0, 1]\n";
    f.answer = path;
    f.editor->open_file();
    QVERIFY2(f.editor->footer().startsWith(path + ":5:"), qPrintable(f.editor->footer()));
    // What was being written is still there.
    QCOMPARE(f.editor->formula().toPlainText(), QString(kChinchilla));
  }

  void aLongFitCanBeCancelled() {
    std::atomic<int> fits{0};
    Methods methods = Methods::standard();
    methods.fit = [&](const Law&, const Observations&, const FitOptions&, const Control& control) -> Result<Fit> {
      ++fits;
      while (!control.cancelled()) QThread::msleep(1);
      return Error{ErrorCode::kCancelled, "cancelled", {}};
    };
    Fixture f(true, methods);
    f.type(kChinchilla);
    QVERIFY(QTest::qWaitFor([&] { return fits.load() == 1; }, 10000));
    QVERIFY(f.editor->preview().stage() == Stage::kFitting);
    f.editor->preview().cancel();
    QVERIFY(f.editor->preview().stage() == Stage::kCancelled);
    QCOMPARE(f.editor->scores().status(), QString("Fit cancelled."));
    // Closing while one runs does not hang.
    f.editor->preview().retry();
    QVERIFY(QTest::qWaitFor([&] { return fits.load() == 2; }, 10000));
    f.editor.reset();
  }

  void findingsOfThePreviewAreShown() {
    Fixture f;
    // Two parameters of which only the product matters.
    f.type("E + A * B / N^alpha");
    QVERIFY(f.settle());
    QVERIFY(!f.editor->scores().findings().pills().empty());
  }

  void everythingHasAName() {
    Fixture f;
    f.type(kChinchilla);
    for (const QWidget* widget : f.editor->findChildren<QWidget*>()) {
      if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus)) continue;
      QAccessibleInterface* face = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
      QVERIFY2(face != nullptr && !face->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
  }
};

int main(int count, char** values) {
  QApplication application(count, values);
  EnglishPlurals plurals;
  QApplication::installTranslator(&plurals);
  LawEditorTest test;
  return QTest::qExec(&test, count, values);
}
#include "law_editor_test.moc"
