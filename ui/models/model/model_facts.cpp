// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences about a model report.
#include "ui/models/model/model_facts.h"

#include "ui/models/app/number_text.h"

#include <QCoreApplication>

namespace preflab {
namespace {

/// Translations of this file.
class ModelFacts {
    Q_DECLARE_TR_FUNCTIONS(preflab::ModelFacts)

public:
    static QString kind(const ModelReport& report)
    {
        return tr("%1, %2 layers, width %3")
            .arg(QString::fromStdString(report.architecture), groupedText(report.layers),
                 groupedText(report.hiddenSize));
    }

    static QString attention(const ModelReport& report)
    {
        if (report.keyValueHeads == report.heads || report.keyValueHeads == 0)
            return tr("%n head(s)", nullptr, static_cast<int>(report.heads));
        return tr("%1 heads, %2 for keys and values").arg(groupedText(report.heads), groupedText(report.keyValueHeads));
    }

    static QList<ModelFact> structure(const ModelReport& report)
    {
        return {{tr("Kind"), kind(report)},
                {tr("Parameters"), groupedText(report.parameters)},
                {tr("Attention"), attention(report)},
                {tr("Context"), tr("%1 tokens").arg(groupedText(report.maxPositions))}};
    }

    static QList<ModelFact> storage(const ModelReport& report)
    {
        const QString numbers =
            tr("%1, %2 on disk").arg(QString::fromStdString(report.dtype).toLower(), sizeText(report.weightBytes));
        const QString embeddings = report.isHeadTied ? tr("shared with the output") : tr("separate from the output");
        return {{tr("Numbers"), numbers},
                {tr("Tokenizer"), QString::fromStdString(report.tokenizer)},
                {tr("Embeddings"), embeddings}};
    }
};

}  // namespace

QList<ModelFact> structureFacts(const ModelReport& report)
{
    return ModelFacts::structure(report);
}

QList<ModelFact> storageFacts(const ModelReport& report)
{
    return ModelFacts::storage(report);
}

}  // namespace preflab
