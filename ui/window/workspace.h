// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/compute/hardware.h"
#include "core/laws/known_models.h"
#include "core/laws/law.h"
#include "ui/document/document.h"
#include "ui/document/user_laws.h"
#include "ui/jobs/analysis.h"
#include "ui/plots/frame_clock.h"

namespace isoflop::ui {

// What comes with the program.
struct Resources {
  std::vector<std::shared_ptr<const Law>> laws;
  HardwareTable hardware;
  std::shared_ptr<const std::vector<KnownModel>> models;
  std::vector<std::filesystem::path> datasets;  // CSV files of runs, sorted by name
  std::vector<Error> errors;                    // of files that could not be read
  std::filesystem::path user_laws;              // folder of the user's own; empty: the usual one

  std::shared_ptr<const Law> law(std::string_view id) const;  // null if none
};
Result<Resources> load_resources();

// The parts behind a window, in the order in which they need each other.
struct Workspace {
  explicit Workspace(Resources resources, Methods methods = Methods::standard(), int resamples = 4000);

  Resources resources;
  Methods methods;
  UserLaws user_laws;
  Document document;
  FrameClock clock;
  Analysis analysis;

  // Opens runs in one step of the history. The first ones that can be fitted also turn the laws of the starting
  // comparison to fits of them.
  void open(RunSource source);
};

}  // namespace isoflop::ui
