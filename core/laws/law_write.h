// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/laws/law.h"

namespace isoflop {

// The law as a file that parse_law reads back to an equal law. Errors: kInvalidArgument for names that a law file
// cannot hold (a column with blanks in place of a symbol, members of a group of columns such as "t[mix_web]").
Result<std::string> law_to_toml(const Law& law);

// Writes it atomically. Errors: those of law_to_toml, kIo, kNotFound.
Status write_law(const Law& law, const std::filesystem::path& file);

// A name for the file of a law, from its title: "Broken power law (mine)" -> "broken-power-law-mine". "law" for a title
// without letters and digits.
std::string law_file_name(const std::string& title);

}  // namespace isoflop
