// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that recipes share on the way from a row to tokens.
#include "core/text/recipe_text.h"

#include <algorithm>

namespace preflab {

namespace {

bool isText(const RowText& text)
{
    return std::holds_alternative<std::string>(text);
}
bool isMessages(const RowText& text)
{
    return std::holds_alternative<Messages>(text);
}

Messages messagesOf(const RowText& text, std::string_view role)
{
    if (const auto* messages = std::get_if<Messages>(&text)) return *messages;
    if (const auto* content = std::get_if<std::string>(&text)) return {{std::string(role), *content}};
    return {};
}

std::string textOf(const RowText& text)
{
    const auto* content = std::get_if<std::string>(&text);
    return content ? *content : std::string();
}

/// A text prompt above sides that are whole conversations repeats what they begin with.
bool repeatsPrompt(const Row& row)
{
    const auto* chosen = std::get_if<Messages>(&row.chosen);
    return row.kind == RowKind::Preference && isText(row.prompt) && chosen && !chosen->empty() &&
           chosen->front().role != "assistant";
}

RenderedRow rendered(const Row& row, const ChatTemplate& chatTemplate)
{
    RenderedRow texts;
    texts.isConversational = true;
    const Messages prompt = messagesOf(row.prompt, "user");
    const auto withAnswer = [&](const RowText& answer) {
        Messages all = prompt;
        for (Message& message : messagesOf(answer, "assistant")) all.push_back(std::move(message));
        return chatTemplate.render(all, {}).text;
    };
    if (row.kind != RowKind::Text) texts.prompt = chatTemplate.render(prompt, {.addsGenerationPrompt = true}).text;
    texts.withChosen = withAnswer(row.chosen);
    if (row.kind == RowKind::Preference) texts.withRejected = withAnswer(row.rejected);
    return texts;
}

}  // namespace

tl::expected<RenderedRow, DropReason> renderedRow(const Row& row, const ChatTemplate& chatTemplate,
                                                  const RecipeOptions& options)
{
    Row explicitRow = row;
    if (repeatsPrompt(row)) explicitRow.prompt = std::monostate{};
    if (explicitRow.isPromptImplicit()) {
        auto split = splitPrompt(explicitRow, options.split);
        if (!split) return tl::unexpected(DropReason::NotSplittable);
        explicitRow = *std::move(split);
    }
    if (isMessages(explicitRow.prompt) || isMessages(explicitRow.chosen) || isMessages(explicitRow.rejected))
        return rendered(explicitRow, chatTemplate);

    RenderedRow texts;
    texts.prompt = textOf(explicitRow.prompt);
    texts.withChosen = texts.prompt + textOf(explicitRow.chosen);
    if (row.kind == RowKind::Preference) texts.withRejected = texts.prompt + textOf(explicitRow.rejected);
    return texts;
}

void appendEndText(std::string& text, std::size_t answerStart, std::string_view endText, bool isConversational)
{
    std::string_view answer = std::string_view(text).substr(std::min(answerStart, text.size()));
    if (isConversational) answer = answer.substr(0, answer.find_last_not_of(" \t\r\n") + 1);
    const bool isEnded = answer.size() >= endText.size() && answer.substr(answer.size() - endText.size()) == endText;
    if (!isEnded) text += endText;
}

tl::expected<TokenIds, DroppedRow> encodeRow(const Tokenizer& tokenizer, std::string_view text, SpecialTokens special,
                                             std::uint32_t row, const RecipeOptions& options)
{
    auto ids = tokenizer.encode(text, special, options.stop);
    if (!ids) return tl::unexpected(DroppedRow{row, DropReason::NotTokenisable, 0});
    return *std::move(ids);
}

std::size_t commonPrefix(const TokenIds& left, const TokenIds& right)
{
    const auto limit = left.begin() + static_cast<std::ptrdiff_t>(std::min(left.size(), right.size()));
    return static_cast<std::size_t>(std::mismatch(left.begin(), limit, right.begin()).first - left.begin());
}

}  // namespace preflab
