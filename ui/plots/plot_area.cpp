// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges, interaction and redrawing of plots.
#include "ui/plots/plot_area.h"

#include "ui/models/app/number_text.h"
#include "ui/plots/chart_scheduler.h"

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace preflab {
namespace {

constexpr double kWheelStep = 0.85;         ///< of the range, for each notch
constexpr int kMostDecimals = 9;            ///< of a tick's label
constexpr double kLeastRange = 1e-4;        ///< of the values, that a linear axis shows
constexpr qint64 kDescriptionEvery = 1000;  ///< milliseconds between accessible descriptions

/// Room above and below the curves.
QCPRange padded(const QCPRange& range, PlotArea::YScale scale)
{
    if (scale == PlotArea::YScale::Logarithmic) {
        const double lower = std::max(range.lower, 1e-12), upper = std::max(range.upper, lower * 1.1);
        return {lower / 1.1, upper * 1.1};
    }
    // Differences in the last digits of a float are no movement: a line of them is drawn flat.
    const double least = kLeastRange * std::max(std::abs(range.lower), std::abs(range.upper));
    const double size = range.size() > least ? range.size() : std::max(std::abs(range.center()) * 0.2, 0.1);
    return {range.center() - 0.56 * size, range.center() + 0.56 * size};
}

}  // namespace

PlotArea::PlotArea(const QString& title, QWidget* parent) : QCustomPlot(parent), m_title(title)
{
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setInteraction(QCP::iRangeDrag);
    setNoAntialiasingOnDrag(true);
    axisRect()->setRangeDrag(Qt::Horizontal);
    axisRect()->setMinimumMargins(QMargins(currentTheme().px(44), currentTheme().px(8), currentTheme().px(14), 0));
    xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new FigureTicker(FigureTicker::Kind::Figures)));
    yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new FigureTicker(FigureTicker::Kind::Figures)));
    yAxis2->setTicker(QSharedPointer<QCPAxisTicker>(new FigureTicker(FigureTicker::Kind::Figures)));
    connect(this, &QCustomPlot::beforeReplot, this, [this] {
        // Between whole pixels the kept pictures of labels would be drawn blurred.
        setPlottingHint(QCP::phCacheLabels, devicePixelRatioF() == std::floor(devicePixelRatioF()));
        if (!m_isPreparing) prepare();
    });
    selectionRect()->setPen(QPen(currentTheme().accent, 1.0));
    connect(selectionRect(), &QCPSelectionRect::accepted, this, [this] {
        noteMoved(m_isXMoved);
        noteMoved(m_isYMoved);
    });
}

void PlotArea::setScheduler(ChartScheduler* scheduler)
{
    m_scheduler = scheduler;
    scheduler->wake();
}

void PlotArea::invalidate()
{
    m_isOutOfDate = true;
    if (m_scheduler != nullptr)
        m_scheduler->wake();
    else if (isSeen())
        replot(QCustomPlot::rpQueuedReplot);
}

void PlotArea::refresh()
{
    m_isOutOfDate = true;
    if (m_scheduler != nullptr)
        m_scheduler->wakeNow();
    else if (isSeen())
        replot(QCustomPlot::rpQueuedReplot);
}

bool PlotArea::isSeen() const
{
    return isVisible() && !visibleRegion().isEmpty();
}

void PlotArea::redraw()
{
    // At once, because this is the turn that the scheduler has given to this chart.
    replot(QCustomPlot::rpQueuedRefresh);
}

void PlotArea::prepare()
{
    m_isPreparing = true;
    const QCPRange before = xAxis->range();
    if (!m_isXMoved) {
        QCPRange whole = wholeX();
        if (!(whole.size() > 0.0)) whole.upper = whole.lower + 1.0;
        if (whole != before) xAxis->setRange(whole);
    }
    takeData(xAxis->range());
    if (!m_isYMoved) {
        const QCPRange whole = wholeY(xAxis->range());
        // A value has come that has no logarithm.
        if (m_yScale == YScale::Logarithmic && !(whole.lower > 0.0)) useYScale(YScale::Linear, whole);
        if (QCPRange::validRange(whole.lower, whole.upper) || whole.size() == 0.0)
            yAxis->setRange(padded(whole, m_yScale));
    }
    m_isOutOfDate = false;
    m_isPreparing = false;
    updateDescription();
    Q_EMIT legendChanged();
}

void PlotArea::updateDescription()
{
    if (m_sinceDescription.isValid() && m_sinceDescription.elapsed() < kDescriptionEvery) return;
    m_sinceDescription.start();
    setAccessibleDescription(summary());
}

void PlotArea::noteMoved(bool& flag)
{
    const bool wasFollowing = isFollowing();
    flag = true;
    if (wasFollowing) Q_EMIT followChanged();
}

void PlotArea::follow()
{
    const bool wasFollowing = isFollowing();
    m_isXMoved = false;
    m_isYMoved = false;
    refresh();
    if (!wasFollowing) Q_EMIT followChanged();
}

void PlotArea::zoomTo(double from, double to)
{
    noteMoved(m_isXMoved);
    xAxis->setRange(from, to);
    refresh();
}

void PlotArea::setYScale(YScale scale)
{
    const QCPRange whole = wholeY(xAxis->range());
    // What is not above 0 has no logarithm.
    useYScale(whole.lower > 0.0 ? scale : YScale::Linear, whole);
    refresh();
}

void PlotArea::useYScale(YScale scale, const QCPRange& whole)
{
    m_yScale = scale;
    const bool isLog = m_yScale == YScale::Logarithmic;
    yAxis->setScaleType(isLog ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    if (m_linearTicker == nullptr) m_linearTicker = yAxis->ticker();
    const bool hasDecades = isLog && whole.upper / whole.lower > 20.0;
    yAxis->setTicker(hasDecades ? QSharedPointer<QCPAxisTicker>(new QCPAxisTickerLog) : m_linearTicker);
    yAxis->setNumberFormat(hasDecades ? QStringLiteral("g") : QStringLiteral("gb"));
}

void PlotArea::applyStyle(const PlotStyle& style)
{
    style.applyTo(*this, style.theme().bgPanel);
}

void PlotArea::changeEvent(QEvent* event)
{
    QCustomPlot::changeEvent(event);
    // A text size of the user's changes fonts and no colour.
    const bool isLook = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange ||
                        event->type() == QEvent::StyleChange;
    if (!isLook) return;
    applyStyle(PlotStyle(currentTheme()));
    refresh();
}

void PlotArea::paintEvent(QPaintEvent* event)
{
    QCustomPlot::paintEvent(event);
    if (hasFocus()) {
        QPainter painter(this);
        painter.setPen(QPen(currentTheme().focus, 1.0));
        painter.drawRect(axisRect()->rect().adjusted(-1, -1, 1, 1));
    }
    if (m_isOutOfDate && m_scheduler != nullptr) m_scheduler->wake();
}

void PlotArea::wheelEvent(QWheelEvent* event)
{
    const double notches = event->angleDelta().y() / 120.0;
    const double factor = std::pow(kWheelStep, notches);
    if ((event->modifiers() & Qt::ControlModifier) != 0) {
        yAxis->scaleRange(factor, yAxis->pixelToCoord(event->position().y()));
        noteMoved(m_isYMoved);
    } else {
        xAxis->scaleRange(factor, xAxis->pixelToCoord(event->position().x()));
        noteMoved(m_isXMoved);
    }
    replot(QCustomPlot::rpQueuedReplot);
    event->accept();
}

void PlotArea::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->pos();
    const bool isBoxing = (event->modifiers() & Qt::ShiftModifier) != 0;
    setSelectionRectMode(isBoxing ? QCP::srmZoom : QCP::srmNone);
    axisRect()->setRangeDrag(m_isYMoved ? Qt::Horizontal | Qt::Vertical : Qt::Orientations(Qt::Horizontal));
    QCustomPlot::mousePressEvent(event);
}

void PlotArea::mouseMoveEvent(QMouseEvent* event)
{
    const bool isDragging = (event->buttons() & Qt::LeftButton) != 0 && selectionRectMode() == QCP::srmNone;
    if (isDragging && (event->pos() - m_pressed).manhattanLength() > 3) noteMoved(m_isXMoved);
    QCustomPlot::mouseMoveEvent(event);
}

void PlotArea::mouseDoubleClickEvent(QMouseEvent* event)
{
    follow();
    event->accept();
}

void PlotArea::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_0) return follow();
    if (event->key() == Qt::Key_L) return setYScale(m_yScale == YScale::Linear ? YScale::Logarithmic : YScale::Linear);
    QCustomPlot::keyPressEvent(event);
}

QSize PlotArea::minimumSizeHint() const
{
    return {currentTheme().px(240), currentTheme().px(150)};
}

QSize PlotArea::sizeHint() const
{
    return {currentTheme().px(430), currentTheme().px(240)};
}

void PlotArea::drawTo(QCPPainter& painter, const QSize& size, const Theme& theme, const QColor& background)
{
    const PlotStyle style(theme);
    applyStyle(style);
    setBackground(QBrush(background));
    const int top = 40;
    painter.fillRect(QRect({0, 0}, size), background);
    painter.setPen(theme.textPrimary);
    painter.setFont(theme.strong);
    painter.drawText(QRect(16, 8, size.width(), 24), Qt::AlignVCenter, m_title);
    painter.setFont(theme.small);
    int right = size.width() - 16;
    const QList<LegendEntry> entries = legend();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        const int width = QFontMetrics(theme.small).horizontalAdvance(entry->name);
        painter.setPen(theme.textSecondary);
        painter.drawText(QRect(right - width, 8, width, 24), Qt::AlignVCenter, entry->name);
        drawLineSample(painter, QRectF(right - width - 26, 8, 20, 24), entry->look, theme);
        right -= width + 42;
    }
    painter.translate(0, top);
    toPainter(&painter, size.width(), size.height() - top);
    applyStyle(PlotStyle(currentTheme()));
    invalidate();
}

FigureTicker::FigureTicker(Kind kind) : m_kind(kind)
{
    setTickCount(5);
    setTickStepStrategy(QCPAxisTicker::tssReadability);
}

QVector<QString> FigureTicker::createLabelVector(const QVector<double>& ticks, const QLocale& locale, QChar formatChar,
                                                 int precision)
{
    // As many decimals as the step between ticks needs.
    const double scale = m_kind == Kind::Percent ? 100.0 : 1.0;
    const double step = ticks.size() > 1 ? scale * std::abs(ticks[1] - ticks[0]) : 1.0;
    m_decimals = 0;
    const auto isWhole = [](double rest) { return rest >= 0.5 && std::abs(rest - std::round(rest)) <= 1e-6 * rest; };
    for (double rest = step; m_decimals < kMostDecimals && rest > 0.0 && !isWhole(rest); ++m_decimals) rest *= 10.0;
    return QCPAxisTicker::createLabelVector(ticks, locale, formatChar, precision);
}

QString FigureTicker::getTickLabel(double tick, const QLocale&, QChar, int)
{
    if (m_kind == Kind::Percent) return percentText(tick, m_decimals);
    const double size = std::abs(tick);
    if (size < 1e-12 && m_decimals > 3) return QStringLiteral("0");
    if (size != 0.0 && (size < 1e-3 || size >= 1e6)) return figureText(tick, 2);
    const double exact = size < 1e-12 ? 0.0 : tick;
    QLocale locale;
    QString text = locale.toString(exact, 'f', m_decimals);
    return text.replace(QLatin1Char('-'), QChar(0x2212));
}

}  // namespace preflab
