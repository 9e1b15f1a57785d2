// SPDX-License-Identifier: GPL-3.0-or-later
// Pickle and zip by their first bytes, weights by their names.
#include "core/model/pickle.h"

#include <algorithm>
#include <string>
#include <vector>

namespace preflab {

bool isPickle(std::span<const std::byte> start)
{
    const auto at = [&](std::size_t i) { return std::to_integer<int>(start[i]); };
    if (start.size() >= 4 && at(0) == 'P' && at(1) == 'K' && at(2) == 3 && at(3) == 4) return true;
    // opcode PROTO with protocols 2 to 5
    return start.size() >= 2 && at(0) == 0x80 && at(1) >= 2 && at(1) <= 5;
}

std::optional<std::filesystem::path> pickleIn(const std::filesystem::path& folder)
{
    std::error_code error;
    std::vector<std::filesystem::path> found;
    std::filesystem::directory_iterator entries(folder, error);
    for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
        const std::string ending = entries->path().extension().string();
        const bool isOne = ending == ".bin" || ending == ".pt" || ending == ".pth" || ending == ".ckpt";
        if (isOne) found.push_back(entries->path());
    }
    if (found.empty()) return std::nullopt;
    return *std::min_element(found.begin(), found.end());
}

}  // namespace preflab
