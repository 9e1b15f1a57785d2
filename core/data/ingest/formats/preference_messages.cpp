// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / chosen / rejected as message lists: chosen and rejected hold only the reply.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const Json& row)
{
    return hasMessages(row, "prompt") && hasMessages(row, "chosen") && hasMessages(row, "rejected") ? 4 : 0;
}

tl::expected<Row, std::string> read(const Json& json)
{
    Row row;
    TRY(row.prompt, messagesColumn(json, "prompt"));
    TRY(row.chosen, messagesColumn(json, "chosen"));
    TRY(row.rejected, messagesColumn(json, "rejected"));
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
