// SPDX-License-Identifier: GPL-3.0-or-later
// What a preparation warns of: held-out data that is trained on, settings without effect.
#include "core/runs/prepare.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QTest>

#include <algorithm>

using namespace preflab;
using namespace preflab::test;

namespace {

std::string pairs(int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += Json{{"prompt", "hello " + std::to_string(i)}, {"chosen", "he"}, {"rejected", "world"}}.dump() + "\n";
    return text;
}

}  // namespace

class PrepareWarningsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        writeTinyModel(m_folder / "model");
        writeFile(m_folder / "data.jsonl", pairs(20));
    }

    void evaluatingOnTheTrainingDataIsWarnedOf()
    {
        writeFile(m_folder / "copy.jsonl", pairs(20));
        for (const char* name : {"data.jsonl", "copy.jsonl"}) {
            const auto run = prepare({}, m_folder / name);
            QCOMPARE(problemOf(run), QString());
            QCOMPARE(run->train->size(), 20U);
            QCOMPARE(QString::fromStdString(run->notes.back()), QString("Evaluates on 20 pairs of %1.").arg(name));
            QCOMPARE(run->warnings.size(), 1U);
            QVERIFY(QString::fromStdString(run->warnings.front().text).contains("both trained and evaluated on"));
        }
        QVERIFY(prepare({{"eval_fraction", 0.2}})->warnings.empty());
        const auto apart = prepare(
            {}, writeFile(m_folder / "apart.jsonl", R"({"prompt": "hello", "chosen": "wo", "rejected": "he"})"));
        QVERIFY(apart->warnings.empty());
        QCOMPARE(apart->counts[kHeldOutTrainedOn], Json(0U));
    }

    // Under another name, in another format or twice in one file: tokens tell it.
    void heldOutRowsThatAreTrainedOnAreCounted()
    {
        const auto run = prepare({}, writeFile(m_folder / "held.jsonl",
                                               pairs(2) + R"({"prompt": "hello", "chosen": "wo", "rejected": "he"})"));
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->warnings.size(), 1U);
        QVERIFY2(run->warnings.front().text.starts_with(
                     "2 of 3 pairs held out are trained on as well (prompt and chosen answer): "),
                 run->warnings.front().text.c_str());
        QCOMPARE(run->counts[kHeldOutTrainedOn], Json(2U));
        writeFile(m_folder / "twice.jsonl", pairs(1) + pairs(1) + pairs(1) + pairs(1));
        const auto twice = prepare({{"eval_fraction", 0.25}}, {}, {}, "twice.jsonl");
        QCOMPARE(problemOf(twice), QString());
        QCOMPARE(twice->counts[kHeldOutTrainedOn], Json(1U));
        QVERIFY(std::ranges::any_of(twice->warnings, [](const RunWarning& warning) {
            return warning.text.starts_with("1 of 1 pair held out is trained on as well");
        }));
    }

    // What is trained on counts, and not in which columns it lies.
    void heldOutRowsAreKnownInAnyLayout()
    {
        const auto held =
            writeFile(m_folder / "columns.jsonl", R"({"prompt": "hello", "chosen": " he", "rejected": " world"})");
        const auto shared = [&](const char* row, const char* recipe, const std::filesystem::path& heldOut) {
            writeFile(m_folder / "other.jsonl", row);
            const auto run = prepare({}, heldOut, {}, "other.jsonl", recipe);
            return run ? run->counts.value(kHeldOutTrainedOn, -1) : -2;
        };
        const char* implicit = R"({"chosen": "hello he", "rejected": "hello world"})";
        QCOMPARE(shared(implicit, "dpo", held), 1);
        QCOMPARE(shared(implicit, "orpo", held), 1);
        QCOMPARE(shared(implicit, "sft", held), 1);
        QCOMPARE(shared(R"({"chosen": "hello world", "rejected": "hello he"})", "dpo", held), 0);
        QCOMPARE(shared(R"({"chosen": "hello he", "rejected": "hello she"})", "dpo", held), 1);
        QCOMPARE(shared(R"({"prompt": "hello", "completion": " he"})", "sft", held), 1);
        QCOMPARE(shared(R"({"text": "hello he"})", "sft", held), 1);
        QCOMPARE(shared(R"({"text": "hello her"})", "sft", held), 0);
        const auto parts = writeFile(
            m_folder / "parts.jsonl",
            R"({"prompt": [{"role": "user", "content": "hello"}], "chosen": [{"role": "assistant", "content": "he"}], )"
            R"("rejected": [{"role": "assistant", "content": [{"type": "text", "text": "she"}]}]})");
        QCOMPARE(
            shared(R"({"chosen": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}, )"
                   R"({"role": "assistant", "content": "he"}], "rejected": [{"role": "user", "content": "hello"}, )"
                   R"({"role": "assistant", "content": "world"}]})",
                   "dpo", parts),
            1);
        QCOMPARE(shared(R"({"prompt": [{"role": "user", "content": "hello"}], )"
                        R"("completion": [{"role": "assistant", "content": "he"}]})",
                        "sft", parts),
                 1);
    }

    // What the file has and the model does not see is said, however the run goes on.
    void whatIsNotRenderedIsWarnedOf()
    {
        Json rows = Json::object();
        rows["prompt"] = Json::parse(R"([{"role": "user", "content": "hello", "name": "Ann", "weight": null}])");
        rows["chosen"] = Json::parse(R"([{"role": "assistant", "content": "he", "tool_calls": [1]}])");
        rows["rejected"] = Json::parse(R"([{"role": "assistant", "content": [{"type": "text", "text": "world"}]}])");
        Json plain = rows;
        plain["prompt"][0].erase("name");
        plain["chosen"][0].erase("tool_calls");
        writeFile(m_folder / "plain.jsonl", plain.dump() + "\n" + plain.dump() + "\n");
        const auto warned = [this](const char* file) {
            const auto run = prepare({}, {}, {}, file);
            const auto found = std::ranges::find_if(
                run->warnings, [](const RunWarning& warning) { return warning.text.starts_with("Not trained on"); });
            return found == run->warnings.end() ? std::string() : found->text;
        };
        QCOMPARE(warned("plain.jsonl"), std::string());
        plain["tools"] = "[]";
        writeFile(m_folder / "calls.jsonl", rows.dump() + "\n" + plain.dump() + "\n");
        QCOMPARE(
            warned("calls.jsonl"),
            std::string("Not trained on, because ChatML writes only role and content of messages: name of messages "
                        "(1 row), tool_calls of messages (1 row), the column tools."));
    }

    // Held-out pairs are read and rendered in the same way; of a file that is trained on, too, all was said before.
    void whatIsNotRenderedOfHeldOutPairsIsWarnedOf()
    {
        Json row = Json::object();
        row["prompt"] = Json::parse(R"([{"role": "user", "content": "hello", "name": "Ann"}])");
        row["chosen"] = Json::parse(R"([{"role": "assistant", "content": "he", "tool_calls": [1]}])");
        row["rejected"] = Json::parse(R"([{"role": "assistant", "content": "world"}])");
        row["tools"] = "[]";
        const auto calls = writeFile(m_folder / "held-calls.jsonl", row.dump() + "\n" + row.dump() + "\n");
        const std::string parts =
            ", because ChatML writes only role and content of messages: name of messages (2 rows), "
            "tool_calls of messages (2 rows), the column tools.";
        const std::string rendered = "ChatML; the tokenizer's special tokens apply to the rendered text.";
        for (const char* recipe : {"dpo", "sft"}) {
            const auto run = prepare({}, calls, {}, "data.jsonl", recipe);
            QCOMPARE(problemOf(run), QString());
            QCOMPARE(othersOf(run), (std::vector<std::string>{"Not seen when evaluating on held-calls.jsonl" + parts}));
            QCOMPARE(run->notes.back(), "In held-calls.jsonl message lists are rendered as " + rendered);
        }
        const auto run = prepare({}, calls, {}, "held-calls.jsonl");
        QCOMPARE(othersOf(run).front(), "Not trained on" + parts);
        QVERIFY(
            std::ranges::none_of(othersOf(run), [](const std::string& text) { return text.starts_with("Not seen"); }));
        QVERIFY(othersOf(run)[1].find("both trained and evaluated on") != std::string::npos);
        QCOMPARE(std::ranges::count(run->notes, "Message lists are rendered as " + rendered), 1);

        // And how their prompts were found.
        const auto implicit =
            writeFile(m_folder / "implicit.jsonl", R"({"chosen": "hello he", "rejected": "hello wo"})");
        const auto found = prepare({}, implicit);
        QCOMPARE(problemOf(found), QString());
        QCOMPARE(found->notes.back(),
                 std::string("Prompts of implicit.jsonl are the common beginning of both answers, found as TRL does."));
    }

    void evaluationsOfNothingAreWarnedOf()
    {
        const ParamValues often{{"eval_steps", std::int64_t{10}}};
        const auto idle = othersOf(prepare(often));
        QCOMPARE(idle.size(), 1U);
        QVERIFY(QString::fromStdString(idle.front()).contains("every 10 steps (eval_steps)"));
        QVERIFY(prepare({{"eval_steps", std::int64_t{10}}, {"eval_fraction", 0.2}})->warnings.empty());
        QVERIFY(othersOf(prepare(often, {}, {"hello"})).empty());
        QCOMPARE(othersOf(prepare({{"eval_steps", std::int64_t{10}}, {"eval_samples", false}}, {}, {"hello"})).size(),
                 1U);
    }

    void aWarmUpThatItsScheduleDoesNotHaveIsWarnedOf()
    {
        const auto cold = othersOf(prepare({{"lr_scheduler_type", "constant"}, {"warmup_steps", 2.0}}));
        QCOMPARE(cold.size(), 1U);
        QVERIFY(QString::fromStdString(cold.front()).contains("constant_with_warmup"));
        for (const char* schedule : {"constant_with_warmup", "linear"})
            QVERIFY(othersOf(prepare({{"lr_scheduler_type", schedule}, {"warmup_steps", 2.0}})).empty());
        const auto late = othersOf(prepare({{"max_steps", std::int64_t{4}}, {"warmup_steps", 4.0}}));
        QCOMPARE(late.size(), 1U);
        QVERIFY2(late.front().starts_with("Warm-up lasts as long as the whole run of 4 steps"), late.front().c_str());
    }

    // Programs know a warning by its name.
    void warningsHaveNames()
    {
        const std::string same = Json{{"prompt", "hello"}, {"chosen", "he"}, {"rejected", "he"}}.dump() + "\n";
        writeFile(m_folder / "named.jsonl", pairs(3) + same);
        const auto run = prepare({{"max_steps", std::int64_t{2}}, {"warmup_steps", 5.0}}, {}, {}, "named.jsonl");
        QCOMPARE(problemOf(run), QString());
        std::vector<Json> names;
        for (const RunWarning& warning : run->warnings) names.push_back(warning.data);
        QCOMPARE(names, (std::vector<Json>{{{"finding", "identical_sides"}, {"count", 1}},
                                           {{"check", "nothing-held-out"}, {"parameter", "eval_fraction"}},
                                           {{"check", "warm-up-too-long"}, {"parameter", "warmup_steps"}}}));
    }

    void aShareThatHoldsNothingOutIsWarnedOf()
    {
        writeFile(m_folder / "one.jsonl", pairs(1));
        const auto one = prepare({{"eval_fraction", 0.5}}, {}, {}, "one.jsonl");
        QCOMPARE(problemOf(one), QString());
        QVERIFY(!one->eval);
        QCOMPARE(one->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(one->warnings.front().text).startsWith("Nothing is held out (eval_fraction)"));
        QVERIFY(othersOf(prepare({}, {}, {}, "one.jsonl")).empty());
        const auto without = prepare({}, {}, {}, "one.jsonl")->warnings;
        QCOMPARE(without.size(), 1U);
        QCOMPARE(without.front().text,
                 std::string("Nothing is held out, so nothing will tell whether training helped."));
    }

    // What inspect finds is stored with the run, with counts and rows, whatever the method.
    void doubtfulRowsAreWarnedOf()
    {
        const std::string odd = Json{{"prompt", "hello"}, {"chosen", ""}, {"rejected", "world"}}.dump() + "\n" +
                                Json{{"prompt", "hello"}, {"chosen", "he"}, {"rejected", "he"}}.dump() + "\n";
        writeFile(m_folder / "odd.jsonl.gz", gzipped(pairs(3) + odd) + "junk");
        const auto dpo = othersOf(prepare({}, {}, {}, "odd.jsonl.gz"));
        QCOMPARE(dpo.size(), 3U);
        QVERIFY(dpo[0].find("identical sides and can teach no preference (line 5)") != std::string::npos);
        QCOMPARE(dpo[1], std::string("1 pair of odd.jsonl.gz has an empty answer (line 4)."));
        QVERIFY(dpo[2].starts_with("odd.jsonl.gz has more behind the end of its data"));
        const auto sft = othersOf(prepare({}, {}, {}, "odd.jsonl.gz", "sft"));
        QCOMPARE(sft.size(), 3U);
        QVERIFY(
            sft[0].starts_with("1 pair of odd.jsonl.gz has two identical answers and teaches no preference (line 5)"));
        // And of a file of held-out pairs.
        writeFile(m_folder / "odd.jsonl", pairs(3) + odd);
        const auto held = othersOf(prepare({}, m_folder / "odd.jsonl"));
        QCOMPARE(held.size(), 3U);
        QVERIFY(held[2].starts_with("3 of 5 pairs held out are trained on as well"));
        QCOMPARE(held[0], std::string("1 pair of odd.jsonl has an empty answer (line 4)."));
        QCOMPARE(held[1], std::string("1 of 5 held-out pairs has identical sides and counts as ties in the held-out "
                                      "measures (line 5)."));
    }

    // What is doubtful of a split is said of the one that the run trains on, also where the file was opened for another.
    void doubtsAreOfTheRunsSplitRule()
    {
        const std::string start = "\n\nHuman: hello\n\nAssistant:";
        const auto file = writeFile(m_folder / "dialogue.jsonl",
                                    Json{{"chosen", start + " he"}, {"rejected", start + " hello"}}.dump() + "\n" +
                                        Json{{"chosen", start + " he"}, {"rejected", start + " world"}}.dump() + "\n");
        auto opened = openEditedDataset(file, {m_folder / "cache"}, {}, {}, {});
        QCOMPARE(problemOf(opened), QString());
        m_opened = {std::make_shared<const EditedDataset>(*std::move(opened))};
        const std::string doubt = "In 1 pair of dialogue.jsonl one side is the beginning of the other, so that hardly "
                                  "anything is left of an answer (line 1).";
        QVERIFY(std::ranges::count(othersOf(prepare({}, {}, {}, "dialogue.jsonl")), doubt) == 0);
        const ParamValues trl{{"split", std::string("trl")}};
        QVERIFY(std::ranges::count(othersOf(prepare(trl, {}, {}, "dialogue.jsonl")), doubt) == 1);
        QVERIFY(std::ranges::count(othersOf(prepare(trl, file)), doubt) == 1);
        m_opened.clear();
    }

    // Of held-out pairs, too, nothing is left out or cut in silence.
    void whatBecomesOfHeldOutRowsIsSaid()
    {
        const auto row = [](int prompt, int answer) {
            return Json{{"prompt", std::string(prompt, 'x')}, {"chosen", std::string(answer, 'x')}, {"rejected", "he"}}
                       .dump() +
                   "\n";
        };
        const auto file = writeFile(m_folder / "held.jsonl", pairs(2) + row(50, 2) + row(2, 50) + "no row\n");
        for (const char* recipe : {"dpo", "sft"}) {
            const auto run = prepare({{"max_length", std::int64_t{40}}}, file, {}, "data.jsonl", recipe);
            QCOMPARE(problemOf(run), QString());
            const auto begin = std::ranges::find_if(
                run->notes, [](const std::string& note) { return note.starts_with("Evaluates on"); });
            QCOMPARE(std::vector<std::string>(begin, run->notes.end()).size(), std::size_t{3});
            QCOMPARE(begin[0], std::string("Evaluates on 3 of 4 pairs of held.jsonl; left out: 1 because the prompt "
                                           "fills the maximum length."));
            QCOMPARE(begin[1], std::string("Of the held-out ones, 1 pair is longer than 40 tokens (max_length); what "
                                           "is beyond them is cut off."));
            QVERIFY2(begin[2].starts_with("1 row of held.jsonl could not be read; the first: line 5"),
                     begin[2].c_str());
        }
    }

    void heldOutPairsThatSayNothingAreWarnedOf()
    {
        const std::string same = Json{{"prompt", "hello"}, {"chosen", "he"}, {"rejected", "he"}}.dump() + "\n";
        const auto file = writeFile(m_folder / "same.jsonl", same + same);
        for (const char* recipe : {"dpo", "sft"})
            QCOMPARE(othersOf(prepare({}, file, {}, "data.jsonl", recipe)),
                     (std::vector<std::string>{"All 2 held-out pairs have identical sides (lines 1, 2), so no held-out "
                                               "measure of preference means anything."}));
    }

    void pairsLongerThanTheModelsPositionsAreWarnedOf()
    {
        // The tiny model was made for 64 tokens; each x is one.
        const std::string longRow =
            "{\"prompt\": \"" + std::string(70, 'x') + "\", \"chosen\": \"he\", \"rejected\": \"world\"}\n";
        writeFile(m_folder / "long.jsonl", pairs(3) + longRow);
        const auto run = prepare({}, {}, {}, "long.jsonl");
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->train->size(), 4U);
        QCOMPARE(run->rows.tooLong, std::uint64_t{1});
        QCOMPARE(othersOf(run).size(), 1U);
        QVERIFY(QString::fromStdString(othersOf(run).front()).startsWith("1 pair is longer than the 64 tokens"));
        QVERIFY(othersOf(prepare({{"max_length", std::int64_t{64}}}, {}, {}, "long.jsonl")).empty());
    }

    void rowsAreCountedOnce()
    {
        writeFile(m_folder / "mixed.jsonl", pairs(8) + "{\"prompt\": 1}\n{\"prompt\": \"" + std::string(40, 'x') +
                                                "\", \"chosen\": \"he\", \"rejected\": \"she\"}\n");
        const auto run = prepare({{"eval_fraction", 0.25}, {"max_length", std::int64_t{20}}}, {}, {}, "mixed.jsonl");
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(run->rows.total(), std::uint64_t{10});
        QCOMPARE(run->rows.unreadable, std::uint64_t{1});
        QCOMPARE(run->rows.heldOut, std::uint64_t{2});
        QCOMPARE(run->rows.used, std::uint64_t{run->train->size()});
    }

    void whatIsCutOffIsSaid()
    {
        writeFile(m_folder / "long.jsonl", pairs(3) + "{\"prompt\": \"a\", \"chosen\": \"he\", \"rejected\": \"" +
                                               std::string(60, 'x') + "\"}\n");
        const auto note = [&](const ParamValues& params) {
            const auto run = prepare(params, {}, {}, "long.jsonl");
            const auto found = std::ranges::find_if(
                run->notes, [](const std::string& text) { return text.find("(max_length)") != std::string::npos; });
            return found == run->notes.end() ? std::string() : *found;
        };
        QCOMPARE(note({{"max_length", std::int64_t{40}}}),
                 std::string("1 pair is longer than 40 tokens (max_length); what is beyond them is cut off."));
        QCOMPARE(note({}), std::string());
    }

    void tokensThatCannotBeCachedAreToldOf()
    {
        const RunFolders folders{m_folder / "run", writeFile(m_folder / "in the way", "")};
        ComponentDescription method;
        method.id = method.title = method.recipe = "dpo";
        RunSpec spec;
        spec.method = "dpo";
        spec.model = m_folder / "model";
        spec.data = m_folder / "data.jsonl";
        const auto run = prepareRun(spec, method, folders, {}, {}, {});
        QCOMPARE(problemOf(run), QString());
        QCOMPARE(othersOf(run).size(), 1U);
        QVERIFY(QString::fromStdString(othersOf(run).front()).contains("temporary file"));
        QCOMPARE(run->train->size(), 20U);
    }

private:
    /// The warnings of a run that may do without held-out pairs.
    static std::vector<std::string> othersOf(const Result<PreparedRun>& run)
    {
        std::vector<std::string> others;
        if (!run) return {sentence(run.error())};
        for (const RunWarning& warning : run->warnings)
            if (!warning.text.starts_with("Nothing is held out, so")) others.push_back(warning.text);
        return others;
    }

    Result<PreparedRun> prepare(const ParamValues& params, const std::filesystem::path& held = {},
                                const std::vector<std::string>& prompts = {}, const char* data = "data.jsonl",
                                const char* recipe = "dpo")
    {
        ComponentDescription method;
        method.id = method.title = method.recipe = recipe;
        RunSpec spec;
        spec.method = recipe;
        spec.model = m_folder / "model";
        spec.data = m_folder / data;
        if (!held.empty()) spec.evalData = held;
        spec.params = params;
        spec.samplePrompts = prompts;
        return prepareRun(spec, method, {m_folder / "run", m_folder / "cache"}, {.opened = m_opened}, {}, {});
    }

    ScratchFolder m_folder;
    OpenedData m_opened;
};

QTEST_GUILESS_MAIN(PrepareWarningsTest)
#include "prepare_warnings_test.moc"
