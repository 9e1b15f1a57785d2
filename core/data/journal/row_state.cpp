// SPDX-License-Identifier: GPL-3.0-or-later
// Row states as JSON: {"row": {...}, "excluded": true, "tags": [...], "note": "...", "vote": {...}}, each only if set.
#include "core/data/journal/row_state.h"

#include <array>
#include <utility>

namespace preflab {
namespace {

constexpr std::array<std::string_view, 5> kVoteIds{"chosen", "rejected", "tie", "both_bad", "skipped"};
constexpr std::array<std::string_view, 4> kStrengthIds{"", "slightly", "clearly", "much"};
constexpr std::array<std::string_view, 3> kKindIds{"preference", "prompt-completion", "text"};

/// The number that `id` has among `ids`.
template <std::size_t Count>
std::optional<std::size_t> numberOf(const std::array<std::string_view, Count>& ids, const std::string& id)
{
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] == id) return i;
    return std::nullopt;
}

/// The column that holds what a row calls `chosen`.
const char* answerColumn(RowKind kind)
{
    return kind == RowKind::Preference ? "chosen" : kind == RowKind::Text ? "text" : "completion";
}

Json textJson(const RowText& text)
{
    if (const auto* plain = std::get_if<std::string>(&text)) return *plain;
    const auto* messages = std::get_if<Messages>(&text);
    if (messages == nullptr) return nullptr;
    Json list = Json::array();
    for (const Message& message : *messages) list.push_back({{"role", message.role}, {"content", message.content}});
    return list;
}

/// Absent and null are no text; anything else that is neither text nor messages is an error.
tl::expected<RowText, std::string> textFrom(const Json& row, const char* key)
{
    const auto found = row.find(key);
    if (found == row.end() || found->is_null()) return RowText();
    if (found->is_string()) return RowText(found->get<std::string>());
    if (!found->is_array()) return tl::unexpected(std::string("\"") + key + "\" is neither a text nor messages");
    Messages messages;
    for (const Json& entry : *found) {
        if (!entry.is_object() || !entry.value("role", Json()).is_string() ||
            !entry.value("content", Json()).is_string())
            return tl::unexpected(std::string("a message of \"") + key + "\" has no role or no content");
        messages.push_back({entry.at("role").get<std::string>(), entry.at("content").get<std::string>()});
    }
    return RowText(std::move(messages));
}

tl::expected<Row, std::string> rowFrom(const Json& json)
{
    if (!json.is_object()) return tl::unexpected(std::string("the row is no object"));
    Row row;
    const std::string kindId = json.value("kind", std::string(kKindIds[0]));
    const auto kind = numberOf(kKindIds, kindId);
    if (!kind) return tl::unexpected("the kind of row \"" + kindId + "\" is unknown");
    row.kind = static_cast<RowKind>(*kind);
    for (const auto& [key, target] :
         {std::pair("prompt", &row.prompt), {answerColumn(row.kind), &row.chosen}, {"rejected", &row.rejected}}) {
        auto text = textFrom(json, key);
        if (!text) return tl::unexpected(text.error());
        *target = *std::move(text);
    }
    return row;
}

tl::expected<VoteRecord, std::string> voteFrom(const Json& json)
{
    if (!json.is_object() || !json.value("vote", Json()).is_string())
        return tl::unexpected(std::string("the vote is no vote"));
    const std::string id = json.at("vote").get<std::string>();
    const auto vote = numberOf(kVoteIds, id);
    if (!vote) return tl::unexpected("the vote \"" + id + "\" is unknown");
    const std::string strengthId = json.value("strength", std::string());
    const auto strength = numberOf(kStrengthIds, strengthId);
    if (!strength) return tl::unexpected("the strength of a vote \"" + strengthId + "\" is unknown");
    return VoteRecord{static_cast<Vote>(*vote), json.value("blind", false), json.value("swapped", false),
                      static_cast<VoteStrength>(*strength), json.value("reasons", std::vector<std::string>())};
}

Json voteJson(const VoteRecord& vote)
{
    Json json{{"vote", voteId(vote.vote)}, {"blind", vote.wasBlind}, {"swapped", vote.wasSwapped}};
    if (vote.strength != VoteStrength::Unsaid) json["strength"] = voteStrengthId(vote.strength);
    if (!vote.reasons.empty()) json["reasons"] = vote.reasons;
    return json;
}

}  // namespace

std::string_view voteId(Vote vote)
{
    return kVoteIds[static_cast<std::size_t>(vote)];
}

std::string_view voteStrengthId(VoteStrength strength)
{
    return kStrengthIds[static_cast<std::size_t>(strength)];
}

bool areEqual(const Row& a, const Row& b)
{
    return a.kind == b.kind && a.prompt == b.prompt && a.chosen == b.chosen && a.rejected == b.rejected;
}

bool areEqual(const RowState& a, const RowState& b)
{
    const bool isSameRow =
        a.edited.has_value() == b.edited.has_value() && (!a.edited || areEqual(*a.edited, *b.edited));
    return isSameRow && a.isExcluded == b.isExcluded && a.tags == b.tags && a.note == b.note && a.vote == b.vote;
}

Row swapped(const Row& row)
{
    Row other = row;
    std::swap(other.chosen, other.rejected);
    return other;
}

Json toJson(const Row& row)
{
    Json json = Json::object();
    if (row.prompt.index() != 0) json["prompt"] = textJson(row.prompt);
    json[answerColumn(row.kind)] = textJson(row.chosen);
    if (row.rejected.index() != 0) json["rejected"] = textJson(row.rejected);
    return json;
}

Json toJson(const RowState& state)
{
    Json json = Json::object();
    if (state.edited) {
        json["row"] = toJson(*state.edited);
        json["row"]["kind"] = kKindIds[static_cast<std::size_t>(state.edited->kind)];
    }
    if (state.isExcluded) json["excluded"] = true;
    if (!state.tags.empty()) json["tags"] = state.tags;
    if (!state.note.empty()) json["note"] = state.note;
    if (state.vote) json["vote"] = voteJson(*state.vote);
    return json;
}

tl::expected<RowState, std::string> rowStateFromJson(const Json& json)
{
    if (!json.is_object()) return tl::unexpected(std::string("the row's state is no object"));
    RowState state;
    try {
        if (json.contains("row")) {
            auto row = rowFrom(json.at("row"));
            if (!row) return tl::unexpected(row.error());
            state.edited = *std::move(row);
        }
        state.isExcluded = json.value("excluded", false);
        state.tags = json.value("tags", std::vector<std::string>());
        state.note = json.value("note", std::string());
        if (json.contains("vote")) {
            const auto vote = voteFrom(json.at("vote"));
            if (!vote) return tl::unexpected(vote.error());
            state.vote = *vote;
        }
    } catch (const nlohmann::json::exception& fault) {
        return tl::unexpected(std::string(fault.what()));
    }
    return state;
}

}  // namespace preflab
