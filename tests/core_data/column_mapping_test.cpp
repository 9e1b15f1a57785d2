// SPDX-License-Identifier: GPL-3.0-or-later
// The user says which columns are the prompt and the answers: rows, search, export and project go by it.
#include "core/data/export/export.h"
#include "core/data/journal/dataset_mapping.h"
#include "core/data/journal/edited_dataset.h"
#include "core/data/view/row_search.h"
#include "support/data_files.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;
using test::problemOf;

namespace {

constexpr const char* kPairs = R"({"id": 1.50, "question": "tea?", "good": "yes", "bad": "no", "prompt": "a heading"})"
                               "\n"
                               R"({"id": 2, "question": "rain?", "good": "wet", "bad": "dry", "prompt": "another"})"
                               "\n";

ColumnMapping mappingOf(const std::vector<std::string>& assignments)
{
    ColumnMapping mapping;
    for (const std::string& assignment : assignments)
        if (!mapColumn(mapping, assignment)) qWarning("%s", assignment.c_str());
    return mapping;
}

const std::vector<std::string> kColumns{"prompt=question", "chosen=good", "rejected=bad"};

std::string reasonOf(const std::vector<std::string>& assignments)
{
    ColumnMapping mapping;
    for (const std::string& assignment : assignments)
        if (const auto mapped = mapColumn(mapping, assignment); !mapped) return mapped.error();
    return {};
}

std::vector<std::string> textsOf(const Row& row)
{
    std::vector<std::string> texts;
    for (const RowText* text : {&row.prompt, &row.chosen, &row.rejected})
        texts.push_back(std::holds_alternative<std::string>(*text) ? std::get<std::string>(*text) : "");
    return texts;
}

}  // namespace

class ColumnMappingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        test::writeFile(*m_folder / "pairs.jsonl", kPairs);
    }

    void aMappingIsWrittenAndRead()
    {
        const ColumnMapping mapping = mappingOf(kColumns);
        QCOMPARE(assignmentsOf(mapping), kColumns);
        QCOMPARE(toJson(mapping).dump(), std::string(R"({"prompt":"question","chosen":"good","rejected":"bad"})"));
        QVERIFY(columnMappingFrom(toJson(mapping)) == mapping);
        QCOMPARE(mappingText(mapping), std::string("question as prompt, good as chosen, bad as rejected"));
        QVERIFY(mappingOf({"text=text"}).isPlain());
        QCOMPARE(mappingOf({"text=a=b"}).text, std::string("a=b"));
        // The two sides of a file may be the wrong way round.
        QCOMPARE(reasonOf({"chosen=rejected", "rejected=chosen"}), std::string());
    }

    void whatIsNoMappingIsNamed()
    {
        QCOMPARE(reasonOf({"question"}),
                 std::string("\"question\" names no column; write ROLE=COLUMN, as prompt=question"));
        QCOMPARE(reasonOf({"prompt="}),
                 std::string("\"prompt=\" names no column; write ROLE=COLUMN, as prompt=question"));
        QCOMPARE(reasonOf({"promt=question"}),
                 std::string("\"promt\" is nothing that a column can be taken as; write one of prompt, chosen, "
                             "rejected, completion, text"));
        QCOMPARE(reasonOf({"chosen=a", "rejected=a"}),
                 std::string("the column \"a\" cannot be taken twice; name another one as rejected"));
        QCOMPARE(reasonOf({"chosen=a", "chosen=b"}), std::string("two columns are named as chosen; name one"));
        QVERIFY(!columnMappingFrom(Json{{"prompt", 1}}));
        QVERIFY(!columnMappingFrom(Json{{"promt", "a"}}));
        QVERIFY(!columnMappingFrom(Json::array()));
    }

    void mappedColumnsAreRead_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"pairs.jsonl", "pairs.csv", "pairs.parquet", "pairs.json"})
            QTest::newRow(name) << name;
    }
    void mappedColumnsAreRead()
    {
        QFETCH(QString, name);
        const std::filesystem::path path = *m_folder / name.toStdString();
        const std::string select = "SELECT * FROM read_json('" + (*m_folder / "pairs.jsonl").string() + "')";
        if (name.endsWith(".csv")) QVERIFY(test::runSql("COPY (" + select + ") TO '" + path.string() + "'"));
        if (name.endsWith(".parquet")) QVERIFY(test::writeParquet(path, select));
        if (name.endsWith(".json"))
            test::writeFile(path, "[" + QByteArray(kPairs).trimmed().replace('\n', ',').toStdString() + "]");
        const auto data = open(name.toStdString(), kColumns);
        QCOMPARE(problemOf(data), QString());
        QCOMPARE(data->layoutId, std::string("preference-strings"));
        QCOMPARE(data->layoutReason, std::string("question, good and bad hold texts in all of the first 2 records"));
        QCOMPARE(textsOf(*data->rows->row(0)), (std::vector<std::string>{"tea?", "yes", "no"}));
        QCOMPARE(textsOf(*data->rows->row(1)), (std::vector<std::string>{"rain?", "wet", "dry"}));
        // What a row is does not depend on how it is read.
        QCOMPARE(data->identities->record(0), open("pairs.jsonl", {"text=bad"})->identities->record(0));
    }

    void onlyLayoutsWithTheNamedRolesComeIntoQuestion()
    {
        test::writeFile(*m_folder / "both.jsonl", R"({"prompt": "p", "chosen": "c", "rejected": "r", "note": "n"})");
        QCOMPARE(open("both.jsonl", {})->layoutId, std::string("preference-strings"));
        const auto completion = open("both.jsonl", {"completion=chosen"});
        QCOMPARE(problemOf(completion), QString());
        QCOMPARE(completion->layoutId, std::string("prompt-completion"));
        QCOMPARE(textsOf(*completion->rows->row(0)), (std::vector<std::string>{"p", "c", ""}));
        QCOMPARE(open("both.jsonl", {"text=note"})->layoutId, std::string("text"));
        // A question beside answers is a prompt by another name, unless it is one of the answers.
        test::writeFile(*m_folder / "odd.jsonl", R"({"question": "x: a", "answer": "x: b"})");
        QCOMPARE(open("odd.jsonl", {"chosen=question", "rejected=answer"})->layoutId, std::string("implicit-strings"));
    }

    void wrongColumnsAreNamed()
    {
        const std::string path = (*m_folder / "pairs.jsonl").string();
        const std::string found = "id (number), question (text), good (text), bad (text), prompt (text)";
        QCOMPARE(problemOf(open("pairs.jsonl", {"prompt=frage"})).toStdString(),
                 path +
                     " has no column \"frage\" to take as prompt; name one of its columns with --map "
                     "prompt=COLUMN: " +
                     found + ".");
        QCOMPARE(problemOf(open("pairs.jsonl", {"prompt=question", "chosen=id", "rejected=bad"})).toStdString(),
                 path + " has the columns " + found +
                     ", but prompt, chosen and rejected (texts, or lists of messages "
                     "with role and content; with question as prompt, id as chosen, bad as rejected) are needed; "
                     "rename the columns, say with --map which they are, or choose another file.");
        test::writeFile(*m_folder / "same.jsonl", R"({"prompt": "p", "rejected": "r"})");
        QVERIFY(problemOf(open("same.jsonl", {"chosen=rejected"}))
                    .contains("but different ones for chosen and rejected are needed"));
        QCOMPARE(test::codeOf(open("pairs.jsonl", {})), QString("wrong-columns"));
    }

    // What was asked for is not offered as the remedy.
    void conversationsAreNoTextsOrCompletions()
    {
        const std::string messages = R"({"messages": [{"role": "user", "content": "q"}]})";
        test::writeFile(*m_folder / "talk.jsonl", messages);
        for (const char* role : {"text", "completion"}) {
            const QString problem = problemOf(open("talk.jsonl", {std::string(role) + "=messages"}));
            QVERIFY2(problem.contains("the column \"messages\": it holds whole conversations"), qPrintable(problem));
            QVERIFY2(problem.contains("as prompt and that as completion"), qPrintable(problem));
        }
        test::writeFile(*m_folder / "number.jsonl", R"({"answer": 4})");
        QCOMPARE(test::argumentOf(open("number.jsonl", {"text=answer"}), "expected"),
                 QString("text (of texts; with answer as text)"));
        // With a prompt of messages they are one.
        test::writeFile(*m_folder / "halves.jsonl", R"({"prompt": [{"role": "user", "content": "q"}], "messages": )"
                                                    R"([{"role": "assistant", "content": "a"}]})");
        QCOMPARE(problemOf(open("halves.jsonl", {"completion=messages"})), QString());
    }

    void badRowsNameTheirOwnColumns()
    {
        test::writeFile(*m_folder / "pairs.jsonl", std::string(kPairs) + R"({"question": "q", "good": 4, "bad": "b"})");
        const auto data = open("pairs.jsonl", kColumns);
        QCOMPARE(data->findings.first.at(0).reason, std::string("line 3: \"good\" is a number, expected a text"));
    }

    void mappedColumnsAreSearched()
    {
        const auto data = open("pairs.jsonl", kColumns);
        const auto found = [&](const char* text) {
            std::vector<std::uint8_t> kept(data->rows->size(), 1);
            if (!RowSearch::compile(text)->keepMatching(*data->rows, kept)) kept.clear();
            return kept;
        };
        QCOMPARE(found("rain"), (std::vector<std::uint8_t>{0, 1}));
        QCOMPARE(found("yes"), (std::vector<std::uint8_t>{1, 0}));
        QCOMPARE(found("heading"), (std::vector<std::uint8_t>{0, 0}));
    }

    void exportsHaveTrlsColumns_data() { mappedColumnsAreRead_data(); }
    void exportsHaveTrlsColumns()
    {
        QFETCH(QString, name);
        const auto data = open("pairs.jsonl", kColumns);
        RowStates states;
        RowState swap;
        swap.isSwapped = true;
        states.set(1, swap);
        const std::filesystem::path target = *m_folder / ("out-" + name.toStdString());
        const auto summary = exportRows(*data, states, target, {*exportKindOf(target), {}, true});
        QCOMPARE(problemOf(summary), QString());
        const auto again = Dataset::open(target, {*m_folder / "cache"});
        QCOMPARE(problemOf(again), QString());
        QCOMPARE(textsOf(*again->rows->row(0)), (std::vector<std::string>{"tea?", "yes", "no"}));
        QCOMPARE(textsOf(*again->rows->row(1)), (std::vector<std::string>{"rain?", "dry", "wet"}));
        const Json first = *parseJson(*again->rows->rawRow(0));
        QVERIFY(!first.contains("question") && !first.contains("good"));
        QCOMPARE(first.at("prompt_2"), Json("a heading"));
        QVERIFY(first.at("id") == Json(1.5) || first.at("id") == Json("1.5"));
    }

    void unmappedColumnsOfAPlainMappingKeepTheirBytes()
    {
        test::writeFile(*m_folder / "plain.jsonl", R"({"prompt":"p", "chosen":"c", "rejected":"r", "x":1.50})");
        const auto data = open("plain.jsonl", {});
        QVERIFY(exportRows(*data, {}, *m_folder / "out.jsonl", {}));
        QCOMPARE(test::readFile(*m_folder / "out.jsonl"), test::readFile(*m_folder / "plain.jsonl") + "\n");
    }

    void aProjectKeepsTheMapping()
    {
        const std::filesystem::path path = *m_folder / "pairs.jsonl";
        const ColumnMapping mapping = mappingOf(kColumns);
        {
            const auto project = *Project::open(*m_folder / "project");
            QVERIFY(keptMapping(*project, path)->isPlain());
            QCOMPARE(problemOf(keepMapping(*project, *open("pairs.jsonl", {"text=good"}))), QString());
            QCOMPARE(keptMapping(*project, path)->text, std::string("good"));
            QCOMPARE(problemOf(keepMapping(*project, *open("pairs.jsonl", kColumns))), QString());
            QVERIFY(keptMapping(*project, *m_folder / "other.jsonl")->isPlain());
        }
        const std::shared_ptr<Project> project = *Project::openToRead(*m_folder / "project");
        QVERIFY(*keptMapping(*project, path) == mapping);
        QVERIFY(keepMapping(*project, *open("pairs.jsonl", kColumns)));  // it is no news
        QCOMPARE(test::codeOf(keepMapping(*project, *open("pairs.jsonl", {"text=good"}))),
                 QString("project-read-only"));
    }

    // What was said of a row's texts is not said of others; it is there again with its own columns.
    void changesStayWithTheirColumns()
    {
        const std::shared_ptr<Project> project = *Project::open(*m_folder / "project");
        const auto journal = Journal::open(project, *open("pairs.jsonl", kColumns));
        QVERIFY((*journal)->apply(JournalAction::Note, {1},
                                  [](std::uint32_t, RowState& state) { state.note = "look again"; }));
        const auto view = Journal::read(*project, *open("pairs.jsonl", {"prompt=question", "completion=good"}));
        QCOMPARE(problemOf(view), QString());
        QVERIFY(view->states.find(1) == nullptr);
        QCOMPARE(view->otherColumnsRows, std::uint64_t{1});
        QCOMPARE(view->absentRows, std::uint64_t{0});
        const auto again = Journal::read(*project, *open("pairs.jsonl", kColumns));
        QCOMPARE(again->states.find(1)->note, std::string("look again"));
    }

    void cachesTellMappingsApart()
    {
        const auto data = open("pairs.jsonl", kColumns);
        QCOMPARE(open("pairs.jsonl", {"text=good"})->contentHash, data->contentHash);
        QVERIFY(open("pairs.jsonl", {"text=good"})->rowsKey() != data->rowsKey());
        test::writeFile(*m_folder / "plain.jsonl", R"({"text":"p"})");
        const auto plain = open("plain.jsonl", {});
        QCOMPARE(plain->rowsKey(), plain->contentHash);
    }

private:
    Result<Dataset> open(const std::string& name, const std::vector<std::string>& assignments) const
    {
        return Dataset::open(*m_folder / name, {*m_folder / "cache", mappingOf(assignments)});
    }

    std::optional<test::ScratchFolder> m_folder;
};

QTEST_GUILESS_MAIN(ColumnMappingTest)
#include "column_mapping_test.moc"
