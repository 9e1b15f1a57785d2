// SPDX-License-Identifier: GPL-3.0-or-later
// One turn of a conversation.
#pragma once

#include <string>
#include <vector>

namespace preflab {

/// One turn: role is "system", "user", "assistant" or whatever the data says.
struct Message {
    std::string role;
    std::string content;
    bool operator==(const Message&) const = default;
};

/// The turns of a conversation, oldest first.
using Messages = std::vector<Message>;

}  // namespace preflab
