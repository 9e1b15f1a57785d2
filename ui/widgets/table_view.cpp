// SPDX-License-Identifier: GPL-3.0-or-later
// Set-up and cells of tables.
#include "ui/widgets/table_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/paint.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

/// Says the order of rows by an arrow behind the name: a style's own arrow lies on the names of right-aligned columns.
/// A name that does not fit is elided, and shown whole where the pointer rests.
class TableHeader : public QHeaderView {
public:
    explicit TableHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent)
    {
        setSectionsClickable(true);
        setTextElideMode(Qt::ElideRight);
    }

protected:
    bool viewportEvent(QEvent* event) override
    {
        if (event->type() == QEvent::ToolTip && model() != nullptr) {
            const auto* help = static_cast<QHelpEvent*>(event);
            const int section = logicalIndexAt(help->pos());
            const QString name = model()->headerData(section, orientation()).toString();
            const bool hasOwn = model()->headerData(section, orientation(), Qt::ToolTipRole).isValid();
            if (!hasOwn && section >= 0 && sectionSizeFromContents(section).width() > sectionSize(section)) {
                QToolTip::showText(help->globalPos(), name, this);
                return true;
            }
        }
        return QHeaderView::viewportEvent(event);
    }
    void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override
    {
        QHeaderView::initStyleOptionForIndex(option, section);
        if (option->sortIndicator == QStyleOptionHeader::None) return;
        option->sortIndicator = QStyleOptionHeader::None;
        option->text +=
            sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral(" \u2191") : QStringLiteral(" \u2193");
    }
};

/// A cell without its margins.
QRect textCell(const QRect& cell)
{
    return cell.adjusted(currentTheme().px(8), 0, -currentTheme().px(8), -1);
}

}  // namespace

TableView::TableView(QWidget* parent) : QTableView(parent)
{
    setHorizontalHeader(new TableHeader(this));
    setItemDelegate(new TableDelegate(*this));
    setShowGrid(false);
    setAlternatingRowColors(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setCornerButtonEnabled(false);
    applyMetrics();
}

void TableView::applyMetrics()
{
    verticalHeader()->setDefaultSectionSize(currentTheme().px(28));
    horizontalHeader()->setFixedHeight(currentTheme().px(30));
    horizontalHeader()->setMinimumSectionSize(currentTheme().px(m_minimumWidth));
    if (m_widthsScale != currentTheme().scale) applyColumnWidths();
}

void TableView::setColumnWidths(const QList<std::pair<int, int>>& widths)
{
    m_widths = widths;
    applyColumnWidths();
}

void TableView::setMinimumColumnWidth(int width)
{
    m_minimumWidth = width;
    applyMetrics();
}

void TableView::applyColumnWidths()
{
    m_widthsScale = currentTheme().scale;
    for (const auto& [column, width] : std::as_const(m_widths)) setColumnWidth(column, currentTheme().px(width));
}

void TableView::setCellKind(int column, CellKind kind)
{
    m_kinds.insert(column, kind);
}

void TableView::setHovered(int row)
{
    if (row == m_hovered) return;
    for (const int changed : {m_hovered, row}) {
        if (changed < 0 || model() == nullptr || changed >= model()->rowCount()) continue;
        viewport()->update(QRect(0, rowViewportPosition(changed), viewport()->width(), rowHeight(changed)));
    }
    m_hovered = row;
}

void TableView::mouseMoveEvent(QMouseEvent* event)
{
    setHovered(rowAt(static_cast<int>(event->position().y())));
    QTableView::mouseMoveEvent(event);
}

void TableView::leaveEvent(QEvent* event)
{
    setHovered(-1);
    QTableView::leaveEvent(event);
}

void TableView::keyPressEvent(QKeyEvent* event)
{
    // Rows are what is chosen, so Home and End go to the first and last of them.
    const bool isEdge = event->key() == Qt::Key_Home || event->key() == Qt::Key_End;
    if (isEdge && event->modifiers() == Qt::NoModifier && model() != nullptr && model()->rowCount() > 0) {
        const int row = event->key() == Qt::Key_Home ? 0 : model()->rowCount() - 1;
        setCurrentIndex(model()->index(row, currentIndex().isValid() ? currentIndex().column() : 0));
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) applyMetrics();
    QTableView::changeEvent(event);
}

TableDelegate::TableDelegate(TableView& view) : QStyledItemDelegate(&view), m_view(view) {}

QSize TableDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (m_view.cellKind(index.column()) == CellKind::Badges) {
        int width = 0;
        const QStringList words = index.data().toString().split(QStringLiteral(", "), Qt::SkipEmptyParts);
        for (const QString& word : words) width += badgeWidth(word) + currentTheme().px(4);
        size.setWidth(width);
    }
    return size + QSize(currentTheme().px(16), 0);
}

bool TableDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                              const QModelIndex& index)
{
    const bool isText =
        m_view.cellKind(index.column()) == CellKind::Text || m_view.cellKind(index.column()) == CellKind::Number;
    const QString text = index.data().toString();
    if (event->type() == QEvent::ToolTip && isText && index.data(Qt::ToolTipRole).toString().isEmpty() &&
        QFontMetrics(textFont(index)).horizontalAdvance(text) > textCell(option.rect).width()) {
        QToolTip::showText(event->globalPos(), text, view);
        return true;
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

QFont TableDelegate::textFont(const QModelIndex& index) const
{
    const bool isNumber = m_view.cellKind(index.column()) == CellKind::Number;
    QFont font = isNumber ? currentTheme().mono : currentTheme().body;
    font.setStrikeOut(index.data(MutedRole).toBool() && !isNumber);
    return font;
}

void TableDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    constexpr const char* kIsFilled = "isFilled";
    if (editor->property(kIsFilled).toBool()) return;
    editor->setProperty(kIsFilled, true);
    QStyledItemDelegate::setEditorData(editor, index);
}

void TableDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Theme& theme = currentTheme();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const bool hasFocus = m_view.hasFocus();
    painter->save();
    QColor ground = theme.bgPanel;
    if (m_view.hoveredRow() == index.row()) ground = theme.bgHover;
    if (isSelected) ground = hasFocus ? theme.bgSelected : theme.bgHover;
    painter->fillRect(option.rect, ground);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme.borderSubtle);
    const bool isFirst = m_view.horizontalHeader()->visualIndex(index.column()) == 0;
    if (isSelected && isFirst) {
        painter->fillRect(QRect(option.rect.left(), option.rect.top(), 3, option.rect.height()),
                          hasFocus ? theme.accent : theme.borderControl);
    }
    QColor ink = theme.textPrimary;
    if (const QString tone = index.data(ToneRole).toString(); !tone.isEmpty()) ink = theme.color(tone);
    if (index.data(MutedRole).toBool()) ink = theme.textDisabled;
    const QRect cell = textCell(option.rect);
    switch (m_view.cellKind(index.column())) {
    case CellKind::Gap:
        paintGap(*painter, cell, index, ink);
        break;
    case CellKind::Badges:
        paintBadges(*painter, cell, index);
        break;
    case CellKind::Sparkline:
        paintSparkline(*painter, cell, index);
        break;
    case CellKind::Text:
    case CellKind::Number:
        paintText(*painter, cell, index, ink);
        break;
    }
    painter->restore();
}

void TableDelegate::paintText(QPainter& painter, const QRect& cell, const QModelIndex& index, const QColor& ink) const
{
    const Theme& theme = currentTheme();
    const bool isNumber = m_view.cellKind(index.column()) == CellKind::Number;
    const QFont font = textFont(index);
    const QFontMetrics metrics(font);
    const QString text = index.data().toString();
    const QString shown = metrics.elidedText(text, Qt::ElideRight, cell.width());
    const QList<QPair<int, int>> hits = index.data(SearchHitsRole).value<QList<QPair<int, int>>>();
    for (const auto& [begin, length] : hits) {
        if (begin + length > shown.size()) continue;
        const int x = metrics.horizontalAdvance(shown.left(begin));
        const QRect mark(cell.left() + x - 1, cell.center().y() - metrics.height() / 2,
                         metrics.horizontalAdvance(shown.mid(begin, length)) + 2, metrics.height());
        painter.setPen(theme.warning);
        painter.setBrush(theme.warningBg);
        painter.drawRoundedRect(mark, 2, 2);
    }
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(cell, Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft), shown);
}

void TableDelegate::paintGap(QPainter& painter, const QRect& cell, const QModelIndex& index, const QColor& ink) const
{
    const Theme& theme = currentTheme();
    const QString text = index.data().toString();
    if (text.isEmpty()) return;
    const double share = index.data(GapShareRole).toDouble();
    const int width = theme.px(52);
    const int figures = QFontMetrics(theme.mono).horizontalAdvance(QStringLiteral("+00000"));
    const qreal middle = cell.right() - figures - width / 2.0;
    const qreal length = std::min(1.0, std::abs(share)) * width / 2.0;
    painter.fillRect(QRectF(middle, cell.center().y() - theme.px(7), 1, theme.px(14)), theme.borderControl);
    painter.fillRect(
        QRectF(share > 0 ? middle + 1 : middle - length, cell.center().y() - theme.px(4), length, theme.px(8)),
        theme.textMuted);
    painter.setFont(theme.mono);
    painter.setPen(ink);
    painter.drawText(cell, Qt::AlignVCenter | Qt::AlignRight, text);
}

void TableDelegate::paintBadges(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    const QStringList words = index.data().toString().split(QStringLiteral(", "), Qt::SkipEmptyParts);
    QRect rest = cell;
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (rest.width() < badgeWidth(words[i])) return;
        rest.setLeft(rest.left() + drawBadge(painter, rest, words[i], m_view.badgeTone(words[i])) +
                     currentTheme().px(4));
    }
}

void TableDelegate::paintSparkline(QPainter& painter, const QRect& cell, const QModelIndex& index) const
{
    const QList<QPointF> points = index.data(SparklineRole).value<QList<QPointF>>();
    if (points.size() < 2) return;
    const Theme& theme = currentTheme();
    const auto [lowest, highest] = std::ranges::minmax_element(points, {}, &QPointF::y);
    const double range = highest->y() > lowest->y() ? highest->y() - lowest->y() : 1.0;
    const double begin = points.front().x();
    const double width = points.back().x() > begin ? points.back().x() - begin : 1.0;
    QPolygonF line;
    for (const QPointF& point : points) {
        line << QPointF(cell.left() + (point.x() - begin) / width * cell.width(),
                        cell.bottom() - theme.px(6) -
                            (point.y() - lowest->y()) / range * (cell.height() - theme.px(12)));
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.series[static_cast<std::size_t>(index.data(SeriesIndexRole).toInt() % 8)], 1.5));
    painter.drawPolyline(line);
}

}  // namespace preflab
