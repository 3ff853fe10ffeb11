// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <memory>

#include "ui/panels/runs_panel.h"
#include "ui/panels/runs_table.h"
#include "ui/window/english_plurals.h"
#include "ui/window/main_window.h"
#include "ui/window/status_line.h"
#include "ui/window/view_grid.h"

namespace isoflop::ui::test {

inline const std::filesystem::path kSimulated =
    std::filesystem::path(ISOFLOP_SOURCE_DIR) / "datasets/simulated-chinchilla.csv";

// A window as the program makes it, off the screen, whose dialogs the test answers.
struct WindowFixture {
  explicit WindowFixture(Methods methods = Methods::standard(), int resamples = 200)
      : appearance(*qApp, AppearanceChoice::kLight),
        workspace(resources(folder.filePath("laws")), std::move(methods), resamples) {
    Services services;
    services.open_file = [this](QWidget*, const QString&, const QString&) { return answer_path; };
    services.save_file = [this](QWidget*, const QString&, const QString&, const QString&) { return answer_path; };
    services.ask_reason = [this](QWidget*, const QString& what) {
      asked = what;
      return answer_reason;
    };
    services.show_text = [this](QWidget*, const QString&, const QString& html) { shown = html; };
    window = std::make_unique<MainWindow>(appearance, workspace, services, folder.filePath("window.ini"));
    window->resize(1280, 800);
    window->show();
    window->activateWindow();
  }

  static Resources resources(const QString& user_laws) {
    Result<Resources> found = load_resources();
    if (!found.ok()) qFatal("%s", found.error().to_string().c_str());
    found->user_laws = user_laws.toStdString();
    return *std::move(found);
  }

  std::filesystem::path write(const QString& name, const char* text) const {
    const std::filesystem::path path = folder.filePath(name).toStdString();
    std::ofstream(path) << text;
    return path;
  }

  bool settle() {
    return QTest::qWaitFor([this] { return !workspace.analysis.busy(); }, 60000);
  }

  // Opens and waits for fits and views.
  bool open(const std::filesystem::path& path = kSimulated) {
    const std::size_t before = workspace.document.sources().size();
    window->open(path);
    return QTest::qWaitFor([&] { return workspace.document.sources().size() > before; }, 20000) && settle();
  }

  QString cell(int law, int column) {
    auto* table = window->findChild<QTableView*>("allocation");
    return table->model()->index(law, column).data().toString();
  }

  QTemporaryDir folder;
  Appearance appearance;
  Workspace workspace;
  QString answer_path, asked, shown;
  std::optional<QString> answer_reason = QStringLiteral("outlier");
  std::unique_ptr<MainWindow> window;
};

}  // namespace isoflop::ui::test
