// SPDX-License-Identifier: GPL-3.0-or-later
// Bad files made out of good ones, the same for the same seed on every machine.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace preflab::test {

/// Good files of one format and the words that mean something in it.
struct Corpus {
    std::vector<std::string> files;
    std::vector<std::string> words;
};

/// Changes a good file at one to eight places: bits, bytes, numbers, words, cuts, repetitions, parts of another file.
class Mutator {
public:
    /// `corpus` outlives the mutator and has a file and a word.
    Mutator(const Corpus& corpus, std::uint64_t seed) : m_corpus(corpus), m_random(seed) {}

    std::string next()
    {
        std::string text = m_corpus.files[below(m_corpus.files.size())];
        for (std::size_t i = 1 + below(8); i > 0; --i) change(text);
        return text;
    }

private:
    /// A number from 0 to `limit` - 1; std::uniform_int_distribution differs between libraries.
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(m_random() % limit); }

    /// A range of `text`, mostly short.
    std::pair<std::size_t, std::size_t> range(const std::string& text)
    {
        const std::size_t begin = below(text.size() + 1);
        const std::size_t longest = below(4) == 0 ? text.size() : 16;
        return {begin, std::min(text.size() - begin, below(longest + 1))};
    }

    /// A number near a limit, as its low bytes.
    std::string number()
    {
        static constexpr std::array<std::uint64_t, 10> kLimits{
            0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff};
        const std::uint64_t value = kLimits[below(kLimits.size())] - below(3) + 1;
        std::string bytes;
        const std::size_t count = std::size_t{1} << below(4);
        for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
        return bytes;
    }

    void overwrite(std::string& text, const std::string& with)
    {
        const std::size_t at = below(text.size() + 1);
        text.replace(at, with.size(), with);
    }

    void change(std::string& text)
    {
        const auto [begin, count] = range(text);
        const std::string& word = m_corpus.words[below(m_corpus.words.size())];
        switch (below(10)) {
        case 0:
            if (begin < text.size()) text[begin] = static_cast<char>(text[begin] ^ (1 << below(8)));
            return;
        case 1:
            if (begin < text.size()) text[begin] = static_cast<char>(below(256));
            return;
        case 2:
            return overwrite(text, number());
        case 3:
            return overwrite(text, word);
        case 4:
            text.insert(begin, word);
            return;
        case 5:
            text.erase(begin, count);
            return;
        case 6:
            text.insert(below(text.size() + 1), text.substr(begin, count));
            return;
        case 7:
            text.insert(begin, std::string(below(64), static_cast<char>(below(256))));
            return;
        case 8:
            if (below(4) == 0) text.resize(begin);
            return;
        default: {
            const std::string& other = m_corpus.files[below(m_corpus.files.size())];
            const auto [from, length] = range(other);
            text.insert(begin, other, from, length);
        }
        }
    }

    const Corpus& m_corpus;
    std::mt19937_64 m_random;
};

}  // namespace preflab::test
