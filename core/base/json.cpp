// SPDX-License-Identifier: GPL-3.0-or-later
// Strict JSON on top of nlohmann's tokens: its own tree builder keeps the last of two equal keys in silence.
#include "core/base/json.h"

#include "core/base/file_reader.h"
#include "core/base/json_tokens.h"
#include "core/base/wrong_content.h"

#include <limits>
#include <utility>
#include <vector>

namespace preflab {
namespace {

/// Builds the tree iteratively and stops at the first broken rule.
class TreeBuilder : public JsonRules {
public:
    using JsonRules::JsonRules;

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool start_object(std::size_t size) override { return JsonRules::start_object(size) && open(Json::object()); }
    bool start_array(std::size_t size) override { return JsonRules::start_array(size) && open(Json::array()); }
    bool end_object() override { return JsonRules::end_object() && close(); }
    bool end_array() override { return JsonRules::end_array() && close(); }

    bool key(string_t& name) override
    {
        if (!JsonRules::key(name)) return false;
        // Json's own operator[] would search all keys again.
        m_open.back()->get_ref<Json::object_t&>().push_back({std::move(name), nullptr});
        return true;
    }

    Json takeRoot() { return std::move(m_root); }

private:
    Json* place(Json&& value)
    {
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        Json& parent = *m_open.back();
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
        m_open.push_back(place(std::move(container)));
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    Json m_root;
    std::vector<Json*> m_open;  ///< the objects and lists around the next token
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

std::optional<std::int64_t> wholeNumber(const Json& value)
{
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer()) return std::nullopt;
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > kMost) return std::nullopt;
    return value.get<std::int64_t>();
}

bool JsonObject::has(std::string_view key) const
{
    return valueOf(m_json, key) != nullptr;
}

Result<std::int64_t> JsonObject::integer(std::string_view key) const
{
    TRY(const Json* value, require(*this, key));
    const auto whole = wholeNumber(*value);
    if (!whole) return invalid(*this, key, "must be a whole number");
    return *whole;
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
