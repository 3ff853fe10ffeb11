// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/law_picker.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QtTest>

#include "tests/ui/window/window_fixture.h"
#include "ui/dialogs/law_editor.h"
#include "ui/document/law_needs.h"
#include "ui/panels/formula_edit.h"
#include "ui/panels/law_card.h"
#include "ui/panels/laws_panel.h"

using namespace isoflop;
using namespace isoflop::ui;
using isoflop::ui::test::WindowFixture;

class LawPickerTest : public QObject {
  Q_OBJECT

  static LawPicker& pick(WindowFixture& f) {
    f.window->actions().add_law->trigger();
    auto* picker = f.window->findChild<LawPicker*>();
    if (picker == nullptr) qFatal("no picker");
    return *picker;
  }

 private slots:
  void lawsStandByCategory() {
    WindowFixture f;
    LawPicker& picker = pick(f);
    QCOMPARE(picker.shown().size(), static_cast<qsizetype>(f.workspace.resources.laws.size()));
    QVERIFY(picker.list().topLevelItemCount() >= 2);
    QCOMPARE(picker.list().topLevelItem(0)->text(0), category_label("loss"));
    for (int i = 0; i < picker.list().topLevelItemCount(); ++i) {
      int year = 9999;
      const QTreeWidgetItem* heading = picker.list().topLevelItem(i);
      for (int j = 0; j < heading->childCount(); ++j) {
        QVERIFY(heading->child(j)->text(1).toInt() <= year);
        year = heading->child(j)->text(1).toInt();
      }
    }
  }

  void wordsFindLawsByAuthorColumnAndYear() {
    WindowFixture f;
    LawPicker& picker = pick(f);
    QTest::keyClicks(&picker.search_field(), "besiroglu");
    QVERIFY(picker.shown().contains("Chinchilla"));
    QVERIFY(picker.shown().size() < 6);
    picker.search_field().clear();
    QTest::keyClicks(&picker.search_field(), "unique_tokens muennighoff");
    QVERIFY(picker.shown().contains("Data-constrained"));
    picker.search_field().clear();
    // Among those that have the words somewhere, one that is called so is chosen.
    QTest::keyClicks(&picker.search_field(), "data constr");
    QCOMPARE(picker.current()->id, std::string("data-constrained"));
    picker.search_field().clear();
    QTest::keyClicks(&picker.search_field(), "nothing at all is called this");
    QVERIFY(picker.shown().isEmpty());
    QVERIFY(!picker.add_button().isEnabled());
  }

  void returnAddsWhatTheArrowsChose() {
    WindowFixture f;
    QVERIFY(f.open());
    LawPicker& picker = pick(f);
    QTest::keyClicks(&picker.search_field(), "loss over scale");
    QVERIFY(picker.shown().size() > 3);
    QTest::keyClick(&picker.search_field(), Qt::Key_Down);
    while (picker.current() != nullptr && !picker.add_button().isEnabled())
      QTest::keyClick(&picker.search_field(), Qt::Key_Down);
    const auto law = picker.current();
    QVERIFY(law != nullptr);
    const std::size_t before = f.workspace.document.laws().size();
    QTest::keyClick(&picker.search_field(), Qt::Key_Return);
    QCOMPARE(f.workspace.document.laws().size(), before + 1);
    QCOMPARE(f.workspace.document.laws().back().law->id, law->id);
    QVERIFY(f.settle());
    f.window->actions().undo->trigger();
    QCOMPARE(f.workspace.document.laws().size(), before);
  }

  void aFitIsOfferedFirstAndPublishedNumbersBesideIt() {
    WindowFixture f;
    QVERIFY(f.open());
    LawPicker& picker = pick(f);
    const auto chinchilla = f.workspace.resources.law("chinchilla");
    picker.select(*chinchilla);
    QCOMPARE(picker.numbers_field().count(), 1 + static_cast<int>(chinchilla->sets.size()));
    // Its fit is in the comparison already.
    QCOMPARE(picker.numbers_field().currentIndex(), 1);
    picker.numbers_field().setCurrentIndex(0);
    picker.add();
    QVERIFY(f.workspace.document.laws().back().set_id.empty());
    picker.numbers_field().setCurrentIndex(1);
    picker.add();
    QCOMPARE(f.workspace.document.laws().back().set_id, chinchilla->sets.front().id);
  }

  void aLawWhoseColumnsAreMissingSaysWhich() {
    WindowFixture f;
    QVERIFY(f.open());
    LawPicker& picker = pick(f);
    int greyed = 0;
    for (const auto& law : f.workspace.resources.laws) {
      const QString reason = why_not_added(*law, f.workspace.document.runs().get());
      if (reason.isEmpty()) continue;
      ++greyed;
      picker.select(*law);
      QVERIFY2(!picker.add_button().isEnabled(), law->id.c_str());
      QVERIFY(picker.note().contains(reason));
      bool named = false;
      for (const LawNeed& need : law_needs(*law, f.workspace.document.runs().get()))
        named = named || (!need.there && reason.contains(QString::fromStdString(need.role)));
      QVERIFY2(named, qPrintable(reason));
    }
    QVERIFY(greyed > 3);
  }

  // Laws that the views cannot draw are compared by their cards; the views go on with the others.
  void everyLawThatCanBeFittedIsFitted() {
    WindowFixture f;
    QVERIFY(f.open());
    int added = 0;
    for (const auto& law : f.workspace.resources.laws) {
      if (!can_be_fitted(*law, f.workspace.document.runs().get()) || law->is_template()) continue;
      if (is_drawn(*law)) continue;
      QVERIFY(add_to_comparison(f.workspace.document, law).ok());
      if (++added == 3) break;
    }
    QVERIFY(added > 0);
    QVERIFY(f.settle());
    for (std::size_t i = f.workspace.document.laws().size() - static_cast<std::size_t>(added);
         i < f.workspace.document.laws().size(); ++i) {
      const LawFitState fit = f.workspace.analysis.fit_state(static_cast<int>(i));
      QVERIFY2(fit.fit != nullptr || !fit.error.empty(), f.workspace.document.laws()[i].law->id.c_str());
    }
    QCOMPARE(f.workspace.analysis.frame().laws.size(), std::size_t{3});
  }

  void aLawThatIsSavedIsThereAtOnceAndAtTheNextStart() {
    WindowFixture f;
    LawPicker& picker = pick(f);
    auto law = law_from_formula("E + A / N^alpha + B / D^beta + K / (N * D)^gamma");
    law->title = "A law of mine";
    law->citation = "Unpublished";
    law->year = 2026;
    QVERIFY(f.workspace.user_laws.save(*law, f.workspace.user_laws.path_for(law->title)).ok());
    QCOMPARE(picker.list().topLevelItem(0)->text(0), QString("My laws"));
    QCOMPARE(picker.shown().first(), QString("A law of mine"));
    const UserLaws next_start(f.workspace.user_laws.folder());
    QCOMPARE(next_start.laws().size(), std::size_t{1});
  }

  void aCopyIsEditedFromTheCardAndFromThePicker() {
    WindowFixture f;
    QVERIFY(f.open());
    emit f.window->laws_panel().cards().front()->editRequested();
    auto* editor = f.window->findChild<LawEditor*>();
    QVERIFY(editor != nullptr && editor->isVisible());
    QVERIFY(editor->reading().law != nullptr);
    QVERIFY(editor->draft().file.empty());
    QVERIFY(editor->title_field().text().startsWith("Chinchilla"));
  }

  void anEditorThatWasClosedUnsavedOpensAsItWas() {
    WindowFixture f;
    f.window->actions().new_law->trigger();
    auto* editor = f.window->findChild<LawEditor*>();
    editor->formula().setPlainText("E + A / N^alpha");
    editor->close();
    QVERIFY(QTest::qWaitFor([&] { return f.window->findChild<LawEditor*>() == nullptr; }));
    f.window->actions().new_law->trigger();
    editor = f.window->findChild<LawEditor*>();
    QCOMPARE(editor->formula().toPlainText(), QString("E + A / N^alpha"));
  }
};

int main(int count, char** values) {
  QApplication application(count, values);
  EnglishPlurals plurals;
  QApplication::installTranslator(&plurals);
  LawPickerTest test;
  return QTest::qExec(&test, count, values);
}
#include "law_picker_test.moc"
