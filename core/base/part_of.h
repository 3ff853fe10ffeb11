// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/control.h"

namespace isoflop {

// The control of one part of longer work: its progress from 0 to 1 is that of the whole from `from` to `to`, so that
// parts in a row never fall back. `control` must outlive it.
inline Control part_of(const Control& control, double from, double to) {
  if (!control.progress) return {.progress = {}, .stop = control.stop};
  return {.progress = [&control, from, to](double share) { control.progress(from + share * (to - from)); },
          .stop = control.stop};
}

// The same without any progress of its own.
inline Control quiet(const Control& control) {
  return {.progress = {}, .stop = control.stop};
}

}  // namespace isoflop
