// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / chosen / rejected as message lists: chosen and rejected hold only the reply.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    return hasMessages(row, "prompt") && hasMessages(row, "chosen") && hasMessages(row, "rejected") ? 4 : 0;
}

/// True if both sides begin with what the user says (or the system), so that they hold the whole conversation.
bool holdWholeConversations(const Row& row)
{
    const auto& chosen = std::get<Messages>(row.chosen);
    const auto& rejected = std::get<Messages>(row.rejected);
    return !chosen.empty() && !rejected.empty() && chosen.front().role != "assistant" &&
           rejected.front().role != "assistant";
}

tl::expected<Row, std::string> read(const RecordValue& record)
{
    Row row;
    TRY(row.prompt, messagesColumn(record, "prompt"));
    TRY(row.chosen, messagesColumn(record, "chosen"));
    TRY(row.rejected, messagesColumn(record, "rejected"));
    // With an empty list the user's turn would count as part of the answers.
    if (std::get<Messages>(row.prompt).empty() && holdWholeConversations(row)) row.prompt = {};
    return row;
}

}  // namespace

extern const FormatInfo format_preference_messages;
const FormatInfo format_preference_messages{
    .id = "preference-messages",
    .title = "prompt, chosen, rejected (message lists)",
    .columns = "prompt, chosen and rejected",
    .example = R"({"prompt": [{"role": "user", "content": "What is 2 + 2?"}], )"
               R"("chosen": [{"role": "assistant", "content": "4."}], )"
               R"("rejected": [{"role": "assistant", "content": "5."}]})",
    .kind = RowKind::Preference,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
