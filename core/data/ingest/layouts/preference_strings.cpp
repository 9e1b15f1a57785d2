// SPDX-License-Identifier: GPL-3.0-or-later
// prompt / chosen / rejected as texts: chosen and rejected hold only the answer.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    return hasText(row, mapping.prompt) && hasText(row, mapping.chosen) && hasText(row, mapping.rejected);
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 4, &fits, columnsOf(wished, {"prompt", "chosen", "rejected"}) + " hold texts");
}

tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    Row row;
    TRY(row.prompt, textColumn(record, mapping.prompt));
    TRY(row.chosen, textColumn(record, mapping.chosen));
    TRY(row.rejected, textColumn(record, mapping.rejected));
    return row;
}

}  // namespace

extern const Layout layout_preference_strings;
const Layout layout_preference_strings{
    .id = "preference-strings",
    .title = "prompt, chosen, rejected (texts)",
    .columns = "prompt, chosen and rejected",
    .example = R"({"prompt": "What is 2 + 2?", "chosen": " 4.", "rejected": " 5."})",
    .roles = {"prompt", "chosen", "rejected"},
    .kind = RowKind::Preference,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
