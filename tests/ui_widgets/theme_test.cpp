// SPDX-License-Identifier: GPL-3.0-or-later
// The theme: every colour as designed, every pair of text and ground readable, every placeholder and icon there, and a
// change while the program runs reaches all widgets.
#include "support/grab.h"
#include "support/ui_test_main.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_sheet.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QVBoxLayout>

#include <cmath>

using namespace preflab;

namespace {

double linear(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

/// Relative luminance as WCAG 2 defines it.
double luminance(const QColor& color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a) + 0.05, second = luminance(b) + 0.05;
    return first > second ? first / second : second / first;
}

/// One pair of the design's table of contrasts.
struct Pair {
    QString ink, ground;
    double light, dark, least;
};

const QStringList kGrounds{QStringLiteral("bg.rail"),    QStringLiteral("bg.page"),    QStringLiteral("bg.panel"),
                           QStringLiteral("bg.raised"),  QStringLiteral("bg.inset"),   QStringLiteral("bg.hover"),
                           QStringLiteral("bg.pressed"), QStringLiteral("bg.selected")};

/// A row of the table: an ink on all grounds, "light/dark" for each; "-" where the pair is not used.
QList<Pair> tableRow(const char* ink, const char* figures)
{
    QList<Pair> pairs;
    const QStringList cells = QString::fromLatin1(figures).split(QLatin1Char(' '));
    for (qsizetype i = 0; i < cells.size(); ++i) {
        const QStringList both = cells[i].split(QLatin1Char('/'));
        if (both.size() == 2)
            pairs.push_back({QString::fromLatin1(ink), kGrounds[i], both[0].toDouble(), both[1].toDouble(), 4.5});
    }
    return pairs;
}

Pair pairOf(const char* ink, const char* ground, double light, double dark, double least = 4.5)
{
    return {QString::fromLatin1(ink), QString::fromLatin1(ground), light, dark, least};
}

QList<Pair> designedPairs()
{
    QList<Pair> pairs;
    pairs += tableRow("text.primary", "14.1/15.4 15.6/14.6 16.9/13.4 16.9/12.0 15.0/15.2 14.4/11.1 13.1/9.4 13.8/10.6");
    pairs += tableRow("text.secondary", "6.7/9.5 7.4/9.0 8.0/8.3 8.0/7.4 7.1/9.4 6.8/6.8 6.2/5.8 6.5/6.5");
    pairs += tableRow("text.muted", "4.8/7.0 5.3/6.7 5.8/6.1 5.8/5.5 5.2/6.9 4.9/5.0 - 4.7/4.8");
    pairs += tableRow("accent", "5.5/8.0 6.0/7.5 6.5/6.9 6.5/6.2 5.8/7.8 5.6/5.7 5.1/4.9 5.3/5.5");
    pairs += tableRow("chosen", "5.1/9.2 5.6/8.7 6.1/8.0 6.1/7.2 5.4/9.1 5.2/6.6 4.7/5.6 4.9/6.3");
    pairs += tableRow("rejected", "5.1/8.6 5.6/8.1 6.0/7.4 6.0/6.7 5.4/8.4 5.2/6.1 4.7/5.2 4.9/5.9");
    pairs += tableRow("ok", "5.1/9.5 5.6/9.0 6.1/8.3 6.1/7.4 5.4/9.4 5.2/6.8 4.7/5.8 5.0/6.5");
    pairs += tableRow("warning", "5.6/11.0 6.2/10.4 6.7/9.6 6.7/8.5 6.0/10.8 5.7/7.9 5.2/6.7 5.5/7.5");
    pairs += tableRow("danger", "5.7/8.3 6.3/7.9 6.8/7.2 6.8/6.5 6.1/8.2 5.8/5.9 5.3/5.1 5.5/5.7");
    pairs += {pairOf("chosen", "chosen.bg", 5.3, 6.6), pairOf("rejected", "rejected.bg", 5.2, 6.6),
              pairOf("ok", "ok.bg", 5.3, 7.1), pairOf("warning", "warning.bg", 6.1, 8.2),
              pairOf("danger", "danger.bg", 5.7, 6.8)};
    pairs += {pairOf("text.primary", "chosen.bg", 14.7, 11.1),   pairOf("text.primary", "chosen.mark", 12.6, 7.6),
              pairOf("text.primary", "rejected.bg", 14.5, 12.0), pairOf("text.primary", "rejected.mark", 12.0, 8.8),
              pairOf("text.primary", "ok.bg", 14.7, 11.4),       pairOf("text.primary", "warning.bg", 15.2, 11.5),
              pairOf("text.primary", "danger.bg", 14.2, 12.6),   pairOf("text.secondary", "warning.bg", 7.2, 7.1)};
    pairs += {pairOf("accent.onFill", "accent.fill", 6.5, 5.2), pairOf("accent.onFill", "accent.fillHover", 7.9, 5.9),
              pairOf("accent.onFill", "danger.fill", 6.8, 5.7)};
    pairs += {pairOf("border.control", "bg.panel", 3.4, 3.5, 3.0), pairOf("border.control", "bg.page", 3.1, 3.8, 3.0),
              pairOf("focus", "bg.panel", 6.5, 6.9, 3.0), pairOf("focus", "bg.page", 6.0, 7.5, 3.0)};
    return pairs;
}

/// Counts what a widget is told.
class Witness : public QWidget {
public:
    int paletteChanges = 0;

protected:
    void changeEvent(QEvent* event) override
    {
        if (event->type() == QEvent::PaletteChange) ++paletteChanges;
        QWidget::changeEvent(event);
    }
};

}  // namespace

class ThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { test::wear(ThemeKind::Light); }

    void pairsOfTheDesignCanBeRead()
    {
        const Theme light = makeTheme(ThemeKind::Light), dark = makeTheme(ThemeKind::Dark);
        const QList<Pair> pairs = designedPairs();
        QCOMPARE(pairs.size(), 9 * 8 - 1 + 5 + 8 + 3 + 4);
        for (const Pair& pair : pairs) {
            const double onLight = contrast(light.color(pair.ink), light.color(pair.ground));
            const double onDark = contrast(dark.color(pair.ink), dark.color(pair.ground));
            const QString said =
                QStringLiteral("%1 on %2: %3 / %4").arg(pair.ink, pair.ground).arg(onLight).arg(onDark);
            QVERIFY2(onLight >= pair.least && onDark >= pair.least, qPrintable(said));
            QVERIFY2(std::abs(onLight - pair.light) < 0.06 && std::abs(onDark - pair.dark) < 0.06, qPrintable(said));
        }
    }

    void seriesStandOutFromTheirPanel()
    {
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            const Theme theme = makeTheme(kind);
            for (const QColor& series : theme.series) QVERIFY(contrast(series, theme.bgPanel) >= 3.2);
            for (const QColor& stop : theme.heat) QVERIFY(contrast(theme.textPrimary, stop) >= 4.5);
        }
    }

    void coloursAreTheDesigns()
    {
        QFile file(QStringLiteral(PREFLAB_TEST_SHARED "/design/tokens.json"));
        if (!file.open(QIODevice::ReadOnly)) QSKIP("the design's tokens.json is not beside the project");
        const QJsonObject tokens = QJsonDocument::fromJson(file.readAll()).object();
        for (const auto& [kind, name] : {std::pair(ThemeKind::Light, "light"), std::pair(ThemeKind::Dark, "dark")}) {
            const Theme theme = makeTheme(kind);
            const QJsonObject colours = tokens[QLatin1String(name)].toObject();
            QCOMPARE(colorTokens(theme).size(), colours.size());
            for (const auto& [token, colour] : colorTokens(theme)) {
                QCOMPARE(colour, theme.color(token));
                QCOMPARE(colour.name(), colours[token].toString().toLower());
            }
            for (std::size_t i = 0; i < theme.dash.size(); ++i) {
                QList<qreal> pixels;
                const QJsonArray wanted =
                    tokens[QLatin1String("dash")].toObject()[QStringLiteral("series.%1").arg(i + 1)].toArray();
                for (const QJsonValue& value : wanted) pixels.push_back(value.toDouble());
                QCOMPARE(theme.dash[i], pixels);
            }
        }
    }

    void unknownTokensHaveNoColour()
    {
        const Theme theme = makeTheme(ThemeKind::Dark);
        for (const char* token : {"", "bg", "series.0", "series.9", "series.x", "heat.5", "heat.", "heat.x"})
            QVERIFY2(!theme.color(QString::fromLatin1(token)).isValid(), token);
    }

    void everyPlaceholderIsFilled()
    {
        static const QRegularExpression left(QStringLiteral("@[^@\\s]*@?"));
        for (const qreal scale : {0.8, 1.0, 1.5, 2.0}) {
            for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
                const QString sheet = styleSheetOf(makeTheme(kind, scale));
                QVERIFY(sheet.size() > 1000);
                const QRegularExpressionMatch match = left.match(sheet);
                QVERIFY2(!match.hasMatch(), qPrintable(match.captured()));
            }
        }
        const Theme big = makeTheme(ThemeKind::Light, 1.5);
        QCOMPARE(filledTemplate(QStringLiteral("@px(32)@ @px(9)-1@ @bg.panel@ @nothing@ @px(x)@ @font(loud)@"), big),
                 QStringLiteral("48px 13px #ffffff @nothing@ @px(x)@ @font(loud)@"));
    }

    void everyIconIsDrawnInTheColourAskedFor()
    {
        const QStringList names = iconNames();
        QCOMPARE(names.size(), 62);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark}) {
            const QColor ink = makeTheme(kind).danger;
            for (const QString& name : names) {
                const QImage image = iconPixmap(name, 20, ink, 2.0).toImage();
                QCOMPARE(image.size(), QSize(40, 40));
                int drawn = 0;
                for (int y = 0; y < image.height(); ++y) {
                    for (int x = 0; x < image.width(); ++x) {
                        const QColor pixel = image.pixelColor(x, y);
                        if (pixel.alpha() < 250) continue;
                        ++drawn;
                        QVERIFY2(std::abs(pixel.red() - ink.red()) + std::abs(pixel.green() - ink.green()) < 8,
                                 qPrintable(name));
                    }
                }
                QVERIFY2(drawn > 4, qPrintable(name));
            }
        }
        QVERIFY(iconPixmap(QStringLiteral("no-such-icon"), 20, Qt::red, 1.0).isNull());
    }

    void aThemeChangeRepaintsWhatIsShown()
    {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* start = new Button(QStringLiteral("Start"), Button::Kind::Primary);
        auto* badge = new Badge(QStringLiteral("length"), QStringLiteral("warning"));
        QLabel* label = makeLabel(QStringLiteral("Text"), "title");
        auto* witness = new Witness;
        for (QWidget* widget : {static_cast<QWidget*>(start), static_cast<QWidget*>(badge),
                                static_cast<QWidget*>(label), static_cast<QWidget*>(witness)})
            layout->addWidget(widget);
        for (const ThemeKind kind : {ThemeKind::Light, ThemeKind::Dark, ThemeKind::Light}) {
            test::wear(kind);
            const Theme theme = makeTheme(kind);
            const QImage image = test::grabbed(window);
            QCOMPARE(image.pixelColor(1, 1), theme.bgPage);
            QCOMPARE(image.pixelColor(start->geometry().topLeft() + QPoint(8, 4)), theme.accentFill);
            QCOMPARE(image.pixelColor(badge->geometry().topLeft() + QPoint(3, badge->height() / 2)), theme.warningBg);
            QCOMPARE(label->palette().color(QPalette::WindowText), theme.textPrimary);
            QCOMPARE(QApplication::palette().color(QPalette::Highlight), theme.bgSelected);
        }
        QVERIFY(witness->paletteChanges >= 2);
    }

    void textSizeChangesFontsAndKeptMetrics()
    {
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto* label = new QLabel(QStringLiteral("Text"));
        auto* kept = new QWidget;
        keepMetrics(*kept, [kept] { kept->setFixedHeight(currentTheme().px(40)); });
        auto* button = new Button(QStringLiteral("Export"));
        for (QWidget* widget : {static_cast<QWidget*>(label), kept, static_cast<QWidget*>(button)})
            layout->addWidget(widget);
        window.show();
        QCOMPARE(kept->height(), 40);
        const int width = button->width();
        for (const qreal scale : {1.5, 2.0, 1.0}) {
            test::wear(ThemeKind::Light, scale);
            test::grabbed(window);
            QCOMPARE(kept->height(), qRound(40 * scale));
            QCOMPARE(button->height(), qRound(32 * scale));
            QCOMPARE(label->font().pixelSize(), qRound(13 * scale));
        }
        QCOMPARE(button->width(), width);
        QCOMPARE(makeTheme(ThemeKind::Light, 9.0).scale, 2.0);
        QCOMPARE(makeTheme(ThemeKind::Light, 0.1).scale, 0.8);
    }

    void aChoiceOfTheUserIsNotTheDesktops()
    {
        test::wear(ThemeKind::Dark);
        QCOMPARE(resolvedKind(ThemeChoice::Light), ThemeKind::Light);
        QCOMPARE(resolvedKind(ThemeChoice::Dark), ThemeKind::Dark);
        // The desktop of tests is light, whatever we wear ourselves.
        QCOMPARE(resolvedKind(ThemeChoice::System), ThemeKind::Light);
    }
};

PREFLAB_UI_TEST_MAIN(ThemeTest)
#include "theme_test.moc"
