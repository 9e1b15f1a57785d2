// SPDX-License-Identifier: GPL-3.0-or-later
// Words for what inspect found.
#include "app/cli/inspect_text.h"

#include "app/cli/text_table.h"
#include "core/base/excerpt.h"
#include "core/base/printable.h"
#include "core/base/system.h"
#include "core/project/path_text.h"
#include "core/text/chat_template.h"
#include "core/text/row_counts.h"

namespace preflab {

namespace {

constexpr std::size_t kShownText = 300;
constexpr std::size_t kShownFindings = 10;

std::string field(const std::string& name, const std::string& value)
{
    return name + std::string(name.size() < 15 ? 15 - name.size() : 1, ' ') + printable(value) + "\n";
}

std::string count(std::int64_t value)
{
    return countText(std::uint64_t(value));
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + excerptOf(word);
    return text;
}

// The user's columns, and how many of a wide table are not listed.
std::string columnsText(const Dataset& data)
{
    const std::string names = joined(data.columns);
    return data.otherColumns == 0 ? names : names + " and " + countText(data.otherColumns) + " more";
}

std::string plainText(const RowText& text)
{
    if (const auto* string = std::get_if<std::string>(&text)) return *string;
    if (const auto* messages = std::get_if<Messages>(&text)) return defaultChatTemplate().render(*messages, {}).text;
    return {};
}

// A text's beginning, at most kShownText bytes; lines after the first indented.
std::string textField(const std::string& name, const std::string& text)
{
    const std::string_view begin = wholeCharacters(text, kShownText);
    std::string shown = name + std::string(15 - name.size(), ' ');
    for (const char letter : printable(begin, LineBreaks::Keep)) {
        shown += letter;
        if (letter == '\n') shown += std::string(15, ' ');
    }
    return shown + (begin.size() < text.size() ? " ..." : "") + "\n";
}

std::string findingName(Finding::Kind kind)
{
    switch (kind) {
    case Finding::Kind::BadRow:
        return "left out";
    case Finding::Kind::IdenticalSides:
        return "chosen equals rejected";
    case Finding::Kind::EmptySide:
        return "empty answer";
    case Finding::Kind::IncompleteFile:
        return "the file ends too early";
    case Finding::Kind::OneContinues:
        return "one side continues the other";
    case Finding::Kind::NothingInCommon:
        return "no common beginning";
    case Finding::Kind::PromptsDiffer:
        return "prompts differ";
    case Finding::Kind::BytesBehind:
        return "there is more behind the end of the file's data";
    case Finding::Kind::SameColumns:
        return "columns of the same name";
    case Finding::Kind::PromptRepeated:
        return "prompt repeated";
    }
    return {};
}

/// "3 rows left out, 1 with equal sides", or "none".
std::string problemsText(const Findings& found)
{
    std::string text;
    const auto add = [&text](std::uint64_t rows, std::string_view what) {
        if (rows > 0) text += (text.empty() ? "" : ", ") + countText(rows) + std::string(what);
    };
    add(found.badRows,
        found.badRows == 1 ? " left out because it could not be read" : " left out because they could not be read");
    add(found.identicalSides, " with equal sides");
    add(found.emptySides, " with an empty side");
    add(found.continuations, " with one side that continues the other");
    add(found.withoutPrompt, " without a common beginning");
    add(found.differingPrompts, " with different prompts");
    add(found.repeatedPrompts, " with the prompt repeated in the answers");
    for (const Finding& finding : found.first)
        if (isOfFile(finding.kind)) text += (text.empty() ? "" : ", ") + findingName(finding.kind);
    return text.empty() ? "none" : text;
}

RowCounts lossesOf(const EditedDataset& opened)
{
    RowCounts losses;
    losses.takeLosses(opened);
    return losses;
}

/// The first findings, a line each, and how many there are beside them.
std::string firstFindings(const Findings& found)
{
    std::string text;
    std::uint64_t shown = 0;
    for (std::size_t i = 0; i < found.first.size() && i < kShownFindings; ++i) {
        text += field("", found.first[i].reason + " (" + findingName(found.first[i].kind) + ")");
        shown += found.first[i].rows;
    }
    if (found.total() <= shown) return text;
    return text + field("", "and " + countText(found.total() - shown) + " more; --json lists up to " +
                                countText(Findings::kKept) + " of each kind");
}

}  // namespace

Json modelJson(const ModelReport& report)
{
    Json tensors = Json::array();
    for (const ModelReport::Tensor& tensor : report.tensors)
        tensors.push_back(
            {{"name", tensor.name}, {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"bytes", tensor.bytes}});
    return {{"kind", "model"},
            {"path", pathText(report.path)},
            {"architecture", report.architecture},
            {"parameters", report.parameters},
            {"weight_bytes", report.weightBytes},
            {"dtype", report.dtype},
            {"layers", report.layers},
            {"hidden_size", report.hiddenSize},
            {"heads", report.heads},
            {"key_value_heads", report.keyValueHeads},
            {"intermediate_size", report.intermediateSize},
            {"vocabulary_size", report.vocabularySize},
            {"max_positions", report.maxPositions},
            {"is_head_tied", report.isHeadTied},
            {"tokenizer", report.tokenizer},
            {"content_hash", report.contentHash},
            {"name", report.name},
            {"notes", report.notes},
            {"tensors", tensors}};
}

std::string modelText(const ModelReport& report)
{
    std::string notes;
    for (const std::string& note : report.notes) notes += field("note", printable(note));
    return printable(report.path.string()) + " is a model.\n\n" + field("name", printable(report.name)) +
           field("architecture", report.architecture) + field("parameters", count(report.parameters)) +
           field("weights", byteText(report.weightBytes) + ", " + report.dtype + ", " +
                                amountText(report.tensors.size(), "tensor")) +
           field("layers", count(report.layers) + " of width " + count(report.hiddenSize) + ", MLP " +
                               count(report.intermediateSize)) +
           field("attention", amountText(std::uint64_t(report.heads), "head") + ", " +
                                  amountText(std::uint64_t(report.keyValueHeads), "key/value head")) +
           field("vocabulary", count(report.vocabularySize) +
                                   (report.isHeadTied ? ", head tied to the embedding" : ", separate head")) +
           field("context", count(report.maxPositions) + " tokens") + field("tokenizer", report.tokenizer) +
           field("hash", report.contentHash) + notes;
}

std::string tensorsText(const ModelReport& report)
{
    TextTable table({"tensor", "type", "shape", "bytes"});
    for (const ModelReport::Tensor& tensor : report.tensors)
        table.add({tensor.name, tensor.dtype, tensor.shape, countText(tensor.bytes)});
    return table.text();
}

Json datasetJson(const EditedDataset& opened)
{
    const Dataset& data = opened.data;
    Json findings = Json::array();
    for (const Finding& finding : opened.findings.first)
        findings.push_back({{"source_number", finding.sourceNumber},
                            {"kind", findingName(finding.kind)},
                            {"reason", finding.reason},
                            {"rows", finding.rows}});
    Json json{{"kind", "dataset"},
              {"path", pathText(data.path)},
              {"format", data.layoutId},
              {"layout", data.layoutTitle},
              {"layout_reason", data.layoutReason},
              {"mapping", toJson(data.mapping)},
              {"rows", data.rows->size()},
              {"row_kind", std::string(rowKindId(data.kind))},
              {"columns", data.columns},
              {"other_columns", data.otherColumns},
              {"is_conversational", data.isConversational},
              {"is_prompt_implicit", data.isPromptImplicit},
              {"is_transcript", data.isTranscript},
              {"bytes", data.sourceBytes},
              {"content_hash", data.contentHash},
              {"message_keys", data.findings.messageKeys},
              {"has_tools_column", lossesOf(opened).hasToolsColumn},
              {"findings_total", opened.findings.total()},
              {"findings", findings}};
    for (std::size_t i = 0; i < Finding::kKinds; ++i) {
        const auto kind = static_cast<Finding::Kind>(i);
        const std::uint64_t count = opened.findings.count(kind);
        json[std::string(findingId(kind))] = isOfFile(kind) ? Json(count > 0) : Json(count);
    }
    return json;
}

std::string datasetText(const EditedDataset& opened)
{
    const Dataset& data = opened.data;
    std::string layout = data.layoutTitle;
    if (data.isTranscript) layout += ", Human/Assistant transcripts";
    std::string text = printable(data.path.string()) + " is a dataset.\n\n" + field("layout", layout) +
                       field("because", data.layoutReason) +
                       (data.mapping.isPlain() ? "" : field("mapping", mappingText(data.mapping))) +
                       field("rows", countText(data.rows->size())) + field("columns", columnsText(data)) +
                       field("prompt", data.kind == RowKind::Text ? "not needed"
                                       : data.isPromptImplicit    ? "found as the common beginning of both sides"
                                                                  : "in its own column") +
                       field("size", byteText(data.sourceBytes)) + field("hash", data.contentHash);
    text += field("problems", problemsText(opened.findings));
    if (const std::string parts = unrenderedText(lossesOf(opened)); !parts.empty())
        text += field("not rendered", parts + ": templates write only role and content of messages");
    return text + firstFindings(opened.findings);
}

Json editsJson(const EditedDataset& data)
{
    return {{"rows", data.editedRows()},
            {"left_out", data.excludedRows()},
            {"rows_gone", data.edits.absentRows},
            {"of_other_columns", data.edits.otherColumnsRows}};
}

std::string editsText(const EditedDataset& data)
{
    std::string text = field("edits", countText(data.editedRows()) + " edited, " + countText(data.excludedRows()) +
                                          " left out by you");
    for (const std::string& note : data.notes()) text += field("", note);
    return text;
}

Json firstRowJson(const Row& row, SplitRule rule)
{
    const auto split = splitPrompt(row, rule);
    if (!split) return {{"problem", split.error()}};
    Json json = Json::object();
    if (split->prompt.index() != 0) json["prompt"] = plainText(split->prompt);
    json[row.kind == RowKind::Preference ? "chosen" : "text"] = plainText(split->chosen);
    if (split->rejected.index() != 0) json["rejected"] = plainText(split->rejected);
    return json;
}

std::string firstRowText(const Row& row, SplitRule rule)
{
    const auto split = splitPrompt(row, rule);
    if (!split) return "The first row has no prompt to be found: " + split.error() + "\n";
    std::string text = "First row\n";
    if (split->prompt.index() != 0) text += textField("prompt", plainText(split->prompt));
    text += textField(row.kind == RowKind::Preference ? "chosen" : "text", plainText(split->chosen));
    if (split->rejected.index() != 0) text += textField("rejected", plainText(split->rejected));
    return text;
}

}  // namespace preflab
