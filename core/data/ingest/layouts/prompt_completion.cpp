// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / completion for SFT, both as texts or both as message lists.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    // With a truth value "label" it is unpaired feedback, half of it answers not to be learned.
    if (const auto label = row.find("label"); label && label->kind() == RecordValue::Kind::Boolean) return false;
    const bool areTexts = hasText(row, mapping.prompt) && hasText(row, mapping.completion);
    const bool areMessages = hasMessages(row, mapping.prompt) && hasMessages(row, mapping.completion);
    return areTexts || areMessages;
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 2, &fits,
                        columnsOf(wished, {"prompt", "completion"}) + " hold texts or messages");
}

tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    Row row;
    row.kind = RowKind::PromptCompletion;
    if (hasMessages(record, mapping.prompt)) {
        TRY(row.prompt, messagesColumn(record, mapping.prompt));
        TRY(row.chosen, messagesColumn(record, mapping.completion));
    } else {
        TRY(row.prompt, textColumn(record, mapping.prompt));
        TRY(row.chosen, textColumn(record, mapping.completion));
    }
    return row;
}

}  // namespace

extern const Layout layout_prompt_completion;
const Layout layout_prompt_completion{
    .id = "prompt-completion",
    .title = "prompt, completion (texts or message lists)",
    .columns = "prompt and completion",
    .example = R"({"prompt": "What is 2 + 2?", "completion": " 4."})",
    .roles = {"prompt", "completion"},
    .kind = RowKind::PromptCompletion,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
