// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the widgets of a page and names those that a screen reader could not name, or the keyboard not reach.
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStringList>
#include <QTabBar>
#include <QTextEdit>
#include <QWidget>

namespace preflab::test {

/// True for widgets that Qt makes inside others (scroll bars, headers, popups, buttons of tab bars and of fields).
inline bool isInnerPart(const QWidget& widget)
{
    if (widget.objectName().startsWith(QLatin1String("qt_"))) return true;
    if (qobject_cast<const QScrollBar*>(&widget) != nullptr || qobject_cast<const QHeaderView*>(&widget) != nullptr)
        return true;
    if (widget.inherits("QComboBoxPrivateContainer") || widget.inherits("QLineEditIconButton")) return true;
    const QWidget* parent = widget.parentWidget();
    if (parent == nullptr) return false;
    if (parent->inherits("QComboBoxPrivateContainer") || qobject_cast<const QTabBar*>(parent) != nullptr) return true;
    if (qobject_cast<const QAbstractSpinBox*>(parent) != nullptr || qobject_cast<const QComboBox*>(parent) != nullptr)
        return true;
    return parent->inherits("QTableView") && qobject_cast<const QAbstractButton*>(&widget) != nullptr;
}

/// True for what a person acts on: buttons, fields, lists, sliders, and whatever else takes the keyboard.
inline bool isInteractive(const QWidget& widget)
{
    if (isInnerPart(widget)) return false;
    return qobject_cast<const QAbstractButton*>(&widget) != nullptr ||
           qobject_cast<const QLineEdit*>(&widget) != nullptr || qobject_cast<const QTextEdit*>(&widget) != nullptr ||
           qobject_cast<const QPlainTextEdit*>(&widget) != nullptr ||
           qobject_cast<const QComboBox*>(&widget) != nullptr ||
           qobject_cast<const QAbstractSlider*>(&widget) != nullptr ||
           qobject_cast<const QAbstractSpinBox*>(&widget) != nullptr ||
           qobject_cast<const QAbstractItemView*>(&widget) != nullptr ||
           qobject_cast<const QTabBar*>(&widget) != nullptr || (widget.focusPolicy() & Qt::TabFocus) != 0;
}

/// What a screen reader says of the widget: its accessible name, its text, or its label's text (setBuddy).
inline QString spokenName(QWidget& widget)
{
    QAccessibleInterface* voice = QAccessible::queryAccessibleInterface(&widget);
    const QString name = voice != nullptr ? voice->text(QAccessible::Name) : QString();
    return name.isEmpty() ? widget.accessibleName() : name;
}

/// "Button 'start' in PairsTab": enough to find it.
inline QString placeOf(const QWidget& widget)
{
    QString place = QString::fromLatin1(widget.metaObject()->className());
    if (!widget.objectName().isEmpty()) place += QStringLiteral(" '%1'").arg(widget.objectName());
    for (const QWidget* parent = widget.parentWidget(); parent != nullptr; parent = parent->parentWidget()) {
        const QString name = QString::fromLatin1(parent->metaObject()->className());
        if (name != QLatin1String("QWidget")) return QStringLiteral("%1 in %2").arg(place, name);
    }
    return place;
}

/// All interactive widgets below `root`, shown or not.
inline QList<QWidget*> interactiveWidgets(QWidget& root)
{
    QList<QWidget*> found;
    const QList<QWidget*> all = root.findChildren<QWidget*>();
    for (QWidget* widget : all)
        if (isInteractive(*widget)) found.push_back(widget);
    return found;
}

/// Places of interactive widgets without a name. A page's test says QCOMPARE(namelessControls(page), QStringList()).
inline QStringList namelessControls(QWidget& root)
{
    QStringList places;
    for (QWidget* widget : interactiveWidgets(root))
        if (spokenName(*widget).trimmed().isEmpty()) places.push_back(placeOf(*widget));
    return places;
}

/// One button of a group takes Tab, and arrows go on from it to the others.
inline bool isReachedByTab(const QButtonGroup& group)
{
    const QList<QAbstractButton*> buttons = group.buttons();
    for (const QAbstractButton* button : buttons)
        if ((button->focusPolicy() & Qt::TabFocus) != 0) return true;
    return false;
}

/// Places of interactive widgets that Tab passes by and that no key of their own reaches either.
inline QStringList controlsOutOfReach(QWidget& root)
{
    QStringList places;
    for (QWidget* widget : interactiveWidgets(root)) {
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool isByKey = button != nullptr && !button->shortcut().isEmpty();
        const bool isInGroup = button != nullptr && button->group() != nullptr && isReachedByTab(*button->group());
        if ((widget->focusPolicy() & Qt::TabFocus) == 0 && !isByKey && !isInGroup)
            places.push_back(QStringLiteral("%1 (%2)").arg(placeOf(*widget), spokenName(*widget)));
    }
    return places;
}

}  // namespace preflab::test
