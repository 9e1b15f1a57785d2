// SPDX-License-Identifier: GPL-3.0-or-later
// Model folders as they come: heads that are tied or not, names without a prefix, downloads that are no files, links.
#include "core/model/model_folder.h"
#include "support/results.h"
#include "support/tiny_model.h"

#include <QtTest>

#include <algorithm>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

class ModelVariantsTest : public QObject {
    Q_OBJECT

private slots:
    void headsOfTheirOwnAreUsed()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        auto tensors = test::tinyTensors(test::tinyConfig());
        auto head = tensors[0];
        QCOMPARE(head.name, std::string("model.embed_tokens.weight"));
        head.name = "lm_head.weight";
        tensors.push_back(head);
        test::writeWeights(path, tensors);
        const auto saved = ModelFolder::open(path);  // the same numbers twice
        QCOMPARE(problemOf(saved), QString());
        QVERIFY(saved->decoder.isHeadTied);
        QVERIFY(saved->notes.empty());

        tensors.back().fill = [](std::span<std::byte> into) -> Result<> {
            std::fill(into.begin(), into.end(), std::byte{0});
            return {};
        };
        test::writeWeights(path, tensors);
        const auto own = ModelFolder::open(path);
        QCOMPARE(problemOf(own), QString());
        QVERIFY(!own->decoder.isHeadTied);
        QCOMPARE(own->weights.back().name, std::string("lm_head.weight"));
        QCOMPARE(own->config["tie_word_embeddings"], Json(false));
        QCOMPARE(own->notes.size(), std::size_t{1});
        QVERIFY(QString::fromStdString(own->notes[0]).contains("lm_head.weight"));
    }

    void headsThatAreMissingAreNamed()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        Json config = test::tinyConfig();
        config["tie_word_embeddings"] = false;
        test::writeFile(path / "config.json", config.dump());
        const auto model = ModelFolder::open(path);
        QCOMPARE(codeOf(model), QString("weights-mismatch"));
        QCOMPARE(argumentOf(model, "tensor"), QString("lm_head.weight"));
    }

    void filesSavedWithoutTheHeadLackAPrefix()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        auto tensors = test::tinyTensors(test::tinyConfig());
        for (TensorToWrite& tensor : tensors) tensor.name = tensor.name.substr(std::string("model.").size());
        test::writeWeights(path, tensors);
        const auto model = ModelFolder::open(path);
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(model->weights[0].name, std::string("model.embed_tokens.weight"));
        QCOMPARE(model->weights[0].fileName(), std::string("embed_tokens.weight"));
    }

    void downloadsThatAreNoFilesAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        for (const char* file : {"model.safetensors", "config.json"}) QTest::newRow(file) << QString(file);
    }

    void downloadsThatAreNoFilesAreNamed()
    {
        QFETCH(QString, file);
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        const auto place = path / file.toStdString();
        test::writeFile(place, "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
                                   "\nsize 1044992\n");
        const auto pointer = ModelFolder::open(path);
        QCOMPARE(codeOf(pointer), QString("not-the-content"));
        QVERIFY(problemOf(pointer).contains("Git LFS") && problemOf(pointer).contains("git lfs pull"));
        QCOMPARE(argumentOf(pointer, "path"), QString::fromStdString(place.string()));
        test::writeFile(place, "<!DOCTYPE html><html><head><title>Sign in</title></head></html>");
        QVERIFY(problemOf(ModelFolder::open(path)).contains("web page"));
    }

    void filesElsewhereAreNotTheModels_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("code");
        QTest::newRow("weights") << "model.safetensors"
                                 << "link-outside";
        QTest::newRow("config") << "config.json"
                                << "link-outside";
        QTest::newRow("generation") << "generation_config.json"
                                    << "";
    }

    void filesElsewhereAreNotTheModels()
    {
        QFETCH(QString, file);
        QFETCH(QString, code);
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        test::writeFile(path / "generation_config.json", R"({"eos_token_id":7})");
        std::filesystem::rename(path / file.toStdString(), folder / "elsewhere");
        std::filesystem::create_symlink(folder / "elsewhere", path / file.toStdString());
        const auto model = ModelFolder::open(path);
        QCOMPARE(codeOf(model), code);
        if (!code.isEmpty()) return;
        QVERIFY(!model->generationConfig());
        QCOMPARE(model->notes.size(), std::size_t{1});

        // The folder itself may be a link, and links within it are its own.
        std::filesystem::create_directory_symlink(path, folder / "link");
        std::filesystem::remove(path / "generation_config.json");
        test::writeFile(path / "other.json", R"({"eos_token_id":7})");
        std::filesystem::create_symlink("other.json", path / "generation_config.json");
        const auto linked = ModelFolder::open(folder / "link");
        QCOMPARE(problemOf(linked), QString());
        QVERIFY(linked->generationConfig().has_value());
    }
};

QTEST_GUILESS_MAIN(ModelVariantsTest)
#include "model_variants_test.moc"
