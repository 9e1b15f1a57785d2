// SPDX-License-Identifier: GPL-3.0-or-later
// Ids back to text, one by one: each costs what it adds, however long the text has become.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace preflab {

/// Turns the ids of one growing sequence into text that is shown once and never taken back. The parts of all calls,
/// one after the other, are what Tokenizer::decode gives for the whole.
class TextDecoder {
public:
    virtual ~TextDecoder() = default;
    /// The text that is certain with this id; an unfinished character waits for the ids that finish it.
    virtual std::string add(std::int32_t id) = 0;
    /// What is left at the end: an unfinished character as U+FFFD for each of its bytes.
    virtual std::string finish() = 0;
};

/// Puts characters together from tokens that are single bytes. What is no UTF-8 becomes U+FFFD, byte by byte.
class CharacterAssembler {
public:
    /// Adds bytes; returns what they complete.
    std::string add(std::string_view bytes);
    /// The rest, which nothing will complete.
    std::string finish();

private:
    std::string m_waiting;  ///< the beginning of a character
};

}  // namespace preflab
