// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people write them ("5e-6"), and a slider beside an exact field.
#pragma once

#include <QLineEdit>
#include <QSlider>

#include <optional>

namespace preflab {

/// A number in a text field. What cannot be read stays as it is typed and is marked; the owner decides what is in range.
class NumberField : public QLineEdit {
    Q_OBJECT

public:
    explicit NumberField(QWidget* parent = nullptr);

    /// Shows a value the shortest way that reads back the same ("0.1", "5e-06" as "5e-6").
    void setValue(double value);
    /// The value, if the text is a number.
    std::optional<double> value() const;
    void setInvalid(bool isInvalid);
    /// The shortest text of a number: plain from 0.001 to 1e6, scientific beyond.
    static QString textOf(double value);
    /// 72 wide, unless its owner fixes another width.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    /// On Enter and when the field is left, with the text as typed.
    void committed(const QString& text);
    /// While typing.
    void edited(const QString& text);
};

/// A slider over a range, linear or logarithmic, with labelled ticks below.
class ScaledSlider : public QSlider {
    Q_OBJECT

public:
    explicit ScaledSlider(QWidget* parent = nullptr);

    enum class Scale { Linear, Logarithmic };
    void setScale(double lowest, double highest, Scale scale);
    void setTicks(const QList<double>& ticks);
    void setNumber(double value);
    double number() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// Moved by the user, by mouse or keys.
    void numberChanged(double value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    double shareOf(double value) const;
    qreal xOf(double share) const;
    void setByMouse(qreal x);

    double m_lowest = 0.0, m_highest = 1.0;
    Scale m_scale = Scale::Linear;
    QList<double> m_ticks;
};

}  // namespace preflab
