// SPDX-License-Identifier: GPL-3.0-or-later
// Every error code has an id, a sentence with the arguments its declaration names, and an exit code.
#include "core/base/error.h"
#include "support/files.h"

#include <QtTest>

#include <set>

using namespace preflab;

namespace {

QSet<QString> placeholdersIn(const QString& text)
{
    static const QRegularExpression pattern("\\{([a-z_]+)\\}");
    QSet<QString> names;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();) names.insert(matches.next().captured(1));
    return names;
}

QString viewText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// Name and documented arguments of every enumerator in error.h.
QList<QPair<QString, QSet<QString>>> declaredCodes()
{
    const auto header = test::readFile(PREFLAB_SOURCE_FOLDER "/core/base/error.h");
    static const QRegularExpression line("^    ([A-Z][A-Za-z]+),\\s+///< (.*)$", QRegularExpression::MultilineOption);
    QList<QPair<QString, QSet<QString>>> codes;
    for (auto matches = line.globalMatch(QString::fromStdString(header)); matches.hasNext();) {
        const auto match = matches.next();
        codes.append({match.captured(1), placeholdersIn(match.captured(2))});
    }
    return codes;
}

}  // namespace

class ErrorTest : public QObject {
    Q_OBJECT

private slots:
    void everyCodeIsDeclaredWithItsArguments()
    {
        const auto codes = declaredCodes();
        QCOMPARE(static_cast<std::size_t>(codes.size()), errorCodeCount());
        for (qsizetype i = 0; i < codes.size(); ++i) {
            const QString text = viewText(sentenceTemplate(static_cast<ErrorCode>(i)));
            QVERIFY2(placeholdersIn(text) == codes[i].second, qPrintable(codes[i].first + ": " + text));
        }
    }

    void everyCodeIsComplete()
    {
        std::set<std::string_view> ids;
        static const QRegularExpression idPattern("^[a-z]+(-[a-z]+)*$");
        for (std::size_t i = 0; i < errorCodeCount(); ++i) {
            const auto code = static_cast<ErrorCode>(i);
            const QString text = viewText(sentenceTemplate(code));
            QVERIFY2(idPattern.match(viewText(errorId(code))).hasMatch(), qPrintable(text));
            QVERIFY2(ids.insert(errorId(code)).second, qPrintable(viewText(errorId(code))));
            QVERIFY2(text.endsWith('.') && text.size() > 30, qPrintable(text));
            QVERIFY2(text.front().isUpper() || text.front() == '{' || text.startsWith("--"), qPrintable(text));
            QVERIFY2(!text.chopped(1).contains(". "), qPrintable("more than one sentence: " + text));
            const int exit = exitCode(code);
            QVERIFY(exit == 1 || exit == 2 || exit == 130);
        }
        QCOMPARE(exitCode(ErrorCode::Cancelled), 130);
        QCOMPARE(exitCode(ErrorCode::WrongUse), 2);
        QCOMPARE(exitCode(ErrorCode::LossNotFinite), 1);
    }

    void argumentsFillTheTemplate()
    {
        for (std::size_t i = 0; i < errorCodeCount(); ++i) {
            Error error{static_cast<ErrorCode>(i), {}, {}};
            const QString text = viewText(sentenceTemplate(error.code));
            QCOMPARE(QString::fromStdString(sentence(error)), text);
            for (const QString& name : placeholdersIn(text)) error.arguments[name.toStdString()] = "<value>";
            const QString filled = QString::fromStdString(sentence(error));
            QVERIFY2(!filled.contains('{'), qPrintable(filled));
            QCOMPARE(filled.count("<value>"), text.count('{'));
        }
    }

    void emptyArgumentsAreVisible()
    {
        QCOMPARE(QString::fromStdString(sentence({ErrorCode::FileNotFound, {{"path", ""}}, {}})),
                 QString("\"\" does not exist; check the spelling and the folder it should be in."));
        const std::string quoted = sentence({ErrorCode::ParameterNotANumber, {{"key", "--beta"}, {"value", ""}}, {}});
        QVERIFY2(quoted.starts_with("--beta is \"\", which"), quoted.c_str());
    }

    void hostileArgumentsStayText()
    {
        const Error error{ErrorCode::FileNotFound, {{"path", "a\x1b[31m{path}\n\x7f"}}, {}};
        QVERIFY(QString::fromStdString(sentence(error)).startsWith("a\\x1b[31m{path}\\x0a\\x7f does not exist"));
    }
};

QTEST_GUILESS_MAIN(ErrorTest)
#include "error_test.moc"
