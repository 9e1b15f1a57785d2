// SPDX-License-Identifier: GPL-3.0-or-later
// Command line and YAML of a draft. Both are formats, not prose: they are not translated.
#include "ui/models/train/draft_text.h"

#include "core/base/shell_word.h"
#include "core/runs/trl_yaml.h"

namespace preflab {
namespace {

QString flagOfKey(const std::string& key)
{
    return QStringLiteral("--") + QString::fromStdString(key).replace(QLatin1Char('_'), QLatin1Char('-'));
}

QString quoted(const std::string& word)
{
    return QString::fromStdString(shellWord(word));
}

QList<DraftLine> commandOf(const RunSpec& spec)
{
    QList<DraftLine> lines{{QStringLiteral("preflab-cli train --method ") + quoted(spec.method)},
                           {QStringLiteral("--model ") + quoted(spec.model.string())},
                           {QStringLiteral("--data ") + quoted(spec.data.string())}};
    if (spec.evalData) lines.append({QStringLiteral("--eval-data ") + quoted(spec.evalData->string())});
    for (const std::string& assignment : assignmentsOf(spec.columns))
        lines.append({QStringLiteral("--map ") + quoted(assignment)});
    if (spec.evalData && spec.evalColumns)
        for (const std::string& assignment : assignmentsOf(*spec.evalColumns))
            lines.append({QStringLiteral("--eval-map ") + quoted(assignment)});
    if (!spec.usableBy.empty()) lines.append({QStringLiteral("--matched")});
    for (const auto& [key, value] : spec.params)
        lines.append({flagOfKey(key) + QLatin1Char(' ') + quoted(toText(value)), true});
    // The command line takes one prompt.
    if (!spec.samplePrompts.empty())
        lines.append({QStringLiteral("--sample-prompt ") + quoted(spec.samplePrompts.front())});
    lines.append({QStringLiteral("--name ") + quoted(spec.name)});
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (i > 0) lines[i].text.prepend(QStringLiteral("    "));
        if (i + 1 < lines.size()) lines[i].text.append(QStringLiteral(" \\"));
    }
    return lines;
}

}  // namespace

QList<DraftLine> commandLines(const RunDraft& draft)
{
    QList<DraftLine> lines;
    for (const RunSpec& spec : draft.specs()) lines += commandOf(spec);
    return lines;
}

QList<DraftLine> trlYaml(const RunDraft& draft)
{
    QList<DraftLine> lines;
    const DraftData& data = draft.data();
    const TrlData known{data.kind, data.isEdited, data.isUnreadable, data.project};
    const std::vector<RunSpec> specs = draft.specs();
    if (specs.size() > 1) lines.append({QStringLiteral("# TRL takes one run from a file: make a file of each part.")});
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (i > 0) lines.append({QStringLiteral("---")});
        for (const ConfigLine& line : trlYaml(specs[i], draft.choice().methods[i], known))
            lines.append({QString::fromStdString(line.text), line.isDifferent});
    }
    return lines;
}

QString joined(const QList<DraftLine>& lines)
{
    QString text;
    for (const DraftLine& line : lines) text += line.text + QLatin1Char('\n');
    return text;
}

}  // namespace preflab
