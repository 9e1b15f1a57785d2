// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of a run: noted one by one, and left at once when the user wants the run to end.
#include "core/train/loop/run_samples.h"
#include "support/loop_run.h"
#include "support/results.h"

#include <QTest>

using namespace preflab;
using namespace preflab::test;

namespace {

/// Continues every text without end, and calls `onToken` with each token's number.
class EndlessEngine final : public Engine {
public:
    EndlessEngine(std::size_t vocabulary, std::function<void(int)> onToken)
        : m_vocabulary(vocabulary), m_onToken(std::move(onToken))
    {
    }

    int tokens() const { return m_tokens; }

    bool isRounded() const override { return false; }
    SequenceSums evaluate(const PairBatch&, const SumRequest&, Products) override { return {}; }
    std::vector<PairTokenLogProbs> tokenLogProbs(const PairBatch&) override { return {}; }
    BatchShare accumulate(const PairBatch&, const SumRequest&, const SumObjective&) override { return {}; }
    std::unique_ptr<Generation> generate() override { return std::make_unique<Endless>(*this); }
    std::int64_t maxPositions() const override { return 100'000; }
    void parametersChanged() override {}

private:
    struct Endless final : Generation {
        explicit Endless(EndlessEngine& owner) : engine(owner) {}
        std::vector<double> next(std::span<const TokenId>) override
        {
            engine.m_onToken(++engine.m_tokens);
            std::vector<double> logits(engine.m_vocabulary);
            logits[kLetter] = 1.0;
            return logits;
        }
        EndlessEngine& engine;
    };
    static constexpr std::size_t kLetter = 100;  // some token that does not end a text

    std::size_t m_vocabulary;
    std::function<void(int)> m_onToken;
    int m_tokens = 0;
};

}  // namespace

class RunSamplesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<ScratchFolder>();
        m_demo = std::make_unique<DemoRun>(*m_folder, ParamValues{});
        m_demo->job.samplePrompts = {"first", "second"};
    }

    void notesEachAnswer()
    {
        Ran ran;
        EndlessEngine engine(vocabulary(), [](int) {});
        QCOMPARE(problemOf(sample(ran, engine)), QString());
        const auto answers = ran.events(RunEvent::Kind::Sample);
        QCOMPARE(answers.size(), 2U);
        QCOMPARE(answers[1].text, std::string("second"));
        QCOMPARE(answers[1].data.at("when"), Json("before"));
        QVERIFY(!answers[1].data.at("answer").get<std::string>().empty());
    }

    void endsWithinAnAnswer_data()
    {
        QTest::addColumn<bool>("isSaving");
        QTest::newRow("stop and save") << true;
        QTest::newRow("cancel") << false;
    }
    void endsWithinAnAnswer()
    {
        QFETCH(bool, isSaving);
        Ran ran;
        EndlessEngine engine(vocabulary(), [&](int token) {
            if (token != 3) return;
            isSaving ? ran.control.stopAndSave() : ran.control.cancel();
        });
        QCOMPARE(codeOf(sample(ran, engine)), QString("cancelled"));
        QCOMPARE(engine.tokens(), 3);
        QVERIFY(ran.events(RunEvent::Kind::Sample).empty());
    }

private:
    std::size_t vocabulary() const { return static_cast<std::size_t>(m_demo->model->decoder.vocabularySize); }

    Result<> sample(Ran& ran, Engine& engine)
    {
        ran.log.setAutoCommit();
        RunClock clock(ran.control, ran.log);
        RunReporter reporter(clock, ran.log);
        return sampleAnswers(engine, m_demo->job, "before", 0, clock, reporter);
    }

    std::unique_ptr<ScratchFolder> m_folder;
    std::unique_ptr<DemoRun> m_demo;
};

QTEST_GUILESS_MAIN(RunSamplesTest)
#include "run_samples_test.moc"
