// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / completion for SFT, both as texts or both as message lists.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    // With a truth value "label" it is unpaired feedback, half of it answers not to be learned.
    if (const auto label = row.find("label"); label && label->kind() == RecordValue::Kind::Boolean) return 0;
    const bool areTexts = hasText(row, "prompt") && hasText(row, "completion");
    const bool areMessages = hasMessages(row, "prompt") && hasMessages(row, "completion");
    return areTexts || areMessages ? 2 : 0;
}

tl::expected<Row, std::string> read(const RecordValue& record)
{
    Row row;
    row.kind = RowKind::PromptCompletion;
    if (hasMessages(record, "prompt")) {
        TRY(row.prompt, messagesColumn(record, "prompt"));
        TRY(row.chosen, messagesColumn(record, "completion"));
    } else {
        TRY(row.prompt, textColumn(record, "prompt"));
        TRY(row.chosen, textColumn(record, "completion"));
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
