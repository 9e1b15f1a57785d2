// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside a pair: tags, a note, what the maximum length cuts off.
#include "support/data_page_bench.h"
#include "support/ui_test_main.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/state_view.h"

#include <QLabel>
#include <QLineEdit>
#include <QPointer>

#include <algorithm>

using namespace preflab;
using namespace preflab::test;

class PairFactsTest : public DataPageBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { open(); }
    void cleanup() { close(); }

    void tagsAndNotes()
    {
        auto& tag = named<QLineEdit>(*m_page, "tagField");
        tag.setFocus();
        QTest::keyClicks(&tag, QStringLiteral("greeting"));
        QTest::keyClick(&tag, Qt::Key_Return);
        QTRY_COMPARE(session().stateOf(0).tags, std::vector<std::string>{"greeting"});
        auto& note = named<QLineEdit>(*m_page, "noteField");
        note.setFocus();
        QTest::keyClicks(&note, QStringLiteral("ask again"));
        QTest::keyClick(&note, Qt::Key_Return);
        QTRY_COMPARE(session().stateOf(0).note, std::string("ask again"));
    }

    void tagsThatAreRemovedQuicklyStayRemoved()
    {
        for (const char* tag : {"one", "two", "three"}) session().addTag({0}, QLatin1String(tag));
        QWidget& facts = *named<QLineEdit>(*m_page, "tagField").parentWidget();
        QTRY_VERIFY(withText<Chip>(facts, QStringLiteral("three")) != nullptr);
        // Before the journal has answered.
        QPointer<Chip> one = withText<Chip>(facts, QStringLiteral("one")),
                       two = withText<Chip>(facts, QStringLiteral("two"));
        // Del takes the tag away, not the pair.
        QTest::keyClick(one, Qt::Key_Delete);
        QTest::keyClick(two, Qt::Key_Backspace);
        QTRY_COMPARE(session().pendingChanges(), 0);
        QCOMPARE(session().stateOf(0).tags, std::vector<std::string>{"three"});
        QVERIFY(!session().stateOf(0).isExcluded);
    }

    void aNoteIsKeptWhenItsFieldIsLeft()
    {
        selectRow(5);
        auto& note = named<QLineEdit>(*m_page, "noteField");
        note.setFocus();
        QTest::keyClicks(&note, QStringLiteral("Ask again"));
        table().setFocus();
        QTest::keyClick(&table(), Qt::Key_Down);
        QTRY_COMPARE(session().stateOf(5).note, std::string("Ask again"));
        QVERIFY(session().stateOf(6).note.empty());
    }

    void aNoteStaysWhenItsPairIsNotShownForAWhile()
    {
        selectRow(5);
        session().setNote(5, QStringLiteral("keep me"));
        auto& note = named<QLineEdit>(*m_page, "noteField");
        QTRY_COMPARE(note.text(), QStringLiteral("keep me"));
        const std::int64_t position = session().journalPosition();
        auto& field = named<QLineEdit>(*m_page, "dataSearch");
        field.setText(QStringLiteral("nothing like it"));
        QTRY_COMPARE(named<StateView>(*m_page, "pairState").state(), QStringLiteral("empty"));
        QCOMPARE(note.text(), QString());
        field.clear();
        QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
        selectRow(6);
        selectRow(5);
        QTRY_COMPARE(session().pendingChanges(), 0);
        QCOMPARE(session().journalPosition(), position);
        QCOMPARE(note.text(), QStringLiteral("keep me"));
    }

    void aNoteOfAnotherDatasetStays()
    {
        const std::filesystem::path first = session().path();
        const std::filesystem::path second = writeFile(m_bench->folder / "second.jsonl", pairLines(40));
        const auto openWithNote = [this](const std::filesystem::path& path, const QString& note) {
            m_bench->workspace.openDataset(path);
            QTRY_VERIFY(session().view() != nullptr && session().areColumnsReady());
            QTRY_COMPARE(chosen().toPlainText(), QStringLiteral("A friendly answer 0, with some more words."));
            QTRY_COMPARE(session().pendingChanges(), 0);
            if (session().stateOf(5).note.empty()) session().setNote(5, note);
            QTRY_COMPARE(session().stateOf(5).note, note.toStdString());
            selectRow(5);
        };
        openWithNote(second, QStringLiteral("of the second"));
        openWithNote(first, QStringLiteral("of the first"));
        openWithNote(second, QStringLiteral("of the second"));
        QCOMPARE(session().latestChanges(10).size(), std::size_t{1});
    }

    void whatTheMaximumLengthCutsOffIsSaid()
    {
        writeTinyModel(m_bench->folder / "model");
        m_bench->workspace.openModel(m_bench->folder / "model");
        auto& text = named<QLabel>(*m_page, "tokenText");
        m_bench->workspace.setMaxLength(100'000);
        QTRY_VERIFY(text.text().contains(QStringLiteral("Nothing is cut off")));
        const TokenLengths* lengths = session().inputs().tokenLengths(0);
        QVERIFY(lengths != nullptr);
        const std::int64_t longest = lengths->prompt + std::max(lengths->chosen, lengths->rejected);
        m_bench->workspace.setMaxLength(longest - 3);
        QTRY_VERIFY(text.text().contains(QStringLiteral("3 token")));
    }
};

PREFLAB_UI_TEST_MAIN(PairFactsTest)
#include "pair_facts_test.moc"
