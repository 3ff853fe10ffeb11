// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/study.h"

#include <QtTest>
#include <thread>

namespace isoflop::ui {
namespace {

// Waits until told to stop, for at most ten seconds; then delivers.
Study::Work patient(std::function<void()> deliver, std::atomic<bool>& stopped) {
  return [deliver = std::move(deliver), &stopped](const Control& control) {
    for (int i = 0; i < 1000 && !control.cancelled(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stopped = control.cancelled();
    return deliver;
  };
}

Study::Work quick(std::function<void()> deliver) {
  return [deliver = std::move(deliver)](const Control&) { return deliver; };
}

}  // namespace

class StudyTest : public QObject {
  Q_OBJECT
 private slots:
  void delivers_in_the_thread_of_the_window() {
    Study study;
    QThread* where = nullptr;
    study.start(quick([&] { where = QThread::currentThread(); }));
    QVERIFY(study.busy());
    QTRY_VERIFY(where != nullptr);
    QCOMPARE(where, QThread::currentThread());
    QVERIFY(!study.busy());
  }

  void a_newer_study_stops_the_older_whose_result_is_dropped() {
    Study study;
    std::atomic<bool> stopped = false;
    int old_results = 0, new_results = 0;
    study.start(patient([&] { ++old_results; }, stopped));
    study.start(quick([&] { ++new_results; }));
    QTRY_COMPARE(new_results, 1);
    QTest::qWait(30);
    QVERIFY(stopped || old_results == 0);
    QCOMPARE(old_results, 0);
    QVERIFY(!study.busy());
  }

  void cancelled_it_delivers_nothing_and_is_idle_at_once() {
    Study study;
    QSignalSpy changes(&study, &Study::changed);
    std::atomic<bool> stopped = false;
    int results = 0;
    study.start(patient([&] { ++results; }, stopped));
    QTest::qWait(30);
    study.cancel();
    QVERIFY(!study.busy());
    QCOMPARE(changes.size(), 2);
    QTRY_VERIFY(stopped);
    QTest::qWait(30);
    QCOMPARE(results, 0);
  }

  void tells_how_far_it_is() {
    Study study;
    QSignalSpy told(&study, &Study::progressed);
    std::atomic<bool> go_on = false;
    bool done = false;
    study.start([&](const Control& control) {
      control.progress(0.25);
      while (!go_on && !control.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return std::function<void()>([&] { done = true; });
    });
    QTRY_COMPARE(study.progress(), 0.25);
    QTRY_VERIFY(!told.isEmpty());
    go_on = true;
    QTRY_VERIFY(done);
  }

  void deleting_it_waits_for_what_runs() {
    std::atomic<bool> stopped = false;
    int results = 0;
    {
      Study study;
      study.start(patient([&] { ++results; }, stopped));
      QTest::qWait(30);
    }
    QVERIFY(stopped);
    QCOMPARE(results, 0);
  }
};

}  // namespace isoflop::ui

QTEST_MAIN(isoflop::ui::StudyTest)
#include "study_test.moc"
