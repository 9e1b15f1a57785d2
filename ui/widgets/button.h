// SPDX-License-Identifier: GPL-3.0-or-later
// The design's button: outlined, filled, bare, dangerous or like a link, with its key printed on it.
#pragma once

#include <QPushButton>

class QAbstractButton;
class QShortcut;

namespace preflab {

/// Painted whole, so that the key cap fits; the keyboard's ring is FocusRing's. Without a text it shows the icon alone and needs an
/// accessible name.
class Button : public QPushButton {
    Q_OBJECT

public:
    enum class Kind { Outlined, Primary, Bare, Danger, Link };

    explicit Button(const QString& text, Kind kind = Kind::Outlined, QWidget* parent = nullptr);
    /// With an icon of the design by name.
    Button(const QString& text, const QString& iconName, Kind kind = Kind::Outlined, QWidget* parent = nullptr);

    void setKind(Kind kind);
    Kind kind() const { return m_kind; }
    void setIconName(const QString& name);
    /// 28 pixels instead of 32, for toolbars and panels.
    void setDense();
    /// Prints the key and clicks the button when it is pressed anywhere in the window. A single letter does nothing
    /// while a text field has the keyboard.
    void setKey(const QString& portableKey);
    /// Prints a key that somebody else handles.
    void setPrintedKey(const QString& portableKey);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    /// Whether key caps are drawn, for the whole program.
    static void showKeys(bool areShown);
    static bool areKeysShown();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int contentWidth() const;
    QFont textFont() const;
    void drawFrame(QPainter& painter) const;
    QColor textColor() const;

    Kind m_kind;
    QString m_iconName;
    QString m_key;
    QShortcut* m_shortcut = nullptr;
    bool m_isDense = false;
};

/// A key that clicks the button when it is pressed anywhere in the window; a single letter, digit or Space does nothing
/// while a text field has the keyboard. Belongs to the button.
QShortcut* makeButtonKey(QAbstractButton& button, const QString& portableKey);

/// True if a key press belongs to a text field rather than to a command.
bool isTyping();

}  // namespace preflab
