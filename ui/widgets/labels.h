// SPDX-License-Identifier: GPL-3.0-or-later
// Labels in the design's roles, badges and key caps.
#pragma once

#include <QFrame>
#include <QLabel>

namespace preflab {

/// A plain-text label; role: "title", "heading", "strong", "small", "tiny", "mono" or empty; tone: "secondary",
/// "muted", "accent", "chosen", "rejected", "ok", "warning", "danger" or empty.
QLabel* makeLabel(const QString& text, const char* role = "", const char* tone = "", QWidget* parent = nullptr);
/// Changes a dynamic property that the style sheet looks at.
void setLook(QWidget& widget, const char* property, const QVariant& value);
/// A horizontal line of one pixel.
QFrame* makeLine(QWidget* parent = nullptr);

/// A label for figures that change while somebody watches. It keeps the room that its longest text took, because a label
/// that asks for another size lays out the whole window anew.
class FigureLabel : public QLabel {
    Q_OBJECT

public:
    /// Role as in `makeLabel`.
    explicit FigureLabel(const char* role, const char* tone = "", QWidget* parent = nullptr);
    void setFigure(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void keepRoomFor(const QString& text);

    int m_room = 0;  ///< pixels; 0: it never had a text
};

/// A word on its own tint.
class Badge : public QWidget {
    Q_OBJECT

public:
    explicit Badge(const QString& text, const QString& tone = {}, QWidget* parent = nullptr);
    void setText(const QString& text);
    void setTone(const QString& tone);
    void setIconName(const QString& name);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text, m_tone, m_icon;
};

/// A key as printed on keyboards.
class KeyCap : public QWidget {
    Q_OBJECT

public:
    explicit KeyCap(const QString& portableKey, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_key;
};

/// One icon of the design in a token's colour.
class IconLabel : public QWidget {
    Q_OBJECT

public:
    IconLabel(const QString& name, const QString& token, int size = 20, QWidget* parent = nullptr);
    void setIcon(const QString& name, const QString& token);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_name, m_token;
    int m_size;
};

}  // namespace preflab
