// SPDX-License-Identifier: GPL-3.0-or-later
// chosen / rejected as whole conversations that begin with the same messages.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    if (hasPrompt(row, mapping)) return false;
    return hasMessages(row, mapping.chosen) && hasMessages(row, mapping.rejected);
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 3, &fits,
                        columnsOf(wished, {"chosen", "rejected"}) + " hold messages, without a prompt beside them,");
}

tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    if (hasColumn(record, mapping.prompt))
        return tl::unexpected("\"" + mapping.prompt + "\" is there, unlike in the first rows");
    Row row;
    TRY(row.chosen, messagesColumn(record, mapping.chosen));
    TRY(row.rejected, messagesColumn(record, mapping.rejected));
    return row;
}

}  // namespace

extern const Layout layout_implicit_messages;
const Layout layout_implicit_messages{
    .id = "implicit-messages",
    .title = "chosen, rejected (whole conversations)",
    .columns = "chosen and rejected that both begin with the prompt",
    .example = R"({"chosen": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "4."}], )"
               R"("rejected": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "5."}]})",
    .roles = {"chosen", "rejected"},
    .kind = RowKind::Preference,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
