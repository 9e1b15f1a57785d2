// SPDX-License-Identifier: GPL-3.0-or-later
// Plain texts for SFT.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    return hasText(row, mapping.text);
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 1, &fits, wished.text + " holds a text");
}

tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    Row row;
    row.kind = RowKind::Text;
    TRY(row.chosen, textColumn(record, mapping.text));
    return row;
}

}  // namespace

extern const Layout layout_text;
const Layout layout_text{
    .id = "text",
    .title = "text",
    .columns = "text",
    .example = R"({"text": "Two and two is four."})",
    .roles = {"text"},
    .kind = RowKind::Text,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
