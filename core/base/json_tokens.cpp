// SPDX-License-Identifier: GPL-3.0-or-later
// nlohmann's lexer and grammar behind our rules.
#include "core/base/json_tokens.h"

#include "core/base/excerpt.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iterator>
#include <utility>

namespace preflab {
namespace {

/// nlohmann's words together with what they quote: "number overflow parsing '999...".
constexpr std::size_t kReasonCharacters = 100;

/// Up to here equal keys are looked for one by one; a set costs more than that for the usual small object.
constexpr std::size_t kKeysBeforeSet = 16;

/// Tells the handler, which nlohmann does not tell, how far the text is read.
class TrackingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    TrackingIterator(const char* at, const char** reached) : m_at(at), m_reached(reached) {}
    reference operator*() const { return *m_at; }
    TrackingIterator& operator++()
    {
        *m_reached = ++m_at;
        return *this;
    }
    bool operator==(const TrackingIterator& other) const { return m_at == other.m_at; }
    bool operator!=(const TrackingIterator& other) const { return m_at != other.m_at; }

private:
    const char* m_at;
    const char** m_reached;
};

/// "[json.exception.parse_error.101] parse error at line 1, column 4: syntax error while parsing value - invalid
/// literal; last read: 'x'; expected ..." -> "invalid literal".
std::string shortReason(std::string what)
{
    if (const auto dash = what.find(" - "); dash != std::string::npos) what.erase(0, dash + 3);
    if (const auto quote = what.find("; last read"); quote != std::string::npos) what.resize(quote);
    if (const auto bracket = what.find("] "); what.starts_with("[") && bracket != std::string::npos) {
        what.erase(0, bracket + 2);
    }
    return excerptOf(what, kReasonCharacters);
}

}  // namespace

bool JsonTokenHandler::stop(std::string reason)
{
    if (m_reason.empty()) m_reason = std::move(reason);
    return false;
}

bool JsonRules::open()
{
    if (static_cast<int>(m_levels.size()) >= m_maxDepth)
        return stop("nested deeper than " + std::to_string(m_maxDepth) + " levels");
    m_levels.emplace_back();
    return true;
}

bool JsonRules::close()
{
    m_levels.pop_back();
    return true;
}

bool JsonRules::key(string_t& name)
{
    Keys& keys = m_levels.back();
    bool isNew = true;
    if (keys.many.empty() && keys.few.size() < kKeysBeforeSet) {
        isNew = std::find(keys.few.begin(), keys.few.end(), name) == keys.few.end();
        keys.few.push_back(name);
    } else {
        if (keys.many.empty()) keys.many.insert(keys.few.begin(), keys.few.end());
        isNew = keys.many.insert(name).second;
    }
    return isNew || stop("duplicate key \"" + excerptOf(name) + "\"");
}

bool JsonTokenHandler::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error)
{
    return stop(shortReason(error.what()));
}

std::optional<JsonFault> readJsonTokens(std::string_view text, JsonTokenHandler& handler)
{
    // nlohmann takes a NUL for the end of the text and skips a byte order mark.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) return JsonFault{nul, "NUL byte"};
    if (text.starts_with("\xEF\xBB\xBF")) return JsonFault{0, "byte order mark"};
    const char* reached = text.data();
    std::string reason;
    try {
        const TrackingIterator first(text.data(), &reached);
        const TrackingIterator last(text.data() + text.size(), &reached);
        if (Json::sax_parse(first, last, &handler)) return std::nullopt;
        reason = handler.takeReason();
    } catch (const std::exception& exception) {
        reason = exception.what();
    }
    const auto read = static_cast<std::size_t>(reached - text.data());
    // Where a file is UTF-16, nothing in it is an ill-formed byte of UTF-8 to its owner.
    if (reason.ends_with("ill-formed UTF-8 byte") && read >= 2 && isSurrogate(text.substr(read - 2)))
        reason = kHalfCharacter;
    return JsonFault{read, std::move(reason)};
}

std::optional<JsonFault> jsonFault(std::string_view text, int maxDepth)
{
    JsonRules rules(maxDepth);
    return readJsonTokens(text, rules);
}

}  // namespace preflab
