// SPDX-License-Identifier: GPL-3.0-or-later
// Asking a model: streaming, stopping, failing, between two steps of a run; whom one can ask; emptying caches.
#include "core/base/system.h"
#include "support/fake_backend.h"
#include "support/files.h"
#include "support/run_project.h"
#include "ui/models/app/app_settings.h"
#include "ui/models/app/cache_care.h"
#include "ui/models/app/workspace.h"
#include "ui/models/model/answer_sources.h"
#include "ui/models/model/ask_session.h"
#include "ui/models/runs/run_center.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace preflab;

namespace {

test::FakeScript slowRuns()
{
    test::FakeScript script = test::longRuns();
    script.onWord = [](std::int64_t) { std::this_thread::sleep_for(std::chrono::microseconds(100)); };
    return script;
}

}  // namespace

class AskSessionTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;
    test::FakeBackend m_backend{slowRuns()};
    std::unique_ptr<AppSettings> m_settings;
    std::unique_ptr<Workspace> m_workspace;
    int m_count = 0;

    static GenerateRequest request(std::int64_t tokens)
    {
        GenerateRequest request;
        request.model = "/models/small";
        request.prompt = "Once";
        request.maxNewTokens = tokens;
        return request;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        // What is emptied here is never a person's own cache.
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString((m_folder / "cache").string()));
    }

    void init()
    {
        const std::string name = "project" + std::to_string(++m_count);
        m_settings = std::make_unique<AppSettings>(QString::fromStdString((m_folder / (name + ".ini")).string()));
        m_workspace = std::make_unique<Workspace>(m_backend, *m_settings);
        m_workspace->openProject(m_folder / name);
        QTRY_VERIFY(m_workspace->runs() != nullptr && m_workspace->runs()->isLoaded());
    }

    void cleanup()
    {
        m_workspace.reset();
        m_settings.reset();
    }

    void theAnswerStreams()
    {
        AskSession session(*m_workspace);
        QString text;
        connect(&session, &AskSession::textArrived, &session, [&](const QString& piece) { text += piece; });
        session.ask(request(3));
        QVERIFY(session.isBusy());
        QCOMPARE(session.question(), QStringLiteral("Once"));
        QTRY_COMPARE(session.state(), AskSession::State::Done);
        QCOMPARE(text, QStringLiteral("Once 0Once 1Once 2"));
        QCOMPARE(session.answer(), text);
        QCOMPARE(session.tokens(), 3);
    }

    void stoppingKeepsWhatWasWritten()
    {
        AskSession session(*m_workspace);
        session.ask(request(2000000000));
        QTRY_VERIFY(session.tokens() > 10);
        session.stop();
        QTRY_COMPARE(session.state(), AskSession::State::Stopped);
        QVERIFY(!session.error());
        QVERIFY(session.answer().startsWith(QStringLiteral("Once 0")));
    }

    void aRunIsToldAboutAndServesBetweenSteps()
    {
        AskSession session(*m_workspace);
        QVERIFY(!session.isBetweenSteps());
        m_workspace->runs()->start({test::fakeSpec()});
        QTRY_VERIFY(session.isBetweenSteps());
        session.ask(request(2));
        QTRY_COMPARE(session.state(), AskSession::State::Done);
        QCOMPARE(m_backend.overlaps(), 0);
        CacheCare care(*m_workspace);
        QVERIFY(care.refusal().contains(m_workspace->runs()->active()->name()));
        care.empty();
        QVERIFY(!care.isEmptying());
        m_workspace->runs()->active()->cancel();
        QTRY_VERIFY(!session.isBetweenSteps());
        QCOMPARE(care.refusal(), QString());
    }

    void runsWithWeightsCanBeAsked()
    {
        AnswerSources sources(*m_workspace);
        const QAbstractItemModelTester tester(&sources, QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_workspace->openModel("/models/small");
        QTRY_COMPARE(sources.rowCount(), 1);
        m_workspace->runs()->start({test::fakeSpec("first", 3), test::fakeSpec("second", 3)});
        QTRY_COMPARE(m_workspace->runs()->runs().size(), std::size_t{2});
        QTRY_VERIFY(m_workspace->runs()->unfinished().empty());
        const auto folder = m_workspace->project()->runFolder(m_workspace->runs()->runs().front().record.id);
        test::writeFile(folder / "model" / "config.json", "{}");
        sources.refresh();
        QTRY_COMPARE(sources.rowCount(), 2);
        QCOMPARE(sources.index(1).data().toString(), QStringLiteral("first"));
        QCOMPARE(sources.rowOf(folder / "model"), 1);
        QCOMPARE(sources.rowOf("/elsewhere"), -1);
    }

    void cachesAreCountedAndEmptied()
    {
        test::writeFile(cacheFolder() / "test-rows", "12345");
        CacheCare care(*m_workspace);
        QVERIFY(!care.contents());
        care.refresh();
        QTRY_VERIFY(care.contents().has_value());
        QVERIFY(care.contents()->bytes >= 5);
        QSignalSpy emptied(&care, &CacheCare::emptied);
        care.empty();
        QVERIFY(care.isEmptying());
        QVERIFY(emptied.wait(20000));
        QTRY_COMPARE(care.contents()->files, std::uint64_t{0});
        QVERIFY(!std::filesystem::exists(cacheFolder() / "test-rows"));
    }
};

QTEST_GUILESS_MAIN(AskSessionTest)
#include "ask_session_test.moc"
