// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / chosen / rejected as message lists: chosen and rejected hold only the reply.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    return hasMessages(row, mapping.prompt) && hasMessages(row, mapping.chosen) && hasMessages(row, mapping.rejected);
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 4, &fits,
                        columnsOf(wished, {"prompt", "chosen", "rejected"}) + " hold messages");
}

/// True if both sides begin with what the user says (or the system), so that they hold the whole conversation.
bool holdWholeConversations(const Row& row)
{
    const auto& chosen = std::get<Messages>(row.chosen);
    const auto& rejected = std::get<Messages>(row.rejected);
    return !chosen.empty() && !rejected.empty() && chosen.front().role != "assistant" &&
           rejected.front().role != "assistant";
}

tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    Row row;
    TRY(row.prompt, messagesColumn(record, mapping.prompt));
    TRY(row.chosen, messagesColumn(record, mapping.chosen));
    TRY(row.rejected, messagesColumn(record, mapping.rejected));
    // With an empty list the user's turn would count as part of the answers.
    if (std::get<Messages>(row.prompt).empty() && holdWholeConversations(row)) row.prompt = {};
    return row;
}

}  // namespace

extern const Layout layout_preference_messages;
const Layout layout_preference_messages{
    .id = "preference-messages",
    .title = "prompt, chosen, rejected (message lists)",
    .columns = "prompt, chosen and rejected",
    .example = R"({"prompt": [{"role": "user", "content": "What is 2 + 2?"}], )"
               R"("chosen": [{"role": "assistant", "content": "4."}], )"
               R"("rejected": [{"role": "assistant", "content": "5."}]})",
    .roles = {"prompt", "chosen", "rejected"},
    .kind = RowKind::Preference,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
