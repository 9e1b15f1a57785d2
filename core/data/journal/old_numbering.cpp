// SPDX-License-Identifier: GPL-3.0-or-later
// A row was a line with an object that the file's layout could read; the layout was the one of seven that fitted the
// first hundred objects best.
#include "core/data/journal/old_numbering.h"

#include "core/base/file_reader.h"
#include "core/data/ingest/line_blocks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace preflab {
namespace {

constexpr std::size_t kProfiledObjects = 100;
constexpr std::size_t kMostMessages = 10'000;

/// What a column held.
enum class Held { Nothing, Text, Messages, Other };

Held heldIn(const RecordValue& row, std::string_view column)
{
    const auto found = row.find(column);
    if (!found || found->kind() == RecordValue::Kind::Null) return Held::Nothing;
    if (found->isText()) return Held::Text;
    if (!found->isList()) return Held::Other;
    for (const RecordValue first : found->values()) return first.find("role") ? Held::Messages : Held::Other;
    return Held::Messages;
}

bool isText(const RecordValue& row, std::string_view column)
{
    return heldIn(row, column) == Held::Text;
}

/// Unlike when a layout was chosen, all messages of a list were looked at.
bool areMessages(const RecordValue& row, std::string_view column)
{
    const auto found = row.find(column);
    if (!found || !found->isList() || found->values().size() > kMostMessages) return false;
    for (const RecordValue message : found->values())
        if (!isText(message, "role") || !isText(message, "content")) return false;
    return true;
}

bool hasPromptByAnotherName(const RecordValue& row)
{
    constexpr std::array<std::string_view, 6> kNames{"instruction", "input",   "question",
                                                     "query",       "context", "conversations"};
    return std::ranges::any_of(kNames, [&](std::string_view name) { return heldIn(row, name) != Held::Nothing; });
}

/// The layout of one row: what its prompt, its answer and its rejected answer held; Nothing where there was none.
struct OldLayout {
    Held prompt;
    std::string_view answer;
    Held answers;
    int weight;

    int fits(const RecordValue& row) const
    {
        if (heldIn(row, answer) != answers) return 0;
        if (answer == "chosen" && heldIn(row, "rejected") != answers) return 0;
        if (answer == "text") return weight;
        if (heldIn(row, "prompt") != prompt) return 0;
        return prompt == Held::Nothing && hasPromptByAnotherName(row) ? 0 : weight;
    }

    bool reads(const RecordValue& row) const
    {
        const auto has = [&row](std::string_view column, Held what) {
            return what == Held::Text ? isText(row, column) : areMessages(row, column);
        };
        if (!has(answer, answers) || (answer == "chosen" && !has("rejected", answers))) return false;
        if (answer == "text") return true;
        return prompt == Held::Nothing ? heldIn(row, "prompt") == Held::Nothing : has("prompt", prompt);
    }
};

/// In the order in which they were asked; of equals the first was taken.
constexpr std::array<OldLayout, 6> kLayouts{{{Held::Nothing, "chosen", Held::Messages, 3},
                                             {Held::Nothing, "chosen", Held::Text, 3},
                                             {Held::Messages, "chosen", Held::Messages, 4},
                                             {Held::Text, "chosen", Held::Text, 4},
                                             {Held::Text, "chosen", Held::Messages, 4},
                                             {Held::Nothing, "text", Held::Text, 1}}};

/// The seventh stood before the last two of them: prompt and completion, each row with texts or with messages.
int fitsCompletion(const RecordValue& row)
{
    const auto label = row.find("label");
    if (label && label->kind() == RecordValue::Kind::Boolean) return 0;
    const Held prompt = heldIn(row, "prompt");
    const bool isKnown = prompt == Held::Text || prompt == Held::Messages;
    return isKnown && heldIn(row, "completion") == prompt ? 2 : 0;
}

bool readsCompletion(const RecordValue& row)
{
    if (heldIn(row, "prompt") == Held::Messages) return areMessages(row, "prompt") && areMessages(row, "completion");
    return isText(row, "prompt") && isText(row, "completion");
}

/// A layout as it was asked.
struct OldReader {
    std::function<int(const RecordValue& row)> fits;
    std::function<bool(const RecordValue& row)> reads;
    int total = 0;  ///< of `fits` over the first objects
};

std::vector<OldReader> oldReaders()
{
    std::vector<OldReader> readers;
    for (const OldLayout& layout : kLayouts) {
        if (&layout == &kLayouts[4]) readers.push_back({fitsCompletion, readsCompletion});
        readers.push_back({[&layout](const RecordValue& row) { return layout.fits(row); },
                           [&layout](const RecordValue& row) { return layout.reads(row); }});
    }
    return readers;
}

/// Calls `visit` with each object of a block until it says false.
void visitObjects(const LineBlock& block, const std::function<bool(const RecordValue& object)>& visit)
{
    std::string_view rest = block.text;
    if (block.offset == 0 && rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    bool isGoingOn = true;
    while (!rest.empty() && isGoingOn) {
        const auto lineEnd = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const auto text = withoutLineEnd(rest.substr(0, lineEnd));
        rest.remove_prefix(lineEnd);
        if (isBlank(text) || text.size() > kMaxRecordBytes) continue;
        readRecord(text, [&](const RecordValue& record) { isGoingOn = !record.isObject() || visit(record); });
    }
}

/// The reader that fits the first objects of a block best; nothing if there are none.
std::optional<OldReader> readerFor(const LineBlock& block)
{
    auto readers = oldReaders();
    std::size_t objects = 0;
    visitObjects(block, [&](const RecordValue& object) {
        for (OldReader& reader : readers) reader.total += reader.fits(object);
        return ++objects < kProfiledObjects;
    });
    if (objects == 0) return std::nullopt;
    const auto isLess = [](const OldReader& a, const OldReader& b) { return a.total < b.total; };
    const auto best = std::max_element(readers.begin(), readers.end(), isLess);
    if (best->total > 0) return *best;
    return OldReader{{}, [](const RecordValue&) { return false; }};
}

}  // namespace

Result<> visitOldRows(const std::filesystem::path& rowFile,
                      const std::function<void(std::uint32_t row, const RecordValue& record)>& visit)
{
    TRY(const FileReader file, FileReader::open(rowFile));
    LineBlocks blocks(file);
    std::optional<OldReader> reader;
    std::uint32_t number = 0;
    while (true) {
        TRY(const auto block, blocks.next());
        if (!block) break;
        if (!reader) reader = readerFor(*block);
        if (!reader) continue;
        visitObjects(*block, [&](const RecordValue& object) {
            if (reader->reads(object)) visit(number++, object);
            return true;
        });
    }
    return file.checkUnchanged();
}

}  // namespace preflab
