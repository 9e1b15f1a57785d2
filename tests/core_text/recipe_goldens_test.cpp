// SPDX-License-Identifier: GPL-3.0-or-later
// From text to the token ids that TRL's trainers fed, for every row of its recorded runs.
#include "core/base/json.h"
#include "core/text/recipe.h"

#include <QTest>

#include <filesystem>
#include <memory>

using namespace preflab;

namespace {

const std::filesystem::path kShared = PREFLAB_TEST_SHARED;

RowText textOf(const Json& row, const char* key)
{
    return row.contains(key) ? RowText(row.at(key).get<std::string>()) : RowText();
}

Row rowOf(const Json& row)
{
    if (row.contains("text")) return {RowKind::Text, {}, textOf(row, "text"), {}};
    if (row.contains("completion"))
        return {RowKind::PromptCompletion, textOf(row, "prompt"), textOf(row, "completion"), {}};
    return {RowKind::Preference, textOf(row, "prompt"), textOf(row, "chosen"), textOf(row, "rejected")};
}

TokenSequence joined(const Json& row, const char* answer)
{
    auto ids = row.at("prompt_ids").get<TokenIds>();
    for (const Json& id : row.at(answer)) ids.push_back(id.get<TokenId>());
    return TokenSequence::afterPrompt(std::move(ids), row.at("prompt_ids").size());
}

/// Input ids with the number of leading labels that are not trained.
TokenSequence labelled(const Json& row)
{
    std::size_t masked = 0;
    while (row.at("labels").at(masked) == -100) ++masked;
    return TokenSequence::afterPrompt(row.at("input_ids").get<TokenIds>(), masked);
}

}  // namespace

class RecipeGoldensTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const auto folder = kShared / "assets/models/stories260K-hf";
        if (!std::filesystem::exists(folder))
            QSKIP("the reference model and TRL's recorded runs are not beside the project");
        auto text = TextModel::open(folder);
        QVERIFY2(text.has_value(), text ? "" : sentence(text.error()).c_str());
        m_text = *std::move(text);
    }

    void executedBoundary()
    {
        // trl-spec 1.3: "ti" + "me" melt; DPO trains the token that TRL's DPO trains, ORPO masks it.
        const Row row{RowKind::Preference, "Once upon a ti", "me there", "me here"};
        const auto dpo = tokenise(*findRecipe("dpo"), row, 0, m_text, {});
        QVERIFY(dpo);
        QVERIFY((dpo->chosen == TokenSequence::afterPrompt({1, 403, 407, 261, 378, 383, 2}, 4)));
        const auto orpo = tokenise(*findRecipe("orpo"), row, 0, m_text, {});
        QVERIFY(orpo);
        QVERIFY((orpo->chosen == TokenSequence::afterPrompt({1, 403, 407, 261, 378, 383, 2}, 5)));
    }

    void idsOfEveryRow_data()
    {
        QTest::addColumn<QString>("recipe");
        for (const char* name : {"dpo_sigmoid", "dpo_truncation", "dpo_implicit_prompt", "dpo_accumulation", "orpo",
                                 "orpo_truncation", "sft_full", "sft_completion_only", "sft_truncation"})
            QTest::newRow(name) << QString(name).section('_', 0, 0);
    }

    void idsOfEveryRow()
    {
        QFETCH(QString, recipe);
        const auto golden =
            readJsonFile(kShared / "goldens" / (std::string(QTest::currentDataTag()) + ".json"), 64 << 20);
        QVERIFY(golden);
        RecipeOptions options;
        options.maxLength = golden->at("config").at("max_length").get<std::int64_t>();
        std::uint32_t index = 0;
        for (const Json& row : golden->at("rows")) {
            const auto pair = tokenise(*findRecipe(recipe.toStdString()), rowOf(row), index, m_text, options);
            const bool isDropped = row.contains("dropped") && row.at("dropped").get<bool>();
            QCOMPARE(!pair, isDropped);
            ++index;
            if (isDropped) continue;
            const bool isPair = row.contains("rejected_ids");
            QVERIFY(pair->chosen == (isPair ? joined(row, "chosen_ids") : labelled(row)));
            if (isPair) QVERIFY(pair->rejected == joined(row, "rejected_ids"));
        }
        QVERIFY(index >= 9);
    }

private:
    TextModel m_text;
};

QTEST_GUILESS_MAIN(RecipeGoldensTest)
#include "recipe_goldens_test.moc"
