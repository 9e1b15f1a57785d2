// SPDX-License-Identifier: GPL-3.0-or-later
// What every page of the window is: a header with context, tabs and actions above its content.
#pragma once

#include "core/base/error.h"
#include "ui/models/app/destination.h"
#include "ui/widgets/page_header.h"

#include <QWidget>

#include <functional>

class QVBoxLayout;

namespace preflab {

/// Base of all pages. A page builds its content in its constructor from the models it is given, and never reaches
/// another page: to lead elsewhere it emits `wentTo`.
class Page : public QWidget {
    Q_OBJECT

public:
    Page(PageId id, const QString& title, QWidget* parent = nullptr);

    PageId id() const { return m_id; }
    PageHeader& header() { return *m_header; }

    /// Shows what the destination names; called when the page is entered by a link. The default picks the tab.
    virtual void arrive(const Destination& destination);
    /// A page fills the space that there is. If it asked for a height by its width, every change of a label anywhere in
    /// the window would break the lines of all texts of all pages again.
    bool hasHeightForWidth() const override { return false; }

Q_SIGNALS:
    void wentTo(const preflab::Destination& destination);
    /// A short message for the corner of the window; `undo` may be null.
    void toastWanted(const QString& text, const QString& actionText, std::function<void()> action);
    /// Something that the user asked for did not work; stays until it is closed. Nothing is shown of Cancelled.
    void failed(const preflab::Error& error);

protected:
    /// The widget below the header, which takes all the space; the page owns it.
    void setContent(QWidget* content);

private:
    PageId m_id;
    PageHeader* m_header;
    QVBoxLayout* m_layout;
};

}  // namespace preflab
