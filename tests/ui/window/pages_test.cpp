// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

#include "tests/ui/window/window_fixture.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/panels/comparison_page.h"
#include "ui/panels/comparison_table.h"
#include "ui/panels/sensitivity_page.h"
#include "ui/plots/choice_plot.h"

namespace isoflop::ui {

using test::kSimulated;
using test::WindowFixture;

// The pages Comparison and Sensitivity in the window, with real fits.
class PagesTest : public QObject {
  Q_OBJECT

  static ComparisonPage& comparison(WindowFixture& f) { return f.window->view_grid().comparison(); }
  static SensitivityPage& sensitivity(WindowFixture& f) { return f.window->view_grid().sensitivity(); }

  static bool compare(WindowFixture& f) {
    f.window->actions().views[4]->trigger();
    return QTest::qWaitFor([&] { return comparison(f).shown() != nullptr && !comparison(f).study().busy(); }, 30000);
  }
  static bool weigh(WindowFixture& f) {
    f.window->actions().views[5]->trigger();
    return QTest::qWaitFor([&] { return sensitivity(f).shown() != nullptr && !sensitivity(f).study().busy(); }, 30000);
  }
  // One window for the tests that only look.
  std::unique_ptr<WindowFixture> shared_;
  WindowFixture& shared() {
    if (shared_ == nullptr) {
      shared_ = std::make_unique<WindowFixture>();
      if (!shared_->open()) qFatal("the simulated runs cannot be opened");
    }
    return *shared_;
  }

  static int row_of(const ChoicePlot& plot, const QString& name) {
    for (std::size_t i = 0; i < plot.rows().size(); ++i)
      if (plot.rows()[i].name == name && !plot.rows()[i].heading) return static_cast<int>(i);
    return -1;
  }

 private slots:
  void cleanupTestCase() { shared_.reset(); }

  void nothing_is_computed_before_a_page_is_seen() {
    WindowFixture f;
    QVERIFY(f.open());
    QVERIFY(comparison(f).shown() == nullptr);
    QVERIFY(sensitivity(f).shown() == nullptr);
    QVERIFY(!comparison(f).isVisible());
    QVERIFY(f.window->view_grid().views()[0]->isVisible());
  }

  void laws_are_ranked_by_their_error_on_the_largest_runs() {
    WindowFixture& f = shared();
    QVERIFY(compare(f));
    QVERIFY(comparison(f).isVisible());
    QVERIFY(!f.window->view_grid().views()[0]->isVisible());
    QVERIFY(f.window->actions().views[4]->isChecked());
    const auto& shown = comparison(f).shown();
    QVERIFY(shown->result);
    QCOMPARE(shown->result->n_held_out, std::size_t{24});
    QCOMPARE(shown->result->laws.front().label, std::string("Chinchilla"));
    const QAbstractItemModel& model = *comparison(f).table().model();
    QCOMPARE(model.index(0, ComparisonModel::kLaw).data().toString(), QStringLiteral("Chinchilla"));
    QCOMPARE(model.index(0, ComparisonModel::kExcess).data().toString(), QStringLiteral("best"));
    QVERIFY(model.index(1, ComparisonModel::kExcess).data().toString().startsWith('+'));
    QCOMPARE(model.index(model.rowCount() - 1, 0).data().toString(), QStringLiteral("stacked"));
    // One series for the runs fitted and one for those left out, of each law that could be fitted.
    const auto& points = comparison(f).residuals().content(Depth::kStatic).points;
    std::size_t fitted = 0;
    for (const ComparedFit& law : shown->result->laws) fitted += !law.failure;
    QCOMPARE(points.size(), 2 * fitted);
    QCOMPARE(points[0].x.size() + points[1].x.size(), shown->result->rows.size());
    QCOMPARE(comparison(f).residuals().content(Depth::kStatic).regions.size(), std::size_t{1});
  }

  void residuals_are_percent_of_the_observed_loss_of_unseen_runs() {
    WindowFixture& f = shared();
    QVERIFY(compare(f));
    const Comparison& result = *comparison(f).shown()->result;
    const auto& left_out = comparison(f).residuals().content(Depth::kStatic).points[1];
    std::size_t k = 0;
    for (std::size_t i = 0; i < result.rows.size(); ++i) {
      if (result.left_out[i] == 0) continue;
      QCOMPARE(left_out.ids[k], static_cast<int>(result.rows[i]));
      const double expected = 100 * (std::exp(result.laws[0].held_out_residuals[i]) - 1);
      QVERIFY(std::abs(left_out.y[k] - expected) < 1e-9);
      ++k;
    }
    QCOMPARE(k, left_out.x.size());
  }

  void a_law_can_be_looked_at_alone_and_against_what_one_likes() {
    WindowFixture& f = shared();
    QVERIFY(compare(f));
    ResidualView& residuals = comparison(f).residuals();
    ComparisonTable& table = comparison(f).table();
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(1, 0)).center());
    QCOMPARE(residuals.only(), 1);
    QCOMPARE(residuals.content(Depth::kStatic).points.size(), std::size_t{2});
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(1, 0)).center());
    QCOMPARE(residuals.only(), -1);
    residuals.setAgainst(ResidualView::kTokens);
    const auto back = qScopeGuard([&] { residuals.setAgainst(ResidualView::kSize); });
    QVERIFY(residuals.x_spec().label.contains("tokens"));
    QVERIFY(residuals.content(Depth::kStatic).regions.empty());
    const auto tokens = f.workspace.document.runs()->numbers("tokens");
    const auto& points = residuals.content(Depth::kStatic).points[0];
    QCOMPARE(points.x[0], tokens[static_cast<std::size_t>(points.ids[0])]);
  }

  void errors_are_a_figure_like_the_views() {
    WindowFixture& f = shared();
    QVERIFY(compare(f));
    const ViewGrid& grid = f.window->view_grid();
    QCOMPARE(grid.plots().size(), std::size_t{5});
    QCOMPARE(grid.current(), 4);
    std::size_t points = 0;
    for (const PlotRow& row : comparison(f).residuals().rows()) points += row.kind == "point";
    QVERIFY(points >= 2 * comparison(f).shown()->result->rows.size());
    f.window->export_figure(grid.current());
    auto* dialog = f.window->findChild<ExportDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->findChild<QComboBox*>()->currentText(), QStringLiteral("Residuals"));
    dialog->close();
  }

  void selection_is_that_of_the_other_views() {
    WindowFixture& f = shared();
    QVERIFY(compare(f));
    f.workspace.document.set_selection({3, 5});
    QCOMPARE(comparison(f).residuals().selection(), (std::vector<int>{3, 5}));
    emit comparison(f).residuals().selectionRequested({7}, SelectionMode::kAdd);
    QCOMPARE(f.workspace.document.selection(), (std::vector<int>{3, 5, 7}));
  }

  void follows_the_runs_while_it_is_seen_and_catches_up_when_it_is_seen_again() {
    WindowFixture f;
    QVERIFY(f.open());
    QVERIFY(compare(f));
    f.workspace.document.exclude({0, 1, 2}, "test");
    QTRY_COMPARE_WITH_TIMEOUT(comparison(f).shown()->result->rows.size(), std::size_t{105}, 20000);
    f.window->actions().all_views->trigger();
    f.workspace.document.exclude({3}, "test");
    QTest::qWait(400);
    QCOMPARE(comparison(f).shown()->result->rows.size(), std::size_t{105});
    f.window->actions().views[4]->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(comparison(f).shown()->result->rows.size(), std::size_t{104}, 20000);
  }

  void says_what_to_do_without_runs_and_does_it() {
    WindowFixture f;
    f.window->actions().views[4]->trigger();
    QTRY_VERIFY(comparison(f).empty().isVisible());
    QCOMPARE(comparison(f).empty().accessibleName(), QStringLiteral("No runs yet"));
    QPushButton* open = nullptr;
    for (QPushButton* button : comparison(f).empty().findChildren<QPushButton*>())
      if (button->isVisible()) open = button;
    QVERIFY(open != nullptr);
    f.answer_path = QString::fromStdString(kSimulated.string());
    QTest::mouseClick(open, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(comparison(f).shown() != nullptr && comparison(f).shown()->result, 30000);
    QVERIFY(!comparison(f).empty().isVisible());
  }

  void says_why_runs_cannot_be_left_out() {
    WindowFixture f;
    QVERIFY(f.open());
    QVERIFY(compare(f));
    comparison(f).set_hold_out({.kind = HoldOut::Kind::kBudgets, .budgets = 20});
    QTRY_VERIFY_WITH_TIMEOUT(comparison(f).empty().isVisible(), 20000);
    QVERIFY(comparison(f).empty().accessibleDescription().contains("9 budgets"));
    auto* box = f.window->findChild<QComboBox*>("hold-out");
    box->setCurrentIndex(0);
    QTRY_VERIFY_WITH_TIMEOUT(comparison(f).shown()->result.ok(), 20000);
    QVERIFY(!comparison(f).empty().isVisible());
    QCOMPARE(comparison(f).shown()->result->n_held_out, std::size_t{12});
  }

  void an_exponent_is_shown_under_every_choice() {
    WindowFixture& f = shared();
    QVERIFY(weigh(f));
    QVERIFY(sensitivity(f).shown()->result);
    const ChoicePlot& plot = sensitivity(f).plot();
    QCOMPARE(plot.rows().front().name, QStringLiteral("baseline"));
    const int tied = row_of(plot, QStringLiteral("α = β"));
    QVERIFY(tied > 0);
    QCOMPARE(plot.rows()[static_cast<std::size_t>(tied)].value, 0.5);
    QVERIFY(row_of(plot, "log-mse") > 0);
    QVERIFY(row_of(plot, "without 6.0e18, the smallest") > 0);
    // Every estimate of a choice lies on the axis, and the axis in the plot.
    for (const ChoiceRow& row : plot.rows()) {
      if (row.heading || row.name.startsWith("from start")) continue;
      QVERIFY(plot.range().lower <= row.value && row.value <= plot.range().upper);
      QVERIFY(plot.x_of(row.value) > 0 && plot.x_of(row.value) < plot.viewport()->width());
    }
    QVERIFY(plot.x_of(0.52) > plot.x_of(0.51));
  }

  void a_choice_shows_its_estimates() {
    WindowFixture& f = shared();
    QVERIFY(weigh(f));
    ChoicePlot& plot = sensitivity(f).plot();
    const int row = row_of(plot, "log-mse");
    QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, plot.row_rect(row).center());
    QCOMPARE(plot.chosen(), plot.rows()[static_cast<std::size_t>(row)].id);
    QVERIFY(sensitivity(f).details().contains("log-mse"));
    QVERIFY(sensitivity(f).details().contains("108"));
    QTest::keyClick(&plot, Qt::Key_Down);
    QCOMPARE(plot.chosen(), plot.rows()[static_cast<std::size_t>(row) + 1].id);
    QVERIFY(plot.accessibleDescription().startsWith("log-mae"));
    QTest::keyClick(&plot, Qt::Key_Escape);
    QCOMPARE(plot.chosen(), -1);
    QCOMPARE(f.window->view_grid().maximised(), 5);
  }

  void another_quantity_needs_no_new_fit() {
    WindowFixture& f = shared();
    QVERIFY(weigh(f));
    const auto before = sensitivity(f).shown();
    auto* box = f.window->findChild<QComboBox*>("sensitivity-tracked");
    const int beta = box->findText(QStringLiteral("β"));
    QVERIFY(beta > 0);
    sensitivity(f).setTracked(beta);
    const auto back = qScopeGuard([&] { sensitivity(f).setTracked(0); });
    QCOMPARE(sensitivity(f).shown(), before);
    const ChoiceRow& baseline = sensitivity(f).plot().rows().front();
    QVERIFY(std::abs(baseline.value - 0.3658) < 0.03);
    QCOMPARE(baseline.value, before->result->baseline.theta[4]);
  }

  void another_law_is_fitted_anew() {
    WindowFixture& f = shared();
    QVERIFY(weigh(f));
    auto* box = f.window->findChild<QComboBox*>("sensitivity-law");
    const int kaplan = box->findText("Kaplan");
    QVERIFY(kaplan >= 0);
    sensitivity(f).setLaw(kaplan);
    QTRY_COMPARE_WITH_TIMEOUT(sensitivity(f).shown()->inputs.law.label, std::string("Kaplan"), 20000);
    QCOMPARE(box->currentIndex(), kaplan);
  }
};

}  // namespace isoflop::ui

int main(int count, char** values) {
  QApplication application(count, values);
  isoflop::ui::EnglishPlurals plurals;
  QApplication::installTranslator(&plurals);
  isoflop::ui::PagesTest test;
  return QTest::qExec(&test, count, values);
}
#include "pages_test.moc"
