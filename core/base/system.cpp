// SPDX-License-Identifier: GPL-3.0-or-later
// Folders, memory and time, as Linux tells them.
#include "core/base/system.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <limits>
#include <optional>
#include <pwd.h>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace preflab {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

std::filesystem::path homeFolder()
{
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') return home;
    std::vector<char> buffer(16384);
    struct passwd entry {};
    struct passwd* found = nullptr;
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
        return found->pw_dir;
    }
    return std::filesystem::temp_directory_path();
}

/// XDG base directories: a variable that is not an absolute path is to be ignored.
std::filesystem::path userFolder(const char* variable, std::string_view fallback)
{
    if (const char* value = std::getenv(variable); value != nullptr && *value == '/') {
        return std::filesystem::path(value) / "preflab";
    }
    return homeFolder() / fallback / "preflab";
}

/// The number behind `key` in lines of the form "key 123" or "key: 123 kB".
std::optional<std::uint64_t> fieldOf(const std::filesystem::path& file, std::string_view key)
{
    std::ifstream lines(file);
    std::string line;
    while (std::getline(lines, line)) {
        if (!line.starts_with(key)) continue;
        const auto first = line.find_first_of("0123456789", key.size());
        if (first == std::string::npos) continue;
        std::uint64_t value = 0;
        std::from_chars(line.data() + first, line.data() + line.size(), value);
        return line.ends_with("kB") ? value * 1024 : value;
    }
    return std::nullopt;
}

/// The only number of a file; nothing for "max" or an absent file.
std::optional<std::uint64_t> numberIn(const std::filesystem::path& file)
{
    return fieldOf(file, "");
}

/// What one control group leaves. Its file cache counts as used there although the kernel gives it back.
std::uint64_t leftInGroup(const std::filesystem::path& group, const char* limitName, const char* usedName,
                          std::string_view cacheField)
{
    const auto limit = numberIn(group / limitName);
    const auto used = numberIn(group / usedName);
    if (!limit || !used) return kUnlimited;
    const std::uint64_t cache = std::min(*used, fieldOf(group / "memory.stat", cacheField).value_or(0));
    const std::uint64_t held = *used - cache;
    return *limit > held ? *limit - held : 0;
}

/// The tightest limit from the process's own group up to the root of the hierarchy.
std::uint64_t leftInHierarchy(const std::filesystem::path& base, std::string_view group, const char* limitName,
                              const char* usedName, std::string_view cacheField)
{
    std::uint64_t left = leftInGroup(base, limitName, usedName, cacheField);
    std::filesystem::path folder = base;
    for (const auto& part : std::filesystem::path(group).relative_path()) {
        if (part == "..") return left;  // outside this namespace: the root stands for our group
        folder /= part;
        left = std::min(left, leftInGroup(folder, limitName, usedName, cacheField));
    }
    return left;
}

/// Lines of /proc/self/cgroup: "0::/user.slice/x" (version 2), "5:memory:/x" (version 1).
std::uint64_t leftInControlGroups(const std::filesystem::path& root)
{
    const auto base = root / "sys/fs/cgroup";
    std::uint64_t left = kUnlimited;
    std::ifstream lines(root / "proc/self/cgroup");
    std::string line;
    while (std::getline(lines, line)) {
        const auto first = line.find(':');
        const auto second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        const std::string group = line.substr(second + 1);
        if (controllers == ",,") {
            left = std::min(left, leftInHierarchy(base, group, "memory.max", "memory.current", "inactive_file "));
        } else if (controllers.find(",memory,") != std::string::npos) {
            left = std::min(left, leftInHierarchy(base / "memory", group, "memory.limit_in_bytes",
                                                  "memory.usage_in_bytes", "total_inactive_file "));
        }
    }
    return left;
}

/// All memory of the machine: what the system says without a file, which it may refuse to open.
std::uint64_t installedMemory()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    return pages > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))
                     : kUnlimited;
}

/// What "ulimit -v" leaves this process.
std::uint64_t leftAddressSpace()
{
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnlimited;
    const std::uint64_t used = fieldOf("/proc/self/status", "VmSize:").value_or(0);
    return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

std::string withDecimals(double value, int decimals)
{
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    return buffer.data();
}

std::string twoDigits(std::uint64_t value)
{
    return (value < 10 ? "0" : "") + std::to_string(value);
}

}  // namespace

std::filesystem::path cacheFolder()
{
    return userFolder("XDG_CACHE_HOME", ".cache");
}

std::filesystem::path dataFolder()
{
    return userFolder("XDG_DATA_HOME", ".local/share");
}

std::uint64_t availableMemory()
{
    return std::min(availableMemory("/"), leftAddressSpace());
}

std::uint64_t availableMemory(const std::filesystem::path& root)
{
    const auto free = fieldOf(root / "proc/meminfo", "MemAvailable:");
    return std::min(free ? *free : installedMemory(), leftInControlGroups(root));
}

std::uint64_t residentMemory()
{
    std::ifstream file("/proc/self/statm");
    std::uint64_t total = 0, resident = 0;
    if (!(file >> total >> resident)) return 0;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t peakResidentMemory()
{
    // Not getrusage: its maximum survives exec, so it can be that of the program that started us.
    return fieldOf("/proc/self/status", "VmHWM:").value_or(0);
}

std::string timestampUtc()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    const std::time_t seconds = milliseconds / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(milliseconds % 1000));
    return std::string(date.data()) + fraction.data();
}

std::string byteText(std::uint64_t bytes)
{
    if (bytes < 1000) return std::to_string(bytes) + " bytes";
    constexpr std::array kUnits{" kB", " MB", " GB", " TB", " PB", " EB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // 999.5 would be printed as 1000 of the smaller unit.
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    return withDecimals(value, value < 9.95 ? 1 : 0) + kUnits[unit];
}

std::string durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0) return "unknown";
    if (seconds < 9.95) return withDecimals(seconds, 1) + " s";
    const auto whole = static_cast<std::uint64_t>(std::llround(std::min(seconds, 1e12)));
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + " min " + twoDigits(whole % 60) + " s";
    const std::uint64_t minutes = (whole + 30) / 60;
    return std::to_string(minutes / 60) + " h " + twoDigits(minutes % 60) + " min";
}

std::string countText(std::uint64_t count)
{
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string amountText(std::uint64_t count, const std::string& noun)
{
    return countText(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace preflab
