// SPDX-License-Identifier: GPL-3.0-or-later
// chosen / rejected as texts that both begin with the prompt; Anthropic HH-RLHF is of this layout.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"

namespace preflab {
namespace {

bool fits(const RecordValue& row, const ColumnMapping& mapping)
{
    if (hasPrompt(row, mapping)) return false;
    return hasText(row, mapping.chosen) && hasText(row, mapping.rejected);
}

Recognition recognise(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 3, &fits,
                        columnsOf(wished, {"chosen", "rejected"}) + " hold texts, without a prompt beside them,");
}

tl::expected<Row, std::string> readRow(const RecordValue& record, const ColumnMapping& mapping)
{
    if (hasColumn(record, mapping.prompt))
        return tl::unexpected("\"" + mapping.prompt + "\" is there, unlike in the first rows");
    Row row;
    TRY(row.chosen, textColumn(record, mapping.chosen));
    TRY(row.rejected, textColumn(record, mapping.rejected));
    return row;
}

}  // namespace

extern const Layout layout_implicit_strings;
const Layout layout_implicit_strings{
    .id = "implicit-strings",
    .title = "chosen, rejected (texts that begin with the prompt)",
    .columns = "chosen and rejected that both begin with the prompt",
    .example = R"({"chosen": "\n\nHuman: What is 2 + 2?\n\nAssistant: 4.", )"
               R"("rejected": "\n\nHuman: What is 2 + 2?\n\nAssistant: 5."})",
    .roles = {"chosen", "rejected"},
    .kind = RowKind::Preference,
    .recognise = &recognise,
    .read = &readOneRow<&readRow>,
};

}  // namespace preflab
