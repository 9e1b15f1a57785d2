// SPDX-License-Identifier: GPL-3.0-or-later
// Strings are found by their quotes; which of them are texts, their keys and depths tell.
#include "core/data/rows/raw_texts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace preflab {
namespace {

bool isTextKey(std::string_view key, RowKind kind)
{
    switch (kind) {
    case RowKind::Preference:
        return key == "prompt" || key == "chosen" || key == "rejected";
    case RowKind::PromptCompletion:
        return key == "prompt" || key == "completion";
    case RowKind::Text:
        return key == "text";
    }
    return false;
}

/// Where the string that begins behind the quote before `at` ends: its closing quote.
std::size_t endOfString(std::string_view json, std::size_t at)
{
    for (std::size_t quote = json.find('"', at); quote != std::string_view::npos; quote = json.find('"', quote + 1)) {
        std::size_t slashes = 0;
        while (quote - slashes > at && json[quote - slashes - 1] == '\\') ++slashes;
        if (slashes % 2 == 0) return quote;
    }
    return json.size();
}

std::uint32_t hexAt(std::string_view text, std::size_t at)
{
    std::uint32_t value = 0;
    for (const char digit : text.substr(std::min(at, text.size()), 4)) {
        const auto letter = static_cast<std::uint32_t>(static_cast<unsigned char>(digit) | 0x20U);
        value = value * 16 + (letter >= 'a' ? letter - 'a' + 10 : static_cast<std::uint32_t>(digit - '0'));
    }
    return value;
}

void appendUtf8(std::string& text, std::uint32_t code)
{
    const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
        add(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            add(0xE0 | code >> 12);
        } else {
            add(0xF0 | code >> 18);
            add(0x80 | (code >> 12 & 0x3F));
        }
        add(0x80 | (code >> 6 & 0x3F));
    }
    add(0x80 | (code & 0x3F));
}

/// Appends what the escape whose letter is at `at` stands for; returns where the text goes on.
std::size_t appendEscape(std::string& text, std::string_view raw, std::size_t at)
{
    switch (raw[at]) {
    case 'n':
        text += '\n';
        return at + 1;
    case 't':
        text += '\t';
        return at + 1;
    case 'r':
        text += '\r';
        return at + 1;
    case 'b':
        text += '\b';
        return at + 1;
    case 'f':
        text += '\f';
        return at + 1;
    case 'u':
        break;
    default:
        text += raw[at];
        return at + 1;
    }
    const std::uint32_t first = hexAt(raw, at + 1);
    if (first >= 0xD800 && first < 0xDC00) {
        appendUtf8(text, 0x10000 + ((first - 0xD800) << 10) + (hexAt(raw, at + 7) - 0xDC00));
        return at + 11;
    }
    appendUtf8(text, first);
    return at + 5;
}

/// The text of a JSON string; in `scratch` where there are escapes.
std::string_view unescaped(std::string_view raw, std::string& scratch)
{
    std::size_t slash = raw.find('\\');
    if (slash == std::string_view::npos) return raw;
    scratch.clear();
    std::size_t at = 0;
    while (slash < raw.size()) {
        scratch.append(raw, at, slash - at);
        if (slash + 1 >= raw.size()) return scratch;
        at = appendEscape(scratch, raw, slash + 1);
        if (at >= raw.size()) return scratch;
        slash = std::min(raw.find('\\', at), raw.size());
    }
    return scratch.append(raw, at, raw.size() - at);
}

/// True if the string that ends before `at` is a key.
bool isKey(std::string_view json, std::size_t at)
{
    const std::size_t next = json.find_first_not_of(" \t", at);
    return next != std::string_view::npos && json[next] == ':';
}

}  // namespace

bool visitRawTexts(std::string_view json, RowKind kind, const TextVisitor& visit)
{
    static thread_local std::string keyScratch;
    static thread_local std::string scratch;
    int depth = 0;
    bool isInText = false;   // below a column that holds texts
    bool isContent = false;  // the last key was "content"
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char byte = json[at];
        if (byte == '{' || byte == '[') ++depth;
        if (byte == '}' || byte == ']') --depth;
        if (byte != '"') continue;
        const std::size_t end = endOfString(json, at + 1);
        const auto raw = json.substr(at + 1, end - at - 1);
        at = end;
        if (isKey(json, end + 1)) {
            const auto key = unescaped(raw, keyScratch);
            if (depth == 1) isInText = isTextKey(key, kind);
            isContent = key == "content";
        } else if (isInText && (depth == 1 || (depth == 3 && isContent)) && visit(unescaped(raw, scratch))) {
            return true;
        }
    }
    return false;
}

}  // namespace preflab
