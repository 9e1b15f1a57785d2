// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in renderings of conversations.
#include "core/text/chat_template.h"
#include "support/files.h"

#include <QtTest>

using namespace preflab;

class ChatTemplateTest : public QObject {
    Q_OBJECT

private slots:
    void renderings()
    {
        const Messages messages{{"system", "Be kind."}, {"user", "Hi"}, {"assistant", "Hello"}, {"tool", "x"}};
        QCOMPARE(chatTemplates().size(), std::size_t{2});
        QCOMPARE(findChatTemplate("chatml"), &defaultChatTemplate());
        QVERIFY(findChatTemplate("jinja") == nullptr);
        QCOMPARE(findChatTemplate("chatml")->render(messages, {}).text,
                 std::string("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                             "<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>tool\nx<|im_end|>\n"));
        QCOMPARE(findChatTemplate("transcript")->render(messages, {}).text,
                 std::string("\n\nSystem: Be kind.\n\nHuman: Hi\n\nAssistant: Hello\n\ntool: x"));
        for (const ChatTemplate* known : chatTemplates()) {
            QCOMPARE(known->render({}, {}).text, std::string());
            // What an answer continues is a beginning of the whole conversation.
            const auto before = known->render({messages[0], messages[1]}, {.addsGenerationPrompt = true});
            const auto whole = known->render(messages, {});
            QVERIFY(whole.text.starts_with(before.text));
            // The assistant's turn begins there.
            QCOMPARE(whole.assistantTurns.size(), std::size_t{1});
            QVERIFY(before.assistantTurns.empty());
            QCOMPARE(whole.assistantTurns[0].begin, before.text.size());
        }
    }

    void assistantTurnsEndWithTheirMark()
    {
        const Messages messages{{"assistant", "a"}, {"user", "b"}, {"assistant", "c"}};
        const auto spans = [&](const char* id) {
            const auto chat = findChatTemplate(id)->render(messages, {});
            QStringList texts;
            for (const TextRange& turn : chat.assistantTurns)
                texts << QString::fromStdString(chat.text.substr(turn.begin, turn.size()));
            return texts;
        };
        QCOMPARE(spans("chatml"), (QStringList{"a<|im_end|>", "c<|im_end|>"}));
        QCOMPARE(spans("transcript"), (QStringList{" a", " c"}));
    }

    void aFolderHasATemplateInEitherFile()
    {
        const test::ScratchFolder scratch;
        QVERIFY(!hasChatTemplate(scratch / "nowhere"));
        test::writeFile(scratch / "none" / "tokenizer_config.json", R"({"legacy": true, "chat_template": null})");
        QVERIFY(!hasChatTemplate(scratch / "none"));
        test::writeFile(scratch / "broken" / "tokenizer_config.json", R"({"chat_template": )");
        QVERIFY(!hasChatTemplate(scratch / "broken"));
        test::writeFile(scratch / "key" / "tokenizer_config.json", R"({"chat_template": "{{ messages }}"})");
        QVERIFY(hasChatTemplate(scratch / "key"));
        test::writeFile(scratch / "file" / "chat_template.jinja", "{{ messages }}");
        QVERIFY(hasChatTemplate(scratch / "file"));
    }
};

QTEST_GUILESS_MAIN(ChatTemplateTest)
#include "chat_template_test.moc"
