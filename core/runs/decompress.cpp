// SPDX-License-Identifier: Apache-2.0
#include "core/runs/decompress.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace isoflop {
namespace {

using namespace std::string_view_literals;

bool compressed(std::string_view bytes) {
  for (const std::string_view magic : {"\x1f\x8b"sv, "BZh"sv, "\xfd\x37zXZ\0"sv, "\x28\xb5\x2f\xfd"sv})
    if (bytes.substr(0, magic.size()) == magic) return true;
  return false;
}

std::string why(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "its header is damaged" : text;
}

}  // namespace

Result<std::optional<Decompressed>> decompress(std::string_view bytes, const std::string& source, std::size_t most) {
  if (!compressed(bytes)) return std::optional<Decompressed>();
  const auto fail = [&source](const std::string& message) {
    return Error{ErrorCode::kParse, message, Where{.file = source, .line = 0, .column = 0, .parameter = {}}};
  };
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_entry* entry = nullptr;
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK ||
      archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK ||
      archive_filter_code(reader.get(), 0) == ARCHIVE_FILTER_NONE)  // the first bytes alone were right
    return fail("the compressed file cannot be read (" + why(reader.get()) + "); fetch or compress it again");

  Decompressed result;
  std::string block(std::size_t{1} << 18, '\0');
  for (;;) {
    const la_ssize_t read = archive_read_data(reader.get(), block.data(), block.size());
    if (read == 0) break;
    if (read < 0) {
      result.cut = "the compressed file breaks off (" + why(reader.get()) + "); the " +
                   std::to_string(result.text.size()) + " bytes of text before that are read";
      break;
    }
    if (result.text.size() + static_cast<std::size_t>(read) > most)
      return fail("the compressed file holds more than " + std::to_string(most >> 20) +
                  " MiB of text; decompress it yourself if that is meant");
    result.text.append(block, 0, static_cast<std::size_t>(read));
  }
  if (result.text.empty() && result.cut)
    return fail("nothing can be read of the compressed file (" + why(reader.get()) + "); fetch or compress it again");
  return std::optional<Decompressed>(std::move(result));
}

}  // namespace isoflop
