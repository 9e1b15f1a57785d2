// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts: each knows its own rows from all others, and says what is wrong with a row that does not fit.
#include "core/data/ingest/layout.h"
#include "core/data/ingest/layout_fields.h"
#include "core/data/rows/prompt_split.h"

#include <QtTest>

using namespace preflab;

namespace {

/// The layout that fits a row best, and the row as that layout reads it.
struct Recognised {
    const Layout* layout = nullptr;
    tl::expected<Row, std::string> row;
    std::string reason = {};
};

tl::expected<Row, std::string> rowOf(const Layout& layout, const RecordValue& record, const ColumnMapping& mapping)
{
    RecordRows rows;
    const auto read = layout.read(record, mapping, rows);
    if (!read) return tl::unexpected(read.error());
    return rows.size() == 1 && rows[0].part == 0 ? tl::expected<Row, std::string>(rows[0].row)
                                                 : tl::unexpected(std::string("not one row"));
}

Recognised recognise(const std::string& json, const ColumnMapping& wished = {})
{
    Recognised best;
    const std::string_view text = json;
    readRecords(std::span(&text, 1), [&](std::span<const RecordValue> records) {
        int most = 0;
        for (const auto* layout : layouts()) {
            const auto found = layout->recognise(records, wished);
            if (found.confidence <= most) continue;
            most = found.confidence;
            best = {layout, rowOf(*layout, records[0], found.mapping), found.reason};
        }
    });
    return best;
}

std::string idOf(const std::string& json)
{
    const auto* layout = recognise(json).layout;
    return layout == nullptr ? "none" : layout->id;
}

tl::expected<Row, std::string> readAs(std::string_view id, const std::string& json)
{
    tl::expected<Row, std::string> row = tl::unexpected(std::string("no such layout"));
    readRecord(json, [&](const RecordValue& record) {
        for (const auto* layout : layouts())
            if (layout->id == id) row = rowOf(*layout, record, {});
    });
    return row;
}

std::string reasonAs(std::string_view id, const std::string& json)
{
    const auto row = readAs(id, json);
    return row ? "" : row.error();
}

constexpr const char* kUser = R"({"role": "user", "content": "q"})";
constexpr const char* kGood = R"({"role": "assistant", "content": "good"})";
constexpr const char* kBad = R"({"role": "assistant", "content": "bad"})";

std::string list(std::initializer_list<const char*> messages)
{
    std::string text;
    for (const auto* message : messages) text += (text.empty() ? "[" : ", ") + std::string(message);
    return text + "]";
}

}  // namespace

class LayoutsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyExampleIsRecognised()
    {
        QVERIFY(layouts().size() >= 7);
        for (const auto* layout : layouts()) {
            const auto [found, row, reason] = recognise(layout->example);
            QCOMPARE(found, layout);
            QVERIFY2(row, layout->id.c_str());
            QVERIFY2(reason.ends_with(" in the first record"), reason.c_str());
            QCOMPARE(row->kind, layout->kind);
            QVERIFY(row->chosen.index() != 0);
            QCOMPARE(row->kind == RowKind::Preference, row->rejected.index() != 0);
            if (row->kind == RowKind::Preference) QVERIFY2(splitPrompt(*row, SplitRule::Automatic), layout->id.c_str());
        }
    }

    void recognises_data()
    {
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("id");
        QTest::newRow("null prompt") << R"({"prompt": null, "chosen": "a", "rejected": "b"})"
                                     << "implicit-strings";
        QTest::newRow("extra columns") << R"({"id": 1, "chosen": "a", "rejected": "b", "s": [1]})"
                                       << "implicit-strings";
        QTest::newRow("text beside a pair") << R"({"text": "t", "chosen": "a", "rejected": "b"})"
                                            << "implicit-strings";
        QTest::newRow("empty texts") << R"({"prompt": "", "chosen": "", "rejected": ""})"
                                     << "preference-strings";
        QTest::newRow("instruction is a prompt by another name")
            << R"({"instruction": "i", "input": "", "chosen": "a", "rejected": "b"})"
            << "none";
        QTest::newRow("question is one too") << R"({"question": "i", "chosen": "a", "rejected": "b"})"
                                             << "none";
        QTest::newRow("mixed sides") << R"({"chosen": "a", "rejected": [{"role": "r", "content": "c"}]})"
                                     << "none";
        QTest::newRow("a message instead of a list")
            << R"({"chosen": {"role": "r", "content": "c"}, "rejected": {"role": "r", "content": "c"}})"
            << "none";
        QTest::newRow("unpaired feedback") << R"({"prompt": "p", "completion": "c", "label": false})"
                                           << "none";
        QTest::newRow("completion of messages")
            << R"({"prompt": [{"role": "user", "content": "q"}], "completion": [{"role": "assistant", "content": "a"}]})"
            << "prompt-completion";
        QTest::newRow("other columns") << R"({"a": "b"})"
                                       << "none";
    }
    void recognises()
    {
        QFETCH(QString, json);
        QFETCH(QString, id);
        QCOMPARE(QString::fromStdString(idOf(json.toStdString())), id);
    }

    void aPromptTextBesideWholeConversationsIsFoundAgain()
    {
        const auto json =
            R"({"prompt": "q", "chosen": )" + list({kUser, kGood}) + R"(, "rejected": )" + list({kUser, kBad}) + "}";
        QCOMPARE(idOf(json), std::string("prompt-text-messages"));
        const auto row = readAs("prompt-text-messages", json);
        QVERIFY(row);
        QVERIFY(row->isPromptImplicit());
        const auto split = splitPrompt(*row, SplitRule::Automatic);
        QVERIFY(split);
        QCOMPARE(std::get<Messages>(split->prompt), (Messages{{"user", "q"}}));
        QCOMPARE(std::get<Messages>(split->chosen), (Messages{{"assistant", "good"}}));
    }

    void aPromptTextBesideAnswersIsWhatTheUserSaid()
    {
        const auto row = readAs("prompt-text-messages", R"({"prompt": "q", "chosen": )" + list({kGood}) +
                                                            R"(, "rejected": )" + list({kBad}) + "}");
        QVERIFY(row);
        QCOMPARE(std::get<Messages>(row->prompt), (Messages{{"user", "q"}}));
        QCOMPARE(std::get<Messages>(row->rejected), (Messages{{"assistant", "bad"}}));
    }

    void reasonsNameColumnAndMessage()
    {
        QCOMPARE(reasonAs("preference-strings", R"({"prompt": "p", "chosen": 4, "rejected": "b"})"),
                 std::string("\"chosen\" is a number, expected a text"));
        QCOMPARE(reasonAs("preference-strings", R"({"prompt": "p", "chosen": "a"})"),
                 std::string("\"rejected\" is missing, expected a text"));
        QCOMPARE(reasonAs("implicit-strings", R"({"prompt": "p", "chosen": "a", "rejected": "b"})"),
                 std::string("\"prompt\" is there, unlike in the first rows"));
        QCOMPARE(reasonAs("implicit-messages", R"({"chosen": "a", "rejected": "b"})"),
                 std::string("\"chosen\" is a text, expected a list of messages"));
        QCOMPARE(
            reasonAs("implicit-messages", R"({"chosen": [{"role": "user", "content": "q"}, "a"], "rejected": []})"),
            std::string("\"chosen\", message 2 is a text, expected a message"));
        QCOMPARE(reasonAs("implicit-messages", R"({"chosen": [{"role": "user"}], "rejected": []})"),
                 std::string("\"chosen\", message 1: \"content\" is missing, expected a text"));
        QCOMPARE(reasonAs("implicit-messages", R"({"chosen": [{"role": "user", "content": [1]}], "rejected": []})"),
                 std::string("\"chosen\", message 1: a part without \"type\""));
    }

    void conversationsHaveALimit()
    {
        const auto reasonOf = [](std::size_t count) {
            const std::string message = R"({"role": "user", "content": "x"})";
            std::string row = "{\"chosen\": [" + message;
            for (std::size_t i = 1; i < count; ++i) row += "," + message;
            return reasonAs("implicit-messages", row + "], \"rejected\": []}");
        };
        QCOMPARE(reasonOf(kMaxMessages), std::string());
        QCOMPARE(reasonOf(kMaxMessages + 1), std::string("\"chosen\" has more than 10000 messages"));
    }
};

QTEST_GUILESS_MAIN(LayoutsTest)
#include "layouts_test.moc"
