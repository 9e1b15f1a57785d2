// SPDX-License-Identifier: GPL-3.0-or-later
// Texts are shown where they lie; only parts of a message are put together first.
#include "core/data/rows/raw_texts.h"

#include "core/data/rows/record.h"

#include <string>

namespace preflab {
namespace {

/// True if the visit ended.
bool visitMessage(const RecordValue& message, const TextVisitor& visit)
{
    const auto content = message.find("content");
    if (!content) return false;
    if (!content->isList()) return content->isText() && visit(content->text());
    std::string text;
    for (const RecordValue part : content->values())
        if (const auto said = part.find("text")) text += said->text();
    return visit(text);
}

bool visitColumn(const RecordValue& column, const TextVisitor& visit)
{
    if (column.isText()) return visit(column.text());
    for (const RecordValue message : column.values())
        if (visitMessage(message, visit)) return true;
    return false;
}

}  // namespace

bool visitRawTexts(std::string_view json, std::span<const std::string> columns, const TextVisitor& visit)
{
    bool isEnded = false;
    readRecord(json, [&](const RecordValue& record) {
        for (const std::string& name : columns) {
            const auto column = record.find(name);
            isEnded = isEnded || (column && visitColumn(*column, visit));
        }
    });
    return isEnded;
}

}  // namespace preflab
