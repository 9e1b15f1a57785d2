// SPDX-License-Identifier: GPL-3.0-or-later
// JSON as a sequence of tokens, for files whose rules are stricter than JSON's and for the tree that parseJson builds.
#pragma once

#include "core/base/json.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Base of handlers: a callback of nlohmann's json_sax returns true to go on or `stop("why")`. A number comes as
/// number_unsigned exactly if its text is 0 or digits without a leading zero, below 2^64.
class JsonTokenHandler : public nlohmann::json_sax<Json> {
public:
    bool binary(binary_t&) override { return stop("binary value"); }
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override;
    /// Why the handler or the grammar stopped.
    std::string takeReason() { return std::move(m_reason); }

protected:
    /// Ends the reading; the first reason counts.
    bool stop(std::string reason);

private:
    std::string m_reason;
};

/// Holds parseJson's rules, whatever is made of the tokens: a depth of at most `maxDepth`, unique keys at every level. A
/// derived handler calls the functions that it overrides.
class JsonRules : public JsonTokenHandler {
public:
    explicit JsonRules(int maxDepth) : m_maxDepth(maxDepth) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool key(string_t& name) override;
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

private:
    /// The keys of an object so far.
    struct Keys {
        std::vector<std::string> few;  ///< looked through one by one
        std::set<std::string> many;    ///< once there are many; a tree, as hashes can be made to collide
    };
    bool open();
    bool close();

    int m_maxDepth;
    std::vector<Keys> m_levels;
};

/// What parseJson says is wrong with a text, found without building a tree; nothing if it is right. Never throws.
std::optional<JsonFault> jsonFault(std::string_view text, int maxDepth = 128);

/// Feeds one JSON text to a handler, iteratively; no NUL bytes, no byte order mark, UTF-8 only. Nothing if all went
/// well; never throws.
std::optional<JsonFault> readJsonTokens(std::string_view text, JsonTokenHandler& handler);

}  // namespace preflab
