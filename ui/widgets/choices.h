// SPDX-License-Identifier: GPL-3.0-or-later
// Controls to choose with: segments, chips, switch, combo box.
#pragma once

#include <QAbstractButton>
#include <QButtonGroup>
#include <QComboBox>
#include <QFrame>
#include <QToolButton>

namespace preflab {

/// One of two to five; arrows move. Every segment has an id.
class Segmented : public QFrame {
    Q_OBJECT

public:
    explicit Segmented(QWidget* parent = nullptr);
    void addSegment(const QString& id, const QString& text);
    void setCurrent(const QString& id);
    QString current() const;
    /// 32 pixels high, as in forms.
    void setTall();
    QAbstractButton* segment(const QString& id) const;

Q_SIGNALS:
    /// The user chose another segment.
    void chosen(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QButtonGroup m_group;
    bool m_isTall = false;
};

/// A round label that can be chosen, or removed by its cross or Del.
class Chip : public QToolButton {
    Q_OBJECT

public:
    explicit Chip(const QString& text, QWidget* parent = nullptr);
    void setRemovable();
    /// An icon of the design before the text.
    void setIconName(const QString& name);
    /// Prints the key, which clicks the chip as a button's does.
    void setKey(const QString& portableKey);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void removed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    bool isRemoving(const QKeyEvent& event) const;
    int keyWidth() const;

    QString m_iconName;
    QString m_key;
    bool m_isRemovable = false;
};

/// For settings that apply at once.
class Switch : public QAbstractButton {
    Q_OBJECT

public:
    explicit Switch(const QString& text = {}, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// QComboBox with the design's arrow; the wheel changes it only while it has the keyboard.
class ComboBox : public QComboBox {
    Q_OBJECT

public:
    explicit ComboBox(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
};

}  // namespace preflab
