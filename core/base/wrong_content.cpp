// SPDX-License-Identifier: GPL-3.0-or-later
// Each kind is told by what it must begin with, so that no real data or weights are mistaken for it.
#include "core/base/wrong_content.h"

#include "core/base/excerpt.h"
#include "core/base/json.h"
#include "core/base/system.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>

namespace preflab {
namespace {

constexpr std::size_t kHeadBytes = 4096;
/// Pointers and error answers are small; the specification limits a pointer to less than this.
constexpr std::uint64_t kMaxAnswerBytes = 1024;
constexpr std::string_view kLfsPointer = "version https://git-lfs.github.com/spec/";
constexpr std::string_view kAgain = "download the file itself again";

bool startsWithIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    return text.size() >= lowerCase.size() &&
           std::equal(lowerCase.begin(), lowerCase.end(), text.begin(),
                      [](char expected, char c) { return std::tolower(static_cast<unsigned char>(c)) == expected; });
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const auto begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

/// The number behind the line "size ", if there is one.
std::optional<std::uint64_t> pointedBytes(std::string_view pointer)
{
    constexpr std::string_view kSize = "\nsize ";
    const auto at = pointer.find(kSize);
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = pointer.substr(at + kSize.size());
    std::uint64_t bytes = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), bytes).ec != std::errc()) return std::nullopt;
    return bytes;
}

WrongContent lfsPointer(std::string_view head, std::uint64_t fileBytes)
{
    const auto bytes = pointedBytes(head);
    const auto real = bytes ? "has " + countText(*bytes) + " bytes, " + byteText(*bytes) + "," : std::string();
    return {"a Git LFS pointer of " + countText(fileBytes) + " bytes (the real file " + real + (bytes ? " and " : "") +
                "was not downloaded)",
            "run \"git lfs pull\" in its folder, or download the file itself"};
}

WrongContent webPage(std::string_view page)
{
    constexpr std::string_view kTitle = "<title>";
    const auto title = std::search(page.begin(), page.end(), kTitle.begin(), kTitle.end(), [](char c, char expected) {
        return std::tolower(static_cast<unsigned char>(c)) == expected;
    });
    std::string found = "a web page (a sign-in page, perhaps)";
    if (title != page.end()) {
        auto words = page.substr(static_cast<std::size_t>(title - page.begin()) + kTitle.size());
        words = trimmed(words.substr(0, words.find('<')));
        if (!words.empty()) found = "a web page titled \"" + excerptOf(words) + "\"";
    }
    return {std::move(found), std::string(kAgain) + ", signed in where that is needed"};
}

/// The message of {"error": "Entry not found"} and its like; nothing for an object that has other keys than answers of
/// servers have.
std::optional<std::string> errorMessage(std::string_view text)
{
    constexpr std::array<std::string_view, 10> kKeys{"error",      "message", "detail", "status", "statusCode",
                                                     "error_code", "code",    "path",   "type",   "request_id"};
    const auto json = parseJson(text);
    if (!json || !json->is_object() || !(json->contains("error") || json->contains("detail"))) return std::nullopt;
    for (const auto& [key, value] : json->items()) {
        if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) return std::nullopt;
    }
    const auto& error = json->contains("error") ? json->at("error") : json->at("detail");
    if (error.is_object() && error.contains("message") && error["message"].is_string())
        return error["message"].get<std::string>();
    return error.is_string() ? error.get<std::string>() : std::string(text);
}

/// What servers answer instead of a file, in words.
std::optional<std::string> serverAnswer(std::string_view text)
{
    constexpr std::array<std::string_view, 5> kAnswers{"Entry not found", "Not Found", "404: Not Found",
                                                       "Invalid username or password.", "Access denied"};
    if (std::find(kAnswers.begin(), kAnswers.end(), text) != kAnswers.end()) return std::string(text);
    return text.starts_with('{') ? errorMessage(text) : std::nullopt;
}

/// A Parquet file begins and ends with its magic; encrypted ones with another.
Result<bool> isParquetCutShort(const FileReader& file, std::string_view head)
{
    constexpr std::size_t kMagicBytes = 4;
    constexpr std::uint64_t kLeastBytes = 12;
    const auto magic = head.substr(0, kMagicBytes);
    if (magic != "PAR1" && magic != "PARE") return false;
    if (file.size() < kLeastBytes) return true;
    std::string tail(kMagicBytes, '\0');
    TRY_VOID(file.read(file.size() - kMagicBytes, std::as_writable_bytes(std::span(tail))));
    return tail != magic;
}

}  // namespace

std::optional<WrongContent> wrongContent(std::string_view head, std::uint64_t fileBytes)
{
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
    if (head.starts_with(kLfsPointer) && fileBytes <= kMaxAnswerBytes) return lfsPointer(head, fileBytes);
    const auto text = trimmed(head);
    if (startsWithIgnoringCase(text, "<!doctype html") || startsWithIgnoringCase(text, "<html")) return webPage(text);
    if (text.starts_with("<?xml"))
        return WrongContent{"an XML document (a server's error message, perhaps)", std::string(kAgain)};
    if (fileBytes > kMaxAnswerBytes || head.size() < fileBytes - std::min<std::uint64_t>(fileBytes, 3)) return {};
    if (const auto answer = serverAnswer(text))
        return WrongContent{"a server's error message, \"" + excerptOf(*answer) + "\"",
                            "check the address and that you may read it, then download the file again"};
    return {};
}

Result<> checkContent(const FileReader& file)
{
    std::string head(kHeadBytes, '\0');
    TRY(const auto count, file.readSome(0, std::as_writable_bytes(std::span(head))));
    head.resize(count);
    auto wrong = wrongContent(head, file.size());
    if (!wrong) {
        TRY(const bool isCutShort, isParquetCutShort(file, head));
        if (isCutShort)
            wrong = WrongContent{"an incomplete Parquet file, cut short at " + countText(file.size()) + " bytes",
                                 std::string(kAgain)};
    }
    if (!wrong) return {};
    return fail(ErrorCode::NotTheContent,
                {{"path", file.path().string()}, {"found", wrong->found}, {"remedy", wrong->remedy}});
}

}  // namespace preflab
