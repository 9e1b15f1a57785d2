// SPDX-License-Identifier: GPL-3.0-or-later
// ChatML: "<|im_start|>role\ncontent<|im_end|>\n".
#include "core/text/chat_template.h"

namespace preflab {
namespace {

RenderedChat render(const Messages& conversation, const RenderOptions& options)
{
    RenderedChat chat;
    for (const Message& message : conversation) {
        chat.text += "<|im_start|>" + message.role + "\n";
        const std::size_t begin = chat.text.size();
        chat.text += message.content + "<|im_end|>";
        if (message.role == "assistant") chat.assistantTurns.push_back({begin, chat.text.size()});
        chat.text += "\n";
    }
    if (options.addsGenerationPrompt) chat.text += "<|im_start|>assistant\n";
    return chat;
}

}  // namespace

extern const ChatTemplate chat_template_chatml;
const ChatTemplate chat_template_chatml{"chatml", "ChatML", &render};

}  // namespace preflab
