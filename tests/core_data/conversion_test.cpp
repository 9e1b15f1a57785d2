// SPDX-License-Identifier: GPL-3.0-or-later
// The same rows from every kind of file, converted once, found again in the cache, and made anew when damaged.
#include "core/base/json.h"
#include "core/data/ingest/duckdb_session.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::gzipped;
using test::openIn;
using test::problemOf;
using test::writeFile;

namespace fs = std::filesystem;

namespace {

/// Three rows with quotes, line ends, letters of several bytes, and texts that look like numbers and dates.
const std::string kLines = R"({"prompt": "Say \u0022hi\u0022, then\nwait", "chosen": "007", "rejected": "2024-01-01"})"
                           "\n"
                           R"({"prompt": "Zwölf", "chosen": " 你好", "rejected": "null"})"
                           "\n"
                           R"({"prompt": "", "chosen": "a\tb", "rejected": "true"})"
                           "\n";
const std::string kArray = R"([ {"prompt": "Say \u0022hi\u0022, then\nwait",
   "chosen": "007", "rejected": "2024-01-01"},
  {"prompt": "Zwölf", "chosen": " 你好", "rejected": "null"},{"prompt": "",
  "chosen": "a\tb", "rejected": "true"}
])";
const std::string kCsv = "prompt,chosen,rejected\r\n\"Say \"\"hi\"\", then\nwait\",007,2024-01-01\r\n"
                         "Zwölf, 你好,null\r\n,a\tb,true\r\n";
const std::string kSelect =
    "SELECT * FROM (VALUES (0, e'Say \"hi\", then\\nwait', '007', '2024-01-01'), (1, 'Zwölf', ' 你好', 'null'), "
    "(2, '', e'a\\tb', 'true')) t(n, prompt, chosen, rejected) ORDER BY n";

std::string replaced(std::string text, char from, char to)
{
    std::replace(text.begin(), text.end(), from, to);
    return text;
}

}  // namespace

class ConversionTest : public QObject {
    Q_OBJECT

private:
    test::ScratchFolder m_folder;

    std::vector<Row> expectedRows() const
    {
        return test::allRows(*openIn(m_folder.path(), writeFile(m_folder / "expected.jsonl", kLines)));
    }
    /// The only file in the cache that is a row file.
    fs::path cachedFile(const test::ScratchFolder& folder) const
    {
        for (const auto& entry : fs::directory_iterator(folder / "cache/rows")) {
            if (entry.path().extension() != ".json") return entry.path();
        }
        return {};
    }

private Q_SLOTS:
    void everyKindGivesTheSameRows_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char* name, const std::string& content) {
            QTest::newRow(name) << QString(name) << QByteArray::fromStdString(content);
        };
        add("rows.json", kArray);
        add("bom.json", "\xEF\xBB\xBF" + kArray);
        add("rows.csv", kCsv);
        add("bom.csv", "\xEF\xBB\xBF" + kCsv);
        add("rows.jsonl.gz", gzipped(kLines));
        add("members.jsonl.gz", gzipped(kLines.substr(0, 50)) + gzipped(kLines.substr(50)));
        add("rows.json.gz", gzipped(kArray));
        add("rows.csv.gz", gzipped(kCsv));
        // What a file is follows from its content.
        add("array.jsonl", kArray);
        add("lines.json", kLines);
        add("csv.txt", kCsv);
        add("lines.txt", kLines);
        add("no-extension", gzipped(kLines));
    }
    void everyKindGivesTheSameRows()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        const auto path = writeFile(m_folder / name.toStdString(), content.toStdString());
        const auto dataset = openIn(m_folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->layoutId, std::string("preference-strings"));
        QCOMPARE(dataset->columns, (std::vector<std::string>{"prompt", "chosen", "rejected"}));
        QCOMPARE(dataset->sourceBytes, static_cast<std::uint64_t>(content.size()));
        QCOMPARE(dataset->path, path);
        QVERIFY(test::areSame(test::allRows(*dataset), expectedRows()));
    }

    void parquetGivesTheSameRows()
    {
        QVERIFY(test::writeParquet(m_folder / "rows.parquet", kSelect));
        const auto dataset = openIn(m_folder.path(), m_folder / "rows.parquet");
        QCOMPARE(problemOf(dataset), QString());
        QVERIFY(test::areSame(test::allRows(*dataset), expectedRows()));
        QCOMPARE(dataset->rows->sourceNumber(2), 3ULL);
    }

    void delimitersAreFound()
    {
        for (const char delimiter : {';', '\t', '|'}) {
            const auto content = replaced(replaced("prompt,chosen,rejected\np,\"a,b\",c\n", '\t', ' '), ',', delimiter);
            const auto dataset = openIn(m_folder.path(), writeFile(m_folder / "other.csv", content));
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(std::get<std::string>(dataset->rows->row(0)->rejected), std::string("c"));
        }
    }

    void parquetKeepsNestedMessagesAndOddValues()
    {
        QVERIFY(test::writeParquet(
            m_folder / "nested.parquet",
            "SELECT [{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'é'}] AS chosen, "
            "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': 'b'}] AS rejected, "
            "'nan'::DOUBLE AS score, 'inf'::FLOAT AS other, NULL AS \"od\"\"d 'name\", 'x'::BLOB AS bytes, "
            "DATE '2024-01-01' AS day, {'a': [1, 2]} AS deep"));
        const auto dataset = openIn(m_folder.path(), m_folder / "nested.parquet");
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->layoutId, std::string("implicit-messages"));
        QCOMPARE(dataset->findings.badRows, 0ULL);
        const auto row = dataset->rows->row(0);
        QCOMPARE(std::get<Messages>(row->chosen), (Messages{{"user", "q"}, {"assistant", "é"}}));
        const auto raw = dataset->rows->rawRow(0);
        QVERIFY(raw->find(R"("score":null,"other":null)") != std::string::npos);
        QVERIFY(raw->find(R"("deep":{"a":[1,2]})") != std::string::npos);
    }

    void numbersThatJsonLacksAreNullAtAnyDepth()
    {
        const auto path = m_folder / "nan.parquet";
        QVERIFY(test::writeParquet(
            path, "SELECT 'NaN, \\, \"a: NaN' AS text, ['nan'::DOUBLE, 0.5, '-inf'::DOUBLE] AS scores, "
                  "{'a': 'inf'::FLOAT, 'b': 'NaN'} AS deep, [['nan'::FLOAT]] AS last"));
        const auto dataset = openIn(m_folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        const std::string expected =
            "{'text':'NaN, #, !a: NaN','scores':[null,0.5,null],'deep':{'a':null,'b':'NaN'},'last':[[null]]}";
        auto found = *dataset->rows->rawRow(0);
        QCOMPARE(parseJson(found)->at("text").get<std::string>(), std::string("NaN, \\, \"a: NaN"));
        found.replace(found.find("\\\\"), 2, "#");
        found.replace(found.find("\\\""), 2, "!");
        QCOMPARE(replaced(found, '"', '\''), expected);
    }

    void binaryColumnsAreIgnored()
    {
        const auto path = m_folder / "images.parquet";
        QVERIFY(test::writeParquet(path, "SELECT 'p' AS prompt, 'c' AS chosen, 'r'::BLOB AS rejected, "
                                         "(CASE WHEN n = 1 THEN 'x' ELSE '\\xFF\\xD8' END)::BLOB AS image, "
                                         "{'bytes': '\\x89PNG'::BLOB, 'path': 'a.png'} AS nested, encode('é') AS name "
                                         "FROM range(5000) t(n)"));
        const auto dataset = openIn(m_folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 5000U);
        QCOMPARE(dataset->findings.badRows, 0ULL);
        const auto found = *dataset->rows->rawRow(1);
        QCOMPARE(replaced(found, '"', '\''),
                 std::string("{'prompt':'p','chosen':'c','rejected':'r','image':null,'nested':null,'name':'é'}"));
    }

    void textsThatAreNotUnicodeAreAnError()
    {
        const auto path = m_folder / "latin.parquet";
        QVERIFY(test::writeParquet(path, "SELECT 'Stra\\xDFe'::BLOB AS text"));
        QCOMPARE(codeOf(openIn(m_folder.path(), path)), QString("conversion-failed"));
    }

    void badCsvRecordsAreReportedAndTheRestLoads()
    {
        const auto path =
            writeFile(m_folder / "ragged.csv", "chosen,rejected\na,b\nc\nd,e,f\ng,h\n\"x\"y,z\n\"unclosed,i\nj,k\n");
        for (int pass = 0; pass < 2; ++pass) {  // the second one from the cache
            const auto dataset = openIn(m_folder.path(), path);
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->rows->size(), 2U);
            QCOMPARE(dataset->findings.badRows, 5ULL);
            QCOMPARE(dataset->findings.first[0].sourceNumber, 3ULL);
            QVERIFY(dataset->findings.first[0].reason.starts_with("line 3: "));
            QVERIFY(dataset->findings.first[3].reason.starts_with("lines 7 to 8: "));
        }
    }

    void csvHeadersMayBeOdd()
    {
        const auto path = writeFile(m_folder / "header.csv", "text,,Text,it's,\"a\"\"b, c\"\none,2,3,4,5\n");
        const auto dataset = openIn(m_folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->columns, (std::vector<std::string>{"text", "column2", "Text_2", "it's", "a\"b, c"}));
        QCOMPARE(*dataset->rows->rawRow(0),
                 std::string("{\"text\":\"one\",\"column2\":\"2\",\"Text_2\":\"3\",\"it's\":\"4\","
                             "\"a\\\"b, c\":\"5\"}"));
    }

    void badElementsOfAnArrayAreReported()
    {
        const auto path = writeFile(m_folder / "mixed.json", R"([{"text": "a"}, 5, null, {"text": "b", "text": "c"},
            {"text": "d",}, {"text": "e"}])");
        const auto dataset = openIn(m_folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 2U);
        QCOMPARE(dataset->findings.badRows, 4ULL);
        QCOMPARE(dataset->findings.first[0].reason, std::string("row 2: a number, expected an object"));
        QCOMPARE(dataset->rows->sourceNumber(1), 6ULL);
    }

    void namesAreNoPatternsAndNoSql()
    {
        // A pattern would read the neighbours too.
        writeFile(m_folder / "odd/xZya1.csv", "text\nneighbour\n");
        for (const std::string name : {"x*y[ab]?.csv", "it's \"quoted\"; DROP.csv", "new\nline.csv", "**.csv",
                                       "x=1.csv", "~.csv", "%s é.csv", "a\\b.csv"}) {
            const auto path = writeFile(m_folder / ("odd/" + name), "text\n" + std::string("own ") + name[0] + "\n");
            const auto dataset = openIn(m_folder.path(), path);
            QCOMPARE(problemOf(dataset), QString());
            QCOMPARE(dataset->rows->size(), 1U);
            QCOMPARE(dataset->columns, std::vector<std::string>{"text"});
        }
        const auto path = writeFile(m_folder / "split=train/it's.json", R"([{"text": "a"}])");
        QCOMPARE(problemOf(openIn(m_folder.path(), path)), QString());
        QVERIFY(test::writeParquet(m_folder / "split=train" / "rows.parquet", "SELECT 'a' AS text"));
        const auto parquet = openIn(m_folder.path(), m_folder / "split=train" / "rows.parquet");
        QCOMPARE(parquet->columns, std::vector<std::string>{"text"});
    }

    void noOtherFileCanBeRead()
    {
        const auto source = writeFile(m_folder / "allowed.csv", "text\na\n");
        const auto secret = writeFile(m_folder / "secret.csv", "text\nsecret\n");
        auto session = DuckDbSession::open(source);
        QCOMPARE(problemOf(session), QString());
        const auto ignore = [](std::span<const std::optional<std::string_view>>) { return Result<>(); };
        QCOMPARE(problemOf(session->stream("SELECT * FROM read_csv(" + session->sourceLiteral() + ")", ignore)),
                 QString());
        for (const std::string& sql :
             {"SELECT * FROM read_csv('" + secret.string() + "')", "COPY (SELECT 1) TO '" + secret.string() + "'",
              "ATTACH '" + secret.string() + "' AS other", std::string("INSTALL httpfs"), std::string("LOAD httpfs"),
              std::string("SET enable_external_access = true"), std::string("SET threads = 8")}) {
            QCOMPARE(codeOf(session->stream(sql, ignore)), QString("conversion-failed"));
        }
        QCOMPARE(test::readFile(secret), std::string("text\nsecret\n"));
    }

    // A file that is whole is not called incomplete.
    void tooLittleMemoryIsCalledThat()
    {
        auto session = DuckDbSession::open(writeFile(m_folder / "large.csv", "text\na\n"));
        QCOMPARE(problemOf(session), QString());
        const auto ignore = [](std::span<const std::optional<std::string_view>>) { return Result<>(); };
        const auto read = session->stream("SELECT i::VARCHAR FROM range(40000000) t(i) ORDER BY hash(i)", ignore);
        QCOMPARE(codeOf(read), QString("conversion-failed"));
        QVERIFY2(problemOf(read).contains("takes more memory than the 192MB allowed for it"),
                 qPrintable(problemOf(read)));
        QVERIFY2(problemOf(read).endsWith("or as JSON Lines."), qPrintable(problemOf(read)));
        const auto wrong = session->stream("SELECT nothing", ignore);
        QVERIFY2(problemOf(wrong).endsWith("; check that the file is complete."), qPrintable(problemOf(wrong)));
    }

    void aConversionIsUsedAgain()
    {
        const test::ScratchFolder folder;
        const auto path = writeFile(folder / "rows.json", kArray);
        QCOMPARE(problemOf(openIn(folder.path(), path)), QString());
        const auto cached = cachedFile(folder);
        const auto made = fs::last_write_time(cached);
        const auto count = test::entriesIn(folder / "cache/rows");
        QVERIFY(cached.filename().string().starts_with(openIn(folder.path(), path)->contentHash));
        // The same content under another name is the same conversion.
        fs::copy_file(path, folder / "copy.json");
        const auto again = openIn(folder.path(), folder / "copy.json");
        QVERIFY(test::areSame(test::allRows(*again), expectedRows()));
        QCOMPARE(fs::last_write_time(cached), made);
        QCOMPARE(test::entriesIn(folder / "cache/rows"), count);
        // Other content is another one.
        writeFile(path, kArray + " ");
        QVERIFY(test::areSame(test::allRows(*openIn(folder.path(), path)), expectedRows()));
        QCOMPARE(test::entriesIn(folder / "cache/rows"), 2 * count);
    }

    void aDamagedCacheIsMadeAnew_data()
    {
        QTest::addColumn<QString>("damage");
        for (const char* damage : {"byte", "shorter", "gone", "record", "record gone", "record of other content"}) {
            QTest::newRow(damage) << damage;
        }
    }
    void aDamagedCacheIsMadeAnew()
    {
        QFETCH(QString, damage);
        const test::ScratchFolder folder;
        const auto path = writeFile(folder / "rows.jsonl.gz", gzipped(kLines));
        QCOMPARE(problemOf(openIn(folder.path(), path)), QString());
        const auto cached = cachedFile(folder);
        const fs::path record = cached.string() + ".json";
        auto content = test::readFile(cached);
        QCOMPARE(content, kLines);
        if (damage == "byte") content[30] = 'X';
        if (damage == "shorter") content.resize(content.size() / 2);
        if (damage == "gone")
            fs::remove(cached);
        else
            writeFile(cached, content);
        if (damage == "record") writeFile(record, "{\"version\": 1");
        if (damage == "record gone") fs::remove(record);
        if (damage == "record of other content") writeFile(record, "[]");
        const auto dataset = openIn(folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QVERIFY(test::areSame(test::allRows(*dataset), expectedRows()));
        QCOMPARE(test::readFile(cached), kLines);
    }

    void aTruncatedGzipLoadsInPart()
    {
        std::string lines;
        for (int i = 0; i < 2000; ++i) lines += "{\"text\": \"row " + std::to_string(i * 7919LL % 10007) + "\"}\n";
        const auto whole = gzipped(lines);
        const auto path = writeFile(m_folder / "cut.jsonl.gz", whole.substr(0, whole.size() / 2));
        for (int pass = 0; pass < 2; ++pass) {  // the second one from the cache
            const auto dataset = openIn(m_folder.path(), path);
            QCOMPARE(problemOf(dataset), QString());
            QVERIFY(dataset->rows->size() > 100 && dataset->rows->size() < 2000);
            QVERIFY(dataset->findings.isFileIncomplete);
            QCOMPARE(static_cast<int>(dataset->findings.first[0].kind),
                     static_cast<int>(Finding::Kind::IncompleteFile));
            QVERIFY(dataset->findings.badRows <= 1);
        }
    }

    void stopsWhenAsked()
    {
        std::string array = "[{\"text\": \"0\"}";
        for (int i = 1; i < 200000; ++i) array += ",\n{\"text\": \"" + std::to_string(i) + "\"}";
        const test::ScratchFolder folder;
        const auto path = writeFile(folder / "long.json", array + "]");
        std::stop_source stop;
        bool hasConverted = false;
        const auto progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t) {
            if (phase != "Converting rows" || done < 5000) return;
            hasConverted = true;
            stop.request_stop();
        };
        const auto dataset = Dataset::open(path, {folder / "cache"}, progress, stop.get_token());
        QCOMPARE(codeOf(dataset), QString("cancelled"));
        QVERIFY(hasConverted);
        QCOMPARE(test::entriesIn(folder / "cache/rows"), 0);
        std::stop_source before;
        before.request_stop();
        QCOMPARE(codeOf(Dataset::open(path, {folder / "cache"}, {}, before.get_token())), QString("cancelled"));
    }
};

QTEST_GUILESS_MAIN(ConversionTest)
#include "conversion_test.moc"
