// SPDX-License-Identifier: GPL-3.0-or-later
// The Train page by mouse and keyboard: settings, errors at their fields, estimate, start; and the wizard by keys alone.
#include "support/accessibility_walk.h"
#include "support/grab.h"
#include "support/tiny_model.h"
#include "support/ui_bench.h"
#include "support/ui_test_main.h"
#include "ui/models/data/dataset_session.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/train/form_parts.h"
#include "ui/pages/train/method_cards.h"
#include "ui/pages/train/settings_form.h"
#include "ui/pages/train/train_page.h"
#include "ui/pages/train/wizard.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/step_trail.h"

#include <QSignalSpy>

#include <numeric>

using namespace preflab;

namespace {

/// Signals carry destinations, which have no meta type.
class Watcher : public QObject {
public:
    explicit Watcher(Page& page)
    {
        connect(&page, &Page::wentTo, this,
                [this](const Destination& destination) { destinations.push_back(destination); });
    }
    std::vector<Destination> destinations;
};

template <class Row>
Row* rowOf(QWidget& root, const QString& label)
{
    for (Row* row : root.findChildren<Row*>()) {
        if (row->label() == label && row->isVisible()) return row;
    }
    return nullptr;
}

void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWidget* target = QApplication::focusWidget();
    QVERIFY2(target, "nothing has the keyboard");
    QTest::keyClick(target, key, modifiers);
}

}  // namespace

class TrainPageTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<test::UiBench> m_bench;
    std::unique_ptr<TrainPage> m_page;

    void make(bool hasSources = true)
    {
        m_page.reset();
        test::FakeScript script;
        script.curves = test::FakeCurves::Plausible;
        script.pairs = 200;
        m_bench = std::make_unique<test::UiBench>(script);
        QVERIFY(m_bench->openProject());
        m_page = std::make_unique<TrainPage>(m_bench->workspace, [](QWidget&, FileQuestion, const auto&) {});
        m_page->resize(1208, 774);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        if (!hasSources) return;
        m_bench->workspace.openModel(test::writeTinyModel(m_bench->folder / "SmolLM2-135M-Instruct"));
        QVERIFY(m_bench->openPairs(test::pairLines(240)));
        QTRY_VERIFY(m_page->setup().problem() == nullptr);
    }

    RunDraft& draft() { return m_page->setup().draft(); }
    ParamRow* row(const QString& label) { return rowOf<ParamRow>(*m_page, label); }

private Q_SLOTS:
    void cleanup()
    {
        m_page.reset();
        m_bench.reset();
    }

    void nothingStartsWithoutSources()
    {
        make(false);
        Watcher watcher(*m_page);
        QTRY_VERIFY(m_page->setup().problem() != nullptr);
        auto& start = *m_page->findChild<Button*>(QStringLiteral("start"));
        QVERIFY2(start.toolTip().contains(QStringLiteral("Choose the model")), qPrintable(start.toolTip()));
        QTest::mouseClick(&start, Qt::LeftButton);
        // It leads to the field in question.
        QCOMPARE(QApplication::focusWidget(), rowOf<FormRow>(*m_page, QStringLiteral("Model"))->editor());
        QVERIFY(watcher.destinations.empty());
        QVERIFY(m_bench->workspace.runs()->runs().empty());
    }

    // A file that changes before the run starts is noticed by it.
    void theOrderNamesTheContentThatIsShown()
    {
        make();
        const Dataset* shown = m_bench->workspace.dataset()->dataset();
        QVERIFY(!shown->contentHash.empty());
        for (const RunSpec& spec : draft().specs()) QCOMPARE(spec.dataHash, shown->contentHash);
    }

    void betaBySliderKeysAndField()
    {
        make();
        ParamRow* beta = row(QStringLiteral("Beta"));
        QVERIFY(beta);
        beta->editor()->setFocus();
        press(Qt::Key_Right);
        press(Qt::Key_Right);
        const double moved = std::get<double>(*draft().form().value("beta"));
        QVERIFY2(moved > 0.1 && moved < 0.12, qPrintable(QString::number(moved)));
        auto* field = beta->findChild<NumberField*>();
        QCOMPARE(field->text().toDouble(), moved);
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("0.3"));
        QCOMPARE(std::get<double>(*draft().form().value("beta")), 0.3);
        QCOMPARE(static_cast<ScaledSlider*>(beta->editor())->number(), 0.3);
        QTRY_VERIFY(m_page->setup().preview().preview() && m_page->setup().preview().preview()->value == 0.3);
        press(Qt::Key_Backspace, Qt::ControlModifier);
        QTRY_COMPARE(std::get<double>(*draft().form().value("beta")), 0.1);
    }

    void anErrorStandsAtItsFieldAndStopsTheStart()
    {
        make();
        ParamRow* beta = row(QStringLiteral("Beta"));
        auto* field = beta->findChild<NumberField*>();
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("-2"));
        press(Qt::Key_Return);
        QVERIFY2(beta->error().contains(QStringLiteral("Beta is -2")), qPrintable(beta->error()));
        QTRY_VERIFY(m_page->setup().problem() != nullptr);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!m_page->setup().isStarting());
        QCOMPARE(QApplication::focusWidget(), field);
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("0.2"));
        QCOMPARE(beta->error(), QString());
        QTRY_VERIFY(m_page->setup().problem() == nullptr);
    }

    void ctrlEnterStartsTheRuns()
    {
        make();
        Watcher watcher(*m_page);
        QTest::mouseClick(rowOf<FormRow>(*m_page, QStringLiteral("Method"))
                              ->findChild<Segmented*>()
                              ->segment(QStringLiteral("dpo+orpo")),
                          Qt::LeftButton);
        QTRY_VERIFY(row(QStringLiteral("Lambda")));
        row(QStringLiteral("Beta"))->editor()->setFocus();
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(watcher.destinations.size(), std::size_t{1});
        QCOMPARE(watcher.destinations.front().page, PageId::Runs);
        QVERIFY(!watcher.destinations.front().run.isEmpty());
        QTRY_COMPARE(m_bench->workspace.runs()->runs().size(), std::size_t{2});
        QTRY_VERIFY(m_bench->workspace.runs()->unfinished().empty());
        QCOMPARE(m_bench->workspace.runs()->runs()[1].record.spec.method, std::string("orpo"));
    }

    void oneStepTellsTimeAndMemory()
    {
        make();
        QTest::mouseClick(m_page->findChild<Button*>(QStringLiteral("try")), Qt::LeftButton);
        QTRY_VERIFY(m_page->setup().estimate().has_value());
        QCOMPARE(m_page->setup().estimate()->runs.size(), std::size_t{1});
        QVERIFY(m_page->setup().estimate()->largest().memoryBytes > 100'000'000U);
        row(QStringLiteral("Beta"))->findChild<NumberField*>()->setFocus();
        draft().form().setText("per_device_train_batch_size", QStringLiteral("16"));
        QVERIFY(!m_page->setup().estimate().has_value());
    }

    void rowsLeftOutAreNeitherTrainedNorHeldOut()
    {
        make();
        std::string lines = test::pairLines(198);
        for (int i = 0; i < 2; ++i) lines += "{\"prompt\":\"Same?\",\"chosen\":\"Yes.\",\"rejected\":\"Yes.\"}\n";
        m_bench->workspace.openDataset(test::writeFile(m_bench->folder / "some.jsonl", lines));
        TrainSetup& setup = m_page->setup();
        const auto warnings = [&] { return countOf(setup.findings(), DraftFinding::Kind::Warning); };
        QTRY_VERIFY(draft().data().rows == 200 && m_bench->workspace.dataset()->areColumnsReady() &&
                    setup.truncation());
        QTRY_COMPARE(warnings(), 1);
        QCOMPARE(draft().trainedPairs(), 180U);
        setup.tryOneStep();
        QTRY_VERIFY(setup.estimate().has_value());
        DatasetSession& dataset = *m_bench->workspace.dataset();
        // What changes nothing for training leaves the estimate.
        dataset.addTag({0}, QStringLiteral("nice"));
        QTRY_COMPARE(dataset.stateOf(0).tags.size(), std::size_t{1});
        QTest::qWait(300);
        QVERIFY(setup.estimate().has_value());
        // A swap makes the sides' lengths others.
        dataset.swapSides({0});
        QTRY_VERIFY(!setup.estimate().has_value());
        setup.tryOneStep();
        QTRY_VERIFY(setup.estimate().has_value());
        std::vector<std::uint32_t> last(100);
        std::iota(last.begin(), last.end(), 100U);
        dataset.exclude(last);
        QTRY_COMPARE(draft().trainedPairs(), 90U);
        QCOMPARE(draft().heldOutPairs(), 10U);
        QVERIFY(!setup.estimate().has_value());
        QTRY_COMPARE(warnings(), 0);
        QTRY_COMPARE(draft().steps().value(), 36);  // 90 pairs by 8 are 12 steps, three times
        dataset.restore({199});
        QTRY_COMPARE(draft().data().rows, 101U);
        QTRY_COMPARE(warnings(), 1);
        std::vector<std::uint32_t> all(200);
        std::iota(all.begin(), all.end(), 0U);
        dataset.exclude(all);
        QTRY_VERIFY(setup.problem() && setup.problem()->text.startsWith(QStringLiteral("Every pair was left out")));
    }

    void votesThatAreNotAppliedAreToldOf()
    {
        make();
        m_bench->workspace.dataset()->vote(0, VoteRecord{Vote::RejectedBetter, true, false});
        const auto told = [this] {
            return std::ranges::any_of(m_page->setup().findings(), [](const DraftFinding& finding) {
                return finding.text.contains(QStringLiteral("not applied")) && finding.place;
            });
        };
        QTRY_VERIFY(told());
        m_bench->workspace.dataset()->acceptVotes({});
        QTRY_VERIFY(!told());
    }

    void theDraftStaysWithTheProject()
    {
        make();
        draft().setChoice(QStringLiteral("orpo"));
        draft().form().setText("lambda", QStringLiteral("0.4"));
        QTRY_COMPARE(m_bench->workspace.state().draft.value("method", std::string()), std::string("orpo"));
        m_bench->workspace.openProject(m_bench->folder / "another");
        QTRY_COMPARE(draft().choice().id, QStringLiteral("dpo"));
        m_bench->workspace.openProject(m_bench->folder / "project");
        QTRY_COMPARE(draft().choice().id, QStringLiteral("orpo"));
        QCOMPARE(std::get<double>(*draft().form().value("lambda")), 0.4);
        QTRY_COMPARE(draft().data().rows, 240U);
    }

    void anotherRunBeginsLikeTheOneBefore()
    {
        make();
        draft().setChoice(QStringLiteral("orpo"));
        draft().form().setText("lambda", QStringLiteral("0.7"));
        RunCenter& runs = *m_bench->workspace.runs();
        QSignalSpy started(&runs, &RunCenter::started);
        QTRY_VERIFY(m_page->setup().problem() == nullptr);
        m_page->setup().start();
        QVERIFY(started.wait());
        const QString run = started.first()[0].toStringList().front();
        const std::filesystem::path data = m_bench->workspace.dataset()->path();
        draft().setChoice(QStringLiteral("dpo"));
        draft().resetAll();
        m_bench->workspace.openDataset(test::writeFile(m_bench->folder / "others.jsonl", test::pairLines(5)));
        QTRY_COMPARE(draft().data().rows, 5U);
        m_page->arrive({PageId::Train, QStringLiteral("setup"), run, {}});
        QCOMPARE(draft().choice().id, QStringLiteral("orpo"));
        QCOMPARE(std::get<double>(*draft().form().value("lambda")), 0.7);
        QTRY_VERIFY(draft().data().path == data && draft().data().rows == 240U);
    }

    void theWizardFitsWithEveryMethod()
    {
        make();
        m_page->arrive({PageId::Train, QStringLiteral("wizard"), {}, {}});
        for (const MethodChoice& choice : m_page->setup().draft().choices()) {
            if (choice.methods.empty()) continue;
            m_page->setup().draft().setChoice(choice.id);
            QCoreApplication::processEvents();
            const QSize needed = m_page->minimumSizeHint();
            QVERIFY2(needed.width() <= 1208 && needed.height() <= 774,
                     qPrintable(QStringLiteral("%1: %2 x %3").arg(choice.id).arg(needed.width()).arg(needed.height())));
        }
    }

    void theWizardByKeysAlone()
    {
        make();
        Watcher watcher(*m_page);
        m_page->arrive({PageId::Train, QStringLiteral("wizard"), {}, {}});
        auto& wizard = *m_page->findChild<Wizard*>();
        QCOMPARE(wizard.step(), int{Wizard::ModelStep});
        for (int step = 1; step < Wizard::StepCount; ++step) {
            press(Qt::Key_Return);
            QCOMPARE(wizard.step(), step);
        }
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(watcher.destinations.size(), std::size_t{1});
        QTRY_COMPARE(m_bench->workspace.runs()->runs().size(), std::size_t{1});
    }

    void backNeverLosesAChoice()
    {
        make();
        m_page->arrive({PageId::Train, QStringLiteral("wizard"), {}, {}});
        auto& wizard = *m_page->findChild<Wizard*>();
        press(Qt::Key_Return);
        press(Qt::Key_Return);
        QCOMPARE(wizard.step(), int{Wizard::MethodStep});
        press(Qt::Key_2);
        QCOMPARE(draft().choice().id, QStringLiteral("orpo"));
        QTRY_VERIFY(row(QStringLiteral("Lambda")));
        row(QStringLiteral("Lambda"))->findChild<NumberField*>()->setFocus();
        qobject_cast<QLineEdit*>(QApplication::focusWidget())->selectAll();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("0.3"));
        QCOMPARE(draft().choice().id, QStringLiteral("orpo"));
        press(Qt::Key_Return);
        QCOMPARE(wizard.step(), int{Wizard::SettingsStep});
        press(Qt::Key_Left, Qt::AltModifier);
        press(Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(wizard.step(), int{Wizard::DataStep});
        press(Qt::Key_Return);
        QCOMPARE(draft().choice().id, QStringLiteral("orpo"));
        QCOMPARE(std::get<double>(*draft().form().value("lambda")), 0.3);
        // A step that was visited is a click away, one beyond the next is out of reach.
        wizard.goTo(Wizard::SettingsStep);
        QCOMPARE(wizard.step(), int{Wizard::SettingsStep});
        wizard.goTo(Wizard::ModelStep);
        QCOMPARE(wizard.step(), int{Wizard::ModelStep});
    }

    void everyControlHasAName()
    {
        make();
        QCOMPARE(test::namelessControls(*m_page), QStringList());
        QCOMPARE(test::controlsOutOfReach(*m_page), QStringList());
    }

    void pictures()
    {
        make();
        draft().form().setText("learning_rate", QStringLiteral("5e-6"));
        m_page->setup().tryOneStep();
        QTRY_VERIFY(m_page->setup().estimate().has_value());
        QTRY_VERIFY(m_page->setup().truncation().has_value());
        auto& wizard = *m_page->findChild<Wizard*>();
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            for (const QSize size : {QSize(1208, 774), QSize(1848, 1054)}) {
                const test::Look look{size, kind};
                m_page->arrive({PageId::Train, QStringLiteral("setup"), {}, {}});
                QVERIFY(!test::saveShot(*m_page, QStringLiteral("train"), look).isEmpty());
                m_page->arrive({PageId::Train, QStringLiteral("wizard"), {}, {}});
                for (int step = 0; step < Wizard::StepCount; ++step) {
                    wizard.goTo(step);
                    QVERIFY(!test::saveShot(*m_page, QStringLiteral("wizard%1").arg(step), look).isEmpty());
                }
            }
        }
    }
};

PREFLAB_UI_TEST_MAIN(TrainPageTest)
#include "train_page_test.moc"
