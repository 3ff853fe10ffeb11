// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/runs/run_table.h"

namespace isoflop {

bool is_role(std::string_view name);

// Null if there is none.
Column* column_of_role(RunTable& table, std::string_view role);
Column* column_of_name(RunTable& table, std::string_view name);

// A problem about the whole table.
void note(RunTable& table, std::string message, std::string parameter = {});

// Adds a derived column. With the name of a role it takes that role; a column of the file that had role or name keeps
// its values under another name, and a problem says so.
void put_derived(RunTable& table, const std::string& name, std::vector<double> values, std::string expression);

}  // namespace isoflop
