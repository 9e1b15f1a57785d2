// SPDX-License-Identifier: GPL-3.0-or-later
// simdjson reads; what is wrong with a text, and where, its slower sibling says.
#include "core/data/rows/record.h"

#include "core/base/json_tokens.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <deque>
#include <new>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace preflab {
namespace {

namespace dom = simdjson::dom;

/// As parseJson has it.
constexpr std::size_t kMaxDepth = 128;
/// simdjson's own limit lies above, so that the rule is ours alone.
constexpr std::size_t kParserDepth = kMaxDepth + 8;
constexpr std::size_t kFirstCapacity = 4096;
/// What a parser took for a longer text is not kept.
constexpr std::size_t kKeptBytes = std::size_t{1} << 20;
/// Up to here each key is compared with all before it.
constexpr std::size_t kKeysBeforeSort = 16;

// A place is handed out as it is, so that nobody else needs simdjson's types.
template <class Part>
RecordPlace placeOf(const Part& part)
{
    static_assert(sizeof(Part) == sizeof(RecordPlace) && std::is_trivially_copyable_v<Part>);
    return std::bit_cast<RecordPlace>(part);
}

dom::element elementAt(const RecordPlace& place)
{
    return std::bit_cast<dom::element>(place);
}

class Parser {
public:
    Parser()
    {
        if (m_parser.allocate(kFirstCapacity, kParserDepth) != simdjson::SUCCESS) throw std::bad_alloc();
    }

    /// False if simdjson refuses the text.
    bool parse(std::string_view text)
    {
        const auto error = m_parser.parse(text.data(), text.size(), true).get(m_root);
        if (error == simdjson::MEMALLOC) throw std::bad_alloc();
        m_error = error;
        return error == simdjson::SUCCESS;
    }

    const dom::element& root() const { return m_root; }
    std::string errorText() const { return simdjson::error_message(m_error); }

private:
    dom::parser m_parser;
    dom::element m_root;
    simdjson::error_code m_error = simdjson::SUCCESS;
};

bool areKeysUnique(const dom::object& object)
{
    if (object.size() <= kKeysBeforeSort) {
        for (auto key = object.begin(); key != object.end(); ++key) {
            for (auto other = object.begin(); other != key; ++other)
                if (other.key() == key.key()) return false;
        }
        return true;
    }
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (auto key = object.begin(); key != object.end(); ++key) keys.push_back(key.key());
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
}

/// The rules that simdjson does not have. `depth` is of the value.
bool isStrict(const dom::element& value, std::size_t depth)
{
    dom::array list;
    if (value.get(list) == simdjson::SUCCESS) {
        if (depth == kMaxDepth) return false;
        for (const dom::element element : list)
            if (!isStrict(element, depth + 1)) return false;
        return true;
    }
    dom::object object;
    if (value.get(object) != simdjson::SUCCESS) return true;
    if (depth == kMaxDepth || !areKeysUnique(object)) return false;
    for (auto member = object.begin(); member != object.end(); ++member)
        if (!isStrict(member.value(), depth + 1)) return false;
    return true;
}

/// The code unit of "\uXXXX" at `at`; 0 if there is none.
std::uint32_t escapedUnit(std::string_view text, std::size_t at)
{
    if (text.substr(std::min(at, text.size()), 2) != "\\u" || text.size() < at + 6) return 0;
    std::uint32_t unit = 0;
    const char* end = text.data() + at + 6;
    const auto read = std::from_chars(text.data() + at + 2, end, unit, 16);
    return read.ec == std::errc() && read.ptr == end ? unit : 0;
}

/// True if there seems to be half of a surrogate pair, which some versions of simdjson read, or a byte order mark.
bool isDoubtful(std::string_view text)
{
    if (text.starts_with("\xEF\xBB\xBF")) return true;
    for (auto at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 2)) {
        const auto unit = escapedUnit(text, at);
        if (unit < 0xD800 || unit > 0xDFFF) continue;
        const auto next = escapedUnit(text, at + 6);
        if (unit > 0xDBFF || next < 0xDC00 || next > 0xDFFF) return true;
        at += 6;
    }
    return false;
}

bool isBeyond64Bits(std::string_view number)
{
    if (number.find_first_of(".eE") != std::string_view::npos) return false;
    const char* end = number.data() + number.size();
    std::int64_t integer = 0;
    std::uint64_t unsignedInteger = 0;
    return std::from_chars(number.data(), end, integer).ec != std::errc() &&
           std::from_chars(number.data(), end, unsignedInteger).ec != std::errc();
}

/// The text with an exponent of 0 at whole numbers beyond 64 bits: they are read as fractions, as nlohmann does, while
/// simdjson refuses them. `text` is right.
std::string withExponents(std::string_view text)
{
    std::string changed;
    changed.reserve(text.size() + 2);
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        bool isLarge = false;
        if (text[at] == '"') {
            while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
            ++end;
        } else if (text[at] == '-' || (text[at] >= '0' && text[at] <= '9')) {
            end = std::min(text.find_first_not_of("+-.0123456789eE", at), text.size());
            isLarge = isBeyond64Bits(text.substr(at, end - at));
        }
        changed += text.substr(at, end - at);
        if (isLarge) changed += "e0";
        at = end;
    }
    return changed;
}

std::optional<JsonFault> readWith(Parser& parser, std::string_view text,
                                  const std::function<void(const RecordValue&)>& use)
{
    if (isDoubtful(text)) {
        if (auto fault = jsonFault(text, kMaxDepth)) return fault;
    }
    if (!parser.parse(text) || !isStrict(parser.root(), 0)) {
        if (auto fault = jsonFault(text, kMaxDepth)) return fault;
        if (!parser.parse(withExponents(text))) return JsonFault{0, parser.errorText()};
    }
    use(RecordValue(placeOf(parser.root())));
    return std::nullopt;
}

}  // namespace

template <>
RecordValue RecordRange<RecordValue>::Iterator::operator*() const
{
    return RecordValue(placeOf(*std::bit_cast<dom::array::iterator>(m_place)));
}

template <>
RecordRange<RecordValue>::Iterator& RecordRange<RecordValue>::Iterator::operator++()
{
    m_place = placeOf(++std::bit_cast<dom::array::iterator>(m_place));
    return *this;
}

template <>
RecordMember RecordRange<RecordMember>::Iterator::operator*() const
{
    const auto member = std::bit_cast<dom::object::iterator>(m_place);
    return {member.key(), RecordValue(placeOf(member.value()))};
}

template <>
RecordRange<RecordMember>::Iterator& RecordRange<RecordMember>::Iterator::operator++()
{
    m_place = placeOf(++std::bit_cast<dom::object::iterator>(m_place));
    return *this;
}

RecordValue::Kind RecordValue::kind() const
{
    switch (elementAt(m_place).type()) {
    case dom::element_type::ARRAY:
        return Kind::List;
    case dom::element_type::OBJECT:
        return Kind::Object;
    case dom::element_type::INT64:
        return Kind::Integer;
    case dom::element_type::UINT64:
        return Kind::Unsigned;
    case dom::element_type::DOUBLE:
        return Kind::Fraction;
    case dom::element_type::STRING:
        return Kind::Text;
    case dom::element_type::BOOL:
        return Kind::Boolean;
    case dom::element_type::NULL_VALUE:
        break;
    }
    return Kind::Null;
}

namespace {

/// The value as a T, or an empty one.
template <class T>
T valueAs(const RecordPlace& place)
{
    T value{};
    return elementAt(place).get(value) == simdjson::SUCCESS ? value : T{};
}

}  // namespace

bool RecordValue::boolean() const
{
    return valueAs<bool>(m_place);
}

std::int64_t RecordValue::integer() const
{
    return valueAs<std::int64_t>(m_place);
}

std::uint64_t RecordValue::unsignedInteger() const
{
    return valueAs<std::uint64_t>(m_place);
}

double RecordValue::fraction() const
{
    return valueAs<double>(m_place);
}

std::string_view RecordValue::text() const
{
    return valueAs<std::string_view>(m_place);
}

RecordRange<RecordValue> RecordValue::values() const
{
    dom::array list;
    if (elementAt(m_place).get(list) != simdjson::SUCCESS) return {};
    return {placeOf(list.begin()), placeOf(list.end()), list.size()};
}

RecordRange<RecordMember> RecordValue::members() const
{
    dom::object object;
    if (elementAt(m_place).get(object) != simdjson::SUCCESS) return {};
    return {placeOf(object.begin()), placeOf(object.end()), object.size()};
}

std::optional<RecordValue> RecordValue::find(std::string_view key) const
{
    dom::object object;
    if (elementAt(m_place).get(object) != simdjson::SUCCESS) return std::nullopt;
    for (auto member = object.begin(); member != object.end(); ++member)
        if (member.key() == key) return RecordValue(placeOf(member.value()));
    return std::nullopt;
}

std::optional<JsonFault> readRecord(std::string_view text, const std::function<void(const RecordValue& record)>& use)
{
    if (text.size() > kKeptBytes) {
        Parser parser;
        return readWith(parser, text, use);
    }
    static thread_local Parser parser;
    return readWith(parser, text, use);
}

void readRecords(std::span<const std::string_view> texts,
                 const std::function<void(std::span<const RecordValue> records)>& use)
{
    std::deque<Parser> parsers;  // what was read stays where it is
    std::vector<RecordValue> records;
    for (const std::string_view text : texts)
        readWith(parsers.emplace_back(), text, [&records](const RecordValue& record) { records.push_back(record); });
    use(records);
}

void appendJson(std::string& into, const RecordValue& value)
{
    const char* separator = "";
    switch (value.kind()) {
    case RecordValue::Kind::Object:
        into += '{';
        for (const auto& [key, member] : value.members()) {
            into += std::exchange(separator, ",");
            into += Json(key).dump();
            into += ':';
            appendJson(into, member);
        }
        into += '}';
        return;
    case RecordValue::Kind::List:
        into += '[';
        for (const RecordValue element : value.values()) {
            into += std::exchange(separator, ",");
            appendJson(into, element);
        }
        into += ']';
        return;
    case RecordValue::Kind::Text:
        into += Json(value.text()).dump();
        return;
    case RecordValue::Kind::Fraction:
        into += Json(value.fraction()).dump();
        return;
    case RecordValue::Kind::Integer:
        into += std::to_string(value.integer());
        return;
    case RecordValue::Kind::Unsigned:
        into += std::to_string(value.unsignedInteger());
        return;
    case RecordValue::Kind::Boolean:
        into += value.boolean() ? "true" : "false";
        return;
    case RecordValue::Kind::Null:
        into += "null";
    }
}

}  // namespace preflab
