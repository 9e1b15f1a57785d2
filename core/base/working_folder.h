// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that are started in a folder that was deleted.
#pragma once

namespace preflab {

/// True if the folder that the program was started in is gone, so that no path leads from there. MKL, with which LibTorch
/// computes, would end such a program while its libraries are loaded: one that asks this works in "/" from before that.
bool wasWorkingFolderGone();

}  // namespace preflab
