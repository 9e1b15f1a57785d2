// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that are started in a folder that was deleted, or whose path is too long.
#pragma once

namespace preflab {

/// 0, or the errno by which the system could not name the folder that the program was started in: ENOENT, it is gone;
/// otherwise its path is too long. MKL, with which LibTorch computes, would end such a program while its libraries are
/// loaded: one that asks this works in "/" from before that.
int workingFolderFault();

}  // namespace preflab
