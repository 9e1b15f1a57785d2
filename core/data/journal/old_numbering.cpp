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

Held heldIn(const Json& row, std::string_view column)
{
    const auto found = row.find(column);
    if (found == row.end() || found->is_null()) return Held::Nothing;
    if (found->is_string()) return Held::Text;
    if (!found->is_array()) return Held::Other;
    const bool isList = found->empty() || (found->front().is_object() && found->front().contains("role"));
    return isList ? Held::Messages : Held::Other;
}

bool isText(const Json& row, std::string_view column)
{
    return heldIn(row, column) == Held::Text;
}

/// Unlike when a layout was chosen, all messages of a list were looked at.
bool areMessages(const Json& row, std::string_view column)
{
    const auto found = row.find(column);
    if (found == row.end() || !found->is_array() || found->size() > kMostMessages) return false;
    return std::ranges::all_of(*found, [](const Json& message) {
        return message.is_object() && isText(message, "role") && isText(message, "content");
    });
}

bool hasPromptByAnotherName(const Json& row)
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

    int fits(const Json& row) const
    {
        if (heldIn(row, answer) != answers) return 0;
        if (answer == "chosen" && heldIn(row, "rejected") != answers) return 0;
        if (answer == "text") return weight;
        if (heldIn(row, "prompt") != prompt) return 0;
        return prompt == Held::Nothing && hasPromptByAnotherName(row) ? 0 : weight;
    }

    bool reads(const Json& row) const
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
int fitsCompletion(const Json& row)
{
    const auto label = row.find("label");
    if (label != row.end() && label->is_boolean()) return 0;
    const Held prompt = heldIn(row, "prompt");
    const bool isKnown = prompt == Held::Text || prompt == Held::Messages;
    return isKnown && heldIn(row, "completion") == prompt ? 2 : 0;
}

bool readsCompletion(const Json& row)
{
    if (heldIn(row, "prompt") == Held::Messages) return areMessages(row, "prompt") && areMessages(row, "completion");
    return isText(row, "prompt") && isText(row, "completion");
}

using Reader = std::function<bool(const Json& row)>;

/// The reader of the layout that fits best.
Reader readerFor(const std::vector<Json>& objects)
{
    Reader best = [](const Json&) { return false; };
    int most = 0;
    const auto offer = [&](const auto& fits, const Reader& reads) {
        int total = 0;
        for (const Json& object : objects) total += fits(object);
        if (total <= most) return;
        most = total;
        best = reads;
    };
    for (const OldLayout& layout : kLayouts) {
        if (&layout == &kLayouts[4]) offer(fitsCompletion, readsCompletion);
        offer([&](const Json& row) { return layout.fits(row); },
              [&layout](const Json& row) { return layout.reads(row); });
    }
    return best;
}

/// Calls `visit` with each object of a block until it says false.
void visitObjects(const LineBlock& block, const std::function<bool(const Json& object)>& visit)
{
    std::string_view rest = block.text;
    if (block.offset == 0 && rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
    while (!rest.empty()) {
        const auto lineEnd = std::min(rest.find('\n'), rest.size() - 1) + 1;
        const auto text = withoutLineEnd(rest.substr(0, lineEnd));
        rest.remove_prefix(lineEnd);
        if (isBlank(text) || text.size() > kMaxRecordBytes) continue;
        const auto json = parseJson(text);
        if (json && json->is_object() && !visit(*json)) return;
    }
}

}  // namespace

Result<> visitOldRows(const std::filesystem::path& rowFile,
                      const std::function<void(std::uint32_t row, const Json& record)>& visit)
{
    TRY(const FileReader file, FileReader::open(rowFile));
    LineBlocks blocks(file);
    std::optional<Reader> reads;
    std::uint32_t number = 0;
    while (true) {
        TRY(const auto block, blocks.next());
        if (!block) break;
        if (!reads) {
            std::vector<Json> objects;
            visitObjects(*block, [&objects](const Json& object) {
                objects.push_back(object);
                return objects.size() < kProfiledObjects;
            });
            if (objects.empty()) continue;
            reads = readerFor(objects);
        }
        visitObjects(*block, [&](const Json& object) {
            if ((*reads)(object)) visit(number++, object);
            return true;
        });
    }
    return file.checkUnchanged();
}

}  // namespace preflab
