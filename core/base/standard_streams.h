// SPDX-License-Identifier: GPL-3.0-or-later
// The first three descriptors.
#pragma once

namespace preflab {

/// Opens /dev/null, to read, for every standard stream that is closed, so that no file or pipe opened later takes its number
/// and is read or written to as if it were the terminal; writing to one fails. The first thing a program does.
void reserveStandardStreams();

}  // namespace preflab
