// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of what is read and looked at: notes, colours, marks, icons, states.
#include "ui/pages/components/component_cards.h"
#include "ui/pages/components/component_parts.h"
#include "ui/pages/components/components_page.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/toast.h"

#include <QGridLayout>
#include <QPainter>
#include <QTextDocument>

#include <optional>

namespace preflab {
namespace {

/// In the order of the design.
constexpr const char* kIcons[] = {
    "home",   "data",    "model",    "train",   "runs",      "compare", "annotate",  "insights", "journal",
    "arena",  "lessons", "settings", "search",  "filter",    "columns", "export",    "import",   "folder",
    "file",   "edit",    "swap",     "exclude", "duplicate", "undo",    "redo",      "play",     "pause",
    "stop",   "save",    "pin",      "tearoff", "zoomreset", "logaxis", "crosshair", "warn",     "info",
    "error",  "check",   "close",    "plus",    "right",     "left",    "down",      "up",       "more",
    "eyeoff", "eye",     "flag",     "tag",     "copy",      "clock",   "chip",      "keyboard", "help",
    "tokens", "heat",    "diff",     "sun",     "menu",      "spark",   "dice",      "send",
};

/// A series' line with its dash, and its number.
class SeriesSample : public QWidget {
public:
    explicit SeriesSample(int index) : m_index(static_cast<std::size_t>(index))
    {
        keepMetrics(*this, [this] { setMinimumHeight(currentTheme().px(14)); });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        QPen pen(theme.series[m_index], 2, Qt::SolidLine, Qt::FlatCap);
        QList<qreal> pattern;
        for (const qreal pixels : theme.dash[m_index]) pattern.push_back(pixels / 2);  // in units of the pen's width
        if (!pattern.isEmpty()) pen.setDashPattern(pattern);
        painter.setPen(pen);
        const int number = theme.px(14);
        painter.drawLine(0, height() / 2, width() - number, height() / 2);
        painter.setFont(theme.tiny);
        painter.setPen(theme.textSecondary);
        painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, QString::number(m_index + 1));
    }

private:
    std::size_t m_index;
};

/// The heat map's stops side by side.
class HeatStrip : public QWidget {
public:
    HeatStrip()
    {
        keepMetrics(*this, [this] { setFixedHeight(currentTheme().px(24)); });
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        painter.setFont(theme.tiny);
        painter.setPen(theme.textPrimary);
        const int stops = static_cast<int>(theme.heat.size());
        for (int i = 0; i < stops; ++i) {
            const QRect box(width() * i / stops, 0, width() * (i + 1) / stops - width() * i / stops, height());
            painter.fillRect(box, theme.heat[static_cast<std::size_t>(i)]);
            QString text = QString::number(i - stops / 2);
            text.replace(QLatin1Char('-'), QChar(0x2212));
            painter.drawText(box, Qt::AlignCenter, i > stops / 2 ? QString(QLatin1Char('+') + text) : text);
        }
    }
};

/// Equal start, words of one side only, a search hit.
PairText* makeMarkedText()
{
    using Kind = TextMark::Kind;
    const std::pair<QString, std::optional<Kind>> parts[] = {
        {ComponentsPage::tr("Same start, "), Kind::CommonPrefix},
        {ComponentsPage::tr("equal words, "), std::nullopt},
        {ComponentsPage::tr("only in chosen"), Kind::OnlyChosen},
        {QStringLiteral(", "), std::nullopt},
        {ComponentsPage::tr("only in rejected"), Kind::OnlyRejected},
        {QStringLiteral(", "), std::nullopt},
        {ComponentsPage::tr("search hit"), Kind::SearchHit},
    };
    std::string text;
    std::vector<TextMark> marks;
    for (const auto& [words, kind] : parts) {
        const std::size_t begin = text.size();
        text += words.toStdString();
        if (kind) marks.push_back({begin, text.size(), *kind});
    }
    auto* view = new PairText;
    view->setAccessibleName(ComponentsPage::tr("Marks of texts"));
    view->document()->setDocumentMargin(2);
    view->setText(text, std::move(marks));
    view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    keepMetrics(*view, [view] { view->setFixedHeight(currentTheme().px(50)); });
    return view;
}

/// Nothing on this page acts.
void doNothing() {}

}  // namespace

Card* makeSheetCard(const QString& title)
{
    const Theme& theme = currentTheme();
    auto* card = new Card;
    card->layout()->setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12));
    card->body().setSpacing(theme.px(10));
    QLabel* heading = makeLabel(title, "caption");
    heading->setMinimumHeight(theme.px(16));
    card->body().addWidget(heading);
    return card;
}

QHBoxLayout* makeRow(std::initializer_list<QWidget*> widgets)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(currentTheme().px(8));
    for (QWidget* widget : widgets) row->addWidget(widget);
    row->addStretch(1);
    return row;
}

QWidget* makeNotesCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Notes and toasts"));
    card->body().addWidget(new Note(
        QStringLiteral("warning"),
        ComponentsPage::tr("Rewards of DPO and ORPO are different quantities. Compare held-out measures instead.")));
    card->body().addWidget(
        new Note(QStringLiteral("danger"),
                 ComponentsPage::tr("Step 212: the loss is not a number. The run stopped; step 200 is saved.")));
    card->body().addWidget(new Toast(ComponentsPage::tr("3 pairs left out"), Toast::Kind::Done, Toast::kStays,
                                     ComponentsPage::tr("Undo"), doNothing));
    card->body().addStretch(1);
    return card;
}

QWidget* makeColoursCard()
{
    const Theme& theme = currentTheme();
    Card* card = makeSheetCard(ComponentsPage::tr("Colour: series 1 to 8, heat map −4 to +4"));
    auto* samples = new QGridLayout;
    samples->setHorizontalSpacing(theme.px(14));
    samples->setVerticalSpacing(theme.px(4));
    for (int i = 0; i < 8; ++i) samples->addWidget(new SeriesSample(i), i / 2, i % 2);
    card->body().addLayout(samples);
    card->body().addWidget(new HeatStrip);
    card->body().addWidget(makeMarkedText());
    card->body().addStretch(1);
    return card;
}

QWidget* makeIconsCard()
{
    constexpr int kColumns = 13;
    const Theme& theme = currentTheme();
    Card* card = makeSheetCard(ComponentsPage::tr("Icons, 20 px"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(theme.px(4));
    grid->setVerticalSpacing(theme.px(9));
    int place = 0;
    for (const char* icon : kIcons) {
        const QString name = QString::fromLatin1(icon);
        auto* picture = new IconLabel(name, QStringLiteral("text.secondary"));
        picture->setObjectName(name);
        picture->setToolTip(name);
        grid->addWidget(picture, place / kColumns, place % kColumns, Qt::AlignLeft);
        ++place;
    }
    for (int column = 0; column < kColumns; ++column) grid->setColumnStretch(column, 1);
    card->body().addLayout(grid);
    card->body().addStretch(1);
    return card;
}

QWidget* makeEmptyCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Empty"));
    auto* view = new StateView(new QWidget, card);
    card->body().addWidget(view, 1);
    view->showEmpty(QStringLiteral("filter"), ComponentsPage::tr("No pairs match"),
                    ComponentsPage::tr("“flagged” and “gap > 200” leave none of 2 354."),
                    {ComponentsPage::tr("Clear filters"), doNothing});
    return card;
}

QWidget* makeLoadingCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Loading"));
    auto* view = new StateView(new QWidget, card);
    card->body().addWidget(view, 1);
    view->showLoading(ComponentsPage::tr("Reading rows: 214 000 of 1 000 000"), doNothing);
    return card;
}

QWidget* makeErrorCard()
{
    Card* card = makeSheetCard(ComponentsPage::tr("Error"));
    auto* view = new StateView(new QWidget, card);
    card->body().addWidget(view, 1);
    view->showError(ComponentsPage::tr("This file cannot be read"),
                    ComponentsPage::tr("Row 1 204 is not complete JSON. The file may have been cut off while copying."),
                    QStringLiteral("data-invalid: pairs.jsonl, line 1204, byte 148211: unexpected end of string"),
                    {ComponentsPage::tr("Load the 1 203 rows before"), doNothing});
    return card;
}

}  // namespace preflab
