// SPDX-License-Identifier: GPL-3.0-or-later
// How the next token is chosen: temperature and seed at hand, the rest folded.
#pragma once

#include "core/runs/backend.h"

#include <QWidget>

#include <optional>

class QLabel;

namespace preflab {

class FormRow;
class NumberField;
class ScaledSlider;

/// The sampling parameters of a GenerateRequest as fields.
class SamplingForm : public QWidget {
    Q_OBJECT

public:
    explicit SamplingForm(QWidget* parent = nullptr);

    /// Puts the fields' values into a request; false while a field has no usable value, which is marked there.
    bool fill(GenerateRequest& request) const;
    bool isUsable() const { return m_isUsable; }
    /// Shows length, top k and top p.
    void setUnfolded(bool isUnfolded);
    void rollSeed();

Q_SIGNALS:
    void changed();

private:
    /// A field with what it may hold.
    struct Entry {
        NumberField* field = nullptr;
        FormRow* row = nullptr;  ///< null for the two at hand
        double lowest = 0.0, highest = 0.0;
        bool isWhole = false;
        QString sentence;  ///< said when the value is not usable
    };
    QWidget* makeAtHand();
    QWidget* makeFolded();
    static std::optional<double> valueOf(const Entry& entry);
    void check();

    ScaledSlider* m_slider = nullptr;
    Entry m_temperature, m_seed, m_length, m_topK, m_topP;
    QLabel* m_error = nullptr;
    QWidget* m_folded = nullptr;
    bool m_isUsable = true;
};

}  // namespace preflab
