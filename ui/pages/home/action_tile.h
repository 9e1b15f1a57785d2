// SPDX-License-Identifier: GPL-3.0-or-later
// A large button of the first page: icon, what, one sentence, key.
#pragma once

#include <QAbstractButton>

namespace preflab {

/// As high as its texts need at its width. The first one of a page may be filled.
class ActionTile : public QAbstractButton {
    Q_OBJECT

public:
    enum class Look { Filled, Plain };

    /// `portableKey` is printed; the window answers to it.
    ActionTile(const QString& title, const QString& sentence, const QString& iconName, const QString& portableKey,
               Look look, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    int textLeft() const;
    int textWidth(int width) const;
    int titleHeight(int width) const;
    int sentenceHeight(int width) const;
    int keyWidth() const;

    QString m_sentence;
    QString m_icon;
    QString m_key;
    Look m_look;
    bool m_hasKeyboardFocus = false;
};

}  // namespace preflab
