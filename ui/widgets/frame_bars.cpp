// SPDX-License-Identifier: GPL-3.0-or-later
// Rail and status bar.
#include "ui/widgets/frame_bars.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/paint.h"

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace preflab {
namespace {

/// One entry of the rail.
class RailButton : public QToolButton {
public:
    RailButton(const QString& iconName, const QString& text, QWidget* parent) : QToolButton(parent), m_icon(iconName)
    {
        setText(text);
        setCheckable(true);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::TabFocus);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    void setDot(bool isOn)
    {
        m_hasDot = isOn;
        update();
    }
    QSize sizeHint() const override { return {currentTheme().px(60), currentTheme().px(52)}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRect card = rect().adjusted(6, 0, -6, 0);
        painter.setPen(Qt::NoPen);
        if (isChecked() || underMouse()) {
            painter.setBrush(isChecked() ? theme.bgSelected : theme.bgHover);
            painter.drawRoundedRect(card, 6, 6);
        }
        if (isChecked()) {
            painter.setBrush(theme.accent);
            painter.drawRoundedRect(QRectF(-2, 10, 5, height() - 20), 2, 2);
        }
        const QColor ink = isChecked() ? theme.accent : theme.textSecondary;
        const int size = theme.px(20);
        painter.drawPixmap((width() - size) / 2, theme.px(9), iconPixmap(m_icon, size, ink, devicePixelRatioF()));
        QFont font = theme.tiny;
        if (isChecked()) font.setWeight(QFont::DemiBold);
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(QRect(0, theme.px(31), width(), theme.px(16)), Qt::AlignCenter, text());
        if (m_hasDot) {
            painter.setPen(theme.bgRail);
            painter.setBrush(theme.accent);
            painter.drawEllipse(QRectF(width() / 2.0 + theme.px(8), theme.px(8), theme.px(7), theme.px(7)));
        }
        if (hasKeyboardFocus(*this)) drawFocusRing(painter, QRectF(card).adjusted(1, 1, -1, -1), 6);
    }

private:
    QString m_icon;
    bool m_hasDot = false;
};

/// What can be clicked in the status bar: icon, key cap, a few words.
class StatusLink : public QAbstractButton {
public:
    StatusLink(const QString& iconName, const QString& token, const QString& key = {})
        : m_icon(iconName), m_token(token), m_key(key)
    {
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::TabFocus);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        setAttribute(Qt::WA_Hover);
    }
    /// Of what changes while it is read: it keeps the room of its longest text, so that a step more lays nothing out anew.
    void setFigures(const QString& text)
    {
        if (text == this->text()) return;
        setText(text);
        if (text.isEmpty() || sizeHint().width() > width()) setFixedSize(sizeHint());
    }
    QSize sizeHint() const override
    {
        const Theme& theme = currentTheme();
        return {theme.px(16 + 5) + capWidth() + QFontMetrics(theme.tiny).horizontalAdvance(text()) + 2, theme.px(22)};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        const QColor ink = underMouse() ? theme.textPrimary : theme.color(m_token);
        const int size = theme.px(16);
        QPainter painter(this);
        painter.drawPixmap(0, (height() - size) / 2, iconPixmap(m_icon, size, ink, devicePixelRatioF()));
        int x = size + theme.px(5);
        if (capWidth() > 0) drawKeyCap(painter, rect().adjusted(x, 0, 0, 0), keyText(m_key));
        x += capWidth();
        painter.setFont(theme.tiny);
        painter.setPen(ink);
        painter.drawText(rect().adjusted(x, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
        if (hasKeyboardFocus(*this)) drawFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1), 4);
    }
    void changeEvent(QEvent* event) override
    {
        QAbstractButton::changeEvent(event);
        const bool isFixed = minimumWidth() == maximumWidth();
        if (event->type() == QEvent::StyleChange && isFixed) setFixedSize(sizeHint());
    }

private:
    int capWidth() const
    {
        return m_key.isEmpty() || !Button::areKeysShown() ? 0 : keyCapWidth(keyText(m_key)) + currentTheme().px(5);
    }

    QString m_icon, m_token, m_key;
};

/// PrefLab's mark: two answers, one of them chosen.
class Mark : public QWidget {
public:
    Mark()
    {
        keepMetrics(*this, [this] { setFixedSize(currentTheme().px(72), currentTheme().px(44)); });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.translate((width() - theme.px(30)) / 2.0, theme.px(6));
        painter.scale(theme.scale, theme.scale);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.chosen);
        painter.drawRoundedRect(QRectF(2, 5, 12, 20), 3, 3);
        QPen dashed(theme.rejected, 2, Qt::SolidLine, Qt::FlatCap);
        dashed.setDashPattern({1.5, 1.25});
        painter.setPen(dashed);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(16, 5, 12, 20), 3, 3);
        painter.setPen(QPen(theme.bgRail, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(QPolygonF({{5, 15.5}, {7.4, 18}, {11.4, 13}}));
    }
};

}  // namespace

NavigationRail::NavigationRail(QWidget* parent) : QFrame(parent), m_group(new QButtonGroup(this))
{
    setProperty("role", QStringLiteral("rail"));
    keepMetrics(*this, [this] { setFixedWidth(currentTheme().px(72)); });
    m_group->setExclusive(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, currentTheme().px(8), 0, currentTheme().px(8));
    layout->setSpacing(2);
    layout->addWidget(new Mark);
    addEntry(PageId::Home, QStringLiteral("home"), tr("Home"), QStringLiteral("Ctrl+1"), *layout);
    addEntry(PageId::Data, QStringLiteral("data"), tr("Data"), QStringLiteral("Ctrl+2"), *layout);
    addEntry(PageId::Model, QStringLiteral("model"), tr("Model"), QStringLiteral("Ctrl+3"), *layout);
    addEntry(PageId::Train, QStringLiteral("train"), tr("Train"), QStringLiteral("Ctrl+4"), *layout);
    addEntry(PageId::Runs, QStringLiteral("runs"), tr("Runs"), QStringLiteral("Ctrl+5"), *layout);
    addEntry(PageId::Compare, QStringLiteral("compare"), tr("Compare"), QStringLiteral("Ctrl+6"), *layout);
    layout->addStretch(1);
    addEntry(PageId::Settings, QStringLiteral("settings"), tr("Settings"), QStringLiteral("Ctrl+,"), *layout);
}

void NavigationRail::addEntry(PageId page, const QString& icon, const QString& text, const QString& key,
                              QVBoxLayout& layout)
{
    auto* entry = new RailButton(icon, text, this);
    entry->setObjectName(QStringLiteral("rail") + text);
    entry->setToolTip(tr("%1 (%2)").arg(text, key));
    m_group->addButton(entry);
    m_entries.insert(page, entry);
    layout.addWidget(entry);
    connect(entry, &QToolButton::clicked, this, [this, page] { Q_EMIT chosen(page); });
    auto* shortcut = new QShortcut(QKeySequence(key), this);
    connect(shortcut, &QShortcut::activated, this, [this, page] { Q_EMIT chosen(page); });
}

void NavigationRail::setCurrent(PageId page)
{
    if (QToolButton* entry = m_entries.value(page)) entry->setChecked(true);
}

void NavigationRail::setRunning(bool isRunning)
{
    static_cast<RailButton*>(m_entries.value(PageId::Runs))->setDot(isRunning);
}

StatusBar::StatusBar(QWidget* parent)
    : QFrame(parent), m_project(makeLabel({}, "caption")),
      m_savedIcon(new IconLabel(QStringLiteral("check"), QStringLiteral("text.secondary"), 16)), m_saved(makeLabel({})),
      m_idle(makeLabel(tr("No run in progress"))),
      m_job(new StatusLink(QStringLiteral("play"), QStringLiteral("accent"))), m_device(makeLabel({}))
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("status"));
    keepMetrics(*this, [this] { setFixedHeight(currentTheme().px(26)); });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(theme.px(14), 0, theme.px(14), 0);
    layout->setSpacing(theme.px(5));
    layout->addWidget(m_project);
    layout->addSpacing(theme.px(11));
    layout->addWidget(m_savedIcon);
    layout->addWidget(m_saved);
    layout->addSpacing(theme.px(11));
    layout->addWidget(m_idle);
    layout->addWidget(m_job);
    layout->addStretch(1);
    layout->addWidget(new IconLabel(QStringLiteral("chip"), QStringLiteral("text.secondary"), 16));
    layout->addWidget(m_device);
    layout->addSpacing(theme.px(11));
    const QString key = QStringLiteral("Ctrl+K");
    auto* commands = new StatusLink(QStringLiteral("keyboard"), QStringLiteral("text.secondary"), key);
    commands->setText(tr("Commands"));
    layout->addWidget(commands);
    connect(commands, &QAbstractButton::clicked, this, &StatusBar::commandsWanted);
    connect(new QShortcut(QKeySequence(key), this), &QShortcut::activated, this, &StatusBar::commandsWanted);
    connect(m_job, &QAbstractButton::clicked, this, &StatusBar::jobClicked);
    setProject({});
    setSaved({});
    setJob({});
}

void StatusBar::setProject(const QString& name)
{
    m_project->setText(name.isEmpty() ? tr("No project open") : name);
}

void StatusBar::setSaved(const QString& text, bool isFailure)
{
    m_saved->setText(text);
    m_savedIcon->setVisible(!text.isEmpty());
    setLook(*m_saved, "tone", isFailure ? QVariant(QStringLiteral("danger")) : QVariant());
    m_savedIcon->setIcon(isFailure ? QStringLiteral("error") : QStringLiteral("check"),
                         isFailure ? QStringLiteral("danger") : QStringLiteral("text.secondary"));
}

void StatusBar::setJob(const QString& text)
{
    static_cast<StatusLink*>(m_job)->setFigures(text);
    m_job->setAccessibleName(text.isEmpty() ? m_idle->text() : text);
    m_job->setVisible(!text.isEmpty());
    m_idle->setVisible(text.isEmpty());
}

void StatusBar::setDevice(const QString& text)
{
    m_device->setText(text);
}

}  // namespace preflab
