// SPDX-License-Identifier: GPL-3.0-or-later
// Words become arguments, or a reason that names the word.
#include "app/cli/arguments.h"
#include "app/cli/nearest_word.h"
#include "support/cli_call.h"
#include "support/files.h"
#include "support/results.h"

#include <QtTest>

using namespace preflab;

namespace {

const std::vector<Flag> kFlags{
    {.name = "model", .valueName = "DIR", .isRequired = true},
    {.name = "epochs", .valueName = "N", .aliases = {"num-train-epochs"}},
    {.name = "beta", .valueName = "X"},
    {.name = "quick"},
    {.name = "map", .valueName = "ROLE=COLUMN", .isRepeatable = true},
};
const std::vector<Operand> kOperands{{.name = "RUN", .least = 1, .most = 2}};

Result<Arguments> parse(const std::vector<std::string>& words)
{
    return parseArguments("train", kFlags, kOperands, words);
}

}  // namespace

class CliArgumentsTest : public QObject {
    Q_OBJECT

    test::ScratchFolder m_folder;

private slots:
    void readsFlagsSwitchesAndOperandsInAnyOrder()
    {
        const auto arguments = parse({"first", "--model", "m", "--quick", "second", "--beta=0.5"});
        QCOMPARE(test::problemOf(arguments), QString());
        QCOMPARE(arguments->text("model"), std::string("m"));
        QCOMPARE(arguments->text("beta"), std::string("0.5"));
        QVERIFY(arguments->has("quick"));
        QVERIFY(!arguments->has("epochs"));
        QCOMPARE(arguments->operands(), (std::vector<std::string>{"first", "second"}));
    }

    void anAliasIsItsFlag()
    {
        const auto arguments = parse({"run", "--model", "m", "--num-train-epochs", "2"});
        QCOMPARE(test::problemOf(arguments), QString());
        QCOMPARE(arguments->text("epochs"), std::string("2"));
    }

    void someFlagsMayStandMoreThanOnce()
    {
        const auto arguments = parse({"--map", "prompt=a b", "first", "--map=chosen=c", "second", "--model", "m"});
        QCOMPARE(test::problemOf(arguments), QString());
        QCOMPARE(arguments->texts("map"), (std::vector<std::string>{"prompt=a b", "chosen=c"}));
        QCOMPARE(arguments->operands(), (std::vector<std::string>{"first", "second"}));
        QVERIFY(parse({"run", "--model", "m"})->texts("map").empty());
        QVERIFY(!parse({"run", "--model", "m", "--beta", "1", "--beta", "2"}));
    }

    void twoDashesEndTheFlags()
    {
        const auto arguments = parse({"--model", "m", "--", "--quick", "--"});
        QCOMPARE(test::problemOf(arguments), QString());
        QVERIFY(!arguments->has("quick"));
        QCOMPARE(arguments->operands(), (std::vector<std::string>{"--quick", "--"}));
        QCOMPARE(parse({"a", "--model", "m", "--"})->operands(), std::vector<std::string>{"a"});
    }

    void negativeNumbersAreValues()
    {
        const auto arguments = parse({"run", "--model", "m", "--beta", "-0.5"});
        QCOMPARE(test::problemOf(arguments), QString());
        QCOMPARE(*arguments->number("beta", 0.0, -1.0, 1.0), -0.5);
    }

    void valuesArriveUnchanged_data()
    {
        QTest::addColumn<QString>("value");
        for (const char* value : {"[INST] hi [/INST]", "[1,2]", "[]", "[", "a,b", "{x}", "'quoted'", "\"quoted\"",
                                  "a=b", "back\\slash\\n", "two\nlines", " spaces ", "%%", "B\"(x)\""})
            QTest::newRow(value) << QString::fromUtf8(value);
    }
    void valuesArriveUnchanged()
    {
        QFETCH(QString, value);
        const auto separate = parse({"run", "--model", value.toStdString()});
        QCOMPARE(test::problemOf(separate), QString());
        QCOMPARE(QString::fromStdString(separate->text("model")), value);
        const auto joined = parse({"run", "--model=" + value.toStdString()});
        QCOMPARE(test::problemOf(joined), QString());
        QCOMPARE(QString::fromStdString(joined->text("model")), value);
        QCOMPARE(joined->operands(), std::vector<std::string>{"run"});
    }

    void aWrongLineNamesTheWord_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown flag") << QStringList{"run", "--model", "m", "--betta", "1"} << "(did you mean --beta?)";
        QTest::newRow("unknown flag with =") << QStringList{"run", "--model", "m", "--betta=1"} << "--betta";
        QTest::newRow("swapped letters") << QStringList{"run", "--mdoel", "m"} << "(did you mean --model?)";
        QTest::newRow("far from all") << QStringList{"run", "--model", "m", "--zzzzzzzz"} << "no option --zzzzzzzz";
        QTest::newRow("missing value") << QStringList{"run", "--model"} << "--model";
        QTest::newRow("missing flag") << QStringList{"run"} << "needs --model DIR";
        QTest::newRow("missing operand") << QStringList{"--model", "m"} << "needs RUN";
        QTest::newRow("operand too many") << QStringList{"a", "b", "c", "--model", "m"} << "\"c\"";
        QTest::newRow("missing value of an alias")
            << QStringList{"run", "--model", "m", "--num-train-epochs"} << "--num-train-epochs needs a value (N)";
        QTest::newRow("missing value of a flag with aliases")
            << QStringList{"run", "--model", "m", "--epochs"} << "--epochs needs a value (N)";
        QTest::newRow("a flag for a value")
            << QStringList{"run", "--model", "--beta", "1"} << "--model needs a value (DIR)";
        QTest::newRow("only dashes") << QStringList{"run", "---", "--model", "m"} << "---";
        QTest::newRow("too many behind the dashes") << QStringList{"a", "--model", "m", "--", "-b", "-c"} << "\"-c\"";
        QTest::newRow("twice") << QStringList{"a", "--model", "m", "--beta", "1", "--beta", "2"}
                               << "--beta is given twice;";
        QTest::newRow("twice with =") << QStringList{"a", "--model=m", "--model", "n"} << "--model is given twice;";
        QTest::newRow("twice by an alias") << QStringList{"a", "--model", "m", "--epochs", "1", "--num-train-epochs=2"}
                                           << "--epochs is given twice, the second time as --num-train-epochs";
    }
    void aWrongLineNamesTheWord()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, named);
        std::vector<std::string> list;
        for (const QString& word : words) list.push_back(word.toStdString());
        const auto arguments = parse(list);
        QCOMPARE(test::codeOf(arguments), QString("wrong-use"));
        QVERIFY2(test::problemOf(arguments).contains(named), qPrintable(test::problemOf(arguments)));
        QVERIFY(!test::problemOf(arguments).contains('\n'));
    }

    void numbersAreCheckedUnderTheFlagsName()
    {
        const auto arguments = parse({"run", "--model", "m", "--beta", "x", "--epochs", "0"});
        QCOMPARE(test::codeOf(arguments->number("beta", 0.0, 0.0, 1.0)), QString("parameter-not-a-number"));
        QCOMPARE(test::argumentOf(arguments->number("beta", 0.0, 0.0, 1.0), "key"), QString("--beta"));
        QCOMPARE(test::codeOf(arguments->integer("epochs", 1, 1)), QString("parameter-out-of-range"));
        QCOMPARE(*arguments->integer("absent", 7, 1), std::int64_t(7));
    }

    // What the rest of the line makes meaningless is said, not passed over.
    void optionsWithoutEffectAreRefused_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("named");
        const test::ScratchFolder& folder = m_folder;
        const QString data = QString::fromStdString(test::writeFile(folder / "pairs.jsonl",
                                                                    R"({"prompt": "a", "chosen": "b", "rejected": "c"})"
                                                                    "\n")
                                                        .string());
        std::filesystem::create_directories(folder / "model");
        const QString model = QString::fromStdString((folder / "model").string());
        test::writeFile(folder / "project" / "project.db", "");
        const QString project = QString::fromStdString((folder / "project").string());
        QTest::newRow("edits of no project")
            << QStringList{"inspect", data, "--take-edits"} << "--take-edits needs the";
        QTest::newRow("map for no project") << QStringList{"inspect", data, "--keep-map"} << "--keep-map needs the";
        QTest::newRow("tensors of a file") << QStringList{"inspect", data, "--tensors"} << "--tensors is of a model";
        QTest::newRow("columns of a model")
            << QStringList{"inspect", model, "--map", "prompt=x", "--project", "/nope"} << "is of a dataset";
        QTest::newRow("split of a model")
            << QStringList{"inspect", model, "--split", "trl"} << "--split is of a dataset";
        QTest::newRow("tensors of a project") << QStringList{"inspect", project, "--tensors"} << "was given a project";
        QTest::newRow("project of a project") << QStringList{"inspect", project, "--project", "p"} << "a dataset, and";
        QTest::newRow("scale of no rewards")
            << QStringList{"score", "--model", "m", "--data", data, "--beta", "7"} << "which need a --reference";
        for (const char* flag : {"--top-k", "--top-p", "--seed"})
            QTest::newRow(flag) << QStringList{"generate", "--model", "m", "--prompt", "x", flag, "1"}
                                << "does nothing at temperature 0";
        QTest::newRow("two lengths") << QStringList{"demo", "--quick", "--max-steps", "3"} << "exclude each other";
    }
    void optionsWithoutEffectAreRefused()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, named);
        std::vector<std::string> list;
        for (const QString& word : words) list.push_back(word.toStdString());
        const test::Output output = test::call(list);
        QCOMPARE(output.code, 2);
        QVERIFY2(test::contains(output.err, named.toStdString()), output.err.c_str());
        QCOMPARE(output.out, std::string());
    }

    void theNearestWordIsNearOrNone()
    {
        const std::vector<std::string> words{"train", "score", "generate"};
        QCOMPARE(nearestWord("trian", words), std::string("train"));
        QCOMPARE(nearestWord("generat", words), std::string("generate"));
        QCOMPARE(nearestWord("xyz", words), std::string());
    }
};

QTEST_GUILESS_MAIN(CliArgumentsTest)
#include "cli_arguments_test.moc"
