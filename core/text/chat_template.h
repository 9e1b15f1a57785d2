// SPDX-License-Identifier: GPL-3.0-or-later
// How a conversation becomes text. Adding a built-in template is one file in core/text/chat_templates that defines
// `chat_template_<stem>`.
#pragma once

#include "core/base/message.h"
#include "core/base/text_pattern.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace preflab {

/// Options of one rendering, as `apply_chat_template` has them.
struct RenderOptions {
    bool addsGenerationPrompt = false;  ///< ends with what opens an assistant's turn
};

/// A conversation as text.
struct RenderedChat {
    std::string text;
    /// Bytes of `text` that assistants wrote, with what ends their turns; in order, one for each of their messages.
    std::vector<TextRange> assistantTurns;
};

/// One way to write conversations.
struct ChatTemplate {
    std::string id;     ///< as `rendering` names it: "chatml"
    std::string title;  ///< for sentences: "ChatML"
    RenderedChat (*render)(const Messages& conversation, const RenderOptions& options) = nullptr;
};

/// All built-in templates, in order of their file names.
std::span<const ChatTemplate* const> chatTemplates();
/// The built-in template of that id, or nullptr.
const ChatTemplate* findChatTemplate(std::string_view id);
/// ChatML, which is used where nothing else is named.
const ChatTemplate& defaultChatTemplate();

/// Whether a model folder brings a template of its own: chat_template.jinja, or the key in tokenizer_config.json. A
/// file that cannot be read holds none.
bool hasChatTemplate(const std::filesystem::path& folder);

}  // namespace preflab
