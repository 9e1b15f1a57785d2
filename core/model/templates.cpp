// SPDX-License-Identifier: GPL-3.0-or-later
// ChatML and the plain transcript.
#include "core/model/templates.h"

#include "core/base/json.h"

#include <system_error>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{64} << 20;

/// How HH-RLHF calls the speakers; it has no system turns, and other roles keep their name.
std::string speakerOf(const std::string& role)
{
    if (role == "user") return "Human";
    if (role == "assistant") return "Assistant";
    if (role == "system") return "System";
    return role;
}

}  // namespace

std::string_view renderingId(Rendering rendering)
{
    return rendering == Rendering::ChatMl ? "chatml" : "transcript";
}

std::string renderMessages(const Messages& messages, Rendering rendering)
{
    std::string text;
    for (const Message& message : messages) {
        if (rendering == Rendering::ChatMl) {
            text += "<|im_start|>" + message.role + "\n" + message.content + "<|im_end|>\n";
        } else {
            text += "\n\n" + speakerOf(message.role) + ": " + message.content;
        }
    }
    return text;
}

std::string generationPrompt(Rendering rendering)
{
    return rendering == Rendering::ChatMl ? "<|im_start|>assistant\n" : "\n\nAssistant:";
}

bool hasChatTemplate(const std::filesystem::path& folder)
{
    std::error_code ignored;
    if (std::filesystem::is_regular_file(folder / "chat_template.jinja", ignored)) return true;
    const auto config = readJsonFile(folder / "tokenizer_config.json", kMaxConfigBytes);
    if (!config || !config->is_object()) return false;
    const auto found = config->find("chat_template");
    return found != config->end() && !found->is_null();
}

}  // namespace preflab
