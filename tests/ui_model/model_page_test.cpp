// SPDX-License-Identifier: GPL-3.0-or-later
// The model page: words and tensors, trying it, states, between two steps of a run.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/run_project.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/model/ask_session.h"
#include "ui/models/model/tensors_model.h"
#include "ui/pages/model/model_overview.h"
#include "ui/pages/model/model_page.h"
#include "ui/pages/model/sampling_form.h"
#include "ui/pages/model/tensors_card.h"
#include "ui/pages/model/try_panel.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/table_view.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>

using namespace preflab;

namespace {

/// Cannot read folders called "damaged".
class PickyBackend : public test::FakeBackend {
public:
    using FakeBackend::FakeBackend;
    Result<ModelReport> inspectModel(const std::filesystem::path& path) const override
    {
        if (path.filename() == "damaged")
            return fail(ErrorCode::WeightsInvalid, {{"path", path.string()},
                                                    {"where", "byte 812 of model.norm.weight"},
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
    QPlainTextEdit& prompt() const { return *m_page->findChild<QPlainTextEdit*>(); }
    AskSession& session() const { return m_page->findChild<TryPanel*>()->session(); }
    StateView& state() const { return *m_page->findChild<StateView*>(); }

private Q_SLOTS:
    void init() { test::wear(ThemeKind::Light); }

    void cleanup()
    {
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

    void aModelIsToldInWords()
    {
        make({});
        QVERIFY(openModel("small"));
        const auto isTold = [this](const char* text) {
            const auto* label = test::withText<QLabel>(*m_page->findChild<ModelOverview*>(), QString::fromUtf8(text));
            return label != nullptr && label->isVisible();
        };
        for (const char* text : {"fake, 2 layers, width 64", "4 heads, 2 for keys and values", "256 tokens",
                                 "SentencePiece, 512 pieces", "shared with the output"})
            QTRY_VERIFY2(isTold(text), text);
        const auto* badge = m_page->findChild<ModelOverview*>()->findChild<Badge*>();
        QCOMPARE(badge->text(), QStringLiteral("none"));
        QVERIFY(badge->toolTip().contains(QStringLiteral("dialogue")));
    }

    void tensorsAreFoundByName()
    {
        make({});
        QVERIFY(openModel("small"));
        auto* card = m_page->findChild<TensorsCard*>();
        auto* search = card->findChild<QLineEdit*>();
        const auto* count = card->findChild<Badge*>();
        QCOMPARE(count->text(), QStringLiteral("14"));
        QTest::keyClick(&prompt(), Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(QApplication::focusWidget(), search);
        QTest::keyClicks(search, QStringLiteral("1 PROJ"));
        QCOMPARE(count->text(), QStringLiteral("5 of 14"));
        QTest::keyClicks(search, QStringLiteral(" bias"));
        QCOMPARE(count->text(), QStringLiteral("0 of 14"));
        // Each key made a new panel; the ones before go with the next turn.
        const auto clear = [card] { return test::withText<Button>(*card, QStringLiteral("Clear the search")); };
        QTRY_VERIFY(clear() != nullptr && clear()->isVisible());
        QTest::mouseClick(clear(), Qt::LeftButton);
        QCOMPARE(count->text(), QStringLiteral("14"));
        QVERIFY(card->findChild<TableView*>()->isVisible());
        // Another model, another list; what was searched for stays.
        QTest::keyClicks(search, QStringLiteral("norm"));
        QCOMPARE(count->text(), QStringLiteral("3 of 14"));
        QVERIFY(openModel("damaged"));
        QVERIFY(!card->isVisible());
        m_bench->workspace.openModel(m_bench->folder / "small");
        QTRY_VERIFY(card->isVisible());
        QCOMPARE(count->text(), QStringLiteral("3 of 14"));
    }

    void openAsksForAFolder()
    {
        make({});
        QVERIFY(openModel("small"));
        FileQuestion asked = FileQuestion::Pairs;
        ModelPage page(m_bench->workspace, [this, &asked](QWidget&, FileQuestion question, const auto& then) {
            asked = question;
            then(m_bench->folder / "damaged");
        });
        QTest::mouseClick(test::withText<Button>(page, QStringLiteral("Open")), Qt::LeftButton);
        QVERIFY(asked == FileQuestion::ModelFolder);
        QTRY_VERIFY(m_bench->workspace.modelError().has_value());
        QTest::mouseClick(test::withText<Button>(*page.findChild<StateView*>(), QStringLiteral("Open another model")),
                          Qt::LeftButton);
        QTRY_COMPARE(m_bench->workspace.modelPath().filename().string(), std::string("damaged"));
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
        QVERIFY(test::withText<Button>(*m_page, QStringLiteral("Ask"))
                    ->toolTip()
                    .contains(QStringLiteral("could not be read")));
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
        make(test::longRuns());
        QVERIFY(openModel("small"));
        QTRY_VERIFY(m_bench->workspace.runs()->isLoaded());
        auto* hint =
            test::withText<QLabel>(*m_page, QStringLiteral("A run trains: answers come between two of its steps."));
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
        script.words = {"Repeat the name aloud ", "as soon as you hear it. ",
                        "Link it to something you can see, such as a desk."};
        make(std::move(script));
        QVERIFY(openModel("SmolLM2-135M-Instruct"));
        prompt().setPlainText(QStringLiteral("How can I remember the names of new colleagues?"));
        QTest::mouseClick(test::withText<Button>(*m_page, QStringLiteral("Ask")), Qt::LeftButton);
        QTRY_COMPARE(session().state(), AskSession::State::Done);
        for (const auto& look :
             {test::Look{{1208, 774}}, test::Look{{1208, 774}, ThemeKind::Dark}, test::Look{{1848, 1054}}})
            QVERIFY(!test::saveShot(*m_page, QStringLiteral("model"), look).isEmpty());
        m_bench->workspace.openModel(m_bench->folder / "damaged");
        QTRY_COMPARE(state().state(), QStringLiteral("error"));
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("model-error"), test::Look{{1208, 774}}).isEmpty());
        m_bench->workspace.openModel(m_bench->folder / "small");
        test::wear(ThemeKind::Light, 1.5);
        m_page = std::make_unique<ModelPage>(m_bench->workspace);
        m_page->findChild<SamplingForm*>()->setUnfolded(true);
        QTRY_VERIFY(m_bench->workspace.model().has_value());
        QVERIFY(!test::saveShot(*m_page, QStringLiteral("model-fresh"), test::Look{{1208, 774}, ThemeKind::Light, 1.5})
                     .isEmpty());
    }
};

PREFLAB_UI_TEST_MAIN(ModelPageTest)
#include "model_page_test.moc"
