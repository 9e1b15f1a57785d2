// SPDX-License-Identifier: GPL-3.0-or-later
// gzip: members, checksums, ends that are missing, bombs.
#include "core/data/ingest/inflate.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::gzipped;
using test::problemOf;

class InflateTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    /// Inflates `gzip` into "out" and returns what inflateGzip does.
    Result<std::optional<Finding>> inflate(const std::string& gzip, const InflateLimits& limits = {}) const
    {
        TRY(const auto source, FileReader::open(test::writeFile(m_folder / "in.gz", gzip)));
        TRY(auto target, RowWriter::create(m_folder / "out"));
        TRY(auto found, inflateGzip(source, target, limits, {}, {}));
        TRY_VOID(target.commit());
        return found;
    }
    std::string output() const { return test::readFile(m_folder / "out"); }

private Q_SLOTS:
    void readsAllMembers()
    {
        const std::string first(300000, 'a');
        QCOMPARE(problemOf(inflate(gzipped(first) + gzipped("") + gzipped("second\n"))), QString());
        QCOMPARE(output(), first + "second\n");
    }

    void readsMoreThanOneBuffer()
    {
        std::string text;
        for (int i = 0; text.size() < (std::size_t{5} << 20); ++i) text += std::to_string(i * 7919LL % 100003) + "\n";
        QCOMPARE(problemOf(inflate(gzipped(text))), QString());
        QVERIFY(output() == text);
    }

    void everyMissingEndIsReported()
    {
        const std::string text = "{\"text\": \"some words to compress, some words\"}\n";
        const auto whole = gzipped(text);
        for (std::size_t length = 2; length < whole.size(); ++length) {
            const auto result = inflate(whole.substr(0, length));
            QCOMPARE(problemOf(result), QString());
            QVERIFY2(*result && (*result)->kind == Finding::Kind::IncompleteFile, qPrintable(QString::number(length)));
            QVERIFY((*result)->reason.find("ends too early") != std::string::npos);
            QVERIFY(text.starts_with(output()));
        }
        QVERIFY(!*inflate(whole));
        QCOMPARE(output(), text);
    }

    void everyChangedByteIsNoticedOrHarmless()
    {
        const std::string text = "{\"text\": \"some words to compress, some words\"}\n";
        const auto whole = gzipped(text);
        for (std::size_t at = 0; at < whole.size(); ++at) {
            auto damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
            const auto result = inflate(damaged);
            // Time, system and flags of the header change nothing; all else does not pass as a whole file.
            if (result && !*result) QCOMPARE(output(), text);
        }
    }

    void aWrongChecksumIsAnError()
    {
        auto whole = gzipped("some text");
        whole[whole.size() - 6] = static_cast<char>(whole[whole.size() - 6] ^ 1);
        const auto result = inflate(whole);
        QCOMPARE(codeOf(result), QString("data-invalid"));
        QVERIFY2(argumentOf(result, "reason").contains("damaged"), qPrintable(problemOf(result)));
    }

    void otherBytesAtTheEndAreReported()
    {
        const auto result = inflate(gzipped("text\n") + "garbage");
        QCOMPARE(problemOf(result), QString());
        QVERIFY(*result && (*result)->kind == Finding::Kind::BytesBehind);
        QVERIFY2((*result)->reason.find("are not gzip") != std::string::npos, (*result)->reason.c_str());
        QCOMPARE(output(), std::string("text\n"));
    }

    void bombsAreStopped()
    {
        const auto bomb = gzipped(std::string(std::size_t{40} << 20, '\0'));
        QVERIFY(bomb.size() < 100000);
        std::filesystem::remove(m_folder / "out");
        const auto byRatio = inflate(bomb);
        QCOMPARE(codeOf(byRatio), QString("data-invalid"));
        QVERIFY2(argumentOf(byRatio, "reason").contains("200 times"), qPrintable(problemOf(byRatio)));
        QVERIFY(!std::filesystem::exists(m_folder / "out"));

        const auto bySize = inflate(gzipped(std::string(5000, 'x')), InflateLimits{.maxBytes = 4999});
        QCOMPARE(codeOf(bySize), QString("data-invalid"));
        QCOMPARE(problemOf(inflate(gzipped(std::string(5000, 'x')), InflateLimits{.maxBytes = 5000})), QString());
    }

    void stopsWhenAsked()
    {
        const auto source = FileReader::open(test::writeFile(m_folder / "in.gz", gzipped("text")));
        auto target = RowWriter::create(m_folder / "stopped");
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(codeOf(inflateGzip(*source, *target, {}, {}, stop.get_token())), QString("cancelled"));
    }
};

QTEST_GUILESS_MAIN(InflateTest)
#include "inflate_test.moc"
