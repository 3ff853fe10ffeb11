// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/laws/law.h"

namespace isoflop::ui {

// The laws that the user wrote: files in a folder of their own, beside those of the library.
class UserLaws : public QObject {
  Q_OBJECT
 public:
  // The folder need not be there; the first law that is saved makes it.
  explicit UserLaws(std::filesystem::path folder, QObject* parent = nullptr);

  // Where the programs of this user keep their data: .../isoflop/laws.
  static std::filesystem::path usual_folder();

  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<std::shared_ptr<const Law>>& laws() const { return laws_; }  // by year, then id
  const std::vector<Error>& errors() const { return errors_; }                   // of files that are no laws

  // Where save() would write a law of this title by itself.
  std::filesystem::path path_for(const std::string& title) const;
  // Writes the file, atomically, and reads it back. Anywhere: outside the folder it is not among laws(). Errors: those
  // of write_law, kIo where the folder cannot be made.
  Result<std::shared_ptr<const Law>> save(const Law& law, const std::filesystem::path& file);
  void reload();

 signals:
  void changed();

 private:
  std::filesystem::path folder_;
  std::vector<std::shared_ptr<const Law>> laws_;
  std::vector<Error> errors_;
};

}  // namespace isoflop::ui
