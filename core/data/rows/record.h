// SPDX-License-Identifier: GPL-3.0-or-later
// One record of a row file, read by simdjson, whose large header only record.cpp sees.
#pragma once

#include "core/base/json.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace preflab {

/// A place in what simdjson has read: its document, and an index there.
struct RecordPlace {
    const void* document = nullptr;
    std::size_t index = 0;
    bool operator==(const RecordPlace&) const = default;
};

/// The values of a list, or the members of an object, in the order of the text.
template <class Item>
class RecordRange {
public:
    class Iterator {
    public:
        explicit Iterator(RecordPlace place) : m_place(place) {}
        Item operator*() const;
        Iterator& operator++();
        bool operator==(const Iterator&) const = default;

    private:
        RecordPlace m_place;
    };

    RecordRange() = default;
    RecordRange(RecordPlace begin, RecordPlace end, std::size_t size) : m_begin(begin), m_end(end), m_size(size) {}
    Iterator begin() const { return Iterator(m_begin); }
    Iterator end() const { return Iterator(m_end); }
    /// Up to 16,777,215; that stands for more as well.
    std::size_t size() const { return m_size; }

private:
    RecordPlace m_begin;
    RecordPlace m_end;
    std::size_t m_size = 0;
};

struct RecordMember;

/// One value of a record. It and the texts in it are valid while the record is, see readRecord.
class RecordValue {
public:
    enum class Kind {
        Null,
        Boolean,
        Integer,   ///< a whole number of 64 bits with a sign
        Unsigned,  ///< a larger one, below 2^64
        Fraction,  ///< any other number
        Text,
        List,
        Object,
    };

    explicit RecordValue(RecordPlace place) : m_place(place) {}
    Kind kind() const;
    bool isText() const { return kind() == Kind::Text; }
    bool isList() const { return kind() == Kind::List; }
    bool isObject() const { return kind() == Kind::Object; }

    /// Of a value of that kind; 0, false or empty of any other.
    bool boolean() const;
    std::int64_t integer() const;
    std::uint64_t unsignedInteger() const;
    double fraction() const;
    std::string_view text() const;
    RecordRange<RecordValue> values() const;
    RecordRange<RecordMember> members() const;
    /// The value of a key of an object; nothing if it is not there, or this is no object.
    std::optional<RecordValue> find(std::string_view key) const;

private:
    RecordPlace m_place;
};

/// A key of an object with its value.
struct RecordMember {
    std::string_view key;
    RecordValue value;
};
/// The iterators of lists and of objects.
template <>
RecordValue RecordRange<RecordValue>::Iterator::operator*() const;
template <>
RecordRange<RecordValue>::Iterator& RecordRange<RecordValue>::Iterator::operator++();
template <>
RecordMember RecordRange<RecordMember>::Iterator::operator*() const;
template <>
RecordRange<RecordMember>::Iterator& RecordRange<RecordMember>::Iterator::operator++();

/// Reads one JSON value as strictly as parseJson, and calls `use` with it; it is valid during that call, which must not
/// read another one. Takes some fifteen times the text's bytes of memory at worst, which are given back where a text was
/// long. The value is what is wrong with the text, and then `use` was not called.
std::optional<JsonFault> readRecord(std::string_view text, const std::function<void(const RecordValue& record)>& use);

/// Reads some texts at once, for what looks at several records together: those of `texts` that are JSON as readRecord has
/// it, in their order. Each has a parser of its own, so they are not for the million.
void readRecords(std::span<const std::string_view> texts,
                 const std::function<void(std::span<const RecordValue> records)>& use);

/// Appends a value as compact JSON, spelt as Json::dump does.
void appendJson(std::string& into, const RecordValue& value);

}  // namespace preflab
