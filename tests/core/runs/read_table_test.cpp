// SPDX-License-Identifier: Apache-2.0
#include "core/runs/read_table.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/atomic_file.h"
#include "core/runs/csv.h"
#include "core/runs/decompress.h"

namespace isoflop {
namespace {

using testing::HasSubstr;

// `text` by the writer of the filter named, as gzip, bzip2, xz and zstd write it.
std::string compressed(const std::string& text, const char* filter) {
  std::string bytes(text.size() * 2 + 65536, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_add_filter_by_name(writer, filter);
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_per_block(writer, 1);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(writer, entry);
  archive_write_data(writer, text.data(), text.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

std::string many_runs() {
  std::string text = "N,D,loss\n";
  for (int i = 0; i < 5000; ++i)
    text += std::to_string(1000000 + i * 7919) + ",2e9," + std::to_string(3 - i * 1e-4) + "\n";
  return text;
}

std::filesystem::path write(const std::string& name, const std::string& bytes) {
  auto path = std::filesystem::path(testing::TempDir()) / name;
  EXPECT_TRUE(write_file_atomically(path, bytes).ok());
  return path;
}

class Compression : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Filters, Compression, testing::Values("gzip", "bzip2", "xz", "zstd"));

TEST_P(Compression, TheTableIsThatOfThePlainFile) {
  const std::string text = many_runs();
  const auto plain = read_table(write("plain.csv", text));
  const auto packed = read_table(write("packed.bin", compressed(text, GetParam())));
  ASSERT_TRUE(plain.ok());
  ASSERT_TRUE(packed.ok()) << packed.error().to_string();
  EXPECT_EQ(packed->rows(), 5000u);
  for (const char* name : {"N", "D", "loss"}) {
    const auto a = plain->numbers(name), b = packed->numbers(name);
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end())) << name;
  }
  EXPECT_NE(packed->content_hash, plain->content_hash);
}

TEST_P(Compression, AFileThatBreaksOffKeepsTheRunsBeforeAndSaysSo) {
  std::string bytes = compressed(many_runs() + many_runs(), GetParam());
  bytes.resize(bytes.size() * 9 / 10);
  const auto table = read_table(write("cut.bin", bytes));
  if (!table.ok()) {  // one block holds it all: nothing can be kept
    EXPECT_THAT(table.error().message, HasSubstr("compressed file"));
    return;
  }
  EXPECT_GT(table->rows(), 0u);
  EXPECT_LT(table->rows(), 10000u);
  ASSERT_FALSE(table->problems.empty());
  EXPECT_THAT(table->problems.back().message, HasSubstr("breaks off"));
}

TEST(ReadTable, TwoGzipStreamsAreOneText) {
  const auto text = decompress(compressed("a,b\n1,2\n", "gzip") + compressed("3,4\n", "gzip"), "x");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ((*text)->text, "a,b\n1,2\n3,4\n");
  EXPECT_FALSE((*text)->cut);
}

TEST(ReadTable, RefusesASmallFileThatClaimsTooMuch) {
  const std::string bytes = compressed(std::string(1 << 22, '0'), "gzip");
  EXPECT_LT(bytes.size(), 65536u);
  const auto text = decompress(bytes, "bomb.gz", 1 << 20);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().message, HasSubstr("more than 1 MiB"));
}

TEST(ReadTable, DamagedBytesAreAnErrorThatNamesTheFile) {
  const auto path = write("damaged.gz", std::string("\x1f\x8b\x08\0garbage", 11));
  const auto table = read_table(path);
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().where.file, path.string());
}

TEST(ReadTable, BytesThatOnlyBeginLikeGzipAreNotReadAsText) {
  const auto table = read_table(write("begins.gz", "\x1f\x8bxx"));
  ASSERT_FALSE(table.ok());
  EXPECT_THAT(table.error().message, HasSubstr("compressed file cannot be read"));
}

TEST(ReadTable, TellsJsonByItsText) {
  const auto table = read_table(write("runs.txt", "[{\"N\": 1e8, \"loss\": 3}, {\"N\": 2e8, \"loss\": 2.9}]"));
  ASSERT_TRUE(table.ok()) << table.error().to_string();
  EXPECT_EQ(table->numbers("N").size(), 2u);
}

}  // namespace
}  // namespace isoflop
