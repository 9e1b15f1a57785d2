// SPDX-License-Identifier: GPL-3.0-or-later
// All settings of a draft as rows under their headings, with those that are rarely touched folded away.
#pragma once

#include "ui/pages/train/form_parts.h"

#include <QHash>
#include <QWidget>

#include <optional>
#include <string>

class QLineEdit;
class QVBoxLayout;

namespace preflab {

class Button;

/// Rebuilt when the method brings other settings; shows what the checks found at the field concerned.
class SettingsForm : public QWidget {
    Q_OBJECT

public:
    /// Which settings.
    enum class Scope {
        All,
        WithoutPreference,  ///< where beta and lambda stand somewhere else
    };

    SettingsForm(TrainSetup& setup, Scope scope, HelpPlace help, QWidget* parent = nullptr);

    /// The row of a parameter, or null.
    FormRow* row(const std::string& key) const;
    /// Unfolds if need be, scrolls there, and gives it the keyboard.
    void focusOn(const std::string& key);

private:
    void rebuild();
    void fill(QVBoxLayout& into, bool isAdvanced);
    FormRow* makeRow(const ParamField& field);
    void makeFold();
    void unfold(bool isOpen);
    void search(const QString& text);
    void takeFindings();

    TrainSetup& m_setup;
    Scope m_scope;
    HelpPlace m_help;
    QHash<QString, FormRow*> m_rows;
    QVBoxLayout* m_layout;
    QWidget* m_content = nullptr;
    QWidget* m_advanced = nullptr;
    QLineEdit* m_search = nullptr;
    Button* m_fold = nullptr;
    int m_advancedCount = 0;
    bool m_isOpen = false;
};

}  // namespace preflab
