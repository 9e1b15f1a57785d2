// SPDX-License-Identifier: GPL-3.0-or-later
// What a preparation warns of: held-out data that is trained on, settings without effect.
#include "core/runs/prepare.h"
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
            QVERIFY(QString::fromStdString(run->warnings.front()).contains("both trained and evaluated on"));
        }
        QVERIFY(prepare({{"eval_fraction", 0.2}})->warnings.empty());
        QVERIFY(prepare({}, writeFile(m_folder / "held.jsonl", pairs(3)))->warnings.empty());
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
                run->warnings, [](const std::string& text) { return text.starts_with("Not trained on"); });
            return found == run->warnings.end() ? std::string() : *found;
        };
        QCOMPARE(warned("plain.jsonl"), std::string());
        plain["tools"] = "[]";
        writeFile(m_folder / "calls.jsonl", rows.dump() + "\n" + plain.dump() + "\n");
        QCOMPARE(
            warned("calls.jsonl"),
            std::string("Not trained on, because ChatML writes only role and content of messages: name of messages "
                        "(1 row), tool_calls of messages (1 row), the column tools."));
    }

    void evaluationsOfNothingAreWarnedOf()
    {
        const ParamValues often{{"eval_steps", std::int64_t{10}}};
        const auto idle = prepare(often);
        QCOMPARE(idle->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(idle->warnings.front()).contains("every 10 steps (eval_steps)"));
        QVERIFY(prepare({{"eval_steps", std::int64_t{10}}, {"eval_fraction", 0.2}})->warnings.empty());
        QVERIFY(prepare(often, {}, {"hello"})->warnings.empty());
        QCOMPARE(prepare({{"eval_steps", std::int64_t{10}}, {"eval_samples", false}}, {}, {"hello"})->warnings.size(),
                 1U);
    }

    void aWarmUpThatItsScheduleDoesNotHaveIsWarnedOf()
    {
        const auto cold = prepare({{"lr_scheduler_type", "constant"}, {"warmup_steps", 2.0}});
        QCOMPARE(cold->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(cold->warnings.front()).contains("constant_with_warmup"));
        for (const char* schedule : {"constant_with_warmup", "linear"})
            QVERIFY(prepare({{"lr_scheduler_type", schedule}, {"warmup_steps", 2.0}})->warnings.empty());
    }

    void aShareThatHoldsNothingOutIsWarnedOf()
    {
        writeFile(m_folder / "one.jsonl", pairs(1));
        const auto one = prepare({{"eval_fraction", 0.5}}, {}, {}, "one.jsonl");
        QCOMPARE(problemOf(one), QString());
        QVERIFY(!one->eval);
        QCOMPARE(one->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(one->warnings.front()).startsWith("Nothing is held out (eval_fraction)"));
        QVERIFY(prepare({}, {}, {}, "one.jsonl")->warnings.empty());
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
        QCOMPARE(run->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(run->warnings.front()).startsWith("1 pair is longer than the 64 tokens"));
        QVERIFY(prepare({{"max_length", std::int64_t{64}}}, {}, {}, "long.jsonl")->warnings.empty());
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
        QCOMPARE(run->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(run->warnings.front()).contains("temporary file"));
        QCOMPARE(run->train->size(), 20U);
    }

private:
    Result<PreparedRun> prepare(const ParamValues& params, const std::filesystem::path& held = {},
                                const std::vector<std::string>& prompts = {}, const char* data = "data.jsonl")
    {
        ComponentDescription method;
        method.id = method.title = method.recipe = "dpo";
        RunSpec spec;
        spec.method = "dpo";
        spec.model = m_folder / "model";
        spec.data = m_folder / data;
        if (!held.empty()) spec.evalData = held;
        spec.params = params;
        spec.samplePrompts = prompts;
        return prepareRun(spec, method, {m_folder / "run", m_folder / "cache"}, {}, {}, {});
    }

    ScratchFolder m_folder;
};

QTEST_GUILESS_MAIN(PrepareWarningsTest)
#include "prepare_warnings_test.moc"
