// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / completion for SFT, both as texts or both as message lists.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const Json& row)
{
    // With a truth value "label" it is unpaired feedback, half of it answers not to be learned.
    if (const auto label = row.find("label"); label != row.end() && label->is_boolean()) return 0;
    const bool areTexts = hasText(row, "prompt") && hasText(row, "completion");
    const bool areMessages = hasMessages(row, "prompt") && hasMessages(row, "completion");
    return areTexts || areMessages ? 2 : 0;
}

tl::expected<Row, std::string> read(const Json& json)
{
    Row row;
    row.kind = RowKind::PromptCompletion;
    if (hasMessages(json, "prompt")) {
        TRY(row.prompt, messagesColumn(json, "prompt"));
        TRY(row.chosen, messagesColumn(json, "completion"));
    } else {
        TRY(row.prompt, textColumn(json, "prompt"));
        TRY(row.chosen, textColumn(json, "completion"));
    }
    return row;
}

}  // namespace

extern const FormatInfo format_prompt_completion;
const FormatInfo format_prompt_completion{
    .id = "prompt-completion",
    .title = "prompt, completion (texts or message lists)",
    .columns = "prompt and completion",
    .example = R"({"prompt": "What is 2 + 2?", "completion": " 4."})",
    .kind = RowKind::PromptCompletion,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
