// SPDX-License-Identifier: GPL-3.0-or-later
// One turn of a conversation.
#pragma once

#include <string>
#include <vector>

namespace preflab {

/// One turn: role is "system", "user", "assistant" or whatever the data says.
struct Message {
    std::string role;
    std::string content;  ///< where the data holds a list of parts, its text parts joined
    /// The message's other keys as one JSON object, nulls left out: {"name": ..., "tool_calls": [...]}, and "content"
    /// where it is a list of parts. Empty if there are none. Chat templates read it.
    std::string otherKeys = {};
    bool operator==(const Message&) const = default;
};

/// The turns of a conversation, oldest first.
using Messages = std::vector<Message>;

}  // namespace preflab
