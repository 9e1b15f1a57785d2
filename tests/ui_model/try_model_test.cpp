// SPDX-License-Identifier: GPL-3.0-or-later
// Trying a model: the answer streams in, is stopped by key and mouse, fails in words, and comes from a run's weights.
#include "support/run_project.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "support/word_gate.h"
#include "ui/models/model/ask_session.h"
#include "ui/pages/model/model_page.h"
#include "ui/pages/model/try_panel.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/choices.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTextEdit>

#include <atomic>

using namespace preflab;

namespace {

/// Answers word by word, or says what it lacks.
class ForgetfulBackend : public test::FakeBackend {
public:
    using FakeBackend::FakeBackend;
    Result<> generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_last = request;
        }
        if (isForgetful)
            return fail(ErrorCode::WeightsInvalid,
                        {{"path", "model.safetensors"}, {"where", "byte 7"}, {"reason", "the file is gone"}});
        return FakeBackend::generate(request, sink, std::move(stop));
    }
    GenerateRequest last() const
    {
        const std::lock_guard lock(m_mutex);
        return m_last;
    }
    std::atomic<bool> isForgetful = false;

private:
    mutable std::mutex m_mutex;  ///< protects m_last
    GenerateRequest m_last;
};

/// A model page with an open model, shown. Members go in the order that the program destroys them in.
struct Bench {
    explicit Bench(test::FakeScript script)
        : backend(std::move(script)), settings(QString::fromStdString((folder / "settings.ini").string())),
          workspace(backend, settings), page(workspace)
    {
        page.resize(1208, 774);
        page.show();
        page.activateWindow();
        (void)QTest::qWaitForWindowActive(&page);
        workspace.openProject(folder / "project");
        (void)QTest::qWaitFor([this] { return workspace.runs() != nullptr && workspace.runs()->isLoaded(); }, 20'000);
        workspace.openModel(folder / "small");
        (void)QTest::qWaitFor([this] { return workspace.model().has_value(); }, 20'000);
    }

    QPlainTextEdit& prompt() const { return *page.findChild<QPlainTextEdit*>(); }
    AskSession& session() const { return page.findChild<TryPanel*>()->session(); }
    Button& button(const char* text) const { return *test::withText<Button>(page, QString::fromUtf8(text)); }
    /// Whether the page shows a text that holds this one.
    bool isSaid(const char* text) const
    {
        for (const QLabel* label : page.findChildren<QLabel*>())
            if (label->isVisible() && label->text().contains(QString::fromUtf8(text))) return true;
        return false;
    }
    QString answer() const
    {
        for (const QTextEdit* text : page.findChildren<QTextEdit*>())
            if (text->accessibleName() == QStringLiteral("Answer")) return text->toPlainText();
        return {};
    }
    void ask(const char* question) const
    {
        prompt().setFocus();
        prompt().selectAll();
        QTest::keyClicks(&prompt(), QString::fromUtf8(question));
        QTest::keyClick(&prompt(), Qt::Key_Return, Qt::ControlModifier);
    }

    test::ScratchFolder folder;
    ForgetfulBackend backend;
    AppSettings settings;
    Workspace workspace;
    ModelPage page;
};

}  // namespace

class TryModelTest : public QObject {
    Q_OBJECT

private:
    test::WordGate m_gate;

    test::FakeScript gatedWords()
    {
        test::FakeScript script;
        script.words = {"Repeat ", "the ", "name ", "aloud."};
        script.onWord = [this](std::int64_t word) { m_gate.wait(word); };
        return script;
    }

private Q_SLOTS:
    void init() { m_gate.open(0); }
    void cleanup() { m_gate.open(1'000'000); }

    void theAnswerStreamsWordByWord()
    {
        Bench bench(gatedWords());
        const auto release = qScopeGuard([this] { m_gate.open(1'000'000); });
        bench.ask("How can I remember names?");
        QCOMPARE(bench.session().state(), AskSession::State::Waiting);
        QCOMPARE(bench.answer(), QString());
        QVERIFY(bench.isSaid("How can I remember names?"));
        m_gate.open(2);
        QTRY_COMPARE(bench.answer(), QStringLiteral("Repeat the "));
        QCOMPARE(bench.session().state(), AskSession::State::Answering);
        QVERIFY(bench.isSaid("2 token(s)"));
        m_gate.open(5);
        QTRY_COMPARE(bench.session().state(), AskSession::State::Done);
        QCOMPARE(bench.answer(), QStringLiteral("Repeat the name aloud."));
        QCOMPARE(bench.session().tokens(), qint64{4});
        QVERIFY(!bench.button("Stop").isVisible());
        // The next answer takes the place of this one.
        bench.ask("And faces?");
        QTRY_COMPARE(bench.session().state(), AskSession::State::Done);
        QCOMPARE(bench.answer(), QStringLiteral("Repeat the name aloud."));
        QVERIFY(bench.isSaid("And faces?"));
        QVERIFY(!bench.isSaid("How can I remember names?"));
    }

    void aKeyAndTheMouseStopIt()
    {
        Bench bench(gatedWords());
        const auto release = qScopeGuard([this] { m_gate.open(1'000'000); });
        for (const bool isByMouse : {false, true}) {
            m_gate.open(0);
            bench.ask("Hello");
            m_gate.open(1);
            QTRY_COMPARE(bench.answer(), QStringLiteral("Repeat "));
            QTRY_VERIFY(bench.button("Stop").isVisible());
            if (isByMouse)
                QTest::mouseClick(&bench.button("Stop"), Qt::LeftButton);
            else
                QTest::keyClick(&bench.prompt(), Qt::Key_Escape);
            m_gate.open(5);
            QTRY_COMPARE(bench.session().state(), AskSession::State::Stopped);
            QCOMPARE(bench.answer(), QStringLiteral("Repeat "));
            QVERIFY(bench.isSaid("stopped"));
            QVERIFY(!bench.button("Stop").isVisible());
            QVERIFY(bench.button("Ask").isEnabled());
        }
    }

    void askingAgainEndsTheAnswerBefore()
    {
        Bench bench(gatedWords());
        const auto release = qScopeGuard([this] { m_gate.open(1'000'000); });
        bench.ask("First");
        m_gate.open(1);
        QTRY_COMPARE(bench.answer(), QStringLiteral("Repeat "));
        bench.ask("Second");
        QCOMPARE(bench.answer(), QString());
        m_gate.open(5);
        QTRY_COMPARE(bench.session().state(), AskSession::State::Done);
        QCOMPARE(bench.answer(), QStringLiteral("Repeat the name aloud."));
        QCOMPARE(bench.backend.last().prompt, std::string("Second"));
    }

    void aFailureIsSaidAndTheNextAnswerTakesItAway()
    {
        Bench bench({});
        bench.backend.isForgetful = true;
        bench.ask("Hello");
        QTRY_COMPARE(bench.session().state(), AskSession::State::Failed);
        const auto* note = bench.page.findChild<TryPanel*>()->findChild<Note*>();
        QVERIFY(note->isVisible());
        QVERIFY2(note->text().contains(QStringLiteral("the file is gone")), qPrintable(note->text()));
        QVERIFY(!bench.button("Stop").isVisible());
        bench.backend.isForgetful = false;
        bench.ask("Hello");
        QTRY_COMPARE(bench.session().state(), AskSession::State::Done);
        QVERIFY(!note->isVisible());
    }

    void theWeightsOfARunAnswer()
    {
        test::FakeScript script;
        script.curves = test::FakeCurves::Plausible;
        Bench bench(script);
        auto& sources = *bench.page.findChild<TryPanel*>()->findChild<ComboBox*>();
        QTRY_COMPARE(sources.count(), 1);
        QVERIFY(!sources.isEnabled());
        bench.ask("Hello");
        QTRY_COMPARE(bench.session().state(), AskSession::State::Done);
        QCOMPARE(bench.backend.last().model, bench.folder / "small");
        bench.workspace.runs()->start({test::fakeSpec()});
        QTRY_COMPARE(sources.count(), 2);
        QVERIFY(sources.isEnabled());
        sources.setFocus();
        QTest::keyClick(&sources, Qt::Key_Down);
        bench.ask("Hello");
        QTRY_COMPARE(bench.session().state(), AskSession::State::Done);
        QCOMPARE(bench.backend.last().model.filename().string(), std::string("model"));
        QVERIFY(bench.backend.last().model.string().find("runs") != std::string::npos);
    }
};

PREFLAB_UI_TEST_MAIN(TryModelTest)
#include "try_model_test.moc"
