// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / chosen / rejected as texts: chosen and rejected hold only the answer.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    return hasText(row, "prompt") && hasText(row, "chosen") && hasText(row, "rejected") ? 4 : 0;
}

tl::expected<Row, std::string> read(const RecordValue& record)
{
    Row row;
    TRY(row.prompt, textColumn(record, "prompt"));
    TRY(row.chosen, textColumn(record, "chosen"));
    TRY(row.rejected, textColumn(record, "rejected"));
    return row;
}

}  // namespace

extern const FormatInfo format_preference_strings;
const FormatInfo format_preference_strings{
    .id = "preference-strings",
    .title = "prompt, chosen, rejected (texts)",
    .columns = "prompt, chosen and rejected",
    .example = R"({"prompt": "What is 2 + 2?", "chosen": " 4.", "rejected": " 5."})",
    .kind = RowKind::Preference,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
