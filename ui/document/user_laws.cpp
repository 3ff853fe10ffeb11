// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/user_laws.h"

#include <QStandardPaths>
#include <system_error>
#include <utility>

#include "core/laws/law_file.h"
#include "core/laws/law_write.h"
#include "core/laws/library.h"

namespace isoflop::ui {

UserLaws::UserLaws(std::filesystem::path folder, QObject* parent) : QObject(parent), folder_(std::move(folder)) {
  reload();
}

std::filesystem::path UserLaws::usual_folder() {
  const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
  return std::filesystem::path(data.toStdString()) / "laws";
}

std::filesystem::path UserLaws::path_for(const std::string& title) const {
  return folder_ / (law_file_name(title) + ".toml");
}

Result<std::shared_ptr<const Law>> UserLaws::save(const Law& law, const std::filesystem::path& file) {
  std::error_code error;
  if (file.parent_path() == folder_) std::filesystem::create_directories(folder_, error);
  if (error)
    return Error{ErrorCode::kIo, "cannot make the folder of your laws: " + error.message(),
                 Where{.file = folder_.string()}};
  if (const Status written = write_law(law, file); !written) return written.error();
  auto read = read_law(file);
  if (!read) return read.error();
  reload();
  for (const auto& own : laws_)
    if (own->file == file.string()) return own;
  return std::make_shared<const Law>(*std::move(read));
}

void UserLaws::reload() {
  laws_.clear();
  errors_.clear();
  std::error_code ignored;
  if (std::filesystem::is_directory(folder_, ignored)) {
    LawLibrary library = load_laws(folder_);
    for (Law& law : library.laws) laws_.push_back(std::make_shared<const Law>(std::move(law)));
    errors_ = std::move(library.errors);
  }
  emit changed();
}

}  // namespace isoflop::ui
