// SPDX-License-Identifier: GPL-3.0-or-later
// Cards drawn like radio buttons, with the engine's own curves in them.
#include "ui/pages/train/method_cards.h"

#include "ui/theme/focus_ring.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/paint.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QShortcut>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr int kPoints = 61;
// Margins that are drawn, in units of 1 / strength: where a logistic loss bends.
constexpr double kReach = 6.0;

/// The loss of a method at its default strength; empty for methods without pairs.
std::vector<double> curveOf(const Backend& backend, const ComponentDescription& method)
{
    const auto strength =
        std::find_if(method.params.begin(), method.params.end(), [](const ParamSpec& spec) { return spec.isLogScale; });
    if (strength == method.params.end()) return {};
    const double reach = method.needsReference ? kReach / std::get<double>(strength->defaultValue) : kReach;
    std::vector<double> margins;
    for (int i = 0; i < kPoints; ++i) margins.push_back(reach * (2.0 * i / (kPoints - 1) - 1.0));
    const auto losses = backend.curve(method.id, defaultsOf(method.params), margins);
    return losses ? *losses : std::vector<double>();
}

}  // namespace

MethodCard::MethodCard(const MethodChoice& choice, int number, QWidget* parent)
    : QAbstractButton(parent), m_number(number), m_startsTogether(choice.needsReference())
{
    setText(choice.isMatched() ? choice.title : QString::fromStdString(choice.methods.front().title));
    setCheckable(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    if (choice.isMatched()) {
        m_help = tr("All of them as a fair comparison: same pairs, same order, same seed, one run after the other.");
        m_points << tr("Compare tells which did better on what") << tr("Takes the time of all runs");
    } else {
        m_help = paramText(choice.methods.front().help);
        if (choice.needsReference())
            m_points << tr("Stays near the base model") << tr("Base scores are computed once");
        else if (choice.needsPairs)
            m_points << tr("No reference model") << tr("Good from a plain base model");
        else
            m_points << tr("Needs no rejected answers");
    }
    setAccessibleName(text());
    setAccessibleDescription(m_help);
}

void MethodCard::setCurves(std::vector<std::vector<double>> curves, std::size_t firstSeries)
{
    m_curves = std::move(curves);
    m_firstSeries = firstSeries;
    update();
}

QSize MethodCard::sizeHint() const
{
    const Theme& theme = currentTheme();
    return {theme.px(220), theme.px(276)};
}

void MethodCard::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setPen(QPen(isChecked() ? theme.accent : theme.borderSubtle, isChecked() ? 2 : 1));
    painter.setBrush(theme.bgPanel);
    painter.drawRoundedRect(frame, 8, 8);
    if (hasFocus()) drawFocusRing(painter, frame.adjusted(3, 3, -3, -3), 6);
    const int pad = theme.px(14);
    const QRect inner = rect().adjusted(pad, theme.px(12), -pad, -theme.px(12));
    const QRectF ring(inner.left() + 1, inner.top() + theme.px(3), theme.px(15), theme.px(15));
    painter.setPen(QPen(isChecked() ? theme.accentFill : theme.borderControl, isChecked() ? 5 : 1));
    painter.setBrush(theme.bgPanel);
    painter.drawEllipse(isChecked() ? ring.adjusted(2, 2, -2, -2) : ring);
    const QRect titleRow(inner.left(), inner.top(), inner.width(), theme.px(22));
    const QString key = QString::number(m_number);
    const int keyWidth = keyCapWidth(key);
    drawKeyCap(painter, QRect(titleRow.right() - keyWidth, titleRow.top(), keyWidth, titleRow.height()), key);
    painter.setPen(theme.textPrimary);
    painter.setFont(theme.heading);
    const QRect titleRect = titleRow.adjusted(theme.px(24), 0, -keyWidth - theme.px(6), 0);
    painter.drawText(titleRect, Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(theme.heading).elidedText(text(), Qt::ElideRight, titleRect.width()));
    const QRect drawing(inner.left(), titleRow.bottom() + theme.px(8), inner.width(), theme.px(100));
    paintDrawing(painter, drawing);
    painter.setFont(theme.small);
    painter.setPen(theme.textPrimary);
    QRect below(inner.left(), drawing.bottom() + theme.px(10), inner.width(), inner.bottom() - drawing.bottom());
    QRect used;
    painter.drawText(below, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_help, &used);
    below.setTop(used.bottom() + theme.px(6));
    paintPoints(painter, below);
}

void MethodCard::paintPoints(QPainter& painter, QRect rect) const
{
    const Theme& theme = currentTheme();
    painter.setPen(theme.textSecondary);
    for (const QString& point : m_points) {
        preflab::icon(QStringLiteral("check"), QStringLiteral("text.secondary"))
            .paint(&painter, QRect(rect.left(), rect.top() + 1, theme.px(14), theme.px(14)));
        QRect used;
        painter.drawText(rect.adjusted(theme.px(20), 0, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, point,
                         &used);
        rect.setTop(std::max(used.bottom(), rect.top() + theme.px(16)) + theme.px(3));
    }
}

void MethodCard::paintDrawing(QPainter& painter, const QRect& rect) const
{
    const Theme& theme = currentTheme();
    painter.save();
    painter.setPen(QPen(theme.plotAxis, 1));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    if (!m_curves.empty()) {
        painter.setPen(QPen(theme.textMuted, 1, Qt::DashLine));
        painter.drawLine(rect.center().x(), rect.top(), rect.center().x(), rect.bottom());
        if (m_startsTogether) {
            painter.fillRect(QRect(rect.center().x() - theme.px(4), rect.top() + rect.height() * 2 / 5, theme.px(8),
                                   rect.height() * 3 / 5),
                             theme.borderStrong);
        }
    }
    painter.setClipRect(rect.adjusted(0, 0, 0, 2));
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const auto& curve = m_curves[i];
        const double highest = *std::max_element(curve.begin(), curve.end());
        QPainterPath path;
        for (std::size_t point = 0; point < curve.size(); ++point) {
            const double x =
                rect.left() + rect.width() * static_cast<double>(point) / static_cast<double>(curve.size() - 1);
            const QPointF at(x, rect.bottom() - 0.95 * rect.height() * curve[point] / highest);
            point == 0 ? path.moveTo(at) : path.lineTo(at);
        }
        const std::size_t series = (i + m_firstSeries) % theme.series.size();
        QPen pen(theme.series[series], 2);
        QList<qreal> dash = m_curves.size() > 1 ? theme.dash[series] : QList<qreal>();
        for (qreal& length : dash) length /= 2;
        if (!dash.isEmpty()) pen.setDashPattern(dash);
        painter.strokePath(path, pen);
    }
    painter.restore();
}

MethodCards::MethodCards(RunDraft& draft, const Backend& backend, QWidget* parent)
    : QWidget(parent), m_draft(draft), m_group(new QButtonGroup(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(currentTheme().px(12));
    int number = 0;
    for (const MethodChoice& choice : draft.choices()) {
        if (choice.methods.empty()) continue;
        auto* card = new MethodCard(choice, ++number);
        std::vector<std::vector<double>> curves;
        for (const ComponentDescription& method : choice.methods) {
            if (auto curve = curveOf(backend, method); !curve.empty()) curves.push_back(std::move(curve));
        }
        // Methods keep their colours from card to card; the matched pair has both.
        card->setCurves(std::move(curves), choice.isMatched() ? 0 : static_cast<std::size_t>(number - 1));
        card->setProperty("choice", choice.id);
        m_group->addButton(card);
        row->addWidget(card, 1);
        connect(card, &QAbstractButton::toggled, this, [this, id = choice.id](bool isOn) {
            if (isOn) m_draft.setChoice(id);
        });
        // Without text fields on this step a digit alone is safe; where there is one it belongs to it.
        auto* shortcut = new QShortcut(QKeySequence(QString::number(number)), this);
        connect(shortcut, &QShortcut::activated, card, [card] {
            card->setChecked(true);
            card->setFocus(Qt::ShortcutFocusReason);
        });
        connect(shortcut, &QShortcut::activatedAmbiguously, card, [card] { card->setChecked(true); });
    }
    connect(&draft, &RunDraft::choiceChanged, this, &MethodCards::takeChoice);
    takeChoice();
}

QWidget* MethodCards::current() const
{
    return m_group->checkedButton();
}

void MethodCards::takeChoice()
{
    for (QAbstractButton* card : m_group->buttons()) {
        if (card->property("choice").toString() == m_draft.choice().id) card->setChecked(true);
    }
}

}  // namespace preflab
