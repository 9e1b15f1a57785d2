// SPDX-License-Identifier: GPL-3.0-or-later
// One place on the x axis, pointed at in all charts of a page at once.
#pragma once

#include <QObject>

#include <optional>

namespace preflab {

/// Shared by the charts of a page; one of them is where the pointer or the keyboard is.
class Crosshair : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Shown or not, for all charts.
    enum class Mode { Shown, Hidden };
    void setMode(Mode mode);
    Mode mode() const { return m_mode; }

    /// Where it is, in the charts' x; nothing while it is nowhere.
    std::optional<double> x() const { return m_mode == Mode::Shown ? m_x : std::nullopt; }
    /// The chart that moved it last: the one with the readout.
    const QObject* source() const { return m_source; }
    void moveTo(double x, const QObject* source);
    void clear();

Q_SIGNALS:
    void changed();

private:
    Mode m_mode = Mode::Shown;
    std::optional<double> m_x;
    const QObject* m_source = nullptr;
};

}  // namespace preflab
