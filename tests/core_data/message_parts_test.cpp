// SPDX-License-Identifier: GPL-3.0-or-later
// Messages keep what they came with: parts of content, names, tool calls.
#include "core/data/ingest/layout_fields.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

std::string part(const std::string& text)
{
    return Json{{"type", "text"}, {"text", text}}.dump();
}

tl::expected<Messages, std::string> read(const std::string& messages)
{
    tl::expected<Messages, std::string> result;
    const auto fault = readRecord("{\"chosen\": [" + messages + "]}",
                                  [&](const RecordValue& row) { result = messagesColumn(row, "chosen"); });
    if (fault) return tl::unexpected(fault->reason);
    return result;
}

std::string reasonOf(const std::string& messages)
{
    const auto result = read(messages);
    return result ? "" : result.error();
}

std::string user(const std::string& content)
{
    return R"({"role": "user", "content": )" + content + "}";
}

}  // namespace

class MessagePartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textPartsAreJoinedWithNothingBetween()
    {
        const auto messages = read(user("[" + part("Name a tree.") + ", " + part(" One.") + "]") + ", " + user("[]"));
        QVERIFY(messages);
        QCOMPARE(messages->at(0).content, std::string("Name a tree. One."));
        QCOMPARE(messages->at(1).content, std::string());
        const auto others = parseJson(messages->at(0).otherKeys);
        QCOMPARE(others->at("content").size(), std::size_t{2});
    }

    void otherPartsAreReasons()
    {
        const std::string where = "\"chosen\", message 1: ";
        QCOMPARE(reasonOf(user(R"([{"type": "image", "image": "a.png"}])")),
                 where + "it holds an image, which a text model cannot read");
        QCOMPARE(reasonOf(user(R"([{"type": "image_url", "image_url": {"url": "x"}}])")),
                 where + "it holds an image, which a text model cannot read");
        QCOMPARE(reasonOf(user(R"([{"type": "audio"}])")),
                 where + "it holds a part of the type \"audio\", which a text model cannot read");
        QCOMPARE(reasonOf(user(R"([{"type": "text", "content": "a"}])")), where + "a text part without \"text\"");
        QCOMPARE(reasonOf(user(R"(["a"])")), where + "a part without \"type\"");
        QVERIFY(reasonOf(user(Json::array({{{"type", std::string(100000, 'x')}}}).dump())).size() < 200);
    }

    void namesAndToolCallsAreKept()
    {
        const std::string call = R"([{"type":"function","function":{"name":"add","arguments":{"a":1}}}])";
        const auto messages = read(R"({"role": "user", "content": "2+2?", "name": "Ann", "weight": null}, )"
                                   R"({"role": "assistant", "content": null, "tool_calls": )" +
                                   call + "}, " + user("\"plain\""));
        QVERIFY(messages);
        QCOMPARE(messages->at(0).otherKeys, std::string(R"({"name":"Ann"})"));
        QCOMPARE(messages->at(1).content, std::string());
        QCOMPARE(messages->at(1).otherKeys, R"({"tool_calls":)" + call + "}");
        QCOMPARE(messages->at(2).otherKeys, std::string());
        QCOMPARE(reasonOf(user("null")), std::string("\"chosen\", message 1: \"content\" is missing, expected a text"));
    }

    // Hashes of texts hang on this spelling, and lie in projects.
    void otherKeysAreSpeltAsEver()
    {
        const auto messages =
            read("{\"role\": \"user\", \"z\": 1.0, \"y\" : [-0, -0.0, 1e5, 1E22, 0.1, 4.9e-324, "
                 "18446744073709551615, -9223372036854775808, 123456789012345678901234567890], "
                 "\"x\": {\"b\": [ ], \"a\": { }, \"\\u0000\": null}, \"content\": \"c\", \"w\": "
                 "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0001 \\u007f \\u00e9 \\ud83d\\ude00 \\u2028\"}");
        QVERIFY(messages);
        const std::string expected =
            "{\"z\":1.0,\"y\":[0,-0.0,100000.0,1e+22,0.1,5e-324,18446744073709551615,-9223372036854775808,"
            "1.2345678901234568e+29],\"x\":{\"b\":[],\"a\":{},\"\\u0000\":null},\"w\":\"\\\" \\\\ / \\b \\f \\n \\r "
            "\\t "
            "\\u0001 \x7F \xC3\xA9 \xF0\x9F\x98\x80 \xE2\x80\xA8\"}";
        QCOMPARE(messages->at(0).otherKeys, expected);
    }

    void oneRowWithAnImageDoesNotRefuseTheFile()
    {
        const test::ScratchFolder folder;
        const std::string answers =
            R"(, "chosen": [{"role": "assistant", "content": "a"}], )"
            R"("rejected": [{"role": "assistant", "content": [{"type": "text", "text": "b"}]}]})"
            "\n";
        const auto path =
            test::writeFile(folder / "parts.jsonl", R"({"prompt": [)" + user(R"([{"type": "image"}])") + "]" + answers +
                                                        R"({"prompt": [)" + user("\"q\"") + "]" + answers);
        const auto dataset = test::openIn(folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QCOMPARE(dataset->rows->size(), 1U);
        QCOMPARE(dataset->findings.badRows, 1ULL);
        QCOMPARE(dataset->findings.first[0].reason,
                 std::string("line 1: \"prompt\", message 1: it holds an image, which a text model cannot read"));
        QCOMPARE(std::get<Messages>(dataset->rows->row(0)->rejected)[0].content, std::string("b"));
    }

    void anEmptyPromptListBesideWholeConversationsIsNoPrompt()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeFile(
            folder / "pairs.jsonl",
            R"({"prompt": [{"role": "user", "content": "q"}], "chosen": [{"role": "assistant", "content": "a"}], )"
            R"("rejected": [{"role": "assistant", "content": "b"}]})"
            "\n"
            R"({"prompt": [], "chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], )"
            R"("rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "b"}]})");
        const auto dataset = test::openIn(folder.path(), path);
        QCOMPARE(problemOf(dataset), QString());
        QVERIFY(!dataset->rows->row(0)->isPromptImplicit());
        QVERIFY(dataset->rows->row(1)->isPromptImplicit());
    }
};

QTEST_GUILESS_MAIN(MessagePartsTest)
#include "message_parts_test.moc"
