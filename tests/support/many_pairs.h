// SPDX-License-Identifier: GPL-3.0-or-later
// Files of very many pairs, and the data page on them as a user scrolls it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace preflab::test {

/// Writes `count` pairs whose texts and lengths differ; some are flagged, 4.6 % have "zebra" in the prompt.
inline void writeManyPairs(const std::filesystem::path& path, std::uint32_t count)
{
    static const std::array<const char*, 16> kWords{"river",  "stone",  "answer", "careful", "window", "seven",
                                                    "gentle", "argue",  "green",  "under",   "little", "promise",
                                                    "winter", "number", "forest", "quiet"};
    std::ofstream file(path, std::ios::binary);
    std::string line;
    std::uint64_t state = 1;
    const auto next = [&state] {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>(state >> 33);
    };
    const auto words = [&](std::uint32_t least, std::uint32_t most) {
        const std::uint32_t many = least + next() % (most - least + 1);
        for (std::uint32_t i = 0; i < many; ++i) {
            if (i > 0) line += ' ';
            line += kWords[next() % kWords.size()];
        }
    };
    for (std::uint32_t i = 0; i < count; ++i) {
        line = "{\"prompt\":\"";
        words(4, 14);
        if (next() % 1000 < 46) line += " zebra";
        line += " " + std::to_string(i) + "?\",\"chosen\":\"";
        words(5, 30);
        line += "\",\"rejected\":\"";
        words(1, 30);
        line += "\"}\n";
        file << line;
    }
}

}  // namespace preflab::test
