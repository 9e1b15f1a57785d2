// SPDX-License-Identifier: GPL-3.0-or-later
// prompt as a text beside chosen / rejected as message lists, as UltraFeedback's binarized files have it.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

#include <utility>

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    return hasText(row, mapping.prompt) && hasMessages(row, mapping.chosen) && hasMessages(row, mapping.rejected);
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 4, &fits,
                        wished.prompt + " holds a text, and " + columnsOf(wished, {"chosen", "rejected"}) +
                            " hold messages,");
}

bool startsWithAnswer(const Messages& messages)
{
    return !messages.empty() && messages.front().role == "assistant";
}

/// Lists that hold the whole conversation repeat the prompt, so the text is dropped and the prompt found again in
/// them (TRL's maybe_extract_prompt). Lists of answers alone need the text, as what the user said.
tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    TRY(auto prompt, textColumn(record, mapping.prompt));
    TRY(auto chosen, messagesColumn(record, mapping.chosen));
    TRY(auto rejected, messagesColumn(record, mapping.rejected));
    Row row;
    if (startsWithAnswer(chosen) && startsWithAnswer(rejected)) row.prompt = Messages{{"user", std::move(prompt)}};
    row.chosen = std::move(chosen);
    row.rejected = std::move(rejected);
    return row;
}

}  // namespace

extern const Layout layout_prompt_text_messages;
const Layout layout_prompt_text_messages{
    .id = "prompt-text-messages",
    .title = "prompt (text), chosen, rejected (message lists)",
    .columns = "prompt, chosen and rejected",
    .example = R"({"prompt": "What is 2 + 2?", )"
               R"("chosen": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "4."}], )"
               R"("rejected": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "5."}]})",
    .roles = {"prompt", "chosen", "rejected"},
    .kind = RowKind::Preference,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
