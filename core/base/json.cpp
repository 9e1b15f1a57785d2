// SPDX-License-Identifier: GPL-3.0-or-later
// Strict JSON on top of nlohmann's tokens: its own tree builder keeps the last of two equal keys in silence.
#include "core/base/json.h"

#include "core/base/excerpt.h"
#include "core/base/file_reader.h"
#include "core/base/json_tokens.h"
#include "core/base/wrong_content.h"

#include <limits>
#include <set>
#include <utility>
#include <vector>

namespace preflab {
namespace {

/// Up to here equal keys are looked for one by one; a set costs more than that for the usual small object.
constexpr std::size_t kKeysBeforeSet = 16;

/// Builds the tree iteratively and stops at the first broken rule.
class TreeBuilder : public JsonTokenHandler {
public:
    explicit TreeBuilder(int maxDepth) : m_maxDepth(maxDepth) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool start_object(std::size_t) override { return open(Json::object()); }
    bool start_array(std::size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        Level& level = m_levels.back();
        auto& object = level.container->get_ref<Json::object_t&>();
        if (isTaken(level, object, name)) return stop("duplicate key \"" + excerptOf(name) + "\"");
        // Json's own operator[] would search all keys again.
        object.push_back({std::move(name), nullptr});
        return true;
    }

    Json takeRoot() { return std::move(m_root); }

private:
    struct Level {
        Json* container;
        std::set<std::string> keys;  ///< filled once there are many; a tree, as hashes can be made to collide
    };

    static bool isTaken(Level& level, const Json::object_t& object, const std::string& name)
    {
        if (object.size() < kKeysBeforeSet) {
            for (const auto& entry : object) {
                if (entry.first == name) return true;
            }
            return false;
        }
        if (level.keys.empty()) {
            for (const auto& entry : object) level.keys.insert(entry.first);
        }
        return !level.keys.insert(name).second;
    }

    Json* place(Json&& value)
    {
        if (m_levels.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        Json& parent = *m_levels.back().container;
        if (parent.is_array()) {
            auto& array = parent.get_ref<Json::array_t&>();
            array.push_back(std::move(value));
            return &array.back();
        }
        Json& slot = parent.get_ref<Json::object_t&>().back().second;
        slot = std::move(value);
        return &slot;
    }

    bool add(Json&& value)
    {
        place(std::move(value));
        return true;
    }

    bool open(Json&& container)
    {
        if (static_cast<int>(m_levels.size()) >= m_maxDepth) {
            return stop("nested deeper than " + std::to_string(m_maxDepth) + " levels");
        }
        m_levels.push_back(Level{place(std::move(container)), {}});
        return true;
    }

    bool close()
    {
        m_levels.pop_back();
        return true;
    }

    int m_maxDepth;
    Json m_root;
    std::vector<Level> m_levels;
};

}  // namespace

tl::expected<Json, JsonFault> parseJson(std::string_view text, int maxDepth)
{
    TreeBuilder builder(maxDepth);
    if (auto fault = readJsonTokens(text, builder)) return tl::unexpected<JsonFault>(std::move(*fault));
    return builder.takeRoot();
}

Result<Json> readJsonFile(const std::filesystem::path& path, std::uint64_t maxBytes, int maxDepth)
{
    TRY(const auto text, readTextFile(path, maxBytes));
    if (const auto wrong = wrongContent(text, text.size())) {
        return fail(ErrorCode::NotTheContent,
                    {{"path", path.string()}, {"found", wrong->found}, {"remedy", wrong->remedy}});
    }
    auto json = parseJson(text, maxDepth);
    if (!json) {
        return fail(ErrorCode::ConfigInvalid, {{"path", path.string()},
                                               {"key", "byte " + std::to_string(json.error().offset)},
                                               {"reason", json.error().reason}});
    }
    return *std::move(json);
}

namespace {

/// The value of a key that is there and not null, or nullptr.
const Json* valueOf(const Json& json, std::string_view key)
{
    if (!json.is_object()) return nullptr;
    const auto found = json.find(key);
    return found == json.end() || found->is_null() ? nullptr : &*found;
}

tl::unexpected<Error> invalid(const JsonObject& object, std::string_view key, const char* reason)
{
    return fail(ErrorCode::ConfigInvalid,
                {{"path", object.file().string()}, {"key", std::string(key)}, {"reason", reason}});
}

Result<const Json*> require(const JsonObject& object, std::string_view key)
{
    const Json* value = valueOf(object.json(), key);
    if (value == nullptr) return invalid(object, key, "this key is missing");
    return value;
}

}  // namespace

bool JsonObject::has(std::string_view key) const
{
    return valueOf(m_json, key) != nullptr;
}

Result<std::int64_t> JsonObject::integer(std::string_view key) const
{
    TRY(const Json* value, require(*this, key));
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool isInteger =
        value->is_number_integer() && !(value->is_number_unsigned() && value->get<std::uint64_t>() > kMost);
    if (!isInteger) return invalid(*this, key, "must be a whole number");
    return value->get<std::int64_t>();
}

Result<double> JsonObject::number(std::string_view key) const
{
    TRY(const Json* value, require(*this, key));
    if (!value->is_number()) return invalid(*this, key, "must be a number");
    return value->get<double>();
}

Result<std::string> JsonObject::string(std::string_view key) const
{
    TRY(const Json* value, require(*this, key));
    if (!value->is_string()) return invalid(*this, key, "must be a text in quotes");
    return value->get<std::string>();
}

Result<bool> JsonObject::boolean(std::string_view key) const
{
    TRY(const Json* value, require(*this, key));
    if (!value->is_boolean()) return invalid(*this, key, "must be true or false");
    return value->get<bool>();
}

Result<std::int64_t> JsonObject::integer(std::string_view key, std::int64_t fallback) const
{
    return has(key) ? integer(key) : fallback;
}

Result<double> JsonObject::number(std::string_view key, double fallback) const
{
    return has(key) ? number(key) : fallback;
}

Result<std::string> JsonObject::string(std::string_view key, const std::string& fallback) const
{
    return has(key) ? string(key) : fallback;
}

Result<bool> JsonObject::boolean(std::string_view key, bool fallback) const
{
    return has(key) ? boolean(key) : fallback;
}

}  // namespace preflab
