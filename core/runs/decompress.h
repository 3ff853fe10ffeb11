// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace isoflop {

struct Decompressed {
  std::string text;
  std::optional<std::string> cut;  // a sentence, where the compressed bytes end or break before their end
};

// The bytes of a gzip, bzip2, xz or zstd stream, known by its first bytes; nullopt where they are none of these.
// Several streams one after the other are read as one text. What stands before a break is kept. Errors: kParse where
// nothing can be read, or the text would pass `most` bytes (a small file can claim a thousand times its size).
Result<std::optional<Decompressed>> decompress(std::string_view bytes, const std::string& source,
                                               std::size_t most = std::size_t{8} << 30);

}  // namespace isoflop
