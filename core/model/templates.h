// SPDX-License-Identifier: GPL-3.0-or-later
// Built-in renderings of conversations, until chat templates are read from models.
#pragma once

#include "core/base/message.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace preflab {

/// How message lists become text; the run says which one was used.
enum class Rendering {
    ChatMl,      ///< "<|im_start|>role\ncontent<|im_end|>\n"
    Transcript,  ///< "\n\nHuman: …\n\nAssistant: …", as Anthropic's HH-RLHF writes it
};

/// "chatml", "transcript".
std::string_view renderingId(Rendering rendering);

/// Text of whole turns.
std::string renderMessages(const Messages& messages, Rendering rendering);
/// What stands before an assistant's answer: "<|im_start|>assistant\n" or "\n\nAssistant:".
std::string generationPrompt(Rendering rendering);

/// Whether a model folder brings a template of its own: chat_template.jinja, or the key in tokenizer_config.json. A file
/// that cannot be read holds none.
bool hasChatTemplate(const std::filesystem::path& folder);

}  // namespace preflab
