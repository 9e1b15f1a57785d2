// SPDX-License-Identifier: GPL-3.0-or-later
// Short texts on one line, and where the search hits them.
#include "ui/models/data/row_preview.h"

#include "core/data/rows/row_text.h"
#include "ui/models/app/error_text.h"

namespace preflab {
namespace {

constexpr qsizetype kShownCharacters = 200;
constexpr std::size_t kToolTipCharacters = 600;
constexpr std::size_t kMostHits = 20;

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Not between the halves of a character beyond the basic plane.
QString elided(const QString& text, qsizetype length)
{
    if (text.size() <= length) return text;
    const qsizetype end = text.at(length - 1).isHighSurrogate() ? length - 1 : length;
    return text.left(end) + QChar(0x2026);
}

QList<QPair<int, int>> hitsIn(const QString& text, const TextPattern& pattern)
{
    const QByteArray bytes = text.toUtf8();
    const std::string_view view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    QList<QPair<int, int>> hits;
    for (const TextRange& hit : pattern.findAll(view, kMostHits)) {
        const auto begin = static_cast<int>(fromUtf8(view.substr(0, hit.begin)).size());
        hits.append({begin, static_cast<int>(fromUtf8(view.substr(hit.begin, hit.size())).size())});
    }
    return hits;
}

}  // namespace

PreviewReader::PreviewReader(const RowSource& rows, const std::string& search) : m_rows(rows)
{
    if (search.empty()) return;
    // The view was built with it, so it compiles.
    if (auto compiled = RowSearch::compile(search)) m_search = *std::move(compiled);
}

RowPreview PreviewReader::read(std::uint32_t row) const
{
    const auto given = m_rows.row(row);
    if (!given) return {tr("This row cannot be read."), errorText(given.error()), {}};
    const Row shown = shownRow(*given);
    const auto turn =
        firstCharacters(lastTurn(shown.prompt.index() != 0 ? shown.prompt : shown.chosen), kToolTipCharacters);
    RowPreview preview;
    preview.toolTip = fromUtf8(turn);
    preview.text = elided(preview.toolTip.simplified(), kShownCharacters);
    if (m_search) preview.hits = hitsIn(preview.text, m_search->pattern());
    return preview;
}

}  // namespace preflab
