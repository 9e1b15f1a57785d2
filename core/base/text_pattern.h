// SPDX-License-Identifier: GPL-3.0-or-later
// Searching in UTF-8 text, by words or by a regular expression.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Bytes begin .. end-1 of a text.
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
    bool operator==(const TextRange&) const = default;
};

/// What a pattern's text means.
enum class PatternKind {
    Literal,          ///< the text itself, letters of either case
    Expression,       ///< a regular expression in Perl's syntax, letters of either case
    ExactExpression,  ///< a regular expression that tells upper from lower case
};

/// A compiled pattern. Immutable; safe to use from several threads.
class TextPattern {
public:
    /// PatternInvalid with place and reason. An empty pattern is invalid.
    static Result<TextPattern> compile(std::string_view pattern, PatternKind kind);
    TextPattern(TextPattern&&) noexcept;
    TextPattern& operator=(TextPattern&&) noexcept;
    ~TextPattern();

    /// The first match at or after byte `from`; nothing when there is none, or when an expression would take
    /// unreasonably long. Bytes that are no UTF-8 match nothing.
    std::optional<TextRange> find(std::string_view text, std::size_t from = 0) const;
    /// Up to `limit` matches from left to right that do not overlap; empty ones are left out.
    std::vector<TextRange> findAll(std::string_view text, std::size_t limit) const;

private:
    struct Compiled;
    explicit TextPattern(std::unique_ptr<const Compiled> compiled);
    std::unique_ptr<const Compiled> m_compiled;
};

}  // namespace preflab
