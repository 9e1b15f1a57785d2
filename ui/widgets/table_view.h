// SPDX-License-Identifier: GPL-3.0-or-later
// Tables as the design has them: fixed rows, horizontal lines, hovered and selected rows, cells drawn by kind.
#pragma once

#include "ui/models/app/table_roles.h"

#include <QHash>
#include <QList>
#include <QStyledItemDelegate>
#include <QTableView>

#include <utility>

namespace preflab {

/// What a cell looks like; set for a column of a TableView.
enum class CellKind {
    Text,       ///< left; elided
    Number,     ///< monospace, right
    Gap,        ///< a signed number with a centred bar of 52 pixels before it
    Badges,     ///< words between ", ", each a badge
    Sparkline,  ///< SparklineRole's points
};

/// QTableView with the design's looks; the model and its roles say everything else.
class TableView : public QTableView {
    Q_OBJECT

public:
    explicit TableView(QWidget* parent = nullptr);
    /// How a column is drawn; other columns are text.
    void setCellKind(int column, CellKind kind);
    CellKind cellKind(int column) const { return m_kinds.value(column, CellKind::Text); }
    /// The tone of a word in columns of badges; other words are neutral.
    void setBadgeTone(const QString& word, const QString& tone) { m_tones.insert(word, tone); }
    QString badgeTone(const QString& word) const { return m_tones.value(word); }
    /// Widths of columns in design pixels. Another text size brings them back; another palette leaves those that the user
    /// gave the columns meanwhile.
    void setColumnWidths(const QList<std::pair<int, int>>& widths);
    /// No column gets narrower, in design pixels.
    void setMinimumColumnWidth(int width);
    int hoveredRow() const { return m_hovered; }

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void setHovered(int row);
    void applyMetrics();
    void applyColumnWidths();

    int m_minimumWidth = 28;              ///< of a column, in design pixels
    QList<std::pair<int, int>> m_widths;  ///< of columns, in design pixels
    qreal m_widthsScale = 0.0;            ///< text size that they were applied for
    QHash<int, CellKind> m_kinds;
    QHash<QString, QString> m_tones;
    int m_hovered = -1;
};

/// Draws the cells of a TableView.
class TableDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit TableDelegate(TableView& view);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// What does not fit its cell is shown whole where the pointer rests.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;
    /// Fills an editor once: what is typed stays when the row changes meanwhile.
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;

private:
    QFont textFont(const QModelIndex& index) const;
    void paintText(QPainter& painter, const QRect& cell, const QModelIndex& index, const QColor& ink) const;
    void paintGap(QPainter& painter, const QRect& cell, const QModelIndex& index, const QColor& ink) const;
    void paintBadges(QPainter& painter, const QRect& cell, const QModelIndex& index) const;
    void paintSparkline(QPainter& painter, const QRect& cell, const QModelIndex& index) const;

    TableView& m_view;
};

}  // namespace preflab
