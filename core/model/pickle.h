// SPDX-License-Identifier: GPL-3.0-or-later
// Recognising weights that can run code: pickle files and the zip archives that torch.save and TorchScript write.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

namespace preflab {

/// True if a file with this beginning (8 bytes are enough) is a pickle or a zip archive.
bool isPickle(std::span<const std::byte> start);

/// A file of a model folder that looks like pickled weights by its name: *.bin, *.pt, *.pth, *.ckpt.
std::optional<std::filesystem::path> pickleIn(const std::filesystem::path& folder);

}  // namespace preflab
