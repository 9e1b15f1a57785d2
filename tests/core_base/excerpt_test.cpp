// SPDX-License-Identifier: GPL-3.0-or-later
// Quoting foreign text: short enough for a sentence, never half a character.
#include "core/base/excerpt.h"
#include "core/base/json.h"

#include <QtTest>

using preflab::excerptOf;

class ExcerptTest : public QObject {
    Q_OBJECT

private slots:
    void shortTextsStayAsTheyAre()
    {
        QCOMPARE(excerptOf(""), std::string());
        QCOMPARE(excerptOf("abc", 3), std::string("abc"));
        QCOMPARE(excerptOf(std::string(80, 'x')), std::string(80, 'x'));
        QCOMPARE(excerptOf("日本語", 3), std::string("日本語"));
    }

    void longTextsEndInAnEllipsis()
    {
        QCOMPARE(excerptOf("abcd", 3), std::string("ab…"));
        QCOMPARE(excerptOf("日本語です", 3), std::string("日本…"));
        // Appended, not added: at -O2 GCC 12 warns of an overflow in the sum that is not there.
        std::string kept(79, '9');
        kept.append("…");
        QCOMPARE(excerptOf(std::string(81, '9')), kept);
        QCOMPARE(excerptOf(std::string(30'000'000, '9')), kept);
    }

    void strayBytesCountAsOne()
    {
        QCOMPARE(excerptOf("\xFF\xFE\xFD\xFC", 3), std::string("\xFF\xFE…"));
        QCOMPARE(excerptOf("\xE6\x97", 3), std::string("\xE6\x97"));
    }

    void messagesOfTheJsonReaderQuoteLittle()
    {
        const auto reasonOf = [](const std::string& text) { return preflab::parseJson(text).error().reason; };
        QVERIFY(reasonOf("[" + std::string(1'000'000, '9') + "]").size() < 160);
        const std::string name(100'000, 'k');
        QVERIFY(reasonOf("{\"" + name + "\":1,\"" + name + "\":2}").size() < 160);
        QVERIFY(reasonOf("[" + std::string(1'000'000, 'x') + "]").size() < 160);
    }
};

QTEST_GUILESS_MAIN(ExcerptTest)
#include "excerpt_test.moc"
