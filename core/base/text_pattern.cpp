// SPDX-License-Identifier: GPL-3.0-or-later
// PCRE2 with its compiler; one match block a thread.
#include "core/base/text_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace preflab {
namespace {

/// An expression that backtracks more than this (some tenths of a second) is given up on the text at hand.
constexpr std::uint32_t kMatchLimit = 1'000'000;

const PCRE2_UCHAR* bytesOf(std::string_view text)
{
    return reinterpret_cast<const PCRE2_UCHAR*>(text.data());
}

std::uint32_t optionsOf(PatternKind kind)
{
    const std::uint32_t common = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    switch (kind) {
    case PatternKind::Literal:
        return common | PCRE2_CASELESS | PCRE2_LITERAL;
    case PatternKind::Expression:
        return common | PCRE2_UCP | PCRE2_CASELESS;
    case PatternKind::ExactExpression:
        return common | PCRE2_UCP;
    }
    return common;
}

std::string messageOf(int code)
{
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

/// Holds the borders of one match, and the limits.
struct MatchBlock {
    MatchBlock() : data(pcre2_match_data_create(1, nullptr)), context(pcre2_match_context_create(nullptr))
    {
        if (data == nullptr || context == nullptr) throw std::bad_alloc();
        pcre2_set_match_limit(context, kMatchLimit);
    }
    ~MatchBlock()
    {
        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
    }
    MatchBlock(const MatchBlock&) = delete;
    MatchBlock& operator=(const MatchBlock&) = delete;

    pcre2_match_data* data;
    pcre2_match_context* context;
};

}  // namespace

struct TextPattern::Compiled {
    explicit Compiled(pcre2_code* made) : code(made) {}
    ~Compiled() { pcre2_code_free(code); }
    Compiled(const Compiled&) = delete;
    Compiled& operator=(const Compiled&) = delete;

    pcre2_code* code;
};

TextPattern::TextPattern(std::unique_ptr<const Compiled> compiled) : m_compiled(std::move(compiled)) {}
TextPattern::~TextPattern() = default;
TextPattern::TextPattern(TextPattern&&) noexcept = default;
TextPattern& TextPattern::operator=(TextPattern&&) noexcept = default;

Result<TextPattern> TextPattern::compile(std::string_view pattern, PatternKind kind)
{
    const auto invalid = [&](std::size_t at, std::string reason) {
        return fail(ErrorCode::PatternInvalid, {{"pattern", std::string(pattern)},
                                                {"where", "character " + std::to_string(at + 1)},
                                                {"reason", std::move(reason)}});
    };
    if (pattern.empty()) return invalid(0, "there is nothing to look for");
    int error = 0;
    PCRE2_SIZE at = 0;
    pcre2_code* code = pcre2_compile(bytesOf(pattern), pattern.size(), optionsOf(kind), &error, &at, nullptr);
    if (code == nullptr) return invalid(at, messageOf(error));
    // Without its compiler (on processors that it does not know) matching is slower, and the same.
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return TextPattern(std::make_unique<const Compiled>(code));
}

std::optional<TextRange> TextPattern::find(std::string_view text, std::size_t from) const
{
    static thread_local const MatchBlock block;
    if (from > text.size()) return std::nullopt;
    const int found = pcre2_match(m_compiled->code, bytesOf(text), text.size(), from, 0, block.data, block.context);
    // 0: there were groups as well, for which the block has no room.
    if (found < 0) return std::nullopt;
    const PCRE2_SIZE* borders = pcre2_get_ovector_pointer(block.data);
    return TextRange{borders[0], borders[1]};
}

std::vector<TextRange> TextPattern::findAll(std::string_view text, std::size_t limit) const
{
    std::vector<TextRange> found;
    std::size_t from = 0;
    while (found.size() < limit) {
        const auto match = find(text, from);
        if (!match) break;
        // \K in a look-behind can set the begin behind the end.
        if (match->begin < match->end) found.push_back(*match);
        from = std::max(match->end, from) + (match->begin < match->end ? 0 : 1);
    }
    return found;
}

}  // namespace preflab
