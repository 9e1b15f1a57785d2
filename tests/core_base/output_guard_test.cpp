// SPDX-License-Identifier: GPL-3.0-or-later
// An output is never what is read, under whatever name.
#include "core/base/output_guard.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
namespace fs = std::filesystem;

class OutputGuardTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;
    fs::path m_data = test::writeFile(m_folder / "data/pairs.jsonl", "one\n");
    fs::path m_model = test::writeFile(m_folder / "model/config.json", "{}").parent_path();

    QString refused(const fs::path& target) const
    {
        return test::codeOf(checkOutput(target, {{m_data, "the data"}, {m_model, "the model"}}));
    }

private slots:
    void refusesWhatIsRead()
    {
        const QString code = "output-is-input";
        fs::create_symlink(m_data, m_folder / "link.jsonl");
        fs::create_symlink("link.jsonl", m_folder / "link-to-link.jsonl");
        fs::create_hard_link(m_data, m_folder / "hard.jsonl");
        fs::create_directory_symlink(m_folder / "data", m_folder / "data-link");
        fs::create_directory_symlink(m_model, m_folder / "model-link");
        fs::create_hard_link(m_model / "config.json", m_folder / "config-elsewhere.json");
        for (const fs::path& target :
             {m_data, m_folder / "data/../data/./pairs.jsonl", m_folder / "link.jsonl", m_folder / "link-to-link.jsonl",
              m_folder / "hard.jsonl", m_folder / "data-link/pairs.jsonl", m_model / "config.json",
              m_model / "new.jsonl", m_folder / "model-link/new.jsonl", m_folder / "config-elsewhere.json"})
            QVERIFY2(refused(target) == code, target.c_str());
    }

    void allowsEverythingElse()
    {
        for (const fs::path& target : {m_folder / "data/scores.jsonl", m_folder / "scores.jsonl",
                                       m_folder / "models/scores.jsonl", m_folder / "nowhere/at/all.jsonl"})
            QVERIFY2(refused(target).isEmpty(), target.c_str());
        QCOMPARE(test::codeOf(checkOutput(m_folder / "gone.jsonl", {{m_folder / "gone.jsonl", "the data"}})),
                 QString());
    }

    void namesBoth()
    {
        const QString problem = test::problemOf(checkOutput(m_model / "new.jsonl", {{m_model, "the model"}}));
        QVERIFY2(problem.contains("new.jsonl") && problem.contains("part of the model"), qPrintable(problem));
    }
};

QTEST_GUILESS_MAIN(OutputGuardTest)
#include "output_guard_test.moc"
