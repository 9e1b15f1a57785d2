// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in renderings of conversations.
#include "core/model/templates.h"
#include "support/files.h"

#include <QtTest>

using namespace preflab;

class TemplatesTest : public QObject {
    Q_OBJECT

private slots:
    void renderings()
    {
        const Messages messages{{"system", "Be kind."}, {"user", "Hi"}, {"assistant", "Hello"}, {"tool", "x"}};
        QCOMPARE(renderMessages(messages, Rendering::ChatMl),
                 std::string("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
                             "<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>tool\nx<|im_end|>\n"));
        QCOMPARE(renderMessages(messages, Rendering::Transcript),
                 std::string("\n\nSystem: Be kind.\n\nHuman: Hi\n\nAssistant: Hello\n\ntool: x"));
        QCOMPARE(renderMessages({}, Rendering::ChatMl), std::string());
        // What an answer continues is a beginning of the whole conversation.
        for (const auto rendering : {Rendering::ChatMl, Rendering::Transcript}) {
            const auto before = renderMessages({messages[0], messages[1]}, rendering) + generationPrompt(rendering);
            QVERIFY(renderMessages(messages, rendering).starts_with(before));
        }
        QVERIFY(renderingId(Rendering::ChatMl) == "chatml" && renderingId(Rendering::Transcript) == "transcript");
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

QTEST_GUILESS_MAIN(TemplatesTest)
#include "templates_test.moc"
