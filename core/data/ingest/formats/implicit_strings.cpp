// SPDX-License-Identifier: GPL-3.0-or-later
// chosen / rejected as texts that both begin with the prompt; Anthropic HH-RLHF is of this layout.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    if (hasColumn(row, "prompt") || hasPromptByAnotherName(row)) return 0;
    return hasText(row, "chosen") && hasText(row, "rejected") ? 3 : 0;
}

tl::expected<Row, std::string> read(const RecordValue& record)
{
    if (hasColumn(record, "prompt"))
        return tl::unexpected(std::string("\"prompt\" is there, unlike in the first rows"));
    Row row;
    TRY(row.chosen, textColumn(record, "chosen"));
    TRY(row.rejected, textColumn(record, "rejected"));
    return row;
}

}  // namespace

extern const FormatInfo format_implicit_strings;
const FormatInfo format_implicit_strings{
    .id = "implicit-strings",
    .title = "chosen, rejected (texts that begin with the prompt)",
    .columns = "chosen and rejected that both begin with the prompt",
    .example = R"({"chosen": "\n\nHuman: What is 2 + 2?\n\nAssistant: 4.", )"
               R"("rejected": "\n\nHuman: What is 2 + 2?\n\nAssistant: 5."})",
    .kind = RowKind::Preference,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
