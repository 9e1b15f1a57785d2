// SPDX-License-Identifier: GPL-3.0-or-later
// What a model is called, and which files are its own.
#include "core/model/model_folder.h"
#include "core/model/model_place.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

#include <string>

using namespace preflab;
using test::codeOf;
using test::problemOf;

class ModelPlaceTest : public QObject {
    Q_OBJECT

private slots:
    void namesArePeoples_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        QTest::newRow("folder") << "/models/tiny"
                                << "tiny";
        QTest::newRow("slash at the end") << "/models/tiny/"
                                          << "tiny";
        QTest::newRow("dot at the end") << "/models/tiny/."
                                        << "tiny";
        QTest::newRow("relative") << "tiny"
                                  << "tiny";
        QTest::newRow("cache") << "/hub/models--org--name/snapshots/0123abcd"
                               << "org/name";
        QTest::newRow("cache, slash") << "/hub/models--org--name/snapshots/0123abcd/"
                                      << "org/name";
        QTest::newRow("cache, dashes") << "/hub/models--org--a--b/snapshots/0123abcd"
                                       << "org/a--b";
        QTest::newRow("cache, no owner") << "/hub/models--gpt2/snapshots/0123abcd"
                                         << "gpt2";
        QTest::newRow("no cache") << "/hub/other--org--name/snapshots/0123abcd"
                                  << "0123abcd";
    }

    void namesArePeoples()
    {
        QFETCH(QString, path);
        QFETCH(QString, name);
        QCOMPARE(QString::fromStdString(modelName(path.toStdString())), name);
    }

    void linksToTheCacheAreResolved()
    {
        const test::ScratchFolder folder;
        const auto snapshot = folder / "models--org--name/snapshots/0123";
        std::filesystem::create_directories(snapshot);
        std::filesystem::create_directory_symlink(snapshot, folder / "main");
        std::filesystem::create_directory_symlink("main", folder / "latest");
        QCOMPARE(modelName(folder / "main"), std::string("org/name"));
        QCOMPARE(modelName(folder / "latest"), std::string("org/name"));
        std::filesystem::create_directories(folder / "weights-7b");
        std::filesystem::create_directory_symlink("weights-7b", folder / "my-model");
        QCOMPARE(modelName(folder / "my-model"), std::string("my-model"));
        QCOMPARE(modelName(folder / "weights-7b/.."), folder.path().filename().string());
    }

    void filesOfTheFolderAreInside()
    {
        const test::ScratchFolder folder;
        test::writeFile(folder / "m/a", "x");
        test::writeFile(folder / "b", "x");
        std::filesystem::create_symlink("a", folder / "m/inner");
        std::filesystem::create_symlink("../b", folder / "m/outer");
        std::filesystem::create_symlink("outer", folder / "m/chain");
        std::filesystem::create_symlink("loop", folder / "m/loop");
        QVERIFY(!leadsOutside(folder / "m/a") && !leadsOutside(folder / "m/inner"));
        QVERIFY(leadsOutside(folder / "m/outer") && leadsOutside(folder / "m/chain"));
        QVERIFY(!leadsOutside(folder / "m/none") && !leadsOutside(folder / "m/loop"));
        std::filesystem::create_directory_symlink("m", folder / "link");
        QVERIFY(!leadsOutside(folder / "link/a"));
    }

    void aCacheKeepsItsContentInBlobs()
    {
        const test::ScratchFolder folder;
        const auto snapshot = folder / "models--a--b/snapshots/0123";
        test::writeFile(folder / "models--a--b/blobs/77", "x");
        test::writeFile(folder / "models--c--d/blobs/88", "x");
        std::filesystem::create_directories(snapshot);
        std::filesystem::create_symlink("../../blobs/77", snapshot / "own");
        std::filesystem::create_symlink("../../../models--c--d/blobs/88", snapshot / "foreign");
        QVERIFY(!leadsOutside(snapshot / "own"));
        QVERIFY(leadsOutside(snapshot / "foreign"));
    }

    // The folder above a snapshot is no model: either it lies deeper, or its download broke off.
    void aFolderOfTheCacheSaysWhereItsModelIs()
    {
        const test::ScratchFolder folder;
        const auto model = folder / "models--a--b";
        std::filesystem::create_directories(model / "blobs");
        const auto opened = [](const std::filesystem::path& path) { return ModelFolder::open(path); };
        for (const auto& path : {model, model / "snapshots/0123"}) {
            std::filesystem::create_directories(path);
            QCOMPARE(codeOf(opened(path)), QString("config-invalid"));
            QVERIFY2(problemOf(opened(path)).contains("so its download was not finished"),
                     qPrintable(problemOf(opened(path))));
        }
        test::writeFile(model / "snapshots/4567/config.json", "{}");
        for (const auto& path : {model, model / "", model / "snapshots", model / "snapshots/0123"}) {
            QCOMPARE(codeOf(opened(path)), QString("wrong-use"));
            QVERIFY2(problemOf(opened(path)).contains("models--a--b/snapshots/4567"),
                     qPrintable(problemOf(opened(path))));
        }
        std::filesystem::create_directories(folder / "other");
        QCOMPARE(codeOf(opened(folder / "other")), QString("no-model-config"));
    }
};

QTEST_GUILESS_MAIN(ModelPlaceTest)
#include "model_place_test.moc"
