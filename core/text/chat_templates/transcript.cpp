// SPDX-License-Identifier: GPL-3.0-or-later
// The plain transcript of Anthropic's HH-RLHF: "\n\nHuman: …\n\nAssistant: …".
#include "core/text/chat_template.h"

namespace preflab {
namespace {

/// How HH-RLHF calls the speakers; it has no system turns, and other roles keep their name.
std::string speakerOf(const std::string& role)
{
    if (role == "user") return "Human";
    if (role == "assistant") return "Assistant";
    if (role == "system") return "System";
    return role;
}

RenderedChat render(const Messages& conversation, const RenderOptions& options)
{
    RenderedChat chat;
    for (const Message& message : conversation) {
        chat.text += "\n\n" + speakerOf(message.role) + ":";
        const std::size_t begin = chat.text.size();
        chat.text += " " + message.content;
        if (message.role == "assistant") chat.assistantTurns.push_back({begin, chat.text.size()});
    }
    if (options.addsGenerationPrompt) chat.text += "\n\nAssistant:";
    return chat;
}

}  // namespace

extern const ChatTemplate chat_template_transcript;
const ChatTemplate chat_template_transcript{"transcript", "a Human/Assistant transcript", &render};

}  // namespace preflab
