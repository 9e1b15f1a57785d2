// SPDX-License-Identifier: GPL-3.0-or-later
// Plain texts for SFT.
#include "core/data/ingest/format.h"
#include "core/data/ingest/format_fields.h"

namespace preflab {
namespace {

int fits(const RecordValue& row)
{
    return hasText(row, "text") ? 1 : 0;
}

tl::expected<Row, std::string> read(const RecordValue& record)
{
    Row row;
    row.kind = RowKind::Text;
    TRY(row.chosen, textColumn(record, "text"));
    return row;
}

}  // namespace

extern const FormatInfo format_text;
const FormatInfo format_text{
    .id = "text",
    .title = "text",
    .columns = "text",
    .example = R"({"text": "Two and two is four."})",
    .kind = RowKind::Text,
    .fits = fits,
    .read = read,
};

}  // namespace preflab
