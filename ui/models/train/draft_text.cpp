// SPDX-License-Identifier: GPL-3.0-or-later
// Command line and YAML of a draft. Both are formats, not prose: they are not translated.
#include "ui/models/train/draft_text.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>

namespace preflab {
namespace {

// TRL's ORPO takes null for 512: a limit that nothing reaches stands for none.
constexpr int kOrpoNoLimit = 16'777'216;

QString flagOfKey(const std::string& key)
{
    return QStringLiteral("--") + QString::fromStdString(key).replace(QLatin1Char('_'), QLatin1Char('-'));
}

/// As a POSIX shell reads it back.
QString quoted(const QString& word)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (plain.match(word).hasMatch()) return word;
    QString escaped = word;
    escaped.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + escaped + QLatin1Char('\'');
}

QString quoted(const std::string& word)
{
    return quoted(QString::fromStdString(word));
}

QList<DraftLine> commandOf(const RunSpec& spec)
{
    QList<DraftLine> lines{{QStringLiteral("preflab-cli train --method ") + quoted(spec.method)},
                           {QStringLiteral("--model ") + quoted(spec.model.string())},
                           {QStringLiteral("--data ") + quoted(spec.data.string())}};
    if (spec.evalData) lines.append({QStringLiteral("--eval-data ") + quoted(spec.evalData->string())});
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

/// TRL's name of a parameter; empty for what TRL has no option for.
QString trlName(const std::string& key)
{
    static const std::map<std::string, QString> exceptions{{"lambda", QStringLiteral("beta")},
                                                           {"dtype", QStringLiteral("bf16")},
                                                           {"eval_fraction", {}},
                                                           {"eval_samples", {}},
                                                           {"shuffle", QStringLiteral("train_sampling_strategy")},
                                                           {"split", {}},
                                                           {"rendering", {}},
                                                           {"threads", {}}};
    const auto found = exceptions.find(key);
    return found == exceptions.end() ? QString::fromStdString(key) : found->second;
}

/// YAML 1.1 reads 5e-6 as a text: a number with an exponent wants a point, and a sign before the exponent.
QString yamlNumber(QString text)
{
    const qsizetype exponent = text.indexOf(QLatin1Char('e'));
    if (exponent < 0) return text;
    if (!text.left(exponent).contains(QLatin1Char('.'))) text.insert(exponent, QStringLiteral(".0"));
    const qsizetype digits = text.indexOf(QLatin1Char('e')) + 1;
    if (text[digits] != QLatin1Char('-')) text.insert(digits, QLatin1Char('+'));
    return text;
}

QString yamlText(const std::string& text)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z/.][A-Za-z0-9_./-]*$"));
    static const QRegularExpression word(QStringLiteral("^(?:yes|no|on|off|true|false|null|y|n)$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const QString given = QString::fromStdString(text);
    if (plain.match(given).hasMatch() && !word.match(given).hasMatch()) return given;
    return QString::fromStdString(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool isWithoutLimit(const std::string& key, const ParamValue& value)
{
    return key == "max_length" && value == ParamValue{std::int64_t{0}};
}

QString yamlValue(const std::string& key, const ParamValue& value, const ComponentDescription& method)
{
    const auto* text = std::get_if<std::string>(&value);
    if (key == "shuffle") return std::get<bool>(value) ? QStringLiteral("random") : QStringLiteral("sequential");
    if (key == "dtype") return *text == "bfloat16" ? QStringLiteral("true") : QStringLiteral("false");
    if (key == "loss_type") return QLatin1Char('[') + yamlText(*text) + QLatin1Char(']');
    if (isWithoutLimit(key, value))
        return method.recipe == "orpo" ? QString::number(kOrpoNoLimit) : QStringLiteral("null");
    if (text) return yamlText(*text);
    const QString plain = QString::fromStdString(toText(value));
    return std::holds_alternative<bool>(value) ? plain : yamlNumber(plain);
}

DraftLine yamlLine(const ParamField& field, const ComponentDescription& method)
{
    const std::string& key = field.spec.key;
    const QString name = trlName(key);
    DraftLine line{{}, field.isChanged()};
    line.text = name.isEmpty() ? QStringLiteral("# PrefLab's ") + QString::fromStdString(key) : name;
    line.text += QStringLiteral(": ") + yamlValue(key, field.value, method);
    QStringList comments;
    if (name != QString::fromStdString(key) && !name.isEmpty())
        comments << QString::fromStdString(key) + QLatin1Char(' ') + QString::fromStdString(toText(field.value));
    if (isWithoutLimit(key, field.value)) comments << QStringLiteral("no limit");
    if (field.isChanged()) comments << QStringLiteral("default ") + yamlValue(key, field.defaultValue, method);
    if (!comments.isEmpty())
        line.text = line.text.leftJustified(34) + QStringLiteral("  # ") + comments.join(QStringLiteral(", "));
    return line;
}

bool isWritten(const ParamField& field, const RunDraft& draft, const ComponentDescription& method)
{
    const std::string& key = field.spec.key;
    if (!findParam(method.params, key) && !findParam(trainingParams(), key)) return false;
    if (key == "eval_fraction" && draft.evalData()) return false;
    const auto steps = draft.form().value("max_steps");
    const bool areStepsGiven = steps && std::get<std::int64_t>(*steps) > 0;
    if (key == "num_train_epochs" || key == "max_steps") return (key == "max_steps") == areStepsGiven;
    const bool isEvery = key == "eval_steps" || key == "save_steps";
    if (isEvery && std::get<std::int64_t>(field.value) == 0) return false;
    // Left out, bf16 is on in TRL.
    return !field.spec.isAdvanced || field.isChanged() || key == "loss_type" || key == "dtype";
}

QList<DraftLine> yamlOf(const RunDraft& draft, const ComponentDescription& method, const RunSpec& spec)
{
    QList<DraftLine> lines{{QStringLiteral("# ") + QString::fromStdString(method.title)},
                           {QStringLiteral("model_name_or_path: ") + yamlText(spec.model.string())},
                           {QStringLiteral("dataset_name: ") + yamlText(spec.data.string())}};
    if (spec.evalData) lines.append({QStringLiteral("# PrefLab's eval data: ") + yamlText(spec.evalData->string())});
    const ParamFormModel& form = draft.form();
    for (const std::string& group : form.groups()) {
        lines.append({QStringLiteral("# ") + QString::fromStdString(group).toLower()});
        for (const ParamField& field : form.fields()) {
            if (field.spec.group == group && isWritten(field, draft, method)) lines.append(yamlLine(field, method));
        }
    }
    const auto strategy = [&form](const char* key, const QString& off) {
        const auto every = form.value(key);
        return every && std::get<std::int64_t>(*every) > 0 ? QStringLiteral("steps") : off;
    };
    lines.append({QStringLiteral("eval_strategy: ") + strategy("eval_steps", QStringLiteral("\"no\""))});
    lines.append({QStringLiteral("save_strategy: ") + strategy("save_steps", QStringLiteral("\"no\""))});
    if (method.needsReference) lines.append({QStringLiteral("precompute_ref_log_probs: true")});
    lines.append({QStringLiteral("output_dir: runs/") + yamlText(spec.name)});
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
    const std::vector<RunSpec> specs = draft.specs();
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (i > 0) lines.append({QStringLiteral("---")});
        lines += yamlOf(draft, draft.choice().methods[i], specs[i]);
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
