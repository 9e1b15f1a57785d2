// SPDX-License-Identifier: GPL-3.0-or-later
// A long text is encoded in parts, and nobody can tell from the tokens.
#include "core/text/piece_breaks.h"
#include "core/text/tokenizer.h"
#include "support/files.h"
#include "support/piece_model.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

const std::string kSpace = "\xE2\x96\x81";

std::string repeated(const std::string& unit, std::size_t times)
{
    std::string text;
    text.reserve(unit.size() * times);
    for (std::size_t i = 0; i < times; ++i) text += unit;
    return text;
}

}  // namespace

class PieceBreaksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void areBetweenCharactersThatNoPieceHolds()
    {
        const std::vector<std::string> pieces{"he", "ll", kSpace + "w", kSpace, "h", "e", "l", "w"};
        const PieceBreaks breaks(pieces, true);
        const std::string text = "hello w";
        QCOMPARE(breaks.next(text, 0), std::size_t{2});  // he|l
        QCOMPARE(breaks.next(text, 2), std::size_t{4});  // ll|o
        QCOMPARE(breaks.next(text, 4), std::size_t{5});  // o|▁
        QCOMPARE(breaks.next(text, 5), text.size());     // ▁w belongs together
        QCOMPARE(breaks.next(text, text.size()), text.size());
        QCOMPARE(breaks.next("", 0), std::size_t{0});
        // Never within a character.
        const std::string wide = "\xE4\xBD\xA0\xE5\xA5\xBD";
        for (const std::size_t from : {0, 1, 2}) QCOMPARE(breaks.next(wide, from), std::size_t{3});
        // A run of characters without a piece is one unknown token.
        QCOMPARE(PieceBreaks(pieces, false).next(wide, 0), wide.size());
        QCOMPARE(PieceBreaks(pieces, false).next(wide + "h", 0), wide.size());
    }

    void longTextsHaveTheSameTokens_data()
    {
        QTest::addColumn<QByteArray>("unit");
        QTest::addColumn<bool>("hasByteFallback");
        for (const bool hasByteFallback : {true, false}) {
            const char* how = hasByteFallback ? "bytes" : "unknown";
            QTest::addRow("words, %s", how) << QByteArray("hello world, hello  hell ") << hasByteFallback;
            QTest::addRow("no spaces, %s", how) << QByteArray("hellowheld") << hasByteFallback;
            QTest::addRow("nothing known, %s", how) << QByteArray("\xE4\xBD\xA0\xF0\x9F\x98\x80") << hasByteFallback;
            QTest::addRow("one merge after the other, %s", how) << QByteArray("l") << hasByteFallback;
            QTest::addRow("spaces, %s", how) << QByteArray("   ") << hasByteFallback;
            QTest::addRow("known beside unknown, %s", how)
                << QByteArray("\xE4\xBD\xA0he \xE5\xA5\xBD") << hasByteFallback;
        }
    }

    // Of a text that repeats itself, what comes in the middle repeats itself, wherever the parts end.
    void longTextsHaveTheSameTokens()
    {
        QFETCH(QByteArray, unit);
        QFETCH(bool, hasByteFallback);
        const test::ScratchFolder folder;
        test::ModelOptions options;
        options.hasByteFallback = hasByteFallback;
        auto pieces = test::modelPieces("dehlorw", {"he", "ll", kSpace + "w", kSpace + "he", kSpace + kSpace});
        if (!hasByteFallback)
            std::erase_if(pieces, [](const auto& piece) { return piece.type == test::ModelPiece::Byte; });
        test::writeFile(folder / "tokenizer.model", test::modelFile(pieces, options));
        const auto tokenizer = openTokenizer(folder.path());
        QCOMPARE(problemOf(tokenizer), QString());
        const auto idsOf = [&](std::size_t times) {
            return *(*tokenizer)->encode("hello " + repeated(unit.toStdString(), times) + "world", SpecialTokens::None);
        };
        const TokenIds ten = idsOf(60);  // the period of two letters or of three spaces in twos divides it
        const TokenIds twenty = idsOf(120);
        const std::size_t times = 60 * (5 + 140'000 / (60 * static_cast<std::size_t>(unit.size())));
        const TokenIds many = idsOf(times);
        const std::size_t period = twenty.size() - ten.size();
        QCOMPARE(many.size(), ten.size() + period * (times / 60 - 1));
        TokenIds expected(twenty.begin(), twenty.begin() + static_cast<std::ptrdiff_t>(twenty.size() / 2));
        if (period > 0) {
            while (expected.size() + twenty.size() - twenty.size() / 2 < many.size())
                expected.push_back(expected[expected.size() - period]);
        }
        expected.insert(expected.end(), twenty.begin() + static_cast<std::ptrdiff_t>(twenty.size() / 2), twenty.end());
        QCOMPARE(expected.size(), many.size());
        QVERIFY(expected == many);
    }

    void aStopIsHeededWithinALongText()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "tokenizer.model", test::helloModel());
        const auto tokenizer = openTokenizer(folder.path());
        std::stop_source stops;
        stops.request_stop();
        const auto ids = (*tokenizer)->encode(repeated("hello ", 20'000), SpecialTokens::None, stops.get_token());
        QCOMPARE(test::codeOf(ids), QString("cancelled"));
    }
};

QTEST_GUILESS_MAIN(PieceBreaksTest)
#include "piece_breaks_test.moc"
