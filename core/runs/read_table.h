// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/runs/run_table.h"

namespace isoflop {

// Reads a file of runs, whatever its name: CSV and its relatives (core/runs/csv.h), JSON or JSON lines
// (core/runs/json.h), plain or compressed by gzip, bzip2, xz or zstd. content_hash is of the file's own bytes. Errors:
// those of the format.
Result<RunTable> read_table(const std::filesystem::path& path);

}  // namespace isoflop
