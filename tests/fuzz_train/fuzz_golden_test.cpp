// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated golden files and manifests of checkpoints.
#include "core/plan/golden_run.h"
#include "core/train/backend/catalog.h"
#include "core/train/checkpoint.h"
#include "support/fuzz_bench.h"

using namespace preflab;
using namespace preflab::test;

namespace {

Result<ComponentDescription> describe(std::string_view id)
{
    TRY(const MethodInfo* method, findMethod(id));
    return describeMethod(*method);
}

}  // namespace

class FuzzGoldenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goldenFile()
    {
        const Corpus corpus{{fixture("goldens/dpo_beta.json"), fixture("goldens/orpo_conversational.json"),
                             fixture("goldens/sft_fp64.json")},
                            {"{",
                             "}",
                             "[",
                             "]",
                             "\"",
                             ",",
                             "null",
                             "-1",
                             "1e999",
                             "true",
                             "\"rows\": [",
                             "\"dropped\": true,",
                             "\"labels\": [-100]",
                             "\"prompt_ids\": []",
                             "\"steps\": ",
                             "\"stages\": ",
                             "99999999999999999999",
                             "\"loss_type\": [\"hinge\"],",
                             "\"method\": \"sft\",",
                             "\"max_steps\": "}};
        FuzzBench::run("golden.json", corpus, 2000,
                       [](const auto& file) { return errorOf(GoldenRun::read(file, 1, describe)); });
    }

    void checkpointManifest()
    {
        // No raw strings: moc loses the class behind their quotation marks.
        const std::string head = "{\"step\":3,\"method\":\"dpo\",\"dtype\":\"float32\",\"files\":{";
        const Corpus corpus{{head + "\"a.txt\":\"" + std::string(32, '0') + "\"}}", head + "}}"},
                            {"{", "}", "\"", "null", "-1", "\"files\":{", "\"..\":", "a.txt", "/", "1e999"}};
        FuzzBench::run("preflab.json", corpus, 2000, [](const auto& file) {
            const auto beside = file.parent_path() / "a.txt";
            if (!std::filesystem::exists(beside)) writeFile(beside, "a");
            return errorOf(verifyCheckpoint(file.parent_path()));
        });
    }
};

QTEST_GUILESS_MAIN(FuzzGoldenTest)
#include "fuzz_golden_test.moc"
