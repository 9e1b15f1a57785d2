// SPDX-License-Identifier: GPL-3.0-or-later
// Row states, and their changes as JSON.
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
std::string answerColumn(RowKind kind)
{
    const auto columns = textColumns(kind);
    return std::string(columns.size() == 1 ? columns[0] : columns[1]);
}

/// A message with its other keys. Content is the text that the user saw, and may have changed, even where the source has
/// a list of parts.
Json messageJson(const Message& message)
{
    Json json{{"role", message.role}, {"content", message.content}};
    if (message.otherKeys.empty()) return json;
    const auto others = parseJson(message.otherKeys);
    if (!others || !others->is_object()) return json;
    for (const auto& [key, value] : others->items())
        if (!json.contains(key)) json[key] = value;
    return json;
}

/// A message of a stored row, which has a role and a content.
Message messageFrom(const Json& json)
{
    Message message{json.at("role").get<std::string>(), json.at("content").get<std::string>()};
    Json others = Json::object();
    for (const auto& [key, value] : json.items())
        if (key != "role" && key != "content") others[key] = value;
    if (!others.empty()) message.otherKeys = others.dump();
    return message;
}

Json textJson(const RowText& text)
{
    if (const auto* plain = std::get_if<std::string>(&text)) return *plain;
    const auto* messages = std::get_if<Messages>(&text);
    if (messages == nullptr) return nullptr;
    Json list = Json::array();
    for (const Message& message : *messages) list.push_back(messageJson(message));
    return list;
}

/// Absent and null are no text; anything else that is neither text nor messages is an error.
tl::expected<RowText, std::string> textFrom(const Json& row, const std::string& key)
{
    const auto found = row.find(key);
    if (found == row.end() || found->is_null()) return RowText();
    if (found->is_string()) return RowText(found->get<std::string>());
    if (!found->is_array()) return tl::unexpected("\"" + key + "\" is neither a text nor messages");
    Messages messages;
    for (const Json& entry : *found) {
        if (!entry.is_object() || !entry.value("role", Json()).is_string() ||
            !entry.value("content", Json()).is_string())
            return tl::unexpected("a message of \"" + key + "\" has no role or no content");
        messages.push_back(messageFrom(entry));
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
    for (const auto& [key, target] : {std::pair(std::string("prompt"), &row.prompt),
                                      {answerColumn(row.kind), &row.chosen},
                                      {"rejected", &row.rejected}}) {
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

bool haveEqualTexts(const RowState& a, const RowState& b)
{
    if (a.isSwapped != b.isSwapped) return false;
    return a.edited == b.edited || (a.edited && b.edited && areEqual(*a.edited, *b.edited));
}

bool areEqual(const RowState& a, const RowState& b)
{
    return haveEqualTexts(a, b) && a.isExcluded == b.isExcluded && a.tags == b.tags && a.note == b.note &&
           a.vote == b.vote;
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

Row rowNow(const RowState& state, const Row& source)
{
    const Row& texts = state.edited ? *state.edited : source;
    return state.isSwapped ? swapped(texts) : texts;
}

Json changeJson(const RowState& before, const RowState& after)
{
    Json json = Json::object();
    if (after.edited && !(before.edited && areEqual(*before.edited, *after.edited))) {
        json["row"] = toJson(*after.edited);
        json["row"]["kind"] = kKindIds[static_cast<std::size_t>(after.edited->kind)];
    }
    if (before.edited && !after.edited) json["row"] = nullptr;
    if (before.isSwapped != after.isSwapped) json["swapped"] = after.isSwapped;
    if (before.isExcluded != after.isExcluded) json["excluded"] = after.isExcluded;
    if (before.tags != after.tags) json["tags"] = after.tags;
    if (before.note != after.note) json["note"] = after.note;
    if (before.vote != after.vote) json["vote"] = after.vote ? voteJson(*after.vote) : Json();
    return json;
}

tl::expected<RowState, std::string> changed(const RowState& before, const Json& change)
{
    if (!change.is_object()) return tl::unexpected(std::string("the row's state is no object"));
    RowState state = before;
    try {
        if (const auto found = change.find("row"); found != change.end()) {
            state.edited.reset();
            if (!found->is_null()) {
                TRY(Row row, rowFrom(*found));
                state.edited = std::make_shared<const Row>(std::move(row));
            }
        }
        state.isSwapped = change.value("swapped", before.isSwapped);
        state.isExcluded = change.value("excluded", before.isExcluded);
        state.tags = change.value("tags", before.tags);
        state.note = change.value("note", before.note);
        if (const auto found = change.find("vote"); found != change.end()) {
            state.vote.reset();
            if (!found->is_null()) {
                TRY(state.vote, voteFrom(*found));
            }
        }
    } catch (const nlohmann::json::exception& fault) {
        return tl::unexpected(std::string(fault.what()));
    }
    return state;
}

SharedState RowStates::shared(std::uint32_t row) const
{
    const SharedState* found = m_states.find(row);
    return found == nullptr ? nullptr : *found;
}

void RowStates::set(std::uint32_t row, RowState state)
{
    setAll({{row, state.isUntouched() ? nullptr : std::make_shared<const RowState>(std::move(state))}});
}

void RowStates::setAll(const std::vector<std::pair<std::uint32_t, SharedState>>& states)
{
    std::vector<std::pair<std::uint32_t, std::optional<SharedState>>> values;
    values.reserve(states.size());
    for (const auto& [row, state] : states) values.emplace_back(row, state ? std::optional(state) : std::nullopt);
    m_states.setAll(std::move(values));
}

}  // namespace preflab
