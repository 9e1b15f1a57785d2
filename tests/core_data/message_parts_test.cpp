// SPDX-License-Identifier: GPL-3.0-or-later
// Messages keep what they came with: parts of content, names, tool calls.
#include "core/data/ingest/format_fields.h"
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
    return messagesColumn(*parseJson("{\"chosen\": [" + messages + "]}"), "chosen");
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
