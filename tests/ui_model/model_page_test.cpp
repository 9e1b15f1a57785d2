// SPDX-License-Identifier: GPL-3.0-or-later
// The model page: words and tensors, trying it, states, between two steps of a run.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/run_project.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/ask_session.h"
#include "ui/models/tensors_model.h"
#include "ui/pages/model/model_overview.h"
#include "ui/pages/model/model_page.h"
#include "ui/pages/model/sampling_form.h"
#include "ui/pages/model/tensors_card.h"
#include "ui/pages/model/try_panel.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/state_view.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTextEdit>

#include <condition_variable>
#include <mutex>

using namespace preflab;

namespace {

/// Lets so many words of an answer through.
class WordGate {
public:
    void open(std::int64_t words)
    {
        const std::lock_guard lock(m_mutex);
        m_open = words;
        m_changed.notify_all();
    }
    void wait(std::int64_t word)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return word < m_open; });
    }

private:
    std::mutex m_mutex;  ///< protects m_open
    std::condition_variable m_changed;
    std::int64_t m_open = 0;
};

/// Cannot read folders called "damaged".
class PickyBackend : public test::FakeBackend {
public:
    using FakeBackend::FakeBackend;
    Result<ModelReport> inspectModel(const std::filesystem::path& path) const override
    {
        if (path.filename() == "damaged")
            return fail(ErrorCode::WeightsInvalid, {{"path", path.string()}, {"where", "byte 812 of model.norm.weight"},
                                                    {"reason", "the file ends there"}});
        return FakeBackend::inspectModel(path);
    }
};

}  // namespace

class ModelPageTest : public QObject {
    Q_OBJECT

private:
    struct Bench {
        explicit Bench(test::FakeScript script)
            : backend(std::move(script)), settings(QString::fromStdString((folder / "settings.ini").string())),
              workspace(backend, settings)
        {
        }
        test::ScratchFolder folder;
        PickyBackend backend;
        AppSettings settings;
        Workspace workspace;
    };
    WordGate m_gate;
    std::unique_ptr<Bench> m_bench;
    std::unique_ptr<ModelPage> m_page;

    void make(test::FakeScript script)
    {
        m_bench = std::make_unique<Bench>(std::move(script));
        m_page = std::make_unique<ModelPage>(m_bench->workspace);
        m_page->resize(1208, 774);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    bool openModel(const char* name)
    {
        m_bench->workspace.openProject(m_bench->folder / "project");
        if (!QTest::qWaitFor([this] { return m_bench->workspace.project() != nullptr; }, 20000)) return false;
        m_bench->workspace.openModel(m_bench->folder / name);
        return QTest::qWaitFor([this] { return m_bench->workspace.model() || m_bench->workspace.modelError(); }, 20000);
    }
    test::FakeScript gatedWords()
    {
        test::FakeScript script;
        script.words = {"Repeat ", "the ", "name ", "aloud."};
        script.onWord = [this](std::int64_t word) { m_gate.wait(word); };
        return script;
    }
    QPlainTextEdit& prompt() const { return *m_page->findChild<QPlainTextEdit*>(); }
    AskSession& session() const { return m_page->findChild<TryPanel*>()->session(); }
    QString answer() const
    {
        for (const QTextEdit* text : m_page->findChildren<QTextEdit*>())
            if (text->accessibleName() == QStringLiteral("Answer")) return text->toPlainText();
        return {};
    }
    StateView& state() const { return *m_page->findChild<StateView*>(); }

private Q_SLOTS:
    void init()
    {
        test::wear(ThemeKind::Light);
        m_gate.open(0);
    }

    void cleanup()
    {
        m_gate.open(1'000'000);
        m_page.reset();
        m_bench.reset();
    }

    void emptyThenOpen()
    {
        make({});
        QCOMPARE(state().state(), QStringLiteral("empty"));
        QVERIFY(!test::withText<Button>(*m_page, QStringLiteral("Train this"))->isEnabled());
        QVERIFY(!test::withText<Button>(*m_page, QStringLiteral("Ask"))->isEnabled());
        QVERIFY(openModel("small"));
        QCOMPARE(state().state(), QStringLiteral("content"));
        const ModelReport& report = *m_bench->workspace.model();
        QVERIFY(m_page->findChild<ModelOverview*>()->plainText().contains(QString::fromStdString(report.architecture)));
        QCOMPARE(m_page->findChild<TensorsCard*>()->model().total(), static_cast<int>(report.tensors.size()));
        const QSignalSpy went(m_page.get(), &Page::wentTo);
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Train this")), Qt::LeftButton);
        QCOMPARE(went[0][0].value<Destination>().page, PageId::Train);
    }

    void aDamagedFileNamesPlaceAndWayOut()
    {
        make({});
        QVERIFY(openModel("damaged"));
        QCOMPARE(state().state(), QStringLiteral("error"));
        QStringList texts;
        for (const QLabel* label : state().findChildren<QLabel*>()) texts.push_back(label->text());
        QVERIFY(texts.join(QLatin1Char(' ')).contains(QStringLiteral("byte 812 of model.norm.weight")));
        QVERIFY(test::withText<Button>(state(), QStringLiteral("Open another model")) != nullptr);
        QVERIFY(!test::withText<Button>(*m_page, QStringLiteral("Ask"))->isEnabled());
        QVERIFY(test::withText<Button>(*m_page, QStringLiteral("Ask"))->toolTip().contains(QStringLiteral("could not be read")));
    }

    void escapeStops()
    {
        make(gatedWords());
        QVERIFY(openModel("small"));
        prompt().setFocus();
        QTest::keyClicks(&prompt(), QStringLiteral("Hello"));
        QTest::keyClick(&prompt(), Qt::Key_Return, Qt::ControlModifier);
        m_gate.open(1);
        QTRY_COMPARE(answer(), QStringLiteral("Repeat "));
        QTRY_VERIFY(test::withText<Button>(*m_page, QStringLiteral("Stop"))->isVisible());
        QTest::keyClick(&prompt(), Qt::Key_Escape);
        m_gate.open(4);
        QTRY_COMPARE(session().state(), AskSession::State::Stopped);
        QVERIFY(answer().startsWith(QStringLiteral("Repeat ")));
        QVERIFY(!test::withText<Button>(*m_page, QStringLiteral("Stop"))->isVisible());
    }

    void valuesOutOfRangeAreSaidAtTheirField()
    {
        make({});
        QVERIFY(openModel("small"));
        QTest::keyClicks(&prompt(), QStringLiteral("Hello"));
        auto* form = m_page->findChild<SamplingForm*>();
        NumberField* seed = nullptr;
        for (NumberField* field : form->findChildren<NumberField*>())
            if (field->accessibleName() == QStringLiteral("Seed")) seed = field;
        QVERIFY(test::withText<Button>(*m_page, QStringLiteral("Ask"))->isEnabled());
        seed->setText(QStringLiteral("-1"));
        QVERIFY(!test::withText<Button>(*m_page, QStringLiteral("Ask"))->isEnabled());
        QVERIFY(test::withText<QLabel>(*form, QStringLiteral("The seed must be a whole number from 0.")) != nullptr);
        form->rollSeed();
        QVERIFY(test::withText<Button>(*m_page, QStringLiteral("Ask"))->isEnabled());
        GenerateRequest request;
        QVERIFY(form->fill(request));
        QCOMPARE(request.maxNewTokens, std::int64_t{128});
        QCOMPARE(request.temperature, 0.8);
    }

    void aRunThatTrainsIsMentioned()
    {
        test::FakeScript script;
        script.steps = 100000;
        script.stepTime = std::chrono::milliseconds(2);
        make(std::move(script));
        QVERIFY(openModel("small"));
        QTRY_VERIFY(m_bench->workspace.runs()->isLoaded());
        auto* hint = test::withText<QLabel>(*m_page, QStringLiteral("A run trains: answers come between two of its steps."));
        QVERIFY(!hint->isVisible());
        m_bench->workspace.runs()->start({test::fakeSpec()});
        QTRY_VERIFY(hint->isVisible());
        m_bench->workspace.runs()->active()->cancel();
        QTRY_VERIFY(!hint->isVisible());
    }

    void everythingHasANameAndIsReachable()
    {
        make({});
        QVERIFY(openModel("small"));
        QCOMPARE(test::namelessControls(*m_page), QStringList());
        QCOMPARE(test::controlsOutOfReach(*m_page), QStringList());
    }

    void pictures()
    {
        if (!qEnvironmentVariableIsSet("PREFLAB_SHOTS")) QSKIP("pictures are drawn into PREFLAB_SHOTS");
        test::FakeScript script;
        script.words = {"Repeat the name aloud ", "as soon as you hear it. ", "Link it to something you can see, such as a desk."};
        make(std::move(script));
        QVERIFY(openModel("SmolLM2-135M-Instruct"));
        prompt().setPlainText(QStringLiteral("How can I remember the names of new colleagues?"));
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Ask")), Qt::LeftButton);
        QTRY_COMPARE(session().state(), AskSession::State::Done);
        for (const auto& look : {test::Look{{1208, 774}}, test::Look{{1208, 774}, ThemeKind::Dark}, test::Look{{1848, 1054}}})
            QVERIFY(!test::saveShot(*m_page, QStringLiteral("model"), look).isEmpty());
        m_bench->workspace.openModel(m_bench->folder / "damaged");
        QTRY_COMPARE(state().state(), QStringLiteral("error"));
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("model-error"), test::Look{{1208, 774}}).isEmpty());
        m_bench->workspace.openModel(m_bench->folder / "small");
        test::wear(ThemeKind::Light, 1.5);
        m_page = std::make_unique<ModelPage>(m_bench->workspace);
        m_page->findChild<SamplingForm*>()->setUnfolded(true);
        QTRY_VERIFY(m_bench->workspace.model().has_value());
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("model-fresh"), test::Look{{1208, 774}, ThemeKind::Light, 1.5}).isEmpty());
    }
};

PREFLAB_UI_TEST_MAIN(ModelPageTest)
#include "model_page_test.moc"
