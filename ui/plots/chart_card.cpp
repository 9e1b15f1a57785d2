// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around a plot.
#include "ui/plots/chart_card.h"

#include "core/base/atomic_file.h"
#include "ui/models/app/background.h"
#include "ui/plots/plot_table_model.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/table_view.h"

#include <QFileDialog>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QtConcurrent>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace preflab {
namespace {

constexpr int kSample = 20, kGap = 6, kBetween = 12;  ///< design pixels

}  // namespace

ChartLegend::ChartLegend(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_OpaquePaintEvent);  // otherwise the card is painted below it, with its round corners
}

void ChartLegend::setEntries(const QList<LegendEntry>& entries)
{
    if (entries == m_entries) return;
    m_entries = entries;
    update();
}

QSize ChartLegend::sizeHint() const
{
    // It takes all the room there is, whatever it shows: other values must not lay the card out anew.
    return {currentTheme().px(40), currentTheme().px(20)};
}

void ChartLegend::paintEvent(QPaintEvent*)
{
    const Theme& theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.bgPanel);
    const QFontMetrics names(theme.small), values(theme.mono);
    std::vector<std::pair<int, int>> widths;  // of name and value
    int whole = 0, withoutValues = 0;
    for (const LegendEntry& entry : m_entries) {
        const auto& [name, value] =
            widths.emplace_back(names.horizontalAdvance(entry.name), values.horizontalAdvance(entry.value));
        withoutValues += theme.px(kSample + 2 * kGap + kBetween) + name;
        whole += theme.px(kSample + 2 * kGap + kBetween) + name + value;
    }
    const bool hasValues = whole <= width() + theme.px(kBetween),
               hasNames = withoutValues <= width() + theme.px(kBetween);
    int right = width();
    for (std::size_t i = widths.size(); i-- > 0 && right > theme.px(kSample);) {
        const LegendEntry& entry = m_entries[static_cast<qsizetype>(i)];
        if (hasValues) {
            const int wide = widths[i].second;
            painter.setFont(theme.mono);
            painter.setPen(theme.textPrimary);
            painter.drawText(QRect(right - wide, 0, wide, height()), Qt::AlignVCenter, entry.value);
            right -= wide + theme.px(kGap);
        }
        if (hasNames) {
            const int wide = widths[i].first;
            painter.setFont(theme.small);
            painter.setPen(theme.textSecondary);
            painter.drawText(QRect(right - wide, 0, wide, height()), Qt::AlignVCenter, entry.name);
            right -= wide + theme.px(kGap);
        }
        drawLineSample(painter, QRectF(right - theme.px(kSample), 0, theme.px(kSample), height()), entry.look, theme);
        right -= theme.px(kSample + kBetween);
    }
}

ChartCard::ChartCard(PlotArea* plot, QWidget* parent)
    : Card(plot->title(), parent), m_plot(plot), m_legend(new ChartLegend), m_follow(new Chip(tr("Follow"))),
      m_more(new Button(QString(), QStringLiteral("more"), Button::Kind::Bare)), m_stack(new QStackedWidget)
{
    m_follow->setToolTip(tr("Show the whole run again, and what comes (0)"));
    m_follow->hide();
    m_more->setDense();
    m_more->setAccessibleName(tr("More about the chart %1").arg(plot->title()));
    m_more->setToolTip(tr("Save, log axis, table"));
    addToTitle(m_legend, TitleRoom::AllThereIs);
    addToTitle(m_follow);
    addToTitle(m_more);
    m_stack->addWidget(plot);
    body().addWidget(m_stack, 1);
    connect(plot, &PlotArea::legendChanged, this, [this] { m_legend->setEntries(m_plot->legend()); });
    connect(plot, &PlotArea::followChanged, this, [this] { m_follow->setVisible(!m_plot->isFollowing()); });
    connect(m_follow, &Chip::clicked, plot, &PlotArea::follow);
    connect(m_more, &Button::clicked, this, [this] {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMenu(*menu);
        menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height())));
    });
}

void ChartCard::fillMenu(QMenu& menu)
{
    const bool isLog = m_plot->yScale() == PlotArea::YScale::Logarithmic;
    QAction* log = menu.addAction(tr("Logarithmic axis"), this, [this, isLog] {
        m_plot->setYScale(isLog ? PlotArea::YScale::Linear : PlotArea::YScale::Logarithmic);
    });
    log->setCheckable(true);
    log->setChecked(isLog);
    menu.addAction(tr("Show everything"), m_plot, &PlotArea::follow);
    if (m_stack->currentIndex() == 0)
        menu.addAction(tr("Show as table"), this, &ChartCard::showTable);
    else
        menu.addAction(tr("Show as curves"), this, &ChartCard::showPlot);
    menu.addSeparator();
    menu.addAction(tr("Save as PNG…"), this, [this] { askAndSave(ExportFormat::Png); });
    menu.addAction(tr("Save as SVG…"), this, [this] { askAndSave(ExportFormat::Svg); });
    menu.addAction(tr("Save as CSV…"), this, [this] { askAndSave(ExportFormat::Csv); });
}

void ChartCard::askAndSave(ExportFormat format)
{
    const QString suffix = exportSuffix(format);
    auto* dialog = new QFileDialog(this, tr("Save %1").arg(m_plot->title()));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix.mid(1));
    dialog->selectFile(m_plot->title() + suffix);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format](const QString& path) { save(format, std::filesystem::path(path.toStdString())); });
    dialog->open();
}

void ChartCard::save(ExportFormat format, const std::filesystem::path& path)
{
    whenDone(QtConcurrent::run([work = exportOf(*m_plot, format), path]() -> Result<> {
                 const QByteArray bytes = work();
                 return writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
             }),
             this, [this, path](const Result<>& result) {
                 if (result)
                     Q_EMIT saved(QString::fromStdString(path.string()));
                 else
                     Q_EMIT failed(result.error());
             });
}

void ChartCard::showTable()
{
    if (m_stack->count() > 1) return;
    auto* view = new TableView;
    view->setAccessibleName(tr("%1 as a table").arg(m_plot->title()));
    m_stack->addWidget(view);
    m_stack->setCurrentWidget(view);
    // A long run has hundreds of thousands of rows.
    whenDone(QtConcurrent::run([work = m_plot->tableWork()] { return std::make_shared<PlotTable>(work()); }), view,
             [view](const std::shared_ptr<PlotTable>& table) {
                 auto* model = new PlotTableModel(std::move(*table), view);
                 view->setModel(model);
                 for (int column = 0; column < model->columnCount(); ++column)
                     view->setCellKind(column, CellKind::Number);
             });
}

void ChartCard::showPlot()
{
    if (m_stack->count() < 2) return;
    QWidget* view = m_stack->widget(1);
    m_stack->removeWidget(view);
    view->deleteLater();
}

void ChartCard::setTone(const QString& tone)
{
    if (property("tone").toString() != tone) setLook(*this, "tone", tone);
}

}  // namespace preflab
