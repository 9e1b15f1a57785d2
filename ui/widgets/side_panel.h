// SPDX-License-Identifier: GPL-3.0-or-later
// A panel beside the content of a page, or over it where the page is narrow.
#pragma once

#include <QObject>

class QHBoxLayout;
class QWidget;

namespace preflab {

class Button;

/// Section 6 of the design: in windows below 1100 pixels a side panel becomes an overlay of the same width, which a button
/// opens and Esc closes. In wider ones it stands in its row, and the button is not there. Belongs to its page.
class SidePanel : public QObject {
    Q_OBJECT

public:
    /// `panel` stands last in `row`, a layout of `page`; as an overlay it covers the right of `area`. The button is
    /// placed by the caller, where the overlay does not cover it.
    SidePanel(QWidget& page, QHBoxLayout& row, QWidget& area, QWidget& panel, Button& button);

    bool isOverlay() const { return m_isOverlay; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choosePlace();
    void placeOverlay();
    void showOverlay(bool isOpen);

    QWidget& m_page;
    QHBoxLayout& m_row;
    QWidget& m_area;
    QWidget& m_panel;
    Button& m_button;
    bool m_isOverlay = false;
};

}  // namespace preflab
