// SPDX-License-Identifier: GPL-3.0-or-later
// Whole model folders: what opens, and the sentence for what does not; shard sets and where their files may lie.
#include "core/model/model_folder.h"
#include "support/results.h"
#include "support/somebody.h"
#include "support/tiny_model.h"

#include <QtTest>

using namespace preflab;
using test::argumentOf;
using test::codeOf;
using test::problemOf;

namespace {

/// Writes the tiny model's weights as two shards and their index, and nothing else beside them.
Json writeShards(const std::filesystem::path& folder)
{
    std::filesystem::create_directories(folder);
    const auto tensors = test::tinyTensors(test::tinyConfig());
    Json index{{"metadata", {{"total_size", 0}}}, {"weight_map", Json::object()}};
    std::vector<TensorToWrite> shards[2];
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        shards[i % 2].push_back(tensors[i]);
        index["weight_map"][tensors[i].name] = i % 2 == 0 ? "model-1-of-2.safetensors" : "model-2-of-2.safetensors";
        std::uint64_t count = 4;
        for (const auto size : tensors[i].shape) count *= static_cast<std::uint64_t>(size);
        bytes += count;
    }
    index["metadata"]["total_size"] = bytes;
    (void)writeSafetensors(folder / "model-1-of-2.safetensors", shards[0], {});
    (void)writeSafetensors(folder / "model-2-of-2.safetensors", shards[1], {});
    test::writeFile(folder / "model.safetensors.index.json", index.dump());
    return index;
}

void writeIndex(const std::filesystem::path& folder, const Json& index)
{
    test::writeFile(folder / "model.safetensors.index.json", index.dump());
}

}  // namespace

class ModelFolderTest : public QObject {
    Q_OBJECT

private slots:
    void opensTheTinyModel()
    {
        const test::ScratchFolder folder;
        const auto model = ModelFolder::open(test::writeTinyModel(folder / "tiny"));
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(model->architecture->id, std::string("llama"));
        QCOMPARE(model->weights.size(), model->tensors.tensors().size());
        const auto hash = model->contentHash();
        QCOMPARE(hash->size(), std::size_t{32});
        Json config = test::tinyConfig();
        config["model_name"] = "other";
        QVERIFY(ModelFolder::open(test::writeTinyModel(folder / "other", config))->contentHash().value() != *hash);
        QCOMPARE(ModelFolder::open(test::writeTinyModel(folder / "same"))->contentHash().value(), *hash);
    }

    void opensTheReferenceModel()
    {
        const std::filesystem::path path = PREFLAB_TEST_SHARED "/assets/models/stories260K-hf";
        if (!std::filesystem::exists(path)) QSKIP("The reference model is not beside the project.");
        const auto model = ModelFolder::open(path);
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(parameterCount(model->weights), std::int64_t{260'032});
        QCOMPARE(model->tensors.totalBytes(), std::uint64_t{1'040'128});
        QCOMPARE(model->decoder.layers.size(), std::size_t{5});
    }

    void idleTensorsPass()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        auto tensors = test::tinyTensors(test::tinyConfig());
        tensors.push_back({"model.layers.0.self_attn.rotary_emb.inv_freq", TensorType::F32, {1}, tensors[0].fill});
        tensors.push_back({"lm_head.weight", TensorType::F32, {272, 8}, tensors[0].fill});
        test::writeWeights(path, tensors);
        QCOMPARE(problemOf(ModelFolder::open(path)), QString());
        // With a head of its own the same tensor is needed.
        Json config = test::tinyConfig();
        config["tie_word_embeddings"] = false;
        test::writeFile(path / "config.json", config.dump());
        QCOMPARE(problemOf(ModelFolder::open(path)), QString());
    }

    void foldersThatAreNone()
    {
        const test::ScratchFolder folder;
        QCOMPARE(codeOf(ModelFolder::open(folder / "none")), QString("file-not-found"));
        QCOMPARE(codeOf(ModelFolder::open(folder.path())), QString("no-model-config"));
        QCOMPARE(codeOf(ModelFolder::open(test::writeFile(folder / "file", "x"))), QString("no-model-config"));
        const auto path = test::writeTinyModel(folder / "tiny");
        test::writeFile(path / "config.json", "[]");
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("config-invalid"));
        test::writeFile(path / "config.json", "{\"a\":1,\"a\":2}");
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("config-invalid"));
        test::writeFile(path / "config.json", std::string(1'048'577, ' '));
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("file-unreadable"));
        test::writeFile(path / "config.json", R"({"model_type":"gpt2"})");
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("unknown-architecture"));
    }

    void aFolderThatMayNotBeReadIsSaid()
    {
        const test::ScratchFolder folder;
        std::filesystem::create_directory(folder / "m");
        std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
        const test::Forbidden nobody(folder / "m");
        const auto refused = ModelFolder::open(folder / "m");
        QCOMPARE(codeOf(refused), QString("file-unreadable"));
        QVERIFY2(problemOf(refused).contains("Permission denied"), qPrintable(problemOf(refused)));
    }

    void weightsThatAreMissing()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        std::filesystem::remove(path / "model.safetensors");
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("no-weights"));
        test::writeFile(path / "pytorch_model.bin", "PK");
        const auto pickle = ModelFolder::open(path);
        QCOMPARE(codeOf(pickle), QString("pickle-weights"));
        QVERIFY(argumentOf(pickle, "path").endsWith("pytorch_model.bin"));
        test::writeFile(path / "model.safetensors", std::string("\x80\x02}q\0.", 6));
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("pickle-weights"));
        test::writeFile(path / "model.safetensors", "nonsense, but no pickle");
        QCOMPARE(codeOf(ModelFolder::open(path)), QString("weights-invalid"));
    }

    void weightsThatDoNotFit()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        const auto tensors = test::tinyTensors(test::tinyConfig());
        const auto mismatch = [&](const std::vector<TensorToWrite>& written) {
            test::writeWeights(path, written);
            const auto model = ModelFolder::open(path);
            return codeOf(model) + " " + argumentOf(model, "tensor") + " " + argumentOf(model, "found") + " " +
                   argumentOf(model, "expected");
        };
        auto changed = tensors;
        changed[2].shape = {4, 16};
        QCOMPARE(mismatch(changed), QString("weights-mismatch model.layers.0.self_attn.q_proj.weight (4, 16) (8, 8)"));
        changed = tensors;
        changed[0].shape = {8, 272};
        QCOMPARE(mismatch(changed), QString("weights-mismatch model.embed_tokens.weight (8, 272) (272, 8)"));
        changed = tensors;
        changed.pop_back();
        QCOMPARE(mismatch(changed), QString("weights-mismatch model.norm.weight no such tensor (8)"));
        changed = tensors;
        changed.back().type = TensorType::I32;
        QCOMPARE(mismatch(changed), QString("weights-mismatch model.norm.weight I32 F32, BF16, F16 or F64"));
        changed = tensors;
        changed.push_back({"model.layers.0.self_attn.q_proj.bias", TensorType::F32, {8}, tensors[0].fill});
        QCOMPARE(mismatch(changed),
                 QString("weights-mismatch model.layers.0.self_attn.q_proj.bias (8) no such tensor"));
    }

    void shards()
    {
        const test::ScratchFolder folder;
        const auto path = test::writeTinyModel(folder / "tiny");
        std::filesystem::remove(path / "model.safetensors");
        Json index = writeShards(path);
        const auto model = ModelFolder::open(path);
        QCOMPARE(problemOf(model), QString());
        QCOMPARE(model->tensors.files().size(), std::size_t{2});
        QVERIFY(model->tensors.warnings().empty());
        for (const TensorEntry& entry : model->tensors.tensors()) {
            std::vector<std::byte> bytes(entry.bytes);
            QCOMPARE(problemOf(model->tensors.read(entry, bytes)), QString());
            float second = 0;
            std::memcpy(&second, bytes.data() + sizeof(float), sizeof(float));
            QCOMPARE(second, -0.01F);
        }
        index["metadata"]["total_size"] = 1;
        writeIndex(path, index);
        QCOMPARE(SafetensorsSet::openFolder(path)->warnings().size(), std::size_t{1});
        index.erase("metadata");
        writeIndex(path, index);
        QVERIFY(SafetensorsSet::openFolder(path)->warnings().empty());
    }

    void shardsThatContradictTheIndex()
    {
        const test::ScratchFolder folder;
        const Json index = writeShards(folder / "m");
        const auto reasonWith = [&](const Json& changed) {
            writeIndex(folder / "m", changed);
            const auto set = SafetensorsSet::openFolder(folder / "m");
            return codeOf(set) + ": " + argumentOf(set, "reason");
        };
        const std::string norm = "model.norm.weight";
        const std::string embedding = "model.embed_tokens.weight";
        Json changed = index;
        changed["weight_map"].erase(norm);
        QCOMPARE(reasonWith(changed), QString("weights-invalid: the index does not name it"));
        changed = index;
        changed["weight_map"]["extra"] = index["weight_map"][norm];
        QVERIFY(reasonWith(changed).startsWith("weights-invalid: it is not in model-"));
        changed = index;
        changed["weight_map"][embedding] = "model-2-of-2.safetensors";
        QCOMPARE(reasonWith(changed),
                 QString("weights-invalid: the index says that it is in model-2-of-2.safetensors"));
        changed = index;
        changed["weight_map"] = Json::array();
        QVERIFY(reasonWith(changed).startsWith("weights-invalid: it must be an object"));
        changed["weight_map"] = Json::object();
        QVERIFY(reasonWith(changed).startsWith("weights-invalid: it must be an object"));
        QVERIFY(reasonWith(Json::array()).startsWith("weights-invalid: it must be an object"));
        std::filesystem::remove(folder / "m" / "model-2-of-2.safetensors");
        writeIndex(folder / "m", index);
        QCOMPARE(codeOf(SafetensorsSet::openFolder(folder / "m")), QString("file-not-found"));
        test::writeFile(folder / "m" / "model.safetensors.index.json", R"({"weight_map":{"a":"x","a":"y"}})");
        QCOMPARE(codeOf(SafetensorsSet::openFolder(folder / "m")), QString("config-invalid"));
    }

    void shardNamesLeadNowhereElse_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"../secret.safetensors",
                                 "/etc/secret.safetensors",
                                 "sub/secret.safetensors",
                                 "..\\secret.safetensors",
                                 "\\\\host\\secret.safetensors",
                                 "C:\\secret.safetensors",
                                 "./secret.safetensors",
                                 ".secret.safetensors",
                                 "..safetensors",
                                 "-secret.safetensors",
                                 "",
                                 ".safetensors",
                                 "secret.bin",
                                 "secret.safetensors ",
                                 " secret.safetensors",
                                 "secret.SAFETENSORS",
                                 "%2e%2e%2fsecret.safetensors",
                                 "secret\n.safetensors",
                                 "s\xC3\xA9"
                                 "cret.safetensors",
                                 "~secret.safetensors",
                                 "$HOME.safetensors"}) {
            QTest::newRow(name) << QByteArray(name);
        }
        QTest::newRow("NUL") << QByteArray("secret.safetensors\0.safetensors", 31);
        QTest::newRow("long") << QByteArray(244, 'a') + ".safetensors";
    }

    void shardNamesLeadNowhereElse()
    {
        QFETCH(QByteArray, name);
        const test::ScratchFolder folder;
        (void)writeShards(folder / "m");
        test::writeFile(folder / "secret.safetensors", test::readFile(folder / "m/model-1-of-2.safetensors"));
        writeIndex(folder / "m", Json{{"weight_map", {{"model.embed_tokens.weight", name.toStdString()}}}});
        const auto set = SafetensorsSet::openFolder(folder / "m");
        QCOMPARE(codeOf(set), QString("weights-invalid"));
        QVERIFY(argumentOf(set, "reason").contains("plain name"));
    }

    void linksStayInsideTheModel()
    {
        const test::ScratchFolder folder;
        (void)writeShards(folder / "m");
        std::filesystem::rename(folder / "m/model-1-of-2.safetensors", folder / "elsewhere.safetensors");
        std::filesystem::create_symlink(folder / "elsewhere.safetensors", folder / "m/model-1-of-2.safetensors");
        const auto outside = SafetensorsSet::openFolder(folder / "m");
        QCOMPARE(codeOf(outside), QString("link-outside"));
        QVERIFY(argumentOf(outside, "path").endsWith("m/model-1-of-2.safetensors"));

        // A Hugging Face cache keeps the content in blobs beside the snapshots.
        const auto snapshot = folder / "models--a--b/snapshots/0123";
        (void)writeShards(snapshot);
        std::filesystem::create_directories(folder / "models--a--b/blobs");
        for (const char* name : {"model-1-of-2.safetensors", "model-2-of-2.safetensors"}) {
            std::filesystem::rename(snapshot / name, folder / "models--a--b/blobs" / name);
            std::filesystem::create_symlink(std::filesystem::path("../../blobs") / name, snapshot / name);
        }
        QCOMPARE(problemOf(SafetensorsSet::openFolder(snapshot)), QString());
        std::filesystem::remove(snapshot / "model-1-of-2.safetensors");
        std::filesystem::create_symlink(folder / "elsewhere.safetensors", snapshot / "model-1-of-2.safetensors");
        QCOMPARE(codeOf(SafetensorsSet::openFolder(snapshot)), QString("link-outside"));
    }
};

QTEST_GUILESS_MAIN(ModelFolderTest)
#include "model_folder_test.moc"
