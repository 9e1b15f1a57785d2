// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks that pages are built of: cards, notes, thin progress bars, a layout that wraps.
#pragma once

#include <QFrame>
#include <QLayout>
#include <QList>
#include <QString>

#include <functional>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace preflab {

class IconLabel;

/// A panel with a title row; content goes into `body`.
class Card : public QFrame {
    Q_OBJECT

public:
    explicit Card(const QString& title = {}, QWidget* parent = nullptr);
    QVBoxLayout& body() { return *m_body; }
    enum class TitleRoom { WhatItNeeds, AllThereIs };
    /// Right of the title.
    void addToTitle(QWidget* widget, TitleRoom room = TitleRoom::WhatItNeeds);
    void setTitle(const QString& title);

private:
    QVBoxLayout* m_body;
    QHBoxLayout* m_titleRow = nullptr;
    QLabel* m_title = nullptr;
};

/// A tinted line in the page, above what it concerns: icon, sentence, buttons. Tone: "warning", "danger", "ok", "info".
class Note : public QFrame {
    Q_OBJECT

public:
    explicit Note(const QString& tone, const QString& text = {}, QWidget* parent = nullptr);
    void setText(const QString& text);
    void setTone(const QString& tone);
    QString text() const;
    /// Adds a button at its end.
    void addButton(const QString& text, std::function<void()> action);
    void clearButtons();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_tone;
    IconLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

/// A bar of 6 pixels, determinate.
class ThinProgress : public QWidget {
    Q_OBJECT

public:
    explicit ThinProgress(QWidget* parent = nullptr);
    /// 0 to 1.
    void setShare(double share);
    double share() const { return m_share; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_share = 0.0;
};

/// Parts of a whole, side by side in series colours, with a legend below.
class PartsBar : public QWidget {
    Q_OBJECT

public:
    /// One part: its name with figure ("weights 0.54 GB") and size.
    struct Part {
        QString label;
        double size = 0.0;
    };

    explicit PartsBar(QWidget* parent = nullptr);
    void setParts(const QList<Part>& parts);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<Part> m_parts;
};

/// Puts widgets in rows and wraps them.
class FlowLayout : public QLayout {
public:
    explicit FlowLayout(int spacing, QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override { m_items.push_back(item); }
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    int arrange(const QRect& rect, bool isTrial) const;
    QList<QLayoutItem*> m_items;
};

/// Removes and deletes everything in a layout.
void clearLayout(QLayout& layout);

}  // namespace preflab
