// SPDX-License-Identifier: GPL-3.0-or-later
// Checked reading of config.json.
#include "core/model/config_reader.h"

#include "core/base/excerpt.h"

#include <limits>

namespace preflab {

bool ConfigReader::has(std::string_view key) const
{
    mark(key);
    return m_object.has(key);
}

Result<std::int64_t> ConfigReader::size(std::string_view key, std::int64_t limit) const
{
    mark(key);
    TRY(const auto value, m_object.integer(key));
    if (value < 1 || value > limit) {
        return invalid(key, "must be from 1 to " + std::to_string(limit) + ", but is " + std::to_string(value));
    }
    return value;
}

Result<std::int64_t> ConfigReader::size(std::string_view key, std::int64_t limit, std::int64_t fallback) const
{
    return has(key) ? size(key, limit) : fallback;
}

Result<double> ConfigReader::positive(std::string_view key, double fallback) const
{
    mark(key);
    TRY(const double value, m_object.number(key, fallback));
    constexpr double kLeast = std::numeric_limits<float>::min();
    constexpr double kMost = std::numeric_limits<float>::max();
    if (!(value >= kLeast && value <= kMost)) {
        return invalid(key, "must be a number above 0 that float32 can hold, but is " +
                                excerptOf(m_object.json().find(key)->dump()));
    }
    return value;
}

Result<std::string> ConfigReader::string(std::string_view key, const std::string& fallback) const
{
    mark(key);
    return m_object.string(key, fallback);
}

Result<bool> ConfigReader::boolean(std::string_view key, bool fallback) const
{
    mark(key);
    return m_object.boolean(key, fallback);
}

const Json& ConfigReader::value(std::string_view key) const
{
    mark(key);
    return *m_object.json().find(key);
}

tl::unexpected<Error> ConfigReader::invalid(std::string_view key, const std::string& reason) const
{
    return invalidOption(m_object, key, reason);
}

tl::unexpected<Error> ConfigReader::unsupported(std::string_view key) const
{
    return unsupportedOption(m_object, key, value(key).dump());
}

}  // namespace preflab
