// SPDX-License-Identifier: GPL-3.0-or-later
// A model in words.
#pragma once

#include "core/runs/backend.h"

#include <QList>
#include <QString>

namespace preflab {

/// One line about a model: "Attention", "9 heads, 3 for keys and values".
struct ModelFact {
    QString title;
    QString text;
};

/// Kind, parameters, attention, context; then numbers, tokenizer, embeddings: two columns of the overview.
QList<ModelFact> structureFacts(const ModelReport& report);
QList<ModelFact> storageFacts(const ModelReport& report);

}  // namespace preflab
