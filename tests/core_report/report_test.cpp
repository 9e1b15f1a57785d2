// SPDX-License-Identifier: GPL-3.0-or-later
// The report's page: what it says, that it escapes, and that its charts stay in their frames.
#include "core/report/report.h"
#include "core/report/report_chart.h"
#include "core/report/report_labels.h"
#include "core/report/report_text.h"
#include "support/made_up_runs.h"

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

#include <limits>

using namespace preflab;
using namespace preflab::test;

namespace {

QString pageOf(std::vector<ComparedRun> runs)
{
    ReportInput input;
    input.program = "PrefLab 0.1.0";
    input.created = "2026-03-02 14:20";
    input.heldOutMetrics = madeUpHeldOutMetrics();
    input.runs = std::move(runs);
    const auto page = renderReport(input);
    return page ? QString::fromStdString(*page) : QString();
}

/// The part of the page from `begin` to the next `end`.
QString part(const QString& page, const QString& begin, const QString& end)
{
    const auto at = page.indexOf(begin);
    return at < 0 ? QString() : page.mid(at, page.indexOf(end, at) - at);
}

ChartPoints line(int count, double slope)
{
    ChartPoints points;
    for (int i = 0; i < count; ++i) points.push_back({static_cast<double>(i), slope * i});
    return points;
}

}  // namespace

class ReportTest : public QObject {
    Q_OBJECT

private slots:
    void takesOneToEightRuns()
    {
        QCOMPARE(renderReport({}).error().code, ErrorCode::WrongUse);
        ReportInput many;
        many.runs.assign(kMostReportRuns + 1, madeUpRun("dpo", 10, 2));
        QCOMPARE(renderReport(many).error().code, ErrorCode::WrongUse);
    }

    void oneRunSaysWhatWasTrainedOnWhat()
    {
        const QString page = pageOf({madeUpRun("dpo", 100, 4)});
        for (const char* text :
             {"<h1>DPO on courtesy.jsonl", "demo/small-talker", "374 trained on, 67 held out, 6 left out",
              "100 of at most 8 pairs", "2026-03-02 14:05 UTC", "arXiv:2305.18290", "finished", "Held-out curves",
              "Sample answers", "Down the road. Look for it yourself.", "ln 2: no preference learned",
              "PrefLab 0.1.0, 2026-03-02 14:20", "Gradient clipping"})
            QVERIFY2(page.contains(QString::fromUtf8(text)), text);
        QVERIFY(!page.contains(">matched<"));
    }

    void settingsMarkWhatWasChanged()
    {
        const QString page = pageOf({madeUpRun("dpo", 100, 4)});
        QVERIFY(page.contains("<div class=\"changed\"><span>Learning rate</span><b>5e-"));
        QVERIFY(page.contains("<div><span>Gradient clipping</span>"));
    }

    void pairIsComparedOnHeldOutPairsOnly()
    {
        const QString page = pageOf({madeUpRun("dpo", 100, 4, 1, 1), madeUpRun("orpo", 100, 4, 1, 2)});
        QVERIFY(page.contains(">matched<"));
        QVERIFY(page.contains("DPO and ORPO on courtesy.jsonl"));
        QVERIFY(page.contains("Training, DPO") && page.contains("Training, ORPO"));
        // Losses have different units: no chart holds both methods' training curves.
        const QString training = part(page, "Training, DPO", "Training, ORPO");
        QVERIFY(!training.contains("series-2"));
        // The same starting model is shown once, before both answers.
        const QString sample = part(page, "Could you tell me", "</section>");
        QCOMPARE(sample.count("Before"), 1);
        QCOMPARE(sample.count("After"), 2);
        QVERIFY(part(page, "class=\"card scroll differing\"", "</table>").contains("Learning rate"));
    }

    void differentBudgetsAreNotMatched()
    {
        ComparedRun other = madeUpRun("orpo", 100, 4);
        other.record.spec.params["seed"] = std::int64_t{7};
        const QString page = pageOf({madeUpRun("dpo", 100, 4), other});
        QVERIFY(!page.contains(">matched<"));
        QVERIFY(page.contains("They differ in more than the method"));
    }

    // What a page claims holds for all of its runs.
    void runsOnSeveralFilesAreNotSaidToBeOnOne()
    {
        ComparedRun other = madeUpRun("orpo", 100, 4);
        other.record.spec.data = "demo/other.jsonl";
        QVERIFY(pageOf({madeUpRun("dpo", 100, 4), other}).contains("<h1>DPO and ORPO on courtesy.jsonl"));  // a copy
        other.record.dataHash = "other";
        const QString page = pageOf({madeUpRun("dpo", 100, 4), other});
        QVERIFY(page.contains("<h1>DPO and ORPO on courtesy.jsonl and other.jsonl"));
        QVERIFY(page.contains("They differ in more than the method: training data."));
        other.record.spec.data = "elsewhere/courtesy.jsonl";
        QVERIFY(pageOf({madeUpRun("dpo", 100, 4), other}).contains("<h1>DPO and ORPO on 2 files"));
    }

    void heldOutPairsThatARunTrainedOnAreNotCalledUnseen()
    {
        const ComparedRun one = madeUpRun("dpo", 100, 4);
        ComparedRun other = madeUpRun("orpo", 100, 4);
        QVERIFY(pageOf({one, other}).contains("No run was trained on what it is measured on."));
        auto log = madeUpLog("orpo", 100, 4, 1, 1);
        logEvent(*log, RunEvent::Kind::Note, "Trains on 4 pairs.", {{"pairs", 4U}, {"held_out_trained_on", 1U}});
        other.log = log;
        const QString page = pageOf({one, other});
        QVERIFY(!page.contains("No run was trained on"));
        QVERIFY(page.contains("Run 0 (0002-orpo-courtesy) was trained on some of what it is measured on"));
    }

    void onlyFullStepsAreCalledFull()
    {
        QVERIFY(pageOf({madeUpRun("dpo", 46, 2)}).contains("46 of 8 pairs"));  // 374 pairs: the 47th step has 6
        QVERIFY(pageOf({madeUpRun("dpo", 48, 2)}).contains("48 of at most 8 pairs"));
    }

    void changesSayWhetherTheyAreBetter()
    {
        const QString page = pageOf({madeUpRun("dpo", 100, 4)});
        const QString nll = part(page, "Held-out NLL of chosen", "</tr>");
        QVERIFY2(nll.contains("worse") && nll.contains("lower"), qPrintable(nll));
        QVERIFY(part(page, "Held-out margin", "</tr>").contains("better"));
    }

    void runsWithoutHeldOutPairsSaySo()
    {
        const QString page = pageOf({madeUpRun("dpo", 30, 0)});
        QVERIFY(page.contains("No pairs were held out"));
        QVERIFY(!page.contains("Held-out curves"));
        QVERIFY(page.contains(">Loss<"));
    }

    // Texts are held out, too, and are no pairs.
    void heldOutTextsHaveALoss()
    {
        ComparedRun run = madeUpRun("dpo", 30, 0);
        const auto pageWith = [&run](const std::vector<std::pair<std::int64_t, double>>& losses) {
            auto log = std::make_shared<RunLog>();
            log->setAutoCommit();
            logEvent(*log, RunEvent::Kind::Note, "Trains on 2 rows.",
                     {{"rows", 4U}, {"pairs", 2U}, {"dropped", 0U}, {"held_out", 2U}, {"is_pairs", false}});
            logStep(*log, 12, {{"loss", 3.0}});
            for (const auto& [step, loss] : losses) logStep(*log, step, {{"eval_loss", loss}});
            run.log = log;
            return pageOf({run});
        };
        const QString page = pageWith({{0, 2.5}, {10, 1.25}});
        QVERIFY(page.contains("The loss on held-out rows is 1.250 after step 10 of 12, from 2.500; "));
        QVERIFY(page.contains("<dt>Rows</dt><dd>2 trained on, 2 held out</dd>"));
        QVERIFY(!page.contains("pairs were held out") && !page.contains("pairs it has not seen"));
        QVERIFY(!page.contains("<dt>Pairs</dt>"));
        QVERIFY(
            pageWith({{0, 2.5}}).contains("Not measured after training. Before, the loss on held-out rows was 2.5"));
        run.record.outcome = "cancelled";
        QVERIFY(pageWith({}).contains("Held-out rows were not measured, so this run says nothing about rows it has"));
    }

    void runsThatWereNotMeasuredAfterTrainingSaySo()
    {
        ComparedRun run = madeUpRun("dpo", 30, 0);
        auto log = madeUpLog("dpo", 30, 0, 1, 1);
        logStep(*log, 0, {{"heldout/accuracy_mean", 0.9}, {"heldout/accuracy_sum", 0.8}});
        run.log = log;
        run.record.outcome = "failed";
        const QString page = pageOf({run});
        QVERIFY(page.contains("Not measured after training. Before, it ranked 90.0"));
        QVERIFY(part(page, "Held-out accuracy, per token", "</tr>").contains("not measured"));
        QVERIFY(!part(page, "Held-out accuracy, per token", "</tr>").contains("same"));
        const QString pair = pageOf({run, run});
        QVERIFY(!pair.contains(">matched<") && !pair.contains("A matched comparison"));
        QVERIFY(pair.contains("was not measured after training"));
    }

    void failuresAndWarningsAreShown()
    {
        ComparedRun run = madeUpRun("dpo", 30, 2);
        run.record.outcome = "failed";
        run.record.reason = "The loss became infinite at step 12.";
        auto log = madeUpLog("dpo", 30, 2, 1, 1);
        logEvent(*log, RunEvent::Kind::Warning, "Chosen answers are getting less likely.");
        run.log = log;
        const QString page = pageOf({run});
        QVERIFY(page.contains("note danger\">The loss became infinite at step 12."));
        QVERIFY(page.contains("note\">Chosen answers are getting less likely."));
    }

    // What `runs show` alarms of, a reader of the report sees before anything else, with the run it is of.
    void alarmsStandNearTheHead()
    {
        ComparedRun ruined = madeUpRun("dpo", 30, 2);
        auto log = std::make_shared<RunLog>();
        log->setAutoCommit();
        for (const std::int64_t step : {0, 30}) logStep(*log, step, {{"heldout/nll_chosen", step == 0 ? 2.0 : 746.0}});
        ruined.log = log;
        const QString alarm = QStringLiteral("Training makes the model worse: held-out chosen answers cost 746 nats");
        const QString one = pageOf({ruined});
        QVERIFY(one.contains(QStringLiteral("<p class=\"note danger\">") + alarm));
        QVERIFY(one.indexOf(alarm) < one.indexOf(QStringLiteral("<h2>")));
        const QString two = pageOf({ruined, madeUpRun("orpo", 30, 2)});
        const QString note = part(two, QStringLiteral("<p class=\"note danger\">"), QStringLiteral("</p>"));
        QVERIFY2(note.contains(QStringLiteral("DPO</span> ") + alarm), qPrintable(note));
        QCOMPARE(two.count(QStringLiteral("note danger\">")), 1);
    }

    void everythingFromOutsideIsEscaped()
    {
        ComparedRun run = madeUpRun("dpo", 20, 2);
        const std::string hostile = "<script>alert(1)</script>\"'&<img src=x onerror=y>\x01";
        run.record.name = run.record.id = run.record.reason = hostile;
        run.record.spec.data = "a/" + std::string("<b>.jsonl");
        run.record.spec.model = "m<i>";
        run.record.spec.params["lr_scheduler_type"] = hostile;
        auto log = std::make_shared<RunLog>();
        log->setAutoCommit();
        logStep(*log, 1, {{"loss", 0.5}});
        logSample(*log, hostile, "before", hostile);
        logEvent(*log, RunEvent::Kind::Note, hostile);
        run.log = log;
        run.method.title = hostile;
        const QString page = pageOf({run, run});
        for (const char* text : {"<script", "<img", "onerror=y>", "<b>.jsonl", "<i>\"", "\x01"})
            QVERIFY2(!page.contains(text), text);
        QVERIFY(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
        QVERIFY(page.contains("default-src 'none'"));
        QVERIFY(!page.contains("http://") && !page.contains("https://") && !page.contains("url("));
    }

    // A mark that turns the direction of writing would make a name or an answer read as another one.
    void invisibleMarksAreShown()
    {
        QCOMPARE(escapeHtml("a\u202Eb\u2066<\x01\r\n\tç\xFF\u0085"),
                 std::string("a\\u202eb\\u2066&lt;\uFFFD\r\n\tç\uFFFD\\u0085"));
    }

    // Text without spaces keeps its end whole, to the character.
    void aLongPromptWithoutSpacesShowsItsEnd()
    {
        for (const char* character : {"\u6771", "\U0001F600", "z"}) {
            std::string prompt;
            for (int i = 0; i < 900; ++i) prompt += character;
            ComparedRun run = madeUpRun("dpo", 10, 2);
            auto log = std::make_shared<RunLog>();
            log->setAutoCommit();
            logSample(*log, prompt, "before", "yes");
            run.log = log;
            const QString page = pageOf({run});
            QVERIFY(!page.contains(QChar(0xFFFD)));
            const QString shown = part(page, QStringLiteral("<div class=\"prompt\">"), QStringLiteral("</div>"));
            QCOMPARE(shown.count(QString::fromUtf8(character)), qsizetype(700));
        }
    }

    void picturesAreWellFormed()
    {
        const QString page = pageOf({madeUpRun("dpo", 100, 4), madeUpRun("orpo", 100, 4)});
        QRegularExpression figures("<figure.*?</figure>", QRegularExpression::DotMatchesEverythingOption);
        int count = 0;
        for (auto match = figures.globalMatch(page); match.hasNext(); ++count) {
            QXmlStreamReader xml(match.next().captured());
            while (!xml.atEnd()) xml.readNext();
            QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        }
        QCOMPARE(count, 6 + 4 + 6);
    }

    void valuesThatAreNotFiniteAreLeftOut()
    {
        ComparedRun run = madeUpRun("dpo", 20, 2);
        auto log = std::make_shared<RunLog>();
        log->setAutoCommit();
        logStep(*log, 1, {{"loss", std::numeric_limits<double>::quiet_NaN()}});
        logStep(*log, 2, {{"loss", 0.7}});
        logStep(*log, 3, {{"loss", std::numeric_limits<double>::infinity()}});
        run.log = log;
        const QString page = pageOf({run});
        const QString figure = part(page, "<figure", "</figure>");
        QVERIFY(figure.contains("<b>0.700</b>"));
        QVERIFY(!figure.contains("inf") && !figure.contains("nan") && !figure.contains("not a number"));
    }

    void curvesStayInTheFrame()
    {
        Chart chart;
        chart.title = "t";
        chart.series = {{.label = "a", .style = "series-1", .points = line(5000, 1.0)}};
        chart.series[0].points[2500].y = 1e9;  // an outlier must not flatten the rest
        const QString html = QString::fromStdString(chartHtml(chart));
        QVERIFY(html.size() < 60000);
        QRegularExpression pairs("[ML](-?[0-9.]+) (-?[0-9.]+)");
        for (auto match = pairs.globalMatch(part(html, "<svg viewBox=\"0 0 544", "</svg>")); match.hasNext();) {
            const auto point = match.next();
            QVERIFY(point.captured(1).toDouble() >= 0 && point.captured(1).toDouble() <= 544);
            QVERIFY(point.captured(2).toDouble() >= 0 && point.captured(2).toDouble() <= 264);
        }
        QVERIFY(html.contains(">5000<"));
        QVERIFY(!html.contains("1e+09"));
        QVERIFY(chartHtml({}).empty());
    }

    void ticksAreRound()
    {
        const Scale scale = niceScale(0.013, 0.187, 5);
        QVERIFY(scale.low <= 0.013 && scale.high >= 0.187);
        QCOMPARE(numberText(scale.ticks[1] - scale.ticks[0], scale.decimals), std::string("0.05"));
        const Scale flat = niceScale(3, 3, 5);
        QVERIFY(flat.low < 3 && flat.high > 3);
        const Scale negative = niceScale(-155.2, -134.9, 5);
        QCOMPARE(negative.ticks.front(), -160.0);
        QCOMPARE(stepScale(7).ticks.back(), 6.0);
        QCOMPARE(stepScale(0).high, 1.0);
    }

    void smoothingDoesNotTrail()
    {
        ChartPoints constant = line(50, 0.0);
        for (ChartPoint& point : constant) point.y = 4.0;
        for (const ChartPoint& point : smoothed(constant, 10)) QVERIFY(std::abs(point.y - 4.0) < 1e-9);
        const ChartPoints slope = smoothed(line(100, 2.0), 10);
        QVERIFY(std::abs(slope[50].y - 100.0) < 1e-9);
        ChartPoints spike = line(3, 0.0);
        spike[1].y = 4.0;
        QCOMPARE(smoothed(spike, 1)[1].y, 2.0);  // weights 1 2 1
        const ChartPoints thin = thinned(line(1000, 1.0), 100);
        QVERIFY(thin.size() <= 100);
        QCOMPARE(thin.front().y, 0.0);
        QCOMPARE(thin.back().y, 999.0);
    }

    void labelsKeepTheirDistance()
    {
        const auto spread = spreadLabels({100, 101, 99, 250}, 10, 240);
        QVERIFY(spread[2] < spread[0] && spread[0] < spread[1]);
        QVERIFY(spread[0] - spread[2] >= 14 && spread[1] - spread[0] >= 14);
        QCOMPARE(spread[3], 240.0);
        // A curve at the upper right sends the label elsewhere.
        const LabelSpot spot = clearestSpot({{480, 90}, {460, 95}, {440, 108}}, {50, 14}, {500, 220}, 100, 120);
        QVERIFY(!spot.isAtEnd);
    }

    void numbersAsPeopleWriteThem()
    {
        QCOMPARE(numberText(-0.5, 2), std::string("\u22120.50"));
        QCOMPARE(numberText(-0.0001, 2), std::string("0.00"));
        QCOMPARE(numberText(1234567, 0), std::string("1,234,567"));
        QCOMPARE(numberText(2.5e-6, 3), std::string("2.50e-06"));
        QCOMPARE(shareText(0.7123), std::string("71.2\u202F%"));
        QCOMPARE(signedText("0.1"), std::string("+0.1"));
        QCOMPARE(signedText("0.0"), std::string("0.0"));
        QCOMPARE(shortened("größer als", 4), std::string("grö\u2026"));
        QCOMPARE(shortened("kurz", 4), std::string("kurz"));
    }
};

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
