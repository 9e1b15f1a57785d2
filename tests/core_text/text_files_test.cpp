// SPDX-License-Identifier: GPL-3.0-or-later
// The files beside the weights: which tokens end an answer, downloads that are no files, links out of the folder.
#include "core/text/text_model.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QtTest>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

class TextFilesTest : public QObject {
    Q_OBJECT

private slots:
    void endTokensComeFromEverywhere_data()
    {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("generation");
        QTest::addColumn<QList<int>>("ids");  // the tokenizer's own is 2
        QTest::newRow("nowhere") << QString() << QString() << QList<int>{2};
        QTest::newRow("number") << "7" << QString() << QList<int>{2, 7};
        QTest::newRow("null") << "null"
                              << "null" << QList<int>{2};
        QTest::newRow("list") << "[7,2]" << QString() << QList<int>{2, 7};
        QTest::newRow("generation") << "2"
                                    << "[2,9,261]" << QList<int>{2, 9, 261};
        QTest::newRow("both") << "[7]"
                              << "9" << QList<int>{2, 7, 9};
        QTest::newRow("no token at all") << "-1"
                                         << "[]" << QList<int>{2};
    }

    void endTokensComeFromEverywhere()
    {
        QFETCH(QString, config);
        QFETCH(QString, generation);
        QFETCH(QList<int>, ids);
        const test::ScratchFolder folder;
        Json json = test::tinyConfig();
        if (!config.isEmpty()) json["eos_token_id"] = Json::parse(config.toStdString());
        const auto path = test::writeTinyModel(folder / "tiny", json);
        if (!generation.isEmpty())
            test::writeFile(path / "generation_config.json", "{\"eos_token_id\":" + generation.toStdString() + "}");
        const auto model = TextModel::open(ModelFolder::open(path).value());
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(QList<int>(model->endTokens.begin(), model->endTokens.end()), ids);
    }

    void endTokensThatAreNoneAreRefused()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        for (const char* value : {"\"</s>\"", "2.5", "[2,\"x\"]", "{}", "true", "1e300", "18446744073709551615"}) {
            test::writeFile(path / "generation_config.json", std::string("{\"eos_token_id\":") + value + "}");
            const auto model = TextModel::open(ModelFolder::open(path).value());
            QCOMPARE(codeOf(model), QString("config-invalid"));
            QVERIFY(argumentOf(model, "path").endsWith("generation_config.json"));
        }
    }

    void downloadsThatAreNoFilesAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : {"tokenizer.model", "tokenizer_config.json", "generation_config.json"})
            QTest::newRow(file) << QString(file);
    }

    void downloadsThatAreNoFilesAreNamed()
    {
        QFETCH(QString, file);
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        const auto place = path / file.toStdString();
        test::writeFile(place, "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
                                   "\nsize 1044992\n");
        const auto pointer = TextModel::open(ModelFolder::open(path).value());
        QCOMPARE(codeOf(pointer), QString("not-the-content"));
        QVERIFY(problemOf(pointer).contains("Git LFS") && problemOf(pointer).contains("git lfs pull"));
        QCOMPARE(argumentOf(pointer, "path"), QString::fromStdString(place.string()));
        test::writeFile(place, "<!DOCTYPE html><html><head><title>Sign in</title></head></html>");
        QVERIFY(problemOf(TextModel::open(ModelFolder::open(path).value())).contains("web page"));
    }

    void tokenizersElsewhereAreNotTheModels()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        std::filesystem::rename(path / "tokenizer.model", folder / "elsewhere");
        std::filesystem::create_symlink(folder / "elsewhere", path / "tokenizer.model");
        const auto model = TextModel::open(ModelFolder::open(path).value());
        QCOMPARE(codeOf(model), QString("link-outside"));
        QVERIFY(problemOf(model).contains("is a link to a file elsewhere"));
        // A sentence about what is wrong in it would tell what it holds.
        for (const char* name : {"special_tokens_map.json", "tokenizer_config.json", "added_tokens.json"}) {
            const auto linked = test::writeTinyModel(folder / name);
            const auto secret = test::writeFile(folder / "secret", R"({"password":"1234"})");
            std::filesystem::remove(linked / name);
            std::filesystem::create_symlink(secret, linked / name);
            const auto settings = TextModel::open(ModelFolder::open(linked).value());
            QVERIFY2(problemOf(settings).contains("is a link to a file elsewhere"), qPrintable(problemOf(settings)));
            QVERIFY(!problemOf(settings).contains("password"));
        }
    }

    void generationSettingsElsewhereAreNotRead()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        test::writeFile(folder / "elsewhere", R"({"eos_token_id":7})");
        std::filesystem::create_symlink(folder / "elsewhere", path / "generation_config.json");
        QCOMPARE(TextModel::open(ModelFolder::open(path).value())->endTokens.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(TextFilesTest)
#include "text_files_test.moc"
