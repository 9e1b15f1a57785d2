// SPDX-License-Identifier: GPL-3.0-or-later
// All runs of the project, with what can be done to them.
#pragma once

#include "ui/models/runs/run_center.h"

#include <QFrame>
#include <QStringList>

#include <functional>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace preflab {

class Button;
class RunsProxy;
class StateView;
class TableView;

/// A table with filter; beside it the figures and the note of the run that is selected.
class RunsList : public QFrame {
    Q_OBJECT

public:
    explicit RunsList(RunCenter& center, QWidget* parent = nullptr);

    QStringList selected() const;
    TableView& table() const { return *m_table; }

Q_SIGNALS:
    void openWanted(const QString& run);
    void compareWanted(const QStringList& runs);
    void trainWanted();
    void toastWanted(const QString& text, const QString& actionText, std::function<void()> action);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeToolbar();
    QWidget* makeSide();
    void makeTable();
    void updateState();
    void updateSelection();
    void updateFacts();
    void open();
    void renameSelected();
    void removeSelected();
    /// Why the selected runs cannot be deleted now; empty when they can.
    QString removeObstacle() const;
    void keepNote();
    QString factsOf(const RunEntry& entry) const;

    RunCenter& m_center;
    RunsProxy* m_proxy;
    TableView* m_table;
    StateView* m_state;
    QLineEdit* m_filter = nullptr;
    Button *m_open = nullptr, *m_rename = nullptr, *m_compare = nullptr, *m_remove = nullptr;
    Button* m_about = nullptr;  ///< opens the panel in narrow windows
    QLabel *m_name = nullptr, *m_facts = nullptr;
    QPlainTextEdit* m_note = nullptr;
    QString m_noteOf;  ///< the run whose note is in the field
};

}  // namespace preflab
