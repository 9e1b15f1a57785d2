// SPDX-License-Identifier: GPL-3.0-or-later
// What the user prefers, where files lie, and what PrefLab is made of.
#pragma once

#include "ui/widgets/page.h"

namespace preflab {

class AppSettings;
class CacheCare;
class FormRow;
class NumberField;
class ScaledSlider;
class Segmented;
class Switch;
class Workspace;

/// Every change applies at once and is kept.
class SettingsPage : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(Workspace& workspace, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeAppearance();
    QWidget* makeWork();
    QWidget* makePlaces();
    QWidget* makeAbout();
    void showPreferences();
    void takeTextSize(double percent);
    void takeThreads();

    AppSettings& m_settings;
    CacheCare* m_cache;
    Segmented* m_theme = nullptr;
    ScaledSlider* m_textSlider = nullptr;
    NumberField* m_textField = nullptr;
    FormRow* m_textRow = nullptr;
    Switch* m_keys = nullptr;
    Segmented* m_threadsKind = nullptr;
    NumberField* m_threads = nullptr;
    FormRow* m_threadsRow = nullptr;
    Switch* m_advance = nullptr;
};

}  // namespace preflab
