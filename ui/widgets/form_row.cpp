// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and states of a form's row.
#include "ui/widgets/form_row.h"

#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QShortcut>
#include <QVBoxLayout>

namespace preflab {
namespace {

/// The accent dot of a value that is not the default.
class ChangedDot : public QWidget {
public:
    ChangedDot()
    {
        keepMetrics(*this, [this] { setFixedWidth(currentTheme().px(14)); });
        setToolTip(FormRow::tr("Differs from the default; Ctrl+Backspace resets it"));
    }
    void setOn(bool isOn)
    {
        m_isOn = isOn;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        if (!m_isOn) return;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(currentTheme().accent);
        const qreal size = currentTheme().px(7);
        painter.drawEllipse(QRectF(4, (height() - size) / 2, size, size));
    }

private:
    bool m_isOn = false;
};

}  // namespace

FormRow::FormRow(const QString& label, QWidget* editor, const QString& help, QWidget* parent)
    : QWidget(parent), m_editor(editor), m_label(makeLabel(label)), m_dot(new ChangedDot),
      m_help(makeLabel(help, "small", "muted")), m_errorLine(new QWidget), m_error(makeLabel({}, "small", "danger")),
      m_line(new QHBoxLayout)
{
    const Theme& theme = currentTheme();
    m_label->setBuddy(editor);
    keepMetrics(*m_label, [this] {
        m_label->setMinimumHeight(currentTheme().px(32));
        m_label->setFixedWidth(currentTheme().px(118));
    });
    m_label->setWordWrap(true);
    if (editor->accessibleName().isEmpty()) editor->setAccessibleName(label);
    editor->setAccessibleDescription(help);
    if (editor->toolTip().isEmpty()) editor->setToolTip(help);
    m_help->setWordWrap(true);
    if (help.isEmpty()) m_help->hide();  // not setVisible: it has no parent yet, and would be a window
    auto* errorLayout = new QHBoxLayout(m_errorLine);
    errorLayout->setContentsMargins(0, 0, 0, 0);
    errorLayout->addWidget(new IconLabel(QStringLiteral("error"), QStringLiteral("danger"), 16), 0, Qt::AlignTop);
    m_error->setWordWrap(true);
    errorLayout->addWidget(m_error, 1);
    m_errorLine->hide();
    m_line->setSpacing(theme.px(8));
    const bool isFixed = editor->sizePolicy().horizontalPolicy() == QSizePolicy::Fixed;
    m_line->addWidget(editor, isFixed ? 0 : 1, isFixed ? Qt::AlignLeft : Qt::Alignment());
    auto* column = new QVBoxLayout;
    column->setSpacing(theme.px(3));
    column->addLayout(m_line);
    column->addWidget(m_errorLine);
    column->addWidget(m_help);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_label, 0, Qt::AlignTop);
    row->addWidget(m_dot);
    row->addLayout(column, 1);
    auto* reset = new QShortcut(QKeySequence(QStringLiteral("Ctrl+Backspace")), this);
    reset->setContext(Qt::WidgetWithChildrenShortcut);
    connect(reset, &QShortcut::activated, this, &FormRow::resetWanted);
}

void FormRow::addBeside(QWidget* widget, int stretch)
{
    if (widget->accessibleName().isEmpty()) widget->setAccessibleName(m_label->text());
    if (qobject_cast<ScaledSlider*>(m_editor) == nullptr) {
        m_line->addWidget(widget, stretch);
        return;
    }
    // Level with the slider's track, above the labels of its ticks.
    setLook(*widget, "dense", true);
    keepMetrics(*widget, [widget] { widget->setMinimumHeight(currentTheme().px(28)); });
    m_line->addWidget(widget, stretch, Qt::AlignTop);
}

void FormRow::setHelp(const QString& help)
{
    m_help->setText(help);
    m_help->setVisible(!help.isEmpty());
    m_editor->setAccessibleDescription(help);
    m_editor->setToolTip(help);
}

void FormRow::setError(const QString& sentence)
{
    m_error->setText(sentence);
    m_errorLine->setVisible(!sentence.isEmpty());
    setLook(*m_editor, "tone", sentence.isEmpty() ? QVariant() : QVariant(QStringLiteral("danger")));
}

QString FormRow::error() const
{
    return m_error->text();
}

void FormRow::setChanged(bool isChanged)
{
    static_cast<ChangedDot*>(m_dot)->setOn(isChanged);
}

QString FormRow::label() const
{
    return m_label->text();
}

void FormRow::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Reset to the default"), this, &FormRow::resetWanted);
    menu.exec(event->globalPos());
}

QWidget* makeGroupHeading(const QString& text)
{
    auto* heading = new QWidget;
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, currentTheme().px(6), 0, 0);
    row->setSpacing(currentTheme().px(10));
    row->addWidget(makeLabel(text, "caption"));
    row->addWidget(makeLine(), 1);
    return heading;
}

}  // namespace preflab
