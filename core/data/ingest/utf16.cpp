// SPDX-License-Identifier: GPL-3.0-or-later
// Units in the order of the mark, or of the first letters; a pair of surrogates is one character. What is no character is
// written as bytes that are no UTF-8 either, so that the row it stands in is left out by name instead of changed.
#include "core/data/ingest/utf16.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20;
/// No byte of UTF-8.
constexpr char kHalfUnit = '\xFF';
constexpr std::string_view kLittleEndian = "\xFF\xFE";
constexpr std::string_view kBigEndian = "\xFE\xFF";
constexpr std::size_t kJudgedBytes = 4;

bool isHighSurrogate(std::uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

bool isLowSurrogate(std::uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

void appendUtf8(std::string& text, std::uint32_t code)
{
    const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
    const auto addRest = [&add, code](int shift) { add(0x80 | (code >> shift & 0x3F)); };
    if (code < 0x80) return add(code);
    if (code < 0x800) {
        add(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        add(0xE0 | code >> 12);
        addRest(6);
    } else {
        add(0xF0 | code >> 18);
        addRest(12);
        addRest(6);
    }
    addRest(0);
}

/// Units that come in pieces, as UTF-8; a surrogate without its partner in three bytes, as UTF-8 would have it if it were
/// a character.
class Utf8Text {
public:
    void add(std::uint32_t unit)
    {
        if (m_high != 0 && isLowSurrogate(unit)) {
            appendUtf8(m_text, 0x10000 + ((m_high - 0xD800) << 10) + (unit - 0xDC00));
            m_high = 0;
            return;
        }
        finish();
        if (isHighSurrogate(unit))
            m_high = unit;
        else
            appendUtf8(m_text, unit);
    }
    /// A high surrogate that waits for its partner waits no more.
    void finish()
    {
        if (m_high != 0) appendUtf8(m_text, m_high);
        m_high = 0;
    }
    /// Half a unit, which only the end of a file can hold.
    void addHalf()
    {
        finish();
        m_text += kHalfUnit;
    }
    std::string& text() { return m_text; }

private:
    std::string m_text;
    std::uint32_t m_high = 0;  ///< 0: none
};

enum class ByteOrder { LittleEndian, BigEndian };

/// The order of a file's bytes by its beginning, and how long its mark is.
struct Encoding {
    ByteOrder order = ByteOrder::LittleEndian;
    std::size_t markBytes = 0;
};

std::optional<Encoding> encodingOf(std::string_view head)
{
    if (head.starts_with(kLittleEndian)) return Encoding{ByteOrder::LittleEndian, kLittleEndian.size()};
    if (head.starts_with(kBigEndian)) return Encoding{ByteOrder::BigEndian, kBigEndian.size()};
    if (head.size() < kJudgedBytes) return std::nullopt;
    const auto isAscii = [head](std::size_t zero, std::size_t letter) {
        return head[zero] == '\0' && head[letter] > '\0';
    };
    if (isAscii(1, 0) && isAscii(3, 2)) return Encoding{ByteOrder::LittleEndian, 0};
    if (isAscii(0, 1) && isAscii(2, 3)) return Encoding{ByteOrder::BigEndian, 0};
    return std::nullopt;
}

std::uint32_t unitOf(const std::byte* bytes, bool isLittleEndian)
{
    const auto first = std::to_integer<std::uint32_t>(bytes[0]);
    const auto second = std::to_integer<std::uint32_t>(bytes[1]);
    return isLittleEndian ? second << 8 | first : first << 8 | second;
}

}  // namespace

bool isUtf32(std::string_view head)
{
    constexpr std::size_t kUnitBytes = 4;
    constexpr std::string_view kLittleMark("\xFF\xFE\0\0", 4);
    constexpr std::string_view kBigMark("\0\0\xFE\xFF", 4);
    constexpr std::string_view kZeros("\0\0\0", 3);
    if (head.starts_with(kLittleMark) || head.starts_with(kBigMark)) return true;
    if (head.size() < 2 * kUnitBytes) return false;
    const auto first = head.substr(0, kUnitBytes);
    const auto second = head.substr(kUnitBytes, kUnitBytes);
    const auto isLittle = [kZeros](std::string_view unit) { return unit[0] > '\0' && unit.ends_with(kZeros); };
    const auto isBig = [kZeros](std::string_view unit) { return unit[3] > '\0' && unit.starts_with(kZeros); };
    return (isLittle(first) && isLittle(second)) || (isBig(first) && isBig(second));
}

bool isUtf16(std::string_view head)
{
    return encodingOf(head).has_value();
}

Result<> writeAsUtf8(const FileReader& source, RowWriter& target, const ProgressSink& progress, std::stop_token stop)
{
    std::string head(kJudgedBytes, '\0');
    TRY(const auto judged, source.readSome(0, std::as_writable_bytes(std::span(head))));
    const Encoding encoding = encodingOf(std::string_view(head).substr(0, judged)).value_or(Encoding());
    const bool isLittleEndian = encoding.order == ByteOrder::LittleEndian;
    Utf8Text utf8;
    std::vector<std::byte> buffer(kReadBytes);
    std::uint64_t offset = encoding.markBytes;
    while (true) {
        if (stop.stop_requested()) return fail(ErrorCode::Cancelled);
        TRY(const auto count, source.readSome(offset, buffer));
        for (std::size_t i = 0; i + 1 < count; i += 2) utf8.add(unitOf(&buffer[i], isLittleEndian));
        if (count % 2 == 1) utf8.addHalf();
        if (count == 0) utf8.finish();
        TRY_VOID(target.write(utf8.text()));
        utf8.text().clear();
        if (count == 0) return {};
        offset += count;
        if (progress) progress("Converting to UTF-8", offset, source.size());
    }
}

}  // namespace preflab
