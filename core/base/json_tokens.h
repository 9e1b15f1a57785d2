// SPDX-License-Identifier: GPL-3.0-or-later
// JSON as a sequence of tokens, for files whose rules are stricter than JSON's and for the tree that parseJson builds.
#pragma once

#include "core/base/json.h"

#include <optional>
#include <string>
#include <string_view>

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

/// Feeds one JSON text to a handler, iteratively; no NUL bytes, no byte order mark, UTF-8 only. Nothing if all went
/// well; never throws.
std::optional<JsonFault> readJsonTokens(std::string_view text, JsonTokenHandler& handler);

}  // namespace preflab
