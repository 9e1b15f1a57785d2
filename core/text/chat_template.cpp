// SPDX-License-Identifier: GPL-3.0-or-later
// Finding templates.
#include "core/text/chat_template.h"

#include "core/base/json.h"

#include <algorithm>
#include <system_error>

namespace preflab {
namespace {

constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{64} << 20;

}  // namespace

const ChatTemplate* findChatTemplate(std::string_view id)
{
    const auto all = chatTemplates();
    const auto found = std::ranges::find_if(all, [id](const ChatTemplate* known) { return known->id == id; });
    return found == all.end() ? nullptr : *found;
}

const ChatTemplate& defaultChatTemplate()
{
    static const ChatTemplate& chatMl = *findChatTemplate("chatml");
    return chatMl;
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
