// SPDX-License-Identifier: GPL-3.0-or-later
// What users get wrong: each ends in one sentence that names the thing, a stable exit code, and nothing half-written.
#include "core/project/project.h"
#include "support/broken_model.h"
#include "support/cli_data.h"
#include "support/cli_process.h"
#include "support/files.h"

#include <QtTest>

#include <sched.h>

#include <csignal>
#include <functional>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace preflab;

namespace {

constexpr int kFailed = 1;
constexpr int kUnusable = 2;
constexpr int kNoMounts = 77;

/// The folder in which one mistake is made.
struct Scene {
    test::ScratchFolder folder;
    std::filesystem::path model = folder / "model";
    std::filesystem::path data = folder / "pairs.jsonl";
    std::filesystem::path project = folder / "project";
    std::shared_ptr<void> kept;         ///< lives until the command has ended
    std::function<void()> beforeStart;  ///< in the child

    Scene()
    {
        test::copyModel(test::storiesModel(), model);
        test::writeFile(data, test::pairLines(16));
    }
    QStringList train(const QStringList& more = {}, const QString& method = "dpo") const
    {
        return QStringList{"train",
                           "--method",
                           method,
                           "--model",
                           test::textOf(model),
                           "--data",
                           test::textOf(data),
                           "--project",
                           test::textOf(project),
                           "--max-steps",
                           "2"} +
               more;
    }
    QStringList on(const QString& command, const QStringList& more = {}) const
    {
        return QStringList{command} + more + QStringList{"--project", test::textOf(project)};
    }
};

/// One mistake: makes it, and gives the words of the command line.
struct Mistake {
    const char* name;
    const char* id;  ///< of the error
    int code;
    const char* named;  ///< what the sentence has to name
    std::function<QStringList(Scene&)> make;
};

std::vector<Mistake> weightMistakes()
{
    return {
        {"no weights", "no-weights", kUnusable, "model.safetensors",
         [](Scene& scene) {
             std::filesystem::remove(scene.model / "model.safetensors");
             return scene.train();
         }},
        {"pickle instead of safetensors", "pickle-weights", kUnusable, "pytorch_model.bin",
         [](Scene& scene) {
             std::filesystem::rename(scene.model / "model.safetensors", scene.model / "pytorch_model.bin");
             test::writeFile(scene.model / "pytorch_model.bin", "\x80\x02}q\x01.");
             return scene.train();
         }},
        {"pickle in disguise", "pickle-weights", kUnusable, "model.safetensors",
         [](Scene& scene) {
             test::writeFile(scene.model / "model.safetensors", "PK\x03\x04" + std::string(64, 'x'));
             return scene.train();
         }},
        {"truncated safetensors", "weights-invalid", kUnusable, "model.safetensors",
         [](Scene& scene) {
             std::filesystem::resize_file(scene.model / "model.safetensors", 500'000);
             return scene.train();
         }},
        {"hostile safetensors: overlapping tensors", "weights-invalid", kUnusable, "model.safetensors",
         [](Scene& scene) {
             const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                        R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})";
             test::writeFile(scene.model / "model.safetensors", test::safetensorsBytes(header, std::string(12, '\0')));
             return scene.train();
         }},
        {"hostile safetensors: endless header", "weights-invalid", kUnusable, "model.safetensors",
         [](Scene& scene) {
             test::writeFile(scene.model / "model.safetensors", std::string(8, '\x7F') + "{}");
             return scene.train();
         }},
    };
}

std::vector<Mistake> modelMistakes()
{
    return {
        {"no such model", "file-not-found", kUnusable, "nowhere",
         [](Scene& scene) {
             scene.model = scene.folder / "nowhere";
             return scene.train();
         }},
        {"folder without config.json", "no-model-config", kUnusable, "config.json",
         [](Scene& scene) {
             std::filesystem::remove(scene.model / "config.json");
             return scene.train();
         }},
        {"tokenizer larger than the embedding", "tokenizer-too-large", kUnusable, "512",
         [](Scene& scene) {
             test::cutVocabulary(scene.model, 256);
             return scene.train();
         }},
        {"unknown architecture", "unknown-architecture", kUnusable, "mamba",
         [](Scene& scene) {
             test::replaceInFile(scene.model / "config.json", "\"llama\"", "\"mamba\"");
             test::replaceInFile(scene.model / "config.json", "LlamaForCausalLM", "MambaForCausalLM");
             return scene.train();
         }},
        {"weights that are no numbers", "weights-invalid", kUnusable, "model.norm.weight",
         [](Scene& scene) {
             test::endFileWith(scene.model / "model.safetensors", "\xFF\xFF\xFF\x7F");
             return scene.train();
         }},
        {"weights too large to compute with", "loss-not-finite", kFailed, "step 1",
         [](Scene& scene) {
             test::endFileWith(scene.model / "model.safetensors", "\xFF\xFF\x7F\x7F");
             return scene.train();
         }},
        {"unsupported option", "config-unsupported", kUnusable, "hidden_act",
         [](Scene& scene) {
             test::replaceInFile(scene.model / "config.json", "\"silu\"", "\"relu\"");
             return scene.train();
         }},
    };
}

std::vector<Mistake> dataMistakes()
{
    return {
        {"no such data", "file-not-found", kUnusable, "nowhere.jsonl",
         [](Scene& scene) {
             scene.data = scene.folder / "nowhere.jsonl";
             return scene.train();
         }},
        {"no such held-out data", "file-not-found", kUnusable, "nowhere.jsonl",
         [](Scene& scene) {
             return scene.train({"--eval-data", test::textOf(scene.folder / "nowhere.jsonl")});
         }},
        {"a folder as data", "not-a-regular-file", kUnusable, "model",
         [](Scene& scene) {
             scene.data = scene.model;
             return scene.train();
         }},
        {"wrong columns", "wrong-columns", kUnusable, "question",
         [](Scene& scene) {
             test::writeFile(scene.data, "{\"question\": \"a\", \"answer\": \"b\"}\n");
             return scene.train();
         }},
        {"texts for a preference method", "wrong-columns", kUnusable, "chosen",
         [](Scene& scene) {
             test::writeFile(scene.data, test::textLines(8));
             return scene.train();
         }},
        {"an empty file", "empty-dataset", kUnusable, "pairs.jsonl",
         [](Scene& scene) {
             test::writeFile(scene.data, "");
             return scene.train();
         }},
        {"all rows unusable", "no-usable-rows", kUnusable, "pairs.jsonl",
         [](Scene& scene) {
             std::string lines;
             for (int i = 0; i < 8; ++i) lines += "{\"prompt\": \"a\", \"chosen\": \"b\"\n";
             test::writeFile(scene.data, lines);
             return scene.train();
         }},
        {"a maximum length that leaves no answer", "no-answer-left", kUnusable, "--max-length 4",
         [](Scene& scene) {
             return scene.train({"--max-length", "4"});
         }},
        {"too little memory", "too-little-memory", kFailed, "memory",
         [](Scene& scene) {
             std::string lines = R"({"prompt": "a", "chosen": ")" + std::string(490, 'z') +
                                 R"(", "rejected": "b"})"
                                 "\n";
             for (int i = 0; i < 65'535; ++i)
                 lines += R"({"prompt": "a", "chosen": "b", "rejected": "c"})"
                          "\n";
             test::writeFile(scene.data, lines);
             return scene.train({"--batch-size", "65536"});
         }},
    };
}

std::vector<Mistake> settingMistakes()
{
    const auto with = [](QStringList more, QString method = "dpo") {
        return [more, method](Scene& scene) { return scene.train(more, method); };
    };
    return {
        {"beta out of range", "parameter-out-of-range", kUnusable, "--beta", with({"--beta", "-1"})},
        {"beta that is no number", "parameter-not-a-number", kUnusable, "--beta", with({"--beta", "much"})},
        {"lambda out of range", "parameter-out-of-range", kUnusable, "--lambda", with({"--lambda", "-1"}, "orpo")},
        {"learning rate 0", "parameter-out-of-range", kUnusable, "--learning-rate", with({"--learning-rate", "0"})},
        {"learning rate NaN", "parameter-out-of-range", kUnusable, "--learning-rate", with({"--learning-rate", "nan"})},
        {"another method's setting", "unknown-parameter", kUnusable, "--lambda", with({"--lambda", "0.1"})},
        {"unknown dtype", "parameter-out-of-range", kUnusable, "--dtype", with({"--dtype", "int4"})},
        {"unknown method", "unknown-method", kUnusable, "dpo, orpo, sft", with({}, "ppo")},
        {"unknown flag", "wrong-use", kUnusable, "did you mean --batch-size", with({"--batch-sise", "4"})},
        {"held-out twice", "wrong-use", kUnusable, "--eval-fraction",
         with({"--eval-data", "x", "--eval-fraction", "0.1"})},
        {"missing flag", "wrong-use", kUnusable, "--model",
         [](Scene&) {
             return QStringList{"train", "--method", "dpo"};
         }},
        {"unknown command", "wrong-use", kUnusable, "train", [](Scene&) { return QStringList{"trian"}; }},
    };
}

void loseRootsRights()
{
    // Without these, root obeys permissions as everybody does.
    for (const unsigned long capability : {1UL, 2UL, 3UL}) ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
}

void limitFileSize()
{
    // A write beyond it fails like one on a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// A full disk that only this process sees; kNoMounts where that is not permitted.
void mountTinyDisk(const std::string& folder)
{
    const bool isMounted = ::unshare(CLONE_NEWNS) == 0 &&
                           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                           ::mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=16k") == 0;
    if (!isMounted) ::_exit(kNoMounts);
}

/// The schema version of a database that a later program wrote.
void makeNewer(const std::filesystem::path& database)
{
    std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);  // SQLite's user_version, big endian
    file.write("\0\0\x27\x0F", 4);
}

std::vector<Mistake> projectMistakes()
{
    return {
        {"a read-only project folder", "project-read-only", kUnusable, "project",
         [](Scene& scene) {
             std::filesystem::create_directory(scene.project);
             std::filesystem::permissions(scene.project, std::filesystem::perms(0555));
             scene.beforeStart = &loseRootsRights;
             return scene.train();
         }},
        {"a full project folder", "disk-full", kFailed, "project",
         [](Scene& scene) {
             std::filesystem::create_directory(scene.project);
             scene.beforeStart = [folder = scene.project.string()] { mountTinyDisk(folder); };
             return scene.train();
         }},
        {"a project whose files cannot grow", "database-failed", kFailed, "project",
         [](Scene& scene) {
             scene.beforeStart = &limitFileSize;
             return scene.train();
         }},
        {"a project that is open elsewhere", "project-locked", kFailed, "project",
         [](Scene& scene) {
             scene.kept = std::shared_ptr<Project>(*Project::open(scene.project));
             return scene.train();
         }},
        {"a project of a newer program", "project-too-new", kUnusable, "project",
         [](Scene& scene) {
             Project::open(scene.project)->reset();
             makeNewer(scene.project / "project.db");
             return scene.train();
         }},
    };
}

std::vector<Mistake> requestMistakes()
{
    return {
        {"a project that is none", "project-invalid", kUnusable, "project",
         [](Scene& scene) {
             test::writeFile(scene.project / "project.db", std::string(5000, 'x'));
             return scene.on("runs", {"list"});
         }},
        {"no such run", "run-not-found", kUnusable, "seventh",
         [](Scene& scene) {
             return Project::open(scene.project) ? scene.on("runs", {"show", "seventh"}) : QStringList();
         }},
        {"nothing to compare with", "wrong-use", kUnusable, "RUN",
         [](Scene& scene) { return scene.on("compare", {"1"}); }},
        {"a report on no project", "project-not-found", kUnusable, "project",
         [](Scene& scene) { return scene.on("report", {"seventh"}); }},
        {"an output that cannot be written", "write-failed", kFailed, "scores.jsonl",
         [](Scene& scene) {
             const auto output = test::textOf(scene.folder / "nowhere/scores.jsonl");
             return QStringList{"score", "--model", test::textOf(scene.model), "--data", test::textOf(scene.data)}
                    << "--output" << output;
         }},
        {"no such golden", "file-not-found", kUnusable, "golden.json",
         [](Scene& scene) {
             return QStringList{"parity", "--golden", "golden.json", "--model", test::textOf(scene.model)};
         }},
    };
}

const std::vector<Mistake>& mistakes()
{
    static const std::vector<Mistake> all = [] {
        std::vector<Mistake> list;
        for (const auto& part : {modelMistakes(), weightMistakes(), dataMistakes(), settingMistakes(),
                                 projectMistakes(), requestMistakes()})
            list.insert(list.end(), part.begin(), part.end());
        return list;
    }();
    return all;
}

/// Names of temporary files and folders that a command left behind.
QStringList leftOvers(const std::filesystem::path& folder)
{
    QStringList names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".tmp") || name.find("XXXX") != std::string::npos || name.find(".tmp.") != std::string::npos)
            names << QString::fromStdString(name);
    }
    return names;
}

}  // namespace

class UserErrorsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (test::storiesModel().empty()) QSKIP("The reference model is not beside the project.");
    }

    void endsInOneSentence_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < mistakes().size(); ++i) QTest::newRow(mistakes()[i].name) << int(i);
    }
    void endsInOneSentence()
    {
        QFETCH(int, index);
        const Mistake& mistake = mistakes()[std::size_t(index)];
        Scene scene;
        test::CliProcess process;
        const QStringList words = mistake.make(scene);
        process.beforeStart = scene.beforeStart;
        process.run(words + QStringList{"--json"});

        if (process.code() == kNoMounts) QSKIP("A full disk needs the right to mount one.");
        QVERIFY2(test::isOneSentence(process.error()), process.error().constData());
        QVERIFY2(process.error().contains(mistake.named), process.error().constData());
        QCOMPARE(process.code(), mistake.code);
        const std::vector<Json> objects = process.objects();
        QVERIFY(!objects.empty());
        QCOMPARE(QString::fromStdString(objects.back()["error"]["id"].get<std::string>()), QString(mistake.id));
        QCOMPARE(leftOvers(scene.folder.path()), QStringList());
    }

    void wrongInputsStoreNothing()
    {
        Scene scene;
        scene.data = scene.folder / "nowhere.jsonl";
        QCOMPARE(test::runCli(scene.train()).code, kUnusable);
        QVERIFY(!std::filesystem::exists(scene.project));
    }
};

QTEST_GUILESS_MAIN(UserErrorsTest)
#include "user_errors_test.moc"
