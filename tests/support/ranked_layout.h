// SPDX-License-Identifier: GPL-3.0-or-later
// A layout whose records give several rows: {"prompt": "q", "answers": [{"text": "a", "rank": 2}, ...]}, the answer of
// the lowest rank against each other one. It stands for real ones that are to come.
#pragma once

#include "core/data/ingest/layout_fields.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace preflab::test {

inline bool isRanked(const RecordValue& row, const ColumnMapping& mapping)
{
    const auto answers = row.find("answers");
    return hasText(row, mapping.prompt) && answers && answers->isList();
}

inline Recognition recogniseRanked(std::span<const RecordValue> sample, const ColumnMapping& wished)
{
    return recognisedBy(sample, wished, 5, &isRanked, wished.prompt + " holds a text beside ranked answers");
}

/// The best answer first, then the others from worst to second: so that parts and the order of rows differ.
inline tl::expected<void, std::string> readRanked(const RecordValue& record, const ColumnMapping& mapping,
                                                  RecordRows& into)
{
    struct Answer {
        std::string text;
        std::int64_t rank = 0;
        std::uint32_t number = 0;
    };
    if (!isRanked(record, mapping)) return tl::unexpected(std::string("no ranked answers"));
    std::vector<Answer> answers;
    for (const RecordValue answer : record.find("answers")->values())
        answers.push_back({std::string(answer.find("text")->text()), answer.find("rank")->integer(),
                           static_cast<std::uint32_t>(answers.size())});
    std::ranges::sort(answers, std::greater(), &Answer::rank);
    for (std::size_t i = 0; i + 1 < answers.size(); ++i) {
        Row row;
        TRY(row.prompt, textColumn(record, mapping.prompt));
        row.chosen = answers.back().text;
        row.rejected = answers[i].text;
        into.push_back({std::move(row), answers[i].number});
    }
    return {};
}

inline const Layout kRankedLayout{
    .id = "ranked",
    .title = "prompt, answers",
    .columns = "prompt and answers",
    .example = R"({"prompt": "q", "answers": [{"text": "a", "rank": 1}, {"text": "b", "rank": 2}]})",
    .roles = {"prompt"},
    .kind = RowKind::Preference,
    .isColumnar = false,
    .recognise = &recogniseRanked,
    .read = &readRanked,
};

/// The ranked layout alone, for DatasetOptions.
inline std::span<const Layout* const> rankedLayouts()
{
    static constexpr const Layout* kLayouts[] = {&kRankedLayout};
    return kLayouts;
}

}  // namespace preflab::test
