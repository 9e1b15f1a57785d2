// SPDX-License-Identifier: GPL-3.0-or-later
// prompt as a text beside chosen / rejected as message lists, as UltraFeedback's binarized files have it.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

#include <utility>

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    return hasText(row, "prompt") && hasMessages(row, "chosen") && hasMessages(row, "rejected") ? 4 : 0;
}

bool startsWithAnswer(const Messages& messages)
{
    return !messages.empty() && messages.front().role == "assistant";
}

/// Lists that hold the whole conversation repeat the prompt, so the text is dropped and the prompt found again in
/// them (TRL's maybe_extract_prompt). Lists of answers alone need the text, as what the user said.
tl::expected<Row, std::string> read(const RecordValue& record)
{
    TRY(auto prompt, textColumn(record, "prompt"));
    TRY(auto chosen, messagesColumn(record, "chosen"));
    TRY(auto rejected, messagesColumn(record, "rejected"));
    Row row;
    if (startsWithAnswer(chosen) && startsWithAnswer(rejected)) row.prompt = Messages{{"user", std::move(prompt)}};
    row.chosen = std::move(chosen);
    row.rejected = std::move(rejected);
    return row;
}

}  // namespace

extern const FormatInfo format_prompt_text_messages;
const FormatInfo format_prompt_text_messages{
    .id = "prompt-text-messages",
    .title = "prompt (text), chosen, rejected (message lists)",
    .columns = "prompt, chosen and rejected",
    .example = R"({"prompt": "What is 2 + 2?", )"
               R"("chosen": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "4."}], )"
               R"("rejected": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "5."}]})",
    .kind = RowKind::Preference,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
