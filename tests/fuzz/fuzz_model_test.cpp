// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated weights, configurations and tokenizers.
#include "core/model/model_folder.h"
#include "core/model/safetensors_header.h"
#include "core/text/tokenizer.h"
#include "support/fuzz_bench.h"
#include "support/piece_model.h"
#include "support/safetensors_text.h"

using namespace preflab;
using namespace preflab::test;

namespace {

const std::vector<std::string> kJsonWords{"{",
                                          "}",
                                          "[",
                                          "]",
                                          ":",
                                          ",",
                                          "\"",
                                          "\\u0000",
                                          "\\ud800",
                                          "null",
                                          "true",
                                          "false",
                                          "-1",
                                          "0",
                                          "1e9",
                                          "1.5",
                                          "1e-320",
                                          "1e999",
                                          "NaN",
                                          "[[[[[",
                                          "{\"a\":",
                                          "9223372036854775807",
                                          "18446744073709551616"};

std::vector<std::string> jsonWords(std::vector<std::string> more)
{
    more.insert(more.end(), kJsonWords.begin(), kJsonWords.end());
    return more;
}

const std::string kHeader = "{\"__metadata__\":{\"format\":\"pt\"}," + tensor("a", "F32", "[2,3]", "[0,24]") + "," +
                            tensor("b", "BOOL", "[4]", "[24,28]") + "," + tensor("c", "BF16", "[0]", "[28,28]") + "}";

const std::vector<std::string> kHeaderWords =
    jsonWords({"\"a\":{", "\"dtype\":\"F64\"", "\"F32\"", "\"shape\":[", "\"shape\":[281474976710655,281474976710655]",
               "\"data_offsets\":[0,24]", "\"data_offsets\":[24,0]", "\"__metadata__\"", " "});

std::optional<Error> readAll(const Result<SafetensorsSet>& set)
{
    if (!set) return set.error();
    for (const TensorEntry& entry : set->tensors()) {
        std::vector<std::byte> bytes(entry.bytes);
        if (const auto read = set->read(entry, bytes); !read) return read.error();
    }
    return {};
}

std::optional<Error> readTokenizer(const std::filesystem::path& folder)
{
    const auto tokenizer = openTokenizer(folder);
    if (!tokenizer) return tokenizer.error();
    for (const char* text : {"", "hello world", "  <s>hello</s> \xF0\x9F\x99\x82", "<|im_start|>user\nhe\0llo"}) {
        const auto ids = (*tokenizer)->encode(text, SpecialTokens::Default);
        if (!ids) return ids.error();
        (void)(*tokenizer)->decode(*ids);
        for (const TokenId id : *ids) (void)(*tokenizer)->piece(id);
    }
    return {};
}

/// Puts files of a fixture model beside the file under test.
void copyBeside(const std::filesystem::path& file, std::initializer_list<const char*> names)
{
    for (const char* name : names) {
        const auto target = file.parent_path() / name;
        if (!std::filesystem::exists(target)) writeFile(target, fixture(std::string("models/headed/") + name));
    }
}

}  // namespace

class FuzzModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void safetensorsHeader()
    {
        const Corpus corpus{{kHeader, kPlain}, kHeaderWords};
        FuzzBench::run("header.json", corpus, 5000, [](const auto& file) -> std::optional<Error> {
            const auto header = parseSafetensorsHeader(readFile(file), 28);
            if (header) return {};
            return Error{ErrorCode::WeightsInvalid,
                         {{"path", "a"}, {"where", header.error().where}, {"reason", header.error().reason}},
                         {}};
        });
    }

    void safetensorsFile()
    {
        const Corpus corpus{{fileOf(kHeader, zeros(28)), fixture("models/headed/model.safetensors")}, kHeaderWords};
        FuzzBench::run("model.safetensors", corpus, 3000,
                       [](const auto& file) { return readAll(SafetensorsSet::openFile(file)); });
    }

    void weightIndex()
    {
        const std::string index = R"({"metadata":{"total_size":4},"weight_map":{"a":"model-1.safetensors"}})";
        const Corpus corpus{{index}, jsonWords({"\"weight_map\":{", "\"a\":\"", "../", "/etc/passwd", "model-1"})};
        FuzzBench::run("model.safetensors.index.json", corpus, 3000, [](const auto& file) {
            const auto shard = file.parent_path() / "model-1.safetensors";
            if (!std::filesystem::exists(shard)) writeFile(shard, fileOf(kPlain, zeros(4)));
            return readAll(SafetensorsSet::openFolder(file.parent_path()));
        });
    }

    void configuration()
    {
        const std::string grouped = fixture("models/grouped/config.json");
        const Corpus corpus{
            {fixture("models/headed/config.json"), grouped},
            jsonWords({"\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8.0}", "\"num_key_value_heads\": 3,",
                       "\"hidden_size\": ", "\"rms_norm_eps\": ", "\"tie_word_embeddings\": true,",
                       "\"attention_dropout\": 0.1,", "\"vocab_size\": 352,", "\"head_dim\": 5,"})};
        FuzzBench::run("config.json", corpus, 2000, [](const auto& file) {
            copyBeside(file, {"model.safetensors", "tokenizer.model"});
            return errorOf(ModelFolder::open(file.parent_path()));
        });
    }

    void tokenizerModel()
    {
        const std::vector<std::string> words{
            "\x0a\x05",    "\x12\x00", "\x18\x02", "\x1d",
            "<unk>",       "</s>",     "<0x00>",   std::string("\x15\x00\x00\xc0\x7f", 5),
            "\xE2\x96\x81"};
        const Corpus corpus{
            {helloModel(), fixture("models/grouped/tokenizer.model"), fixture("vocabularies/unigram.model")}, words};
        FuzzBench::run("tokenizer.model", corpus, 3000,
                       [](const auto& file) { return readTokenizer(file.parent_path()); });
    }

    void tokenizerSettings_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("tokenizer_config.json")
            << QByteArray(R"({"add_bos_token":true,"add_eos_token":false,"legacy":false,"add_prefix_space":true,)"
                          R"("bos_token":{"content":"<s>","lstrip":false},"eos_token":"</s>","unk_token":"<unk>",)"
                          R"("added_tokens_decoder":{"1":{"content":"<s>","special":true},)"
                          R"("352":{"content":"<|im_start|>","special":true,"rstrip":true}}})");
        QTest::newRow("special_tokens_map.json")
            << QByteArray(R"({"bos_token":"<s>","eos_token":{"content":"</s>"},"unk_token":"<unk>"})");
        QTest::newRow("added_tokens.json") << QByteArray(R"({"<|im_start|>":352,"<|im_end|>":353})");
    }

    void tokenizerSettings()
    {
        QFETCH(QByteArray, content);
        const Corpus corpus{{content.toStdString()},
                            jsonWords({"\"content\":\"", "\"bos_token\":", "\"\":1", "352", "\"special\":true",
                                       "\"lstrip\":true", "2147483647"})};
        FuzzBench::run(QTest::currentDataTag(), corpus, 1500, [](const auto& file) {
            copyBeside(file, {"tokenizer.model"});
            return readTokenizer(file.parent_path());
        });
    }
};

QTEST_GUILESS_MAIN(FuzzModelTest)
#include "fuzz_model_test.moc"
