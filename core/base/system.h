// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine offers: folders, memory, time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace preflab {

/// Per-user cache (may be deleted at any time): $XDG_CACHE_HOME/preflab.
std::filesystem::path cacheFolder();
/// Per-user data: $XDG_DATA_HOME/preflab. Holds the unnamed project.
std::filesystem::path dataFolder();
/// Bytes that can be used without swapping: MemAvailable, limited by the control group and by the
/// process's address space. Where the system does not tell (no file may be opened any more), all that the machine has.
std::uint64_t availableMemory();
/// The same, from the /proc and /sys below another root.
std::uint64_t availableMemory(const std::filesystem::path& root);
/// Resident set of this process now, in bytes.
std::uint64_t residentMemory();
/// Peak resident set of this process in bytes.
std::uint64_t peakResidentMemory();
/// Now as ISO 8601 in UTC with milliseconds.
std::string timestampUtc();
/// "1.2 GB", "340 MB": decimal units.
std::string byteText(std::uint64_t bytes);
/// "1 h 02 min", "3 min 10 s", "12 s", "1.2 s"; "unknown" for what is no duration.
std::string durationText(double seconds);
/// "12,345"
std::string countText(std::uint64_t count);
/// "1 row", "12,345 rows": of nouns that take an s.
std::string amountText(std::uint64_t count, const std::string& noun);

}  // namespace preflab
