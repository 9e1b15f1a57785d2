// SPDX-License-Identifier: GPL-3.0-or-later
// chosen / rejected as whole conversations that begin with the same messages.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    if (hasColumn(row, "prompt") || hasPromptByAnotherName(row)) return 0;
    return hasMessages(row, "chosen") && hasMessages(row, "rejected") ? 3 : 0;
}

tl::expected<Row, std::string> read(const RecordValue& record)
{
    if (hasColumn(record, "prompt"))
        return tl::unexpected(std::string("\"prompt\" is there, unlike in the first rows"));
    Row row;
    TRY(row.chosen, messagesColumn(record, "chosen"));
    TRY(row.rejected, messagesColumn(record, "rejected"));
    return row;
}

}  // namespace

extern const FormatInfo format_implicit_messages;
const FormatInfo format_implicit_messages{
    .id = "implicit-messages",
    .title = "chosen, rejected (whole conversations)",
    .columns = "chosen and rejected that both begin with the prompt",
    .example = R"({"chosen": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "4."}], )"
               R"("rejected": [{"role": "user", "content": "What is 2 + 2?"}, )"
               R"({"role": "assistant", "content": "5."}]})",
    .kind = RowKind::Preference,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
