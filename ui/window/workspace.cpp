// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/workspace.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/laws/library.h"

namespace isoflop::ui {
namespace {

// What a window starts with: laws and the coefficients that they show without runs. The first follows the runs once
// there are any; the others are published laws to compare it with.
struct Starting {
  const char* law;
  const char* set;
  bool follows_runs;
};
constexpr Starting kStarting[] = {{"chinchilla", "besiroglu2024", true},
                                  {"kaplan", "kaplan2020", false},
                                  {"data-constrained", "muennighoff2023", false}};

std::vector<std::filesystem::path> find_datasets(const std::filesystem::path& resources) {
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  // Beside the laws once installed, beside the folder of resources in the source tree.
  for (const auto& folder : {resources / "datasets", resources.parent_path() / "datasets"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (entry.path().extension() == ".csv") found.push_back(entry.path());
    }
    if (!found.empty()) break;
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::shared_ptr<const Law> Resources::law(std::string_view id) const {
  const auto found = std::find_if(laws.begin(), laws.end(), [&](const auto& law) { return law->id == id; });
  return found == laws.end() ? nullptr : *found;
}

Result<Resources> load_resources() {
  const Result<std::filesystem::path> folder = find_resources();
  if (!folder.ok()) return folder.error();
  Resources resources;
  LawLibrary library = load_laws(*folder / "laws");
  for (Law& law : library.laws) resources.laws.push_back(std::make_shared<const Law>(std::move(law)));
  resources.errors = std::move(library.errors);
  if (Result<HardwareTable> hardware = load_hardware(*folder / "hardware.toml"); hardware.ok()) {
    resources.hardware = *std::move(hardware);
  } else {
    resources.errors.push_back(hardware.error());
  }
  if (Result<std::vector<KnownModel>> models = read_known_models(*folder / "known_models.toml"); models.ok()) {
    resources.models = std::make_shared<const std::vector<KnownModel>>(*std::move(models));
  } else {
    resources.errors.push_back(models.error());
  }
  resources.datasets = find_datasets(*folder);
  return resources;
}

Workspace::Workspace(Resources given, Methods given_methods, int resamples)
    : resources(std::move(given)),
      methods(std::move(given_methods)),
      user_laws(resources.user_laws.empty() ? UserLaws::usual_folder() : resources.user_laws),
      analysis(document, clock, {.resamples = resamples, .models = resources.models, .methods = methods}) {
  for (const Starting& start : kStarting) {
    const auto law = resources.law(start.law);
    if (law != nullptr && law->find_set(start.set) != nullptr) document.add_law(law, start.set);
  }
  document.begin_history();
}

void Workspace::open(RunSource source) {
  const bool usable = source.runs != nullptr && missing_roles(*source.runs).empty();
  const auto had_runs = [](const RunSource& open) { return open.runs != nullptr && missing_roles(*open.runs).empty(); };
  const bool first = std::none_of(document.sources().begin(), document.sources().end(), had_runs);
  document.undo_stack().beginMacro(Document::tr("open %1").arg(QString::fromStdString(source.title)));
  document.add_source(std::move(source));
  if (usable && first) {
    for (int i = 0; i < static_cast<int>(document.laws().size()); ++i) {
      const LawChoice& choice = document.laws()[static_cast<std::size_t>(i)];
      for (const Starting& start : kStarting) {
        if (start.follows_runs && choice.law->id == start.law && choice.set_id == start.set)
          document.set_law_set(i, {});
      }
    }
  }
  document.undo_stack().endMacro();
}

}  // namespace isoflop::ui
