// SPDX-License-Identifier: GPL-3.0-or-later
// Token ids on the project's own texts and vocabularies: those that TRL's trainers fed for every row of the fixture
// goldens, and SentencePiece's own. Needs nothing beside the project and never skips.
#include "core/base/json.h"
#include "core/text/recipe.h"
#include "core/text/tokenizer.h"
#include "support/files.h"
#include "support/results.h"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

using namespace preflab;
using namespace preflab::test;

namespace {

const std::filesystem::path kFixtures = PREFLAB_TEST_FIXTURES;
constexpr std::int64_t kIgnoredLabel = -100;

RowText textOf(const Json& row, const char* key)
{
    if (!row.contains(key)) return {};
    if (row.at(key).is_string()) return row.at(key).get<std::string>();
    Messages messages;
    for (const Json& message : row.at(key))
        messages.push_back({message.at("role").get<std::string>(), message.at("content").get<std::string>(), {}});
    return messages;
}

Row rowOf(const Json& row)
{
    if (row.contains("text")) return {RowKind::Text, {}, textOf(row, "text"), {}};
    if (row.contains("completion"))
        return {RowKind::PromptCompletion, textOf(row, "prompt"), textOf(row, "completion"), {}};
    return {RowKind::Preference, textOf(row, "prompt"), textOf(row, "chosen"), textOf(row, "rejected")};
}

/// What TRL fed for one side: its ids, and how many of them at the start are no labels.
TokenSequence expectedSide(const Json& row, const std::string& side)
{
    if (row.contains("input_ids")) {
        const auto labels = row.at("labels").get<std::vector<std::int64_t>>();
        const auto first = std::ranges::find_if(labels, [](std::int64_t label) { return label != kIgnoredLabel; });
        return TokenSequence::afterPrompt(row.at("input_ids").get<TokenIds>(), std::size_t(first - labels.begin()));
    }
    const bool hasOwnPrompt = side == "rejected" && row.contains("rejected_prompt_ids");
    const Json& prompt = row.at(hasOwnPrompt ? "rejected_prompt_ids" : "prompt_ids");
    auto ids = prompt.get<TokenIds>();
    for (const Json& id : row.at(side + "_ids")) ids.push_back(id.get<TokenId>());
    return TokenSequence::afterPrompt(std::move(ids), prompt.size());
}

/// For messages: the ids and where labels are.
QByteArray idsText(const TokenSequence& sequence)
{
    std::string text = Json(sequence.ids).dump();
    for (const LabelRun& run : sequence.labels) text += " " + std::to_string(run.begin) + "-" + std::to_string(run.end);
    return QByteArray::fromStdString(text);
}

}  // namespace

class FixtureTokensTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void idsOfEveryRow_data()
    {
        QTest::addColumn<QString>("recipe");
        for (const auto& entry : std::filesystem::directory_iterator(kFixtures / "goldens")) {
            const std::string name = entry.path().stem();
            QTest::newRow(name.c_str()) << QString::fromStdString(name).section('_', 0, 0);
        }
    }

    void idsOfEveryRow()
    {
        QFETCH(QString, recipe);
        const auto golden =
            readJsonFile(kFixtures / "goldens" / (std::string(QTest::currentDataTag()) + ".json"), 1 << 24);
        QCOMPARE(problemOf(golden), QString());
        const Json& config = golden->at("config");
        const auto text = TextModel::open(kFixtures / "models" / config.at("model").get<std::string>());
        QCOMPARE(problemOf(text), QString());
        RecipeOptions options;
        options.maxLength = config.at("max_length").get<std::int64_t>();
        options.split = SplitRule::Trl;
        std::uint32_t index = 0;
        for (const char* rows : {"rows", "eval_rows"}) {
            for (const Json& row : golden->value(rows, Json::array())) {
                const auto pair = tokenise(*findRecipe(recipe.toStdString()), rowOf(row), index++, *text, options);
                QCOMPARE(!pair, row.value("dropped", false));
                if (!pair) continue;
                QCOMPARE(idsText(pair->chosen), idsText(expectedSide(row, "chosen")));
                if (row.contains("rejected_ids"))
                    QCOMPARE(idsText(pair->rejected), idsText(expectedSide(row, "rejected")));
            }
        }
        QVERIFY(index >= 6);
    }

    void idsOfSentencePiece_data()
    {
        QTest::addColumn<QString>("model");
        QTest::newRow("bpe") << "models/grouped/tokenizer.model";
        QTest::newRow("unigram") << "vocabularies/unigram.model";
    }

    void idsOfSentencePiece()
    {
        QFETCH(QString, model);
        const ScratchFolder folder;
        std::filesystem::copy_file(kFixtures / model.toStdString(), folder / "tokenizer.model");
        const auto tokenizer = openTokenizer(folder.path());
        QCOMPARE(problemOf(tokenizer), QString());
        std::istringstream lines(
            readFile(kFixtures / "vocabularies" / (std::string(QTest::currentDataTag()) + ".jsonl")));
        int compared = 0;
        for (std::string line; std::getline(lines, line); ++compared) {
            const Json expected = parseJson(line).value();
            const auto text = expected.at("text").get<std::string>();
            // As Hugging Face, and unlike SentencePiece, no second mark in front of a text that begins with a space.
            if (text.starts_with(' ')) continue;
            const auto ids = (*tokenizer)->encode(text, SpecialTokens::None);
            QCOMPARE(problemOf(ids), QString());
            QCOMPARE(Json(*ids).dump(), expected.at("ids").dump());
            QCOMPARE((*tokenizer)->decode(*ids), expected.at("decoded").get<std::string>());
        }
        QVERIFY(compared > 80);
    }
};

QTEST_GUILESS_MAIN(FixtureTokensTest)
#include "fixture_tokens_test.moc"
