// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include "tests/ui/window/window_fixture.h"
#include "ui/dialogs/fit_settings_dialog.h"
#include "ui/panels/law_card.h"
#include "ui/panels/laws_panel.h"

using namespace isoflop;
using namespace isoflop::ui;
using isoflop::ui::test::WindowFixture;

class FitSettingsTest : public QObject {
  Q_OBJECT

  static FitSettingsDialog& open(WindowFixture& f) {
    f.window->change_fit_settings(0);
    auto* dialog = f.window->findChild<FitSettingsDialog*>();
    if (dialog == nullptr) qFatal("no dialog");
    return *dialog;
  }
  static const FitSettingsDialog::Row& row(FitSettingsDialog& dialog, const char* name) {
    for (const FitSettingsDialog::Row& row : dialog.rows())
      if (row.name == name) return row;
    qFatal("no parameter %s", name);
  }
  // What the card says beside its numbers.
  static bool says(const QWidget& card, const QString& text) {
    for (const QLabel* label : card.findChildren<QLabel*>())
      if (!label->isHidden() && label->text().contains(text)) return true;
    return false;
  }

 private slots:
  void tyingExponentsRefitsAndTheCardSaysSo() {
    std::atomic<int> fits{0};
    Methods methods = Methods::standard();
    methods.fit = [&](const Law& law, const Observations& o, const FitOptions& options, const Control& control) {
      ++fits;
      return fit_law(law, o, options, control);
    };
    WindowFixture f(methods);
    QVERIFY(f.open());
    QCOMPARE(fits.load(), 1);
    const auto before = f.workspace.analysis.fit_state(0).fit;
    FitSettingsDialog& dialog = open(f);
    row(dialog, "beta").kind->setCurrentIndex(2);
    QTest::keyClicks(row(dialog, "beta").value, "alpha");
    QTest::mouseClick(&dialog.apply_button(), Qt::LeftButton);
    QVERIFY(f.settle());
    QCOMPARE(fits.load(), 2);
    const auto after = f.workspace.analysis.fit_state(0).fit;
    QVERIFY(after != nullptr);
    QCOMPARE(after->theta[3], after->theta[4]);
    QVERIFY(after->objective > before->objective);
    QVERIFY(says(*f.window->laws_panel().cards()[0], QStringLiteral("β = α")));
    // Undo finds the fit that was there; nothing is fitted twice.
    f.window->actions().undo->trigger();
    QVERIFY(f.settle());
    QCOMPARE(fits.load(), 2);
    QVERIFY(f.workspace.analysis.fit_state(0).fit == before);
    QVERIFY(!says(*f.window->laws_panel().cards()[0], QStringLiteral("β = α")));
  }

  void settingsComeBackAsTheyWereGiven() {
    WindowFixture f;
    QVERIFY(f.open());
    FitSettings settings;
    settings.objective = Objective::kLogMse;
    settings.fixed["E"] = 1.8;
    settings.ties["B"] = "2 * A";
    settings.bounds["alpha"] = {0.1, 0.9};
    settings.priors["beta"] = {.kind = Prior::Kind::kNormal, .centre = 0.37, .spread = 0.02};
    settings.resamples = 500;
    f.workspace.document.set_law_settings(0, settings);
    FitSettingsDialog& dialog = open(f);
    const auto read = dialog.settings();
    QVERIFY(read.has_value());
    QVERIFY(*read == settings);
    QVERIFY(f.settle());
    const LawFitState fit = f.workspace.analysis.fit_state(0);
    QVERIFY2(fit.fit != nullptr, fit.error.c_str());
    QCOMPARE(fit.fit->theta[0], 1.8);
    QCOMPARE(fit.fit->theta[2], 2 * fit.fit->theta[1]);
    QCOMPARE(fit.resamples->resamples() + fit.resamples->failed, 500);
    for (const char* note : {"squared error of log", "E held at 1.8", "normal(0.37, 0.02)", "500 resamples"})
      QVERIFY2(describe_settings(settings, *f.workspace.document.laws()[0].law).join(' ').contains(note), note);
  }

  void mistakesStandInTheirField_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("bounds");
    QTest::addColumn<QString>("message");
    QTest::newRow("held at nothing") << 1 << ""
                                     << ""
                                     << "number";
    QTest::newRow("tied to a circle") << 2 << "alpha + 1"
                                      << ""
                                      << "alpha";
    QTest::newRow("tied to nonsense") << 2 << "2 *"
                                      << ""
                                      << "too early";
    QTest::newRow("bounds reversed") << 0 << ""
                                     << "3, 1"
                                     << "bounds";
  }
  void mistakesStandInTheirField() {
    QFETCH(int, kind);
    QFETCH(QString, value);
    QFETCH(QString, bounds);
    QFETCH(QString, message);
    WindowFixture f;
    QVERIFY(f.open());
    FitSettingsDialog& dialog = open(f);
    const FitSettingsDialog::Row& alpha = row(dialog, "alpha");
    alpha.kind->setCurrentIndex(kind);
    alpha.value->setText(value);
    alpha.bounds->setText(bounds);
    QTest::mouseClick(&dialog.apply_button(), Qt::LeftButton);
    QVERIFY(dialog.isVisible());
    QVERIFY2(dialog.message().contains(message), qPrintable(dialog.message()));
    QVERIFY((kind == 0 ? alpha.bounds : alpha.value)->property("invalid").toBool());
    QVERIFY(f.workspace.document.laws()[0].settings == FitSettings());
  }

  void weightsAndClustersAreColumnsOfTheRuns() {
    WindowFixture f;
    const auto path =
        f.write("seeds.csv",
                "params,tokens,loss,seed,precision\n1e7,1e9,4.1,a,1\n1e7,1e9,4.2,a,2\n1e8,1e9,3.6,b,1\n"
                "1e8,1e9,3.61,b,1\n1e8,1e10,3.1,c,4\n1e9,1e10,2.8,c,4\n1e9,2e10,2.7,d,1\n1e9,5e10,2.6,d,1\n"
                "3e9,5e10,2.5,e,1\n3e9,9e10,2.45,e,1\n");
    QVERIFY(f.open(path));
    FitSettingsDialog& dialog = open(f);
    QVERIFY(dialog.weight_field().findData("seed") < 0);
    dialog.weight_field().setCurrentIndex(dialog.weight_field().findData("precision"));
    dialog.cluster_field().setCurrentIndex(dialog.cluster_field().findData("seed"));
    QTest::mouseClick(&dialog.apply_button(), Qt::LeftButton);
    QVERIFY(f.settle());
    const LawFitState fit = f.workspace.analysis.fit_state(0);
    QVERIFY2(fit.fit != nullptr, fit.error.c_str());
    QCOMPARE(fit.fit->n_clusters, std::size_t{5});
    QVERIFY(says(*f.window->laws_panel().cards()[0], "clusters: seed"));
  }
};

int main(int count, char** values) {
  QApplication application(count, values);
  EnglishPlurals plurals;
  QApplication::installTranslator(&plurals);
  FitSettingsTest test;
  return QTest::qExec(&test, count, values);
}
#include "fit_settings_test.moc"
