// SPDX-License-Identifier: GPL-3.0-or-later
// Published datasets load as they are; Parquet of any compression gives the rows of the original.
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

class SharedDatasetsTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;
    const std::filesystem::path m_data = std::filesystem::path(PREFLAB_TEST_SHARED) / "assets/data";

    Result<Dataset> openShared(const QString& name) const
    {
        return test::openIn(m_folder.path(), m_data / name.toStdString());
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::filesystem::exists(m_data)) QSKIP("The published datasets are not beside the project.");
    }

    void loads_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QString>("format");
        QTest::newRow("harmless") << "hh-rlhf/harmless-base.test.jsonl.gz" << 2312 << "implicit-strings";
        QTest::newRow("helpful") << "hh-rlhf/helpful-base.test.jsonl.gz" << 2354 << "implicit-strings";
        QTest::newRow("ultrafeedback") << "ultrafeedback/train_clean.jsonl.gz" << 1000 << "preference-strings";
        QTest::newRow("binarized") << "parquet/derived/ultrafeedback-eval.duckdb.zstd.parquet" << 200
                                   << "prompt-text-messages";
        QTest::newRow("standard") << "trl/zen/standard_preference.jsonl" << 19 << "preference-strings";
        QTest::newRow("implicit") << "trl/zen/standard_implicit_prompt_preference.jsonl" << 19 << "implicit-strings";
        QTest::newRow("messages") << "trl/zen/conversational_preference.jsonl" << 19 << "preference-messages";
        QTest::newRow("conversations") << "trl/zen/conversational_implicit_prompt_preference.jsonl" << 19
                                       << "implicit-messages";
        QTest::newRow("text") << "trl/zen/standard_language_modeling.jsonl" << 19 << "text";
        QTest::newRow("array") << "torchtune/hh_rlhf_tiny.json" << 1 << "implicit-messages";
    }
    void loads()
    {
        QFETCH(QString, name);
        QFETCH(int, rows);
        QFETCH(QString, format);
        const auto dataset = openShared(name);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), static_cast<std::uint32_t>(rows));
        QCOMPARE(QString::fromStdString(dataset->layoutId), format);
        QCOMPARE(dataset->findings.badRows, 0ULL);
        QCOMPARE(dataset->isTranscript, name.startsWith("hh-rlhf"));
        QCOMPARE(test::allRows(*dataset).size(), static_cast<std::size_t>(rows));
    }

    // One side of these rows begins the other, so that TRL's rule leaves its last character as the answer.
    void doubtsOfHelpfulBaseFollowTheSplitRule()
    {
        DatasetOptions options{m_folder / "cache"};
        const auto count = [&](Finding::Kind kind) {
            const auto data = Dataset::open(m_data / "hh-rlhf/helpful-base.test.jsonl.gz", options);
            return data ? static_cast<int>(data->findings.count(kind)) : -1;
        };
        QCOMPARE(count(Finding::Kind::OneContinues), 0);
        options.split = SplitRule::Trl;
        QCOMPARE(count(Finding::Kind::OneContinues), 15);
    }

    void parquetEqualsItsOriginal_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* codec : {"brotli", "gzip", "lz4_raw", "snappy", "uncompressed", "zstd"}) {
            QTest::newRow(codec) << QString("zen-standard_preference.duckdb.%1.parquet").arg(codec);
        }
        for (const char* kind : {"snappy", "v2.zstd"}) {
            QTest::newRow(kind) << QString("zen-conversational_implicit.duckdb.%1.parquet").arg(kind);
        }
    }
    void parquetEqualsItsOriginal()
    {
        QFETCH(QString, name);
        const auto parquet = openShared("parquet/derived/" + name);
        QCOMPARE(problemOf(parquet), QString());
        const auto original =
            openShared(name.startsWith("zen-standard") ? "trl/zen/standard_preference.jsonl"
                                                       : "trl/zen/conversational_implicit_prompt_preference.jsonl");
        QCOMPARE(problemOf(original), QString());
        QCOMPARE(test::allRows(*original).size(), std::size_t{19});
        QVERIFY(test::areSame(test::allRows(*parquet), test::allRows(*original)));
    }

    void otherColumnsAreNamed()
    {
        const auto dataset = openShared("rasbt/instruction-data-with-preference.json");
        QCOMPARE(test::codeOf(dataset), QString("wrong-columns"));
        QCOMPARE(test::argumentOf(dataset, "found"),
                 QString("instruction (text), input (text), output (text), rejected (text), chosen (text)"));
        const auto unpaired = openShared("llama-factory/kto_en_demo.json");
        QVERIFY2(problemOf(unpaired).contains("unpaired, as for KTO"), qPrintable(problemOf(unpaired)));
    }

    void foreignParquetNeverCrashes()
    {
        for (const auto& entry : std::filesystem::directory_iterator(m_data / "parquet/parquet-testing")) {
            const auto dataset = test::openIn(m_folder.path(), entry.path());
            // None of these files holds preference pairs; one claims texts of 2 GB.
            const auto code = test::codeOf(dataset);
            QVERIFY2(code == "wrong-columns" || code == "conversion-failed", qPrintable(problemOf(dataset)));
            // It is complete.
            if (entry.path().filename() == "large_string_map.brotli.parquet")
                QVERIFY2(problemOf(dataset).contains("takes more memory than"), qPrintable(problemOf(dataset)));
        }
    }
};

QTEST_GUILESS_MAIN(SharedDatasetsTest)
#include "shared_datasets_test.moc"
