// SPDX-License-Identifier: GPL-3.0-or-later
// Counts first, then the first reason.
#include "ui/models/data/findings_text.h"

#include "ui/models/data/dataset_session.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace preflab {
namespace {

class FindingsText {
    Q_DECLARE_TR_FUNCTIONS(preflab::FindingsText)

public:
    static QStringList parts(const DatasetSession& session)
    {
        const Findings& findings = session.dataset()->findings;
        QStringList parts;
        if (const int rows = static_cast<int>(findings.badRows))
            parts << tr("%n row(s) could not be read and are left out", nullptr, rows);
        if (const int pairs = static_cast<int>(findings.identicalSides))
            parts << tr("%n pair(s) have two identical answers", nullptr, pairs);
        if (const int pairs = static_cast<int>(findings.emptySides))
            parts << tr("%n pair(s) have an empty side", nullptr, pairs);
        if (findings.isFileIncomplete) parts << tr("the file ends early");
        if (findings.hasBytesBehind) parts << tr("the file has more behind its end, which is not read");
        if (findings.hasSameColumns) parts << tr("the file has columns of the same name");
        if (const int rows = static_cast<int>(session.absentRows()))
            parts << tr("%n row(s) with changes are no longer in the file", nullptr, rows);
        if (const int rows = static_cast<int>(session.otherColumnsRows()))
            parts << tr("%n row(s) have changes that count with other columns only", nullptr, rows);
        return parts;
    }

    static QString first(const std::string& reason) { return tr("First: %1.").arg(QString::fromStdString(reason)); }
};

}  // namespace

QString findingsText(const DatasetSession& session)
{
    const QStringList parts = FindingsText::parts(session);
    if (parts.isEmpty()) return {};
    QString text = QLocale().createSeparatedList(parts) + QStringLiteral(".");
    text[0] = text[0].toUpper();
    const std::string reason = session.dataset()->findings.firstReason(Finding::Kind::BadRow);
    return reason.empty() ? text : text + QLatin1Char(' ') + FindingsText::first(reason);
}

}  // namespace preflab
