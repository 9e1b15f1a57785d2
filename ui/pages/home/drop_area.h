// SPDX-License-Identifier: GPL-3.0-or-later
// Where files may be dropped, and what a dragged one was recognised as.
#pragma once

#include <QString>
#include <QWidget>

#include <filesystem>

namespace preflab {

/// Only a picture of it: the whole window takes drops.
class DropArea : public QWidget {
    Q_OBJECT

public:
    explicit DropArea(QWidget* parent = nullptr);

    /// A file or folder is over the window; what it is is looked up off the UI thread.
    void showDrag(const std::filesystem::path& path);
    void endDrag();
    bool isDragShown() const { return m_isDragShown; }
    /// The sentence in the area.
    QString text() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void setSentence(const QString& text);
    QString recognised(const QString& kind, const QString& name) const;

    QString m_text;
    bool m_isDragShown = false;
    quint64 m_generation = 0;
};

}  // namespace preflab
